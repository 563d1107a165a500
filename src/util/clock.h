/* Counts the changes of step times, of connections, their synapses and neurons:
   who has compared some need not do it again until the next one. For the thread
   that calls the engine alone. */
#ifndef SNN_UTIL_CLOCK_H
#define SNN_UTIL_CLOCK_H

#include <stdint.h>

extern uint64_t snn_clock_changes; /* from 1 on */

#endif
