/* Connections: the generic part. A connection steps its synapse with the input
   spikes (B, in...) and gives currents (B, out...) through its weights. A model
   (linear_dense.c, ...) is one file that ends in a descriptor,
   snn_connection_model; list.h names them all. The synapse is borrowed: its
   owner keeps it alive. */
#ifndef SNN_CONNECTION_CONNECTION_H
#define SNN_CONNECTION_CONNECTION_H

#include "connection/arrivals.h"
#include "connection/sums.h"
#include "synapse/synapse.h"
#include "update/delta.h"
#include "update/param.h"
#include "util/warn.h"

/* The arguments that all models have; a model's struct begins with it. */
typedef struct snn_connection_args {
    double step_time;
    int64_t batch_size;
    bool bias;
    bool has_delay; /* delays are a parameter */
    double delay;   /* ms, the longest of the synapse that is made; 0: none */
    snn_dtype dtype;
} snn_connection_args;

#define SNN_CONNECTION_FIELDS(T)                                              \
    { .name = "step_time", .type = SNN_REAL, SNN_AT(T, common.step_time),     \
      .set_as = "dt",                                                         \
      .example = "1", .other = "0.5",                                         \
      .unit = "ms", .range = SNN_POSITIVE, .doc = "length of a step" },       \
    { .name = "synapse", .type = SNN_OTHER,                                   \
      .example = "snn.DeltaCurrent.partialconstructor { spike_charge = 2 }",  \
      .other = "snn.DeltaCurrent.partialconstructor { spike_charge = 5 }",    \
      .doc = "a partial constructor: snn.DeltaCurrent.partialconstructor" },  \
    { .name = "bias", .type = SNN_FLAG, SNN_AT(T, common.bias),               \
      .example = "true", .other = "false",                                    \
      .optional = true, .doc = "add a trainable bias to the currents" },      \
    { .name = "delay", .type = SNN_OTHER, .unit = "ms", .optional = true,     \
      .example = "4", .other = "3",                                           \
      .doc = "longest delay of a synapse; absent, false or 0: no delays" },   \
    { .name = "batch_size", .type = SNN_COUNT, SNN_AT(T, common.batch_size),  \
      .set_as = "batchsz",                                                    \
      .range = SNN_POSITIVE, .optional = true, .otherwise = 1,                \
      .example = "2", .other = "3",                                           \
      .doc = "samples side by side" },                                        \
    { .name = "dtype", .type = SNN_DTYPE, SNN_AT(T, common.dtype),            \
      .fixed = true,                                                          \
      .example = "\"float64\"", .other = "\"float32\"",                       \
      .optional = true, .doc = "real type of weights and currents" },         \
    { .name = "weight_init", .type = SNN_OTHER, .optional = true,             \
      .set_as = "weight",                                                     \
      .example = "function(w) return w * 0.5 end",                            \
      .other = "function(w) return w * 0.25 end",                             \
      .doc = "a number, {\"uniform\", low, high}, {\"normal\", mean, std}, "  \
             "a tensor, or a function of the uniform [0, 1) weights" },       \
    { .name = "bias_init", .type = SNN_OTHER, .optional = true,               \
      .set_as = "bias",                                                       \
      .example = "function(b) return b * 0.5 end",                            \
      .other = "function(b) return b * 0.25 end",                             \
      .doc = "the same for the bias" },                                       \
    { .name = "delay_init", .type = SNN_OTHER, .optional = true,              \
      .set_as = "delay",                                                      \
      .example = "function(d) return d * 2 end",                              \
      .other = "function(d) return d * 3 end",                                \
      .doc = "the same for the delays; a number without `delay` is the "      \
             "longest too" }

typedef struct snn_connection snn_connection;

typedef snn_status snn_receptive(const snn_connection *connection,
                                 const snn_tensor *t, snn_fail *fail,
                                 snn_tensor *out);

/* What arrives in a step, and where its sums go:
     out (B, outputs) = gain * sum of weight * value + bias */
typedef struct snn_arrive {
    double gain;
    const void *bias;        /* (outputs) of the real type; NULL: none */
    const snn_tensor *value; /* (B, inputs), of the real type: what an input counts
                                as; NULL: the synapse's newest spikes, 1 each, or
                                with delays those that arrive */
    const snn_tensor *spikes; /* with values: they are 0 but where these are; NULL:
                                anywhere */
    void *out;
    bool is_all;             /* in place of what arrives: a current that the synapse
                                stores, at the delays */
    bool is_each;            /* what arrives one by one, as what it counts */
    int part;                /* of the synapse: whose current, or to which of them
                                spikes arrive; with the last driving the first
                                there is a share for that, too */
} snn_arrive;

