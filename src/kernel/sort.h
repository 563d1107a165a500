/* Order of a run of elements. Any element has a whole-number key that orders as
   the element does: NaN above all, -0 the same as 0. Keys of a descending order
   are complemented.

   Results are undefined when an interrupt is wanted (util/interrupt.h). */
#ifndef SNN_KERNEL_SORT_H
#define SNN_KERNEL_SORT_H

#include <stdint.h>

typedef struct snn_sort_item {
    uint64_t key;
    int64_t index; /* in the run, from 0 */
} snn_sort_item;

/* keys (n) of the run x (n), elements `step` apart, of a type given in the
   order of the dtypes. */
void snn_sort_keys(int type, const void *x, int64_t step, int64_t n,
                   int descending, uint64_t *keys);
/* The key of a NaN in ascending order. */
uint64_t snn_sort_nan(int type);

/* items (n): keys and places */
void snn_sort_number(const uint64_t *keys, int64_t n, snn_sort_item *items);
/* Sorts by key; equal ones keep their order. scratch (n). */
void snn_sort(snn_sort_item *items, snn_sort_item *scratch, int64_t n);

/* The key of this rank, from 0, without sorting; *less is how many are below
   it. scratch (2, n). */
uint64_t snn_sort_select(const uint64_t *keys, int64_t n, int64_t rank,
                         uint64_t *scratch, int64_t *less);
/* items (`keep`): the keys of the ranks up to keep - 1, in the order of their
   places, those that are `last`, which is the greatest of them, behind. */
void snn_sort_collect(const uint64_t *keys, int64_t n, uint64_t last,
                      int64_t keep, snn_sort_item *items);
/* The place of the key number `skip`, from 0, among those that are `key`. */
int64_t snn_sort_place(const uint64_t *keys, int64_t n, uint64_t key,
                       int64_t skip);

#endif
