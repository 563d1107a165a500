/* A log: whole histories, or their last states, in little memory. Spikes are
   kept as bits or as the places of events, whichever is less, other states as
   they are, shared. A budget bounds the bytes before they are taken. */
#ifndef SNN_OBSERVE_LOG_H
#define SNN_OBSERVE_LOG_H

#include "tensor/tensor.h"

/* Of bool states exactly one of the two, of others `state`. */
typedef struct snn_log_entry {
    snn_tensor state;
    uint8_t *bits;   /* (n / 8, rounded up) */
    int32_t *events; /* (count): places of true elements, ascending */
    int64_t count;
    size_t bytes;
} snn_log_entry;

typedef struct snn_log {
    int64_t most;     /* states to keep; 0: all */
    size_t budget;    /* bytes */
    bool has_shape;   /* of a first state */
    snn_shape shape;
    snn_dtype dtype;
    int64_t count, capacity, head; /* a ring, grown as needed */
    size_t bytes;     /* of all entries */
    snn_log_entry *entry;
    uint64_t pushes;  /* so far */
    bool can_undo;    /* the last change was a push, */
    bool has_dropped; /* which has dropped this entry */
    snn_log_entry dropped;
} snn_log;

/* Adds a state. ValueError: another shape or dtype than before; RuntimeError, in
   which `where` is the log's name: the budget is spent or memory is short. */
snn_status snn_log_push(snn_log *log, const snn_tensor *state, const char *where,
                        snn_fail *fail);
/* The same in two steps: what may fail, and what cannot; an encoded state that is
   not taken is freed. */
snn_status snn_log_encode(snn_log *log, const snn_tensor *state,
                          const char *where, snn_fail *fail, snn_log_entry *out);
void snn_log_take(snn_log *log, const snn_tensor *state, snn_log_entry *encoded);
void snn_log_free_entry(snn_log_entry *encoded);
/* Takes the last push back, when nothing has happened to the log since. */
void snn_log_undo(snn_log *log);
/* The RuntimeError of the budget if one more state, like those before, may not
   fit. */
snn_status snn_log_check(const snn_log *log, const char *where,
                         snn_fail *fail);
/* All states, newest first, (count, shape...); empty without. */
snn_status snn_log_dump(const snn_log *log, const char *where, snn_fail *fail,
                        snn_tensor *out);
void snn_log_clear(snn_log *log); /* frees; most and budget stay */

#endif
