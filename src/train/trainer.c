/* What all models do around their own functions: recorders follow the cell's
   step time and delays, a call is checked whole before a model's `open`
   begins. */
#include "train/trainer.h"

#include <inttypes.h>
#include <string.h>

#include "util/mem.h"

/* Rules of pairs find the synapses of an output. */
static snn_status make_columns(const snn_trainer_model *model,
                               const snn_connection *connection, snn_fail *fail)
{
    bool is_paired = model->term_count > 0 || model->form->has_kernels;
    return is_paired && snn_connection_rows_of(connection)
               ? snn_pattern_columns(connection->weight.pattern, fail)
               : SNN_OK;
}

snn_status snn_unit_new(const snn_trainer_model *model, const void *args,
                        snn_cell *cell, snn_fail *fail, snn_unit **out)
{
    *out = NULL;
    snn_unit *unit = snn_mem_zeroed(sizeof *unit);
    if (unit) unit->args = snn_mem_alloc(model->args_size);
    if (!unit || !unit->args) {
        snn_unit_free(unit);
        return snn_fail_memory(fail, model->name,
                               sizeof *unit + model->args_size);
    }
    if (model->form->record) {
        unit->eligibility = snn_eligibility_new(cell->connection);
        if (!unit->eligibility) {
            snn_unit_free(unit);
            return snn_fail_memory(fail, model->name, sizeof(snn_eligibility));
        }
    }
    if (model->form->stands)
        unit->standing = snn_mem_zeroed(sizeof *unit->standing);
    unit->ages = snn_mem_zeroed(sizeof *unit->ages);
    if (!unit->ages || (model->form->stands && !unit->standing)) {
        snn_unit_free(unit);
        return snn_fail_memory(fail, model->name, sizeof *unit->standing);
    }
    snn_status status = make_columns(model, cell->connection, fail);
    if (status) {
        snn_unit_free(unit);
        return status;
    }
    memcpy(unit->args, args, model->args_size);
    unit->model = model;
    unit->cell = cell;
    unit->step_time = snn_connection_common(cell->connection)->step_time;
    model->add_recorders(unit);
    *out = unit;
    return SNN_OK;
}

void snn_unit_free(snn_unit *unit)
{
    if (!unit) return;
    snn_observer_leave(&unit->observer);
    snn_unit_release(unit, false);
    snn_recorders_clear(&unit->recorders);
    snn_eligibility_free(unit->eligibility);
    if (unit->standing) snn_standing_clear(unit->standing);
    snn_mem_free(unit->standing);
    if (unit->ages) snn_ages_clear(unit->ages);
    snn_mem_free(unit->ages);
    snn_tensor_clear(&unit->arrived);
    snn_mem_free(unit->args);
    snn_mem_free(unit);
}

void snn_unit_clear(snn_unit *unit)
{
    snn_recorders_clear(&unit->recorders);
    if (unit->eligibility) snn_eligibility_clear(unit->eligibility);
    if (unit->standing) snn_standing_clear(unit->standing);
}

/* Samples that the newest record was made of. */
static int64_t samples_of(const snn_recorder *recorder)
{
    return snn_reducer_latest(&recorder->reducer)->shape.size[0];
}

/* A wiring may give the neurons another number of samples than the connection
   had, and a batch size may have changed after half a step. */
static snn_status check_batches(const snn_unit *unit, snn_fail *fail)
{
    const snn_recorder *first = &unit->recorders.recorder[0];
    for (int i = 1; i < unit->recorders.count; i++) {
        const snn_recorder *r = &unit->recorders.recorder[i];
        if (samples_of(r) != samples_of(first))
            return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                                "%s: '%s' was recorded for %" PRId64
                                " samples, '%s' for %" PRId64,
                                unit->model->name, first->name,
                                samples_of(first), r->name, samples_of(r));
    }
    return SNN_OK;
}

/* What a recorder of this source would see of so many samples now. */
static snn_shape shape_now(const snn_cell *cell, snn_source source,
                           int64_t samples)
{
    const snn_connection *connection = cell->connection;
    snn_tensor t = { .shape = snn_synapse_batched_shape(connection->synapse) };
    if (source == SNN_POST)
        t.shape = snn_neuron_batched_shape(cell->neuron);
    else if (source == SNN_ARRIVED && snn_connection_is_delayed(connection))
        connection->model->lay_selector(connection, &t);
    t.shape.size[0] = samples;
    return t.shape;
}

/* Whether that has the shape of what was seen then. */
static bool fits(const snn_cell *cell, snn_source source,
                 const snn_shape *then)
{
    const snn_connection *connection = cell->connection;
    int64_t samples = then->size[0]; /* see check_batches */
    if (source == SNN_ARRIVED && snn_connection_is_delayed(connection)) {
        snn_shape now = shape_now(cell, source, samples);
        return snn_shape_equal(then, &now);
    }
    return snn_shape_is_batch(
        then, samples,
        source == SNN_POST ? &snn_neuron_args_of(cell->neuron)->shape
                           : &snn_synapse_common(connection->synapse)->shape);
}

