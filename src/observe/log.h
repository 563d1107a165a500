/* A log: whole histories, or their last rows, in little memory. Spikes are kept
   as bits or as the places of events, whichever is less, other rows as they
   are, shared. A budget bounds the bytes before they are taken. */
#ifndef SNN_OBSERVE_LOG_H
#define SNN_OBSERVE_LOG_H

#include "tensor/tensor.h"

/* Of bool rows exactly one of the two, of others `row`. */
typedef struct snn_log_row {
    snn_tensor row;
    uint8_t *bits;   /* (n / 8, rounded up) */
    int32_t *events; /* (count): places of true elements, ascending */
    int64_t count;
    size_t bytes;
} snn_log_row;

typedef struct snn_log {
    int64_t most;     /* rows to keep; 0: all */
    size_t budget;    /* bytes */
    bool has_shape;   /* of a first row */
    snn_shape shape;
    snn_dtype dtype;
    int64_t count, capacity, head; /* a ring, grown as needed */
    size_t bytes;     /* of all rows */
    snn_log_row *row;
    uint64_t pushes;  /* so far */
    bool can_undo;    /* the last change was a push, */
    bool has_dropped; /* which has dropped this row */
    snn_log_row dropped;
} snn_log;

/* Adds a row. ValueError: another shape or dtype than before; RuntimeError, in
   which `where` is the log's name: the budget is spent or memory is short. */
snn_status snn_log_push(snn_log *log, const snn_tensor *row, const char *where,
                        snn_fail *fail);
/* The same in two steps: what may fail, and what cannot; an encoded row that is
   not taken is freed. */
snn_status snn_log_encode(snn_log *log, const snn_tensor *row,
                          const char *where, snn_fail *fail, snn_log_row *out);
void snn_log_take(snn_log *log, const snn_tensor *row, snn_log_row *encoded);
void snn_log_free_row(snn_log_row *encoded);
/* Takes the last push back, when nothing has happened to the log since. */
void snn_log_undo(snn_log *log);
/* The RuntimeError of the budget if one more row, like those before, may not
   fit. */
snn_status snn_log_check(const snn_log *log, const char *where,
                         snn_fail *fail);
/* All rows, newest first, (count, shape...); empty without rows. */
snn_status snn_log_dump(const snn_log *log, const char *where, snn_fail *fail,
                        snn_tensor *out);
void snn_log_clear(snn_log *log); /* frees; most and budget stay */

#endif
