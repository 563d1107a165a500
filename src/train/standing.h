/* What rules of the last spikes' times add in each call: it stands as long as
   neither side spikes, since the time between two last spikes stays the same.
   So it is kept for each place, and worked out again only in the rows and
   columns that spiked since. It is no state: what it is follows, in all bits, from
   the steps since the last spikes, whole ones, and the delays. */
#ifndef SNN_TRAIN_STANDING_H
#define SNN_TRAIN_STANDING_H

#include "kernel/time_difference.h"
#include "tensor/tensor.h"
#include "update/pattern.h"

/* The sums of kernel/time_difference.h, of which those are kept that have
   factors. */
typedef struct snn_standing {
    snn_tensor sum[2];     /* (places), as the parameter's memory; or empty */
    double *was;           /* (B, rows) and (B, columns): steps they are of, and
                              the factors, 4 (B) */
    size_t bytes;          /* of it; room */
    int32_t *changed;      /* room for rows, for columns */
    size_t changed_bytes;
    snn_difference of;     /* its numbers; no pointer in it is valid */
    bool is_f64, is_known, has_delay;
    uint64_t version;      /* of the delays */
    snn_pattern *pattern;  /* held, so that no other one has its place; or NULL */
} snn_standing;

/* All zero: nothing is kept. */
void snn_standing_clear(snn_standing *standing);

/* Brings the sums up to date: `sum[].to` of `now` says, with any pointer, which
   are wanted, the delays are of that version. On failure, when memory is short,
   nothing is kept. */
snn_status snn_standing_update(snn_standing *standing, const snn_difference *now,
                               snn_pattern *pattern, bool is_f64, uint64_t version,
                               const char *where, snn_fail *fail);

#endif