typedef enum snn_spread {
    SNN_SPREAD_NONE,
    SNN_SPREAD_MATRIX,   /* a product with the weight (outputs, inputs) */
    SNN_SPREAD_ELEMENTS, /* times the weight (inputs) */
    SNN_SPREAD_ROWS      /* snn_connection_spread_rows */
} snn_spread;

typedef struct snn_connection_model {
    const char *where; /* SNN_HERE: its descriptor */
    const char *name;
    const char *summary;
    const char *source;
    const char *example; /* a few lines of Lua that print: help shows them */
    const char *equations;
    const snn_field *fields;
    size_t args_size;
    /* How its product makes outputs of currents (B, inputs): a synapse of a
       script's class can stand in only where there is such a word. */
    snn_spread spread;
    bool has_patches; /* inputs are images, and the synapse's the patches of them
                         (connection/conv2d.h) */
    bool pairs_each;  /* pairs the events of each place, with delays */
    size_t pattern;   /* where in the struct of arguments the pattern is that a
                         connection is made of; 0: nowhere */
    /* relations of arguments; NULL: none */
    snn_status (*check)(const void *args, snn_fail *fail);
    /* the shapes of inputs and outputs, without batch */
    void (*shapes)(const void *args, snn_shape *in, snn_shape *out);
    /* the shape of its synapse; NULL: (inputs,) */
    snn_shape (*synapse_shape)(const void *args);
    /* an input (B, in...) as a new tensor that the synapse takes; NULL: flat */
    snn_status (*to_synapse)(const snn_connection *connection,
                             const snn_tensor *input, const char *where,
                             snn_fail *fail, snn_tensor *out);
    /* makes the weight, zeros; may change `biases` */
    snn_status (*init)(snn_connection *connection, snn_fail *fail);
    /* delays as the synapse is read with them, (B, synapse..., D): shape and
       strides of `t`, which holds the memory of the delays */
    void (*lay_selector)(const snn_connection *connection, snn_tensor *t);
    /* the currents of the synapse's newest step, or of that which each delay
       says, into out (B, out...) */
    snn_status (*propagate)(snn_connection *connection, snn_fail *fail,
                            snn_tensor *out);
    /* The sums at the outputs of what arrives in this step, those of other inputs
       0 whatever their weights; NULL: by `propagate` alone. */
    snn_status (*arrive)(snn_connection *connection, const snn_arrive *to,
                         snn_fail *fail);
    /* adds scale * trace of the other side at each event to the rows or
       columns of a weight delta; traces are (B, inputs) and (B, outputs) */
    void (*pair_post)(const snn_connection *connection,
                      const snn_events *spikes, const snn_tensor *pre_trace,
                      double scale, snn_delta *delta);
    void (*pair_pre)(const snn_connection *connection,
                     const snn_events *spikes, const snn_tensor *post_trace,
                     double scale, snn_delta *delta);
    /* the same with delays: traces are (B, inputs, outputs), spikes those that
       arrive, (B, inputs x outputs); with `pairs_each` */
    void (*pair_post_each)(const snn_connection *connection,
                           const snn_events *spikes,
                           const snn_tensor *pre_trace, double scale,
                           snn_delta *delta);
    void (*pair_pre_each)(const snn_connection *connection,
                          const snn_events *arrived,
                          const snn_tensor *post_trace, double scale,
                          snn_delta *delta);
    /* values of inputs, (B, synapse...) or with delays (B, synapse..., D), and
       of outputs (B, out...), lined up with the weight: (B, weight..., r) with
       the uses r of a place, 1 where they do not depend on a dimension; a view
       where that can be, ValueError for other shapes */
    snn_receptive *pre_receptive, *post_receptive;
} snn_connection_model;

/* Taps of the delays, as they were then. */
typedef struct snn_delayed_read {
    snn_delay_indices indices;
    uint64_t version; /* of the delays */
    uint64_t settings; /* of the synapse */
} snn_delayed_read;

