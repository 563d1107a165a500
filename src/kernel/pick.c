/* Places are checked a block at a time before anything is read; picking has
   no branch then. */
#ifdef T

static inline void FN(pick)(const snn_pick *p, int64_t step, int64_t stride)
{
    const int64_t *restrict index = p->index;
    const T *from = p->from;
    T *restrict to = p->to;
    for (int64_t j = 0; j < p->n; j++) {
        int64_t place = index[j] + (index[j] > 0 ? -1 : p->size);
        to[j] = from[j * step + place * stride];
    }
}

void FN(pick_run)(const snn_pick *p)
{
    if (p->step == 0 && p->stride == 1)
        FN(pick)(p, 0, 1);
    else
        FN(pick)(p, p->step, p->stride);
}

#else

#include "kernel/pick.h"

#include "util/isa.h"

typedef void pick_fn(const snn_pick *p);
typedef int64_t bad_fn(const int64_t *, int64_t, int64_t);
SNN_DECLARE_TYPES(pick_fn, pick_run);
SNN_DECLARE_ISAS(bad_fn, pick_bad);
#define SNN_EACH_TYPE_FILE "kernel/pick.c"
#include "util/each_type.h"

/* A block at a time, in whole vectors. */
int64_t SNN_ISA_NAME(pick_bad)(const int64_t *index, int64_t n, int64_t size)
{
    enum { BLOCK = 1024 };
    int64_t i = 0;
    for (int64_t end; i < n; i = end) {
        int is_bad = 0;
        end = n - i < BLOCK ? n : i + BLOCK;
        for (int64_t j = i; j < end; j++)
            is_bad |= (index[j] == 0) | (index[j] > size) | (index[j] < -size);
        if (is_bad) break;
    }
    while (i < n && index[i] != 0 && index[i] <= size && index[i] >= -size) i++;
    return i;
}

#ifdef SNN_ONCE

static pick_fn *const picks[SNN_ISAS][4] = SNN_TYPES(pick_run);
static bad_fn *const bads[SNN_ISAS] = SNN_ISA_TABLE(pick_bad);

void snn_pick_run(int type, const snn_pick *pick)
{
    picks[snn_isa()][type](pick);
}

int64_t snn_pick_bad(const int64_t *index, int64_t n, int64_t size)
{
    return bads[snn_isa()](index, n, size);
}

#endif
#endif
