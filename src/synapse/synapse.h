/* Synapses: the generic part. They turn input spikes (B, shape...) into
   currents in nA, and keep the last steps in rings, as many as their delay
   needs (one without). A model (delta_current.c, ...) is one file that ends in
   a descriptor, snn_synapse_model; list.h names them all.

   A model has 1 or 2 currents, its parts. Each follows the input x by
     I(t) = decay I(t - dt) + gain x(t)
   The first is the current of the synapse; of two the second drives it:
     I(t) = decay I(t - dt) + feed J(t - dt),  J the second
   What decays is computed in double, whatever the real type: a synapse of
   float32 keeps the newest step of its parts in double beside the history.

   Where neither the input's magnitude nor what was before nor injected currents
   matter no current is stored: it is gain x, x the spike. What that costs is
   proportional to the spikes, and connections make use of it. */
#ifndef SNN_SYNAPSE_SYNAPSE_H
#define SNN_SYNAPSE_SYNAPSE_H

#include <math.h>

#include "synapse/trail.h"
#include "tensor/ring.h"
#include "tensor/state.h"
#include "update/pattern.h"
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
    bool graded; /* the input scales the charge */
    snn_overbound current_overbound;
    snn_overbound spike_overbound;
    double current_per_mv; /* no field: nA that move the voltage of the neuron that
                              it drives by 1 mV in a step; 0: not told yet */
} snn_synapse_args;

enum { SNN_MOST_PARTS = 2, SNN_MOST_OWN = 3 };

/* How a part follows the input. */
typedef struct snn_synapse_law {
    double gain;          /* nA that an input of 1 adds */
    double jump;          /* or mV, of the neuron that it drives; 0: none, else
                             the gain follows from it (jump.c) */
    double decay, rest;   /* their sum is left of the current after a step */
    double feed;          /* what it gets of the next part in a step */
    double time_constant; /* ms, of the decay between two steps; 0: held, as
                             the mode of interpolation says */
} snn_synapse_law;

/* A step of a model's own states, of n inputs. */
typedef struct snn_synapse_weigh {
    const void *args;
    int64_t n;
    const double *input; /* 0: no spike */
    const double *time;  /* (n) ms since `before`, 0: none; NULL: a step each */
    const double *before[SNN_MOST_OWN];
    double *after[SNN_MOST_OWN];
    double *out;         /* what the input counts as */
} snn_synapse_weigh;

typedef struct snn_synapse_model {
    const char *where; /* SNN_HERE: its descriptor */
    const char *name;
    const char *summary;
    const char *source;
    const char *example; /* a few lines of Lua that print: help shows them */
    const char *equations;   /* several lines; what differs from textbooks */
    const snn_field *fields; /* of the struct of arguments */
    size_t args_size;
    int parts;               /* its currents */
    bool is_injectable;      /* adds injected currents to its first part */
    bool is_difference;      /* its current is that of two exponentials, which
                                can be read (exponentials.c) */
    const snn_state_row *state; /* what it has besides snn_synapse_rows */
    /* law[0 .. parts - 1] with steps of `dt` ms */
    void (*laws)(const void *args, double dt,
                 snn_synapse_law law[SNN_MOST_PARTS]);
    /* Own states of each input, in double: how many, their rows being
       SNN_SYNAPSE_OWN(0), (1), ...; what they begin as, NULL: 0; and a step of
       them, or what they become in any time, which says what the input counts as. */
    int own;
    void (*begin)(const void *args, double value[SNN_MOST_OWN]);
    void (*weigh)(const snn_synapse_weigh *step);
} snn_synapse_model;

/* The states that all synapses have. */
extern const snn_state_row snn_synapse_rows[];

/* Rows of models: of a current that may be stored, of two that drive one
   another, of state k of the model's own. */
