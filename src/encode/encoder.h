/* Encoders: intensities in [0, 1] become spike trains. The generic part; a
   model (homogeneous_poisson.c, ...) is one file that ends in a descriptor,
   snn_encoder_model; list.h names them all.

   Every encoder is a renewal process: an input with an intensity above 0
   spikes at the ends of independent intervals, whose law is all that a model
   gives. So the cost of a train is that of its spikes, and random numbers are
   functions of (stream, input, spike): the same for a whole train and for one
   asked for step by step, in any batch and with any number of threads. */
#ifndef SNN_ENCODE_ENCODER_H
#define SNN_ENCODE_ENCODER_H

#include "tensor/tensor.h"
#include "util/field.h"
#include "util/rng.h"

typedef struct snn_encoder_args {
    int64_t steps;
    double step_time; /* ms */
    double frequency; /* Hz, of an input of intensity 1 */
    double refrac;    /* ms; NaN: it follows step_time */
    bool compensate;
} snn_encoder_args;

typedef struct snn_encoder_model {
    const char *name;
    const char *summary; /* one sentence */
    const char *source;
    const char *equations; /* several lines */
    const snn_field *fields; /* of snn_encoder_args */
    /* When it is as if every input had spiked, in steps: 0, or less where the
       first step is like any other. */
    double begin;
    /* Relations between the arguments, NULL without any: ValueError. */
    snn_status (*check)(const snn_encoder_args *args, snn_fail *fail);
    /* What the law of the intervals of an input depends on, for n intensities
       above 0; infinite: it never spikes. */
    void (*scale)(const snn_encoder_args *args, const double *intensity, int n,
                  double *out);
    /* Four intervals each for n inputs, in steps, not negative: out (4, n).
       scale (n) as above, index (n) the draws to make them of: the input in the
       low SNN_ENCODER_INPUT_BITS, the number of its draw above; n is a multiple
       of 16, at most SNN_ENCODER_LANES. */
    void (*intervals)(const snn_encoder_args *args, snn_rng_key key,
                      const uint64_t *index, const double *scale, int64_t n,
                      double *out);
} snn_encoder_model;

enum { SNN_ENCODER_LANES = 64, SNN_ENCODER_INPUT_BITS = 36 };

typedef struct snn_encoder {
    const snn_encoder_model *model;
    snn_encoder_args given; /* as set: refrac may be NaN */
    snn_encoder_args args;  /* refrac in ms */
} snn_encoder;

snn_status snn_encoder_new(const snn_encoder_model *model,
                           const snn_encoder_args *args, snn_fail *fail,
                           snn_encoder **out);
void snn_encoder_free(snn_encoder *encoder);
/* Takes other arguments, each in its range; ValueError by the model's check. */
snn_status snn_encoder_set(snn_encoder *encoder, const snn_encoder_args *args,
                           snn_fail *fail);

/* The whole train (steps, B, N...), bool, of intensities (B, N...), any dtype.
   ValueError: an intensity outside [0, 1], too many dimensions; RuntimeError:
   memory is short. Takes a stream of random numbers. */
snn_status snn_encoder_run(const snn_encoder *encoder, const snn_tensor *input,
                           snn_fail *fail, snn_tensor *out);

/* The same train, one step at a time. It keeps a copy of the arguments. */
typedef struct snn_renewal snn_renewal;

snn_status snn_renewal_new(const snn_encoder *encoder, const snn_tensor *input,
                           snn_fail *fail, snn_renewal **out);
void snn_renewal_free(snn_renewal *renewal); /* NULL is fine */
/* Bytes that it holds. */
size_t snn_renewal_bytes(const snn_renewal *renewal);
/* The spikes (B, N...) of the next step; after the last one `out` stays empty.
   RuntimeError: memory is short, and the same step comes next. */
snn_status snn_renewal_next(snn_renewal *renewal, snn_fail *fail,
                            snn_tensor *out);
/* The same into memory that holds one step. */
void snn_renewal_write(snn_renewal *renewal, uint8_t *out);

#endif
