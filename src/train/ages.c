/* One that all share is worked out once. */
#include "train/ages.h"

#include "util/mem.h"

void snn_ages_clear(snn_ages *ages)
{
    snn_mem_free(ages->of);
    *ages = (snn_ages){ .is_known = false };
}

static bool is_known(const snn_ages *a, const snn_param *delay,
                     const snn_moments *by)
{
    return a->is_known && a->version == delay->version &&
           a->places == snn_param_count(delay) && a->by.dt == by->dt &&
           a->by.end == by->end && a->by.slack == by->slack &&
           a->by.oldest == by->oldest;
}

snn_status snn_ages_update(snn_ages *a, const snn_param *delay,
                           const snn_moments *by, const char *where,
                           snn_fail *fail)
{
    int64_t n = snn_param_count(delay);
    if (is_known(a, delay, by)) return SNN_OK;
    /* no overflow: delays of as many places are in memory, or their weights */
    size_t bytes = ((size_t)n + SNN_MOMENTS_SLACK) * sizeof *a->of;
    if (bytes > a->bytes) {
        snn_ages_clear(a);
        a->of = snn_mem_zeroed(bytes);
        if (!a->of) return snn_fail_memory(fail, where, bytes);
        a->bytes = bytes;
    }
    bool is_shared = snn_param_is_shared(delay);
    a->fits = snn_moments_ages(by, snn_param_data(delay),
                               delay->value.dtype == SNN_FLOAT64,
                               is_shared ? 1 : n, a->of);
    for (int64_t i = 1; is_shared && i < n; i++) a->of[i] = a->of[0];
    a->places = n;
    a->version = delay->version;
    a->by = *by;
    a->is_known = true;
    return SNN_OK;
}
