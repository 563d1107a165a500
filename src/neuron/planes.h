/* The constants of a group: what the model makes of the arguments for the
   current dt, as planes in the group's real type (neuron/model.h). A plane is
   as long as the group where the constant differs between neurons, and else
   holds one number. */
#ifndef SNN_NEURON_PLANES_H
#define SNN_NEURON_PLANES_H

#include "neuron/model.h"

typedef struct snn_planes {
    snn_plane *plane;
    int count;
    bool each;             /* one differs */
    bool falls;            /* a resting voltage is 0 or about */
    void *uniform;         /* the bytes of those that hold for all */
    snn_neuron_traits traits; /* of the first neuron */
    double *refrac_t;      /* ms, of all neurons; NULL: that of traits */
} snn_planes;

/* `args` is the model's struct; `each` its numbers that differ between the
   neurons: their values replace the number in the struct. */
snn_status snn_planes_make(const snn_neuron_model *model, const void *args,
                           const snn_each *each, int count,
                           snn_fail *fail, snn_planes *out);
void snn_planes_free(snn_planes *planes);
/* The least of the constant at `place` over the n neurons. */
double snn_planes_least(const snn_planes *planes, size_t place, int64_t n,
                        bool is_f64);
/* The longest of all refractory times, ms. */
double snn_planes_longest(const snn_planes *planes, int64_t n);

#endif
