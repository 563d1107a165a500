/* The elements of a parameter that a clamp changes, one by one, for who follows the
   values: few of many. */
#ifndef SNN_UPDATE_OUTSIDE_H
#define SNN_UPDATE_OUTSIDE_H

#include "update/pattern.h"

/* All zero: none. */
typedef struct snn_outside {
    int64_t count;
    int64_t *place; /* (count) in memory, ascending */
    void *was;      /* (count) of the parameter's type */
} snn_outside;

/* Those outside of [low, high] (NaN is not), which are in what is dirty, NULL: in
   all: the same whichever of them is looked at. `fits` is false, and none are
   listed, where they are no few. */
snn_status snn_outside_find(const snn_pattern *pattern, const void *data,
                            bool is_f64, const snn_dirty *dirty, double low,
                            double high, snn_fail *fail, snn_outside *out,
                            bool *fits);
void snn_outside_clear(snn_outside *outside);

#endif