static snn_status bad_shape(const snn_unit *unit, const snn_recorder *r,
                            const snn_shape *then, const snn_shape *now,
                            snn_fail *fail)
{
    char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    if (r->source == SNN_ARRIVED && then->ndim != now->ndim)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: delays have come or gone since '%s' was "
                            "recorded, the layer must make a step first",
                            unit->model->name, r->name);
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: '%s' has shape %s, must have %s; the layer must "
                        "make a step first",
                        unit->model->name, r->name, snn_shape_text(then, got),
                        snn_shape_text(now, want));
}

/* With delays each place of the weight has spikes of its own, and a script may
   have given the connection another synapse since the step, or the trainer the
   state of another one. */
static snn_status check_shapes(const snn_unit *unit, snn_fail *fail)
{
    for (int i = 0; i < unit->recorders.count; i++) {
        const snn_recorder *r = &unit->recorders.recorder[i];
        const snn_shape *then = &snn_reducer_latest(&r->reducer)->shape;
        if (fits(unit->cell, r->source, then)) continue;
        snn_shape now = shape_now(unit->cell, r->source, then->size[0]);
        return bad_shape(unit, r, then, &now, fail);
    }
    return SNN_OK;
}

snn_status snn_unit_has_no_step(const snn_unit *unit, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: the layer has made no step since the cell was "
                        "registered or the trainer cleared",
                        unit->model->name);
}

static snn_status check_signal(const snn_unit *unit, const snn_signal *signal,
                               snn_fail *fail)
{
    const char *name = unit->model->name;
    if (unit->model->needs_signal && !signal->value)
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: 'signal' must be a number or a tensor "
                            "(batch), got nil", name);
    const snn_connection *connection = unit->cell->connection;
    return snn_signal_check_dtype(
        signal, snn_connection_common(connection)->dtype, name, fail);
}

snn_status snn_unit_check(const snn_unit *unit, const snn_call *call,
                          snn_fail *fail)
{
    if (unit->cell->is_dead)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: the cell was deleted from its layer",
                            unit->model->name);
    for (int i = 0; i < unit->recorders.count; i++)
        if (!snn_reducer_latest(&unit->recorders.recorder[i].reducer))
            return snn_unit_has_no_step(unit, fail);
    snn_status status = SNN_OK;
    /* pairs that are remembered are told of when they are recorded */
    if (!unit->eligibility) status = check_shapes(unit, fail);
    if (!status) status = check_batches(unit, fail);
    if (!status) status = check_signal(unit, &call->signal, fail);
    const snn_form *form = unit->model->form;
    return status || !form->check ? status : form->check(unit, call, fail);
}

/* ---- recording ---- */

static bool sees_arrivals(const snn_unit *unit)
{
    bool found = false;
    for (int i = 0; i < unit->recorders.count; i++)
        found = found || unit->recorders.recorder[i].source == SNN_ARRIVED;
    return found && snn_unit_delay(unit) > 0;
}

/* Whether the rule remembers pairs, and the step that is prepared for has events
   of them: as it is, whatever a script has done with the delays since. */
static bool has_events(const snn_unit *unit)
{
    return unit->eligibility &&
           (snn_tensor_is_empty(&unit->arrived) ||
            unit->cell->connection->model->pairs_each);
}

/* The cell may have another step time than when it was registered. */
static snn_status follow_step_time(snn_unit *unit, snn_fail *fail)
{
    double dt = snn_connection_common(unit->cell->connection)->step_time;
    if (dt == unit->step_time) return SNN_OK;
    snn_status status =
        snn_recorders_set_step(&unit->recorders, dt, unit->model->name, fail);
    if (status == SNN_OK) unit->step_time = dt;
    return status;
}

snn_status snn_unit_prepare(snn_unit *unit, snn_fail *fail)
{
    const snn_cell *cell = unit->cell;
    snn_status followed = follow_step_time(unit, fail);
    if (followed) return followed;
    snn_shape pre = snn_synapse_batched_shape(cell->connection->synapse);
    snn_shape shape[SNN_SOURCES] = {
        [SNN_POST] = snn_neuron_batched_shape(cell->neuron),
        [SNN_PRE] = pre,
        [SNN_ARRIVED] = pre,
    };
    snn_tensor_clear(&unit->arrived);
    if (sees_arrivals(unit)) {
        snn_status status =
            snn_unit_arrivals(unit, fail, &unit->arrived);
        if (status) return status;
        shape[SNN_ARRIVED] = unit->arrived.shape;
    }
    snn_status status = snn_recorders_prepare(&unit->recorders, shape, fail);
    return status || !has_events(unit) ? status
                                       : unit->model->form->prepare(unit, fail);
}

void snn_unit_record_step(snn_unit *unit)
{
    const snn_cell *cell = unit->cell;
    const snn_tensor *pre = snn_synapse_spike(cell->connection->synapse);
    bool has_arrived = !snn_tensor_is_empty(&unit->arrived);
    const snn_tensor *spikes[SNN_SOURCES] = {
        [SNN_POST] = snn_neuron_spike(cell->neuron),
        [SNN_PRE] = pre,
        [SNN_ARRIVED] = has_arrived ? &unit->arrived : pre,
    };
    bool is_recorded = snn_recorders_record(&unit->recorders, spikes);
    if (is_recorded && has_events(unit)) unit->model->form->record(unit);
}

