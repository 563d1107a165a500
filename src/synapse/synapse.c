#include "synapse/synapse.h"

#include <math.h>
#include <string.h>

#include "kernel/current.h"
#include "synapse/self.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/clock.h"
#include "util/mem.h"

static snn_synapse_args *common(const snn_synapse *synapse)
{
    return snn_synapse_common_of(synapse);
}

static int rings_of(const snn_synapse *synapse)
{
    return 1 + synapse->model->parts;
}

/* A change that is no step: there is nothing to be taken back. */
static void note_change(snn_synapse *synapse)
{
    synapse->ticks++;
    synapse->can_undo = false;
}

/* ---- histories ---- */

/* Steps that a history of `delay` ms holds: the newest and those before it.
   The rounding of delay / dt must not add one. */
static int64_t steps_of(double delay, double dt)
{
    double steps = ceil(delay / dt - 1e-3);
    return 1 + (steps > 0 ? (int64_t)fmin(steps, 1e15) : 0);
}

static void clear_rings(snn_ring *ring)
{
    for (int i = 0; i < SNN_MOST_RINGS; i++) snn_ring_clear(&ring[i]);
}

/* A ring of steps without spikes or currents for these arguments. */
static snn_status silent_ring(const snn_synapse_args *args, snn_dtype dtype,
                              snn_fail *fail, snn_ring *out)
{
    snn_tensor zero;
    snn_shape shape = snn_shape_prepend(args->batch_size, &args->shape);
    snn_status status = snn_tensor_zeros(&shape, dtype, "synapse", fail, &zero);
    if (status) return status;
    status = snn_ring_init(out, steps_of(args->delay, args->step_time), &zero,
                           "synapse", fail);
    snn_tensor_clear(&zero);
    return status;
}

/* `count` of them, the rest empty; none on failure. */
static snn_status silent(const snn_synapse_args *args, int count,
                         snn_fail *fail, snn_ring ring[SNN_MOST_RINGS])
{
    snn_status status = SNN_OK;
    memset(ring, 0, SNN_MOST_RINGS * sizeof *ring);
    for (int i = 0; i < count && status == SNN_OK; i++)
        status = silent_ring(args, i == 0 ? SNN_BOOL : args->dtype, fail,
                             &ring[i]);
    if (status) clear_rings(ring);
    return status;
}

/* Other arguments, other rings: cannot fail. */
static void commit(snn_synapse *synapse, const snn_synapse_args *args,
                   const snn_ring ring[SNN_MOST_RINGS])
{
    clear_rings(synapse->ring);
    memcpy(synapse->ring, ring, sizeof synapse->ring);
    *common(synapse) = *args;
    synapse->model->laws(synapse->args, args->step_time, synapse->law);
    note_change(synapse);
}

/* ---- life ---- */

snn_status snn_synapse_new(const snn_synapse_model *model, const void *args,
                           snn_fail *fail, snn_synapse **out)
{
    *out = NULL;
    snn_synapse *synapse = snn_mem_zeroed(sizeof *synapse);
    if (!synapse) return snn_fail_memory(fail, model->name, sizeof *synapse);
    synapse->model = model;
    synapse->args = snn_mem_alloc(model->args_size);
    snn_status status = SNN_OK;
    if (synapse->args) {
        memcpy(synapse->args, args, model->args_size);
        model->laws(args, common(synapse)->step_time, synapse->law);
        status = silent(common(synapse), rings_of(synapse), fail,
                        synapse->ring);
    } else {
        status = snn_fail_memory(fail, model->name, model->args_size);
    }
    if (status)
        snn_synapse_free(synapse);
    else
        *out = synapse;
    return status;
}

void snn_synapse_free(snn_synapse *synapse)
{
    if (!synapse) return;
    clear_rings(synapse->ring);
    snn_mem_free(synapse->args);
    snn_mem_free(synapse);
}

const snn_synapse_model *snn_synapse_model_of(const snn_synapse *synapse)
{
    return synapse->model;
}

const void *snn_synapse_args_of(const snn_synapse *synapse)
{
    return synapse->args;
}

snn_shape snn_synapse_batched_shape(const snn_synapse *synapse)
{
    return snn_shape_prepend(common(synapse)->batch_size,
                             &common(synapse)->shape);
}

/* ---- steps ---- */

