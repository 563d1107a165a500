/* A wish to stop, from a signal handler: long calls look at it between blocks
   of at most some tens of milliseconds and fail, having changed nothing. */
#ifndef SNN_UTIL_INTERRUPT_H
#define SNN_UTIL_INTERRUPT_H

#include <stdbool.h>

#include "util/fail.h"

/* Safe in a signal handler. */
void snn_interrupt_set(void);
void snn_interrupt_clear(void);
/* From any thread. */
bool snn_interrupt_wanted(void);

/* Interrupt "where: interrupted" when it is wanted, which it is no longer
   then; else SNN_OK. Main thread only. */
snn_status snn_interrupt_check(const char *where, snn_fail *fail);

/* Who caught an interrupt has looked at what it is; the other says whether one
   has since it was last asked. Main thread only. */
void snn_interrupt_note_seen(void);
bool snn_interrupt_take_seen(void);

#endif