static snn_status prepare(void *self, snn_fail *fail)
{
    return snn_unit_prepare(self, fail);
}

static void record(void *self) { snn_unit_record_step(self); }

static snn_status keep(void *self, snn_fail *fail)
{
    return snn_unit_keep(self, fail);
}

static void release(void *self, bool undo) { snn_unit_release(self, undo); }

/* Steps that were recorded without events of what the rule remembers. */
static bool follows(const void *self)
{
    const snn_unit *unit = self;
    return unit->eligibility &&
           !snn_eligibility_has_events(unit->cell->connection);
}

static snn_status follow(void *self, snn_fail *fail)
{
    snn_unit *unit = self;
    return follows(unit) ? unit->model->form->follow(unit, fail) : SNN_OK;
}

static const snn_observing unit_observing = { prepare, record, follows,
                                              follow,  keep,   release };

void snn_unit_join(snn_unit *unit, const bool *is_active)
{
    snn_observer_leave(&unit->observer);
    unit->observer.is_active = is_active;
    unit->observer.does = &unit_observing;
    unit->observer.self = unit;
    snn_observer_join(&unit->observer, &unit->cell->observers);
    if (unit->eligibility) unit->cell->is_followed = true;
}

const char *snn_trainer_trains(const snn_trainer_model *model,
                               const void *args)
{
    return model->trained ? model->trained(args) : model->trains;
}

snn_recorder *snn_unit_record(snn_unit *unit, const char *name,
                              snn_source source, const snn_reducer_model *model,
                              snn_reducer_args args)
{
    args.step_time = unit->step_time;
    args.inclusive = true;
    return snn_recorders_add(&unit->recorders, name, source, model,
                             snn_connection_common(unit->cell->connection)->dtype,
                             &args);
}

double snn_unit_delay(const snn_unit *unit)
{
    return snn_connection_delayed_by(unit->cell->connection);
}

bool snn_unit_steps(const snn_unit *unit, const snn_call *call)
{
    const snn_form *form = unit->model->form;
    return form->steps &&
           snn_unit_args(unit)->batch_reduction <= SNN_BATCH_SUM &&
           form->steps(unit, call);
}

snn_status snn_unit_arrived(const snn_unit *unit, const char *name,
                            const snn_events *post, snn_fail *fail,
                            snn_tensor *out)
{
    const snn_trainer_args *args = unit->args;
    const snn_recorder *recorder = snn_unit_recorder(unit, name);
    if (!args->delayed || recorder->source == SNN_ARRIVED ||
        snn_unit_delay(unit) == 0)
        return snn_tensor_share(snn_reducer_latest(&recorder->reducer), false,
                                fail, out);
    snn_tensor selector;
    *out = SNN_NO_TENSOR;
    snn_status status =
        snn_connection_selector(unit->cell->connection, fail, &selector);
    if (status) return status;
    status = snn_unit_view(unit, recorder, &selector, post, fail, out);
    snn_tensor_clear(&selector);
    return status;
}

snn_status snn_unit_view(const snn_unit *unit, const snn_recorder *recorder,
                         const snn_tensor *times, const snn_events *post,
                         snn_fail *fail, snn_tensor *out)
{
    const snn_connection *c = unit->cell->connection;
    double tolerance = snn_unit_args(unit)->interp_tolerance;
    const snn_pattern *rows = snn_connection_rows_of(c);
    if (rows)
        return snn_reducer_view_rows(&recorder->reducer, rows, times, tolerance,
                                     rows->column_first ? post : NULL, fail,
                                     out);
    bool fits = post && times->shape.size[times->shape.ndim - 1] == c->outputs;
    return snn_reducer_view_at(&recorder->reducer, times, tolerance,
                               fits ? post : NULL, fail, out);
}

const snn_recorder *snn_unit_recorder(const snn_unit *unit, const char *name)
{
    const snn_recorders *recorders = &unit->recorders;
    for (int i = 0; i < recorders->count; i++) /* mostly the same literal */
        if (recorders->recorder[i].name == name) return &recorders->recorder[i];
    for (int i = 0; i < recorders->count; i++)
        if (strcmp(recorders->recorder[i].name, name) == 0)
            return &recorders->recorder[i];
    return NULL;
}

const snn_tensor *snn_unit_latest(const snn_unit *unit, const char *name)
{
    const snn_recorder *recorder = snn_unit_recorder(unit, name);
    return recorder ? snn_reducer_latest(&recorder->reducer) : NULL;
}

bool snn_unit_is_mean(const snn_unit *unit)
{
    const snn_trainer_args *args = unit->args;
    return args->batch_reduction == SNN_BATCH_MEAN;
}

/* The connection may have another size by now. */
int64_t snn_unit_samples(const snn_unit *unit)
{
    return samples_of(&unit->recorders.recorder[0]);
}

double snn_unit_scale(const snn_unit *unit)
{
    return snn_unit_is_mean(unit) ? 1.0 / (double)snn_unit_samples(unit) : 1;
}
