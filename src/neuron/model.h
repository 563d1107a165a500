/* What a model of neurons is made of: a step function for each real type and
   instruction set, and a descriptor at the end of its file.

   A model is stepped in pieces (spans): samples x neurons. Its functions get
   plain arrays and constants made from the arguments for the current dt; they
   update the state in place, and what is beside it (refractory times that
   scripts have set, reduction over the batch) is the generic part's. */
#ifndef SNN_NEURON_MODEL_H
#define SNN_NEURON_MODEL_H

#include <math.h>

#include "neuron/neuron.h"
#include "util/isa.h"

/* One constant of a model for the neurons of a group, in its real type: an
   array of them (stride 1), or one that holds for all (stride 0), SNN_PORTION
   times where others differ between neurons. */
enum { SNN_PORTION = 256 };
typedef struct snn_plane {
    const void *at;
    int64_t stride;
    snn_storage *own; /* of the array, NULL of what all share */
} snn_plane;

/* What a held neuron does. */
typedef struct snn_neuron_held {
    bool takes; /* its input counts */
    bool moves; /* voltage and adaptation go on */
} snn_neuron_held;

/* So many samples of `n` neurons; sample r begins at r * stride. Without
   adaptation that they share, a span is one sample, of neurons of several
   samples where constants do not differ; with it n is at most SNN_SPAN_MOST
   and all samples are of the same neurons. */
enum { SNN_SPAN_MOST = 1024 };
typedef struct snn_neuron_span {
    int64_t samples, n, stride;
    const void *input;       /* nA, (samples, n) */
    void *voltage;           /* mV, (samples, n) */
    void *low;               /* the rest of voltage; NULL in float64 */
    void *hold;              /* steps until free, (samples, n) */
    uint8_t *spike;          /* (samples, n) */
    const uint8_t *override; /* spikes to emit, (samples, n), or NULL */
    void *adaptation;        /* (n, K) of these neurons */
    void *adaptation_low;    /* its rest; NULL in float64 */
    void *own;               /* the model's own states, (samples, n) each; NULL
                                without */
    int64_t own_stride;      /* from one of them to the next */
    int adaptations;         /* K */
    snn_neuron_held held;
    const snn_plane *constants; /* a plane for each double of the model's */
    int64_t first;           /* place of the first neuron in the planes */
    bool each;               /* a plane has stride 1 */
    bool falls;              /* a resting voltage is 0: V decays to it */
} snn_neuron_span;

/* One step: reads the input, updates voltage and hold, writes the spikes. */
typedef void snn_neuron_step_fn(const snn_neuron_span *span);

/* Constants of one adaptation a: in a step of a free neuron it changes by
   rate (coupling (V - rest) - a), V after the step, and by increment with a
   spike. */
typedef struct snn_neuron_adapting {
    double rate, coupling, increment;
} snn_neuron_adapting;

/* What the generic part must know of a model's arguments. */
typedef struct snn_neuron_traits {
    double refrac_t; /* ms */
    int adaptations; /* K; 0: none */
    snn_batch_reduction reduction;
} snn_neuron_traits;

struct snn_neuron_model {
    const char *where; /* SNN_HERE: its descriptor */
    const char *name;
    const char *summary;     /* one sentence */
    const char *equations;   /* several lines */
    const char *source;
    const char *example; /* a few lines of Lua that print: help shows them */
    const snn_field *fields; /* begins with SNN_NEURON_FIELDS */
    size_t args_size;        /* of the struct, which begins with `group` */
    size_t constants_size;
    const snn_state_row *state; /* its own rows; NULL: none */
    bool adapts;             /* it has adaptations, which a row shows */
    size_t gone; /* place of the constant that is a step's share of the way to
                    the resting voltage, dt / time constant or so; 0: none */
    size_t resistance; /* place of the constant that turns a current into a
                          voltage, of which `gone` says the share in a step; 0:
                          input is no such current */
    const char *time_constant; /* name of its argument */
    const char *adapting_name; /* of the time constants of the adaptations */
    size_t adapting; /* place of the constants of the adaptations, the last */
    bool follows_voltage; /* couplings are not 0 */
    bool takes_override;
    bool is_still; /* the voltage does not depend on that of before */
    double cost;   /* ns of a neuron in a step; 0: that of a plain model */
    size_t parts;  /* place of the constant that says in how many parts it makes a
                      step, each at that cost; 0: in one */
    int strip; /* neurons stepped at once where the arrays are large; 0: any */
    void (*traits)(const void *args, snn_neuron_traits *out);
    /* Of one neuron, for args' dt. Constants are a struct of doubles that
       begins with the resting voltage. */
    void (*prepare)(const void *args, void *constants);
    snn_neuron_step_fn *const step[SNN_ISAS][2];
};

