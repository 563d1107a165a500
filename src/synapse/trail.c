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
#include "util/single.h"

enum { PORTION = SNN_TRAIL_PORTION, OFTEN = 64 }; /* portions between two looks */

/* ---- life ---- */

void snn_trail_clear(snn_trail *trail)
{
    for (int p = 0; p < SNN_TRAIL_LINES; p++)
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
                        .begun = trail->begun, .was_offered = trail->was_offered,
                        .offered_followed = trail->offered_followed };
    snn_status status = share(&trail->since, fail, &out->since);
    for (int p = 0; p < SNN_TRAIL_LINES && !status; p++)
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

/* What the second part has given the first so many steps later. Most spikes follow
   others soon. */
static double driven(const snn_synapse *reader, int64_t steps)
{
    snn_synapse *synapse = (snn_synapse *)(uintptr_t)reader; /* a cache */
    enum { KNOWN = sizeof synapse->driven / sizeof *synapse->driven };
    const snn_synapse_law *law = synapse->law;
    const double dt = snn_synapse_common_of(synapse)->step_time;
    if (steps == 1) return law[0].feed;
    if (steps < KNOWN && synapse->driven[steps] != 0) return synapse->driven[steps];
    const double d = snn_driven((double)steps * dt, law[0].time_constant,
                                law[1].time_constant);
    if (steps < KNOWN) synapse->driven[steps] = d;
    return d;
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
            v += value[1][i] * driven(synapse, steps[i]);
        value[0][i] = snn_alive(v);
    }
    if (is_driven) exponentials(steps, n, dt, law[1].time_constant, e);
    decay(e, n, value[is_driven ? 1 : 0]);
}

void snn_trail_carry_own(const snn_synapse *synapse, const int64_t *steps,
                         const double *input, int64_t n,
                         double *const own[SNN_MOST_OWN], double *out)
{
    const snn_synapse_model *model = synapse->model;
    double time[PORTION], after[SNN_MOST_OWN][PORTION];
    snn_synapse_weigh w = { .args = synapse->args, .n = n, .input = input,
                            .time = time, .out = out };
    for (int64_t i = 0; i < n; i++)
        time[i] = (double)steps[i] * snn_synapse_common_of(synapse)->step_time;
    for (int k = 0; k < model->own; k++) {
        w.before[k] = own[k];
        w.after[k] = after[k];
    }
    model->weigh(&w);
    for (int k = 0; k < model->own; k++)
        memcpy(own[k], after[k], (size_t)n * sizeof(double));
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

/* What the events of the newest step made goes to a line's (B, inputs). */
snn_status snn_trail_put_events(const snn_synapse *synapse, int part,
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
        int64_t count = snn_trail_portion(synapse, &synapse->trail, i, v);
        for (int p = 0; p < synapse->stored; p++)
            memcpy(to[p] + i, v[p], (size_t)count * sizeof(double));
        if (i / PORTION % OFTEN == 0)
            status = snn_interrupt_check(synapse->model->name, fail);
    }
    for (int p = 0; p < synapse->stored && !status; p++)
        status = snn_trail_put_events(synapse, p, fail, to[p]);
    for (int p = 0; p < SNN_TRAIL_PARTS && status; p++)
        snn_tensor_clear(&out[p]);
    return status;
}

