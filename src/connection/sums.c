/* The two slots take turns: a step that writes all, writes into the one that the
   newest sums are not in, so that it fails and is taken back at no cost. One that
   writes some writes in place, and has a log of what was there. */
#include "connection/sums.h"

#include <math.h>
#include <string.h>

#include "connection/product.h"
#include "formula/decay.h"
#include "connection/sums_run.h"
#include "connection/sums_arrive.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/pool.h"

/* Time constants after which sums are written, however little arrives: then no
   number on the way from them is too small to be exact. */
static const double LONG = 200;

bool snn_sums_are_off;

/* ---- which ---- */

enum { NO_LAG = SNN_SUMS_NO_LAG, BY_ARRIVALS = SNN_SUMS_BY_ARRIVALS };

/* The delay in steps, where it is such a one for all; others are met by what
   arrives. */
static int64_t lag_of(const snn_connection *connection)
{
    const snn_param *delay = &connection->delay;
    int32_t age = 0;
    double wide = 1;
    float narrow = 1;
    const bool f64 = snn_product_is_f64(connection);
    if (!snn_connection_is_delayed(connection))
        return snn_synapse_steps(connection->synapse) == 1 ? 0 : NO_LAG;
    if (snn_arrivals_are_off) return NO_LAG;
    if (!snn_param_is_shared(delay)) return BY_ARRIVALS;
    snn_synapse_ages(connection->synapse, false, snn_param_data(delay), 1, &age,
                     f64 ? (void *)&wide : &narrow, NULL);
    return (f64 ? wide == 1 : narrow == 1) ? age : BY_ARRIVALS;
}

bool snn_sums_apply(const snn_connection *connection)
{
    return !snn_sums_are_off && connection->model->arrive &&
           snn_synapse_is_linear(connection->synapse) &&
           lag_of(connection) != NO_LAG;
}

/* The newest step is taken back where it has written in place. False: there is no
   memory for it, and no sums are left. */
static bool take_back(snn_sums *s)
{
    double *y = NULL;
    if (s->log.count > 0) {
        y = snn_tensor_edit(&s->y[s->before.slot][0], true);
        if (y) snn_sums_log_take_back(&s->log, y);
        s->now = s->before;
        s->before.is_held = false;
        s->now.is_held = y != NULL;
    }
    return s->now.is_held;
}

/* Those of a state of the synapse and of the weight as it is; NULL: none. */
static snn_sums_of *find(snn_connection *connection, uint64_t flow)
{
    snn_sums *s = &connection->sums;
    const int64_t lag = lag_of(connection);
    snn_sums_of *all[] = { &s->now, &s->before };
    for (int i = 0; i < 2; i++)
        if (all[i]->is_held && all[i]->flow == flow &&
            all[i]->version == connection->weight.version &&
            all[i]->lag == lag &&
            (lag != BY_ARRIVALS || all[i]->delays == connection->delay.version)) {
            if (i == 0 || s->log.count == 0) return all[i];
            return take_back(s) ? &s->now : NULL;
        }
    return NULL;
}

static snn_shape shape_of(const snn_connection *connection)
{
    int64_t sizes[] = { snn_connection_common(connection)->batch_size,
                        connection->outputs };
    return snn_shape_of(2, sizes);
}

/* The parts of a slot, to write: memory of their own. */
static snn_status open_slot(snn_connection *connection, int slot, snn_fail *fail,
                            double *out[SNN_SUMS_MOST])
{
    const snn_shape shape = shape_of(connection);
    const int parts = snn_synapse_stored(connection->synapse);
    for (int p = 0; p < parts; p++) {
        snn_tensor *y = &connection->sums.y[slot][p];
        if (snn_tensor_is_empty(y) || !snn_shape_equal(&y->shape, &shape)) {
            snn_tensor fresh;
            snn_status status = snn_tensor_new(
                &shape, SNN_FLOAT64, connection->model->name, fail, &fresh);
            if (status) return status;
            snn_tensor_move(&fresh, y);
        }
        out[p] = snn_tensor_edit(y, false);
        if (!out[p])
            return snn_fail_memory(fail, connection->model->name,
                                   snn_tensor_bytes(y));
    }
    return SNN_OK;
}

/* ---- steps ---- */

