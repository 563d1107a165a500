/* The events of the newest step stay apart from all the others until the next one,
   so that a step is taken back by dropping them. */
#include "synapse/trail.h"

#include <string.h>

#include "formula/alive.h"
#include "formula/decay.h"
#include "kernel/exp.h"
#include "synapse/self.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"

enum { PORTION = SNN_TRAIL_PORTION, OFTEN = 64 }; /* elements; portions between two looks for an
                                       interrupt */

/* ---- life ---- */

void snn_trail_clear(snn_trail *trail)
{
    for (int p = 0; p < SNN_TRAIL_PARTS; p++)
        snn_tensor_clear(&trail->value[p]);
    snn_tensor_clear(&trail->since);
    snn_tensor_clear(&trail->after);
    snn_tensor_clear(&trail->offered);
    snn_ring_clear(&trail->log);
    *trail = (snn_trail){ .holds = false };
}

static snn_status share(const snn_tensor *t, snn_fail *fail, snn_tensor *out)
{
    if (!snn_tensor_is_empty(t)) return snn_tensor_share(t, false, fail, out);
    *out = SNN_NO_TENSOR;
    return SNN_OK;
}

snn_status snn_trail_copy(const snn_trail *trail, snn_fail *fail,
                          snn_trail *out)
{
    *out = (snn_trail){ .holds = trail->holds, .is_folded = trail->is_folded,
                        .now = trail->now, .followed = trail->followed,
                        .begun = trail->begun,
                        .offered_followed = trail->offered_followed };
    snn_status status = share(&trail->since, fail, &out->since);
    for (int p = 0; p < SNN_TRAIL_PARTS && !status; p++)
        status = share(&trail->value[p], fail, &out->value[p]);
    if (!status) status = share(&trail->after, fail, &out->after);
    if (!status) status = share(&trail->offered, fail, &out->offered);
    if (!status && trail->log.slot)
        status = snn_ring_copy(&trail->log, "synapse", fail, &out->log);
    if (status) snn_trail_clear(out);
    return status;
}

void snn_trail_move(snn_trail *from, snn_trail *to)
{
    snn_trail_clear(to);
    *to = *from;
    *from = (snn_trail){ .holds = false };
}

/* ---- decay ---- */

static void exponentials(const int64_t *steps, int64_t n, double dt, double tau,
                         double *out)
{
    static snn_exp_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_exp);
    for (int64_t i = 0; i < n; i++) out[i] = -((double)steps[i] * dt) / tau;
    table[snn_isa()][1](out, n);
}

/* An infinite current stays what it is. */
static double left_of(double v, double factor)
{
    return v - v == 0 ? v * factor : v;
}

static void decay(const double *factor, int64_t n, double *value)
{
    for (int64_t i = 0; i < n; i++)
        value[i] = snn_alive(left_of(value[i], factor[i]));
}

void snn_trail_carry(const snn_synapse *synapse, const int64_t *steps, int64_t n,
                     double *const value[SNN_TRAIL_PARTS])
{
    const double dt = snn_synapse_common_of(synapse)->step_time;
    const snn_synapse_law *law = synapse->law;
    const bool is_driven = synapse->stored > 1;
    double e[PORTION];
    exponentials(steps, n, dt, law[0].time_constant, e);
    for (int64_t i = 0; i < n && is_driven; i++) {
        double v = left_of(value[0][i], e[i]);
        if (value[1][i] != 0 && steps[i] > 0)
            v += value[1][i] * (steps[i] == 1
                                    ? law[0].feed
                                    : snn_driven((double)steps[i] * dt,
                                                 law[0].time_constant,
                                                 law[1].time_constant));
        value[0][i] = snn_alive(v);
    }
    if (is_driven) exponentials(steps, n, dt, law[1].time_constant, e);
    decay(e, n, value[is_driven ? 1 : 0]);
}

/* ---- taking and showing ---- */

bool snn_synapse_is_linear(const snn_synapse *synapse)
{
    const snn_synapse_law *law = synapse->law;
    bool decays = synapse->stored > 0 && law[0].time_constant > 0 &&
                  (synapse->stored < 2 || law[1].time_constant > 0);
    return decays && !synapse->model->is_injectable;
}

