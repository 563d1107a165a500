/* Terms that wait in an accumulator, taken apart and put together again in their
   form: what waits as pairings waits so again, as order and form decide the bits of
   the update that follows. What is put together is checked whole, whoever wrote
   it. */
#ifndef SNN_UPDATE_PENDING_H
#define SNN_UPDATE_PENDING_H

#include "update/accumulator.h"

typedef enum snn_pending_form {
    SNN_PENDING_ZERO,    /* a term to which nothing was added */
    /* of compressed rows ROWS and COLUMNS are `index` (n) of lines, each once, and
       `value` (1, elements) of these, and what is (rows, columns) is (1, count) */
    SNN_PENDING_ROWS,    /* events of rows: `index` and `sample` (n) of each, what
                            an event adds to its row in `value` (B, columns) */
    SNN_PENDING_COLUMNS, /* `index` (n), what each column gets in `value` (n, rows) */
    SNN_PENDING_LENT,    /* factor * value (rows, columns) */
    SNN_PENDING_MATRIX   /* value (rows, columns), 0 outside of the dirty rows and
                            columns, where it has these */
} snn_pending_form;

typedef struct snn_pending {
    snn_pending_form form;
    snn_tensor index, sample;             /* int64 */
    snn_tensor value;                     /* of the delta's dtype */
    snn_tensor dirty_rows, dirty_columns; /* bool; empty: all are */
    double factor;
} snn_pending;

void snn_pending_clear(snn_pending *p);
/* A delta's; RuntimeError when memory is short. */
snn_status snn_pending_read(const snn_delta *delta, snn_fail *fail,
                            snn_pending *out);
/* Into a delta that is zero, which stays so on a failure: ValueError that names
   `where` for what does not fit. */
snn_status snn_pending_write(snn_delta *delta, const snn_pending *p,
                             const char *where, snn_fail *fail);

/* ---- of an accumulator ---- */

/* Its terms of one side; borrowed until it changes. */
const snn_terms *snn_accumulator_side(const snn_accumulator *acc, snn_side side);
int snn_accumulator_calls(const snn_accumulator *acc);

/* Terms that are to take the place of an accumulator's. */
typedef struct snn_pending_terms {
    snn_layout layout;
    bool has_layout;
    snn_terms terms[2];
} snn_pending_terms;

/* For that accumulator; RuntimeError while an update of its parameter runs. */
snn_status snn_pending_begin(const snn_accumulator *acc, snn_fail *fail,
                             snn_pending_terms *out);
/* One more term, in the order in which they lie: ValueError that names `where`. */
snn_status snn_pending_add_tensor(snn_pending_terms *p, snn_side side,
                                  const snn_tensor *term, const char *where,
                                  snn_fail *fail);
snn_status snn_pending_add_delta(snn_pending_terms *p, snn_side side,
                                 const snn_pending *term, const char *where,
                                 snn_fail *fail);
/* Takes them; cannot fail. An accumulator of which a snapshot is taken goes back
   with it. */
void snn_pending_end(snn_accumulator *acc, snn_pending_terms *p, int calls);
void snn_pending_free(snn_pending_terms *p);

#endif
