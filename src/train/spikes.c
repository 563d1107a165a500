/* Terms at spikes. Without delays a step's spikes are paired with the newest
   traces; with delays those of the input are read for each place of the weight,
   as they arrive there. Work is proportional to the spikes. A term without a
   trace pairs with one that has the rate's size everywhere. */
#include <math.h>

#include "connection/sparse.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "train/delayed.h"
#include "train/pairing.h"
#include "train/records.h"
#include "util/pool.h"

static const char *const SPIKES[] = { [SNN_AT_POST] = "spike_post",
                                      [SNN_AT_PRE] = "spike_pre" };
enum { ENDS = 2 }; /* post, pre */

/* ---- by events ---- */

typedef struct part {
    const snn_term *term;
    snn_side side; /* where there is not a signal for each sample, */
    double scale;  /* and what an event is multiplied with */
    snn_pairing *pairing;
    const snn_events *spikes;
    const snn_tensor *trace;
    double *weight; /* of terms with a trace of their own: of each event */
} part;

typedef struct spikes_step {
    snn_unit_step terms;
    int count;
    bool is_delayed;
    bool by_events;  /* and delays are looked up by events (delayed.h), */
    bool by_columns; /* for a matrix a column at a time */
    part part[SNN_MOST_TERMS];
    const snn_events *events[ENDS]; /* NULL: not looked at */
    snn_delayed_events arrived;
    int32_t *alone; /* 0, 1, ...: each event as one of a sample of its own */
    snn_calc calc;       /* holds tensors that were made for it */
    double *weight;      /* memory of the parts' */
    snn_weights weights; /* with a signal */
} spikes_step;

/* What a trace is to be multiplied with. */
static double gain_of(const snn_term *term, double rate)
{
    return term->is_sized ? fabs(rate) : 1;
}

static void close(void *step)
{
    spikes_step *s = step;
    snn_calc_clear(&s->calc);
    snn_delayed_events_clear(&s->arrived);
    if (s->alone) snn_pool_give(s->alone);
    if (s->weight) snn_pool_give(s->weight);
    if (s->weights.of[0][0]) snn_weights_clear(&s->weights);
}

static bool steps(const snn_unit *unit, const snn_call *call)
{
    (void)call;
    return snn_unit_delay(unit) == 0 ||
           unit->cell->connection->model->pairs_each;
}

static snn_status check(const snn_unit *unit, const snn_call *call,
                        snn_fail *fail)
{
    if (call->signal.samples == 0) return SNN_OK;
    return snn_signal_check_samples(&call->signal, snn_unit_samples(unit),
                                    unit->model->name, fail);
}

/* A record of the input as it is read with delays. */
static const snn_tensor *arrived(const snn_unit *unit, const char *name,
                                 const snn_events *post, snn_calc *calc)
{
    snn_tensor *out = snn_calc_new(calc);
    if (!out) return NULL;
    return snn_calc_made(
        calc, snn_unit_arrived(unit, name, post, calc->fail, out), out);
}

static snn_status find_events(const snn_unit *unit, int end, spikes_step *s)
{
    if (s->events[end]) return SNN_OK;
    if (end == SNN_AT_PRE && s->by_events) {
        s->events[end] = &s->arrived.events;
        return snn_delayed_spikes(unit, s->calc.fail, &s->arrived);
    }
    const snn_tensor *spikes =
        end == SNN_AT_PRE && s->is_delayed
            ? arrived(unit, SPIKES[end], NULL, &s->calc)
            : snn_unit_latest(unit, SPIKES[end]);
    return s->calc.status
               ? s->calc.status
               : snn_spikes_events(spikes, s->calc.fail, &s->events[end]);
}

/* A trace of this size at all places of the other end. */
static const snn_tensor *flat(const snn_unit *unit, const part *p, double size,
                              spikes_step *s)
{
    const snn_connection *c = unit->cell->connection;
    int64_t batch = p->spikes->rows;
    snn_shape shape = { .ndim = 2, .size = { batch, c->outputs } };
    if (p->term->when == SNN_AT_POST && s->by_columns) {
        shape.size[0] = p->spikes->count;
        shape.size[1] = c->inputs;
    } else if (p->term->when == SNN_AT_POST)
        shape.size[1] =
            s->is_delayed
                ? snn_param_count(&c->weight)
                : snn_tensor_count(
                      snn_unit_latest(unit, SPIKES[SNN_AT_PRE])) / batch;
    const snn_tensor like = { .shape = shape,
                              .dtype = snn_connection_common(c)->dtype };
    return snn_calc_full(&s->calc, &like, size);
}

/* At the places of each event's column. */
static const snn_tensor *column_traces(const snn_unit *unit, const part *p,
                                       spikes_step *s)
{
    snn_tensor *out = snn_calc_new(&s->calc);
    if (!out) return NULL;
    return snn_calc_made(&s->calc,
                         snn_delayed_traces(unit, p->term->trace, p->spikes,
                                            s->calc.fail, out),
                         out);
}