static snn_status check_input(const snn_synapse *synapse,
                              const snn_tensor *input, const char *what,
                              const char *where, snn_fail *fail)
{
    if (snn_shape_is_batch(&input->shape, common(synapse)->batch_size,
                           &common(synapse)->shape))
        return SNN_OK;
    snn_shape shape = snn_synapse_batched_shape(synapse);
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR, "%s: %s has shape %s, %s wants %s%s",
                        where, what, snn_shape_text(&input->shape, got),
                        synapse->model->name, snn_shape_text(&shape, want),
                        snn_batch_text(&input->shape, &shape));
}

/* The next step of a part; `graded` is contiguous and real, or empty where
   the spikes are all there is to know. */
static snn_status follow(const snn_synapse *synapse, int part,
                         const snn_tensor *spike, const snn_tensor *graded,
                         snn_fail *fail, snn_tensor *out)
{
    const snn_synapse_law *law = &synapse->law[part];
    snn_status status = snn_tensor_new(&spike->shape, common(synapse)->dtype,
                                       synapse->model->name, fail, out);
    if (status) return status;
    bool is_graded = !snn_tensor_is_empty(graded);
    snn_current current = {
        .spike = is_graded ? NULL : snn_tensor_bool(spike),
        .graded = is_graded ? snn_tensor_data(graded) : NULL,
        .in = snn_tensor_data(snn_synapse_part(synapse, part)),
        .out = snn_tensor_edit(out, false),
        .decay = law->decay,
        .gain = law->gain,
    };
    snn_current_run(&current, snn_tensor_count(out),
                    snn_synapse_is_f64(synapse));
    return SNN_OK;
}

static snn_status inject(const snn_synapse *synapse, const snn_tensor *injected,
                         snn_fail *fail, snn_tensor *current)
{
    snn_tensor real;
    snn_status status =
        snn_tensor_to(injected, common(synapse)->dtype, fail, &real);
    if (status) return status;
    void *out = snn_tensor_edit(current, true);
    snn_current_sum sum = { out, snn_tensor_data(&real), out, 1 };
    snn_current_add(&sum, snn_tensor_count(current),
                    snn_synapse_is_f64(synapse));
    snn_tensor_clear(&real);
    return SNN_OK;
}

/* The next step of all rings, spikes first. */
static snn_status next_steps(const snn_synapse *synapse,
                             const snn_tensor *const *input, int inputs,
                             snn_fail *fail, snn_tensor next[SNN_MOST_RINGS])
{
    snn_tensor graded = SNN_NO_TENSOR;
    int parts = synapse->model->parts;
    snn_status status = snn_spikes_from(input[0], fail, &next[0]);
    if (status == SNN_OK && parts > 0 && input[0]->dtype != SNN_BOOL)
        status =
            snn_tensor_to(input[0], common(synapse)->dtype, fail, &graded);
    for (int p = 0; p < parts && status == SNN_OK; p++)
        status = follow(synapse, p, &next[0], &graded, fail, &next[1 + p]);
    for (int i = 1; i < inputs && status == SNN_OK; i++)
        status = inject(synapse, input[i], fail, &next[1]);
    snn_tensor_clear(&graded);
    return status;
}

snn_status snn_synapse_step(snn_synapse *synapse,
                            const snn_tensor *const *input, int inputs,
                            const char *where, snn_fail *fail)
{
    snn_tensor next[SNN_MOST_RINGS];
    if (!synapse->model->is_injectable) inputs = 1;
    for (int i = 0; i < inputs; i++) {
        snn_status status =
            check_input(synapse, input[i],
                        i ? "an injected current" : "the input", where, fail);
        if (status) return status;
    }
    for (int i = 0; i < SNN_MOST_RINGS; i++) next[i].storage = NULL;
    snn_status status = next_steps(synapse, input, inputs, fail, next);
    for (int i = 0; i < rings_of(synapse); i++) {
        if (status)
            snn_tensor_clear(&next[i]);
        else
            snn_ring_push(&synapse->ring[i], &next[i]);
    }
    if (status == SNN_OK) {
        synapse->ticks++;
        synapse->can_undo = true;
    }
    return status;
}

uint64_t snn_synapse_ticks(const snn_synapse *synapse)
{
    return synapse->ticks;
}

