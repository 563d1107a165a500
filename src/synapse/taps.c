/* Delays by table. Each synapse of a connection has its own delay, so a step
   reads the history at as many times as there are weights, of which few change
   from step to step. Where to read is therefore worked out once (taps), and a
   step only lays out the history by element (tables): one element's last steps
   side by side, for all the weights that read it. Of a synapse without stored
   currents only the elements that spiked are visited. */
#include <sleef.h>
#include <string.h>

#include "kernel/rows.h"
#include "synapse/self.h"
#include "tensor/spikes.h"
#include "util/mem.h"
#include "util/pool.h"

static size_t real_size(const snn_synapse *synapse)
{
    return snn_dtype_size(snn_synapse_common_of(synapse)->dtype);
}

static double get(bool is_f64, const void *data, int64_t i)
{
    return is_f64 ? ((const double *)data)[i] : ((const float *)data)[i];
}

static void put(bool is_f64, void *data, int64_t i, double v)
{
    if (is_f64)
        ((double *)data)[i] = v;
    else
        ((float *)data)[i] = (float)v;
}

int64_t snn_synapse_steps(const snn_synapse *synapse)
{
    return synapse->ring[0].length;
}

/* ---- taps ---- */

void snn_taps_clear(snn_taps *taps)
{
    snn_mem_free(taps->age);
    for (int p = 0; p < 2; p++) snn_mem_free(taps->factor[p]);
    *taps = (snn_taps){ .age = NULL };
}

/* Does any part decay between two steps? */
static bool decays(const snn_synapse *synapse)
{
    return synapse->model->parts > 0 && synapse->law[0].time_constant > 0;
}

static snn_status make_room(const snn_synapse *synapse, int64_t count,
                            int factors, snn_taps *taps, snn_fail *fail)
{
    if (taps->count == count && taps->age) return SNN_OK;
    snn_taps_clear(taps);
    size_t bytes = (size_t)count * sizeof *taps->age;
    taps->age = snn_mem_alloc(bytes);
    if (!taps->age) return snn_fail_memory(fail, "delay", bytes);
    for (int p = 0; p < factors; p++) {
        bytes = (size_t)count * real_size(synapse);
        taps->factor[p] = snn_mem_alloc(bytes);
        if (!taps->factor[p]) {
            snn_taps_clear(taps);
            return snn_fail_memory(fail, "delay", bytes);
        }
    }
    taps->count = count;
    return SNN_OK;
}

/* What is left of each part of tap `i`. */
static void put_factors(const snn_synapse *synapse, snn_tap at, int64_t i,
                        snn_taps *taps)
{
    bool is_whole = at.age < 0 || at.since == 0;
    for (int p = 0; p < 2 && taps->factor[p]; p++) {
        double x = -at.since / synapse->law[p].time_constant;
        put(snn_synapse_is_f64(synapse), taps->factor[p], i,
            is_whole ? 1 : Sleef_cinz_expd1_u10purec(x));
    }
}

snn_status snn_synapse_taps(const snn_synapse *synapse, bool of_spikes,
                            const void *time, int64_t count, snn_taps *taps,
                            snn_fail *fail)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    bool is_decaying = !of_spikes && decays(synapse);
    snn_status status =
        make_room(synapse, count, is_decaying ? synapse->model->parts : 0, taps,
                  fail);
    if (status) return status;
    bool clamps = of_spikes ? args->spike_overbound.is_clamped
                            : args->current_overbound.is_clamped;
    bool f64 = snn_synapse_is_f64(synapse);
    if (!is_decaying) {
        snn_tap_times times = snn_tap_times_of(synapse, clamps);
        times.time = time;
        times.age = taps->age;
        taps->is_outside = snn_tap_ages(&times, count, f64);
        return SNN_OK;
    }
    taps->is_outside = false;
    for (int64_t i = 0; i < count; i++) {
        snn_tap at = snn_tap_of(synapse, get(f64, time, i), clamps, true);
        bool is_out = at.age < 0;
        taps->age[i] = (int32_t)(is_out ? snn_synapse_steps(synapse) : at.age);
        taps->is_outside = taps->is_outside || is_out;
        put_factors(synapse, at, i, taps);
    }
    return SNN_OK;
}

/* ---- spikes ---- */

/* Has element i (of all samples) spiked in the history? */
static bool has_spiked(const snn_synapse *synapse, int64_t i)
{
    bool any = false;
    for (int64_t age = 0; age < snn_synapse_steps(synapse) && !any; age++)
        any = snn_tensor_bool(snn_ring_at(&synapse->ring[0], age))[i];
    return any;
}