static const snn_tensor *find_trace(const snn_unit *unit, const part *p,
                                    spikes_step *s)
{
    const snn_term *term = p->term;
    if (!term->trace) return flat(unit, p, fabs(term->rate(unit->args)), s);
    if (s->by_events && term->when == SNN_AT_POST)
        return column_traces(unit, p, s);
    return s->is_delayed && term->when == SNN_AT_POST
               ? arrived(unit, term->trace, p->spikes, &s->calc)
               : snn_unit_latest(unit, term->trace);
}

static snn_status find(const snn_unit *unit, part *p, spikes_step *s)
{
    const snn_connection_model *m = unit->cell->connection->model;
    int end = (int)p->term->when;
    if (s->is_delayed && !(s->by_columns && end == SNN_AT_POST))
        p->pairing = end == SNN_AT_POST ? m->pair_post_each : m->pair_pre_each;
    else
        p->pairing = end == SNN_AT_POST ? m->pair_post : m->pair_pre;
    snn_status status = find_events(unit, end, s);
    if (status) return status;
    p->spikes = s->events[end];
    p->weight = NULL;
    p->trace = find_trace(unit, p, s);
    return s->calc.status;
}

static snn_status set_apart(const snn_unit *unit, spikes_step *s,
                            snn_fail *fail)
{
    const snn_events *post = s->events[SNN_AT_POST];
    if (!s->by_columns || !post) return SNN_OK;
    size_t bytes = ((size_t)post->count + 1) * sizeof *s->alone;
    s->alone = snn_pool_take(bytes);
    if (!s->alone) return snn_fail_memory(fail, unit->model->name, bytes);
    for (int32_t i = 0; i <= post->count; i++) s->alone[i] = i;
    return SNN_OK;
}

/* ---- traces of their own, a step before ---- */

static double value_at(const snn_tensor *t, int64_t i)
{
    return t->dtype == SNN_FLOAT64 ? snn_tensor_f64(t)[i]
                                   : (double)snn_tensor_f32(t)[i];
}

/* Where each event is. */
static snn_status own_before(const snn_unit *unit, const part *p,
                             snn_fail *fail)
{
    const snn_events *events = p->spikes;
    snn_tensor slow;
    snn_status status =
        snn_reducer_view(&snn_unit_recorder(unit, p->term->own)->reducer,
                         unit->step_time, 0, fail, &slow);
    if (status) return status;
    double *out = p->weight;
    for (int64_t b = 0; b < events->rows; b++)
        for (int32_t e = events->offset[b]; e < events->offset[b + 1]; e++)
            out[e] = value_at(&slow, b * events->columns + events->index[e]);
    snn_tensor_clear(&slow);
    return SNN_OK;
}

/* The same of the input, where delays may change. */
static snn_status own_sent(const snn_unit *unit, const spikes_step *s,
                           const part *p, snn_fail *fail)
{
    bool are_kept = false;
    if (s->by_events) {
        snn_status told = snn_delayed_own(unit, p->term->own, unit->step_time,
                                          p->spikes, fail, p->weight, &are_kept);
        if (told || are_kept) return told;
    }
    snn_tensor selector;
    snn_status status =
        snn_connection_selector(unit->cell->connection, fail, &selector);
    if (status) return status;
    const snn_reducer *own = &snn_unit_recorder(unit, p->term->own)->reducer;
    const snn_pattern *rows = snn_connection_rows_of(unit->cell->connection);
    double tolerance = snn_unit_args(unit)->interp_tolerance;
    status = rows ? snn_reducer_view_row_events(own, rows, &selector,
                                                unit->step_time, tolerance,
                                                p->spikes, fail, p->weight)
                  : snn_reducer_view_events(own, &selector, unit->step_time,
                                            tolerance, p->spikes, fail,
                                            p->weight);
    snn_tensor_clear(&selector);
    return status;
}

/* What each event is weighted with. */
static snn_status weigh_events(const snn_unit *unit, const snn_call *call,
                               int i, spikes_step *s, snn_fail *fail)
{
    part *p = &s->part[i];
    const snn_signal *signal = &call->signal;
    bool is_sent = s->is_delayed && p->term->when == SNN_AT_PRE &&
                   snn_unit_args(unit)->delayed;
    snn_status status = is_sent ? own_sent(unit, s, p, fail)
                                : own_before(unit, p, fail);
    if (status) return status;
    double alone = p->term->alone(unit->args);
    double kept = p->term->kept(unit->args, unit->step_time);
    const snn_events *events = p->spikes;
    for (int64_t b = 0; b < events->rows; b++) {
        double scale = p->scale;
        if (signal->samples) {
            snn_side side =
                snn_signal_side(signal, snn_unit_rate(unit, i), b);
            scale = s->weights.of[side][i][b];
        }
        double *weight = p->weight;
        int32_t end = events->offset[b + 1];
        for (int32_t e = events->offset[b]; e < end; e++)
            weight[e] = scale * (alone + kept * weight[e]);
    }
    return SNN_OK;
}

