/* An accumulator gathers the potentiative (pos) and depressive (neg) terms of
   the updates of one parameter, reduces them over the terms, bounds them by
   the parameter, and gives the change pos - neg. neg is a positive quantity.
   Source: Inferno, Accumulator. */
#ifndef SNN_UPDATE_ACCUMULATOR_H
#define SNN_UPDATE_ACCUMULATOR_H

#include "update/delta.h"
#include "update/param.h"

typedef struct snn_accumulator snn_accumulator;

typedef enum snn_side { SNN_POS, SNN_NEG } snn_side;

/* Free (param NULL) or for one parameter, whose shape its terms must have. */
snn_accumulator *snn_accumulator_new(const snn_param *param, snn_fail *fail);
void snn_accumulator_free(snn_accumulator *acc); /* NULL is fine */

/* Appends a term of the parameter's shape; a free accumulator takes the shape
   of its first term. ValueError that names `where`. */
snn_status snn_accumulator_append(snn_accumulator *acc, snn_side side,
                                  const snn_tensor *term, const char *where,
                                  snn_fail *fail);

/* A term that the caller fills by events, in the memory order of the
   parameter: the running sum where the reduction is the sum, else a fresh
   zero. It counts as one term even when nothing is added. Borrowed until the
   accumulator changes; NULL when memory is short. */
snn_delta *snn_accumulator_term(snn_accumulator *acc, snn_side side,
                                snn_fail *fail);

/* The terms are gone. */
void snn_accumulator_clear(snn_accumulator *acc);
bool snn_accumulator_is_empty(const snn_accumulator *acc);

#endif