/* A model's own states as they are now, into (B, inputs) of float64 each. */
static snn_status own_now(const snn_synapse *synapse, snn_fail *fail,
                          double *const to[SNN_MOST_OWN])
{
    static const double none[PORTION];
    const snn_trail *t = &synapse->trail;
    const int own = synapse->model->own;
    const int64_t n = snn_trail_elements(synapse);
    const int64_t *since = snn_tensor_i64(&t->since);
    snn_status status = SNN_OK;
    for (int64_t i = 0; i < n && !status; i += PORTION) {
        const int64_t m = n - i < PORTION ? n - i : PORTION;
        double out[PORTION], *at[SNN_MOST_OWN] = { NULL };
        int64_t steps[PORTION];
        for (int64_t e = 0; e < m; e++) steps[e] = t->now - since[i + e];
        for (int k = 0; k < own; k++) {
            at[k] = to[k] + i;
            memcpy(at[k], snn_tensor_f64(&t->value[synapse->stored + k]) + i,
                   (size_t)m * sizeof(double));
        }
        snn_trail_carry_own(synapse, steps, none, m, at, out);
        if (i / PORTION % OFTEN == 0)
            status = snn_interrupt_check(synapse->model->name, fail);
    }
    for (int k = 0; k < own && !status; k++)
        status = snn_trail_put_events(synapse, synapse->stored + k, fail, to[k]);
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

static snn_status show_own(snn_synapse *synapse, snn_fail *fail)
{
    const int own = synapse->model->own, first = synapse->rings - own;
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_tensor fresh[SNN_MOST_OWN];
    double *to[SNN_MOST_OWN] = { NULL };
    snn_status status = SNN_OK;
    if (own == 0 || !snn_tensor_is_empty(newest_of(synapse, first))) return SNN_OK;
    for (int k = 0; k < own; k++) fresh[k] = SNN_NO_TENSOR;
    for (int k = 0; k < own && !status; k++) {
        status = snn_tensor_new(&shape, SNN_FLOAT64, "synapse", fail, &fresh[k]);
        if (!status) to[k] = snn_tensor_edit(&fresh[k], false);
    }
    if (!status) status = own_now(synapse, fail, to);
    for (int k = 0; k < own; k++) {
        if (status)
            snn_tensor_clear(&fresh[k]);
        else
            snn_tensor_move(&fresh[k], newest_of(synapse, first + k));
    }
    return status;
}

static snn_status show_parts(snn_synapse *synapse, snn_fail *fail)
{
    snn_tensor fine[SNN_TRAIL_PARTS], real[SNN_TRAIL_PARTS];
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

snn_status snn_synapse_show(const snn_synapse *reader, snn_fail *fail)
{
    snn_synapse *synapse = (snn_synapse *)(uintptr_t)reader; /* a cache */
    if (!synapse->trail.holds) return SNN_OK;
    snn_status status = show_parts(synapse, fail);
    return status ? status : show_own(synapse, fail);
}

snn_status snn_trail_release(snn_synapse *synapse, snn_fail *fail)
{
    if (!synapse->trail.holds) return SNN_OK;
    snn_status status = snn_synapse_show(synapse, fail);
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    return status;
}

const snn_tensor *snn_trail_line(const snn_synapse *synapse, int line)
{
    int ring = 1 + line + (synapse->has_fine ? synapse->stored : 0);
    if (line >= synapse->stored)
        ring = synapse->rings - snn_trail_lines(synapse) + line;
    return snn_ring_at(&synapse->ring[ring], 0);
}

static snn_status take_rings(snn_synapse *synapse, snn_fail *fail,
                             snn_trail *next)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status = snn_tensor_zeros(&shape, SNN_INT64, "synapse", fail,
                                         &next->since);
    for (int p = 0; p < snn_trail_lines(synapse) && !status; p++)
        status = snn_tensor_share(snn_trail_line(synapse, p), false, fail,
                                  &next->value[p]);
    return status;
}

/* ---- taking ---- */

snn_status snn_trail_take(snn_synapse *synapse, snn_fail *fail)
{
    if (synapse->trail.holds) return SNN_OK;
    snn_trail next = { .holds = true, .is_folded = true, .begun = -1 };
    snn_status status = SNN_OK;
    bool is_taken = false;
    if (!snn_tensor_is_empty(&synapse->trail.offered))
        status = snn_trail_take_offered(synapse, fail, &next, &is_taken);
    if (!status && !is_taken) status = take_rings(synapse, fail, &next);
    if (!status && snn_synapse_steps(synapse) > 1)
        status = snn_ring_init(&next.log, snn_synapse_steps(synapse),
                               &SNN_NO_TENSOR, "synapse", fail);
    next.was_offered = is_taken;
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

/* Events of the next step, so many at once. */
typedef struct portion {
    int64_t n, at[PORTION], steps[PORTION]; /* elements, since their last events */
    double value[SNN_TRAIL_LINES][PORTION]; /* after these */
    double input[PORTION];
} portion;

/* The next ones; 0: none are left. */
static int64_t next_portion(const snn_synapse *synapse, places *next, places *old,
                            const snn_tensor *graded, portion *p)
{
    const snn_trail *t = &synapse->trail;
    const int lines = snn_trail_lines(synapse);
    const int64_t *since = snn_tensor_i64(&t->since);
    p->n = 0;
    for (int64_t i; p->n < PORTION && (i = place(next)) < INT64_MAX; p->n++) {
        while (place(old) < i) old->at++;
        const bool is_new = place(old) == i;
        for (int l = 0; l < lines; l++)
            p->value[l][p->n] =
                is_new ? snn_tensor_f64(&t->after)[l * old->events->count + old->at]
                       : snn_tensor_f64(&t->value[l])[i];
        p->steps[p->n] = t->now + 1 - (is_new ? t->now : since[i]);
        p->at[p->n] = i;
        p->input[p->n] = input_of(graded, i);
        next->at++;
    }
    return p->n;
}

/* What inputs count as by the model's own states, in place of them; also where
   elements have it. */
static void weigh(const snn_synapse *synapse, portion *p, snn_tensor *worth)
{
    double out[PORTION], *own[SNN_MOST_OWN] = { NULL };
    for (int k = 0; k < synapse->model->own; k++)
        own[k] = p->value[synapse->stored + k];
    snn_trail_carry_own(synapse, p->steps, p->input, p->n, own, out);
    void *to = snn_tensor_edit(worth, false);
    for (int64_t i = 0; i < p->n; i++) {
        if (worth->dtype == SNN_FLOAT64)
            ((double *)to)[p->at[i]] = p->input[i] = out[i];
        else
            p->input[i] = (double)(((float *)to)[p->at[i]] = snn_single_of(out[i]));
    }
}

/* The currents of the next step at the elements that spike in it, and the model's
   own states. */
static void follow_events(const snn_synapse *synapse, places *next, places *old,
                          const snn_tensor *graded, snn_tensor *worth,
                          double *after)
{
    const int parts = synapse->stored, lines = snn_trail_lines(synapse);
    const int64_t count = next->events->count;
    const double gain = synapse->law[parts - 1].gain;
    portion p;
    for (int64_t first = 0; next_portion(synapse, next, old, graded, &p) > 0;) {
        double *const value[] = { p.value[0], p.value[1] };
        snn_trail_carry(synapse, p.steps, p.n, value);
        if (lines > parts) weigh(synapse, &p, worth);
        for (int64_t k = 0; k < p.n; k++)
            value[parts - 1][k] =
                snn_alive(value[parts - 1][k] + gain * p.input[k]);
        for (int l = 0; l < lines; l++)
            memcpy(after + l * count + first, p.value[l],
                   (size_t)p.n * sizeof(double));
        first += p.n;
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

/* Room for what inputs count as, where the model weighs them. */
static snn_status open_worth(const snn_synapse *synapse, snn_fail *fail,
                             snn_tensor *worth)
{
    const snn_shape shape = snn_synapse_batched_shape(synapse);
    *worth = SNN_NO_TENSOR;
    return synapse->model->own
               ? snn_tensor_zeros(&shape, snn_synapse_common_of(synapse)->dtype,
                                  "synapse", fail, worth)
               : SNN_OK;
}

snn_status snn_trail_step(snn_synapse *synapse, const snn_tensor *spike,
                          snn_tensor *graded, snn_fail *fail,
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
    for (int p = 0; p < snn_trail_lines(synapse) && old.events; p++)
        is_own = is_own && snn_tensor_edit(&t->value[p], true);
    if (!is_own)
        return snn_fail_memory(fail, synapse->model->name,
                               snn_tensor_bytes(&t->since));
    status = log_events(synapse, old.events, fail, found);
    if (status || next.events->count == 0) return status;
    int64_t sizes[] = { snn_trail_lines(synapse), next.events->count };
    snn_shape shape = snn_shape_of(2, sizes);
    snn_tensor worth;
    status = open_worth(synapse, fail, &worth);
    if (!status)
        status = snn_tensor_new(&shape, SNN_FLOAT64, "synapse", fail, after);
    if (status) {
        snn_tensor_clear(&worth);
        snn_tensor_clear(found);
        return status;
    }
    follow_events(synapse, &next, &old, graded, &worth,
                  snn_tensor_edit(after, false));
    if (synapse->model->own) snn_tensor_move(&worth, graded);
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
    for (int p = 0; p < snn_trail_lines(synapse) && e; p++) {
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
    if (trail->holds && !trail->is_folded) {
        snn_tensor_clear(&trail->after);
        trail->is_folded = true;
        trail->followed--;
        if (trail->begun > 0) trail->begun--;
        trail->now--;
    }
    /* of no steps: the rings have all that it was taken from */
    if (trail->holds && trail->now == 0 && !trail->was_offered)
        snn_trail_clear(trail);
}