static snn_status weigh_own(const snn_unit *unit, const snn_call *call,
                            spikes_step *s, snn_fail *fail)
{
    int64_t count = 0;
    for (int i = 0; i < s->count; i++)
        if (s->part[i].term->own) count += s->part[i].spikes->count;
    /* no overflow: as many places are in memory; at least 1 */
    size_t bytes = (size_t)(count + 1) * sizeof(double);
    s->weight = snn_pool_take(bytes);
    if (!s->weight) return snn_fail_memory(fail, unit->model->name, bytes);
    double *next = s->weight;
    snn_status status = SNN_OK;
    for (int i = 0; i < s->count && !status; i++) {
        part *p = &s->part[i];
        if (!p->term->own) continue;
        p->weight = next;
        next += p->spikes->count;
        status = weigh_events(unit, call, i, s, fail);
    }
    return status;
}

/* ---- the step ---- */

static snn_status weigh(const snn_unit *unit, const snn_call *call,
                        spikes_step *s, snn_fail *fail)
{
    int64_t signals = call->signal.samples;
    snn_weighing weighing = { .count = s->count,
                              .samples = signals ? signals : 1,
                              .is_mean = snn_unit_is_mean(unit),
                              .batch = snn_unit_samples(unit) };
    for (int i = 0; i < s->count; i++) {
        weighing.rate[i] = snn_unit_rate(unit, i);
        weighing.gain[i] = gain_of(s->part[i].term, weighing.rate[i]);
        weighing.kept[i] = 1;
    }
    snn_status status = snn_weigh(&call->signal, &weighing, unit->model->name,
                                  fail, &s->weights);
    for (int i = 0; i < s->count && !status; i++) {
        part *p = &s->part[i];
        p->side = snn_signal_side(&call->signal, weighing.rate[i], 0);
        p->scale = s->weights.of[p->side][i][0];
    }
    return status;
}

/* Of compressed rows a side that gets one pairing is told of it. */
static void find_room(const snn_unit *unit, const snn_call *call,
                      const spikes_step *s, snn_pairing_room room[2])
{
    int parts[2] = { 0, 0 };
    for (int i = 0; i < s->count; i++) parts[s->part[i].side]++;
    for (int i = 0; i < s->count; i++) {
        const part *p = &s->part[i];
        bool is_one = parts[p->side] == 1 && !p->weight &&
                      !call->signal.samples && !s->is_delayed;
        if (is_one)
            room[p->side] = snn_connection_pairing_room(
                unit->cell->connection, p->term->when == SNN_AT_POST, p->spikes);
    }
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    spikes_step *s = step;
    const snn_trainer_model *model = unit->model;
    s->count = model->term_count;
    s->is_delayed = snn_unit_delay(unit) > 0;
    s->events[SNN_AT_POST] = s->events[SNN_AT_PRE] = NULL;
    s->calc = snn_calc_of(model->name, fail);
    s->weight = s->weights.of[0][0] = NULL;
    s->arrived = (snn_delayed_events){ .memory = NULL };
    s->alone = NULL;
    bool wants[2] = { false, false }, has_own = false;
    double scale = snn_unit_scale(unit);
    snn_status status = snn_delayed_ready(unit, fail, &s->by_events);
    s->by_columns =
        s->by_events && !snn_connection_rows_of(unit->cell->connection);
    for (int i = 0; i < s->count && !status; i++) {
        part *p = &s->part[i];
        p->term = &model->terms[i];
        double rate = p->term->rate(unit->args);
        p->side = rate >= 0 ? SNN_POS : SNN_NEG;
        p->scale = scale * gain_of(p->term, rate);
        wants[p->side] = true;
        has_own = has_own || p->term->own;
        status = find(unit, p, s);
    }
    if (!status) status = set_apart(unit, s, fail);
    if (!status && call->signal.value) status = weigh(unit, call, s, fail);
    if (!status && has_own) status = weigh_own(unit, call, s, fail);
    snn_pairing_room room[2] = { { .kind = SNN_NO_PAIRS } };
    if (!status && snn_connection_rows_of(unit->cell->connection))
        find_room(unit, call, s, room);
    if (!status)
        status = snn_accumulator_terms(
            acc, call->signal.value ? s->weights.wants : wants, room, fail,
            s->terms.term);
    if (status) close(s);
    return status;
}

