/* Trainers: the generic part. A trainer turns what its recorders keep of a
   cell into terms of the updater of the cell's connection. A model (stdp.c,
   ...) is one file that ends in a descriptor, snn_trainer_model; list.h names
   them all. A unit is one trainer on one cell. */
#ifndef SNN_TRAIN_TRAINER_H
#define SNN_TRAIN_TRAINER_H

#include "layer/cell.h"
#include "observe/recorders.h"
#include "train/ages.h"
#include "train/eligibility.h"
#include "train/form.h"
#include "train/standing.h"
#include "util/batch.h"
#include "util/field.h"

/* The arguments of all models; a model's struct begins with it, and forms read
   those that it has a field for. */
typedef struct snn_trainer_args {
    snn_batch_reduction batch_reduction;
    bool delayed;            /* delays may change: looked up as they are now */
    double interp_tolerance; /* ms */
    int trace_mode;
} snn_trainer_args;

#define SNN_TRAINER_FIELDS                                                    \
    { .name = "batch_reduction", .type = SNN_OTHER, .optional = true,         \
      .choices = SNN_BATCH_CHOICES,                                           \
      .example = "\"max\"", .other = "\"min\"",                               \
      .doc = "a name, or a function (tensor, dim); absent: mean" }
/* Where samples may go to either side, the mean would be over few of them. */
#define SNN_MODULATED_FIELDS                                                  \
    { .name = "batch_reduction", .type = SNN_OTHER, .optional = true,         \
      .choices = SNN_BATCH_CHOICES, .otherwise = SNN_BATCH_SUM,               \
      .example = "\"max\"", .other = "\"min\"",                               \
      .doc = "a name, or a function (tensor, dim); absent: sum" }

/* The last lines of `equations`. */
#define SNN_MEAN_EQUATIONS                                                    \
    "samples are reduced by batch_reduction, here the mean"
#define SNN_SUM_EQUATIONS                                                     \
    "samples are reduced by batch_reduction, here the sum"

typedef struct snn_trainer_model {
    const char *where; /* SNN_HERE: its descriptor */
    const char *name;
    const char *summary;
    const char *source;
    const char *example; /* a few lines of Lua that print: help shows them */
    const char *equations; /* as spec/train/equations.lua reads them */
    const snn_field *fields;
    size_t args_size;
    const char *trains; /* the parameter: "weight", ... */
    /* or, where that is an argument */
    const char *(*trained)(const void *args);
    /* sets up the recorders of a new unit */
    void (*add_recorders)(snn_unit *unit);
    /* what it does at a call, in each step of the layer */
    const snn_form *form;
    const snn_term *terms;
    int term_count;    /* at most SNN_MOST_TERMS */
    bool needs_signal; /* a call comes with a signal, which modulates */
} snn_trainer_model;

#define SNN_TERMS(list)                                                       \
    .terms = list, .term_count = sizeof(list) / sizeof *(list)

struct snn_unit {
    const snn_trainer_model *model;
    void *args;           /* the model's struct, with the cell's overrides */
    snn_cell *cell;       /* borrowed */
    snn_observer observer; /* of the cell */
    snn_recorders recorders;
    snn_eligibility *eligibility; /* of rules that remember pairs, or NULL */
    snn_standing *standing; /* of rules of times, or NULL */
    snn_ages *ages;        /* of what arrives, where delays are looked up */
    double step_time;     /* ms, of the steps that are recorded */
    struct snn_unit_kept *kept; /* how it was (train/kept.c), or NULL */
    snn_tensor arrived;   /* bool spikes of the step, after their delays; empty
                             where none are delayed or looked for */
};

/* `args` is the model's struct, copied. */
snn_status snn_unit_new(const snn_trainer_model *model, const void *args,
                        snn_cell *cell, snn_fail *fail, snn_unit **out);
void snn_unit_free(snn_unit *unit); /* NULL is fine */

/* The name of the parameter that is trained with these arguments. */
const char *snn_trainer_trains(const snn_trainer_model *model,
                               const void *args);

/* From now on it records the steps of its cell, while `is_active` (borrowed)
   says so, until its observer leaves. */
void snn_unit_join(snn_unit *unit, const bool *is_active);
/* Notes how the unit is, and ends the note: with `undo` it is so again. */
snn_status snn_unit_keep(snn_unit *unit, snn_fail *fail);
void snn_unit_release(snn_unit *unit, bool undo);
/* Recording a step: what may fail, once the connection has run, and what may
   not, once the neuron has. */
snn_status snn_unit_prepare(snn_unit *unit, snn_fail *fail);
void snn_unit_record_step(snn_unit *unit);

/* Forgets what was recorded. */
void snn_unit_clear(snn_unit *unit);

/* RuntimeError before the cell has made a step, and where form->check says;
   ValueError for a signal beyond the connection's real type, TypeError without
   one where the rule needs it. */
snn_status snn_unit_check(const snn_unit *unit, const snn_call *call,
                          snn_fail *fail);

/* ---- for models and forms ---- */

static inline const snn_trainer_args *snn_unit_args(const snn_unit *unit)
{
    return unit->args;
}
/* The rate of a term, by the arguments as they are now. */
static inline double snn_unit_rate(const snn_unit *unit, int term)
{
    return unit->model->terms[term].rate(unit->args);
}

/* The RuntimeError of a unit that has nothing recorded. */
snn_status snn_unit_has_no_step(const snn_unit *unit, snn_fail *fail);

/* Another recorder of the unit; step_time and target are filled in. */
snn_recorder *snn_unit_record(snn_unit *unit, const char *name,
                              snn_source source, const snn_reducer_model *model,
                              snn_reducer_args args);
/* Is a call done by events, or on tensors? */
bool snn_unit_steps(const snn_unit *unit, const snn_call *call);
/* Longest delay of the connection, ms; 0 without. */
double snn_unit_delay(const snn_unit *unit);
const snn_recorder *snn_unit_recorder(const snn_unit *unit, const char *name);
const snn_tensor *snn_unit_latest(const snn_unit *unit, const char *name);
/* New: times with those within interp_tolerance of a step on it; the spikes of
   the inputs, bool, as they arrive by such delays in this step. */
snn_status snn_unit_on_steps(const snn_unit *unit, const snn_tensor *times,
                             snn_fail *fail, snn_tensor *out);
snn_status snn_unit_arrivals(const snn_unit *unit, snn_fail *fail,
                             snn_tensor *out);
/* A record of the inputs as it is read with delays, (B, inputs, outputs), new:
   that of what arrived, or where delays may change the input's, looked up where
   its history is kept: not when delays came after the unit was made. With `post`
   (B, outputs) for its outputs alone, and others need not be set. */
snn_status snn_unit_arrived(const snn_unit *unit, const char *name,
                            const snn_events *post, snn_fail *fail,
                            snn_tensor *out);
/* The same of a recorder at times, which are laid out as the selector is. */
snn_status snn_unit_view(const snn_unit *unit, const snn_recorder *recorder,
                         const snn_tensor *times, const snn_events *post,
                         snn_fail *fail, snn_tensor *out);
int64_t snn_unit_samples(const snn_unit *unit); /* of what was recorded */
bool snn_unit_is_mean(const snn_unit *unit); /* else the sum */
/* What a sample's update is multiplied with: 1 / B for the mean. */
double snn_unit_scale(const snn_unit *unit);

/* All models. */
#define TRAINER(name) extern const snn_trainer_model snn_trainer_##name;
#include "train/list.h"
#undef TRAINER

#endif
