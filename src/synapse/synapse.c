#include "synapse/synapse.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/mem.h"

struct snn_synapse {
    const snn_synapse_model *model;
    void *args;
    snn_ring spike; /* (B, shape...) bool */
    uint64_t ticks;
    bool can_undo;  /* the newest change was a step */
};

static snn_synapse_args *common(const snn_synapse *synapse)
{
    return synapse->args;
}

/* Steps that a history of `delay` ms holds: the newest and those before it.
   The rounding of delay / dt must not add one. */
static int64_t steps_of(double delay, double dt)
{
    double steps = ceil(delay / dt - 1e-3);
    return 1 + (steps > 0 ? (int64_t)fmin(steps, 1e15) : 0);
}

/* A ring of silent steps for these arguments. */
static snn_status silent(const snn_synapse_args *args, snn_fail *fail,
                         snn_ring *out)
{
    snn_tensor zero;
    snn_shape shape = snn_shape_prepend(args->batch_size, &args->shape);
    snn_status status =
        snn_tensor_zeros(&shape, SNN_BOOL, "synapse", fail, &zero);
    if (status) return status;
    status = snn_ring_init(out, steps_of(args->delay, args->step_time), &zero,
                           "synapse", fail);
    snn_tensor_clear(&zero);
    return status;
}

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
        status = silent(common(synapse), fail, &synapse->spike);
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
    snn_ring_clear(&synapse->spike);
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

/* A change that is no step: there is nothing to be taken back. */
static void note_change(snn_synapse *synapse)
{
    synapse->ticks++;
    synapse->can_undo = false;
}

snn_status snn_synapse_step(snn_synapse *synapse, const snn_tensor *spikes,
                            const char *where, snn_fail *fail)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    if (!snn_shape_equal(&shape, &spikes->shape)) {
        char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: the input has shape %s, %s wants %s", where,
                            snn_shape_text(&spikes->shape, got),
                            synapse->model->name, snn_shape_text(&shape, want));
    }
    snn_tensor step;
    snn_status status = snn_spikes_from(spikes, fail, &step);
    if (status) return status;
    snn_ring_push(&synapse->spike, &step);
    synapse->ticks++;
    synapse->can_undo = true;
    return SNN_OK;
}

uint64_t snn_synapse_ticks(const snn_synapse *synapse)
{
    return synapse->ticks;
}

void snn_synapse_undo(snn_synapse *synapse)
{
    if (!synapse->can_undo) return;
    snn_ring_undo(&synapse->spike);
    note_change(synapse);
}

snn_status snn_synapse_save(const snn_synapse *synapse, snn_fail *fail,
                            snn_ring *out)
{
    return snn_ring_copy(&synapse->spike, synapse->model->name, fail, out);
}

void snn_synapse_restore(snn_synapse *synapse, snn_ring *saved,
                         uint64_t ticks)
{
    snn_ring_clear(&synapse->spike);
    synapse->spike = *saved;
    *saved = (snn_ring){ .slot = NULL };
    synapse->ticks = ticks;
    synapse->can_undo = true;
}

snn_status snn_synapse_clear(snn_synapse *synapse, snn_fail *fail)
{
    snn_ring fresh;
    snn_status status = silent(common(synapse), fail, &fresh);
    if (status) return status;
    snn_ring_clear(&synapse->spike);
    synapse->spike = fresh;
    note_change(synapse);
    return SNN_OK;
}

const snn_tensor *snn_synapse_spike(const snn_synapse *synapse)
{
    return snn_ring_at(&synapse->spike, 0);
}

void snn_synapse_set_spike(snn_synapse *synapse, snn_tensor *spike)
{
    snn_tensor_move(spike, &synapse->spike.slot[synapse->spike.head]);
    note_change(synapse);
}

snn_shape snn_synapse_past_shape(const snn_synapse *synapse)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    return snn_shape_prepend(synapse->spike.length - 1, &shape);
}

