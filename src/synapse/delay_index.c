/* Delays by table. Each synapse of a connection has its own delay, so a step
   reads the history at as many times as there are weights, of which few change
   from step to step. Where to read is therefore worked out once (indices), and a
   step only lays out the history by element (tables): one element's last steps
   side by side, for all the weights that read it. Of a synapse without stored
   currents only the elements that spiked are visited. */
#include <string.h>

#include "formula/decay.h"
#include "kernel/graded.h"
#include "synapse/self.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/pool.h"

enum { OFTEN = 1 << 14 }; /* elements between two looks for an interrupt */

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

/* ---- delay indices ---- */

void snn_delay_indices_clear(snn_delay_indices *indices)
{
    snn_mem_free(indices->age);
    for (int p = 0; p < 2; p++) snn_mem_free(indices->factor[p]);
    snn_mem_free(indices->rest);
    *indices = (snn_delay_indices){ .age = NULL };
}

/* Does any part decay between two steps? */
static bool decays(const snn_synapse *synapse)
{
    return synapse->stored > 0 && synapse->law[0].time_constant > 0;
}

static snn_status make_room(const snn_synapse *synapse, int64_t count,
                            int factors, snn_delay_indices *indices, snn_fail *fail)
{
    if (indices->count == count && indices->age) return SNN_OK;
    snn_delay_indices_clear(indices);
    size_t bytes = (size_t)count * sizeof *indices->age;
    indices->age = snn_mem_alloc(bytes);
    if (!indices->age) return snn_fail_memory(fail, "delay", bytes);
    bytes = (size_t)count * real_size(synapse);
    bool is_made = true;
    for (int p = 0; p < factors && is_made; p++)
        is_made = (indices->factor[p] = snn_mem_alloc(bytes)) != NULL;
    if (factors > 1 && is_made)
        is_made = (indices->rest = snn_mem_alloc(bytes)) != NULL;
    if (!is_made) {
        snn_delay_indices_clear(indices);
        return snn_fail_memory(fail, "delay", bytes);
    }
    indices->count = count;
    return SNN_OK;
}

bool snn_synapse_decays(const snn_synapse *synapse)
{
    return synapse->law[0].time_constant > 0;
}

/* What a spike is worth to the parts so long after its step. */
static void shares_of(const snn_synapse *synapse, double since, double *last,
                      double *first)
{
    double factor[SNN_MOST_PARTS];
    snn_delay_factors(synapse, since, factor);
    *last = factor[0];
    *first = factor[1];
    if (synapse->stored > 1)
        *last = since == 0 ? 1 : snn_decay(since, synapse->law[1].time_constant);
}

void snn_synapse_ages(const snn_synapse *synapse, bool of_spikes,
                      const void *time, int64_t count, int32_t *age, void *factor,
                      void *drive)
{
    const bool f64 = snn_synapse_is_f64(synapse);
    if (of_spikes) {
        snn_delay_times times = snn_delay_times_of(synapse);
        times.time = time;
        times.age = age;
        snn_delay_ages(&times, count, f64);
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        double last, first;
        snn_delay_index at =
            snn_delay_index_of(synapse, get(f64, time, i), true, true);
        age[i] = (int32_t)at.age;
        if (factor || drive) shares_of(synapse, at.since, &last, &first);
        if (factor) put(f64, factor, i, last);
        if (drive) put(f64, drive, i, first);
    }
}

/* The first is that of all. */
static void repeat(const snn_synapse *synapse, snn_delay_indices *indices)
{
    bool f64 = snn_synapse_is_f64(synapse);
    for (int64_t i = 1; i < indices->count; i++) {
        indices->age[i] = indices->age[0];
        for (int p = 0; p < 2 && indices->factor[p]; p++)
            put(f64, indices->factor[p], i, get(f64, indices->factor[p], 0));
        if (indices->rest) put(f64, indices->rest, i, get(f64, indices->rest, 0));
    }
}