#define SNN_SYNAPSE_PART(name_, part, what)                                  \
    { .name = name_ "_", .of = SNN_OF_HISTORY, .unit = "nA",                 \
      .is_saved = true, .offset = part, .absent = "it stores no currents",   \
      .read = snn_synapse_read_part, .write = snn_synapse_write_part,        \
      .load = snn_synapse_load_part,                                         \
      .doc = what ", newest first, (steps, batch, count); nil where they "    \
             "follow from the spikes" },                                     \
    { .name = name_ "_fine", .of = SNN_OF_INPUT, .type = SNN_STATE_FLOAT64,  \
      .unit = "nA", .is_saved = true, .is_open = true, .offset = part,       \
      .read = snn_synapse_read_fine, .write = snn_synapse_write_fine,        \
      .doc = "newest " what " as they are held, float64, or nil" }
#define SNN_SYNAPSE_CURRENT                                                  \
    { .name = "current", .of = SNN_OF_INPUT, .unit = "nA",                   \
      .read = snn_synapse_read_current, .write = snn_synapse_write_current,  \
      .doc = "newest currents, nA" },                                        \
    SNN_SYNAPSE_PART("current", 0, "currents")
#define SNN_SYNAPSE_OWN(k)                                                   \
    .of = SNN_OF_INPUT, .type = SNN_STATE_FLOAT64, .is_saved = true,         \
    .finds_nan = true, .offset = k, .read = snn_synapse_read_own,            \
    .write = snn_synapse_write_own, .load = snn_synapse_load_own
/* An exponential (below) of a difference: ValueError where they are infinite. */
#define SNN_SYNAPSE_EXPONENTIAL(which)                                       \
    .of = SNN_OF_INPUT, .unit = "nA", .offset = which,                       \
    .read = snn_synapse_read_exponential,                                    \
    .write = snn_synapse_write_exponential
snn_state_read snn_synapse_read_current, snn_synapse_read_part;
snn_state_read snn_synapse_read_exponential, snn_synapse_read_fine;
snn_state_read snn_synapse_read_own;
snn_state_write snn_synapse_write_current, snn_synapse_write_part;
snn_state_write snn_synapse_load_part;
snn_state_write snn_synapse_write_fine, snn_synapse_write_own;
snn_state_write snn_synapse_load_own;
snn_state_write snn_synapse_write_exponential;

/* The entries of a field table that all models share. */
#define SNN_SYNAPSE_FIELDS(T)                                              \
    { .name = "shape", .type = SNN_SIZES, SNN_AT(T, common.shape),         \
      .fixed = true, .example = "5", .other = "{ 2, 3 }",                                    \
      .doc = "shape of the inputs, without batch" },                          \
    { .name = "step_time", .type = SNN_REAL, SNN_AT(T, common.step_time),  \
      .set_as = "dt", .example = "1", .other = "0.5",                                         \
      .unit = "ms", .range = SNN_POSITIVE, .doc = "length of a step" },       \
    { .name = "delay", .type = SNN_REAL, SNN_AT(T, common.delay),          \
      .unit = "ms", .range = SNN_NOT_NEGATIVE, .optional = true,              \
      .or_false = true,                                                       \
      .example = "3", .other = "2",                                           \
      .doc = "longest delay that can be selected; absent, false or 0: none" },\
    { .name = "batch_size", .type = SNN_COUNT,                                \
      SNN_AT(T, common.batch_size), .range = SNN_POSITIVE,                 \
      .set_as = "batchsz",                                                   \
      .example = "2", .other = "3",                                           \
      .optional = true, .otherwise = 1, .doc = "samples side by side" },      \
    { .name = "dtype", .type = SNN_DTYPE, SNN_AT(T, common.dtype),         \
      .fixed = true, .example = "\"float64\"", .other = "\"float32\"",                       \
      .optional = true, .doc = "real type of the currents" },                 \
    { .name = "interp_tol", .type = SNN_REAL,                                 \
      SNN_AT(T, common.interp_tol), .unit = "ms",                             \
      .range = SNN_NOT_NEGATIVE, .optional = true,                            \
      .example = "0.25", .other = "0.5",                                      \
      .doc = "how near to a step a selection counts as on it" },              \
    { .name = "current_overbound", .type = SNN_OTHER, .optional = true,       \
      SNN_AT(T, common.current_overbound),                                    \
      .unit = "nA",                                                           \
      .example = "0.5", .other = "snn.none",                                  \
      .doc = "current outside of the history; snn.none clamps" },             \
    { .name = "spike_overbound", .type = SNN_OTHER, .optional = true,         \
      SNN_AT(T, common.spike_overbound),                                      \
      .example = "true", .other = "snn.none",                                 \
      .doc = "spike outside of the history; snn.none clamps" }

