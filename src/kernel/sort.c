/* Merge sort from the bottom up, over short runs sorted by insertion: stable,
   and the same bits everywhere. */
#include "kernel/sort.h"

#include <string.h>

#include "util/interrupt.h"

enum {
    SHORT = 16,     /* insertion sort is faster up to here */
    OFTEN = 1 << 20 /* elements between two looks for an interrupt */
};

static inline int is_stopped(int64_t i)
{
    return i % OFTEN == 0 && snn_interrupt_wanted();
}

/* The bits of a double as a number that orders like it. */
static int64_t real_key(double x)
{
    int64_t bits;
    if (x != x) return INT64_MAX;
    x += 0.0; /* -0 becomes 0 */
    memcpy(&bits, &x, sizeof bits);
    return bits >= 0 ? bits : INT64_MIN - bits;
}

static int64_t key_at(int type, const void *x, int64_t i)
{
    switch (type) {
    case 0:
        return ((const uint8_t *)x)[i] != 0;
    case 1:
        return ((const int64_t *)x)[i];
    case 2:
        return real_key((double)((const float *)x)[i]);
    default:
        return real_key(((const double *)x)[i]);
    }
}

void snn_sort_load(int type, const void *x, int64_t step, int64_t n,
                   int descending, snn_sort_item *items)
{
    for (int64_t i = 0; i < n && !is_stopped(i);) {
        int64_t end = n - i < OFTEN ? n : i + OFTEN;
        for (; i < end; i++) {
            int64_t key = key_at(type, x, i * step);
            items[i] = (snn_sort_item){ descending ? ~key : key, i };
        }
    }
}

static void insert(snn_sort_item *items, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        snn_sort_item item = items[i];
        int64_t j = i;
        for (; j > 0 && items[j - 1].key > item.key; j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

/* to (n) = the sorted runs from (middle) and from + middle (n - middle). */
static void merge(const snn_sort_item *from, int64_t middle, int64_t n,
                  snn_sort_item *to)
{
    int64_t i = 0, j = middle;
    for (int64_t k = 0; k < n; k++) {
        if (is_stopped(k)) return;
        int left = j >= n || (i < middle && from[i].key <= from[j].key);
        to[k] = left ? from[i++] : from[j++];
    }
}

void snn_sort(snn_sort_item *items, snn_sort_item *scratch, int64_t n)
{
    for (int64_t i = 0; i < n && !is_stopped(i); i += SHORT)
        insert(items + i, n - i < SHORT ? n - i : SHORT);
    snn_sort_item *from = items, *to = scratch;
    for (int64_t width = SHORT; width < n && !snn_interrupt_wanted();
         width *= 2) {
        for (int64_t i = 0; i < n; i += 2 * width) {
            int64_t both = n - i < 2 * width ? n - i : 2 * width;
            merge(from + i, width < both ? width : both, both, to + i);
        }
        snn_sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) memcpy(items, from, (size_t)n * sizeof *items);
}
