/* A fold writes to what `prepare` has made ready, so that recording cannot
   fail: `next` becomes the newest state by a move, or the newest is written
   in place where nobody shares it. */
#include "observe/reducer.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "formula/decay.h"
#include "observe/fine.h"
#include "observe/average.h"
#include "tensor/copy.h"
#include "tensor/view.h"
#include "util/mem.h"
#include "util/number.h"

/* ---- life ---- */

/* Steps that `duration` holds; the rounding of duration / step_time must not
   add one. */
int64_t snn_reducer_length(const snn_reducer_args *args)
{
    double steps = ceil(args->duration / args->step_time - 1e-3);
    int64_t length = steps > 0 ? (int64_t)fmin(steps, 1e15) : 0;
    length += args->inclusive;
    return length > 1 ? length : 1;
}

static snn_status check(const snn_reducer_model *model,
                        const snn_reducer_args *args, snn_fail *fail)
{
    return model->check ? model->check(args, fail) : SNN_OK;
}

static void take_args(snn_reducer *r, const snn_reducer_args *args)
{
    r->args = *args;
    if (args->time_constant > 0) {
        r->decay = snn_decay(args->step_time, args->time_constant);
        r->gone = snn_decayed(args->step_time, args->time_constant);
    }
    r->is_fine = r->model->counts_steps ||
                 (r->model->is_fine && r->model->is_fine(args));
    snn_history_set_length(&r->history, snn_reducer_length(args));
}

snn_status snn_reducer_init(const snn_reducer_model *model,
                            const snn_reducer_args *args, snn_fail *fail,
                            snn_reducer *out)
{
    *out = (snn_reducer){ .model = model };
    snn_status status = check(model, args, fail);
    if (status == SNN_OK) take_args(out, args);
    return status;
}

void snn_reducer_forget(snn_reducer *reducer)
{
    snn_tensor_clear(&reducer->next);
    snn_tensor_clear(&reducer->next_fine);
    snn_storage_drop(reducer->spare);
    reducer->spare = NULL;
}

void snn_reducer_clear(snn_reducer *reducer, bool keeps_shape)
{
    snn_reducer_forget(reducer);
    snn_history_clear(&reducer->history);
    snn_tensor_clear(&reducer->fine);
    reducer->has_shape = reducer->has_shape && keeps_shape;
    reducer->age = 0;
}

snn_status snn_reducer_new(const snn_reducer_model *model,
                           const snn_reducer_args *args, snn_fail *fail,
                           snn_reducer **out)
{
    *out = snn_mem_alloc(sizeof **out);
    if (!*out) return snn_fail_memory(fail, model->name, sizeof **out);
    snn_status status = snn_reducer_init(model, args, fail, *out);
    if (status == SNN_OK) return SNN_OK;
    snn_mem_free(*out);
    *out = NULL;
    return status;
}

void snn_reducer_free(snn_reducer *reducer)
{
    if (!reducer) return;
    snn_reducer_clear(reducer, false);
    snn_mem_free(reducer);
}

const snn_tensor *snn_reducer_latest(const snn_reducer *reducer)
{
    const snn_history *history = &reducer->history;
    return history->count ? snn_history_at(history, 0) : NULL;
}

/* ---- the two phases ---- */

double snn_reducer_fill(const snn_reducer *reducer)
{
    return reducer->model->fill ? reducer->model->fill(&reducer->args) : 0;
}

/* True when the history starts anew: nothing yet, or another shape. */
static bool is_first(const snn_reducer *r, const snn_shape *shape)
{
    return r->history.count == 0 || !snn_shape_equal(&r->shape, shape);
}

static bool is_in_place(const snn_reducer *r)
{
    const snn_tensor *latest = snn_reducer_latest(r);
    return r->history.length == 1 && latest->storage->holders == 1 &&
           latest->storage->block->holders == 1;
}

/* Room for the next state: at first it holds the fill. A single state is
   updated in place unless somebody else holds its bytes. */
static snn_status prepare_state(snn_reducer *r, const snn_shape *shape,
                                snn_dtype dtype, snn_fail *fail)
{
    const char *name = r->model->name;
    if (!is_first(r, shape)) {
        if (is_in_place(r)) return SNN_OK;
        return snn_tensor_new(shape, r->dtype, name, fail, &r->next);
    }
    snn_status status = snn_tensor_zeros(shape, dtype, name, fail, &r->next);
    double fill = snn_reducer_fill(r);
    if (status == SNN_OK && fill != 0)
        status = snn_tensor_fill(&r->next, fill, fail);
    return status;
}

