/* Groups of neurons: the generic part. A model (lif.c, alif.c, ...) is one
   file that ends in a descriptor, snn_neuron_model; list.h names them all.

   State, each (B, shape...) in the group's real type unless noted:
     voltage     membrane voltage, mV, as it is read
     low         what rounding left of it: V = voltage + low, so that small
                 steps count (formula/fine.h); none in float64, nor where the
                 model's voltage has no memory
     hold        steps until free: 0 is free (whole numbers; counted, so that
                 no rounding leaves a residue)
     from        refractory time that `hold` counts down from, ms; empty while
                 all neurons count from refrac_t
     spike       bool, the last step's result
     adaptation  (shape..., K), models with adaptation only; (B, shape..., K)
                 where samples keep their own (SNN_BATCH_NONE)
     adaptation_low  the rest of it; none in float64
     own         (n, B, shape...), the n states that a model has of its own
   A script sees them as rows (tensor/state.h): snn_neuron_rows, then the model's.
   After a spike a neuron is held for max(ceil(refrac_t/dt - 0.001) - 1, 0)
   steps; `refrac` reads max(from - k dt, 0) k steps later. */
#ifndef SNN_NEURON_NEURON_H
#define SNN_NEURON_NEURON_H

#include "tensor/each.h"
#include "tensor/state.h"
#include "util/batch.h"
#include "util/field.h"

typedef struct snn_neuron snn_neuron;
typedef struct snn_neuron_model snn_neuron_model;

/* The arguments that all models have; a model's struct begins with it. */
typedef struct snn_neuron_args {
    snn_shape shape;
    double step_time;
    int64_t batch_size;
    snn_dtype dtype;
    bool refrac_input; /* input counts in the refractory time */
} snn_neuron_args;

/* Reduces `data` (B, shape..., K) over its first dimension: out takes a new
   tensor of shape (shape..., K), any dtype. */
typedef snn_status snn_reduce_fn(void *context, const snn_tensor *data,
                                 snn_tensor *out, snn_fail *fail);

/* Input currents that are made piece by piece: fill writes n of (B, shape...) from
   `at` on, in the group's real type. It is called by any thread. */
typedef struct snn_neuron_source {
    void (*fill)(const void *context, int64_t at, int64_t n, void *out);
    const void *context;
    double cost; /* ns of one of them */
} snn_neuron_source;

typedef struct snn_neuron_options {
    bool refrac_lock;           /* hold the voltage while refractory */
    bool adapt;                 /* update the adaptation */
    const snn_tensor *override; /* spikes to emit (ExactNeuron); NULL: none */
    snn_reduce_fn *reduce;      /* for SNN_BATCH_CALLBACK */
    void *context;
    const snn_neuron_source *source; /* in place of an input; NULL: none */
} snn_neuron_options;

/* A copy of the state, to go back to: shares bytes, costs no copy. */
typedef struct snn_neuron_state {
    snn_tensor voltage, low, hold, from, spike, adaptation, adaptation_low, own;
} snn_neuron_state;

/* `args` is the model's struct, copied; the `count` tensors of `each` are
   shared. Their values are in range, but times may be too long (ValueError). */
snn_status snn_neuron_new(const snn_neuron_model *model, const void *args,
                          const snn_each *each, int count,
                          snn_fail *fail, snn_neuron **out);
void snn_neuron_free(snn_neuron *neuron);

/* The states that all groups have; those of the group's model, or NULL. */
extern const snn_state_row snn_neuron_rows[];
const snn_state_row *snn_neuron_own_rows(const snn_neuron *neuron);

const snn_neuron_args *snn_neuron_args_of(const snn_neuron *neuron);
/* The numbers that differ between neurons; how many. */
const snn_each *snn_neuron_each_of(const snn_neuron *neuron, int *count);
/* Bytes of all that it holds. */
size_t snn_neuron_bytes(const snn_neuron *neuron);
/* (B, shape...) */
snn_shape snn_neuron_batched_shape(const snn_neuron *neuron);
/* True when a step may call the caller's reduction. */
bool snn_neuron_calls(const snn_neuron *neuron);

