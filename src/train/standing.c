/* A row or column is as it was if all its steps have grown by the same number as
   those of all others; rows and columns that have not are listed. Steps that are
   no whole numbers (of another step time once) would differ by a rounding: then
   all is worked out anew. */
#include "train/standing.h"

#include <math.h>
#include <string.h>

#include "util/mem.h"

enum { PARTS = 2, SUMS = 2 };

void snn_standing_clear(snn_standing *s)
{
    for (int i = 0; i < SUMS; i++) snn_tensor_clear(&s->sum[i]);
    snn_mem_free(s->was);
    snn_mem_free(s->changed);
    snn_pattern_free(s->pattern);
    *s = (snn_standing){ .is_known = false };
}

/* ---- room ---- */

static bool reserve(void **memory, size_t *has, size_t bytes)
{
    if (bytes <= *has) return true;
    void *more = snn_mem_alloc(bytes);
    if (!more) return false;
    snn_mem_free(*memory);
    *memory = more;
    *has = bytes;
    return true;
}

static size_t numbers_of(const snn_difference *d)
{
    return (size_t)(d->batch * (d->rows + d->columns + SUMS * PARTS));
}

/* No overflow: as many samples, rows and columns are in memory. */
static snn_status make_room(snn_standing *s, const snn_difference *now,
                            int64_t places, bool is_f64, const char *where,
                            snn_fail *fail)
{
    size_t bytes = numbers_of(now) * sizeof(double);
    size_t lists = (size_t)(now->rows + now->columns + 1) * sizeof(int32_t);
    void *was = s->was, *changed = s->changed;
    bool has = reserve(&was, &s->bytes, bytes) &&
               reserve(&changed, &s->changed_bytes, lists);
    s->was = was;
    s->changed = changed;
    if (!has) return snn_fail_memory(fail, where, bytes);
    snn_dtype dtype = is_f64 ? SNN_FLOAT64 : SNN_FLOAT32;
    snn_shape shape = snn_shape_of(1, &places);
    snn_status status = SNN_OK;
    for (int i = 0; i < SUMS && !status; i++) {
        snn_tensor *sum = &s->sum[i];
        bool is_there = !snn_tensor_is_empty(sum);
        bool fits = is_there && sum->dtype == dtype &&
                    snn_shape_equal(&sum->shape, &shape);
        if (fits == (now->sum[i].to != NULL) && fits == is_there) continue;
        s->is_known = false;
        snn_tensor_clear(sum);
        if (now->sum[i].to)
            status = snn_tensor_new(&shape, dtype, where, fail, sum);
    }
    return status;
}

/* ---- what is still so ---- */

static void note(snn_standing *s, const snn_difference *now)
{
    const size_t batch = (size_t)now->batch;
    const size_t pre = batch * (size_t)now->rows;
    const size_t post = batch * (size_t)now->columns;
    double *factor = s->was + pre + post;
    if (pre) memcpy(s->was, now->pre, pre * sizeof(double));
    if (post) memcpy(s->was + pre, now->post, post * sizeof(double));
    for (int i = 0; i < SUMS; i++)
        for (int k = 0; k < PARTS && now->sum[i].to; k++)
            memcpy(factor + batch * (size_t)(i * PARTS + k),
                   now->sum[i].factor[k], batch * sizeof(double));
}

static bool same_factors(const snn_standing *s, const snn_difference *now)
{
    const size_t batch = (size_t)now->batch;
    const double *factor = s->was + batch * (size_t)(now->rows + now->columns);
    for (int i = 0; i < SUMS; i++)
        for (int k = 0; k < PARTS && now->sum[i].to; k++)
            if (memcmp(factor + batch * (size_t)(i * PARTS + k),
                       now->sum[i].factor[k], batch * sizeof(double)) != 0)
                return false;
    return true;
}

