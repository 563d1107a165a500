/* One that all share is worked out once. A row's places are sorted by counting. */
#include "train/ages.h"

#include <string.h>

#include "util/mem.h"

/* Calls with the same delays after which their order pays. */
enum { USES = 4 };

static void forget_order(snn_ages *ages)
{
    snn_mem_free(ages->order);
    snn_mem_free(ages->from);
    ages->order = ages->from = NULL;
    ages->uses = 0;
}

void snn_ages_clear(snn_ages *ages)
{
    forget_order(ages);
    snn_mem_free(ages->of);
    *ages = (snn_ages){ .is_known = false };
}

/* ---- by row and age ---- */

/* Where the places of a row begin, and how many it has. */
static int64_t first_of(const snn_param *delay, int64_t row, int64_t *length)
{
    const int64_t *first = delay->pattern->first;
    *length = first ? first[row + 1] - first[row] : delay->columns;
    return first ? first[row] : row * delay->columns;
}

static void sort_row(const uint16_t *age, int64_t n, int64_t width, uint16_t *from,
                     uint16_t *order)
{
    memset(from, 0, (size_t)(width + 1) * sizeof *from);
    for (int64_t i = 0; i < n; i++) from[age[i] + 1]++;
    for (int64_t a = 0; a < width; a++) from[a + 1] = (uint16_t)(from[a + 1] + from[a]);
    for (int64_t i = 0; i < n; i++) order[from[age[i]]++] = (uint16_t)i;
    /* each has moved to where the next one began */
    memmove(from + 1, from, (size_t)width * sizeof *from);
    from[0] = 0;
}

/* Rows that are short beside the ages, or too long for their numbers, are looked
   through; so are all when memory is short. */
static void sort(snn_ages *a, const snn_param *delay)
{
    const int64_t rows = delay->rows, n = a->places;
    a->width = (int64_t)a->by.oldest + 1;
    for (int64_t row = 0, length; row < rows; row++) {
        first_of(delay, row, &length);
        if (length > UINT16_MAX) return;
    }
    if (rows == 0 || n / rows < a->width + 1) return;
    a->order = snn_mem_alloc((size_t)n * sizeof *a->order);
    a->from = snn_mem_alloc((size_t)(rows * (a->width + 1)) * sizeof *a->from);
    if (!a->order || !a->from) {
        forget_order(a);
        return;
    }
    for (int64_t row = 0, length; row < rows; row++) {
        int64_t first = first_of(delay, row, &length);
        sort_row(a->of + first, length, a->width, a->from + row * (a->width + 1),
                 a->order + first);
    }
}

void snn_ages_use(snn_ages *ages, const snn_param *delay)
{
    if (ages->uses <= USES && ages->uses++ == USES) sort(ages, delay);
}

/* Those of two ages, as one list. */
static int32_t *merge(const uint16_t *a, int64_t n, const uint16_t *b, int64_t m,
                      int32_t base, int32_t *out)
{
    while (n > 0 && m > 0) {
        bool is_first = *a < *b;
        *out++ = base + (is_first ? *a : *b);
        a += is_first;
        n -= is_first;
        b += !is_first;
        m -= !is_first;
    }
    for (; n > 0; n--) *out++ = base + *a++;
    for (; m > 0; m--) *out++ = base + *b++;
    return out;
}

int32_t *snn_ages_list(const snn_ages *ages, int64_t row, int64_t first,
                       int64_t length, const uint16_t *which, int count,
                       int32_t *out)
{
    if (!ages->order || count > 2)
        return snn_moments_list(ages->of + first, length, which, count,
                                (int32_t)first, out);
    const uint16_t *from = ages->from + row * (ages->width + 1);
    const uint16_t *order = ages->order + first;
    int64_t begin[2] = { 0, 0 }, n[2] = { 0, 0 };
    for (int i = 0; i < count; i++) {
        if (which[i] >= ages->width) continue;
        begin[i] = from[which[i]];
        n[i] = from[which[i] + 1] - begin[i];
    }
    return merge(order + begin[0], n[0], order + begin[1], n[1], (int32_t)first, out);
}

/* ---- ages ---- */

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
    forget_order(a);
    a->knows_steps = false;
    /* no overflow: delays of as many places are in memory, or their weights */
    size_t bytes = ((size_t)n + SNN_MOMENTS_SLACK) * sizeof *a->of;
    if (bytes > a->bytes) {
        snn_ages_clear(a);
        a->of = snn_mem_zeroed(bytes);
        if (!a->of) return snn_fail_memory(fail, where, bytes);
        a->bytes = bytes;
    }
    snn_tensor time;
    snn_status status = snn_param_read(delay, fail, &time);
    if (status) return status;
    bool is_shared = snn_param_is_shared(delay);
    a->fits = snn_moments_ages(by, snn_tensor_data(&time),
                               delay->value.dtype == SNN_FLOAT64,
                               is_shared ? 1 : n, a->of);
    snn_tensor_clear(&time);
    for (int64_t i = 1; is_shared && i < n; i++) a->of[i] = a->of[0];
    a->places = n;
    a->version = delay->version;
    a->by = *by;
    a->is_known = true;
    return SNN_OK;
}

bool snn_ages_are_on_steps(snn_ages *a, const snn_param *delay)
{
    enum { RUN = 64 };
    if (a->knows_steps) return a->on_steps;
    const int64_t n = snn_param_is_shared(delay) ? 1 : a->places;
    double time[RUN], since[RUN];
    int32_t older[RUN];
    a->on_steps = a->knows_steps = true;
    for (int64_t i = 0, some; i < n && a->on_steps; i += some) {
        some = n - i < RUN ? n - i : RUN;
        for (int64_t k = 0; k < some; k++)
            time[k] = snn_param_at(delay, i + k);
        snn_moments_find(&a->by, time, some, older, since);
        for (int64_t k = 0; k < some; k++) a->on_steps = a->on_steps && since[k] == 0;
    }
    return a->on_steps;
}