static bool is_long(const snn_synapse *synapse, int64_t steps)
{
    const double dt = snn_synapse_common(synapse)->step_time;
    double least = INFINITY;
    for (int p = 0; p < snn_synapse_stored(synapse); p++)
        least = fmin(least, snn_synapse_law_of(synapse, p)->time_constant);
    return (double)steps * dt > LONG * least;
}

double snn_sums_growth(const snn_synapse *synapse, int64_t steps)
{
    const double time = (double)steps * snn_synapse_common(synapse)->step_time;
    const double tau = snn_synapse_law_of(synapse, 0)->time_constant;
    return is_long(synapse, steps) ? 0 : snn_decay(-time, tau);
}

/* What is left of sums `steps` steps later. */
static void carry_of(const snn_synapse *synapse, int64_t steps,
                     snn_sums_run *run)
{
    const double dt = snn_synapse_common(synapse)->step_time;
    const double time = (double)steps * dt;
    double tau[SNN_SUMS_MOST] = { 1, 1 };
    run->parts = snn_synapse_stored(synapse);
    for (int p = 0; p < run->parts; p++) {
        tau[p] = snn_synapse_law_of(synapse, p)->time_constant;
        run->decay[p] = snn_decay(time, tau[p]);
    }
    run->feed = run->parts < 2 || steps == 0 ? 0
                                             : snn_driven(time, tau[0], tau[1]);
    run->growth = run->parts == 1 ? snn_sums_growth(synapse, steps) : 0;
}

static snn_sums_run run_of(const snn_connection *connection, int slot, void *out)
{
    snn_sums_run run = {
        .batch = snn_connection_common(connection)->batch_size,
        .columns = connection->outputs,
        .bias = connection->biases == connection->outputs
                    ? snn_product_bias(connection)
                    : NULL, /* who keeps its bias otherwise adds it after */
        .out = out,
    };
    for (int p = 0; p < snn_synapse_stored(connection->synapse); p++)
        run.y[p] = snn_tensor_f64(&connection->sums.y[slot][p]);
    return run;
}

/* The sums `of` are those of the synapse's state now. */
static void commit(snn_connection *connection, const snn_sums_of *was,
                   int slot, int64_t age, bool is_held)
{
    snn_sums *s = &connection->sums;
    s->log.count = 0;
    s->before = was ? *was : (snn_sums_of){ .is_held = false };
    s->now = (snn_sums_of){ .is_held = is_held, .slot = slot, .age = age,
                            .lag = lag_of(connection),
                            .delays = connection->delay.version,
                            .flow = snn_synapse_flow(connection->synapse),
                            .version = connection->weight.version };
}

/* A part's sums from its currents; whether all are finite. */
static snn_status sum_part(snn_connection *connection, int part, snn_fail *fail,
                           void *room, double *y, bool *is_finite)
{
    const int64_t lag = lag_of(connection);
    const bool is_all = lag == BY_ARRIVALS;
    const snn_arrive to = {
        .gain = 1, .out = room, .is_all = is_all, .part = part,
        .value = is_all ? NULL
                        : snn_synapse_part_ago(connection->synapse, part, lag)
    };
    snn_status status = connection->model->arrive(connection, &to, fail);
    if (status) return status;
    const snn_shape shape = shape_of(connection);
    const int64_t n = snn_shape_count(&shape);
    const double *d = room;
    const float *f = room;
    const bool f64 = snn_product_is_f64(connection);
    int others = 0;
    for (int64_t i = 0; i < n; i++) {
        y[i] = f64 ? d[i] : (double)f[i];
        others |= y[i] * 0 != 0;
    }
    *is_finite = *is_finite && !others;
    return SNN_OK;
}

/* From all currents and weights. What is not finite may become so again, by other
   currents or weights: such sums are not kept. */
static snn_status sum_anew(snn_connection *connection, const snn_sums_of *was,
                           snn_fail *fail, void *out)
{
    const snn_synapse *synapse = connection->synapse;
    const int slot = was ? 1 - was->slot : 0;
    double *y[SNN_SUMS_MOST];
    bool is_finite = true;
    snn_status status = snn_synapse_show(synapse, fail);
    if (!status) status = open_slot(connection, slot, fail, y);
    for (int p = 0; p < snn_synapse_stored(synapse) && !status; p++)
        status = sum_part(connection, p, fail, out, y[p], &is_finite);
    if (status) return status;
    snn_sums_run run = run_of(connection, slot, out);
    carry_of(synapse, 0, &run);
    snn_sums_do(&run, snn_product_is_f64(connection));
    commit(connection, was, slot, 0, is_finite);
    return SNN_OK;
}

