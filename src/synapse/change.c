/* Changes of a synapse from outside: arguments, dt, delay, batch size. New rings
   are made first and then moved to their places. */
#include "synapse/self.h"

#include <string.h>

#include "tensor/copy.h"
#include "util/clock.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/number.h"

/* A copy of the arguments, to change; NULL when memory is short. */
static void *copy_args(const snn_synapse *synapse, snn_fail *fail)
{
    size_t bytes = synapse->model->args_size;
    void *args = snn_mem_alloc(bytes);
    if (args)
        memcpy(args, synapse->args, bytes);
    else
        (void)snn_fail_memory(fail, synapse->model->name, bytes);
    return args;
}

/* The newest steps of `old` go to `fresh`, at most so many. */
static void keep_newest(snn_ring *old, snn_ring *fresh, int64_t most)
{
    int64_t kept = old->length < fresh->length ? old->length : fresh->length;
    if (kept > most) kept = most;
    for (int64_t age = kept - 1; age >= 0; age--) {
        int64_t i = old->head - age;
        snn_ring_push(fresh, &old->slot[i < 0 ? i + old->length + 1 : i]);
    }
}

static bool is_silent(const snn_tensor *step)
{
    if (snn_tensor_is_empty(step)) return true;
    const char *bytes = snn_tensor_data(step);
    size_t n = snn_tensor_bytes(step);
    for (size_t i = 0; i < n; i++)
        if (bytes[i]) return false;
    return true;
}

/* ---- step time ---- */

/* Whether any step before the newest has a spike or a current. */
static bool has_past(const snn_synapse *synapse)
{
    for (int i = 0; i < synapse->rings; i++)
        for (int64_t age = 1; age < synapse->ring[i].length; age++)
            if (!is_silent(snn_ring_at(&synapse->ring[i], age))) return true;
    return false;
}

static snn_status tell_of_past(snn_synapse *synapse, double dt, snn_fail *fail)
{
    if (!has_past(synapse)) return SNN_OK;
    return snn_warn(&synapse->told, SNN_SYNAPSE_OLD_STEPS, fail,
                    "%s: the step time is %s ms now, was %s: spikes and "
                    "currents before the last step, which were kept the old "
                    "steps apart, are cleared",
                    synapse->model->name, snn_real(dt).text,
                    snn_real(snn_synapse_common_of(synapse)->step_time).text);
}

/* ---- arguments ---- */

/* The steps of a current that follows from the spikes, as they were. */
static snn_status write_currents(const snn_synapse *synapse, snn_fail *fail,
                                 snn_ring *out)
{
    const double gain = synapse->law[0].gain;
    const snn_dtype dtype = snn_synapse_common_of(synapse)->dtype;
    for (int64_t age = out->length - 1; age >= 0; age--) {
        snn_tensor step;
        const snn_tensor *spike = snn_ring_at(&synapse->ring[0], age);
        snn_status status =
            snn_tensor_new(&spike->shape, dtype, "synapse", fail, &step);
        if (status) return status;
        snn_current current = { .spike = snn_tensor_bool(spike), .gain = gain,
                                .out = snn_tensor_edit(&step, false) };
        snn_current_run(&current, snn_tensor_count(&step),
                        dtype == SNN_FLOAT64);
        status = snn_interrupt_check("synapse", fail);
        if (status) {
            snn_tensor_clear(&step);
            return status;
        }
        snn_ring_push(out, &step);
    }
    return SNN_OK;
}

/* Told of once: currents that were stored are not any more. */
static snn_status tell_of_currents(snn_synapse *synapse, snn_fail *fail)
{
    const snn_ring *ring = &synapse->ring[1];
    bool are_silent = true;
    for (int64_t age = 0; age < ring->length; age++)
        are_silent = are_silent && is_silent(snn_ring_at(ring, age));
    if (are_silent) return SNN_OK;
    return snn_warn(&synapse->told, SNN_SYNAPSE_CURRENTS, fail,
                    "%s: currents follow from the spikes now: those of "
                    "graded inputs are cleared",
                    synapse->model->name);
}

/* Rings for arguments by which other currents are stored, or none. */
static snn_status store_other(snn_synapse *synapse, const void *args,
                              const snn_synapse_layout *layout, snn_fail *fail)
{
    snn_ring fresh[SNN_MOST_RINGS];
    snn_status status =
        snn_synapse_silent(synapse->model, args, layout, fail, fresh);
    if (status) return status;
    status = synapse->stored ? tell_of_currents(synapse, fail)
                             : write_currents(synapse, fail, &fresh[1]);
    if (status) {
        snn_synapse_clear_rings(fresh);
        return status;
    }
    keep_newest(&synapse->ring[0], &fresh[0], INT64_MAX);
    snn_synapse_commit(synapse, args, fresh);
    return SNN_OK;
}

/* Rings for another delay or step time, with the `most` newest steps of the
   present ones. */
static snn_status rebuild(snn_synapse *synapse, const void *args, int64_t most,
                          snn_fail *fail)
{
    snn_ring fresh[SNN_MOST_RINGS];
    const snn_synapse_layout layout = snn_synapse_layout_now(synapse);
    const snn_synapse_args *to = args;
    const double dt = snn_synapse_common_of(synapse)->step_time;
    snn_status status =
        snn_synapse_silent(synapse->model, args, &layout, fail, fresh);
    if (status) return status;
    if (to->step_time != dt) status = tell_of_past(synapse, to->step_time, fail);
    if (status) {
        snn_synapse_clear_rings(fresh);
        return status;
    }
    for (int i = 0; i < synapse->rings; i++)
        keep_newest(&synapse->ring[i], &fresh[i], most);
    snn_synapse_commit(synapse, args, fresh);
    return SNN_OK;
}

snn_status snn_synapse_set_arguments(snn_synapse *synapse, const void *args,
                                     snn_fail *fail)
{
    const snn_synapse_args *to = args, *is = snn_synapse_common_of(synapse);
    const snn_synapse_layout layout =
        snn_synapse_layout_of(synapse->model, args);
    snn_status status = snn_synapse_show(synapse, fail);
    if (status) return status;
    if (to->delay != is->delay)
        status = rebuild(synapse, args, INT64_MAX, fail);
    else if (layout.stored != synapse->stored)
        status = store_other(synapse, args, &layout, fail);
    else
        snn_synapse_adopt(synapse, args);
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    return status;
}

snn_status snn_synapse_set_dt(snn_synapse *synapse, double dt, snn_fail *fail)
{
    if (snn_synapse_common_of(synapse)->step_time == dt) return SNN_OK;
    snn_synapse_args *args = copy_args(synapse, fail);
    if (!args) return fail->status;
    args->step_time = dt;
    snn_status status = snn_synapse_show(synapse, fail);
    if (!status) status = rebuild(synapse, args, 1, fail);
    if (!status) snn_trail_clear(&synapse->trail);
    snn_mem_free(args);
    if (status == SNN_OK) snn_clock_changes++;
    return status;
}

snn_status snn_synapse_set_batch(snn_synapse *synapse, int64_t batch,
                                 snn_fail *fail)
{
    snn_ring fresh[SNN_MOST_RINGS];
    const snn_synapse_layout layout = snn_synapse_layout_now(synapse);
    snn_synapse_args *args = copy_args(synapse, fail);
    if (!args) return fail->status;
    args->batch_size = batch;
    snn_status status =
        snn_synapse_silent(synapse->model, args, &layout, fail, fresh);
    if (status == SNN_OK) snn_synapse_commit(synapse, args, fresh);
    snn_mem_free(args);
    return status;
}