/* (B, inputs) of a step of the synapse, as rows of elements. */
int64_t snn_trail_elements(const snn_synapse *synapse)
{
    const snn_synapse_args *c = snn_synapse_common_of(synapse);
    return c->batch_size * snn_shape_count(&c->shape);
}

int64_t snn_trail_portion(const snn_synapse *synapse, const snn_trail *t,
                          int64_t first, double v[SNN_TRAIL_PARTS][PORTION])
{
    double *const value[] = { v[0], v[1] };
    int64_t steps[PORTION], n = snn_trail_elements(synapse) - first;
    if (n > PORTION) n = PORTION;
    const int64_t *since = snn_tensor_i64(&t->since) + first;
    for (int64_t i = 0; i < n; i++) steps[i] = t->now - since[i];
    for (int p = 0; p < synapse->stored; p++)
        memcpy(v[p], snn_tensor_f64(&t->value[p]) + first,
               (size_t)n * sizeof(double));
    snn_trail_carry(synapse, steps, n, value);
    return n;
}

/* Elements from `first` on as they are now, unless an event of the newest step
   says otherwise. */
static int64_t portion_now(const snn_synapse *synapse, int64_t first,
                           double v[SNN_TRAIL_PARTS][PORTION])
{
    return snn_trail_portion(synapse, &synapse->trail, first, v);
}

/* What the events of the newest step made goes to a part's (B, inputs). */
static snn_status put_events(const snn_synapse *synapse, int part,
                             snn_fail *fail, double *out)
{
    const snn_trail *t = &synapse->trail;
    const snn_events *e;
    if (t->is_folded || snn_tensor_is_empty(&t->after)) return SNN_OK;
    snn_status status = snn_spikes_events(snn_synapse_spike(synapse), fail, &e);
    if (status) return status;
    const double *after = snn_tensor_f64(&t->after) + part * e->count;
    for (int64_t b = 0; b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++)
            out[b * e->columns + e->index[k]] = after[k];
    return SNN_OK;
}

snn_status snn_synapse_now(const snn_synapse *synapse, snn_fail *fail,
                           snn_tensor out[SNN_TRAIL_PARTS])
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    const int64_t n = snn_trail_elements(synapse);
    double v[SNN_TRAIL_PARTS][PORTION], *to[SNN_TRAIL_PARTS];
    snn_status status = SNN_OK;
    for (int p = 0; p < SNN_TRAIL_PARTS; p++) out[p] = SNN_NO_TENSOR;
    for (int p = 0; p < synapse->stored && !status; p++) {
        status = snn_tensor_new(&shape, SNN_FLOAT64, synapse->model->name, fail,
                                &out[p]);
        if (!status) to[p] = snn_tensor_edit(&out[p], false);
    }
    for (int64_t i = 0; i < n && !status; i += PORTION) {
        int64_t count = portion_now(synapse, i, v);
        for (int p = 0; p < synapse->stored; p++)
            memcpy(to[p] + i, v[p], (size_t)count * sizeof(double));
        if (i / PORTION % OFTEN == 0)
            status = snn_interrupt_check(synapse->model->name, fail);
    }
    for (int p = 0; p < synapse->stored && !status; p++)
        status = put_events(synapse, p, fail, to[p]);
    for (int p = 0; p < SNN_TRAIL_PARTS && status; p++)
        snn_tensor_clear(&out[p]);
    return status;
}

/* The newest slot of a ring, to put what it lacks. */
static snn_tensor *newest_of(snn_synapse *synapse, int ring)
{
    snn_ring *r = &synapse->ring[ring];
    return &r->slot[r->head];
}

/* A rounded copy; what is too small for the type is 0. */
snn_status snn_trail_round(const snn_tensor *fine, snn_fail *fail,
                           snn_tensor *out)
{
    snn_status status =
        snn_tensor_new(&fine->shape, SNN_FLOAT32, "synapse", fail, out);
    if (status) return status;
    float *to = snn_tensor_edit(out, false);
    const double *from = snn_tensor_f64(fine);
    int64_t n = snn_tensor_count(fine);
    for (int64_t i = 0; i < n; i++) {
        float v = (float)from[i];
        to[i] = v > -FLT_MIN && v < FLT_MIN ? 0 : v;
    }
    return SNN_OK;
}

