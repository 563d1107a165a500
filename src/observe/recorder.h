/* Recorders: what a monitor keeps of the spikes of one side of a cell. Three
   kinds, each of which holds one tensor, the newest:
     passthrough  the spikes themselves, bool
     cumulative   x = x exp(-dt/tc) + amplitude at a spike
     nearest      x = amplitude at a spike, else x exp(-dt/tc)
   A watch is the recorders of one trainer on one cell: it prepares them all
   before the cell's neurons step, so that recording afterwards cannot fail.
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
    const char *name;  /* "trace_pre", ... */
    bool is_pre;       /* records the input spikes (B, inputs), else the
                          neuron's (B, shape...) */
    snn_recorder_kind kind;
    snn_dtype dtype;   /* of a trace */
    double decay;      /* exp(-dt / tc) */
    double amplitude;
    snn_tensor latest; /* empty before the first record */
    snn_tensor next;   /* made by prepare, used by record */
    snn_storage *spare;
} snn_recorder;

enum { SNN_MOST_RECORDERS = 8 };

typedef struct snn_watch {
    int count;
    snn_recorder recorder[SNN_MOST_RECORDERS];
    const bool *is_active; /* borrowed; when it says no, steps pass by unseen */
} snn_watch;

/* Makes sure that recording spikes of these shapes cannot fail. */
snn_status snn_watch_prepare(snn_watch *watch, const snn_shape *pre,
                             const snn_shape *post, snn_fail *fail);
/* Records contiguous bool spikes of the shapes prepared for. */
void snn_watch_record(snn_watch *watch, const snn_tensor *pre,
                      const snn_tensor *post);
/* Forgets what was recorded, frees all. */
void snn_watch_clear(snn_watch *watch);

/* The recorder of that name, or NULL. */
snn_recorder *snn_watch_find(snn_watch *watch, const char *name);

#endif