void snn_synapse_undo(snn_synapse *synapse)
{
    if (!synapse->can_undo) return;
    for (int i = 0; i < rings_of(synapse); i++)
        snn_ring_undo(&synapse->ring[i]);
    note_change(synapse);
}

snn_status snn_synapse_save(const snn_synapse *synapse, snn_fail *fail,
                            snn_synapse_state *out)
{
    snn_status status = SNN_OK;
    *out = (snn_synapse_state){ .is_saved = true };
    for (int i = 0; i < rings_of(synapse) && status == SNN_OK; i++)
        status = snn_ring_copy(&synapse->ring[i], synapse->model->name, fail,
                               &out->ring[i]);
    if (status) snn_synapse_drop(out);
    return status;
}

void snn_synapse_restore(snn_synapse *synapse, snn_synapse_state *saved,
                         uint64_t ticks)
{
    clear_rings(synapse->ring);
    memcpy(synapse->ring, saved->ring, sizeof synapse->ring);
    *saved = (snn_synapse_state){ .is_saved = false };
    synapse->ticks = ticks;
    synapse->can_undo = true;
}

void snn_synapse_drop(snn_synapse_state *saved)
{
    clear_rings(saved->ring);
    saved->is_saved = false;
}

snn_status snn_synapse_clear(snn_synapse *synapse, snn_fail *fail)
{
    snn_ring fresh[SNN_MOST_RINGS];
    snn_synapse_args args = *common(synapse);
    snn_status status = silent(&args, rings_of(synapse), fail, fresh);
    if (status == SNN_OK) commit(synapse, &args, fresh);
    return status;
}

/* ---- the newest step ---- */

static void replace(snn_synapse *synapse, int ring, snn_tensor *value)
{
    snn_ring *r = &synapse->ring[ring];
    snn_tensor_move(value, &r->slot[r->head]);
    note_change(synapse);
}

const snn_tensor *snn_synapse_spike(const snn_synapse *synapse)
{
    return snn_ring_at(&synapse->ring[0], 0);
}

void snn_synapse_set_spike(snn_synapse *synapse, snn_tensor *spike)
{
    replace(synapse, 0, spike);
}

const snn_tensor *snn_synapse_part(const snn_synapse *synapse, int part)
{
    return snn_ring_at(&synapse->ring[1 + part], 0);
}

void snn_synapse_set_part(snn_synapse *synapse, int part, snn_tensor *value)
{
    replace(synapse, 1 + part, value);
}

double snn_synapse_gain(const snn_synapse *synapse)
{
    return synapse->law[0].gain;
}

/* Without parts: gain times the spikes. */
static void current_of_spikes(const snn_synapse *synapse, snn_tensor *out)
{
    snn_current current = {
        .spike = snn_tensor_bool(snn_synapse_spike(synapse)),
        .out = snn_tensor_edit(out, false),
        .gain = snn_synapse_gain(synapse),
    };
    snn_current_run(&current, snn_tensor_count(out),
                    snn_synapse_is_f64(synapse));
}

/* Of two parts: the first less the second. */
static void current_of_parts(const snn_synapse *synapse, snn_tensor *out)
{
    snn_current_sum sum = { snn_tensor_data(snn_synapse_part(synapse, 0)),
                            snn_tensor_data(snn_synapse_part(synapse, 1)),
                            snn_tensor_edit(out, false), -1 };
    snn_current_add(&sum, snn_tensor_count(out), snn_synapse_is_f64(synapse));
}

snn_status snn_synapse_current(const snn_synapse *synapse, snn_fail *fail,
                               snn_tensor *out)
{
    if (synapse->model->parts == 1)
        return snn_tensor_share(snn_synapse_part(synapse, 0), false, fail, out);
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status = snn_tensor_new(&shape, common(synapse)->dtype,
                                       "current", fail, out);
    if (status) return status;
    if (synapse->model->parts == 0)
        current_of_spikes(synapse, out);
    else
        current_of_parts(synapse, out);
    return SNN_OK;
}

/* ---- whole histories ---- */

static snn_shape history_shape(const snn_synapse *synapse)
{
    int64_t sizes[] = { synapse->ring[0].length, common(synapse)->batch_size,
                        snn_shape_count(&common(synapse)->shape) };
    return snn_shape_of(3, sizes);
}

