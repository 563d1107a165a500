/* All indices are checked before one is used; an int64 tensor that is
   contiguous is taken as it is. */
#include "tensor/index.h"

#include <inttypes.h>
#include <math.h>

#include "kernel/pick.h"
#include "tensor/copy.h"
#include "util/number.h"

/* ValueError unless all elements of a real tensor are whole numbers, which its
   copy as int64 no longer tells. */
static snn_status check_whole(const snn_tensor *index, const char *where,
                              const char *name, snn_fail *fail)
{
    snn_tensor wide;
    snn_status status = snn_tensor_to(index, SNN_FLOAT64, fail, &wide);
    if (status) return status;
    const double *x = snn_tensor_f64(&wide);
    int64_t n = snn_tensor_count(&wide), i = 0;
    while (i < n && isfinite(x[i]) && x[i] == trunc(x[i])) i++;
    if (i < n)
        status = snn_fail_set(fail, SNN_VALUE_ERROR,
                              "%s: '%s' must hold whole numbers, element "
                              "%" PRId64 " is %s",
                              where, name, i + 1,
                              (index->dtype == SNN_FLOAT32
                                   ? snn_single((float)x[i])
                                   : snn_real(x[i])).text);
    snn_tensor_clear(&wide);
    return status;
}

snn_status snn_index_whole(const snn_tensor *t, const snn_tensor *target,
                           const char *where, const char *name, snn_fail *fail,
                           snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (t->dtype == SNN_BOOL)
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: '%s' must be a tensor of whole numbers, got "
                            "bool",
                            where, name);
    if (t->dtype == SNN_INT64)
        return target && snn_tensor_shares(target, t)
            ? snn_tensor_clone(t, fail, out)
            : snn_tensor_contiguous(t, fail, out);
    snn_status status = check_whole(t, where, name, fail);
    return status ? status : snn_tensor_to(t, SNN_INT64, fail, out);
}

static snn_status check_range(const snn_tensor *index, int64_t size, int dim,
                              const char *where, snn_fail *fail)
{
    const int64_t *x = snn_tensor_i64(index); /* contiguous */
    int64_t n = snn_tensor_count(index), i = snn_pick_bad(x, n, size);
    if (i == n) return SNN_OK;
    if (size == 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: index %" PRId64 " is out of range, "
                            "dimension %d is empty",
                            where, x[i], dim + 1);
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: index %" PRId64 " is out of range, dimension "
                        "%d has 1 to %" PRId64,
                        where, x[i], dim + 1, size);
}

snn_status snn_index_take(const snn_tensor *index, int64_t size, int dim,
                          const snn_tensor *target, const char *where,
                          snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (index->dtype == SNN_BOOL)
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: 'index' must be a tensor of whole numbers, "
                            "got bool; a bool tensor is a mask: t[mask], "
                            "t:masked_select(mask)",
                            where);
    snn_status status =
        snn_index_whole(index, target, where, "index", fail, out);
    if (status == SNN_OK) status = check_range(out, size, dim, where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}
