/* The inside of a group of neurons, for the generic part only: neuron.c (life
   and looks), step.c, change.c. */
#ifndef SNN_NEURON_GROUP_H
#define SNN_NEURON_GROUP_H

#include "neuron/model.h"
#include "neuron/refrac.h"

struct snn_neuron {
    const snn_neuron_model *model;
    snn_neuron_traits traits;
    void *args;      /* the model's struct, begins with snn_neuron_args */
    void *constants; /* of the model, for the current dt */
    snn_neuron_state state;
    bool is_stepping; /* a callback of the step runs */
};

static inline snn_neuron_args *snn_group_args(const snn_neuron *neuron)
{
    return neuron->args;
}

/* The data of a tensor, NULL of an empty one. */
static inline const void *snn_group_data(const snn_tensor *t)
{
    return snn_tensor_is_empty(t) ? NULL : snn_tensor_data(t);
}

snn_refrac snn_group_refrac(const snn_neuron *neuron);
/* (shape..., K) */
snn_shape snn_group_adaptation_shape(const snn_neuron *neuron);

/* RuntimeError in the middle of a step. */
snn_status snn_group_idle(const snn_neuron *neuron, const char *where,
                          snn_fail *fail);
/* ValueError unless `t`, called `name`, has the shape. */
snn_status snn_group_shape(const snn_tensor *t, const snn_shape *shape,
                           const char *where, const char *name,
                           snn_fail *fail);
/* ValueError when refrac_t is too many steps long. */
snn_status snn_group_check_step_time(const snn_neuron *neuron,
                                     double step_time, snn_fail *fail);

/* Everything as new; the adaptations stay when `keep`. */
snn_status snn_group_reset(snn_neuron *neuron, bool keep, snn_fail *fail);
/* Moves a whole state in; without adaptation the group's own stays. */
void snn_group_commit(snn_neuron *neuron, snn_neuron_state *state);

#endif