static bool is_same(const snn_standing *s, const snn_difference *now,
                    bool is_f64, uint64_t version)
{
    const snn_difference *of = &s->of;
    return s->is_known && s->is_f64 == is_f64 && of->batch == now->batch &&
           of->rows == now->rows && of->columns == now->columns &&
           of->step_time == now->step_time &&
           of->tc[0] == now->tc[0] && of->tc[1] == now->tc[1] &&
           s->has_delay == (now->delay != NULL) &&
           (!now->delay || s->version == version) && same_factors(s, now);
}

/* By how much steps have grown where nothing spiked: the least that is not less
   than 0 would do, most have it; any number is right. */
static double growth_of(const double *was, const double *now, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++)
        if (now[i] - was[i] > most) most = now[i] - was[i];
    return most;
}

/* Lists what has not grown by that in all samples, returns how many. */
static int64_t list_changed(const double *was, const double *now,
                            int64_t batch, int64_t n, double growth,
                            int32_t *list)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) {
        bool has_stayed = true;
        for (int64_t k = i; k < batch * n; k += n) {
            bool are_unknown = (was[k] != was[k]) & (now[k] != now[k]);
            has_stayed = has_stayed &&
                         ((was[k] + growth == now[k]) | are_unknown);
        }
        list[count] = (int32_t)i;
        count += !has_stayed;
    }
    return count;
}

static bool are_whole(const double *steps, int64_t n)
{
    bool whole = true;
    for (int64_t i = 0; i < n; i++)
        whole &= (steps[i] == rint(steps[i])) | (steps[i] != steps[i]);
    return whole;
}

/* ---- working out ---- */

/* A column costs COLUMN times as much as a row, for a place. */
enum { COLUMN = 4 };

static void work_out(snn_standing *s, snn_difference *now, bool is_f64,
                     uint64_t version)
{
    const int64_t batch = now->batch, rows = now->rows, columns = now->columns;
    int32_t *row = s->changed, *column = row + rows;
    const double *post = s->was + batch * rows;
    int64_t changed_rows = rows, changed_columns = 0;
    bool some = is_same(s, now, is_f64, version) &&
                are_whole(now->pre, batch * rows) &&
                are_whole(now->post, batch * columns);
    if (some) {
        double a = growth_of(s->was, now->pre, batch * rows);
        double b = growth_of(post, now->post, batch * columns);
        double growth = a > b ? a : b;
        changed_rows = list_changed(s->was, now->pre, batch, rows, growth, row);
        changed_columns =
            list_changed(post, now->post, batch, columns, growth, column);
        double row_share = (double)changed_rows / (double)(rows ? rows : 1);
        double share = (double)changed_columns / (double)(columns ? columns : 1);
        some = row_share + COLUMN * share < 1;
    }
    now->some = some ? row : NULL;
    now->count = changed_rows;
    snn_difference_run(now, is_f64);
    now->some = column;
    now->count = changed_columns;
    if (some && changed_columns > 0) snn_difference_columns(now, is_f64);
}

snn_status snn_standing_update(snn_standing *s, const snn_difference *now,
                               snn_pattern *pattern, bool is_f64, uint64_t version,
                               const char *where, snn_fail *fail)
{
    snn_difference d = *now;
    snn_status status = make_room(s, now, pattern->count, is_f64, where, fail);
    for (int i = 0; i < SUMS && !status; i++) {
        if (!d.sum[i].to) continue;
        d.sum[i].to = snn_tensor_edit(&s->sum[i], true);
        d.sum[i].adds = false;
        if (!d.sum[i].to)
            status = snn_fail_memory(fail, where, snn_tensor_bytes(&s->sum[i]));
    }
    if (status) {
        snn_standing_clear(s);
        return status;
    }
    if (d.is_each) {
        d.some = NULL;
        snn_difference_run(&d, is_f64);
        s->is_known = false;
        return SNN_OK;
    }
    s->is_known = s->is_known && s->pattern == pattern;
    work_out(s, &d, is_f64, version);
    note(s, now);
    if (s->pattern != pattern) {
        snn_pattern_free(s->pattern);
        s->pattern = snn_pattern_share(pattern);
    }
    s->of = *now;
    s->is_f64 = is_f64;
    s->has_delay = now->delay != NULL;
    s->version = version;
    s->is_known = true;
    return SNN_OK;
}
