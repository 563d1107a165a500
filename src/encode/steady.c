/* The values are a tensor that the train holds; each step is another holder of
   its bytes (copy on write). */
#include "encode/steady.h"

#include <string.h>

#include "tensor/copy.h"
#include "util/mem.h"

typedef struct steady {
    snn_train train;
    snn_tensor value; /* a step */
} steady;

static void steady_write(snn_train *train, void *out)
{
    const steady *s = (const steady *)train;
    memcpy(out, snn_tensor_data(&s->value), snn_tensor_bytes(&s->value));
    train->step++;
}

static snn_status steady_next(snn_train *train, snn_fail *fail,
                              snn_tensor *out)
{
    const steady *s = (const steady *)train;
    snn_status status = snn_tensor_share(&s->value, false, fail, out);
    if (!status) train->step++;
    return status;
}

static void steady_skip(snn_train *train, int64_t step) { train->step = step; }

static void steady_free(snn_train *train)
{
    steady *s = (steady *)train;
    snn_tensor_clear(&s->value);
    snn_mem_free(s);
}

/* The values, worked out in float64, as the train's dtype. */
static snn_status make(steady *s, const void *args,
                       const snn_tensor *intensities, snn_fail *fail)
{
    const snn_train *train = &s->train;
    const snn_steady_law *law = train->model->law;
    snn_tensor wide;
    snn_status status = snn_tensor_new(&train->shape, SNN_FLOAT64,
                                       train->model->name, fail, &wide);
    if (status) return status;
    law->values(args, snn_tensor_f64(intensities), train->elements,
                snn_tensor_edit(&wide, false));
    status = snn_tensor_to(&wide, train->dtype, fail, &s->value);
    snn_tensor_clear(&wide);
    return status;
}

static snn_status steady_begin(const snn_encoder_model *model, const void *args,
                               const snn_tensor *intensities, snn_dtype given,
                               snn_fail *fail, snn_train **out)
{
    snn_train train = snn_train_of(model, args, intensities);
    train.dtype = snn_dtype_is_real(given) ? given : SNN_FLOAT32;
    train.bytes = sizeof(steady) +
                  (size_t)train.elements * snn_dtype_size(train.dtype);
    steady *s = snn_mem_alloc(sizeof *s);
    if (!s) return snn_fail_memory(fail, model->name, sizeof *s);
    *s = (steady){ .train = train };
    snn_status status = make(s, args, intensities, fail);
    if (status)
        steady_free(&s->train);
    else
        *out = &s->train;
    return status;
}

const snn_encoder_process snn_steady_values = {
    .takes_any = true,
    .begin = steady_begin,
    .next = steady_next,
    .write = steady_write,
    .skip = steady_skip,
    .free = steady_free,
};