/* The entry of the mode of interpolation, under the model's name for it. */
#define SNN_SYNAPSE_MODE(T, mode, what)                                       \
    { .name = mode, .type = SNN_CHOICE, SNN_AT(T, common.interp_mode),        \
      .choices = "previous nearest", .wrong_choice = SNN_RUNTIME_ERROR,       \
      .example = "\"nearest\"", .other = "\"previous\"",                      \
      .optional = true, .doc = what }

/* What a spike is worth: a charge, or a jump of the voltage of the neuron that the
   synapse drives, of which a step of a layer tells what current that takes. */
#define SNN_SYNAPSE_CHARGE(T)                                                 \
    { .name = "spike_charge", .type = SNN_REAL, SNN_AT(T, spike_charge),      \
      .example = "3", .other = "5", .either = "spike_voltage",                \
      .unit = "pC", .range = SNN_NOT_ZERO,                                    \
      .doc = "charge that a spike carries" },                                 \
    { .name = "spike_voltage", .type = SNN_REAL, SNN_AT(T, spike_voltage),    \
      .example = "0.5", .other = "2", .either = "spike_charge",               \
      .optional = true, .otherwise = NAN,                                     \
      .unit = "mV", .range = SNN_NOT_ZERO,                                    \
      .doc = "jump of the voltage that a spike makes through a weight of 1, " \
             "in place of a charge; the cell in the layer says of which "     \
             "neuron" }
/* Its law, where the other one of the two is NaN. */
static inline snn_synapse_law snn_synapse_delta_law(double charge, double voltage,
                                                    double dt)
{
    const snn_synapse_law jumps = { .jump = voltage };
    const snn_synapse_law adds = { .gain = charge / dt };
    return isnan(charge) ? jumps : adds;
}

/* What x is in `equations` of every model. */
#define SNN_SYNAPSE_X \
    "\nx(t): the input where that is graded, else 1 at a spike, 0 without"

/* The row of `graded`, with the model's default. */
#define SNN_SYNAPSE_GRADED(T, by_default)                                     \
    { .name = "graded", .type = SNN_FLAG, SNN_AT(T, common.graded),           \
      .optional = true, .otherwise = by_default,                              \
      .example = "true", .other = "false",                                    \
      .doc = "the input's value scales the charge; false: any but 0 is one "  \
             "spike" }

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

/* The currents that it stores: those of its model, or none. */
int snn_synapse_stored(const snn_synapse *synapse);

/* One step: any non-zero element of input[0] (B, shape..., any dtype) is a
   spike; a graded synapse scales the charge with it, of another one values
   besides 0 and 1 are told once. The other inputs are injected currents of the
   same shape, nA, added where the model takes them, else not looked at.
   ValueError that names `where` for another shape. */
snn_status snn_synapse_step(snn_synapse *synapse,
                            const snn_tensor *const *input, int inputs,
                            const char *where, snn_fail *fail);
/* The same of currents that are linear in the input and decay by themselves, by
   events: none but the spiking inputs are visited (trail.h). */
bool snn_synapse_is_linear(const snn_synapse *synapse);
snn_status snn_synapse_step_events(snn_synapse *synapse, const snn_tensor *input,
                                   const char *where, snn_fail *fail);
/* What the inputs of the step `age` ago count as, (B, inputs) of the real type;
   NULL: 1 each that spikes. */
const snn_tensor *snn_synapse_worth(const snn_synapse *synapse, int64_t age);
/* The newest steps, so many, whose currents are known to follow from their spikes
   and the step before. */
int64_t snn_synapse_followed(const snn_synapse *synapse);
/* The same of currents that are held, with the gain in it: the currents. Those of
   the newest steps, so many, are 0 but where a spike is. */
