/* What a rule says of itself: its terms. A term is what spikes of one side, or
   the time between the last spikes of both, add to each place of a parameter;
   its form (train/form.h) makes from that what a call does, by events where it
   can and on tensors where not.

   Numbers of a term are functions of the arguments, asked in each call. */
#ifndef SNN_TRAIN_TERM_H
#define SNN_TRAIN_TERM_H

#include <stdbool.h>

enum { SNN_MOST_TERMS = 4 };

typedef enum snn_when {
    SNN_AT_POST, /* at spikes of the output */
    SNN_AT_PRE,  /* at spikes of the input, as they arrive */
    SNN_CAUSAL,  /* at all times: where t_post - t_pre >= 0, */
    SNN_ACAUSAL  /* and < 0 */
} snn_when;

typedef double snn_number_of(const void *args);

typedef struct snn_term {
    snn_when when;
    /* of an event: its sign, with that of a signal, says to which side of the
       updater the term goes */
    snn_number_of *rate;
    /* The event adds the value of this trace, of the other side, whose amplitude
       has the size of the rate; NULL: that size itself. */
    const char *trace;
    bool is_sized; /* that amplitude is 1: times the size of the rate */
    /* times what is here added to `own`, a trace of the event's own side as it
       was a step before, of which `kept` is left now; NULL: times 1 */
    const char *own;
    snn_number_of *alone;
    double (*kept)(const void *args, double step_time);
    /* ms; of terms of times: the rate's size exp(-|t| / tc); of remembered ones:
       for how long */
    snn_number_of *tc;
} snn_term;

#endif
