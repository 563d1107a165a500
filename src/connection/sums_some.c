/* What arrives is summed in a room of zeros first, as the product of a step has it,
   in the type of the weights: so a sum at an output is the same whichever way a step
   goes. A second walk over the same elements brings it from there to the sums and
   leaves zeros. */
#ifdef REAL

static SNN_INLINE void FN(arrive)(const snn_sums_some *s, snn_csr_range r,
                                  REAL *room)
{
    const REAL *weight = s->weight;
    const int32_t *column = s->of.column;
    if (r.width == UINT32_MAX)
        for (int64_t k = r.first; k < r.end; k++) room[column[k]] += weight[k];
    else
        for (int64_t k = r.first; k < r.end; k++)
            if (snn_csr_is_inside(&r, column[k])) room[column[k]] += weight[k];
}

/* Of the columns of these elements; `at`: place of the sample's first output. */
static SNN_INLINE void FN(bring)(snn_sums_work *work, notes *n, snn_csr_range r,
                                 int64_t at, REAL *room)
{
    const snn_sums_some *s = work->s;
    const double growth = s->growth;
    const REAL gain = (REAL)s->gain;
    double *restrict y = s->y + at;
    uint64_t others = 0;
    for (int64_t k = r.first; k < r.end; k++) {
        const int32_t j = s->of.column[k];
        if (!snn_csr_is_inside(&r, j) || room[j] == 0) continue;
        const REAL arrived = room[j] * gain;
        room[j] = 0;
        note(work, n, at + j, y[j]);
        y[j] += (double)arrived * growth;
        others |= snn_other_bits(y[j]);
    }
    n->others |= others;
}

static void FN(run_sample)(snn_sums_work *work, notes *n, int64_t b, int64_t from,
                           int64_t to)
{
    const snn_sums_some *s = work->s;
    const int32_t *event = s->index + s->offset[b];
    const int32_t *end = s->index + s->offset[b + 1];
    const int64_t at = b * s->of.columns;
    REAL *room = (REAL *)work->room + at;
    for (const int32_t *e = event; e < end; e++) {
        if (e + 1 < end) ask_for_row(s, e[1], sizeof(REAL));
        FN(arrive)(s, snn_csr_range_of(&s->of, *e, from, to), room);
    }
    for (const int32_t *e = event; e < end; e++)
        FN(bring)(work, n, snn_csr_range_of(&s->of, *e, from, to), at, room);
    if (!s->out) return;
    REAL *out = (REAL *)s->out + at + from;
    FN(snn_sums_view_part)(&s->view, at + from, from, to - from, out, false);
}

void FN(snn_sums_some_part)(snn_sums_work *work, int64_t first, int64_t end,
                            int64_t from, int64_t to)
{
    notes n = { .at = 0 };
    for (int64_t b = first; b < end; b++) FN(run_sample)(work, &n, b, from, to);
    end_notes(work, &n);
}

#else

#include "connection/sums_some.h"

#include <stdatomic.h>
#include <string.h>

#include "formula/alive.h"
#include "kernel/lanes.h"
#include "util/mem.h"
#include "util/par.h"

enum { PIECE = 256 }; /* places of the log that a thread takes at once */

typedef struct snn_sums_work {
    const snn_sums_some *s;
    snn_sums_some_fn *fn;
    void *room;
    snn_sums_old *old;
    atomic_llong next;  /* place of the log */
    atomic_int others;  /* some sum is no finite number */
} snn_sums_work;

/* The part of the log that one thread has. */
typedef struct notes {
    int64_t at, end;
    uint64_t others;
} notes;

static SNN_INLINE void note(snn_sums_work *work, notes *n, int64_t at, double y)
{
    if (n->at == n->end) {
        n->at = atomic_fetch_add(&work->next, PIECE);
        n->end = n->at + PIECE;
    }
    work->old[n->at++] = (snn_sums_old){ at, y };
}

static SNN_INLINE void end_notes(snn_sums_work *work, const notes *n)
{
    for (int64_t i = n->at; i < n->end; i++) work->old[i].at = -1;
    if (n->others >> 63)
        atomic_store_explicit(&work->others, 1, memory_order_relaxed);
}

