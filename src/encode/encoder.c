/* What all models do around their own intervals: arguments are settled and
   checked, and a whole train is a renewal process that is written step by
   step (renewal.c). */
#include "encode/encoder.h"

#include <math.h>

#include "util/interrupt.h"
#include "util/mem.h"

static snn_encoder_args resolved(const snn_encoder_args *given)
{
    snn_encoder_args args = *given;
    if (isnan(args.refrac)) args.refrac = args.step_time;
    return args;
}

snn_status snn_encoder_set(snn_encoder *encoder, const snn_encoder_args *given,
                           snn_fail *fail)
{
    snn_encoder_args args = resolved(given);
    if (encoder->model->check) {
        snn_status status = encoder->model->check(&args, fail);
        if (status) return status;
    }
    encoder->given = *given;
    encoder->args = args;
    return SNN_OK;
}

snn_status snn_encoder_new(const snn_encoder_model *model,
                           const snn_encoder_args *args, snn_fail *fail,
                           snn_encoder **out)
{
    snn_encoder made = { .model = model };
    snn_status status = snn_encoder_set(&made, args, fail);
    if (status) return status;
    *out = snn_mem_alloc(sizeof made);
    if (!*out) return snn_fail_memory(fail, model->name, sizeof made);
    **out = made;
    return SNN_OK;
}

void snn_encoder_free(snn_encoder *encoder)
{
    snn_mem_free(encoder);
}

snn_status snn_encoder_run(const snn_encoder *encoder, const snn_tensor *input,
                           snn_fail *fail, snn_tensor *out)
{
    snn_renewal *renewal;
    snn_status status = snn_renewal_new(encoder, input, fail, &renewal);
    if (status) return status;
    int64_t steps = encoder->args.steps;
    snn_shape shape = snn_shape_prepend(steps, &input->shape);
    status = snn_tensor_new(&shape, SNN_BOOL, encoder->model->name, fail, out);
    if (!status) {
        uint8_t *bytes = snn_tensor_edit(out, false);
        int64_t count = snn_tensor_count(input);
        for (int64_t t = 0; t < steps && !snn_interrupt_wanted(); t++)
            snn_renewal_write(renewal, bytes + t * count);
        status = snn_interrupt_check(encoder->model->name, fail);
        if (status) snn_tensor_clear(out);
    }
    snn_renewal_free(renewal);
    return status;
}
