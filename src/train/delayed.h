/* Arrivals where delays may change: the input's records are kept as they are sent,
   and read for each place of the weight at the delay that it has now. Here that is
   done by events: of the spikes within the longest delay those places of their
   rows are listed whose delay has come, and traces are read for the columns of
   outputs that spike. Nothing is made for all places but their ages, when delays
   have changed.

   train/spikes.c asks for both; snn_unit_arrived (trainer.h) says the same as
   tensors, of all models. */
#ifndef SNN_TRAIN_DELAYED_H
#define SNN_TRAIN_DELAYED_H

#include "train/trainer.h"

/* Events (B, places) in memory of their own; all zero: none. */
typedef struct snn_delayed_events {
    snn_events events;
    void *memory;
} snn_delayed_events;

/* Can the rule's arrivals be told so? A place must not read what is no longer
   kept: that is an error, which the tensors tell. */
snn_status snn_delayed_ready(const snn_unit *unit, snn_fail *fail, bool *ready);
/* The spikes that arrive in the newest step. To be cleared. */
snn_status snn_delayed_spikes(const snn_unit *unit, snn_fail *fail,
                              snn_delayed_events *out);
void snn_delayed_events_clear(snn_delayed_events *events);
/* A trace of the inputs at the places of the column of each event of `post`, new,
   of the connection's real type: (events, inputs), of compressed rows (B, places),
   of which the others are not set. */
snn_status snn_delayed_traces(const snn_unit *unit, const char *name,
                              const snn_events *post, snn_fail *fail,
                              snn_tensor *out);
/* A state of the inputs at the place of each event that arrives, `ago` ms before
   it was sent; all of them are still kept, or not. */
snn_status snn_delayed_own(const snn_unit *unit, const char *name, double ago,
                           const snn_events *arrived, snn_fail *fail, double *out,
                           bool *are_kept);

/* Of rules of times, whose delays are whole steps: the steps since the last spike
   that has arrived at each place, (B, places), float64, new. */
snn_status snn_delayed_steps(const snn_unit *unit, snn_fail *fail, bool *ready,
                             snn_tensor *out);

#endif
