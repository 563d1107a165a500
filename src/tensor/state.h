/* Descriptors of state: a row says of one state what snn_field says of an
   argument. A model's descriptor points at its rows, beside those that all of
   its family have; fields of objects, state_dict, help and the search for NaN
   are made from them. */
#ifndef SNN_TENSOR_STATE_H
#define SNN_TENSOR_STATE_H

#include "tensor/tensor.h"

/* What a state is of, which is its shape. B: samples; K: adaptations. */
typedef enum snn_state_of {
    SNN_OF_NEURON,     /* (B, shape...) of a group */
    SNN_OF_ADAPTATION, /* (shape..., K); (B, shape..., K) where samples keep
                          their own */
    SNN_OF_INPUT,      /* (B, shape...) of a synapse */
    SNN_OF_HISTORY,    /* (steps, B, inputs) of a synapse, newest first */
    SNN_OF_WEIGHT,     /* as the weight */
    SNN_OF_BIAS,       /* as the bias */
    SNN_OF_DELAY,      /* as the delays, which is as the weight */
    SNN_OF_PARAM,      /* as the parameter that updates are for */
    SNN_OF_SYNAPSES,   /* as a connection reads its synapse, (B, synapse...), with
                          delays (B, synapse..., D) */
    SNN_OF_RECORD,     /* (steps, observed...), newest first */
    SNN_OF_OBSERVED,   /* as what is observed */
    SNN_OF_CLASSES,    /* (shape..., classes) */
    SNN_OF_SHAPE,      /* (shape...) */
    SNN_OF_CLASS,      /* (classes) */
    SNN_OF_ONE         /* no dimensions: one number */
} snn_state_of;
/* "neuron", "history", ... */
const char *snn_state_of_text(snn_state_of of);

typedef enum snn_state_type {
    SNN_STATE_REAL, /* the real type of the object */
    SNN_STATE_BOOL,
    SNN_STATE_INT64,
    SNN_STATE_FLOAT64,
    SNN_STATE_OTHER /* that of what it is of */
} snn_state_type;
const char *snn_state_type_text(snn_state_type type);

typedef struct snn_state_row snn_state_row;

/* The state as a new tensor, which may share bytes; empty where it is nil. */
typedef snn_status snn_state_read(const void *self, const snn_state_row *row,
                                  snn_fail *fail, snn_tensor *out);
/* The tensor that holds it, borrowed; NULL or an empty one where it is nil. */
typedef const snn_tensor *snn_state_peek(const void *self,
                                         const snn_state_row *row);
/* Takes a value of the right shape (ValueError), any dtype; NULL is nil, of rows
   that are open. Errors begin with `where`, the name of the class. */
typedef snn_status snn_state_write(void *self, const snn_state_row *row,
                                   const snn_tensor *value, const char *where,
                                   snn_fail *fail);

struct snn_state_row {
    const char *name; /* NULL ends a table */
    snn_state_of of;
    snn_state_type type;
    const char *unit; /* "ms", "mV", ...; NULL: none */
    const char *doc;
    bool is_saved;    /* part of state_dict; others follow from those that are */
    bool is_open;     /* nil, or of a shape that the steps so far have made: both
                         are taken when it is set */
    bool is_fixed;    /* only loading a state sets it, scripts may not */
    bool finds_nan;   /* a NaN in it is told of (detect_anomaly) */
    const char *absent; /* what an error says where this object has none of it,
                         which reads nil; NULL: all have it */
    /* One of three: `peek`, `read`, or neither: the tensor at `offset`. */
    snn_state_peek *peek;
    snn_state_read *read;
    snn_state_write *write; /* NULL: it follows from others and is not set */
    snn_state_write *load;  /* as a saved state; NULL: as `write` */
    size_t offset; /* of the tensor in the object, or what the functions make of
                      it */
    size_t begins; /* place of the constant that it begins with (neuron/model.h);
                      0: zeros */
};

/* The state of an object: `out` shares its bytes; empty where it is nil. */
snn_status snn_state_get(const void *self, const snn_state_row *row,
                         snn_fail *fail, snn_tensor *out);
/* Rows of one number: it as a new tensor; the number of a tensor that is of its
   type and has no dimensions (ValueError). A count is at least 0. */
snn_status snn_state_of_count(const snn_state_row *row, int64_t count,
                              snn_fail *fail, snn_tensor *out);
snn_status snn_state_of_real(const snn_state_row *row, double value,
                             snn_fail *fail, snn_tensor *out);
snn_status snn_state_to_count(const snn_state_row *row, const snn_tensor *value,
                              const char *where, snn_fail *fail, int64_t *out);
snn_status snn_state_to_real(const snn_state_row *row, const snn_tensor *value,
                             const char *where, snn_fail *fail, double *out);
/* The row of that name, or NULL; `rows` may be NULL. */
const snn_state_row *snn_state_find(const snn_state_row *rows,
                                    const char *name);

#endif