/* Before a first step all was silent: so are the sums. */
static snn_status begin(snn_connection *connection, snn_fail *fail,
                        snn_sums_of *out)
{
    double *y[SNN_SUMS_MOST];
    const snn_shape shape = shape_of(connection);
    const size_t bytes = (size_t)snn_shape_count(&shape) * sizeof(double);
    connection->sums.now.is_held = connection->sums.before.is_held = false;
    connection->sums.log.count = 0;
    snn_status status = open_slot(connection, 0, fail, y);
    if (status) return status;
    for (int p = 0; p < snn_synapse_stored(connection->synapse); p++)
        memset(y[p], 0, bytes);
    *out = (snn_sums_of){ .is_held = true };
    return SNN_OK;
}

/* Whether what arrives is all that makes the currents at the delays: spikes of
   steps whose currents followed from them. */
static bool follows(const snn_connection *connection)
{
    const int64_t lag = lag_of(connection);
    const int64_t followed = snn_synapse_followed(connection->synapse);
    return lag >= 0 ? lag < followed
                    : snn_synapse_steps(connection->synapse) <= followed;
}

/* The spikes that arrive with all their elements, 1 each, of compressed rows; NULL
   where these are no such. */
static const snn_events *events_of(const snn_connection *connection)
{
    const snn_synapse *synapse = connection->synapse;
    const int64_t lag = lag_of(connection);
    const snn_events *events;
    snn_fail none;
    if (!snn_connection_rows_of(connection) || lag < 0 ||
        snn_synapse_worth(synapse, lag) ||
        snn_spikes_events(snn_synapse_spike_ago(synapse, lag), &none, &events))
        return NULL;
    return events;
}

static snn_sums_some some_of(snn_connection *connection, const snn_events *events,
                             const snn_sums_run *run)
{
    const snn_pattern *p = connection->weight.pattern;
    return (snn_sums_some){
        .of = { .rows = p->inputs, .columns = p->outputs, .first = p->first,
                .column = p->post, .ascends = p->ascends },
        .batch = run->batch,
        .offset = events->offset,
        .index = events->index,
        .weight = snn_param_data(&connection->weight),
        .gain = snn_synapse_law_of(connection->synapse, 0)->gain,
        .growth = run->growth,
        .out = connection->view ? NULL : run->out,
    };
}

static snn_sums_view view_of(const snn_connection *connection,
                             const snn_sums_run *run, const double *y)
{
    return (snn_sums_view){ .y = y, .decay = run->decay[0], .bias = run->bias,
                            .columns = run->columns,
                            .is_f64 = snn_product_is_f64(connection) };
}

/* The step in place, where few outputs are met; else `is_made` is false and nothing
   has changed. */
static snn_status step_some(snn_connection *connection, const snn_sums_run *run,
                            snn_fail *fail, bool *is_made)
{
    enum { FEW = 8 }; /* of so many outputs one is met: as quick as all of them */
    snn_sums *sums = &connection->sums;
    const bool f64 = snn_product_is_f64(connection);
    const snn_events *events = run->growth != 0 ? events_of(connection) : NULL;
    *is_made = false;
    if (!events || events->count == 0) return SNN_OK;
    snn_sums_some s = some_of(connection, events, run);
    const int64_t count = snn_sums_some_count(&s);
    if (count > run->batch * run->columns / FEW) return SNN_OK;
    const snn_sums_of was = sums->now;
    snn_status status = snn_sums_log_open(&sums->log, &s, count, f64, fail);
    if (status) return status;
    s.y = snn_tensor_edit(&sums->y[was.slot][0], true);
    s.view = view_of(connection, run, s.y);
    if (!s.y)
        return snn_fail_memory(fail, connection->model->name,
                               snn_tensor_bytes(&sums->y[was.slot][0]));
    sums->before.is_held = false; /* the log is this step's now */
    *is_made = snn_sums_some_run(&s, count, f64, &sums->log);
    if (!*is_made) return SNN_OK;
    const int64_t logged = sums->log.count;
    commit(connection, &was, was.slot, was.age + 1, true);
    sums->log.count = logged;
    if (connection->view) *connection->view = s.view;
    return SNN_OK;
}

