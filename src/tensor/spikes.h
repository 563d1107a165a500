/* Spikes: a bool tensor (B, N...) with the list of its events. */
#ifndef SNN_TENSOR_SPIKES_H
#define SNN_TENSOR_SPIKES_H

#include "tensor/tensor.h"

/* Events of a contiguous bool tensor that fills its storage, its first
   dimension as rows (B, rest); cached in the block until the next write, or
   until asked for with other rows: then what was given out before is gone.
   RuntimeError when memory is short or a row has 2^31 elements or more. */
snn_status snn_spikes_events(const snn_tensor *spikes, snn_fail *fail,
                             const snn_events **out);

/* Places that may be written behind the events, at least those of a scan. */
enum { SNN_SPIKES_SLACK = 8 };

/* Room for `count` events of a tensor as above, which the caller fills now;
   NULL when memory is short, or there may be too many. */
snn_events *snn_spikes_room(const snn_tensor *spikes, int64_t count);

/* Any tensor as spikes: a new contiguous bool tensor, true where an element
   is not zero (NaN counts as a spike). A contiguous bool tensor that fills its
   storage is shared, not copied; a bool view of long runs, as narrow makes one,
   gets its events from those of the whole block, by binary search. */
snn_status snn_spikes_from(const snn_tensor *input, snn_fail *fail,
                           snn_tensor *out);

/* Are all elements 0 or 1? RuntimeError when memory is short. */
snn_status snn_spikes_are_flags(const snn_tensor *input, snn_fail *fail,
                                bool *out);

#endif