snn_status snn_reducer_prepare(snn_reducer *reducer, const snn_shape *shape,
                               snn_dtype dtype, snn_fail *fail)
{
    snn_reducer_forget(reducer);
    snn_status status = snn_history_reserve(&reducer->history, fail);
    if (status) return status;
    if (!reducer->model->keeps_itself) {
        status = prepare_state(reducer, shape, dtype, fail);
        if (status == SNN_OK && reducer->is_fine)
            status = snn_fine_prepare(reducer, is_first(reducer, shape), shape,
                                      dtype, fail);
        if (status) snn_reducer_forget(reducer);
        return status;
    }
    reducer->spare = snn_storage_spare();
    return reducer->spare ? SNN_OK
                          : snn_fail_memory(fail, reducer->model->name,
                                            sizeof(snn_storage));
}

bool snn_reducer_is_prepared(const snn_reducer *reducer,
                             const snn_shape *shape)
{
    if (reducer->model->keeps_itself) return reducer->spare != NULL;
    if (reducer->is_fine && !snn_fine_is_prepared(reducer, shape)) return false;
    if (!snn_tensor_is_empty(&reducer->next))
        return snn_shape_equal(&reducer->next.shape, shape);
    return !is_first(reducer, shape) && is_in_place(reducer);
}

/* Steps that a trace of matches takes from the amplitude to the smallest normal
   number, less those that rounding may take away. */
static int64_t normal_steps_of(const snn_reducer *r, snn_dtype dtype)
{
    if (r->model->match != SNN_MATCH_TARGET) return 0;
    double least = dtype == SNN_FLOAT64 ? 0x1p-1022 : 0x1p-126;
    double decays = log(fabs(r->args.amplitude) / least);
    double steps = 0.99 * decays * r->args.time_constant / r->args.step_time;
    return steps > 2 ? (int64_t)fmin(steps, 1e15) - 2 : 0;
}

/* Before a state of another shape, or the first one. */
static void start_anew(snn_reducer *r, const snn_shape *shape, snn_dtype dtype)
{
    int64_t length = r->history.length;
    r->normal_steps = normal_steps_of(r, dtype);
    snn_history_set_length(&r->history, 0);
    r->history.length = length;
    r->shape = *shape;
    r->dtype = dtype;
    r->has_shape = true;
    r->age = 0;
}

/* The observation itself becomes the state: its bytes are shared. */
static void record_itself(snn_reducer *r, const snn_tensor *value)
{
    snn_tensor shared = *value;
    shared.storage = r->spare;
    r->spare = NULL;
    snn_storage_fill(shared.storage, value->storage);
    if (is_first(r, &value->shape)) start_anew(r, &value->shape, value->dtype);
    snn_history_push(&r->history, &shared);
}

static void record_fold(snn_reducer *r, const snn_tensor *value,
                        const snn_tensor *mask)
{
    const snn_shape *shape = value ? &value->shape : &mask->shape;
    snn_tensor *next = &r->next;
    bool fresh = !snn_tensor_is_empty(next), first = is_first(r, shape);
    if (first) start_anew(r, shape, next->dtype);
    snn_tensor *out = fresh ? next : snn_history_at(&r->history, 0);
    const snn_tensor *in = first ? next : snn_history_at(&r->history, 0);
    snn_reducer_fold fold = {
        .args = &r->args,
        .decay = r->decay,
        .gone = r->gone,
        .fine = r->is_fine ? snn_fine_edit(r) : NULL,
        .is_normal = r->normal_steps > 0,
        .age = r->age,
        .value = value ? snn_tensor_data(value) : NULL,
        .mask = mask ? snn_tensor_bool(mask) : NULL,
        .in = snn_tensor_data(in),
        .out = snn_tensor_edit(out, false),
        .n = snn_shape_count(shape),
        .is_f64 = r->dtype == SNN_FLOAT64,
    };
    if (r->normal_steps > 0) r->normal_steps--;
    r->model->fold(&fold);
    if (!fold.fine) snn_tensor_clear(&r->fine);
    if (fresh) snn_history_push(&r->history, next);
}

void snn_reducer_record(snn_reducer *reducer, const snn_tensor *value,
                        const snn_tensor *mask)
{
    if (reducer->model->keeps_itself)
        record_itself(reducer, value);
    else
        record_fold(reducer, value, mask);
    reducer->age++;
}

/* ---- observations of any kind ---- */

static snn_status check_shape(const snn_reducer *r, const char *what,
                              const snn_shape *want, const snn_tensor *got,
                              snn_fail *fail)
{
    if (snn_shape_equal(want, &got->shape)) return SNN_OK;
    char a[SNN_SHAPE_TEXT], b[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: %s has shape %s, it must be %s%s", r->model->name,
                        what, snn_shape_text(&got->shape, b),
                        snn_shape_text(want, a),
                        want == &r->shape
                            ? ", as before (clear() forgets the shape)"
                            : "");
}

