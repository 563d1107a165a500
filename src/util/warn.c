/* A queue of texts in static memory, so that a warning needs none: bind/
   empties it when the engine's call is over. */
#include "util/warn.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST = 16,  /* texts that wait; one more is told another time */
    SIZE = 512  /* of a text, as in snn_fail */
};

static snn_warn_mode mode = SNN_WARN_ON;
static char queue[MOST][SIZE];
int snn_warn_queued;

snn_warn_mode snn_warn_get_mode(void) { return mode; }

void snn_warn_set_mode(snn_warn_mode new_mode) { mode = new_mode; }

bool snn_warn_take(char *text, size_t size)
{
    if (snn_warn_queued == 0) return false;
    snprintf(text, size, "%s", queue[0]);
    snn_warn_queued--;
    memmove(queue[0], queue[1], (size_t)snn_warn_queued * SIZE);
    return true;
}

/* Where warnings are off or the queue is full the kind is not told: it is when
   it comes again. */
snn_status snn_warn(snn_told *told, int kind, snn_fail *fail,
                    const char *format, ...)
{
    const snn_told bit = (snn_told)1 << kind;
    char text[SIZE];
    va_list args;
    if (mode == SNN_WARN_OFF || (told && *told & bit)) return SNN_OK;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (mode == SNN_WARN_ERROR)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR, "%s", text);
    if (snn_warn_queued == MOST) return SNN_OK;
    memcpy(queue[snn_warn_queued++], text, SIZE);
    if (told) *told |= bit;
    return SNN_OK;
}
