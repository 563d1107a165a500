/* Which neurons spiked in which step, in memory that grows with the spikes alone:
   a step without any takes none. Times follow of the lengths of the steps. A log is
   shared by who holds it; content is only added, taken back at its end, or given up
   with the log, so that a snapshot is a holder and some counts. */
#ifndef SNN_OBSERVE_SPIKE_LOG_H
#define SNN_OBSERVE_SPIKE_LOG_H

#include "tensor/tensor.h"

/* A step with spikes. */
typedef struct snn_spike_run {
    int64_t step;  /* from 1 */
    int64_t first; /* place of its first spike, from 0 */
} snn_spike_run;

/* Steps of one length. */
typedef struct snn_spike_span {
    int64_t after; /* the steps behind this one */
    double since;  /* ms, where the first of them begins */
    double dt;     /* ms */
} snn_spike_span;

typedef struct snn_spike_log {
    int64_t holders;
    int64_t size;    /* neurons of a sample */
    int64_t samples; /* the most that were seen */
    int64_t steps;   /* that were seen */
    int64_t count, runs, spans;
    int64_t gone;    /* spikes that were forgotten before these */
    int32_t *index;  /* (count) place of the neuron in the batch, from 0 */
    snn_spike_run *run;   /* (runs) */
    snn_spike_span *span; /* (spans) */
    int64_t room, run_room, span_room;
} snn_spike_log;

snn_status snn_spike_log_new(int64_t size, snn_fail *fail, snn_spike_log **out);
snn_spike_log *snn_spike_log_hold(snn_spike_log *log);
void snn_spike_log_drop(snn_spike_log *log); /* NULL is fine */

/* Room for so many spikes and steps more: a step of `samples` with all neurons
   spiking. RuntimeError when memory is short. */
snn_status snn_spike_log_reserve(snn_spike_log *log, int64_t spikes, int64_t runs,
                                 int64_t spans, snn_fail *fail);
/* What may fail of a step of `samples` of dt ms. */
snn_status snn_spike_log_prepare(snn_spike_log *log, int64_t samples, double dt,
                                 snn_fail *fail);
/* Then: the spikes (B, shape...) of the step, which cannot fail. */
void snn_spike_log_record(snn_spike_log *log, const snn_tensor *spikes);
/* Takes the newest step back. */
void snn_spike_log_undo(snn_spike_log *log);
/* Forgets spikes; steps go on to be counted. */
void snn_spike_log_forget(snn_spike_log *log);

/* ms from the begin of the recording to the end of a step. */
double snn_spike_log_time(const snn_spike_log *log, int64_t step);

#endif
