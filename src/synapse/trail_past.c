/* The currents of steps before the newest, of a synapse with a history: what events
   have found is logged, and a copy of the trail goes back by these logs, step by
   step. Steps that were shown before stay so. And currents of some inputs, one by
   one. */
#include "synapse/trail.h"

#include <string.h>

#include "synapse/self.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"

/* Takes back what the events of the step `age` ago, whose log is that, made of a
   trail that is another one's copy. */
static void take_back(const snn_synapse *synapse, const snn_tensor *log,
                      const snn_events *e, snn_trail *past)
{
    const int parts = synapse->stored;
    const double *found = snn_tensor_f64(log);
    int64_t *since = snn_tensor_edit(&past->since, true);
    for (int p = 0; p < parts; p++) {
        double *value = snn_tensor_edit(&past->value[p], true);
        for (int64_t b = 0; b < e->rows; b++)
            for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++)
                value[b * e->columns + e->index[k]] = found[p * e->count + k];
    }
    for (int64_t b = 0; b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++)
            since[b * e->columns + e->index[k]] =
                (int64_t)found[parts * e->count + k];
}

/* Own memory of what is taken back in it. */
static snn_status copy_past(const snn_synapse *synapse, snn_fail *fail,
                            snn_trail *past)
{
    const snn_trail *t = &synapse->trail;
    *past = (snn_trail){ .now = t->now };
    snn_status status = snn_tensor_clone(&t->since, fail, &past->since);
    for (int p = 0; p < synapse->stored && !status; p++)
        status = snn_tensor_clone(&t->value[p], fail, &past->value[p]);
    return status;
}

/* The currents of a step, of a trail of then, into the rings' slots. */
static snn_status put_past(snn_synapse *synapse, const snn_trail *past,
                           int64_t age, snn_fail *fail)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    const int64_t n = snn_trail_elements(synapse);
    double v[SNN_TRAIL_PARTS][SNN_TRAIL_PORTION];
    snn_tensor fine[SNN_TRAIL_PARTS] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_tensor real[SNN_TRAIL_PARTS] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_status status = SNN_OK;
    for (int p = 0; p < synapse->stored && !status; p++)
        status = snn_tensor_new(&shape, SNN_FLOAT64, "synapse", fail, &fine[p]);
    for (int64_t i = 0; i < n && !status; i += SNN_TRAIL_PORTION) {
        int64_t count = snn_trail_portion(synapse, past, i, v);
        for (int p = 0; p < synapse->stored; p++)
            memcpy((double *)snn_tensor_edit(&fine[p], true) + i, v[p],
                   (size_t)count * sizeof(double));
    }
    for (int p = 0; p < synapse->stored && synapse->has_fine && !status; p++)
        status = snn_trail_round(&fine[p], fail, &real[p]);
    for (int p = 0; p < synapse->stored; p++) {
        snn_ring *r = &synapse->ring[1 + p];
        int64_t at = r->head - age;
        snn_tensor *slot = &r->slot[at < 0 ? at + r->length + 1 : at];
        if (!status) snn_tensor_move(synapse->has_fine ? &real[p] : &fine[p], slot);
        snn_tensor_clear(&fine[p]);
        snn_tensor_clear(&real[p]);
    }
    return status;
}

/* The step that is furthest back of those whose currents are not in the rings. */
static int64_t furthest(const snn_synapse *synapse)
{
    int64_t age = synapse->ring[1].length - 1;
    while (age > 0 && !snn_tensor_is_empty(snn_ring_at(&synapse->ring[1], age)))
        age--;
    return age;
}

