/* Which step's spikes arrive now at each place of a weight, where a rule looks
   delays up as they are (train/delayed.h): kept by a unit until they change. It
   is no state. */
#ifndef SNN_TRAIN_AGES_H
#define SNN_TRAIN_AGES_H

#include "kernel/moments.h"
#include "update/param.h"

/* All zero: nothing is known. */
typedef struct snn_ages {
    uint16_t *of;     /* (places) the age of that step */
    size_t bytes;
    int64_t places;
    uint64_t version; /* of the delays; with these they were read so: */
    snn_moments by;
    bool is_known, fits; /* all are within what is kept */
} snn_ages;

void snn_ages_clear(snn_ages *ages);
/* Of these delays; RuntimeError that names `where` when memory is short. */
snn_status snn_ages_update(snn_ages *ages, const snn_param *delay,
                           const snn_moments *by, const char *where,
                           snn_fail *fail);

#endif