/* A row lies anywhere: its lines are asked for while the one before is met. */
static SNN_INLINE void ask_for_row(const snn_sums_some *s, int64_t row, size_t size)
{
    enum { LINE = 64, MOST = 512 }; /* elements */
    const int64_t first = s->of.first[row];
    const int64_t n = s->of.first[row + 1] - first;
    const size_t count = (size_t)(n < MOST ? n : MOST);
    const char *column = (const char *)(s->of.column + first);
    const char *weight = (const char *)s->weight + (size_t)first * size;
    for (size_t k = 0; k < count * sizeof *s->of.column; k += LINE)
        __builtin_prefetch(column + k);
    for (size_t k = 0; k < count * size; k += LINE)
        __builtin_prefetch(weight + k);
}

#define SNN_EACH_REAL_FILE "connection/sums_some.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_sums_some_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_sums_some_part);

/* ---- the log ---- */

void snn_sums_log_clear(snn_sums_log *log)
{
    snn_mem_free(log->old);
    snn_mem_free(log->room);
    *log = (snn_sums_log){ .count = 0 };
}

snn_status snn_sums_log_copy(const snn_sums_log *log, snn_fail *fail,
                             snn_sums_log *out)
{
    const size_t bytes = (size_t)log->count * sizeof *log->old;
    *out = (snn_sums_log){ .count = 0 };
    if (log->count == 0) return SNN_OK;
    out->old = snn_mem_alloc(bytes);
    if (!out->old) return snn_fail_memory(fail, "sums", bytes);
    memcpy(out->old, log->old, bytes);
    out->count = out->most = log->count;
    return SNN_OK;
}

void snn_sums_log_take_back(snn_sums_log *log, double *y)
{
    for (int64_t i = 0; i < log->count; i++)
        if (log->old[i].at >= 0) y[log->old[i].at] = log->old[i].y;
    log->count = 0;
}

/* A sum is noted once, but each thread may leave a piece that is not full. */
static int64_t most_of(int64_t count)
{
    return count + PIECE * (int64_t)snn_par_threads();
}

snn_status snn_sums_log_open(snn_sums_log *log, const snn_sums_some *s,
                             int64_t count, bool is_f64, snn_fail *fail)
{
    const size_t size = is_f64 ? sizeof(double) : sizeof(float);
    const size_t room = (size_t)(s->batch * s->of.columns) * size;
    const int64_t most = most_of(count);
    if (log->room_bytes != room) {
        void *fresh = snn_mem_zeroed(room);
        if (!fresh) return snn_fail_memory(fail, "sums", room);
        snn_mem_free(log->room);
        log->room = fresh;
        log->room_bytes = room;
    }
    if (log->most >= most) return SNN_OK;
    const size_t bytes = (size_t)(2 * most) * sizeof *log->old;
    snn_sums_old *old = snn_mem_alloc(bytes);
    if (!old) return snn_fail_memory(fail, "sums", bytes);
    if (log->count) memcpy(old, log->old, (size_t)log->count * sizeof *old);
    snn_mem_free(log->old);
    log->old = old;
    log->most = 2 * most;
    return SNN_OK;
}

/* ---- the step ---- */

static void run_samples(void *context, int64_t first, int64_t end)
{
    snn_sums_work *work = context;
    work->fn(work, first, end, 0, work->s->of.columns);
}

static void run_columns(void *context, int64_t from, int64_t to)
{
    snn_sums_work *work = context;
    work->fn(work, 0, work->s->batch, from, to);
}

int64_t snn_sums_some_count(const snn_sums_some *s)
{
    int64_t count = 0;
    for (int32_t e = 0; e < s->offset[s->batch]; e++)
        count += s->of.first[s->index[e] + 1] - s->of.first[s->index[e]];
    return count;
}

bool snn_sums_some_run(const snn_sums_some *s, int64_t count, bool is_f64,
                       snn_sums_log *log)
{
    snn_sums_work work = { .s = s, .fn = table[snn_isa()][is_f64],
                           .room = log->room, .old = log->old };
    /* about two nanoseconds for each element, and four outputs in one */
    const double cost = 2 * (double)count +
                        (double)s->batch * (double)s->of.columns / 4;
    if (s->batch >= snn_par_threads())
        snn_par_span(s->batch, 1, cost, run_samples, &work);
    else
        snn_par_span(s->of.columns, SNN_LANES, cost, run_columns, &work);
    log->count = work.next;
    if (!work.others) return true;
    snn_sums_log_take_back(log, s->y);
    return false;
}

#endif
#endif
