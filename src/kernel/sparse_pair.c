/* Each element is summed in the order of the samples, then of the events, as of a
   matrix. */
#ifdef REAL

void FN(snn_sparse_pair_all)(const snn_sparse_pair *p)
{
    const REAL scale = (REAL)p->scale;
    REAL *delta = p->delta;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->ends;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int64_t k = p->first[p->index[e]], end = p->first[p->index[e] + 1];
            for (; k < end; k++)
                delta[p->place ? p->place[k] : k] += scale * trace[p->other[k]];
        }
    }
}

void FN(snn_sparse_pair_each)(const snn_sparse_pair *p)
{
    const REAL scale = (REAL)p->scale;
    REAL *delta = p->delta;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->ends;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int64_t k = p->first[p->index[e]], end = p->first[p->index[e] + 1];
            for (; k < end; k++) {
                int64_t at = p->place ? p->place[k] : k;
                delta[at] += scale * trace[at];
            }
        }
    }
}

void FN(snn_sparse_pair_some)(const snn_sparse_pair *p)
{
    const REAL scale = (REAL)p->scale;
    REAL *delta = p->delta;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->ends;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++)
            delta[p->index[e]] += scale * trace[p->other[p->index[e]]];
    }
}

#else

#include "kernel/sparse_pair.h"

#define SNN_EACH_REAL_FILE "kernel/sparse_pair.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

void snn_sparse_pair_lines(const snn_sparse_pair *p, bool is_each, bool is_f64)
{
    static snn_sparse_pair_fn *const all[SNN_ISAS][2] =
        SNN_EACH(snn_sparse_pair_all);
    static snn_sparse_pair_fn *const each[SNN_ISAS][2] =
        SNN_EACH(snn_sparse_pair_each);
    (is_each ? each : all)[snn_isa()][is_f64](p);
}

void snn_sparse_pair_places(const snn_sparse_pair *p, bool is_f64)
{
    static snn_sparse_pair_fn *const some[SNN_ISAS][2] =
        SNN_EACH(snn_sparse_pair_some);
    some[snn_isa()][is_f64](p);
}

#endif
#endif
