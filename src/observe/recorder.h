/* Recorders: what a monitor keeps of the spikes of one side of a cell. Three
   kinds, each of which holds one tensor, the newest:
     passthrough  the spikes themselves, bool
     cumulative   x = x exp(-dt/tc) + amplitude at a spike
     nearest      x = amplitude at a spike, else x exp(-dt/tc)
   Source: Inferno 0.0.5, PassthroughReducer, CumulativeTraceReducer,
   NearestTraceReducer. */
#ifndef SNN_OBSERVE_RECORDER_H
#define SNN_OBSERVE_RECORDER_H

#include "tensor/tensor.h"

typedef enum snn_recorder_kind {
    SNN_PASSTHROUGH,
    SNN_CUMULATIVE_TRACE,
    SNN_NEAREST_TRACE
} snn_recorder_kind;

typedef struct snn_recorder {
    snn_recorder_kind kind;
    snn_dtype dtype;   /* of a trace */
    double decay;      /* exp(-dt / tc) */
    double amplitude;
    snn_tensor latest; /* empty before the first record */
    snn_tensor next;   /* made by prepare, used by record */
} snn_recorder;

/* Makes sure that `record` of these spikes cannot fail. */
snn_status snn_recorder_prepare(snn_recorder *recorder,
                                const snn_tensor *spikes, snn_fail *fail);
/* Records contiguous bool spikes, after prepare. */
void snn_recorder_record(snn_recorder *recorder, const snn_tensor *spikes);
void snn_recorder_clear(snn_recorder *recorder);

#endif