/* From the newest step back, as far as there is one that lacks its currents. */
snn_status snn_trail_show_past(snn_synapse *synapse, snn_fail *fail)
{
    const snn_trail *t = &synapse->trail;
    const int64_t last = furthest(synapse);
    snn_trail past = { .holds = false };
    if (last == 0) return SNN_OK;
    snn_status status = copy_past(synapse, fail, &past);
    for (int64_t age = 1; age <= last && !status; age++) {
        const snn_events *e;
        int64_t at = t->is_folded ? age - 1 : age - 2; /* of the log */
        past.now = t->now - age;
        if (at >= 0 && !snn_tensor_is_empty(snn_ring_at(&t->log, at))) {
            status = snn_spikes_events(snn_ring_at(&synapse->ring[0], age - 1),
                                       fail, &e);
            if (!status) take_back(synapse, snn_ring_at(&t->log, at), e, &past);
        }
        if (!status && snn_tensor_is_empty(snn_ring_at(&synapse->ring[1], age)))
            status = put_past(synapse, &past, age, fail);
        if (!status) status = snn_interrupt_check(synapse->model->name, fail);
    }
    snn_trail_clear(&past);
    return status;
}

/* ---- some elements ---- */

/* The place of an element among the events; -1: it has none. */
static int64_t place_of(const snn_events *e, int64_t element)
{
    const int64_t b = element / e->columns;
    int32_t at = e->offset[b], end = e->offset[b + 1];
    const int32_t index = (int32_t)(element % e->columns);
    while (at < end) {
        const int32_t middle = at + (end - at) / 2;
        if (e->index[middle] < index)
            at = middle + 1;
        else
            end = middle;
    }
    return at < e->offset[b + 1] && e->index[at] == index ? at : -1;
}

bool snn_synapse_some(const snn_synapse *synapse, int64_t ago,
                      const int64_t *element, int64_t n,
                      double *const out[SNN_TRAIL_PARTS])
{
    const snn_trail *t = &synapse->trail;
    const snn_events *e = NULL;
    snn_fail fail;
    int64_t steps[SNN_TRAIL_SOME];
    if (!t->holds) return false;
    if (!t->is_folded && !snn_tensor_is_empty(&t->after) &&
        snn_spikes_events(snn_synapse_spike(synapse), &fail, &e))
        return false;
    const int64_t *since = snn_tensor_i64(&t->since);
    for (int64_t i = 0; i < n; i++) {
        steps[i] = t->now - ago - since[element[i]];
        for (int p = 0; p < synapse->stored; p++)
            out[p][i] = snn_tensor_f64(&t->value[p])[element[i]];
    }
    snn_trail_carry(synapse, steps, n, out);
    const double *after = e ? snn_tensor_f64(&t->after) : NULL;
    for (int64_t i = 0; e && i < n; i++) {
        const int64_t k = place_of(e, element[i]);
        for (int p = 0; p < synapse->stored && k >= 0; p++)
            out[p][i] = after[p * e->count + k];
    }
    return true;
}

/* ---- silence ---- */

/* Whether all steps of a ring are zeros, most often one that they share. */
static bool is_silent_ring(const snn_ring *ring)
{
    static const char zeros[SNN_TRAIL_PORTION];
    const snn_block *seen = NULL;
    for (int64_t age = 0; age < ring->length; age++) {
        const snn_tensor *step = snn_ring_at(ring, age);
        const char *data = snn_tensor_data(step);
        size_t left = snn_tensor_bytes(step);
        if (step->storage->block == seen) continue;
        seen = step->storage->block;
        while (left > 0) {
            size_t n = left < sizeof zeros ? left : sizeof zeros;
            if (memcmp(data, zeros, n)) return false;
            data += n;
            left -= n;
        }
    }
    return true;
}

bool snn_trail_is_silent(const snn_synapse *synapse)
{
    for (int i = 0; i <= synapse->stored; i++)
        if (!is_silent_ring(&synapse->ring[i])) return false;
    for (int p = 0; p < synapse->stored; p++) {
        int ring = 1 + p + (synapse->has_fine ? synapse->stored : 0);
        if (!is_silent_ring(&synapse->ring[ring])) return false;
    }
    return true;
}
