/* The values of states that a class of a script declares for its objects, beside
   those that a descriptor's rows say (tensor/state.h); bind/object/declared.h says
   what they mean. Here they are kept, and taken back. An empty tensor is a state
   that is to begin anew when it is read next. */
#ifndef SNN_TENSOR_DECLARED_H
#define SNN_TENSOR_DECLARED_H

#include "tensor/tensor.h"

typedef struct snn_states {
    int count;
    snn_tensor value[]; /* (count) */
} snn_states;

/* All empty; NULL when memory is short. */
snn_states *snn_states_new(int count);
void snn_states_free(snn_states *states); /* NULL is fine */

/* A copy, new, which shares bytes. */
snn_status snn_states_save(const snn_states *states, const char *where,
                           snn_fail *fail, snn_states **out);
/* Back to a copy of the same count, which it ends. */
void snn_states_restore(snn_states *states, snn_states *saved);

#endif
