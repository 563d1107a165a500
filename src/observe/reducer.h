/* Reducers: the generic part. A reducer folds one observation after the other
   into a state and keeps the last states: the newest, and those of `duration`
   ms. A model (nearest_trace.c, ...) is one file that ends in a descriptor,
   snn_reducer_model, and gives the law of the fold and of what lies between
   two steps; list.h names them all.

   A state is float64 where the first observation is, else float32; the
   passthrough keeps the observations' dtype. States before the first
   observation read as the model's fill.

   Beside its newest state a reducer may hold what the dtype has no room for:
   of float32 traces and averages that change by too little in a step, what
   rounding has left (formula/fine.h); of times, the count of steps. Both are
   part of what is saved. With another step_time the newest state stays, and
   states before it, which are the old steps apart, go with a warning.

   Recording has two phases, for those who must not fail late: prepare makes
   room for one observation, record uses it.
   Source: Inferno 0.0.5, observe.reducers. */
#ifndef SNN_OBSERVE_REDUCER_H
#define SNN_OBSERVE_REDUCER_H

#include "observe/history.h"
#include "tensor/state.h"
#include "update/pattern.h"
#include "util/field.h"
#include "util/warn.h"

/* The arguments of all models; each reads those it has a field for. What only
   one has is a number of `own`, which its file names. */
enum { SNN_MOST_OWN_ARGS = 4 };
typedef struct snn_reducer_args {
    double step_time; /* ms */
    double duration;  /* ms */
    bool inclusive;   /* the state `duration` ago is kept too */
    double time_constant; /* ms */
    double amplitude, scale;
    double target, tolerance;
    double alpha;
    int initial; /* index into "inf zero nan" */
    double fill; /* of states before the first */
    double own[SNN_MOST_OWN_ARGS];
} snn_reducer_args;

#define SNN_REDUCER_FIELDS                                                   \
    { .name = "step_time", .type = SNN_REAL,                                 \
      SNN_AT(snn_reducer_args, step_time), .unit = "ms", .set_as = "dt",     \
      .example = "1", .other = "0.5",                                        \
      .range = SNN_POSITIVE, .doc = "time between two observations" },       \
    { .name = "duration", .type = SNN_REAL,                                  \
      SNN_AT(snn_reducer_args, duration), .unit = "ms", .optional = true,    \
      .example = "3", .other = "5",                                          \
      .range = SNN_NOT_NEGATIVE, .doc = "for how long states are kept" },    \
    { .name = "inclusive", .type = SNN_FLAG,                                 \
      SNN_AT(snn_reducer_args, inclusive), .optional = true,                 \
      .example = "true", .other = "false",                                   \
      .doc = "keeps also the state `duration` ago" }

#define SNN_TRACE_FIELDS                                                     \
    { .name = "time_constant", .type = SNN_REAL,                             \
      SNN_AT(snn_reducer_args, time_constant), .unit = "ms",                 \
      .example = "20", .other = "10",                                        \
      .range = SNN_POSITIVE, .doc = "of the decay" }

/* What makes the mask of an observation: where it counts. */
typedef enum snn_reducer_match {
    SNN_NO_MATCH,        /* no mask */
    SNN_MATCH_TARGET,    /* near the target */
    SNN_MATCH_CRITERION, /* a function of the script */
    SNN_MATCH_CONDITION  /* a second observation */
} snn_reducer_match;

/* One fold over n elements: `in` holds the state before (the fill at first)
   and may be `out`; value and mask are contiguous. */
typedef struct snn_reducer_fold {
    const snn_reducer_args *args;
    double decay;         /* exp(-step_time / time_constant) */
    double gone;          /* 1 - decay */
    void *fine;           /* (n) as the model says, or NULL */
    bool is_normal;       /* no state can be subnormal */
    int64_t age;          /* observations before this one since the clear */
    const void *value;    /* (n) of the state's dtype; NULL if not needed */
    const uint8_t *mask;  /* (n) or NULL */
    const void *in;
    void *out;
    int64_t n;
    bool is_f64;
} snn_reducer_fold;