/* What the last part has given the first since its spikes, which arrive between two
   steps: `more` goes into the sums of the first, and `out`. Whether all are finite. */
static bool drive(snn_connection *connection, int slot, const void *more, void *out)
{
    const bool f64 = snn_product_is_f64(connection);
    const snn_shape shape = shape_of(connection);
    const int64_t n = snn_shape_count(&shape);
    snn_sums_run run = run_of(connection, slot, out);
    double *z = snn_tensor_edit(&connection->sums.y[slot][0], true);
    int others = 0;
    snn_sums_add(z, 1, more, n, f64);
    for (int64_t i = 0; i < n; i++) others |= z[i] * 0 != 0;
    carry_of(connection->synapse, 0, &run);
    snn_sums_do(&run, f64);
    return !others;
}

/* What arrives, into `out`; and what drives the first part, into `more`, of the
   pool, if anything does. */
static snn_status arrive_all(snn_connection *connection, const snn_sums_incoming *in,
                             snn_fail *fail, void *out, void **more)
{
    const int last = snn_synapse_stored(connection->synapse) - 1;
    const snn_shape shape = shape_of(connection);
    const size_t bytes = (size_t)snn_shape_count(&shape) * sizeof(double);
    snn_status status = SNN_OK;
    *more = NULL;
    if (in->is_any) status = snn_sums_arrive(connection, in, last, fail, out);
    if (status || !in->drives) return status;
    *more = snn_pool_take(bytes);
    if (!*more) return snn_fail_memory(fail, connection->model->name, bytes);
    status = snn_sums_arrive(connection, in, 0, fail, *more);
    if (status) {
        snn_pool_give(*more);
        *more = NULL;
    }
    return status;
}

/* With what arrives, or after a long time. */
static snn_status write(snn_connection *connection, const snn_sums_of *was,
                        const snn_sums_incoming *in, snn_fail *fail, void *out)
{
    const int slot = 1 - was->slot;
    void *more;
    snn_status status = arrive_all(connection, in, fail, out, &more);
    snn_sums_run run = run_of(connection, was->slot, out);
    carry_of(connection->synapse, was->age + 1, &run);
    if (!status) status = open_slot(connection, slot, fail, run.z);
    if (status) {
        snn_pool_give(more);
        return status;
    }
    if (in->is_any) run.arrived = out;
    bool is_finite = snn_sums_do(&run, snn_product_is_f64(connection));
    if (more) is_finite = is_finite && drive(connection, slot, more, out);
    snn_pool_give(more);
    if (!is_finite) return sum_anew(connection, was, fail, out);
    commit(connection, was, slot, run.growth != 0 ? was->age + 1 : 0, true);
    return SNN_OK;
}

/* The step in which nothing arrives. */
static void step_quiet(snn_connection *connection, const snn_sums_run *run,
                       const snn_sums_of *was)
{
    if (connection->view && run->parts == 1)
        *connection->view = view_of(connection, run, run->y[0]);
    else
        snn_sums_do(run, snn_product_is_f64(connection));
    commit(connection, was, was->slot, was->age + 1, true);
}

snn_status snn_sums_step(snn_connection *connection, snn_fail *fail, void *out)
{
    const snn_synapse *synapse = connection->synapse;
    const snn_sums_of *found =
        find(connection, snn_synapse_flow_before(synapse));
    snn_sums_of was = { .is_held = false };
    snn_status status = SNN_OK;
    if (found)
        was = *found;
    else if (snn_synapse_began(synapse))
        status = begin(connection, fail, &was);
    if (status) return status;
    if (!was.is_held || !follows(connection))
        return sum_anew(connection, found, fail, out);
    snn_sums_run run = run_of(connection, was.slot, out);
    carry_of(synapse, was.age + 1, &run);
    bool is_made = false;
    snn_sums_incoming in;
    if (found == &connection->sums.now)
        status = step_some(connection, &run, fail, &is_made);
    if (!status && !is_made) status = snn_sums_look(connection, lag_of(connection), fail, &in);
    if (status || is_made) return status;
    if (in.is_lost) return sum_anew(connection, &was, fail, out);
    bool writes = in.is_any || is_long(synapse, was.age + 1);
    if (!writes && run.growth == 0)
        status = snn_synapse_is_live(synapse, &connection->sums.quiet, fail, &writes);
    if (status) return status;
    if (writes) return write(connection, &was, &in, fail, out);
    step_quiet(connection, &run, &was);
    return SNN_OK;
}

