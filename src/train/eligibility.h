/* Eligibility traces: what pairs of spikes would do to a weight, remembered
   for each sample and forgotten with a time constant.

     z = z exp(-dt / tc) + trace of the other side / tc   at a spike

   There are two, of postsynaptic and of presynaptic spikes. Kept is z over a
   scale that all elements share: a step multiplies the scale and adds to the
   rows and columns of its spikes, over the scale. Before the scale becomes too
   small a power of two moves from it to the elements, so that no step rounds
   but those that add.

   While calls have one signal for all samples, the sum of these is kept too, as
   of the first such call, and grows as they do: the others need not be read.

   All of it is the state: a run that goes on from it has the same bits. Queries
   take z and change nothing. */
#ifndef SNN_TRAIN_ELIGIBILITY_H
#define SNN_TRAIN_ELIGIBILITY_H

#include "connection/connection.h"
#include "observe/reducer.h"

enum { SNN_ELIG_POST, SNN_ELIG_PRE, SNN_ELIGS };

typedef struct snn_eligible {
    const char *name;   /* "elig_post", "elig_pre" */
    const snn_connection *connection; /* borrowed */
    snn_tensor kept;    /* (B, weight...), as the weight's memory; or empty */
    snn_tensor total;   /* (weight...), its sum over the batch; or empty */
    double scale;       /* z = scale * kept */
    int64_t age;        /* steps since the clear */
    snn_tensor next;    /* zeros, where the next step starts anew */
    int patience;       /* calls until it is lent again */
} snn_eligible;

/* Its states. */
extern const snn_state_row snn_eligible_rows[];

typedef struct snn_eligibility {
    snn_eligible side[SNN_ELIGS];
    void *memory;       /* for the events of a step */
    size_t bytes;
} snn_eligibility;

/* NULL when memory is short. */
snn_eligibility *snn_eligibility_new(const snn_connection *connection);
void snn_eligibility_free(snn_eligibility *e); /* NULL is fine */
void snn_eligibility_clear(snn_eligibility *e);
void snn_eligible_clear(snn_eligible *side);
/* The one of that name, or NULL. */
snn_eligible *snn_eligibility_find(snn_eligibility *e, const char *name);

/* The sum of `kept` over the batch: of one sample that itself, `total` where it
   is there, else *made, which then becomes `total` by a move. NULL when memory
   is short. */
const snn_tensor *snn_eligible_total(const snn_eligible *side, snn_fail *fail,
                                     snn_tensor *made);

/* What is kept of a side at one time, and back to it, which cannot fail and ends
   the snapshot, as drop does. */
typedef struct snn_eligible_snapshot {
    snn_tensor kept, total; /* share bytes */
    double scale;
    int64_t age;
} snn_eligible_snapshot;
snn_status snn_eligible_snapshot_take(const snn_eligible *side,
                                      snn_eligible_snapshot *out,
                                      snn_fail *fail);
void snn_eligible_snapshot_restore(snn_eligible *side,
                                   snn_eligible_snapshot *s);
void snn_eligible_snapshot_drop(snn_eligible_snapshot *s);
/* All of it times a factor (at least 0), as if it had been so from the start. */
snn_status snn_eligible_snapshot_scale(snn_eligible_snapshot *s, double factor,
                                       snn_fail *fail);

/* Whether these may be lent to an update (update/delta.h): not so soon after a
   step has found it lent, and had to copy it. */
bool snn_eligible_may_lend(snn_eligible *side);

/* Whether steps of the connection are recorded by their events: all but delayed
   ones of models without pairings of each place. */
bool snn_eligibility_has_events(const snn_connection *connection);

/* What a step is made of: spikes (B, N...) of its side, bool, and the trace of
   the other side. With delays spikes and traces of the input are those of each
   place of the weight. */
typedef struct snn_eligible_step {
    const snn_tensor *spikes[SNN_ELIGS], *trace[SNN_ELIGS];
    double time_constant;
    bool is_delayed;
} snn_eligible_step;

/* Room for a step of `batch` samples with at most `most` spikes on a side, so
   that recording it cannot fail. */
snn_status snn_eligibility_prepare(snn_eligibility *e, int64_t batch,
                                   int64_t most, snn_fail *fail);
void snn_eligibility_record(snn_eligibility *e, const snn_eligible_step *step);
/* A step without events: `seen`, (B, weight...), is trace times spikes. On
   failure nothing has changed. */
snn_status snn_eligibility_add(snn_eligibility *e,
                               const snn_tensor *const seen[SNN_ELIGS],
                               double time_constant, snn_fail *fail);

/* z, new and contiguous; empty before the first step. */
snn_status snn_eligible_value(const snn_eligible *side, snn_fail *fail,
                              snn_tensor *out);
/* The same as the newest state of a reducer, for queries. */
snn_status snn_eligible_reducer(const snn_eligible *side, snn_fail *fail,
                                snn_reducer *out);

/* Set what is kept, and its total, NULL: nothing. ValueError for another
   shape. */
snn_status snn_eligible_set(snn_eligible *side, const snn_tensor *kept,
                            snn_fail *fail);
snn_status snn_eligible_set_total(snn_eligible *side, const snn_tensor *total,
                                  snn_fail *fail);

#endif
