/* A trail as a saved state: values after the last spikes, and how long ago these were.
   It counts again where it gives what the rings were loaded with, in all bits. */
#include "synapse/trail.h"

#include <string.h>

#include "synapse/self.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"

enum { PORTION = SNN_TRAIL_PORTION };

/* All that there is to know, (lines + 1, B, inputs): values, then how many steps
   ago they were so. */
snn_status snn_trail_read(snn_synapse *synapse, snn_fail *fail, snn_tensor *out)
{
    snn_trail *t = &synapse->trail;
    *out = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    if (!snn_tensor_is_empty(&t->offered))
        status = snn_trail_take(synapse, fail);
    if (status || !t->holds) return status;
    const int parts = snn_trail_lines(synapse);
    const int64_t n = snn_trail_elements(synapse);
    int64_t sizes[] = { parts + 1, snn_synapse_common_of(synapse)->batch_size,
                        snn_shape_count(&snn_synapse_common_of(synapse)->shape) };
    snn_shape shape = snn_shape_of(3, sizes);
    status = snn_tensor_new(&shape, SNN_FLOAT64, "trail", fail, out);
    if (status) return status;
    double *to = snn_tensor_edit(out, false), *age = to + parts * n;
    const int64_t *since = snn_tensor_i64(&t->since);
    for (int p = 0; p < parts && !status; p++) {
        memcpy(to + p * n, snn_tensor_f64(&t->value[p]),
               (size_t)n * sizeof(double));
        status = snn_trail_put_events(synapse, p, fail, to + p * n);
    }
    for (int64_t i = 0; i < n; i++) age[i] = (double)(t->now - since[i]);
    const snn_events *e = NULL;
    if (!t->is_folded && !snn_tensor_is_empty(&t->after) && !status)
        status = snn_spikes_events(snn_synapse_spike(synapse), fail, &e);
    for (int64_t b = 0; e && b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++)
            age[b * e->columns + e->index[k]] = 0;
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_trail_offer(snn_synapse *synapse, const snn_tensor *value,
                           snn_fail *fail)
{
    snn_tensor wide = SNN_NO_TENSOR;
    snn_status status = snn_trail_release(synapse, fail);
    if (!status && value) status = snn_tensor_to(value, SNN_FLOAT64, fail, &wide);
    if (status) return status;
    snn_tensor_move(&wide, &synapse->trail.offered);
    snn_synapse_changed(synapse);
    return SNN_OK;
}

/* FNV-1a by words. */
static uint64_t digest_of(const uint64_t *word, int64_t n, uint64_t hash)
{
    for (int64_t i = 0; i < n; i++) {
        hash = (hash ^ word[i]) * UINT64_C(1099511628211);
        hash ^= hash >> 32;
    }
    return hash;
}

uint64_t snn_synapse_law_digest(const snn_synapse *synapse)
{
    const snn_synapse_args *c = snn_synapse_common_of(synapse);
    double all[2 + 3 * SNN_TRAIL_PARTS] = { c->interp_tol, c->interp_mode };
    uint64_t word[2 + 3 * SNN_TRAIL_PARTS];
    for (int p = 0; p < synapse->stored; p++) {
        all[2 + 3 * p] = synapse->law[p].gain;
        all[3 + 3 * p] = synapse->law[p].decay;
        all[4 + 3 * p] = synapse->law[p].feed;
    }
    memcpy(word, all, sizeof word);
    return digest_of(word, 2 + 3 * SNN_TRAIL_PARTS,
                     UINT64_C(14695981039346656037));
}

/* Of it the low 52 bits are whole numbers of doubles. */
snn_status snn_synapse_digest(snn_synapse *synapse, snn_fail *fail, uint64_t *out)
{
    snn_tensor all;
    *out = 0;
    snn_status status = snn_trail_read(synapse, fail, &all);
    if (status || snn_tensor_is_empty(&all)) return status;
    const uint64_t hash = digest_of(snn_tensor_data(&all), snn_tensor_count(&all),
                                    snn_synapse_law_digest(synapse));
    snn_tensor_clear(&all);
    *out = (hash >> 12) | 1;
    return SNN_OK;
}

/* Are these what the rings have, so many steps later? `line`: of elements from
   `first` on, carried there. */
static bool are_rings(const snn_synapse *synapse, const int64_t *steps, int64_t n,
                      int64_t first, double line[SNN_TRAIL_LINES][PORTION])
{
    static const double none[PORTION];
    const int parts = synapse->stored;
    double *const value[] = { line[0], line[1] };
    double *own[SNN_MOST_OWN] = { NULL }, out[PORTION];
    bool are = true;
    for (int k = 0; k < synapse->model->own; k++) own[k] = line[parts + k];
    snn_trail_carry(synapse, steps, n, value);
    if (synapse->model->own)
        snn_trail_carry_own(synapse, steps, none, n, own, out);
    for (int l = 0; l < snn_trail_lines(synapse); l++)
        are = are && memcmp(line[l],
                            snn_tensor_f64(snn_trail_line(synapse, l)) + first,
                            (size_t)n * sizeof(double)) == 0;
    return are;
}

/* Whether what was offered gives the rings' currents, and own states. */
static bool fits(const snn_synapse *synapse, const double *from)
{
    const int lines = snn_trail_lines(synapse);
    const int64_t n = snn_trail_elements(synapse);
    const double *age = from + lines * n;
    double v[SNN_TRAIL_LINES][PORTION];
    for (int64_t i = 0; i < n; i += PORTION) {
        int64_t steps[PORTION], m = n - i < PORTION ? n - i : PORTION;
        for (int64_t k = 0; k < m; k++) {
            double a = age[i + k];
            if (!(a >= 0 && a <= 9e15)) return false;
            steps[k] = (int64_t)a;
        }
        for (int l = 0; l < lines; l++)
            memcpy(v[l], from + l * n + i, (size_t)m * sizeof(double));
        if (!are_rings(synapse, steps, m, i, v)) return false;
    }
    return true;
}

snn_status snn_trail_take_offered(snn_synapse *synapse, snn_fail *fail,
                                  snn_trail *next, bool *is_taken)
{
    const snn_tensor *offered = &synapse->trail.offered;
    const int lines = snn_trail_lines(synapse);
    const int64_t n = snn_trail_elements(synapse);
    *is_taken = false;
    if (snn_tensor_count(offered) != (lines + 1) * n ||
        !fits(synapse, snn_tensor_f64(offered)))
        return SNN_OK;
    const double *from = snn_tensor_f64(offered), *age = from + lines * n;
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status =
        snn_tensor_new(&shape, SNN_INT64, "trail", fail, &next->since);
    if (status) return status;
    int64_t *since = snn_tensor_edit(&next->since, false);
    for (int64_t i = 0; i < n; i++) since[i] = -(int64_t)age[i];
    for (int l = 0; l < lines && !status; l++) {
        status = snn_tensor_new(&shape, SNN_FLOAT64, "trail", fail,
                                &next->value[l]);
        if (!status)
            memcpy(snn_tensor_edit(&next->value[l], false), from + l * n,
                   (size_t)n * sizeof(double));
    }
    *is_taken = status == SNN_OK;
    return status;
}
