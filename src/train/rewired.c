/* Traces of inputs and outputs stay as they are; eligibilities go with their
   synapses, and those of new ones begin at 0. */
#include "train/rewired.h"

#include <string.h>

/* Each sample's run of elements, by where they were. */
static snn_status carry(const snn_tensor *was, int64_t samples,
                        const snn_rewiring *r, snn_fail *fail, snn_tensor *out)
{
    if (snn_tensor_is_empty(was)) return SNN_OK;
    const int64_t n = r->pattern->count;
    const int64_t old = samples > 0 ? snn_tensor_count(was) / samples : 0;
    const size_t size = snn_dtype_size(was->dtype);
    snn_shape shape = was->shape;
    shape.size[shape.ndim - 1] = n;
    snn_status status =
        snn_tensor_zeros(&shape, was->dtype, "eligibility", fail, out);
    if (status) return status;
    char *to = snn_tensor_edit(out, true);
    const char *from = snn_tensor_data(was);
    for (int64_t b = 0; b < samples; b++, from += (size_t)old * size)
        for (int64_t k = 0; k < n; k++, to += size)
            if (r->from[k] >= 0)
                memcpy(to, from + (size_t)r->from[k] * size, size);
    return SNN_OK;
}

snn_status snn_rewired_make(const snn_unit *unit, const snn_rewiring *r,
                            snn_fail *fail, snn_rewired *out)
{
    *out = (snn_rewired){ .kept = { SNN_NO_TENSOR } };
    snn_status status = SNN_OK;
    for (int i = 0; unit->eligibility && i < SNN_ELIGS && !status; i++) {
        const snn_eligible *side = &unit->eligibility->side[i];
        if (snn_tensor_is_empty(&side->kept)) continue;
        status = carry(&side->kept, side->kept.shape.size[0], r, fail,
                       &out->kept[i]);
        if (!status) status = carry(&side->total, 1, r, fail, &out->total[i]);
    }
    if (status) snn_rewired_clear(out);
    return status;
}

void snn_rewired_clear(snn_rewired *rewired)
{
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_tensor_clear(&rewired->kept[i]);
        snn_tensor_clear(&rewired->total[i]);
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
    if (snn_tensor_is_empty(&unit->arrived)) return;
    snn_tensor_clear(&unit->arrived);
    for (int i = 0; i < unit->recorders.count; i++) {
        snn_recorder *recorder = &unit->recorders.recorder[i];
        if (recorder->source != SNN_ARRIVED) continue;
        snn_reducer_clear(&recorder->reducer, false);
        snn_tensor_clear(&recorder->real);
    }
}
