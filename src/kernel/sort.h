/* Stable sorting of runs by key. Any element has a whole-number key that
   orders as the element does: NaN above all, -0 the same as 0. */
#ifndef SNN_KERNEL_SORT_H
#define SNN_KERNEL_SORT_H

#include <stdint.h>

typedef struct snn_sort_item {
    int64_t key;
    int64_t index; /* in the run, from 0 */
} snn_sort_item;

/* Both leave items undefined when an interrupt is wanted (util/interrupt.h).

   items (n) = the run x (n), elements `step` apart, of a type given in the
   order of the dtypes; keys of a descending order are complemented. */
void snn_sort_load(int type, const void *x, int64_t step, int64_t n,
                   int descending, snn_sort_item *items);

/* Sorts by key; equal ones keep their order. scratch (n). */
void snn_sort(snn_sort_item *items, snn_sort_item *scratch, int64_t n);

#endif