snn_status snn_synapse_show(const snn_synapse *reader, snn_fail *fail)
{
    snn_synapse *synapse = (snn_synapse *)(uintptr_t)reader; /* a cache */
    snn_tensor fine[SNN_TRAIL_PARTS], real[SNN_TRAIL_PARTS];
    if (!synapse->trail.holds) return SNN_OK;
    /* A step that others came after, and were taken back, may have been shown
       without what rounding left. */
    const int last = synapse->stored * (synapse->has_fine ? 2 : 1);
    snn_status status = snn_trail_show_past(synapse, fail);
    if (status || (!snn_tensor_is_empty(newest_of(synapse, 1)) &&
                   !snn_tensor_is_empty(newest_of(synapse, last))))
        return status;
    status = snn_synapse_now(synapse, fail, fine);
    if (status) return status;
    for (int p = 0; p < SNN_TRAIL_PARTS; p++) real[p] = SNN_NO_TENSOR;
    for (int p = 0; p < synapse->stored && synapse->has_fine && !status; p++)
        status = snn_trail_round(&fine[p], fail, &real[p]);
    for (int p = 0; p < synapse->stored; p++) {
        if (status) {
            snn_tensor_clear(&fine[p]);
            snn_tensor_clear(&real[p]);
            continue;
        }
        int ring = 1 + p;
        if (synapse->has_fine) {
            snn_tensor_move(&real[p], newest_of(synapse, ring));
            ring += synapse->stored;
        }
        snn_tensor_move(&fine[p], newest_of(synapse, ring));
    }
    return status;
}

snn_status snn_trail_release(snn_synapse *synapse, snn_fail *fail)
{
    if (!synapse->trail.holds) return SNN_OK;
    snn_status status = snn_synapse_show(synapse, fail);
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    return status;
}

/* The newest step of a part in the rings, float64. */
static const snn_tensor *finest(const snn_synapse *synapse, int part)
{
    int ring = 1 + part + (synapse->has_fine ? synapse->stored : 0);
    return snn_ring_at(&synapse->ring[ring], 0);
}

static snn_status take_rings(snn_synapse *synapse, snn_fail *fail,
                             snn_trail *next)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status = snn_tensor_zeros(&shape, SNN_INT64, "synapse", fail,
                                         &next->since);
    for (int p = 0; p < synapse->stored && !status; p++)
        status = snn_tensor_share(finest(synapse, p), false, fail,
                                  &next->value[p]);
    return status;
}

/* ---- as a saved state ---- */

/* All that there is to know, (parts + 1, B, inputs): values, then how many steps
   ago they were so. */