/* Ends of equations: of the refractory time; of adaptations, called `a`. */
#define SNN_NEURON_HELD                                                      \
    "in the refractory time a neuron takes no input and does not spike, and V "  \
    "stands still; with the forward option refrac_lock = false V goes on "       \
    "without input. With refrac_input = true, whatever refrac_lock, the input "  \
    "counts and V moves: spikes alone are held back"
#define SNN_NEURON_SHARED(a)                                                 \
    "\n" a " stands still in the refractory time, the step of the spike "        \
    "included, unless V moves in it. The samples of a batch share " a ": it "     \
    "changes by the mean of what each sample makes of it (batch_reduction); "    \
    "\"none\" keeps one for each sample, (batch, shape, K)"

/* The arguments of all models; `args` begins with snn_neuron_args group. Then
   those of a model that may be refractory. */
#define SNN_GROUP_FIELDS(args)                                               \
    { .name = "shape", .type = SNN_SIZES, SNN_AT(args, group.shape),         \
      .example = "5", .other = "{ 2, 3 }",                                   \
      .doc = "sizes of the group, without the batch" },                      \
    { .name = "step_time", .type = SNN_REAL, SNN_AT(args, group.step_time),  \
      .unit = "ms", .range = SNN_POSITIVE, .set_as = "dt",                   \
      .example = "1", .other = "0.5",                                        \
      .doc = "length of a step" },                                           \
    { .name = "batch_size", .type = SNN_COUNT,                               \
      SNN_AT(args, group.batch_size), .optional = true, .otherwise = 1,      \
      .range = SNN_POSITIVE, .set_as = "batchsz",                            \
      .example = "2", .other = "3",                                          \
      .doc = "samples side by side" },                                       \
    { .name = "dtype", .type = SNN_DTYPE, SNN_AT(args, group.dtype),         \
      .example = "\"float64\"", .other = "\"float32\"",                      \
      .optional = true, .doc = "float32 or float64" }
#define SNN_NEURON_FIELDS(args)                                              \
    SNN_GROUP_FIELDS(args),                                                  \
    { .name = "refrac_input", .type = SNN_FLAG,                              \
      SNN_AT(args, group.refrac_input), .optional = true,                    \
      .example = "true", .other = "false",                                   \
      .doc = "input counts and the voltage moves in the refractory time" }

/* A state that a model has for each neuron of each sample, in its real type. The
   generic part makes room for it, saves it and takes it back; the model's step
   finds the one of row k at own + k own_stride. It begins as the constant at
   `begins` says, or with zeros. */
#define SNN_NEURON_OWN                                                       \
    .of = SNN_OF_NEURON, .is_saved = true, .finds_nan = true,                \
    .read = snn_neuron_read_own, .write = snn_neuron_write_own
snn_state_read snn_neuron_read_own;
snn_state_write snn_neuron_write_own;

/* The two rows of a model that adapts. */
#define SNN_NEURON_ADAPTATION(name_, unit_, doc_)                            \
    { .name = name_, .of = SNN_OF_ADAPTATION, .unit = unit_, .doc = doc_,    \
      .is_saved = true, .finds_nan = true,                                   \
      .peek = snn_neuron_peek_adaptation,                                    \
      .write = snn_neuron_write_adaptation },                                \
    { .name = "adaptation_remainder", .of = SNN_OF_ADAPTATION, .unit = unit_,  \
      .is_saved = true, .is_open = true, .is_fixed = true,                   \
      .peek = snn_neuron_peek_adaptation_low,                                \
      .write = snn_neuron_write_adaptation_low,                              \
      .doc = "what rounding left of the adaptation; nil in float64" }
snn_state_peek snn_neuron_peek_adaptation, snn_neuron_peek_adaptation_low;
snn_state_write snn_neuron_write_adaptation, snn_neuron_write_adaptation_low;

/* All models, ends with NULL. */
extern const snn_neuron_model *const snn_neuron_models[];
#define NEURON(name) extern const snn_neuron_model snn_neuron_##name;
#include "neuron/list.h"
#undef NEURON
/* Of classes of scripts (scripted.c): it has no steps. */
extern const snn_neuron_model snn_neuron_scripted;

/* A threshold of infinity is never reached, also not by an infinite voltage. */
static inline double snn_neuron_thresh(double thresh)
{
    return isinf(thresh) ? (double)NAN : thresh;
}

static inline int snn_longest(int a, int b) { return a > b ? a : b; }

/* Entry k of a list; a shorter list repeats its last entry. */
static inline double snn_reals_at(const snn_reals *list, int k)
{
    return list->value[k < list->count ? k : list->count - 1];
}

#endif
