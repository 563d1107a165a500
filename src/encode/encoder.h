/* Encoders: intensities become trains, a tensor for each step. The generic
   part; a model (homogeneous_poisson.c, ...) is one file that ends in a
   descriptor, snn_encoder_model; list.h names them all.

   How a train begins and goes on is its process, which models share: renewals
   (renewal.h) where inputs spike at random, single spikes (single.h), and
   values that stay as they are (steady.h). A model says by its law what its
   process needs to know. The same comes of a whole train and of one asked for
   step by step, in any batch and with any number of threads. */
#ifndef SNN_ENCODE_ENCODER_H
#define SNN_ENCODE_ENCODER_H

#include "tensor/tensor.h"
#include "util/field.h"

/* What all have; a model's struct of arguments begins with it. */
typedef struct snn_encoder_args {
    int64_t steps;
    double step_time; /* ms */
} snn_encoder_args;

#define SNN_ENCODER_FIELDS(T)                                                 \
    { .name = "steps", .type = SNN_COUNT, SNN_AT(T, common.steps),            \
      .example = "20", .other = "30",                                         \
      .range = SNN_POSITIVE, .doc = "steps of a train" },                     \
    { .name = "step_time", .type = SNN_REAL, SNN_AT(T, common.step_time),     \
      .example = "1", .other = "0.5",                                         \
      .unit = "ms", .range = SNN_POSITIVE, .doc = "length of a step" }
#define SNN_FREQUENCY_FIELD(T)                                                \
    { .name = "frequency", .type = SNN_REAL, SNN_AT(T, frequency),            \
      .example = "60", .other = "100",                                        \
      .unit = "Hz", .range = SNN_NOT_NEGATIVE,                                \
      .doc = "rate of an input of intensity 1" }

typedef struct snn_encoder_process snn_encoder_process;

typedef struct snn_encoder_model {
    const char *where; /* SNN_HERE: its descriptor */
    const char *name;
    const char *summary; /* one sentence */
    const char *source;
    const char *example; /* a few lines of Lua that print: help shows them */
    const char *equations; /* several lines */
    const snn_field *fields; /* of the struct of arguments */
    size_t args_size;
    /* Fills in what follows other arguments where it is not given; NULL:
       nothing does. */
    void (*settle)(void *args);
    /* Relations between the arguments, NULL without any: ValueError. */
    snn_status (*check)(const void *args, snn_fail *fail);
    const snn_encoder_process *process;
    const void *law; /* what the process wants to know */
} snn_encoder_model;

/* A train that goes on step by step, with a copy of the arguments. */
typedef struct snn_train {
    const snn_encoder_process *process;
    const snn_encoder_model *model;
    snn_shape shape; /* of a step: (B, N...) */
    snn_dtype dtype;
    int64_t elements; /* of a step */
    int64_t columns;  /* of a sample */
    int64_t steps;
    int64_t step; /* to come */
    size_t bytes; /* that it holds */
} snn_train;

struct snn_encoder_process {
    bool takes_any; /* finite intensities, else those in [0, 1] */
    /* A train of intensities (B, N...), contiguous float64 that were given as
       a dtype; `args` are settled. RuntimeError: memory is short. */
    snn_status (*begin)(const snn_encoder_model *model, const void *args,
                        const snn_tensor *intensities, snn_dtype given,
                        snn_fail *fail, snn_train **out);
    /* The next step, which there is, as a tensor or into memory that holds
       one. RuntimeError: memory is short, and the same step comes next. */
    snn_status (*next)(snn_train *train, snn_fail *fail, snn_tensor *out);
    void (*write)(snn_train *train, void *out);
    /* Goes on to a step to come that is not before the one to come now, at most
       `steps`; gives up where snn_interrupt_wanted(). */
    void (*skip)(snn_train *train, int64_t step);
    void (*free)(snn_train *train);
};

/* The beginning of every train of these intensities: bool. */
snn_train snn_train_of(const snn_encoder_model *model, const void *args,
                       const snn_tensor *intensities);

typedef struct snn_encoder {
    const snn_encoder_model *model;
    void *given; /* the arguments as set */
    void *args;  /* settled */
} snn_encoder;

static inline const snn_encoder_args *snn_encoder_common(const snn_encoder *e)
{
    return e->args;
}

/* `args` is the model's struct, copied. */
snn_status snn_encoder_new(const snn_encoder_model *model, const void *args,
                           snn_fail *fail, snn_encoder **out);
void snn_encoder_free(snn_encoder *encoder);
/* Takes other arguments, each in its range; ValueError by the model's check. */
snn_status snn_encoder_set(snn_encoder *encoder, const void *args,
                           snn_fail *fail);

/* The whole train (steps, B, N...) of intensities (B, N...), any dtype.
   ValueError: an intensity out of range, too many dimensions; RuntimeError:
   memory is short. */
snn_status snn_encoder_run(const snn_encoder *encoder, const snn_tensor *input,
                           snn_fail *fail, snn_tensor *out);

/* The same train, one step at a time. */
snn_status snn_train_new(const snn_encoder *encoder, const snn_tensor *input,
                         snn_fail *fail, snn_train **out);
void snn_train_free(snn_train *train); /* NULL is fine */
/* Leaves out the steps before this one, of which some may have come: as if they
   had been asked for. RuntimeError: interrupted. */
snn_status snn_train_skip(snn_train *train, int64_t step, snn_fail *fail);
/* All steps that are to come (steps, B, N...). RuntimeError: memory is short,
   interrupted. */
snn_status snn_train_rest(snn_train *train, snn_fail *fail, snn_tensor *out);
/* The next step (B, N...); after the last one `out` stays empty. RuntimeError:
   memory is short, and the same step comes next. */
static inline snn_status snn_train_next(snn_train *train, snn_fail *fail,
                                        snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (train->step == train->steps) return SNN_OK;
    return train->process->next(train, fail, out);
}

#endif
