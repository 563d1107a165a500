/* The inside of a group of neurons, for the generic part only: neuron.c (life
   and queries), step.c, change.c. */
#ifndef SNN_NEURON_GROUP_H
#define SNN_NEURON_GROUP_H

#include "neuron/model.h"
#include "neuron/planes.h"
#include "neuron/refrac.h"
#include "util/warn.h"

/* What groups warn of. */
enum {
    SNN_COARSE_VOLTAGE,
    SNN_COARSE_ADAPTATION,
    SNN_SPIKES_AS_CURRENT,
    SNN_VOLTS
};

struct snn_neuron {
    const snn_neuron_model *model;
    snn_neuron_traits traits;
    void *args;      /* the model's struct, begins with snn_neuron_args */
    snn_each *each; /* arguments that differ between neurons */
    int each_count;
    snn_planes planes; /* the model's constants for the current dt */
    snn_neuron_state state;
    int64_t n;        /* neurons of a sample */
    snn_told told;    /* warnings */
    bool is_stepping; /* a callback of the step runs */
    snn_watch *watch;  /* who records its steps; NULL: nobody */
    uint64_t recorded; /* steps, ever */
    struct snn_neuron_snapshot *snapshot; /* the newest (neuron/snapshot.h), or
                         NULL; borrowed */
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
/* (shape..., K), (B, shape..., K) where samples have their own */
snn_shape snn_group_adaptation_shape(const snn_neuron *neuron);

/* Lets the neurons count down from `times`, of the state's shape and type. */
snn_status snn_group_set_times(snn_neuron *neuron, const snn_refrac *refrac,
                               const snn_tensor *times, snn_fail *fail);

/* RuntimeError in the middle of a step. */
snn_status snn_group_idle(const snn_neuron *neuron, const char *where,
                          snn_fail *fail);
/* ValueError unless `t`, called `name`, has the shape. */
snn_status snn_group_shape(const snn_tensor *t, const snn_shape *shape,
                           const char *where, const char *name,
                           snn_fail *fail);
/* New arguments, not in place yet: the group's are taken over. */
typedef struct snn_arguments {
    void *args;
    snn_each *each;
    int count;
    snn_planes planes;
} snn_arguments;
/* ValueError when a refrac_t is too many steps long. Warns where float32 does
   not resolve a step, and where voltages look like volts. */
snn_status snn_group_prepare(const snn_neuron_model *model, const void *args,
                             const snn_each *each, int count, snn_told *told,
                             snn_fail *fail, snn_arguments *out);
/* Moves them in; `arguments` gets the old ones, to be dropped. */
void snn_group_exchange(snn_neuron *neuron, snn_arguments *arguments);
void snn_group_drop(snn_arguments *arguments);
/* Ends arguments that were in place: the newest snapshot may want them. */
void snn_group_retire(snn_neuron *neuron, snn_arguments *old);

/* The row of state k of those that the model has for each neuron of each sample;
   NULL: it has no more. */
const snn_state_row *snn_group_own(const snn_neuron_model *model, int k);
/* Everything as new; the adaptations stay when `keep`. */
snn_status snn_group_reset(snn_neuron *neuron, bool keep, snn_fail *fail);
/* A tensor of zeros as the state holds beside the values of `like`, what
   rounding left; empty in float64. */
snn_status snn_group_zero_low(const snn_neuron *neuron, const snn_shape *shape,
                              snn_fail *fail, snn_tensor *out);
/* Moves a whole state in; without adaptation the group's own stays. */
void snn_group_commit(snn_neuron *neuron, snn_neuron_state *state);

#endif
