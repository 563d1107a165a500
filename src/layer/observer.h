/* Observers: who records the steps of a cell. The layer knows no trainer and no
   recorder, it knows these functions and a pointer. An observer lies in the
   object that records, and is on the list of one cell until either ends. */
#ifndef SNN_LAYER_OBSERVER_H
#define SNN_LAYER_OBSERVER_H

#include <stdbool.h>

#include "util/fail.h"

/* What an observer does with a step in which both sides of its cell ran. */
typedef struct snn_observing {
    /* once the connection has run: makes room for the record */
    snn_status (*prepare)(void *self, snn_fail *fail);
    /* once all has run: records in that room, and cannot fail */
    void (*record)(void *self);
    /* Whether a part of the record is made when all others have been made, as the
       cell is now, and that part, which may fail: then the record is taken back.
       NULL: never. */
    bool (*follows)(const void *self);
    snn_status (*follow)(void *self, snn_fail *fail);
    /* before the last room is made: notes how all is, so that the record can be
       taken back; and ends the note, which cannot fail, nor where none was
       taken. NULL: records stay. */
    snn_status (*keep)(void *self, snn_fail *fail);
    void (*release)(void *self, bool undo);
} snn_observing;

typedef struct snn_observer {
    const snn_observing *does;
    void *self;
    const bool *is_active; /* borrowed; when it says no, steps pass unseen */
    struct snn_observer *next, **link; /* the list; link NULL: on none */
} snn_observer;

/* Behind the others of the list that begins at `first`. */
void snn_observer_join(snn_observer *observer, snn_observer **first);
/* Nothing where it is on no list. */
void snn_observer_leave(snn_observer *observer);

#endif