/* The events [from, to), which are of one sample. */
static void add_some(const snn_unit *unit, const spikes_step *s, const part *p,
                     int64_t sample, int32_t from, int32_t to, double scale,
                     snn_delta *delta)
{
    const snn_connection *c = unit->cell->connection;
    if (!s->by_columns || p->term->when == SNN_AT_PRE) {
        snn_pair_some(c, p->pairing, p->spikes, p->trace, sample, from, to,
                      scale, delta);
        return;
    }
    const snn_events some = { .rows = to - from, .columns = p->spikes->columns,
                              .count = to - from, .offset = s->alone,
                              .index = p->spikes->index + from };
    snn_tensor traces = *p->trace; /* borrowed */
    traces.offset += from * traces.shape.size[1];
    traces.shape.size[0] = to - from;
    p->pairing(c, &some, &traces, scale, delta);
}

/* The events of a sample, each with its weight. */
static void add_weighted(const snn_unit *unit, const spikes_step *s,
                         const part *p, int64_t b, snn_delta *delta)
{
    int32_t from = p->spikes->offset[b], to = p->spikes->offset[b + 1];
    if (s->is_delayed && p->term->when == SNN_AT_PRE) {
        snn_pair_weighted_places(unit->cell->connection, p->spikes, b,
                                 p->weight, p->trace, delta);
        return;
    }
    for (int32_t e = from; e < to; e++)
        add_some(unit, s, p, b, e, e + 1, p->weight[e], delta);
}

/* With weights of events, or a signal for each sample. */
static void add_samples(const snn_unit *unit, const snn_call *call,
                        const spikes_step *s, int i)
{
    const part *p = &s->part[i];
    const snn_signal *signal = &call->signal;
    const int32_t *offset = p->spikes->offset;
    for (int64_t b = 0; b < p->spikes->rows; b++) {
        snn_side side = signal->samples
                            ? snn_signal_side(signal, snn_unit_rate(unit, i), b)
                            : p->side;
        snn_delta *delta = s->terms.term[side];
        if (p->weight)
            add_weighted(unit, s, p, b, delta);
        else
            add_some(unit, s, p, b, offset[b], offset[b + 1],
                     s->weights.of[side][i][b], delta);
    }
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    const spikes_step *s = step;
    for (int i = 0; i < s->count; i++) {
        const part *p = &s->part[i];
        if (p->weight || call->signal.samples)
            add_samples(unit, call, s, i);
        else if (s->by_columns && p->term->when == SNN_AT_POST)
            add_some(unit, s, p, 0, 0, (int32_t)p->spikes->count, p->scale,
                     s->terms.term[p->side]);
        else
            p->pairing(unit->cell->connection, p->spikes, p->trace, p->scale,
                       s->terms.term[p->side]);
    }
}

/* ---- on tensors ---- */

static const snn_tensor *record(const snn_unit *unit, bool is_post,
                                const char *name, double ago, snn_calc *calc)
{
    return (is_post ? snn_record_post : snn_record_pre)(unit, name, ago, calc);
}

/* A trace of this size at all places of that side. */
static const snn_tensor *flat_record(const snn_unit *unit, bool is_post,
                                     double size, snn_calc *calc)
{
    const char *name = SPIKES[is_post ? SNN_AT_POST : SNN_AT_PRE];
    return snn_calc_full(calc, record(unit, is_post, name, 0, calc), size);
}

static const snn_tensor *tensor(const snn_unit *unit, const snn_term *term,
                                snn_calc *calc)
{
    bool is_post = term->when == SNN_AT_POST;
    const snn_tensor *x = record(unit, is_post, SPIKES[term->when], 0, calc);
    if (term->own) {
        const snn_tensor *own =
            record(unit, is_post, term->own, unit->step_time, calc);
        own = snn_calc_number(calc, SNN_OP_MUL, own,
                              term->kept(unit->args, unit->step_time));
        own = snn_calc_number(calc, SNN_OP_ADD, own, term->alone(unit->args));
        x = snn_calc_mul(calc, own, x);
    }
    const snn_tensor *trace =
        term->trace
            ? record(unit, !is_post, term->trace, 0, calc)
            : flat_record(unit, !is_post, fabs(term->rate(unit->args)), calc);
    if (term->is_sized)
        trace = snn_calc_number(calc, SNN_OP_MUL, trace,
                                fabs(term->rate(unit->args)));
    return snn_calc_sum_last(calc, snn_calc_mul(calc, x, trace));
}

void snn_spikes_tensors(const snn_unit *unit, snn_calc *calc,
                        const snn_tensor *term[SNN_MOST_TERMS])
{
    for (int i = 0; i < unit->model->term_count; i++)
        term[i] = tensor(unit, &unit->model->terms[i], calc);
}

const snn_form snn_form_spikes = {
    .check = check,
    .steps = steps,
    .step_size = sizeof(spikes_step),
    .open = open,
    .add = add,
    .close = close,
    .tensors = snn_spikes_tensors,
};
