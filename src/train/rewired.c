/* Traces of inputs and outputs stay as they are; eligibilities and what was
   recorded of each synapse go with it, and those of new ones begin as a cleared
   unit's. */
#include "train/rewired.h"

#include <string.h>

#include "tensor/copy.h"

/* Runs of elements, the dimension `axis` of the tensor, by where they were; those
   of new synapses are `fill`. */
static snn_status carry(const snn_tensor *was, int axis, const snn_rewiring *r,
                        double fill, snn_fail *fail, snn_tensor *out)
{
    if (snn_tensor_is_empty(was)) return SNN_OK;
    const int64_t n = r->pattern->count, old = was->shape.size[axis];
    const int64_t runs = old > 0 ? snn_tensor_count(was) / old : 0;
    const size_t size = snn_dtype_size(was->dtype);
    snn_shape shape = was->shape;
    shape.size[axis] = n;
    snn_status status =
        snn_tensor_zeros(&shape, was->dtype, "eligibility", fail, out);
    if (!status && fill != 0) status = snn_tensor_fill(out, fill, fail);
    if (status) return status;
    char *to = snn_tensor_edit(out, true);
    const char *from = snn_tensor_data(was);
    for (int64_t b = 0; b < runs; b++, from += (size_t)old * size)
        for (int64_t k = 0; k < n; k++, to += size)
            if (r->from[k] >= 0)
                memcpy(to, from + (size_t)r->from[k] * size, size);
    return SNN_OK;
}

/* ---- records: (steps, batch, count, 1) ---- */

static snn_status carry_fine(const snn_reducer *was, const snn_rewiring *r,
                             snn_fail *fail, snn_reducer *out)
{
    const snn_tensor *fine = snn_reducer_fine(was);
    if (!fine || snn_tensor_is_empty(fine)) return SNN_OK;
    double fill = was->model->counts_steps ? snn_reducer_fill(was) : 0;
    snn_tensor carried = SNN_NO_TENSOR;
    snn_status status =
        carry(fine, fine->shape.ndim - 2, r, fill, fail, &carried);
    if (!status) status = snn_reducer_set_fine(out, &carried, fail);
    snn_tensor_clear(&carried);
    return status;
}

static snn_status carry_record(const snn_reducer *was, const snn_rewiring *r,
                               snn_fail *fail, snn_reducer *out)
{
    snn_tensor stored = SNN_NO_TENSOR, carried = SNN_NO_TENSOR;
    snn_status status = snn_reducer_init(was->model, &was->args, fail, out);
    if (status || !snn_reducer_latest(was)) return status;
    status = snn_reducer_stored(was, fail, &stored);
    if (!status)
        status = carry(&stored, stored.shape.ndim - 2, r, snn_reducer_fill(was),
                       fail, &carried);
    if (!status) status = snn_reducer_restore(out, &carried, fail);
    if (!status) status = carry_fine(was, r, fail, out);
    out->age = was->age;
    out->told = was->told;
    snn_tensor_clear(&stored);
    snn_tensor_clear(&carried);
    if (status) snn_reducer_clear(out, false);
    return status;
}

/* Is it of each synapse that there was? What was loaded may have any shape, and may
   be all that there is, before a step. */
static bool is_of_synapses(const snn_unit *unit, const snn_recorder *recorder)
{
    const snn_shape *shape = &recorder->reducer.shape;
    return recorder->source == SNN_ARRIVED &&
           snn_reducer_latest(&recorder->reducer) && shape->ndim == 3 &&
           shape->size[1] == unit->cell->connection->weight.pattern->count;
}

static snn_status carry_records(const snn_unit *unit, const snn_rewiring *r,
                                snn_fail *fail, snn_rewired *out)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < unit->recorders.count && !status; i++) {
        const snn_recorder *recorder = &unit->recorders.recorder[i];
        if (!is_of_synapses(unit, recorder)) continue;
        status =
            carry_record(&recorder->reducer, r, fail, &out->recorded[i]);
        out->is_recorded[i] = !status;
    }
    return status;
}

/* ---- a unit ---- */

snn_status snn_rewired_make(const snn_unit *unit, const snn_rewiring *r,
                            snn_fail *fail, snn_rewired *out)
{
    *out = (snn_rewired){ .kept = { SNN_NO_TENSOR } };
    snn_status status = SNN_OK;
    for (int i = 0; unit->eligibility && i < SNN_ELIGS && !status; i++) {
        const snn_eligible *side = &unit->eligibility->side[i];
        if (snn_tensor_is_empty(&side->kept)) continue;
        status = carry(&side->kept, side->kept.shape.ndim - 1, r, 0, fail,
                       &out->kept[i]);
        if (!status)
            status = carry(&side->total, side->total.shape.ndim - 1, r, 0, fail,
                           &out->total[i]);
    }
    if (!status) status = carry_records(unit, r, fail, out);
    if (status) snn_rewired_clear(out);
    return status;
}

void snn_rewired_clear(snn_rewired *rewired)
{
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_tensor_clear(&rewired->kept[i]);
        snn_tensor_clear(&rewired->total[i]);
    }
    for (int i = 0; i < SNN_MOST_RECORDERS; i++) {
        if (rewired->is_recorded[i])
            snn_reducer_clear(&rewired->recorded[i], false);
        rewired->is_recorded[i] = false;
    }
}

void snn_rewired_take(snn_unit *unit, snn_rewired *rewired)
{
    for (int i = 0; unit->eligibility && i < SNN_ELIGS; i++) {
        snn_eligible *side = &unit->eligibility->side[i];
        snn_tensor_clear(&side->next);
        if (snn_tensor_is_empty(&side->kept)) continue;
        snn_tensor_move(&rewired->kept[i], &side->kept);
        snn_tensor_move(&rewired->total[i], &side->total);
    }
    if (unit->standing) snn_standing_clear(unit->standing);
    const bool sees_arrivals = !snn_tensor_is_empty(&unit->arrived);
    snn_tensor_clear(&unit->arrived);
    for (int i = 0; i < unit->recorders.count; i++) {
        snn_recorder *recorder = &unit->recorders.recorder[i];
        if (recorder->source != SNN_ARRIVED ||
            !(sees_arrivals || rewired->is_recorded[i]))
            continue;
        snn_reducer_clear(&recorder->reducer, false);
        snn_tensor_clear(&recorder->real);
        if (!rewired->is_recorded[i]) continue;
        recorder->reducer = rewired->recorded[i];
        rewired->is_recorded[i] = false;
    }
}
