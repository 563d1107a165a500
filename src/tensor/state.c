/* Walks of the rows of a state, for all who need not know its object. */
#include "tensor/state.h"

#include <string.h>

static const char *const of_text[] = {
    [SNN_OF_NEURON] = "neuron",     [SNN_OF_ADAPTATION] = "adaptation",
    [SNN_OF_INPUT] = "input",       [SNN_OF_HISTORY] = "history",
    [SNN_OF_WEIGHT] = "weight",     [SNN_OF_BIAS] = "bias",
    [SNN_OF_DELAY] = "delay",       [SNN_OF_PARAM] = "parameter",
    [SNN_OF_SYNAPSES] = "synapses",
    [SNN_OF_RECORD] = "record",     [SNN_OF_OBSERVED] = "observed",
    [SNN_OF_CLASSES] = "classes",   [SNN_OF_SHAPE] = "shape",
    [SNN_OF_CLASS] = "class",       [SNN_OF_ONE] = "one",
};

const char *snn_state_of_text(snn_state_of of) { return of_text[of]; }

static const char *const type_text[] = {
    [SNN_STATE_REAL] = "real",       [SNN_STATE_BOOL] = "bool",
    [SNN_STATE_INT64] = "int64",     [SNN_STATE_FLOAT64] = "float64",
    [SNN_STATE_OTHER] = "any",
};

const char *snn_state_type_text(snn_state_type type)
{
    return type_text[type];
}

snn_status snn_state_get(const void *self, const snn_state_row *row,
                         snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (row->read) return row->read(self, row, fail, out);
    const void *at = (const char *)self + row->offset;
    const snn_tensor *t = row->peek ? row->peek(self, row) : at;
    if (!t || snn_tensor_is_empty(t)) return SNN_OK;
    return snn_tensor_share(t, false, fail, out);
}

const snn_state_row *snn_state_find(const snn_state_row *rows,
                                    const char *name)
{
    for (; rows && rows->name; rows++)
        if (strcmp(rows->name, name) == 0) return rows;
    return NULL;
}

/* ---- one number ---- */

static snn_status new_one(const snn_state_row *row, snn_dtype dtype,
                          snn_fail *fail, snn_tensor *out)
{
    snn_shape one = snn_shape_of(0, NULL);
    return snn_tensor_new(&one, dtype, row->name, fail, out);
}

snn_status snn_state_of_count(const snn_state_row *row, int64_t count,
                              snn_fail *fail, snn_tensor *out)
{
    snn_status status = new_one(row, SNN_INT64, fail, out);
    if (!status) *(int64_t *)snn_tensor_edit(out, false) = count;
    return status;
}

snn_status snn_state_of_real(const snn_state_row *row, double value,
                             snn_fail *fail, snn_tensor *out)
{
    snn_status status = new_one(row, SNN_FLOAT64, fail, out);
    if (!status) *(double *)snn_tensor_edit(out, false) = value;
    return status;
}

/* More than is ever counted, so that it can be counted on. */
static const int64_t MOST_COUNT = INT64_C(1) << 62;

snn_status snn_state_to_count(const snn_state_row *row, const snn_tensor *value,
                              const char *where, snn_fail *fail, int64_t *out)
{
    if (value->dtype != SNN_INT64 || value->shape.ndim != 0 ||
        *snn_tensor_i64(value) < 0 || *snn_tensor_i64(value) > MOST_COUNT)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: '%s' must be a count: an int64 tensor without "
                            "dimensions",
                            where, row->name);
    *out = *snn_tensor_i64(value);
    return SNN_OK;
}

snn_status snn_state_to_real(const snn_state_row *row, const snn_tensor *value,
                             const char *where, snn_fail *fail, double *out)
{
    if (value->dtype != SNN_FLOAT64 || value->shape.ndim != 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: '%s' must be a tensor of float64 without "
                            "dimensions",
                            where, row->name);
    *out = *snn_tensor_f64(value);
    return SNN_OK;
}
