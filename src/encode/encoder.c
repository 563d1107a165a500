/* What all models do around their own law: arguments are settled and checked,
   intensities looked at, and a whole train is one that is written step by
   step. */
#include "encode/encoder.h"

#include <math.h>
#include <string.h>

#include "tensor/copy.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/number.h"

/* ---- arguments ---- */

/* Both copies are behind the struct, as it is a multiple of their alignment. */
static snn_encoder *place(void *memory, const snn_encoder_model *model)
{
    snn_encoder *e = memory;
    *e = (snn_encoder){ .model = model, .given = e + 1 };
    e->args = (char *)e->given + model->args_size;
    return e;
}

snn_status snn_encoder_set(snn_encoder *encoder, const void *given,
                           snn_fail *fail)
{
    const snn_encoder_model *model = encoder->model;
    size_t size = model->args_size;
    void *args = snn_mem_alloc(size);
    if (!args) return snn_fail_memory(fail, model->name, size);
    memcpy(args, given, size);
    if (model->settle) model->settle(args);
    snn_status status = model->check ? model->check(args, fail) : SNN_OK;
    if (!status) {
        memcpy(encoder->given, given, size);
        memcpy(encoder->args, args, size);
    }
    snn_mem_free(args);
    return status;
}

snn_status snn_encoder_new(const snn_encoder_model *model, const void *args,
                           snn_fail *fail, snn_encoder **out)
{
    size_t bytes = sizeof(snn_encoder) + 2 * model->args_size;
    void *memory = snn_mem_alloc(bytes);
    if (!memory) return snn_fail_memory(fail, model->name, bytes);
    snn_encoder *made = place(memory, model);
    snn_status status = snn_encoder_set(made, args, fail);
    if (status)
        snn_mem_free(memory);
    else
        *out = made;
    return status;
}

void snn_encoder_free(snn_encoder *encoder)
{
    snn_mem_free(encoder);
}

/* ---- intensities ---- */

static bool is_good(double x, bool any)
{
    return any ? isfinite(x) : x >= 0 && x <= 1;
}

static snn_status bad_value(const snn_encoder_model *model,
                            const snn_shape *shape, int64_t at,
                            snn_number value, snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    snn_shape place = *shape;
    for (int d = shape->ndim - 1; d >= 0; d--) {
        place.size[d] = at % shape->size[d] + 1;
        at /= shape->size[d];
    }
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: intensities must be %s, got %s at %s", model->name,
                        model->process->takes_any ? "finite" : "from 0 to 1",
                        value.text, snn_tuple_text(&place, text));
}

/* They were given as a dtype. */
static snn_status check_values(const snn_encoder_model *model,
                               const snn_tensor *values, snn_dtype given,
                               snn_fail *fail)
{
    const double *x = snn_tensor_f64(values);
    bool any = model->process->takes_any;
    int64_t n = snn_tensor_count(values), good = 0;
    if (any)
        for (int64_t i = 0; i < n; i++) good += isfinite(x[i]) != 0;
    else
        for (int64_t i = 0; i < n; i++) good += (x[i] >= 0) & (x[i] <= 1);
    if (good == n) return SNN_OK;
    int64_t at = 0;
    while (is_good(x[at], any)) at++;
    snn_number value =
        given == SNN_FLOAT32 ? snn_single((float)x[at]) : snn_real(x[at]);
    return bad_value(model, &values->shape, at, value, fail);
}

/* ---- trains ---- */

snn_train snn_train_of(const snn_encoder_model *model, const void *args,
                       const snn_tensor *intensities)
{
    const snn_shape *shape = &intensities->shape;
    int64_t elements = snn_tensor_count(intensities);
    int64_t rows = shape->ndim > 0 ? shape->size[0] : 1;
    int64_t columns = rows > 0 ? elements / rows : 0;
    return (snn_train){ .process = model->process, .model = model,
                        .shape = *shape, .dtype = SNN_BOOL,
                        .elements = elements,
                        .columns = columns > 0 ? columns : 1,
                        .steps = ((const snn_encoder_args *)args)->steps };
}

snn_status snn_train_new(const snn_encoder *encoder, const snn_tensor *input,
                         snn_fail *fail, snn_train **out)
{
    const snn_encoder_model *model = encoder->model;
    if (input->shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: intensities have %d dimensions, at most %d",
                            model->name, SNN_MAX_DIMS, SNN_MAX_DIMS - 1);
    snn_tensor values;
    snn_status status = snn_tensor_to(input, SNN_FLOAT64, fail, &values);
    if (status) return status;
    status = check_values(model, &values, input->dtype, fail);
    if (!status)
        status = model->process->begin(model, encoder->args, &values,
                                       input->dtype, fail, out);
    snn_tensor_clear(&values);
    return status;
}

void snn_train_free(snn_train *train)
{
    if (train) train->process->free(train);
}

snn_status snn_train_skip(snn_train *train, int64_t step, snn_fail *fail)
{
    if (step > train->steps) step = train->steps;
    if (step > train->step) train->process->skip(train, step);
    return snn_interrupt_check(train->model->name, fail);
}

snn_status snn_train_rest(snn_train *train, snn_fail *fail, snn_tensor *out)
{
    const char *name = train->model->name;
    snn_shape shape =
        snn_shape_prepend(train->steps - train->step, &train->shape);
    snn_status status = snn_tensor_new(&shape, train->dtype, name, fail, out);
    if (status) return status;
    char *bytes = snn_tensor_edit(out, false);
    size_t step = (size_t)train->elements * snn_dtype_size(train->dtype);
    while (train->step < train->steps && !snn_interrupt_wanted()) {
        train->process->write(train, bytes);
        bytes += step;
    }
    status = snn_interrupt_check(name, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_encoder_run(const snn_encoder *encoder, const snn_tensor *input,
                           snn_fail *fail, snn_tensor *out)
{
    snn_train *train;
    snn_status status = snn_train_new(encoder, input, fail, &train);
    if (status) return status;
    status = snn_train_rest(train, fail, out);
    snn_train_free(train);
    return status;
}