snn_status snn_synapse_history(const snn_synapse *synapse, int part,
                               snn_fail *fail, snn_tensor *out)
{
    const snn_ring *ring = &synapse->ring[1 + part];
    snn_shape shape = history_shape(synapse);
    snn_status status = snn_tensor_new(&shape, snn_ring_at(ring, 0)->dtype,
                                       "history", fail, out);
    if (status) return status;
    char *to = snn_tensor_edit(out, false);
    for (int64_t age = 0; age < ring->length; age++) {
        const snn_tensor *step = snn_ring_at(ring, age);
        memcpy(to, snn_tensor_data(step), snn_tensor_bytes(step));
        to += snn_tensor_bytes(step);
    }
    return SNN_OK;
}

/* Fills a fresh ring, newest step last. */
static snn_status fill(const snn_synapse *synapse, const snn_tensor *history,
                       snn_fail *fail, snn_ring *ring)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    const char *from = snn_tensor_data(history);
    for (int64_t age = ring->length - 1; age >= 0; age--) {
        snn_tensor step;
        snn_status status =
            snn_tensor_new(&shape, history->dtype, "history", fail, &step);
        if (status) return status;
        size_t bytes = snn_tensor_bytes(&step);
        memcpy(snn_tensor_edit(&step, false), from + (size_t)age * bytes,
               bytes);
        snn_ring_push(ring, &step);
    }
    return SNN_OK;
}

snn_status snn_synapse_set_history(snn_synapse *synapse, int part,
                                   const snn_tensor *history,
                                   const char *where, snn_fail *fail)
{
    snn_shape shape = history_shape(synapse);
    if (!snn_shape_equal(&shape, &history->shape)) {
        char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: must have shape %s, got %s", where,
                            snn_shape_text(&shape, want),
                            snn_shape_text(&history->shape, got));
    }
    snn_dtype dtype = part < 0 ? SNN_BOOL : common(synapse)->dtype;
    snn_tensor flat;
    snn_ring fresh = { .slot = NULL };
    snn_status status = snn_tensor_to(history, dtype, fail, &flat);
    if (status) return status;
    status = silent_ring(common(synapse), dtype, fail, &fresh);
    if (status == SNN_OK) status = fill(synapse, &flat, fail, &fresh);
    snn_tensor_clear(&flat);
    if (status) {
        snn_ring_clear(&fresh);
        return status;
    }
    snn_ring_clear(&synapse->ring[1 + part]);
    synapse->ring[1 + part] = fresh;
    note_change(synapse);
    return SNN_OK;
}

/* ---- settings ---- */

/* The newest steps of `old` go to `fresh`. */
static void keep_newest(snn_ring *old, snn_ring *fresh)
{
    int64_t kept = old->length < fresh->length ? old->length : fresh->length;
    for (int64_t age = kept - 1; age >= 0; age--) {
        int64_t i = old->head - age;
        snn_ring_push(fresh, &old->slot[i < 0 ? i + old->length + 1 : i]);
    }
}

/* Other arguments, with the newest steps of the present rings. */
static snn_status rebuild(snn_synapse *synapse, const snn_synapse_args *args,
                          snn_fail *fail)
{
    snn_ring fresh[SNN_MOST_RINGS];
    snn_status status = silent(args, rings_of(synapse), fail, fresh);
    if (status) return status;
    for (int i = 0; i < rings_of(synapse); i++)
        keep_newest(&synapse->ring[i], &fresh[i]);
    commit(synapse, args, fresh);
    return SNN_OK;
}

snn_status snn_synapse_set_dt(snn_synapse *synapse, double dt, snn_fail *fail)
{
    snn_synapse_args args = *common(synapse);
    args.step_time = dt;
    snn_clock_changes++;
    return rebuild(synapse, &args, fail);
}

snn_status snn_synapse_set_delay(snn_synapse *synapse, double delay,
                                 snn_fail *fail)
{
    snn_synapse_args args = *common(synapse);
    args.delay = delay;
    return rebuild(synapse, &args, fail);
}

snn_status snn_synapse_set_batch(snn_synapse *synapse, int64_t batch,
                                 snn_fail *fail)
{
    snn_synapse_args args = *common(synapse);
    snn_ring fresh[SNN_MOST_RINGS];
    args.batch_size = batch;
    snn_status status = silent(&args, rings_of(synapse), fail, fresh);
    if (status == SNN_OK) commit(synapse, &args, fresh);
    return status;
}
