/* SpikeRecorder: a log of the spikes of a group (observe/spike_log.h) and its file. */
#ifndef SNN_BIND_MODELS_RECORDER_H
#define SNN_BIND_MODELS_RECORDER_H

#include "bind/object/object.h"
#include "io/npy_stream.h"
#include "neuron/neuron.h"
#include "observe/spike_log.h"

extern const snn_class snn_recorder_class;

typedef struct snn_spike_recorder {
    snn_watch watch;
    snn_neuron *neuron; /* held by links.group */
    snn_spike_log *log;
    snn_npy_stream *file; /* NULL: none, or it is closed */
    int columns;          /* of a row of it: step, neuron, sample */
    int64_t written;      /* spikes of the log, also such that are gone, in it */
    bool keeps;           /* spikes that are in the file stay in memory */
} snn_spike_recorder;

/* The spikes of a log one after the other. */
typedef struct snn_spike_cursor {
    const snn_spike_log *log;
    int64_t at, run; /* the next one, and the run that it is in */
    int64_t step;    /* of the last one that was given, */
    int64_t sample, neuron; /* from 0 */
} snn_spike_cursor;

/* Begins at the spike of that place. */
snn_spike_cursor snn_spikes_since(const snn_spike_log *log, int64_t at);
bool snn_spikes_next(snn_spike_cursor *cursor);

#endif