struct snn_connection {
    const snn_connection_model *model;
    void *args;             /* the model's struct */
    snn_shape in, out;      /* without batch */
    int64_t inputs, outputs;
    int64_t biases;         /* one for each output */
    snn_param weight;
    snn_param bias;         /* empty value: none */
    snn_param delay;        /* ms, of the weight's shape; empty value: none */
    snn_synapse *synapse;   /* borrowed */
    snn_sums sums;          /* where these apply */
    snn_sums_view *view;    /* of a step: where to leave currents unwritten; or NULL */
    snn_param_watch follow; /* of the weight, by the sums */
    snn_delayed_read currents, spikes; /* where they are read */
    snn_arrivals arrivals;       /* where steps are made by what arrives */
    uint64_t hooked;             /* updates of the delays, and 1, when a hook last
                                    had them inside; 0: never */
    snn_told told;               /* see SNN_CONNECTION_DELAYS */
    char label[64];              /* of who stepped it last, for what is told */
};

/* What a connection is told of, once. */
enum { SNN_CONNECTION_DELAYS };

/* The states of all connections; of those the parameters: the one of that name,
   NULL where it has none; the names of all that it has, how many. */
extern const snn_state_row snn_connection_rows[];
static inline bool snn_connection_is_param(const snn_state_row *row)
{
    return row->is_saved && row->offset > 0;
}
snn_param *snn_connection_param(snn_connection *connection, const char *name);
enum { SNN_CONNECTION_PARAMS = 3 };
int snn_connection_params(const snn_connection *connection,
                          const char *names[SNN_CONNECTION_PARAMS]);

/* `args` is the model's struct, copied. The synapse must have `inputs` inputs
   and the same step, batch size and real type (RuntimeError). */
snn_status snn_connection_new(const snn_connection_model *model,
                              const void *args, snn_synapse *synapse,
                              snn_fail *fail, snn_connection **out);
void snn_connection_free(snn_connection *connection);

static inline const snn_connection_args *
snn_connection_common(const snn_connection *connection)
{
    return connection->args;
}
/* The compressed rows of the weight; NULL where it is a matrix or a diagonal. */
static inline const snn_pattern *
snn_connection_rows_of(const snn_connection *connection)
{
    const snn_pattern *pattern = connection->weight.pattern;
    return snn_pattern_is_rows(pattern) ? pattern : NULL;
}
/* What the synapse of such a connection must have, without batch. */
snn_shape snn_connection_synapse_shape(const snn_connection_model *model,
                                       const void *args);
/* (B, in...) and (B, out...) */
snn_shape snn_connection_batched_in(const snn_connection *connection);
snn_shape snn_connection_batched_out(const snn_connection *connection);

/* One step: input[0] (B, in...) of any dtype, non-zero is a spike, and currents
   to inject, through the synapse and the weights; a new tensor of currents (B,
   out...). On failure the synapse is as before. ValueError for a wrong shape
   names `where`. */
snn_status snn_connection_step(snn_connection *connection,
                               const snn_tensor *const *input, int inputs,
                               const char *where, snn_fail *fail,
                               snn_tensor *out);

/* The same, but where the currents are weighted sums they may be left unwritten: then
   `view` has them until the next step, and `out` is empty. */
snn_status snn_connection_step_view(snn_connection *connection,
                                    const snn_tensor *const *input, int inputs,
                                    const char *where, snn_fail *fail,
                                    snn_tensor *out, snn_sums_view *view);

/* An input (B, in...) as the synapse takes it, which may share its storage;
   ValueError for a wrong shape names `where`. */
snn_status snn_connection_to_synapse(const snn_connection *connection,
                                     const snn_tensor *input, const char *where,
                                     snn_fail *fail, snn_tensor *out);

/* Another synapse, checked like that of snn_connection_new; its longest delay is
   no less than any of the connection's (ValueError with the index). */
snn_status snn_connection_set_synapse(snn_connection *connection,
                                      snn_synapse *synapse, snn_fail *fail);
snn_status snn_connection_set_batch(snn_connection *connection, int64_t batch,
                                    snn_fail *fail);
snn_status snn_connection_set_dt(snn_connection *connection, double dt,
                                 snn_fail *fail);

/* The longest delay, ms, that the synapse knows; 0 without delays. */
double snn_connection_delayed_by(const snn_connection *connection);
static inline bool snn_connection_is_delayed(const snn_connection *connection)
{
    return snn_connection_delayed_by(connection) > 0;
}
/* Delays: a tensor of their shape (ValueError), each in 0 .. the longest
   (ValueError with the index), any dtype. With `is_loaded`, a state that was
   saved or what a hook makes of them, they may be outside as learned ones may.
   Errors name `where`. */