typedef struct snn_reducer_model {
    const char *where; /* SNN_HERE: its descriptor */
    const char *name;
    const char *summary; /* one sentence */
    const char *equations;
    const char *source;
    const char *example; /* a few lines of Lua that print: help shows them */
    const snn_field *fields; /* of snn_reducer_args */
    snn_reducer_match match;
    bool needs_value;
    /* whether float32 states are held with a rest; NULL: never */
    bool (*is_fine)(const snn_reducer_args *args);
    bool counts_steps; /* holds the steps of its states, float64 */
    bool keeps_itself; /* the state is the observation itself, shared */
    /* else what it makes of one */
    void (*fold)(const snn_reducer_fold *fold);
    /* The state `since` ms after `prev` and step_time - since ms before
       `next`. */
    double (*between)(const snn_reducer_args *args, double prev, double next,
                      double since);
    /* Of states before the first; NULL: 0. */
    double (*fill)(const snn_reducer_args *args);
    /* Relations of arguments; NULL: none. */
    snn_status (*check)(const snn_reducer_args *args, snn_fail *fail);
} snn_reducer_model;

typedef struct snn_reducer {
    const snn_reducer_model *model;
    snn_reducer_args args;
    double decay, gone;
    int64_t normal_steps; /* for so many no trace of matches is subnormal: from
                             the amplitude, the least there is, they decay */
    bool is_fine;     /* may hold something beside the newest state */
    int64_t age;      /* observations since the clear */
    bool has_shape;   /* of a first observation, or kept by a clear */
    snn_shape shape;
    snn_dtype dtype;
    snn_history history;
    snn_tensor fine;  /* (shape) of the newest state; empty: none, or made anew
                         from it */
    snn_tensor next, next_fine; /* made by prepare, used by record */
    snn_storage *spare;
    snn_told told;
} snn_reducer;

enum { SNN_REDUCER_OLD_STEPS, SNN_REDUCER_SHORTER }; /* kinds of warnings */

/* Whether steps that change a state by `part` of it need a rest in float32: its
   rounding, 2^-25, is then more than 2^-15 of the change. */
static inline bool snn_reducer_is_slow(double part)
{
    return part > 0 && part < 0x1p-10;
}

/* The states of all reducers. */
extern const snn_state_row snn_reducer_rows[];

/* `out` may be uninitialised. ValueError by the model's check. */
snn_status snn_reducer_init(const snn_reducer_model *model,
                            const snn_reducer_args *args, snn_fail *fail,
                            snn_reducer *out);
void snn_reducer_clear(snn_reducer *reducer, bool keeps_shape); /* frees */

/* One of its own memory; RuntimeError when that is short. */
snn_status snn_reducer_new(const snn_reducer_model *model,
                           const snn_reducer_args *args, snn_fail *fail,
                           snn_reducer **out);
void snn_reducer_free(snn_reducer *reducer); /* NULL is fine */

/* What states before the first one read as. */
double snn_reducer_fill(const snn_reducer *reducer);
/* The newest state; NULL before the first observation. */
const snn_tensor *snn_reducer_latest(const snn_reducer *reducer);

/* Takes an observation. `mask` (bool, same shape) is that of models that match
   by criterion or condition, else NULL; `target` is a tensor in place of
   args.target or NULL. ValueError: another shape than before; TypeError: a
   passthrough of a lower dtype before. */
snn_status snn_reducer_push(snn_reducer *reducer, const snn_tensor *value,
                            const snn_tensor *mask, const snn_tensor *target,
                            snn_fail *fail);
/* Takes a state as it is. */
snn_status snn_reducer_put(snn_reducer *reducer, const snn_tensor *state,
                           snn_fail *fail);

/* ---- the two phases ---- */

/* Makes sure that recording an observation of this shape, as a state of this
   dtype, cannot fail. Another shape than before starts anew when recorded. */
snn_status snn_reducer_prepare(snn_reducer *reducer, const snn_shape *shape,
                               snn_dtype dtype, snn_fail *fail);