/* Checks that the step can be made with this input (B, shape..., any dtype):
   ValueError that names `where`. Warns of spikes in place of currents. */
snn_status snn_neuron_check(snn_neuron *neuron, const snn_tensor *input,
                            const snn_neuron_options *options,
                            const char *where, snn_fail *fail);
/* One step of dt: input currents in nA. The spikes (bool) stay in the group:
   snn_neuron_spike. A failure (memory, callback) leaves the state as it was. */
snn_status snn_neuron_step(snn_neuron *neuron, const snn_tensor *input,
                           const snn_neuron_options *options,
                           const char *where, snn_fail *fail);
/* Whether a group takes a source: it does not adapt, and its step is not so long that
   an interrupt may end it. */
bool snn_neuron_takes_source(const snn_neuron *neuron);

/* The current that moves the voltage of each neuron by 1 mV within a step, nA, by
   the present arguments. RuntimeError where there is none, or where neurons
   differ; its text has no name in front. */
snn_status snn_neuron_current_per_mv(const snn_neuron *neuron, snn_fail *fail,
                                     double *out);

const snn_tensor *snn_neuron_spike(const snn_neuron *neuron);   /* bool */
const snn_tensor *snn_neuron_voltage(const snn_neuron *neuron);
/* New: refractory times left, ms. */
snn_status snn_neuron_refrac(const snn_neuron *neuron, snn_fail *fail,
                             snn_tensor *out);

/* ---- changes from outside ----
   All refuse a group in the middle of a step (its reduction callback runs):
   RuntimeError. So do its rows when they are written: tensors must have exactly
   the row's shape (ValueError), any dtype; they are copied or shared. */

/* As new; adaptations stay when `keep_adaptations`. */
snn_status snn_neuron_clear(snn_neuron *neuron, bool keep_adaptations,
                            snn_fail *fail);
/* ms, keeps the state: refractory times are counted anew. */
snn_status snn_neuron_set_step_time(snn_neuron *neuron, double step_time,
                                    snn_fail *fail);
/* The arguments with another value of `changed`, which keep the state.
   AttributeError where they fix its shape: how many adaptations, whether samples
   have their own; sizes, dtype, batch size and step time are the group's. */
snn_status snn_neuron_set_arguments(snn_neuron *neuron, const void *args,
                                    const snn_field *changed,
                                    const snn_each *each, int count,
                                    snn_fail *fail);
/* The spikes of a step that its caller made, any dtype, of the batch's shape:
   ValueError that begins with `where`. */
snn_status snn_neuron_take_spikes(snn_neuron *neuron, const snn_tensor *spikes,
                                  const char *where, snn_fail *fail);
/* Clears all but the adaptations; also those that samples have of their own. */
snn_status snn_neuron_set_batch_size(snn_neuron *neuron, int64_t batch_size,
                                     snn_fail *fail);
snn_status snn_neuron_save(const snn_neuron *neuron, snn_neuron_state *out,
                           snn_fail *fail);
/* Moves the state back in; one of another batch size is dropped. */
void snn_neuron_restore(snn_neuron *neuron, snn_neuron_state *state);
void snn_neuron_drop(snn_neuron_state *state);

/* ---- who records each step (watch.c) ---- */

/* It lies in the object that records, and is on the list of one group until either
   ends. */
typedef struct snn_watch {
    void *self;
    /* before a step: makes room for its record */
    snn_status (*prepare)(void *self, const snn_neuron *neuron, snn_fail *fail);
    void (*record)(void *self, const snn_neuron *neuron);
    void (*undo)(void *self); /* takes the newest record back */
    struct snn_watch *next, **link; /* the list; link NULL: on none */
} snn_watch;

void snn_neuron_watch(snn_neuron *neuron, snn_watch *watch);
void snn_neuron_unwatch(snn_watch *watch); /* nothing where it is on no list */
snn_status snn_neuron_prepare_watch(const snn_neuron *neuron, snn_fail *fail);
void snn_neuron_record_watch(snn_neuron *neuron);
/* How many steps were recorded; takes those behind so many back. */
uint64_t snn_neuron_recorded(const snn_neuron *neuron);
void snn_neuron_undo_watch(snn_neuron *neuron, uint64_t recorded);

#endif