snn_status snn_synapse_delay_indices(const snn_synapse *synapse, bool of_spikes,
                                     const snn_delay_source *from,
                                     int64_t count, snn_delay_indices *indices,
                                     snn_fail *fail)
{
    bool is_decaying = !of_spikes && decays(synapse);
    const void *time = from->time;
    snn_status status =
        make_room(synapse, count, is_decaying ? synapse->stored : 0, indices,
                  fail);
    if (status) return status;
    bool f64 = snn_synapse_is_f64(synapse);
    if (from->is_one && count > 1) count = 1;
    if (!is_decaying) {
        snn_delay_times times = snn_delay_times_of(synapse);
        times.time = time;
        times.age = indices->age;
        snn_delay_ages(&times, count, f64);
    }
    for (int64_t i = 0; is_decaying && i < count && !status; i++) {
        double factor[SNN_MOST_PARTS];
        if (i % OFTEN == 0) status = snn_interrupt_check("delay", fail);
        snn_delay_index at = snn_delay_index_of(synapse, get(f64, time, i), true, true);
        indices->age[i] = (int32_t)at.age;
        snn_delay_factors(synapse, at.since, factor);
        for (int p = 0; p < synapse->stored; p++)
            put(f64, indices->factor[p], i, factor[p]);
        if (!indices->rest) continue;
        double last, first;
        shares_of(synapse, at.since, &last, &first);
        put(f64, indices->rest, i, last);
    }
    if (status)
        snn_delay_indices_clear(indices);
    else if (from->is_one)
        repeat(synapse, indices);
    return status;
}

/* ---- spikes ---- */

/* Of each element that has spiked in the history whether it did at each age. */
typedef struct marks {
    int64_t width;
    uint8_t *active; /* (all samples' elements) */
    uint8_t *at;     /* (the same, width) of the active ones; else not set */
} marks;

static snn_status open_marks(const snn_synapse *synapse, snn_fail *fail, marks *m)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    size_t n = (size_t)snn_shape_count(&shape), bytes = SIZE_MAX;
    *m = (marks){ .width = snn_synapse_steps(synapse) };
    if (snn_mem_mul(n, (size_t)m->width + 1, &bytes))
        m->active = snn_pool_take(bytes ? bytes : 1);
    if (!m->active) return snn_fail_memory(fail, "synspike", bytes);
    m->at = m->active + n;
    memset(m->active, 0, n);
    snn_status status = SNN_OK;
    for (int64_t age = 0; age < m->width && !status; age++) {
        const snn_events *e;
        status = snn_spikes_events(snn_ring_at(&synapse->ring[0], age), fail, &e);
        for (int64_t b = 0; !status && b < e->rows; b++)
            for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++) {
                int64_t i = b * e->columns + e->index[k];
                uint8_t *at = m->at + i * m->width;
                if (!m->active[i]) memset(at, 0, (size_t)m->width);
                m->active[i] = at[age] = 1;
            }
    }
    if (status) snn_pool_give(m->active);
    return status;
}

snn_status snn_synapse_delayed_spikes(const snn_synapse *synapse,
                                      const snn_delay_indices *indices,
                                      int64_t depth, int64_t rows, snn_fail *fail,
                                      uint8_t *out)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    int64_t elements = snn_shape_count(&args->shape), each = elements / rows;
    marks m;
    snn_status status = open_marks(synapse, fail, &m);
    if (status) return status;
    memset(out, 0, (size_t)(args->batch_size * elements * depth));
    for (int64_t i = 0; i < args->batch_size * elements; i++) {
        if (!m.active[i]) continue;
        const int32_t *age = indices->age + i % elements / each * depth;
        const uint8_t *at = m.at + i * m.width;
        uint8_t *to = out + i * depth;
        for (int64_t d = 0; d < depth; d++) to[d] = at[age[d]];
    }
    snn_pool_give(m.active);
    return SNN_OK;
}

