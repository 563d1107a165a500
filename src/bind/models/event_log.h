/* Events that monitors keep (event_log.c). */
#ifndef SNN_BIND_MODELS_EVENT_LOG_H
#define SNN_BIND_MODELS_EVENT_LOG_H

#include "observe/spike_log.h"

/* The type of a userdata: a pointer to a log, NULL before a state. */
extern const char snn_event_log_type[];

#endif
