/* An update of many parameters, of one owner or of several: the accumulators'
   terms go to the parameters, of all or of none. */
#ifndef SNN_UPDATE_UPDATER_H
#define SNN_UPDATE_UPDATER_H

#include "update/accumulator.h"

enum { SNN_MOST_PARAMS = 4 };

/* What belongs to one owner (a connection), or the part of it that is to be
   updated. All is borrowed, also while functions of the caller's run; the
   accumulators are those of the parameters, each in one updater at most. */
typedef struct snn_updater {
    int count;
    snn_accumulator *acc[SNN_MOST_PARAMS];
    snn_param *param[SNN_MOST_PARAMS];
    bool clears; /* the terms are gone afterwards */
    /* told when all parameters have changed; NULL: nobody */
    void (*updated)(void *owner);
    void *owner;
} snn_updater;

/* Applies the terms of all accumulators in place. `calls` runs reductions and
   bounds that are functions of the caller's; NULL: a RuntimeError where there
   are some. Fails as they do, for results of another shape (ValueError) and for
   want of memory: then no parameter has changed, and all terms are there. */
snn_status snn_update_run(const snn_updater *updaters, int n,
                          const snn_update_calls *calls, snn_fail *fail);

#endif
