/* A tile of 16 by 16 is transposed by four perfect shuffles of its elements:
   each rotates the eight bits of an element's number by one, four swap the row
   with the column. A shuffle interleaves two runs, which compilers do with a
   few instructions a register. */
#ifdef REAL

static SNN_INLINE void FN(shuffle)(const REAL *restrict in, REAL *restrict out)
{
    for (int i = 0; i < TILE / 2; i++) {
        out[2 * i] = in[i];
        out[2 * i + 1] = in[i + TILE / 2];
    }
}

void FN(transpose)(const void *from, int64_t src_step, void *to, int64_t dst_step)
{
    const REAL *src = from;
    REAL *dst = to;
    alignas(64) REAL a[TILE], b[TILE];
    for (int i = 0; i < SNN_TRANSPOSE_SIDE; i++)
        memcpy(a + i * SNN_TRANSPOSE_SIDE, src + i * src_step,
               SNN_TRANSPOSE_SIDE * sizeof *a);
    FN(shuffle)(a, b);
    FN(shuffle)(b, a);
    FN(shuffle)(a, b);
    FN(shuffle)(b, a);
    for (int i = 0; i < SNN_TRANSPOSE_SIDE; i++)
        memcpy(dst + i * dst_step, a + i * SNN_TRANSPOSE_SIDE,
               SNN_TRANSPOSE_SIDE * sizeof *a);
}

#else

#include "kernel/transpose.h"

#include <stdalign.h>
#include <string.h>

#include "util/isa.h"

enum { TILE = SNN_TRANSPOSE_SIDE * SNN_TRANSPOSE_SIDE };

typedef void transpose_fn(const void *src, int64_t src_step, void *dst,
                     int64_t dst_step);
SNN_DECLARE_EACH(transpose_fn, transpose);

#define SNN_EACH_REAL_FILE "kernel/transpose.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static transpose_fn *const table[SNN_ISAS][2] = SNN_EACH(transpose);

void snn_transpose_tile(bool is_f64, const void *src, int64_t src_step, void *dst,
                   int64_t dst_step)
{
    table[snn_isa()][is_f64](src, src_step, dst, dst_step);
}

#endif
#endif
