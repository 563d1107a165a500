/* Warnings: what can be done, but is likely not meant. Each kind is told once
   for an object. The engine queues the text; bind/ tells it when the engine's
   call is over, or the script has made warnings errors: then a warning is a
   check that fails, so that it stands before anything has changed. For the
   thread that calls the engine alone. */
#ifndef SNN_UTIL_WARN_H
#define SNN_UTIL_WARN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/fail.h"

/* The kinds that were told of an object, a bit each; 0 at first. A member of
   the object's struct, beside an enum of its kinds. */
typedef uint32_t snn_told;

typedef enum snn_warn_mode {
    SNN_WARN_OFF,
    SNN_WARN_ON,
    SNN_WARN_ERROR /* a warning is a RuntimeError */
} snn_warn_mode;

/* Warns of `kind` (0 to 31) unless it is told already; `told` NULL: each time.
   The text is written as those of errors are. SNN_OK, or RuntimeError where
   warnings are errors. */
snn_status snn_warn(snn_told *told, int kind, snn_fail *fail,
                    const char *format, ...) SNN_PRINTF(4, 5);

/* ---- for bind/ ---- */

snn_warn_mode snn_warn_get_mode(void);
void snn_warn_set_mode(snn_warn_mode mode);

/* How many texts wait to be told. */
extern int snn_warn_queued;
/* Moves the oldest of them to `text`; false when there is none. */
bool snn_warn_take(char *text, size_t size);

#endif