snn_sums_of *snn_sums_newest(snn_connection *connection)
{
    snn_sums_of *now = &connection->sums.now;
    const bool is_one = snn_synapse_stored(connection->synapse) == 1;
    if (!now->is_held || !snn_sums_apply(connection) ||
        find(connection, snn_synapse_flow(connection->synapse)) != now ||
        snn_sums_growth(connection->synapse, now->age) == 0 ||
        (now->lag != 0 && !(follows(connection) &&
                            (is_one || (now->lag > 0 && now->age == 0)))))
        return NULL;
    connection->sums.before.is_held = false; /* who asks may write in place */
    connection->sums.log.count = 0;
    return now;
}

/* ---- as a saved state ---- */

enum { AGE, DIGEST, HEAD }; /* before the sums */

static snn_status take_offered(snn_connection *connection, snn_fail *fail)
{
    snn_sums *s = &connection->sums;
    const int64_t outputs = connection->outputs;
    const int64_t n = snn_connection_common(connection)->batch_size * outputs;
    const int parts = snn_synapse_stored(connection->synapse);
    uint64_t digest = 0;
    double *y[SNN_SUMS_MOST];
    if (snn_tensor_is_empty(&s->offered)) return SNN_OK;
    snn_status status = SNN_OK;
    if (snn_sums_apply(connection))
        status = snn_synapse_digest(connection->synapse, fail, &digest);
    if (!status && digest != 0 &&
        snn_tensor_count(&s->offered) == HEAD + parts * n &&
        s->offered_version == connection->weight.version &&
        s->offered_delays == connection->delay.version) {
        const double *from = snn_tensor_f64(&s->offered);
        if (from[DIGEST] == (double)digest && from[AGE] >= 0 && from[AGE] < 9e15) {
            status = open_slot(connection, 0, fail, y);
            for (int p = 0; p < parts && !status; p++)
                memcpy(y[p], from + HEAD + p * n, (size_t)n * sizeof(double));
            if (!status)
                commit(connection, NULL, 0, (int64_t)from[AGE], true);
        }
    }
    if (!status) snn_tensor_clear(&s->offered);
    return status;
}

snn_status snn_sums_ready(snn_connection *connection, snn_fail *fail)
{
    return take_offered(connection, fail);
}

snn_status snn_sums_read(const void *self, const snn_state_row *row,
                         snn_fail *fail, snn_tensor *out)
{
    snn_connection *connection = (snn_connection *)(uintptr_t)self;
    uint64_t digest = 0;
    *out = SNN_NO_TENSOR;
    snn_status status = take_offered(connection, fail);
    if (status || !snn_sums_apply(connection)) return status;
    const snn_sums_of *now =
        find(connection, snn_synapse_flow(connection->synapse));
    if (!now) return SNN_OK;
    status = snn_synapse_digest(connection->synapse, fail, &digest);
    if (status || digest == 0) return status;
    const int parts = snn_synapse_stored(connection->synapse);
    const snn_shape one = shape_of(connection);
    const int64_t n = snn_shape_count(&one), size = HEAD + parts * n;
    const snn_shape shape = snn_shape_of(1, &size);
    status = snn_tensor_new(&shape, SNN_FLOAT64, row->name, fail, out);
    if (status) return status;
    double *to = snn_tensor_edit(out, false);
    to[AGE] = (double)now->age;
    to[DIGEST] = (double)digest;
    for (int p = 0; p < parts; p++)
        memcpy(to + HEAD + p * n,
               snn_tensor_f64(&connection->sums.y[now->slot][p]),
               (size_t)n * sizeof(double));
    return SNN_OK;
}

snn_status snn_sums_write(void *self, const snn_state_row *row,
                          const snn_tensor *value, const char *where,
                          snn_fail *fail)
{
    (void)row, (void)where;
    snn_connection *connection = self;
    snn_tensor wide = SNN_NO_TENSOR;
    snn_status status =
        value ? snn_tensor_to(value, SNN_FLOAT64, fail, &wide) : SNN_OK;
    if (status) return status;
    snn_tensor_move(&wide, &connection->sums.offered);
    connection->sums.offered_version = connection->weight.version;
    connection->sums.offered_delays = connection->delay.version;
    connection->sums.now.is_held = connection->sums.before.is_held = false;
    return SNN_OK;
}