snn_status snn_trail_read(snn_synapse *synapse, snn_fail *fail, snn_tensor *out)
{
    snn_trail *t = &synapse->trail;
    *out = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    if (!snn_tensor_is_empty(&t->offered))
        status = snn_trail_take(synapse, fail);
    if (status || !t->holds) return status;
    const int parts = synapse->stored;
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
        status = put_events(synapse, p, fail, to + p * n);
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

/* Whether what was offered gives the rings' currents, and then as a trail. */
static snn_status take_offered(snn_synapse *synapse, snn_fail *fail,
                               snn_trail *next, bool *is_taken)
{
    const snn_tensor *offered = &synapse->trail.offered;
    const int parts = synapse->stored;
    const int64_t n = snn_trail_elements(synapse);
    *is_taken = false;
    if (snn_tensor_count(offered) != (parts + 1) * n) return SNN_OK;
    const double *from = snn_tensor_f64(offered), *age = from + parts * n;
    double v[SNN_TRAIL_PARTS][PORTION], *const value[] = { v[0], v[1] };
    for (int64_t i = 0; i < n; i += PORTION) {
        int64_t steps[PORTION], m = n - i < PORTION ? n - i : PORTION;
        for (int64_t k = 0; k < m; k++) {
            double a = age[i + k];
            if (!(a >= 0 && a <= 9e15)) return SNN_OK;
            steps[k] = (int64_t)a;
        }
        for (int p = 0; p < parts; p++)
            memcpy(v[p], from + p * n + i, (size_t)m * sizeof(double));
        snn_trail_carry(synapse, steps, m, value);
        for (int p = 0; p < parts; p++)
            if (memcmp(v[p], snn_tensor_f64(finest(synapse, p)) + i,
                       (size_t)m * sizeof(double)))
                return SNN_OK;
    }
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status =
        snn_tensor_new(&shape, SNN_INT64, "trail", fail, &next->since);
    if (status) return status;
    int64_t *since = snn_tensor_edit(&next->since, false);
    for (int64_t i = 0; i < n; i++) since[i] = -(int64_t)age[i];
    for (int p = 0; p < parts && !status; p++) {
        status = snn_tensor_new(&shape, SNN_FLOAT64, "trail", fail,
                                &next->value[p]);
        if (!status)
            memcpy(snn_tensor_edit(&next->value[p], false), from + p * n,
                   (size_t)n * sizeof(double));
    }
    *is_taken = status == SNN_OK;
    return status;
}

snn_status snn_trail_take(snn_synapse *synapse, snn_fail *fail)
{
    if (synapse->trail.holds) return SNN_OK;
    snn_trail next = { .holds = true, .is_folded = true, .begun = -1 };
    snn_status status = SNN_OK;
    bool is_taken = false;
    if (!snn_tensor_is_empty(&synapse->trail.offered))
        status = take_offered(synapse, fail, &next, &is_taken);
    if (!status && !is_taken) status = take_rings(synapse, fail, &next);
    if (!status && snn_synapse_steps(synapse) > 1)
        status = snn_ring_init(&next.log, snn_synapse_steps(synapse),
                               &SNN_NO_TENSOR, "synapse", fail);
    if (is_taken) next.followed = synapse->trail.offered_followed;
    if (next.followed == 0 && snn_trail_is_silent(synapse)) {
        next.followed = snn_synapse_steps(synapse);
        next.begun = is_taken ? -1 : 0;
    }
    if (status)
        snn_trail_clear(&next);
    else
        snn_trail_move(&next, &synapse->trail);
    return status;
}

/* ---- steps ---- */

/* Where events are, by element. */
typedef struct places {
    const snn_events *events;
    int64_t row; /* of event `at` */
    int32_t at;
} places;

/* The element of the next event; INT64_MAX behind the last. */
static int64_t place(places *p)
{
    const snn_events *e = p->events;
    if (!e || p->at >= e->count) return INT64_MAX;
    while (p->at >= e->offset[p->row + 1]) p->row++;
    return p->row * e->columns + e->index[p->at];
}

static double input_of(const snn_tensor *graded, int64_t i)
{
    if (snn_tensor_is_empty(graded)) return 1;
    return graded->dtype == SNN_FLOAT64 ? snn_tensor_f64(graded)[i]
                                        : (double)snn_tensor_f32(graded)[i];
}

/* The currents of the next step at the elements that spike in it. */
static void follow_events(const snn_synapse *synapse, places *next, places *old,
                          const snn_tensor *graded, double *after)
{
    const snn_trail *t = &synapse->trail;
    const int parts = synapse->stored;
    const int64_t count = next->events->count;
    const int64_t *since = snn_tensor_i64(&t->since);
    const double gain = synapse->law[parts - 1].gain;
    double v[SNN_TRAIL_PARTS][PORTION], *const value[] = { v[0], v[1] };
    int64_t steps[PORTION], at[PORTION];
    for (int64_t first = 0; first < count;) {
        int64_t n = 0;
        for (int64_t i; n < PORTION && (i = place(next)) < INT64_MAX; n++) {
            while (place(old) < i) old->at++;
            bool is_new = place(old) == i;
            for (int p = 0; p < parts; p++)
                v[p][n] = is_new ? snn_tensor_f64(&t->after)[p * old->events->count +
                                                             old->at]
                                 : snn_tensor_f64(&t->value[p])[i];
            steps[n] = t->now + 1 - (is_new ? t->now : since[i]);
            at[n] = i;
            next->at++;
        }
        snn_trail_carry(synapse, steps, n, value);
        for (int64_t k = 0; k < n; k++)
            v[parts - 1][k] = snn_alive(v[parts - 1][k] +
                                        gain * input_of(graded, at[k]));
        for (int p = 0; p < parts; p++)
            memcpy(after + p * count + first, v[p], (size_t)n * sizeof(double));
        first += n;
    }
}

static snn_status events_now(const snn_synapse *synapse, snn_fail *fail,
                             const snn_events **out)
{
    const snn_trail *t = &synapse->trail;
    *out = NULL;
    if (t->is_folded || snn_tensor_is_empty(&t->after)) return SNN_OK;
    return snn_spikes_events(snn_synapse_spike(synapse), fail, out);
}

/* What the events of the newest step found, before they are folded in. */
static snn_status log_events(const snn_synapse *synapse, const snn_events *e,
                             snn_fail *fail, snn_tensor *found)
{
    const snn_trail *t = &synapse->trail;
    const int parts = synapse->stored;
    if (!t->log.slot || !e || e->count == 0) return SNN_OK;
    int64_t sizes[] = { parts + 1, e->count };
    snn_shape shape = snn_shape_of(2, sizes);
    snn_status status =
        snn_tensor_new(&shape, SNN_FLOAT64, "synapse", fail, found);
    if (status) return status;
    double *to = snn_tensor_edit(found, false);
    const int64_t *since = snn_tensor_i64(&t->since);
    for (int64_t b = 0; b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++) {
            int64_t i = b * e->columns + e->index[k];
            for (int p = 0; p < parts; p++)
                to[p * e->count + k] = snn_tensor_f64(&t->value[p])[i];
            to[parts * e->count + k] = (double)since[i];
        }
    return SNN_OK;
}

snn_status snn_trail_step(snn_synapse *synapse, const snn_tensor *spike,
                          const snn_tensor *graded, snn_fail *fail,
                          snn_tensor *after, snn_tensor *found)
{
    snn_trail *t = &synapse->trail;
    *after = *found = SNN_NO_TENSOR;
    snn_status status = snn_trail_take(synapse, fail);
    places next = { .at = 0 }, old = { .at = 0 };
    if (!status) status = events_now(synapse, fail, &old.events);
    if (!status) status = snn_spikes_events(spike, fail, &next.events);
    if (status) return status;
    /* what the newest step made is folded in when this one is certain */
    bool is_own = !old.events || snn_tensor_edit(&t->since, true);
    for (int p = 0; p < synapse->stored && old.events; p++)
        is_own = is_own && snn_tensor_edit(&t->value[p], true);
    if (!is_own)
        return snn_fail_memory(fail, synapse->model->name,
                               snn_tensor_bytes(&t->since));
    status = log_events(synapse, old.events, fail, found);
    if (status || next.events->count == 0) return status;
    int64_t sizes[] = { synapse->stored, next.events->count };
    snn_shape shape = snn_shape_of(2, sizes);
    status = snn_tensor_new(&shape, SNN_FLOAT64, "synapse", fail, after);
    if (status) {
        snn_tensor_clear(found);
        return status;
    }
    follow_events(synapse, &next, &old, graded, snn_tensor_edit(after, false));
    return SNN_OK;
}

void snn_trail_push(snn_synapse *synapse, snn_tensor *after, snn_tensor *found)
{
    snn_trail *t = &synapse->trail;
    if (t->log.slot && !t->is_folded) snn_ring_push(&t->log, found);
    const snn_events *e;
    snn_fail none;
    if (events_now(synapse, &none, &e)) e = NULL; /* listed: it cannot fail */
    int64_t *since = e ? snn_tensor_edit(&t->since, true) : NULL;
    for (int p = 0; p < synapse->stored && e; p++) {
        double *value = snn_tensor_edit(&t->value[p], true);
        const double *from = snn_tensor_f64(&t->after) + p * e->count;
        for (int64_t b = 0; b < e->rows; b++)
            for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++)
                value[b * e->columns + e->index[k]] = from[k];
    }
    for (int64_t b = 0; e && b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++)
            since[b * e->columns + e->index[k]] = t->now;
    snn_tensor_move(after, &t->after);
    t->now++;
    t->followed++;
    if (t->begun >= 0) t->begun++;
    t->is_folded = false;
}

void snn_trail_undo(snn_trail *trail)
{
    if (!trail->holds || trail->is_folded) return;
    snn_tensor_clear(&trail->after);
    trail->is_folded = true;
    trail->followed--;
    if (trail->begun > 0) trail->begun--;
    trail->now--;
}
