/* Twice the same walk: it counts, then lists. Rows come in the order of memory;
   columns are sorted after. */
#include "update/outside.h"

#include <stdlib.h>

#include "util/bits.h"
#include "util/mem.h"
#include "util/single.h"

enum { SHARE = 8 }; /* of so many elements one may be outside */

/* Where the walk is; `place` NULL: it counts. */
typedef struct walk {
    const void *data;
    bool is_f64;
    double low, high;
    int64_t count, *place;
} walk;

static void look(walk *w, int64_t place)
{
    const double x = w->is_f64 ? ((const double *)w->data)[place]
                               : (double)((const float *)w->data)[place];
    if (!(x < w->low || x > w->high)) return;
    if (w->place) w->place[w->count] = place;
    w->count++;
}

static void look_at_rows(walk *w, const snn_dirty *d)
{
    int64_t at = 0, row;
    while (snn_bits_list(d->row_bits, NULL, d->rows, &at, &row, 1)) {
        const int64_t first = d->first ? d->first[row] : row * d->columns;
        const int64_t end = d->first ? d->first[row + 1] : first + d->columns;
        for (int64_t k = first; k < end; k++) look(w, k);
    }
}

/* Those of them that are in no dirty row. */
static void look_at_columns(walk *w, const snn_dirty *d, const int32_t *pre)
{
    int64_t at = 0, column;
    while (snn_bits_list(d->column_bits, NULL, d->columns, &at, &column, 1)) {
        const int64_t first = d->first ? d->column_first[column] : 0;
        const int64_t end = d->first ? d->column_first[column + 1] : d->rows;
        for (int64_t i = first; i < end; i++) {
            if (snn_bits_test(d->row_bits, d->first ? pre[i] : i)) continue;
            look(w, d->first ? d->place[i] : i * d->columns + column);
        }
    }
}

static void run(walk *w, const snn_pattern *pattern, const snn_dirty *dirty)
{
    w->count = 0;
    if (dirty) {
        look_at_rows(w, dirty);
        look_at_columns(w, dirty, pattern->pre);
        return;
    }
    for (int64_t k = 0; k < pattern->count; k++) look(w, k);
}

static int compare(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void sort(int64_t *place, int64_t n)
{
    bool ascends = true;
    for (int64_t i = 1; i < n; i++) ascends = ascends && place[i - 1] < place[i];
    if (!ascends) qsort(place, (size_t)n, sizeof *place, compare);
}

snn_status snn_outside_find(const snn_pattern *pattern, const void *data,
                            bool is_f64, const snn_dirty *dirty, double low,
                            double high, snn_fail *fail, snn_outside *out,
                            bool *fits)
{
    walk w = { .data = data, .is_f64 = is_f64, /* limits are of its type, too */
               .low = is_f64 ? low : (double)snn_single_of(low),
               .high = is_f64 ? high : (double)snn_single_of(high) };
    *out = (snn_outside){ .count = 0 };
    run(&w, pattern, dirty);
    *fits = w.count <= pattern->count / SHARE;
    if (!*fits || w.count == 0) return SNN_OK;
    const size_t n = (size_t)w.count, bytes = n * (sizeof(int64_t) + sizeof(double));
    w.place = snn_mem_alloc(bytes);
    if (!w.place) return snn_fail_memory(fail, "clamp", bytes);
    run(&w, pattern, dirty);
    sort(w.place, w.count);
    *out = (snn_outside){ w.count, w.place, w.place + n };
    for (size_t i = 0; i < n; i++)
        if (w.is_f64)
            ((double *)out->was)[i] = ((const double *)w.data)[w.place[i]];
        else
            ((float *)out->was)[i] = ((const float *)w.data)[w.place[i]];
    return SNN_OK;
}

void snn_outside_clear(snn_outside *outside)
{
    snn_mem_free(outside->place);
    *outside = (snn_outside){ .count = 0 };
}