snn_status snn_connection_set_delay(snn_connection *connection,
                                    const snn_tensor *delay, bool is_loaded,
                                    const char *where, snn_fail *fail);
/* Delays that were learned, or whose synapse has changed, may lie outside of 0
   .. the longest; they are read as the nearer of the two, and that is told once:
   by the update that moved them, or by the step that would read them, which
   fails where warnings are errors. */
snn_status snn_connection_tell_delays(snn_connection *connection,
                                      snn_fail *fail);
/* New tensors: the times at which the synapse is read, as a selector (zeros
   without delays), ms, and what the synapse gives for them: currents, nA,
   spikes, bool. Without delays the newest step, (B, synapse...). */
snn_status snn_connection_selector(snn_connection *connection, snn_fail *fail,
                                   snn_tensor *out);
snn_status snn_connection_currents(snn_connection *connection, snn_fail *fail,
                                   snn_tensor *out);
snn_status snn_connection_spikes(snn_connection *connection, snn_fail *fail,
                                 snn_tensor *out);

/* Whether delays, as the connection would hold them, are in the synapse's history:
   ValueError for those that are not, NaN too. */
snn_status snn_connection_check_range(const snn_connection *connection,
                                      const snn_tensor *delay, const char *where,
                                      snn_fail *fail);
/* Whether the delays fit another synapse. */
snn_status snn_connection_check_delays(const snn_connection *connection,
                                       const snn_synapse *synapse,
                                       snn_fail *fail);
/* For propagate of delayed connections: `currents`, brought up to date. */
snn_status snn_connection_delay_indices(snn_connection *connection, snn_fail *fail);

/* For models' init: a weight of inputs x outputs of a kind that needs no more
   than these. */
snn_status snn_connection_init_weight(snn_connection *connection,
                                      snn_pattern_kind kind, snn_fail *fail);

/* For models whose weight is a (inputs, outputs) memory: what arrives times it,
   event driven or dense, whichever costs less; and their `propagate`. */
snn_status snn_connection_dense_arrive(snn_connection *connection,
                                       const snn_arrive *to, snn_fail *fail);
snn_status snn_connection_dense(snn_connection *connection, snn_fail *fail,
                                snn_tensor *out);
void snn_connection_lay_dense(const snn_connection *connection, snn_tensor *t);
/* Their pairings. */
void snn_connection_pair_columns(const snn_connection *connection,
                                 const snn_events *spikes,
                                 const snn_tensor *pre_trace, double scale,
                                 snn_delta *delta);
void snn_connection_pair_rows(const snn_connection *connection,
                              const snn_events *spikes,
                              const snn_tensor *post_trace, double scale,
                              snn_delta *delta);
void snn_connection_pair_columns_each(const snn_connection *connection,
                                      const snn_events *spikes,
                                      const snn_tensor *pre_trace,
                                      double scale, snn_delta *delta);
void snn_connection_pair_places(const snn_connection *connection,
                                const snn_events *arrived,
                                const snn_tensor *post_trace, double scale,
                                snn_delta *delta);
/* pre_receptive and post_receptive (receptive.c): of each input to each output,
   to one, of patches. */
snn_receptive snn_receptive_pre, snn_receptive_post;
snn_receptive snn_receptive_direct_pre, snn_receptive_direct_post;
snn_receptive snn_receptive_patch_pre, snn_receptive_patch_post;
snn_receptive snn_receptive_rows_pre, snn_receptive_rows_post;

/* Of compressed rows: the input, or output, of each synapse, from 1, int64. */
snn_status snn_connection_synapses(const snn_connection *connection, bool is_pre,
                                   snn_fail *fail, snn_tensor *out);
/* Currents (B, inputs) through compressed rows, (B, out...), without the bias;
   ValueError for another shape. */
snn_status snn_connection_spread_rows(snn_connection *connection,
                                      const snn_tensor *currents, snn_fail *fail,
                                      snn_tensor *out);

/* All models. */
#define CONNECTION(name) \
    extern const snn_connection_model snn_connection_##name;
#include "connection/list.h"
#undef CONNECTION
/* Of classes of scripts (scripted.c): callers run its steps. */
extern const snn_connection_model snn_connection_scripted, snn_connection_bare;

#endif
