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
    bool knows_steps, on_steps; /* whether all are whole steps, once asked */
    /* The places of each row by age, once delays have stayed as they are for
       some calls: whether they are listed so or looked for changes no result. */
    int64_t uses, width; /* calls with these; ages */
    uint16_t *order;     /* (places) which of its row, of one age ascending; NULL:
                            they are not listed */
    uint16_t *from;      /* (rows, width + 1) where in that a row's age begins */
} snn_ages;

void snn_ages_clear(snn_ages *ages);
/* Of ages that are known and fit, before a call lists some: sorts them once that
   pays. */
void snn_ages_use(snn_ages *ages, const snn_param *delay);
/* The places of the row from `first` on, so many, whose age is one of these,
   ascending, behind `out`; returns its end. */
int32_t *snn_ages_list(const snn_ages *ages, int64_t row, int64_t first,
                       int64_t length, const uint16_t *which, int count,
                       int32_t *out);
/* Of these delays; RuntimeError that names `where` when memory is short. */
snn_status snn_ages_update(snn_ages *ages, const snn_param *delay,
                           const snn_moments *by, const char *where,
                           snn_fail *fail);

/* Of ages that are known and fit: are all delays whole steps? */
bool snn_ages_are_on_steps(snn_ages *ages, const snn_param *delay);

#endif
