/* Synapses: the generic part. They turn input spikes (B, shape...) into
   currents in nA, and keep the last steps in rings, as many as their delay
   needs (one without). A model (delta_current.c, ...) is one file that ends in
   a descriptor, snn_synapse_model; list.h names them all. */
#ifndef SNN_SYNAPSE_SYNAPSE_H
#define SNN_SYNAPSE_SYNAPSE_H

#include "tensor/ring.h"
#include "util/field.h"

/* What a selection outside of the history gives: a fixed value, or with
   `is_clamped` what is at the nearer end. */
typedef struct snn_overbound {
    bool is_clamped;
    double value;
} snn_overbound;

/* The arguments that all models have; a model's struct begins with it. */
typedef struct snn_synapse_args {
    snn_shape shape;
    double step_time;
    double delay;
    int64_t batch_size;
    snn_dtype dtype;
    int interp_mode;
    double interp_tol;
    snn_overbound current_overbound;
    snn_overbound spike_overbound;
} snn_synapse_args;

typedef struct snn_synapse_model {
    const char *name;
    const char *summary;
    const char *source;
    const char *doc;         /* equations, what differs from textbooks */
    const snn_field *fields; /* of the struct of arguments */
    size_t args_size;
    /* The current is gain * spike at every time. */
    double (*gain)(const void *args, double dt);
} snn_synapse_model;

/* The rows of a field table that all models share. */
#define SNN_SYNAPSE_FIELDS(T)                                              \
    { .name = "shape", .type = SNN_SIZES, SNN_AT(T, common.shape),         \
      .doc = "shape of the inputs, without batch" },                          \
    { .name = "step_time", .type = SNN_REAL, SNN_AT(T, common.step_time),  \
      .unit = "ms", .range = SNN_POSITIVE, .doc = "length of a step" },       \
    { .name = "delay", .type = SNN_REAL, SNN_AT(T, common.delay),          \
      .unit = "ms", .range = SNN_NOT_NEGATIVE, .optional = true,              \
      .doc = "longest delay that can be selected" },                          \
    { .name = "batch_size", .type = SNN_COUNT,                                \
      SNN_AT(T, common.batch_size), .range = SNN_POSITIVE,                 \
      .optional = true, .otherwise = 1, .doc = "samples side by side" },      \
    { .name = "dtype", .type = SNN_DTYPE, SNN_AT(T, common.dtype),         \
      .optional = true, .doc = "real type of the currents" },                 \
    { .name = "interp_tol", .type = SNN_REAL,                                 \
      SNN_AT(T, common.interp_tol), .unit = "ms",                          \
      .range = SNN_NOT_NEGATIVE, .optional = true,                            \
      .doc = "how near to a step a selection counts as on it" },              \
    { .name = "current_overbound", .type = SNN_OTHER, .optional = true,       \
      .unit = "nA",                                                           \
      .doc = "current outside of the history; snn.none clamps" },             \
    { .name = "spike_overbound", .type = SNN_OTHER, .optional = true,         \
      .doc = "spike outside of the history; snn.none clamps" }

typedef struct snn_synapse snn_synapse;

/* `args` is the model's struct, copied. */
snn_status snn_synapse_new(const snn_synapse_model *model, const void *args,
                           snn_fail *fail, snn_synapse **out);
void snn_synapse_free(snn_synapse *synapse);

const snn_synapse_model *snn_synapse_model_of(const snn_synapse *synapse);
const void *snn_synapse_args_of(const snn_synapse *synapse);
static inline const snn_synapse_args *snn_synapse_common(const snn_synapse *s)
{
    return (const snn_synapse_args *)snn_synapse_args_of(s);
}
/* (B, shape...) */
snn_shape snn_synapse_batched_shape(const snn_synapse *synapse);

/* One step: any non-zero element of `spikes` (B, shape..., any dtype) is a
   spike. ValueError that names `where` for another shape. */
snn_status snn_synapse_step(snn_synapse *synapse, const snn_tensor *spikes,
                            const char *where, snn_fail *fail);
/* Number of changes of the state so far: tells whether a step is still the
   newest when it is to be taken back. */
uint64_t snn_synapse_ticks(const snn_synapse *synapse);
/* Takes the newest step back; nothing when the newest change was no step. */
void snn_synapse_undo(snn_synapse *synapse);
/* A copy of the state after a step (shares bytes), and back to it, with the
   number of ticks that it had then. */
snn_status snn_synapse_save(const snn_synapse *synapse, snn_fail *fail,
                            snn_ring *out);
void snn_synapse_restore(snn_synapse *synapse, snn_ring *saved,
                         uint64_t ticks);
/* No spikes, no currents, in all of the history. */
snn_status snn_synapse_clear(snn_synapse *synapse, snn_fail *fail);

/* (B, shape...) bool of the newest step; borrowed. */
const snn_tensor *snn_synapse_spike(const snn_synapse *synapse);
/* Replaces the newest spikes: bool of the right shape, moved. */
void snn_synapse_set_spike(snn_synapse *synapse, snn_tensor *spike);
/* The steps before the newest one, newest first, (steps, B, shape...) bool: a
   new tensor, empty where there are none; and their replacement by a contiguous
   bool tensor of that shape. */
snn_shape snn_synapse_past_shape(const snn_synapse *synapse);
snn_status snn_synapse_past(const snn_synapse *synapse, snn_fail *fail,
                            snn_tensor *out);
snn_status snn_synapse_set_past(snn_synapse *synapse, const snn_tensor *past,
                                snn_fail *fail);
/* The current is this times the spike, nA. */
double snn_synapse_gain(const snn_synapse *synapse);
/* A new tensor (B, shape...) of the newest currents, nA. */
snn_status snn_synapse_current(const snn_synapse *synapse, snn_fail *fail,
                               snn_tensor *out);

/* Currents (or spikes, bool) at times `selector` ms ago, (B, shape...) or
   (B, shape..., D), into a new tensor of that shape. A time that is no step
   is interpolated by the synapse's mode. ValueError for another shape. */
snn_status snn_synapse_current_at(const snn_synapse *synapse,
                                  const snn_tensor *selector, snn_fail *fail,
                                  snn_tensor *out);
snn_status snn_synapse_spike_at(const snn_synapse *synapse,
                                const snn_tensor *selector, snn_fail *fail,
                                snn_tensor *out);

/* A new length of a step (> 0), delay (>= 0) keep the newest steps; another
   batch size (>= 1) clears. Nothing changes on failure. */
snn_status snn_synapse_set_dt(snn_synapse *synapse, double dt, snn_fail *fail);
snn_status snn_synapse_set_delay(snn_synapse *synapse, double delay,
                                 snn_fail *fail);
snn_status snn_synapse_set_batch(snn_synapse *synapse, int64_t batch,
                                 snn_fail *fail);

/* All models. */
#define SYNAPSE(name) extern const snn_synapse_model snn_synapse_##name;
#include "synapse/list.h"
#undef SYNAPSE

#endif
