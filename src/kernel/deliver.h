/* What spikes make when they arrive at some of their targets: each row of a weight
   has its targets in the order of their delays, of which those of one delay stand
   side by side. The work is proportional to the targets that are reached. */
#ifndef SNN_KERNEL_DELIVER_H
#define SNN_KERNEL_DELIVER_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* Arrivals of a step: event e of sample b, from offset[b] on, is of the row
   index[e] and reaches those at from[e] .. to[e] - 1 of the row's order. */
typedef struct snn_arriving {
    int64_t batch;
    const int32_t *offset; /* (B + 1) */
    const int32_t *index;  /* (count) ascending per sample */
    const int32_t *from, *to;
    int64_t targets;       /* of all events together */
} snn_arriving;

/* out (B, C) = sum of [worth *] weight [* factor] over what arrives, in the order of the
   rows. Element k of row r lies at first[r] + k, of a dense weight at r * C + k. */
typedef struct snn_deliver {
    const snn_arriving *arriving;
    int64_t columns;
    const int64_t *first;  /* (R + 1); NULL: dense */
    const int32_t *column; /* (elements); NULL: dense, where it is k */
    const void *order;     /* (elements) the k that stands there, as uint16 or */
    bool is_short;         /* int32; NULL: in the order of memory */
    const void *weight;
    const void *factor;    /* (elements); NULL: 1 */
    const int64_t *share;  /* (events) where in `factor` those of an event's targets
                              are, in the order of memory; NULL: with the elements */
    const void *worth;     /* (events) what each counts as; NULL: 1 */
    void *out;
} snn_deliver;

/* All samples, over threads where that pays. */
void snn_deliver_run(const snn_deliver *d, bool is_f64);

typedef void snn_deliver_fn(const snn_deliver *d, int64_t sample, int64_t from,
                            int64_t to);
SNN_DECLARE_EACH(snn_deliver_fn, snn_deliver_part);

#endif