/* The dtype of the state after an observation. */
static snn_status find_dtype(const snn_reducer *r, snn_dtype got,
                             snn_fail *fail, snn_dtype *out)
{
    bool is_kept = r->model->keeps_itself;
    if (!r->has_shape) {
        *out = is_kept || got == SNN_FLOAT64 ? got : SNN_FLOAT32;
        return SNN_OK;
    }
    *out = r->dtype;
    if (!is_kept || got <= r->dtype) return SNN_OK;
    return snn_fail_set(fail, SNN_TYPE_ERROR,
                        "%s: the observation is %s, those before are %s "
                        "(clear() forgets them)",
                        r->model->name, snn_dtype_name(got),
                        snn_dtype_name(r->dtype));
}

/* `t` contiguous in the dtype, and with all its storage: an alias where it is
   so already. */
static snn_status take(const snn_tensor *t, snn_dtype dtype, snn_fail *fail,
                       snn_tensor *out)
{
    if (t->dtype != dtype || !snn_tensor_is_contiguous(t) ||
        !snn_tensor_is_whole(t))
        return snn_tensor_to(t, dtype, fail, out);
    snn_tensor_alias(t, out);
    return SNN_OK;
}

/* args.target as a tensor of one element, or the tensor as large as shape. */
static snn_status take_target(const snn_reducer *r, const snn_tensor *target,
                              const snn_shape *shape, snn_dtype dtype,
                              snn_fail *fail, snn_tensor *out)
{
    if (!target) {
        snn_shape one = snn_shape_of(0, NULL);
        snn_status status =
            snn_tensor_zeros(&one, dtype, r->model->name, fail, out);
        return status ? status
                      : snn_tensor_fill(out, r->args.target, fail);
    }
    snn_tensor wide;
    snn_status status = snn_view_expand(target, shape, fail, &wide);
    if (status) return status;
    status = snn_tensor_to(&wide, dtype, fail, out);
    snn_tensor_clear(&wide);
    return status;
}

static bool is_own_mask(const snn_reducer *r, const snn_tensor *value,
                        const snn_tensor *target)
{
    return !target && value->dtype == SNN_BOOL && r->args.target == 1 &&
           r->args.tolerance < 1;
}

/* Where the value matches the target. */
static snn_status match_target(const snn_reducer *r, const snn_tensor *value,
                               const snn_tensor *target, snn_dtype dtype,
                               snn_fail *fail, snn_tensor *out)
{
    if (is_own_mask(r, value, target)) return take(value, SNN_BOOL, fail, out);
    snn_tensor real, aim = SNN_NO_TENSOR;
    snn_status status = take(value, dtype, fail, &real);
    if (status) return status;
    status = take_target(r, target, &value->shape, dtype, fail, &aim);
    if (status == SNN_OK)
        status =
            snn_tensor_new(&value->shape, SNN_BOOL, r->model->name, fail, out);
    if (status == SNN_OK) {
        snn_average job = { .value = snn_tensor_data(&real),
                            .target = snn_tensor_data(&aim),
                            .target_step = target ? 1 : 0,
                            .out = snn_tensor_edit(out, false),
                            .a = r->args.tolerance };
        snn_match(&job, snn_tensor_count(value), dtype == SNN_FLOAT64);
    }
    snn_tensor_clear(&aim);
    snn_tensor_clear(&real);
    return status;
}

static snn_status take_mask(const snn_reducer *r, const snn_tensor *value,
                            const snn_tensor *mask, const snn_tensor *target,
                            snn_dtype dtype, snn_fail *fail, snn_tensor *out)
{
    if (r->model->match == SNN_NO_MATCH) return SNN_OK;
    if (r->model->match == SNN_MATCH_TARGET)
        return match_target(r, value, target, dtype, fail, out);
    bool by_condition = r->model->match == SNN_MATCH_CONDITION;
    snn_status status =
        check_shape(r, by_condition ? "the condition" : "the criterion's result",
                    &value->shape, mask, fail);
    return status ? status : take(mask, SNN_BOOL, fail, out);
}

