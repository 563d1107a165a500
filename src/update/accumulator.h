/* An accumulator gathers the potentiative (pos) and depressive (neg) terms of
   the updates of one parameter, reduces them over the terms, bounds them by
   the parameter, and gives the change pos - neg. neg is a positive quantity.
   Source: Inferno, Accumulator. */
#ifndef SNN_UPDATE_ACCUMULATOR_H
#define SNN_UPDATE_ACCUMULATOR_H

#include "tensor/state.h"
#include "update/bounds.h"
#include "update/delta.h"
#include "update/param.h"
#include "update/terms.h"

typedef struct snn_accumulator snn_accumulator;

typedef enum snn_side { SNN_POS, SNN_NEG } snn_side;

/* How terms are reduced and bounded. */
typedef struct snn_accumulator_settings {
    snn_terms_reduction reduction;
    snn_bound bound[2];
    bool is_call[2];   /* the bound is a function of the caller's */
    bool is_full;      /* the bounds came as one full bound */
    bool is_full_call; /* that is a function of the caller's */
} snn_accumulator_settings;

/* Free (param NULL) or for one parameter, whose shape its terms must have. */
snn_accumulator *snn_accumulator_new(const snn_param *param, snn_fail *fail);
void snn_accumulator_free(snn_accumulator *acc); /* NULL is fine */

/* Whether its terms are of the parameter's shape: not where elements have come or
   gone since. Then one that is empty, of which no snapshot is taken and that no
   update runs of, can follow; RuntimeError else, which names `where`. */
bool snn_accumulator_fits(const snn_accumulator *acc, const snn_param *param);
snn_status snn_accumulator_check_free(const snn_accumulator *acc,
                                      const char *where, snn_fail *fail);
void snn_accumulator_follow(snn_accumulator *acc, const snn_param *param);
/* RuntimeError while an update runs or a snapshot is taken. */
snn_status snn_accumulator_check_still(const snn_accumulator *acc,
                                       const char *where, snn_fail *fail);
/* Follows too, its terms are gone; a snapshot goes back over both. */
void snn_accumulator_refollow(snn_accumulator *acc, const snn_param *param);

/* ---- terms ---- */

/* Appends a term of the parameter's shape; a free accumulator takes shape and
   dtype of its first term. Later writes to the tensor change nothing here.
   ValueError that names `where`. */
snn_status snn_accumulator_append(snn_accumulator *acc, snn_side side,
                                  const snn_tensor *term, const char *where,
                                  snn_fail *fail);
/* Both, either may be NULL, or none when one of them fails. */
snn_status snn_accumulator_append_both(snn_accumulator *acc,
                                       const snn_tensor *pos,
                                       const snn_tensor *neg,
                                       const char *where, snn_fail *fail);

/* A term on each side that is wanted, or none where memory is short; of the
   others NULL. The caller fills them by events, in the memory order of the
   parameter: the running sum where the reduction is the sum, else a fresh
   zero. It counts as one term even when nothing is added. Borrowed until the
   accumulator changes. Not of a free one. With `room`, of a side that gets one
   pairing alone, which is told then: of compressed rows no data is made for it;
   NULL, or no kind: anything may come. */
typedef struct snn_pairing_room {
    snn_pairs_kind kind;
    snn_sparse_pair pair; /* its lines and events */
} snn_pairing_room;
snn_status snn_accumulator_terms(snn_accumulator *acc, const bool wants[2],
                                 const snn_pairing_room *room, snn_fail *fail,
                                 snn_delta *terms[2]);

/* Of the sides that `had` says: the last call of these is undone, of the second
   before anything was added. Not of a free one. */
void snn_accumulator_append_undo(snn_accumulator *acc, const bool had[2]);
void snn_accumulator_terms_undo(snn_accumulator *acc, const bool had[2]);

/* A trainer is about to add: warns when it has done so for long without an update of
   the parameter, of which `where` is told. */
snn_status snn_accumulator_count(snn_accumulator *acc, const char *where,
                                 snn_fail *fail);
/* The parameter was updated. */
void snn_accumulator_count_anew(snn_accumulator *acc);

/* The terms are gone. */
void snn_accumulator_clear(snn_accumulator *acc);