snn_status snn_synapse_past(const snn_synapse *synapse, snn_fail *fail,
                            snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (synapse->spike.length == 1) return SNN_OK;
    snn_shape shape = snn_synapse_past_shape(synapse);
    snn_status status = snn_tensor_new(&shape, SNN_BOOL, "synapse", fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    for (int64_t age = 1; age < synapse->spike.length; age++) {
        const snn_tensor *step = snn_ring_at(&synapse->spike, age);
        size_t bytes = snn_tensor_bytes(step);
        memcpy(data + (size_t)(age - 1) * bytes, snn_tensor_data(step), bytes);
    }
    return SNN_OK;
}

/* Pushes a copy of row `i` of the past. */
static snn_status push_past(snn_ring *ring, const snn_tensor *past, int64_t i,
                            const snn_shape *shape, snn_fail *fail)
{
    snn_tensor step;
    snn_status status = snn_tensor_new(shape, SNN_BOOL, "synapse", fail, &step);
    if (status) return status;
    size_t bytes = snn_tensor_bytes(&step);
    memcpy(snn_tensor_edit(&step, false),
           (const char *)snn_tensor_data(past) + (size_t)i * bytes, bytes);
    snn_ring_push(ring, &step);
    return SNN_OK;
}

snn_status snn_synapse_set_past(snn_synapse *synapse, const snn_tensor *past,
                                snn_fail *fail)
{
    snn_ring fresh;
    snn_tensor newest;
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status = silent(common(synapse), fail, &fresh);
    if (status) return status;
    for (int64_t i = synapse->spike.length - 2; i >= 0 && !status; i--)
        status = push_past(&fresh, past, i, &shape, fail);
    if (!status)
        status = snn_tensor_share(snn_synapse_spike(synapse), false, fail,
                                  &newest);
    if (status) {
        snn_ring_clear(&fresh);
        return status;
    }
    snn_ring_push(&fresh, &newest);
    snn_ring_clear(&synapse->spike);
    synapse->spike = fresh;
    note_change(synapse);
    return SNN_OK;
}

double snn_synapse_gain(const snn_synapse *synapse)
{
    return synapse->model->gain(synapse->args, common(synapse)->step_time);
}

/* ---- currents and selections ---- */

static void put(snn_dtype dtype, void *data, int64_t i, double v)
{
    if (dtype == SNN_FLOAT64)
        ((double *)data)[i] = v;
    else if (dtype == SNN_FLOAT32)
        ((float *)data)[i] = (float)v;
    else
        ((uint8_t *)data)[i] = v != 0;
}

static double get_real(const snn_tensor *t, int64_t i)
{
    return t->dtype == SNN_FLOAT64 ? snn_tensor_f64(t)[i]
                                   : (double)snn_tensor_f32(t)[i];
}

snn_status snn_synapse_current(const snn_synapse *synapse, snn_fail *fail,
                               snn_tensor *out)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_dtype dtype = common(synapse)->dtype;
    snn_status status = snn_tensor_new(&shape, dtype, "current", fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    const uint8_t *spike = snn_tensor_bool(snn_synapse_spike(synapse));
    double gain = snn_synapse_gain(synapse);
    int64_t n = snn_shape_count(&shape);
    for (int64_t i = 0; i < n; i++)
        put(dtype, data, i, spike[i] ? gain : 0);
    return SNN_OK;
}

/* Steps back to the sample that a time selects, or -1 when it is outside of
   the history and not clamped. Between two steps: the older one ("previous")
   or the nearer one, the older of two as near. */
static int64_t age_of(const snn_synapse *synapse, double time, bool is_clamped)
{
    enum { NEAREST = 1 }; /* of the choices of interp_mode */
    const snn_synapse_args *args = common(synapse);
    double dt = args->step_time, tol = args->interp_tol;
    int64_t oldest = synapse->spike.length - 1;
    double end = fmin(args->delay, (double)oldest * dt);
    if (is_clamped) time = fmax(0, fmin(time, end));
    if (!(time >= -tol && time <= end + tol)) return -1;
    double nearest = rint(time / dt);
    /* the quotient of two times on the grid may be a little off it */
    bool is_on = fabs(time - nearest * dt) <= fmax(tol, 1e-6 * dt);
    double age = is_on                          ? nearest
                 : args->interp_mode == NEAREST ? floor(time / dt + 0.5)
                                                : ceil(time / dt);
    return age < 0 ? 0 : age > (double)oldest ? oldest : (int64_t)age;
}

/* The selector must be the synapse's batched shape, or that with one more
   dimension (depth), contiguous and real in `real`. */
static snn_status check_selector(const snn_synapse *synapse,
                                 const snn_tensor *selector, int64_t *depth,
                                 snn_fail *fail)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_shape head = selector->shape;
    *depth = 1;
    if (head.ndim == shape.ndim + 1) *depth = head.size[--head.ndim];
    if (snn_shape_equal(&head, &shape)) return SNN_OK;
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the selector has shape %s, allowed are %s and "
                        "that with one more dimension",
                        synapse->model->name,
                        snn_shape_text(&selector->shape, got),
                        snn_shape_text(&shape, want));
}