void snn_synapse_tapped_spikes(const snn_synapse *synapse, const snn_taps *taps,
                               int64_t depth, int64_t rows, uint8_t *out)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    int64_t elements = snn_shape_count(&args->shape), each = elements / rows;
    int64_t steps = snn_synapse_steps(synapse);
    uint8_t outside = taps->is_outside && args->spike_overbound.value != 0;
    memset(out, 0, (size_t)(args->batch_size * elements * depth));
    for (int64_t i = 0; i < args->batch_size * elements; i++) {
        if (!outside && !has_spiked(synapse, i)) continue;
        const int32_t *age = taps->age + i % elements / each * depth;
        for (int64_t d = 0; d < depth; d++) {
            const snn_tensor *step =
                age[d] < steps ? snn_ring_at(&synapse->ring[0], age[d]) : NULL;
            out[i * depth + d] = step ? snn_tensor_bool(step)[i] : outside;
        }
    }
}

/* ---- tables ---- */

void snn_tables_clear(snn_tables *tables)
{
    snn_pool_give(tables->active);
    for (int p = 0; p < 2; p++) snn_pool_give(tables->table[p]);
    *tables = (snn_tables){ .active = NULL };
}

/* The value of the outside, in the last place of each row, of which all are
   active then. */
static void fill_outside(const snn_synapse *synapse, int64_t elements,
                         double outside, snn_tables *t)
{
    bool f64 = snn_synapse_is_f64(synapse);
    for (int64_t i = 0; i < elements; i++) {
        put(f64, t->table[0], (i + 1) * t->width - 1, outside);
        if (t->table[1]) put(f64, t->table[1], (i + 1) * t->width - 1, 0);
    }
    if (outside != 0) memset(t->active, 1, (size_t)elements);
}

/* Elements become active, their rows zero, with their first spike. */
static snn_status fill_spikes(const snn_synapse *synapse, snn_fail *fail,
                              snn_tables *t)
{
    size_t row = (size_t)t->width * real_size(synapse);
    bool f64 = snn_synapse_is_f64(synapse);
    double gain = synapse->law[0].gain;
    for (int64_t age = 0; age + 1 < t->width; age++) {
        const snn_events *e;
        snn_status status = snn_spikes_events(
            snn_ring_at(&synapse->ring[0], age), fail, &e);
        if (status) return status;
        for (int64_t b = 0; b < e->rows; b++) {
            for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++) {
                int64_t i = b * e->columns + e->index[k];
                if (!t->active[i])
                    memset((char *)t->table[0] + (size_t)i * row, 0, row);
                t->active[i] = 1;
                put(f64, t->table[0], i * t->width + age, gain);
            }
        }
    }
    return SNN_OK;
}

static void fill_parts(const snn_synapse *synapse, int64_t elements,
                       snn_tables *t)
{
    const snn_ring *part = &synapse->ring[1];
    bool is_apart = t->table[1] != NULL, is_pair = synapse->model->parts > 1;
    for (int64_t age = 0; age + 1 < t->width; age++) {
        const void *a = snn_tensor_data(snn_ring_at(&part[0], age));
        const void *b =
            is_pair ? snn_tensor_data(snn_ring_at(&part[1], age)) : NULL;
        snn_table_age first = { a, is_apart ? NULL : b, t->table[0],
                                t->active, t->width, age };
        snn_table_fill(&first, elements, snn_synapse_is_f64(synapse));
        if (!is_apart) continue;
        snn_table_age second = { b, NULL, t->table[1], t->active, t->width,
                                 age };
        snn_table_fill(&second, elements, snn_synapse_is_f64(synapse));
    }
}

static snn_status fill(const snn_synapse *synapse, const snn_taps *taps,
                       int64_t elements, snn_fail *fail, snn_tables *t)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    double outside = taps->is_outside ? args->current_overbound.value : 0;
    memset(t->active, 0, (size_t)elements);
    if (synapse->model->parts > 0) {
        fill_parts(synapse, elements, t);
        if (taps->is_outside) fill_outside(synapse, elements, outside, t);
        return SNN_OK;
    }
    if (outside != 0) {
        size_t row = (size_t)t->width * real_size(synapse);
        memset(t->table[0], 0, (size_t)elements * row);
        fill_outside(synapse, elements, outside, t);
    }
    return fill_spikes(synapse, fail, t);
}

snn_status snn_synapse_tables(const snn_synapse *synapse, const snn_taps *taps,
                              snn_fail *fail, snn_tables *out)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    int64_t elements = snn_shape_count(&shape);
    *out = (snn_tables){ .width = snn_synapse_steps(synapse) + 1 };
    size_t bytes = SIZE_MAX;
    bool fits = snn_mem_mul((size_t)elements, (size_t)out->width, &bytes) &&
                snn_mem_mul(bytes, real_size(synapse), &bytes);
    if (fits) out->active = snn_pool_take((size_t)elements);
    if (out->active) out->table[0] = snn_pool_take(bytes);
    if (out->table[0] && taps->factor[1]) out->table[1] = snn_pool_take(bytes);
    bool is_made = out->table[0] && (!taps->factor[1] || out->table[1]);
    snn_status status = is_made ? fill(synapse, taps, elements, fail, out)
                                : snn_fail_memory(fail, "delay", bytes);
    if (status) snn_tables_clear(out);
    return status;
}