snn_status snn_synapse_delayed_rows(const snn_synapse *synapse,
                                    const snn_delay_indices *indices,
                                    const snn_pattern *rows, snn_fail *fail,
                                    uint8_t *out)
{
    const snn_synapse_args *args = snn_synapse_common_of(synapse);
    marks m;
    snn_status status = open_marks(synapse, fail, &m);
    if (status) return status;
    memset(out, 0, (size_t)(args->batch_size * rows->count));
    for (int64_t b = 0; b < args->batch_size; b++, out += rows->count)
        for (int64_t r = 0, i = b * rows->inputs; r < rows->inputs; r++, i++) {
            if (!m.active[i]) continue;
            const uint8_t *at = m.at + i * m.width;
            for (int64_t k = rows->first[r]; k < rows->first[r + 1]; k++)
                out[k] = at[indices->age[k]];
        }
    snn_pool_give(m.active);
    return SNN_OK;
}

/* ---- tables ---- */

void snn_tables_clear(snn_tables *tables)
{
    snn_pool_give(tables->active);
    for (int p = 0; p < 2; p++) snn_pool_give(tables->table[p]);
    *tables = (snn_tables){ .active = NULL };
}

/* Elements become active, their rows zero, with their first spike. */
static snn_status fill_spikes(const snn_synapse *synapse, double worth,
                              snn_fail *fail, snn_tables *t)
{
    size_t row = (size_t)t->width * real_size(synapse);
    bool f64 = snn_synapse_is_f64(synapse);
    for (int64_t age = 0; age < t->width; age++) {
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
                put(f64, t->table[0], i * t->width + age, worth);
            }
        }
    }
    return SNN_OK;
}

static void fill_parts(const snn_synapse *synapse, int part, int64_t elements,
                       snn_tables *t)
{
    for (int p = 0; p < 2 && t->table[p]; p++) {
        for (int64_t age = 0; age < t->width; age++) {
            const snn_tensor *step = snn_ring_at(&synapse->ring[1 + part + p], age);
            snn_table_age column = { snn_tensor_data(step), t->table[p],
                                     t->active, t->width, age };
            snn_table_fill(&column, elements, snn_synapse_is_f64(synapse));
        }
    }
}

/* Room for the tables of so many parts; how many elements. */
static snn_status make_tables(const snn_synapse *synapse, int parts,
                              snn_fail *fail, snn_tables *out,
                              int64_t *elements)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    *elements = snn_shape_count(&shape);
    *out = (snn_tables){ .width = snn_synapse_steps(synapse) };
    size_t bytes = SIZE_MAX;
    bool fits = snn_mem_mul((size_t)*elements, (size_t)out->width, &bytes) &&
                snn_mem_mul(bytes, real_size(synapse), &bytes);
    if (fits) out->active = snn_pool_take((size_t)*elements);
    if (out->active) out->table[0] = snn_pool_take(bytes);
    if (out->table[0] && parts > 1) out->table[1] = snn_pool_take(bytes);
    if (!out->table[0] || (parts > 1 && !out->table[1])) {
        snn_tables_clear(out);
        return snn_fail_memory(fail, "delay", bytes);
    }
    memset(out->active, 0, (size_t)*elements);
    return SNN_OK;
}

snn_status snn_synapse_spike_tables(const snn_synapse *synapse, double worth,
                                    snn_fail *fail, snn_tables *out)
{
    int64_t elements;
    snn_status status = make_tables(synapse, 1, fail, out, &elements);
    if (status) return status;
    status = fill_spikes(synapse, worth, fail, out);
    if (status) snn_tables_clear(out);
    return status;
}

snn_status snn_synapse_tables(const snn_synapse *synapse,
                              const snn_delay_indices *indices, int part,
                              snn_fail *fail, snn_tables *out)
{
    int64_t elements;
    const bool are_two = part == 0 && indices->factor[1];
    if (synapse->stored == 0)
        return snn_synapse_spike_tables(synapse, synapse->law[0].gain, fail, out);
    snn_status status = snn_synapse_show(synapse, fail);
    *out = (snn_tables){ .active = NULL };
    if (!status)
        status = make_tables(synapse, are_two ? 2 : 1, fail, out, &elements);
    if (status == SNN_OK) fill_parts(synapse, part, elements, out);
    return status;
}