const snn_tensor *snn_synapse_counts(const snn_synapse *synapse, int64_t age);
int64_t snn_synapse_plain(const snn_synapse *synapse);
/* Is the newest step the first one after all was silent? */
bool snn_synapse_began(const snn_synapse *synapse);
/* Whether anything has spiked within the history. `quiet` is the flow at which that
   was known not to be so, or 0, and is kept by who asks. */
snn_status snn_synapse_is_live(const snn_synapse *synapse, uint64_t *quiet,
                               snn_fail *fail, bool *out);
/* A current that is stored and shown, `age` steps ago; borrowed. */
const snn_tensor *snn_synapse_part_ago(const snn_synapse *synapse, int part,
                                       int64_t age);
/* The newest currents of each part as a trail has them, new tensors of float64. */
snn_status snn_synapse_now(const snn_synapse *synapse, snn_fail *fail,
                           snn_tensor out[SNN_TRAIL_PARTS]);
/* The same of some inputs of a sample, at most SNN_TRAIL_SOME: (n) of each part, as
   they were so many steps ago. False where there is no trail, or none that goes so
   far back. Fastest where inputs ascend. */
enum { SNN_TRAIL_SOME = 256 };
typedef struct snn_trail_then {
    int64_t sample;
    const int32_t *age; /* (n) of each, within the history; NULL: */
    int64_t lag;        /* of all */
    int64_t quiet;      /* and so many more steps, in which nothing has spiked */
} snn_trail_then;
bool snn_synapse_some(const snn_synapse *synapse, const snn_trail_then *then,
                      const int32_t *input, int64_t n,
                      double *const out[SNN_TRAIL_PARTS]);
/* Currents that are read as tensors must be worked out first. */
snn_status snn_synapse_show(const snn_synapse *synapse, snn_fail *fail);
/* How a part follows the input. */
const snn_synapse_law *snn_synapse_law_of(const snn_synapse *synapse, int part);
/* A number of what its currents are, which is another one after each step and each
   change, and that of before when a step is taken back; what it was before the
   newest step, where that was one by events, else 0. */
uint64_t snn_synapse_flow(const snn_synapse *synapse);
uint64_t snn_synapse_flow_before(const snn_synapse *synapse);
/* Of a trail's content, the same wherever it was loaded; 0 without one. */
snn_status snn_synapse_digest(snn_synapse *synapse, snn_fail *fail, uint64_t *out);
/* Number of changes of the state so far: tells whether a step is still the
   newest when it is to be taken back. */
uint64_t snn_synapse_ticks(const snn_synapse *synapse);
/* Another number after each change that is no step. */
uint64_t snn_synapse_epoch(const snn_synapse *synapse);
/* The spikes `age` steps ago, within the history; borrowed. */
const snn_tensor *snn_synapse_spike_ago(const snn_synapse *synapse, int64_t age);
/* A step of a layer notes the synapses that it steps, and forgets each as often in
   the end. True where one is noted already: it can take back its newest step
   alone. */
bool snn_synapse_note(snn_synapse *synapse);
void snn_synapse_forget(snn_synapse *synapse);
/* Takes the newest step back; nothing when the newest change was no step. */
void snn_synapse_undo(snn_synapse *synapse);
/* A copy of the state after a step (shares bytes), and back to it, with the
   number of ticks that it had then: takes what was saved. */
enum { SNN_MOST_RINGS = 2 + 2 * SNN_MOST_PARTS + SNN_MOST_OWN };
typedef struct snn_synapse_state {
    bool is_saved;
    snn_ring ring[SNN_MOST_RINGS];
    snn_trail trail;
    uint64_t flow, flow_before;
} snn_synapse_state;
snn_status snn_synapse_save(const snn_synapse *synapse, snn_fail *fail,
                            snn_synapse_state *out);
void snn_synapse_restore(snn_synapse *synapse, snn_synapse_state *saved,
                         uint64_t ticks);