/* False when the shape is not what was prepared for. */
bool snn_reducer_is_prepared(const snn_reducer *reducer,
                             const snn_shape *shape);
/* Records a contiguous observation that is prepared for: the value for a model
   that needs it, else the mask. */
void snn_reducer_record(snn_reducer *reducer, const snn_tensor *value,
                        const snn_tensor *mask);
void snn_reducer_forget(snn_reducer *reducer); /* drops a preparation */

/* ---- queries ---- */

/* All states, newest first, (length, shape...); empty before data. */
snn_status snn_reducer_dump(const snn_reducer *reducer, snn_fail *fail,
                            snn_tensor *out);
/* The same without those before the first observation. */
snn_status snn_reducer_stored(const snn_reducer *reducer, snn_fail *fail,
                              snn_tensor *out);
/* Sets all to what snn_reducer_stored gave; NULL clears. */
snn_status snn_reducer_restore(snn_reducer *reducer, const snn_tensor *stored,
                               snn_fail *fail);
/* The state `time` ms ago, there being data. ValueError outside of what is
   kept, with the tolerance. */
snn_status snn_reducer_view(const snn_reducer *reducer, double time,
                            double tolerance, snn_fail *fail, snn_tensor *out);
/* The same with a time for each element: `time` has the states' shape, or that
   with one more dimension, D. With `wanted`, events (B, D) of the first and the
   last dimension, the others need not be set. */
snn_status snn_reducer_view_at(const snn_reducer *reducer,
                               const snn_tensor *time, double tolerance,
                               const snn_events *wanted, snn_fail *fail,
                               snn_tensor *out);
/* The states of events (B, all the rest of `time`) alone, as a list, each
   `ago` ms before its time. */
snn_status snn_reducer_view_events(const snn_reducer *reducer,
                                   const snn_tensor *time, double ago,
                                   double tolerance, const snn_events *events,
                                   snn_fail *fail, double *out);
/* The same of states (B, inputs) with a time for each element of compressed rows,
   (B, count); `wanted`, with its index by output, are events (B, outputs). */
snn_status snn_reducer_view_rows(const snn_reducer *reducer,
                                 const snn_pattern *rows,
                                 const snn_tensor *time, double tolerance,
                                 const snn_events *wanted, snn_fail *fail,
                                 snn_tensor *out);
snn_status snn_reducer_view_row_events(const snn_reducer *reducer,
                                       const snn_pattern *rows,
                                       const snn_tensor *time, double ago,
                                       double tolerance,
                                       const snn_events *events, snn_fail *fail,
                                       double *out);

/* What is held beside the newest state; empty: nothing. */
const snn_tensor *snn_reducer_fine(const snn_reducer *reducer);
/* Sets it; NULL: nothing is left of a rounding, times are whole steps. */
snn_status snn_reducer_set_fine(snn_reducer *reducer, const snn_tensor *fine,
                                snn_fail *fail);

/* The steps that the newest state counts, float64: those that are held, or made of
   the times. Of a model that counts steps, with data. */
snn_status snn_reducer_steps(const snn_reducer *reducer, snn_fail *fail,
                             snn_tensor *out);

/* ---- settings; the newest states stay, with a new step_time the newest ----
   A warning of what goes begins with `where`, and is told once per `told`. What is
   read of states before the first observation follows `initial` at once. */
snn_status snn_reducer_set(snn_reducer *reducer, const snn_reducer_args *args,
                           snn_told *told, const char *where, snn_fail *fail);
/* The states of a trace, times `factor`; those that count no steps. On failure
   nothing is multiplied. */
snn_status snn_reducer_rescale(snn_reducer *reducer, double factor,
                               snn_fail *fail);
/* The states that are kept when these arguments are set. */
int64_t snn_reducer_length(const snn_reducer_args *args);

/* All models. */
#define REDUCER(name) extern const snn_reducer_model snn_reducer_##name;
#include "observe/list.h"
#undef REDUCER
/* Of classes of scripts (scripted.c). */
extern const snn_reducer_model snn_reducer_scripted;

#endif
