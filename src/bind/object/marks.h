/* What monitors record in a call goes back when the call fails: before it records
   a monitor takes a mark of how it was (bind/models/mark.c). Calls are steps of
   layers, and calls of modules with hooks, in which the monitors are; they run
   one in the other. */
#ifndef SNN_BIND_OBJECT_MARKS_H
#define SNN_BIND_OBJECT_MARKS_H

#include <lua.h>
#include <stdbool.h>

typedef struct snn_mark {
    struct snn_mark *older; /* taken before */
    int call; /* in which it is taken, 1 is the outermost; 0: it is not */
    /* ends it; cannot fail */
    void (*end)(lua_State *L, struct snn_mark *mark, bool undo);
} snn_mark;

/* A call begins, and ends: undoes the marks that were taken in it, drops them, or
   leaves them to the call around it, which is the one that counts. */
typedef enum snn_marks_way {
    SNN_MARKS_UNDO,
    SNN_MARKS_DROP,
    SNN_MARKS_LEAVE
} snn_marks_way;
void snn_marks_begin(void);
void snn_marks_end(lua_State *L, snn_marks_way way);

/* Whether a call runs, in which the mark is not taken yet. */
bool snn_mark_is_wanted(const snn_mark *mark);
void snn_mark_take(snn_mark *mark);
/* Takes it off the list: its monitor is gone. */
void snn_mark_forget(snn_mark *mark);

#endif
