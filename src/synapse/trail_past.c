/* The currents of steps before the newest, of a synapse with a history: what events
   have found is logged, and a copy of the trail goes back by these logs, step by
   step. Steps that were shown before stay so. And currents of some inputs, one by
   one. */
#include "synapse/trail.h"

#include <float.h>
#include <string.h>

#include "synapse/self.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"
#include "util/single.h"

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

/* ---- some inputs ---- */

/* The first of n ascending numbers that is not less than x. */
static int64_t lower_bound(const int32_t *list, int64_t n, int32_t x)
{
    int64_t at = 0, end = n;
    while (at < end) {
        const int64_t middle = at + (end - at) / 2;
        if (list[middle] < x)
            at = middle + 1;
        else
            end = middle;
    }
    return at;
}

static bool ascend(const int32_t *list, int64_t n)
{
    int falls = 0;
    for (int64_t i = 1; i < n; i++) falls |= list[i] < list[i - 1];
    return !falls;
}

/* The inputs among the events of the newest step, which the values do not know of:
   each event is looked for among them, or each of them among the events. */
static void put_after(const snn_synapse *synapse, const snn_events *e,
                      int64_t sample, const int32_t *input, int64_t n,
                      double *const out[SNN_TRAIL_PARTS])
{
    const double *after = snn_tensor_f64(&synapse->trail.after);
    const int64_t first = e->offset[sample], count = e->offset[sample + 1] - first;
    const int32_t *event = e->index + first;
    const int parts = synapse->stored;
    if (count < n && ascend(input, n)) {
        for (int64_t k = 0, i = 0; k < count; k++) {
            i += lower_bound(input + i, n - i, event[k]);
            for (; i < n && input[i] == event[k]; i++)
                for (int p = 0; p < parts; p++)
                    out[p][i] = after[p * e->count + first + k];
        }
        return;
    }
    for (int64_t i = 0; i < n; i++) {
        const int64_t k = lower_bound(event, count, input[i]);
        if (k == count || event[k] != input[i]) continue;
        for (int p = 0; p < parts; p++)
            out[p][i] = after[p * e->count + first + k];
    }
}

/* The current of an element `age` steps ago as the rings hold it: of steps before a
   trail was loaded there is no log. */
static bool take_shown(const snn_synapse *synapse, int64_t age, int64_t element,
                       int64_t i, double *const out[SNN_TRAIL_PARTS])
{
    for (int p = 0; p < synapse->stored; p++) {
        const snn_tensor *slot = snn_ring_at(&synapse->ring[1 + p], age);
        if (snn_tensor_is_empty(slot)) return false;
        out[p][i] = slot->dtype == SNN_FLOAT64
                        ? snn_tensor_f64(slot)[element]
                        : (double)snn_tensor_f32(slot)[element];
    }
    return true;
}

/* What is left of current i so many steps later, rounded as the rings hold it. */
static void carry_rounded(const snn_synapse *synapse, int64_t steps, int64_t i,
                          double *const out[SNN_TRAIL_PARTS])
{
    const int parts = synapse->stored;
    double *const one[] = { out[0] + i, parts > 1 ? out[1] + i : NULL };
    snn_trail_carry(synapse, &steps, 1, one);
    for (int p = 0; p < parts && synapse->has_fine; p++) {
        const float v = snn_single_of(*one[p]);
        *one[p] = v > -FLT_MIN && v < FLT_MIN ? 0 : (double)v;
    }
}

static bool has_event(const snn_events *e, int64_t sample, int32_t input,
                      int64_t *at)
{
    const int64_t first = e->offset[sample], n = e->offset[sample + 1] - first;
    const int64_t k = lower_bound(e->index + first, n, input);
    *at = first + k;
    return k < n && e->index[first + k] == input;
}

/* What input i of a list had `age` steps ago: before the first of its events that
   came later. */
static bool take_one(const snn_synapse *synapse, int64_t sample, int32_t input,
                     int64_t age, int64_t i, double *const out[SNN_TRAIL_PARTS])
{
    const snn_trail *t = &synapse->trail;
    const int unknown = t->is_folded ? 0 : 1; /* newest steps, to the values */
    for (int64_t a = age - 1; a >= unknown; a--) {
        const snn_events *e;
        snn_fail fail;
        int64_t k;
        if (snn_spikes_events(snn_ring_at(&synapse->ring[0], a), &fail, &e))
            return false;
        if (!has_event(e, sample, input, &k)) continue;
        const snn_tensor *log = snn_ring_at(&t->log, a - unknown);
        if (snn_tensor_is_empty(log))
            return take_shown(synapse, age, sample * e->columns + input, i, out);
        const double *found = snn_tensor_f64(log) + k;
        for (int p = 0; p < synapse->stored; p++) out[p][i] = found[p * e->count];
        const int64_t since = (int64_t)found[synapse->stored * e->count];
        carry_rounded(synapse, t->now - age - since, i, out);
        return true;
    }
    return false;
}

/* Each that has spiked since, also in the newest step, is as the rings have it: after
   a load nothing else is known. `steps` are from its last spike on, then 0. */
static bool take_some_back(const snn_synapse *synapse, const snn_events *newest,
                           const snn_trail_then *then, const int32_t *input,
                           int64_t n, int64_t *steps,
                           double *const out[SNN_TRAIL_PARTS])
{
    int64_t k;
    for (int64_t i = 0; i < n; i++) {
        const int64_t age = then->age ? then->age[i] : then->lag;
        const bool is_later = steps[i] + then->quiet < 0;
        if (age == 0) continue;
        if (!is_later && !(newest && has_event(newest, then->sample, input[i], &k)))
            continue;
        if (then->quiet > 0) return false;
        if (!is_later)
            carry_rounded(synapse, steps[i], i, out);
        else if (!take_one(synapse, then->sample, input[i], age, i, out))
            return false;
        steps[i] = 0;
    }
    return true;
}

bool snn_synapse_some(const snn_synapse *synapse, const snn_trail_then *then,
                      const int32_t *input, int64_t n,
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
    const int64_t first =
        then->sample * snn_shape_count(&snn_synapse_common_of(synapse)->shape);
    const int64_t *since = snn_tensor_i64(&t->since) + first;
    const int64_t now = t->now - then->quiet - (then->age ? 0 : then->lag);
    for (int64_t i = 0; i < n; i++) steps[i] = now - since[input[i]];
    for (int64_t i = 0; i < n && then->age; i++) steps[i] -= then->age[i];
    for (int p = 0; p < synapse->stored; p++) {
        const double *value = snn_tensor_f64(&t->value[p]) + first;
        for (int64_t i = 0; i < n; i++) out[p][i] = value[input[i]];
    }
    const bool is_past = then->age || then->lag > 0;
    if (is_past && !take_some_back(synapse, e, then, input, n, steps, out))
        return false;
    snn_trail_carry(synapse, steps, n, out);
    if (!e || (is_past && !then->age)) return true;
    if (!is_past) put_after(synapse, e, then->sample, input, n, out);
    for (int64_t i = 0; i < n && is_past; i++) {
        double *const one[] = { out[0] + i, synapse->stored > 1 ? out[1] + i : NULL };
        if (then->age[i] == 0)
            put_after(synapse, e, then->sample, input + i, 1, one);
    }
    return true;
}

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