void snn_synapse_drop(snn_synapse_state *saved);
/* All that a synapse is at one time, and back to it, which cannot fail and ends
   the snapshot, as drop does. */
typedef struct snn_synapse_snapshot {
    snn_synapse_state state;
    void *args; /* the model's struct */
    uint64_t ticks;
    bool can_undo;
} snn_synapse_snapshot;
snn_status snn_synapse_snapshot_take(const snn_synapse *synapse,
                                     snn_synapse_snapshot *out, snn_fail *fail);
void snn_synapse_snapshot_restore(snn_synapse *synapse,
                                  snn_synapse_snapshot *s);
void snn_synapse_snapshot_drop(snn_synapse_snapshot *s);
/* No spikes, no currents, in all of the history. */
snn_status snn_synapse_clear(snn_synapse *synapse, snn_fail *fail);

/* (B, shape...) bool of the newest step; borrowed. */
const snn_tensor *snn_synapse_spike(const snn_synapse *synapse);
/* Where none is stored the current is this times the spike, nA. */
double snn_synapse_gain(const snn_synapse *synapse);
/* The newest currents (B, shape...), nA: a new tensor, which may share the
   synapse's bytes. */
snn_status snn_synapse_current(const snn_synapse *synapse, snn_fail *fail,
                               snn_tensor *out);
/* The newest step of a current that is stored and shown; borrowed. */
const snn_tensor *snn_synapse_part(const snn_synapse *synapse, int part);
/* The same before it was rounded, float64; NULL where it is the same. */
const snn_tensor *snn_synapse_fine(const snn_synapse *synapse, int part);

/* ---- two exponentials (exponentials.c) ---- */

/* A driven current as the difference of two exponentials of equal charge, of
   which the one that falls faster is the negative: a model of two parts. They
   grow without bound as the time constants come near; where these are equal
   they are infinite (0 without a current). */
typedef enum snn_exponential { SNN_EXP_POS, SNN_EXP_NEG } snn_exponential;

/* What the negative one is of the part that drives. */
double snn_synapse_negative(const snn_synapse *synapse, double driving);

/* ---- jumps of a voltage (jump.c) ---- */

/* Whether a spike is worth a jump of a voltage. Then each step must be told what
   current that takes, nA for 1 mV, RuntimeError without; what was told holds for
   one step, and on for what is read until the next. */
bool snn_synapse_jumps(const snn_synapse *synapse);
double snn_synapse_current_per_mv(const snn_synapse *synapse);
void snn_synapse_tell_current_per_mv(snn_synapse *synapse, double current);
void snn_synapse_end_jump(snn_synapse *synapse);

/* ---- selections (select.c) ---- */

/* Currents (or spikes, bool, or an exponential) at times `selector` ms ago, (B,
   shape...) or (B, shape..., D), into a new tensor of that shape. A time that
   is no step is interpolated: spikes and held currents by the synapse's mode,
   others decay from the older step on. ValueError for another shape. */
snn_status snn_synapse_current_at(const snn_synapse *synapse,
                                  const snn_tensor *selector, snn_fail *fail,
                                  snn_tensor *out);
snn_status snn_synapse_spike_at(const snn_synapse *synapse,
                                const snn_tensor *selector, snn_fail *fail,
                                snn_tensor *out);
/* The same for the elements of compressed rows: `selector` is (B, count), and what
   an element reads is its row's. */
snn_status snn_synapse_current_rows(const snn_synapse *synapse,
                                    const snn_pattern *rows,
                                    const snn_tensor *selector, snn_fail *fail,
                                    snn_tensor *out);
snn_status snn_synapse_spike_rows(const snn_synapse *synapse,
                                  const snn_pattern *rows,
                                  const snn_tensor *selector, snn_fail *fail,
                                  snn_tensor *out);
snn_status snn_synapse_exponential_at(const snn_synapse *synapse,
                                      snn_exponential which,
                                      const snn_tensor *selector,
                                      snn_fail *fail, snn_tensor *out);

/* ---- delays of connections (delay_index.c) ---- */

