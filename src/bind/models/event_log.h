/* Events that monitors keep (event_log.c). */
#ifndef SNN_BIND_MODELS_EVENT_LOG_H
#define SNN_BIND_MODELS_EVENT_LOG_H

#include "io/npy_stream.h"
#include "observe/spike_log.h"

/* The type of a userdata: a pointer to a log, NULL before a state. */
extern const char snn_event_log_type[];

/* One step of a monitor of that name. TypeError: the state is not bool; ValueError:
   its shape; RuntimeError: no memory. What fails leaves the events as they were. */
snn_status snn_event_log_push(snn_spike_log **log, const snn_tensor *state,
                              const char *name, snn_fail *fail);
/* The rows of the newest step, to a file of such rows. ValueError: of others;
   IOError. */
snn_status snn_event_log_write(const snn_spike_log *log, snn_npy_stream *stream,
                               snn_fail *fail);

#endif
