/* Texts are cut to the size of snn_fail, so that telling of a failure cannot
   fail. */
#include "util/fail.h"

#include <stdio.h>

#include "util/interrupt.h"

snn_status snn_fail_set(snn_fail *fail, snn_status status, const char *format,
                        ...)
{
    if (fail) {
        va_list args;
        fail->status = status;
        va_start(args, format);
        vsnprintf(fail->text, sizeof fail->text, format, args);
        va_end(args);
    }
    return status;
}

/* What was given up for an interrupt looks like a refused allocation to who calls
   (tensor/storage.c). */
snn_status snn_fail_memory(snn_fail *fail, const char *where,
                           unsigned long long bytes)
{
    snn_status status = snn_interrupt_check(where, fail);
    if (status) return status;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: not enough memory (asked for %llu bytes)", where,
                        bytes);
}

const char *snn_status_name(snn_status status)
{
    static const char *const names[] = {
        "no error",       "TypeError",    "ValueError",
        "AttributeError", "RuntimeError", "IOError",
        "Interrupt",      "RuntimeError",
    };
    return names[status];
}