/* Times as places in a table of the last steps: the current `time` ms ago is
   table[0][age] * factor[0] + table[1][age] * factor[1]. One outside of the
   history is read at its nearer end. */
typedef struct snn_delay_indices {
    int64_t count;
    int32_t *age;     /* (count) */
    void *factor[2];  /* (count) of the real type; NULL: 1, and 0 */
    void *rest;       /* of two parts: the second is table[1][age] * rest */
} snn_delay_indices;

/* Times of the synapse's real type: (count), or one for all. */
typedef struct snn_delay_source {
    const void *time;
    bool is_one;
} snn_delay_source;

/* For so many times, of the currents or of the spikes. Sets a struct that is
   empty or of the same count and kind. RuntimeError when memory is short: then it is empty. */
snn_status snn_synapse_delay_indices(const snn_synapse *synapse, bool of_spikes,
                                     const snn_delay_source *from,
                                     int64_t count, snn_delay_indices *indices,
                                     snn_fail *fail);
void snn_delay_indices_clear(snn_delay_indices *indices);

/* Does a current decay by itself, also between two steps? */
bool snn_synapse_decays(const snn_synapse *synapse);
/* Ages of times (count) of the real type, of the spikes or of the currents. What a
   spike of that age adds to the last part is its gain times a factor, and to the
   first of two its gain times a drive, each (count) of the real type or NULL; they
   are not looked at with `of_spikes`. */
void snn_synapse_ages(const snn_synapse *synapse, bool of_spikes,
                      const void *time, int64_t count, int32_t *age,
                      void *factor, void *drive);

/* The tables that delay indices refer to: for each element of a batch its last
   steps. In blocks of the pool. */
typedef struct snn_tables {
    int64_t width;
    uint8_t *active; /* (B, elements): 0 where a row is all 0 and not set */
    void *table[2];  /* (B, elements, width) */
} snn_tables;

/* From part `part` on. */
snn_status snn_synapse_tables(const snn_synapse *synapse,
                              const snn_delay_indices *indices, int part,
                              snn_fail *fail, snn_tables *out);
/* The same of the spikes, each `worth` in place of its current. */
snn_status snn_synapse_spike_tables(const snn_synapse *synapse, double worth,
                                    snn_fail *fail, snn_tables *out);
void snn_tables_clear(snn_tables *tables);

/* Spikes by delay indices of spikes: out (B, elements, depth) of the element's
   spike age[row][d] ago, bool; each row is of elements / rows elements, one
   after the other. RuntimeError when memory is short. */
snn_status snn_synapse_delayed_spikes(const snn_synapse *synapse,
                                      const snn_delay_indices *indices,
                                      int64_t depth, int64_t rows, snn_fail *fail,
                                      uint8_t *out);

/* The same of compressed rows, whose elements have the indices: out (B, count). */
snn_status snn_synapse_delayed_rows(const snn_synapse *synapse,
                                    const snn_delay_indices *indices,
                                    const snn_pattern *rows, snn_fail *fail,
                                    uint8_t *out);

/* Steps that the history has. */
int64_t snn_synapse_steps(const snn_synapse *synapse);

/* Other values of the arguments, but for shape, batch size, step time and real
   type: they keep the state, of another delay the newest steps. What no longer
   is stored is told once. */
snn_status snn_synapse_set_arguments(snn_synapse *synapse, const void *args,
                                     snn_fail *fail);
/* A number that no synapse has had with other arguments. */
uint64_t snn_synapse_settings(const snn_synapse *synapse);
/* A new length of a step (> 0) keeps the newest step; another batch size (>= 1)
   clears. Nothing changes on failure. */
snn_status snn_synapse_set_dt(snn_synapse *synapse, double dt, snn_fail *fail);
snn_status snn_synapse_set_batch(snn_synapse *synapse, int64_t batch,
                                 snn_fail *fail);

/* All models. */
#define SYNAPSE(name) extern const snn_synapse_model snn_synapse_##name;
#include "synapse/list.h"
#undef SYNAPSE
/* Of classes of scripts (scripted.c). */
extern const snn_synapse_model snn_synapse_scripted;

#endif
