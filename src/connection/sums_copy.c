/* Sums at the outputs as a whole: a copy shares their bytes, a move takes them. */
#include "connection/sums.h"

#include "tensor/copy.h"

void snn_sums_clear(snn_sums *sums)
{
    for (int s = 0; s < SNN_SUMS_SLOTS; s++)
        for (int p = 0; p < SNN_SUMS_MOST; p++)
            snn_tensor_clear(&sums->y[s][p]);
    snn_tensor_clear(&sums->offered);
    snn_sums_log_clear(&sums->log);
    *sums = (snn_sums){ .offered_version = 0 };
}

static snn_status share(const snn_tensor *t, snn_fail *fail, snn_tensor *out)
{
    if (!snn_tensor_is_empty(t)) return snn_tensor_share(t, false, fail, out);
    *out = SNN_NO_TENSOR;
    return SNN_OK;
}

snn_status snn_sums_copy(const snn_sums *sums, snn_fail *fail, snn_sums *out)
{
    *out = (snn_sums){ .now = sums->now, .before = sums->before,
                       .offered_version = sums->offered_version,
                       .offered_delays = sums->offered_delays };
    snn_status status = share(&sums->offered, fail, &out->offered);
    if (!status) status = snn_sums_log_copy(&sums->log, fail, &out->log);
    for (int s = 0; s < SNN_SUMS_SLOTS; s++)
        for (int p = 0; p < SNN_SUMS_MOST && !status; p++)
            status = share(&sums->y[s][p], fail, &out->y[s][p]);
    if (status) snn_sums_clear(out);
    return status;
}

void snn_sums_move(snn_sums *from, snn_sums *to)
{
    snn_sums_clear(to);
    *to = *from;
    *from = (snn_sums){ .offered_version = 0 };
}
