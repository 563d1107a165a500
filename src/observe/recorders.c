/* Prepare, then record: all that may fail is done for each recorder before
   any of them records. */
#include "observe/recorders.h"

#include <string.h>

#include "tensor/copy.h"
#include "util/number.h"

snn_recorder *snn_recorders_add(snn_recorders *recorders, const char *name,
                                snn_source source, const snn_reducer_model *model,
                                snn_dtype dtype, const snn_reducer_args *args)
{
    snn_recorder *r = &recorders->recorder[recorders->count++];
    snn_reducer_args own = *args;
    own.target = 1;
    *r = (snn_recorder){ .name = name, .source = source, .dtype = dtype };
    snn_reducer_init(model, &own, NULL, &r->reducer);
    return r;
}

/* ---- another length of steps ---- */

static snn_reducer_args args_with(const snn_recorder *r, double step_time)
{
    snn_reducer_args args = r->reducer.args;
    args.duration += r->more_steps * (step_time - args.step_time);
    args.step_time = step_time;
    return args;
}

static snn_status tell(snn_recorders *recorders, const snn_recorder *r,
                       double step_time, const char *where, snn_fail *fail)
{
    snn_reducer_args args = args_with(r, step_time);
    int64_t count = r->reducer.history.count;
    double old = r->reducer.args.step_time;
    if (r->is_per_step && count > 0)
        return snn_warn(&recorders->told, SNN_RECORDERS_RATE, fail,
                        "%s: the step time is %s ms now, was %s: '%s', "
                        "which counts in steps, begins anew",
                        where, snn_real(step_time).text, snn_real(old).text,
                        r->name);
    if (count > 1 && snn_reducer_length(&args) > 2)
        return snn_warn(&recorders->told, SNN_RECORDERS_OLD_STEPS, fail,
                        "%s: the step time is %s ms now, was %s: the "
                        "older states of '%s' that were kept, the old steps "
                        "apart, are cleared",
                        where, snn_real(step_time).text, snn_real(old).text,
                        r->name);
    return SNN_OK;
}

snn_status snn_recorders_set_step(snn_recorders *recorders, double step_time,
                                  const char *where, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < recorders->count && status == SNN_OK; i++)
        status = tell(recorders, &recorders->recorder[i], step_time, where, fail);
    for (int i = 0; i < recorders->count && status == SNN_OK; i++) {
        snn_recorder *r = &recorders->recorder[i];
        snn_reducer_args args = args_with(r, step_time);
        snn_told all = ~(snn_told)0;
        if (r->is_per_step) snn_reducer_clear(&r->reducer, false);
        status = snn_reducer_set(&r->reducer, &args, &all, where, fail);
    }
    return status;
}

/* ---- the two phases ---- */

/* A passthrough keeps the spikes themselves. */
static bool wants_numbers(const snn_recorder *r)
{
    return r->reducer.model->needs_value && !r->reducer.model->keeps_itself;
}

/* The room for the spikes as numbers, where the reducer wants them so. */
static snn_status prepare_real(snn_recorder *r, const snn_shape *shape,
                               snn_fail *fail)
{
    if (!wants_numbers(r) ||
        (!snn_tensor_is_empty(&r->real) &&
         snn_shape_equal(&r->real.shape, shape)))
        return SNN_OK;
    snn_tensor_clear(&r->real);
    return snn_tensor_new(shape, r->dtype, "record", fail, &r->real);
}

snn_status snn_recorders_prepare(snn_recorders *recorders,
                                 const snn_shape shape[SNN_SOURCES],
                                 snn_fail *fail)
{
    for (int i = 0; i < recorders->count; i++) {
        snn_recorder *r = &recorders->recorder[i];
        const snn_shape *own = &shape[r->source];
        snn_status status = prepare_real(r, own, fail);
        if (status == SNN_OK)
            status = snn_reducer_prepare(&r->reducer, own, r->dtype, fail);
        if (status) return status;
    }
    return SNN_OK;
}

/* Between the two a finalizer of the script may have looked at a trace, made a
   step or cleared: then all is prepared once more. */
static bool is_prepared(snn_recorders *recorders, const snn_shape shape[SNN_SOURCES])
{
    bool ready = true;
    for (int i = 0; i < recorders->count && ready; i++) {
        const snn_recorder *r = &recorders->recorder[i];
        ready = snn_reducer_is_prepared(&r->reducer, &shape[r->source]);
    }
    snn_fail unused;
    return ready || !snn_recorders_prepare(recorders, shape, &unused);
}

static const snn_tensor *as_numbers(snn_recorder *r, const snn_tensor *spikes)
{
    if (!wants_numbers(r)) return spikes;
    const uint8_t *in = snn_tensor_bool(spikes);
    int64_t n = snn_tensor_count(spikes);
    void *out = snn_tensor_edit(&r->real, false);
    if (r->dtype == SNN_FLOAT64)
        for (int64_t i = 0; i < n; i++) ((double *)out)[i] = in[i];
    else
        for (int64_t i = 0; i < n; i++) ((float *)out)[i] = in[i];
    return &r->real;
}

bool snn_recorders_record(snn_recorders *recorders,
                          const snn_tensor *const spikes[SNN_SOURCES])
{
    snn_shape shape[SNN_SOURCES];
    for (int i = 0; i < SNN_SOURCES; i++) shape[i] = spikes[i]->shape;
    if (!is_prepared(recorders, shape)) return false;
    for (int i = 0; i < recorders->count; i++) {
        snn_recorder *r = &recorders->recorder[i];
        const snn_tensor *own = spikes[r->source];
        snn_reducer_record(&r->reducer, as_numbers(r, own), own);
    }
    return true;
}

snn_status snn_recorder_restore(snn_recorder *r, const snn_tensor *stored,
                                snn_fail *fail)
{
    snn_dtype dtype = r->reducer.model->keeps_itself ? SNN_BOOL : r->dtype;
    snn_tensor own = SNN_NO_TENSOR;
    snn_status status =
        stored ? snn_tensor_to(stored, dtype, fail, &own) : SNN_OK;
    if (!status)
        status = snn_reducer_restore(&r->reducer, stored ? &own : NULL, fail);
    snn_tensor_clear(&own);
    return status;
}

void snn_recorders_clear(snn_recorders *recorders)
{
    for (int i = 0; i < recorders->count; i++) {
        snn_tensor_clear(&recorders->recorder[i].real);
        snn_reducer_clear(&recorders->recorder[i].reducer, false);
    }
}

snn_recorder *snn_recorders_find(snn_recorders *recorders, const char *name)
{
    for (int i = 0; i < recorders->count; i++)
        if (strcmp(recorders->recorder[i].name, name) == 0)
            return &recorders->recorder[i];
    return NULL;
}