/* out = scale * spike at the selected times; `real` is contiguous. */
static void select_into(const snn_synapse *synapse, const snn_tensor *real,
                        int64_t depth, double scale,
                        const snn_overbound *outside, snn_tensor *out)
{
    void *data = snn_tensor_edit(out, false);
    int64_t n = snn_tensor_count(real);
    for (int64_t i = 0; i < n; i++) {
        int64_t age = age_of(synapse, get_real(real, i), outside->is_clamped);
        double v = outside->value;
        if (age >= 0) {
            const snn_tensor *step = snn_ring_at(&synapse->spike, age);
            v = snn_tensor_bool(step)[i / depth] ? scale : 0;
        }
        put(out->dtype, data, i, v);
    }
}

static snn_status select_at(const snn_synapse *synapse,
                            const snn_tensor *selector, double scale,
                            snn_dtype dtype, const snn_overbound *outside,
                            snn_fail *fail, snn_tensor *out)
{
    int64_t depth;
    snn_tensor real;
    *out = SNN_NO_TENSOR;
    snn_status status = check_selector(synapse, selector, &depth, fail);
    if (status) return status;
    snn_dtype wide = selector->dtype == SNN_FLOAT64 ? SNN_FLOAT64 : SNN_FLOAT32;
    status = snn_tensor_to(selector, wide, fail, &real);
    if (status) return status;
    status = snn_tensor_new(&selector->shape, dtype, "selection", fail, out);
    if (status == SNN_OK)
        select_into(synapse, &real, depth, scale, outside, out);
    snn_tensor_clear(&real);
    return status;
}

snn_status snn_synapse_current_at(const snn_synapse *synapse,
                                  const snn_tensor *selector, snn_fail *fail,
                                  snn_tensor *out)
{
    const snn_synapse_args *args = common(synapse);
    return select_at(synapse, selector, snn_synapse_gain(synapse), args->dtype,
                     &args->current_overbound, fail, out);
}

snn_status snn_synapse_spike_at(const snn_synapse *synapse,
                                const snn_tensor *selector, snn_fail *fail,
                                snn_tensor *out)
{
    return select_at(synapse, selector, 1, SNN_BOOL,
                     &common(synapse)->spike_overbound, fail, out);
}

/* ---- settings ---- */

/* A ring for `args`, with the newest steps of the present one in it. */
static snn_status rebuild(snn_synapse *synapse, const snn_synapse_args *args,
                          snn_fail *fail)
{
    snn_ring fresh;
    snn_status status = silent(args, fail, &fresh);
    if (status) return status;
    snn_ring *old = &synapse->spike;
    int64_t kept = old->length < fresh.length ? old->length : fresh.length;
    for (int64_t age = kept - 1; age >= 0; age--) {
        int64_t i = old->head - age;
        snn_ring_push(&fresh, &old->slot[i < 0 ? i + old->length + 1 : i]);
    }
    snn_ring_clear(old);
    *old = fresh;
    *common(synapse) = *args;
    note_change(synapse);
    return SNN_OK;
}

snn_status snn_synapse_set_dt(snn_synapse *synapse, double dt, snn_fail *fail)
{
    snn_synapse_args args = *common(synapse);
    args.step_time = dt;
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
    snn_ring fresh;
    args.batch_size = batch;
    snn_status status = silent(&args, fail, &fresh);
    if (status) return status;
    snn_ring_clear(&synapse->spike);
    synapse->spike = fresh;
    *common(synapse) = args;
    note_change(synapse);
    return SNN_OK;
}