snn_status snn_reducer_push(snn_reducer *reducer, const snn_tensor *value,
                            const snn_tensor *mask, const snn_tensor *target,
                            snn_fail *fail)
{
    snn_reducer *r = reducer;
    snn_dtype dtype;
    snn_tensor own_value = SNN_NO_TENSOR, own_mask = SNN_NO_TENSOR;
    snn_status status =
        r->has_shape
            ? check_shape(r, "the observation", &r->shape, value, fail)
            : SNN_OK;
    if (status == SNN_OK) status = find_dtype(r, value->dtype, fail, &dtype);
    if (status == SNN_OK)
        status = take_mask(r, value, mask, target, dtype, fail, &own_mask);
    if (status == SNN_OK && r->model->needs_value)
        status = take(value, dtype, fail, &own_value);
    if (status == SNN_OK)
        status = snn_reducer_prepare(r, &value->shape, dtype, fail);
    if (status == SNN_OK)
        snn_reducer_record(
            r, snn_tensor_is_empty(&own_value) ? NULL : &own_value,
            snn_tensor_is_empty(&own_mask) ? NULL : &own_mask);
    snn_tensor_clear(&own_value);
    snn_tensor_clear(&own_mask);
    return status;
}

snn_status snn_reducer_put(snn_reducer *reducer, const snn_tensor *state,
                           snn_fail *fail)
{
    snn_reducer *r = reducer;
    snn_dtype dtype;
    snn_tensor own;
    snn_status status =
        r->has_shape ? check_shape(r, "the state", &r->shape, state, fail)
                     : SNN_OK;
    if (status == SNN_OK) status = find_dtype(r, state->dtype, fail, &dtype);
    if (status == SNN_OK) status = snn_history_reserve(&r->history, fail);
    if (status == SNN_OK) status = snn_tensor_to(state, dtype, fail, &own);
    if (status) return status;
    if (is_first(r, &own.shape)) start_anew(r, &own.shape, dtype);
    snn_history_push(&r->history, &own);
    snn_tensor_clear(&r->fine);
    r->normal_steps = 0;
    r->age++;
    return SNN_OK;
}

/* Puts the states, oldest first, into a reducer that is clear. */
static snn_status put_states(snn_reducer *r, const snn_tensor *stored,
                           snn_fail *fail)
{
    snn_status status = SNN_OK;
    int64_t count = stored->shape.size[0];
    for (int64_t i = count - 1; i >= 0 && status == SNN_OK; i--) {
        snn_tensor state;
        snn_view_select(stored, 0, i, &state);
        status = snn_reducer_put(r, &state, fail);
        snn_tensor_clear(&state);
    }
    return status;
}

snn_status snn_reducer_restore(snn_reducer *reducer, const snn_tensor *stored,
                               snn_fail *fail)
{
    snn_reducer fresh;
    snn_status status =
        snn_reducer_init(reducer->model, &reducer->args, fail, &fresh);
    if (status) return status;
    if (stored && stored->shape.ndim == 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: stored states have a dimension of time",
                            reducer->model->name);
    if (stored) status = put_states(&fresh, stored, fail);
    if (status) {
        snn_reducer_clear(&fresh, false);
        return status;
    }
    snn_reducer_clear(reducer, false);
    fresh.told = reducer->told;
    *reducer = fresh;
    return SNN_OK;
}

/* ---- settings ---- */

/* What is lost by them. */
static snn_status tell_lost(const snn_reducer *r, const snn_reducer_args *args,
                            snn_told *told, const char *where, snn_fail *fail)
{
    int64_t count = r->history.count, keeps = snn_reducer_length(args);
    if (args->step_time != r->args.step_time)
        return count < 2 ? SNN_OK
                         : snn_warn(told, SNN_REDUCER_OLD_STEPS, fail,
                                    "%s: the step time is %s ms now, was %s: the "
                                    "older states that were kept (%" PRId64
                                    "), the old steps apart, are cleared",
                                    where, snn_real(args->step_time).text,
                                    snn_real(r->args.step_time).text, count - 1);
    return count <= keeps
               ? SNN_OK
               : snn_warn(told, SNN_REDUCER_SHORTER, fail,
                          "%s: the history is shorter now: the older states "
                          "(%" PRId64 ") are cleared",
                          where, count - keeps);
}

snn_status snn_reducer_set(snn_reducer *reducer, const snn_reducer_args *args,
                           snn_told *told, const char *where, snn_fail *fail)
{
    snn_reducer *r = reducer;
    double old = r->args.step_time;
    snn_tensor fine = SNN_NO_TENSOR;
    snn_status status = check(r->model, args, fail);
    if (status == SNN_OK && args->step_time != old)
        status = snn_fine_rescale(r, old / args->step_time, fail, &fine);
    if (status == SNN_OK) status = tell_lost(r, args, told, where, fail);
    if (status) {
        snn_tensor_clear(&fine);
        return status;
    }
    if (args->step_time != old) {
        snn_reducer_forget(r);
        snn_history_set_length(&r->history, 1);
        snn_tensor_move(&fine, &r->fine);
    }
    take_args(r, args);
    r->normal_steps = 0;
    return SNN_OK;
}