/* To go back over a clear, which costs no copy: it moves the terms here; and over
   other reductions and bounds. Taken and ended in turn, the last one first; nothing
   of it can fail. Terms that were added meanwhile go with a clear alone. */
typedef struct snn_accumulator_snapshot {
    int calls;
    bool has_terms;     /* they have been cleared, and then: */
    snn_terms terms[2]; /* those of then, */
    snn_layout layout;  /* and theirs */
    bool has_layout;
    bool has_followed;  /* another pattern has come, and then: the layout of */
    snn_layout before;  /* then, whose pattern it holds */
    bool has_settings;  /* others have come, and then: those of then */
    snn_accumulator_settings settings;
    struct snn_accumulator_snapshot *outer; /* taken before this one */
} snn_accumulator_snapshot;
void snn_accumulator_snapshot_take(snn_accumulator *acc,
                                   snn_accumulator_snapshot *out);
void snn_accumulator_snapshot_restore(snn_accumulator *acc,
                                      snn_accumulator_snapshot *s);
void snn_accumulator_snapshot_drop(snn_accumulator *acc,
                                   snn_accumulator_snapshot *s);
/* Whether one is taken: then terms are not to be used up but cleared. */
bool snn_accumulator_is_kept(const snn_accumulator *acc);
bool snn_accumulator_is_empty(const snn_accumulator *acc);

/* ---- reduction and bounds ---- */

/* The sum at first. Also for the terms that are there; of those that events
   have merged into a sum, max, min and functions see the sum. */
void snn_accumulator_reduce_by(snn_accumulator *acc,
                               snn_terms_reduction reduction);

/* One side's bound (taken), another full bound goes. */
void snn_accumulator_bound(snn_accumulator *acc, snn_side side,
                           snn_bound *bound);
/* Both sides' (taken), as one full bound. */
void snn_accumulator_bound_full(snn_accumulator *acc, snn_bound *upper,
                                snn_bound *lower);
/* The same by the functions of snn_update_calls. */
void snn_accumulator_bound_call(snn_accumulator *acc, snn_side side);
void snn_accumulator_bound_full_call(snn_accumulator *acc);

/* All of these at once: borrowed until one changes; takes others. */
const snn_accumulator_settings *
snn_accumulator_settings_of(const snn_accumulator *acc);
void snn_accumulator_set_settings(snn_accumulator *acc,
                                  snn_accumulator_settings *settings);

/* Runs the reductions and bounds that are functions of the caller's, each the
   one of the accumulator that it is called with. `stacked` has the terms one
   behind the other, in front as a new dimension that is to go; `param` and the
   updates have the logical shape, and so must `out`. */
typedef struct snn_update_calls {
    snn_status (*reduce)(void *context, const snn_accumulator *acc,
                         const snn_tensor *stacked, snn_tensor *out,
                         snn_fail *fail);
    snn_status (*bound)(void *context, const snn_accumulator *acc,
                        snn_side side, const snn_tensor *param,
                        const snn_tensor *update, snn_tensor *out,
                        snn_fail *fail);
    snn_status (*full)(void *context, const snn_accumulator *acc,
                       const snn_tensor *param, const snn_tensor *pos,
                       const snn_tensor *neg, snn_tensor *out,
                       snn_fail *fail);
    void *context;
} snn_update_calls;

/* What it keeps: each side's terms, reduced; `offset` is the side. Without the
   caller's functions: RuntimeError where one reduces. */
extern const snn_state_row snn_accumulator_rows[];

/* The reduced terms of a side; empty without terms. */
snn_status snn_accumulator_value(const snn_accumulator *acc, snn_side side,
                                 const snn_update_calls *calls, snn_fail *fail,
                                 snn_tensor *out);

/* The change of `param` (logical shape, any dtype) that the terms make, and
   `param` with it; empty without terms. */
snn_status snn_accumulator_change(const snn_accumulator *acc,
                                  const snn_tensor *param,
                                  const snn_update_calls *calls,
                                  snn_fail *fail, snn_tensor *out);
snn_status snn_accumulator_changed(const snn_accumulator *acc,
                                   const snn_tensor *param,
                                   const snn_update_calls *calls,
                                   snn_fail *fail, snn_tensor *out);

/* To apply the terms to parameters in place: update/updater.h. */

#endif
