/* Recorders: what a trainer in C keeps of one side of a cell, each a reducer
   under a name. Those of one trainer on one cell are snn_recorders: it
   prepares them all before the cell's neurons step, so that recording
   afterwards cannot fail. A batch of another size starts anew. */
#ifndef SNN_OBSERVE_RECORDERS_H
#define SNN_OBSERVE_RECORDERS_H

#include "observe/reducer.h"

typedef enum snn_source {
    SNN_POST,    /* the neuron's spikes (B, shape...) */
    SNN_PRE,     /* the input's spikes (B, inputs) */
    SNN_ARRIVED, /* those that arrive, after their delays: the same without */
    SNN_SOURCES
} snn_source;

typedef struct snn_recorder {
    const char *name;    /* "trace_pre", ... */
    snn_source source;
    snn_dtype dtype;     /* of a trace */
    snn_reducer reducer; /* of bool spikes */
    snn_tensor real;     /* the spikes as numbers, for reducers of values */
    int more_steps;      /* of its duration: so many steps are beside times */
    bool is_per_step;    /* a rate, which means nothing with other steps */
} snn_recorder;

/* Its states: those of the reducer. */
extern const snn_state_row snn_recorder_rows[];

enum { SNN_RECORDERS_OLD_STEPS, SNN_RECORDERS_RATE }; /* kinds of warnings */

enum { SNN_MOST_RECORDERS = 8 };

typedef struct snn_recorders {
    int count;
    snn_recorder recorder[SNN_MOST_RECORDERS];
    snn_told told;
} snn_recorders;

/* Adds a recorder that looks for spikes; of the arguments a trace needs
   step_time, time_constant and amplitude (0 is fine). At most
   SNN_MOST_RECORDERS. */
snn_recorder *snn_recorders_add(snn_recorders *recorders, const char *name,
                                snn_source source, const snn_reducer_model *model,
                                snn_dtype dtype, const snn_reducer_args *args);

/* Before the next step is recorded: steps are of this length from now on. What
   is known of the last one stays. States before it, where the next step still
   needs them, and rates per step are forgotten with a warning that begins with
   `where`. */
snn_status snn_recorders_set_step(snn_recorders *recorders, double step_time,
                                  const char *where, snn_fail *fail);

/* Makes sure that recording spikes of these shapes cannot fail. */
snn_status snn_recorders_prepare(snn_recorders *recorders,
                                 const snn_shape shape[SNN_SOURCES],
                                 snn_fail *fail);
/* Records contiguous bool spikes of the shapes prepared for; false, and
   nothing has changed, where what was prepared has gone since. */
bool snn_recorders_record(snn_recorders *recorders,
                          const snn_tensor *const spikes[SNN_SOURCES]);
/* Forgets what was recorded, frees all. */
void snn_recorders_clear(snn_recorders *recorders);

/* Takes states, newest first, of any dtype in place of those that are there;
   NULL: none. */
snn_status snn_recorder_restore(snn_recorder *r, const snn_tensor *stored,
                                snn_fail *fail);

/* The recorder of that name, or NULL. */
snn_recorder *snn_recorders_find(snn_recorders *recorders, const char *name);

#endif
