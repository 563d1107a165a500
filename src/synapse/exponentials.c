/* The two exponentials of a current that is driven by another one:
     I = I_d - I_r,  I_r = J tau_r / (tau_d - tau_r)
   Nothing is computed by them: near tau_d = tau_r they are large and nearly the
   same. */
#include "synapse/self.h"
#include "tensor/copy.h"

double snn_synapse_negative(const snn_synapse *synapse, double driving)
{
    double decay = synapse->law[0].time_constant;
    double rise = synapse->law[1].time_constant;
    return driving == 0 ? 0 : driving * (rise / (decay - rise));
}

/* New tensors of float64 in the synapse's shape; none on failure. */
static snn_status make(const snn_synapse *synapse, int count, snn_fail *fail,
                       snn_tensor out[])
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    snn_status status = SNN_OK;
    for (int i = 0; i < count; i++) out[i] = SNN_NO_TENSOR;
    for (int i = 0; i < count && status == SNN_OK; i++)
        status = snn_tensor_new(&shape, SNN_FLOAT64, synapse->model->name,
                                fail, &out[i]);
    for (int i = 0; i < count && status; i++) snn_tensor_clear(&out[i]);
    return status;
}

snn_status snn_synapse_read_exponential(const void *self,
                                        const snn_state_row *row,
                                        snn_fail *fail, snn_tensor *out)
{
    snn_tensor fine;
    const snn_synapse *synapse = self;
    const snn_exponential which = (snn_exponential)row->offset;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_synapse_show(synapse, fail);
    if (!status) status = make(synapse, 1, fail, &fine);
    if (status) return status;
    double *v = snn_tensor_edit(&fine, false);
    const double *current = snn_synapse_finest(synapse, 0);
    const double *driving = snn_synapse_finest(synapse, 1);
    int64_t n = snn_tensor_count(&fine);
    for (int64_t i = 0; i < n; i++) {
        double negative = snn_synapse_negative(synapse, driving[i]);
        v[i] = which == SNN_EXP_NEG ? negative : current[i] + negative;
    }
    status = snn_tensor_to(&fine, snn_synapse_common_of(synapse)->dtype, fail,
                           out);
    snn_tensor_clear(&fine);
    return status;
}

/* With the one exponential `given` and the other one as it is. */
static void solve(const snn_synapse *synapse, snn_exponential which,
                  const double *given, int64_t n, double *current,
                  double *driving)
{
    const double *old_current = snn_synapse_finest(synapse, 0);
    const double *old_driving = snn_synapse_finest(synapse, 1);
    double decay = synapse->law[0].time_constant;
    double rise = synapse->law[1].time_constant;
    for (int64_t i = 0; i < n; i++) {
        double negative = snn_synapse_negative(synapse, old_driving[i]);
        double positive = old_current[i] + negative;
        bool is_negative = which == SNN_EXP_NEG;
        driving[i] = is_negative ? given[i] * ((decay - rise) / rise)
                                 : old_driving[i];
        current[i] = is_negative ? positive - given[i] : given[i] - negative;
    }
}

/* The newest step; the other exponential stays. */
snn_status snn_synapse_write_exponential(void *self, const snn_state_row *row,
                                         const snn_tensor *value,
                                         const char *where, snn_fail *fail)
{
    snn_synapse *synapse = self;
    const snn_exponential which = (snn_exponential)row->offset;
    snn_status status =
        snn_synapse_check_step(synapse, value, where, row->name, fail);
    if (status) return status;
    if (synapse->law[0].time_constant == synapse->law[1].time_constant)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: '%s': cannot be set where 'tc_rise' equals "
                            "'tc_decay': the current is no difference of two "
                            "exponentials then",
                            where, row->name);
    snn_tensor next[2], given;
    status = snn_synapse_show(synapse, fail);
    if (status) return status;
    status = make(synapse, 2, fail, next);
    if (status) return status;
    status = snn_tensor_to(value, SNN_FLOAT64, fail, &given);
    if (status == SNN_OK) {
        solve(synapse, which, snn_tensor_f64(&given), snn_tensor_count(&given),
              snn_tensor_edit(&next[0], false),
              snn_tensor_edit(&next[1], false));
        const snn_tensor *const both[] = { &next[0], &next[1] };
        status = snn_synapse_set_parts(synapse, 0, 2, both, fail);
        snn_tensor_clear(&given);
    }
    for (int i = 0; i < 2; i++) snn_tensor_clear(&next[i]);
    return status;
}
