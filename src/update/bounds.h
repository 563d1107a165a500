/* Bounds of the updates of a parameter: the laws of list.h with their limits,
   as an accumulator keeps them and as functions on tensors. */
#ifndef SNN_UPDATE_BOUNDS_H
#define SNN_UPDATE_BOUNDS_H

#include "formula/bound.h"
#include "tensor/tensor.h"
#include "util/field.h"

/* A line of list.h. */
typedef struct snn_bound_model {
    const char *name; /* "multiplicative" */
    const char *summary, *equation, *source;
    snn_bound_kind kind;
    bool is_scaled;
} snn_bound_model;

extern const snn_bound_model snn_bound_models[]; /* ends with a NULL name */

/* Options of the one-sided functions and of the full ones: the fields of a
   model, read into the struct. */
typedef struct snn_bound_options {
    double power, range; /* one-sided */
    double upper_power, lower_power;
} snn_bound_options;
const snn_field *snn_bound_fields(const snn_bound_model *model, bool is_full);

/* A limit: none, a number or, where it is not empty, a tensor. */
typedef struct snn_limit {
    const char *name; /* "max", for errors */
    bool is_given;
    double value;
    snn_tensor tensor;
} snn_limit;

/* One side's bound. Empty (all zero): updates pass. */
typedef struct snn_bound {
    snn_bound_law law;         /* its arrays are NULL */
    snn_tensor limits, ranges; /* where not empty, in place of the numbers */
} snn_bound;

/* A one-sided bound. The limit must be given; a tensor is held. ValueError
   where it is NaN or, but for the sharp law, infinite. */
snn_status snn_bound_init(const snn_bound_model *model, bool is_upper,
                          const snn_limit *limit,
                          const snn_bound_options *options, const char *where,
                          snn_fail *fail, snn_bound *bound);
/* The two sides of a full bound; a side without its limit lets updates pass.
   ValueError for limits as above, and when a scaled law has but one of them
   (there is no range) or one whose max is not above its min. */
snn_status snn_bound_init_full(const snn_bound_model *model,
                               const snn_limit *max, const snn_limit *min,
                               const snn_bound_options *options,
                               const char *where, snn_fail *fail,
                               snn_bound *upper, snn_bound *lower);
void snn_bound_clear(snn_bound *bound);

/* The bounded update: tensors that broadcast together, of any dtype; the
   result is contiguous and real. ValueError when they do not. */
snn_status snn_bound_tensor(const snn_bound *bound, const snn_tensor *param,
                            const snn_tensor *update, const char *where,
                            snn_fail *fail, snn_tensor *out);
/* upper(pos) - lower(neg) */
snn_status snn_bound_tensors(const snn_bound *upper, const snn_bound *lower,
                             const snn_tensor *param, const snn_tensor *pos,
                             const snn_tensor *neg, const char *where,
                             snn_fail *fail, snn_tensor *out);

#endif
