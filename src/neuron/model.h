/* What a model of neurons is made of: a step function for each real type and
   instruction set, and a descriptor at the end of its file.

   A model is stepped in pieces (spans): samples x neurons. Its functions get
   plain arrays and constants made from the arguments for the current dt; they
   update the state in place, and what is beside it (refractory times that
   scripts have set, reduction over the batch) is the generic part's. */
#ifndef SNN_NEURON_MODEL_H
#define SNN_NEURON_MODEL_H

#include "neuron/neuron.h"
#include "util/isa.h"

/* `rows` samples of `n` neurons; sample r begins at r * stride. Without
   adaptation a span is one row, of neurons of several samples; with it n is
   at most SNN_SPAN_MOST and all rows are of the same neurons. */
enum { SNN_SPAN_MOST = 1024 };
typedef struct snn_neuron_span {
    int64_t rows, n, stride;
    const void *input;       /* nA, (rows, n) */
    void *voltage;           /* mV, (rows, n) */
    void *hold;              /* steps until free, (rows, n) */
    uint8_t *spike;          /* (rows, n) */
    const uint8_t *override; /* spikes to emit, (rows, n), or NULL */
    const void *adaptation;  /* (n, K) of these neurons */
    int adaptations;         /* K */
    bool refrac_lock;
    const void *constants;
} snn_neuron_span;

/* One step: reads the input, updates voltage and hold, writes the spikes. */
typedef void snn_neuron_step_fn(const snn_neuron_span *span);
/* The adaptation (n, K) that one sample (rows is 1) alone would lead to, from
   the state after the step. */
typedef void snn_neuron_adapt_fn(const snn_neuron_span *span, void *out);

/* What the generic part must know of a model's arguments. */
typedef struct snn_neuron_traits {
    double rest_v;   /* voltage of a new group, mV */
    double refrac_t; /* ms */
    int adaptations; /* K; 0: none */
    snn_batch_reduction reduction;
} snn_neuron_traits;

struct snn_neuron_model {
    const char *name;
    const char *summary;     /* one sentence */
    const char *equations;   /* several lines */
    const char *source;
    const snn_field *fields; /* begins with SNN_NEURON_FIELDS */
    size_t args_size;        /* of the struct, which begins with `group` */
    size_t constants_size;
    const char *adaptation;  /* the field's name; NULL: none */
    const char *adaptation_doc;
    bool adapts_by_spikes; /* it depends on who is held and who spikes alone;
                              a held neuron that does not spike keeps it */
    bool takes_override;
    int strip; /* neurons stepped at once where the arrays are large; 0: any */
    void (*traits)(const void *args, snn_neuron_traits *out);
    void (*prepare)(const void *args, void *constants); /* for args' dt */
    snn_neuron_step_fn *const step[SNN_ISAS][2];
    snn_neuron_adapt_fn *const adapt[SNN_ISAS][2]; /* where there is one */
};

/* The arguments of all models; `args` begins with snn_neuron_args group. */
#define SNN_NEURON_FIELDS(args)                                              \
    { .name = "shape", .type = SNN_SIZES, SNN_AT(args, group.shape),         \
      .doc = "sizes of the group, without the batch" },                      \
    { .name = "step_time", .type = SNN_REAL, SNN_AT(args, group.step_time),  \
      .unit = "ms", .range = SNN_POSITIVE, .doc = "length of a step" },      \
    { .name = "batch_size", .type = SNN_COUNT,                               \
      SNN_AT(args, group.batch_size), .optional = true, .otherwise = 1,      \
      .range = SNN_POSITIVE, .doc = "samples side by side" },                \
    { .name = "dtype", .type = SNN_DTYPE, SNN_AT(args, group.dtype),         \
      .optional = true, .doc = "float32 or float64" }

/* All models, ends with NULL. */
extern const snn_neuron_model *const snn_neuron_models[];
#define NEURON(name) extern const snn_neuron_model snn_neuron_##name;
#include "neuron/list.h"
#undef NEURON

/* Entry k of a list; a shorter list repeats its last entry. */
static inline double snn_reals_at(const snn_reals *list, int k)
{
    return list->value[k < list->count ? k : list->count - 1];
}

#endif
