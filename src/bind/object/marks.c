/* The marks of all calls are one list, the newest first; each knows how deep
   its call lies. A call that ends well within another one leaves them to
   that one, whose failure takes them back too. */
#include "bind/object/marks.h"

#include <stddef.h>

static snn_mark *newest;
static int running; /* calls */

void snn_marks_begin(void) { running++; }

bool snn_mark_is_wanted(const snn_mark *mark)
{
    return running > 0 && mark->call == 0;
}

void snn_mark_take(snn_mark *mark)
{
    mark->older = newest;
    mark->call = running;
    newest = mark;
}

void snn_mark_forget(snn_mark *mark)
{
    snn_mark **at = &newest;
    while (*at && *at != mark) at = &(*at)->older;
    if (*at) *at = mark->older;
    mark->call = 0;
}

static void leave(void)
{
    for (snn_mark *m = newest; m && m->call == running; m = m->older)
        m->call = running - 1;
}

void snn_marks_end(lua_State *L, snn_marks_way way)
{
    if (way == SNN_MARKS_LEAVE && running > 1) leave();
    while (newest && newest->call == running) {
        snn_mark *mark = newest;
        newest = mark->older;
        mark->call = 0;
        mark->end(L, mark, way == SNN_MARKS_UNDO);
    }
    running--;
}
