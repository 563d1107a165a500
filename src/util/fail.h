/* Status and reason of a call that may fail. Below bind/ nothing raises,
   prints or exits: a function returns a status, SNN_OK or the kind of what
   went wrong, and fills the caller's snn_fail. A failed call has changed
   nothing. */
#ifndef SNN_UTIL_FAIL_H
#define SNN_UTIL_FAIL_H

#include <stdarg.h>

typedef enum snn_status {
    SNN_OK = 0,
    SNN_TYPE_ERROR,
    SNN_VALUE_ERROR,
    SNN_ATTRIBUTE_ERROR,
    SNN_RUNTIME_ERROR,
    SNN_IO_ERROR,
    SNN_INTERRUPT, /* the user wants it to end; no script makes one */
    SNN_CALLBACK /* a callback failed; whoever made it holds the reason */
} snn_status;

typedef struct snn_fail {
    snn_status status;
    char text[512]; /* lower case, no full stop: "where: what came, what
                       is allowed" */
} snn_fail;

#if defined(__GNUC__)
#define SNN_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define SNN_PRINTF(text, first)
#endif

/* Fills `fail` (which may be NULL) and returns `status`. */
snn_status snn_fail_set(snn_fail *fail, snn_status status, const char *format,
                        ...) SNN_PRINTF(3, 4);

/* The RuntimeError of an allocation of `bytes` that was refused. */
snn_status snn_fail_memory(snn_fail *fail, const char *where,
                           unsigned long long bytes);

/* The name users see: "TypeError", "ValueError", ... */
const char *snn_status_name(snn_status status);

#endif
