/* What arrives in a step at the outputs whose sums a connection keeps (sums.h). */
#ifndef SNN_CONNECTION_SUMS_ARRIVE_H
#define SNN_CONNECTION_SUMS_ARRIVE_H

#include "connection/connection.h"

typedef struct snn_sums_incoming {
    int64_t lag;  /* steps, the delay of all; below 0: arrivals of any delays */
    bool is_each; /* one by one: it counts as something, or for two parts */
    bool is_any;
    bool is_lost; /* what arrives cannot be found so */
    bool drives;  /* the first of two parts has a share of it */
} snn_sums_incoming;

snn_status snn_sums_look(snn_connection *connection, int64_t lag, snn_fail *fail,
                         snn_sums_incoming *in);
/* What arrives for a part, into out (B, outputs) of the real type. */
snn_status snn_sums_arrive(snn_connection *connection, const snn_sums_incoming *in,
                           int part, snn_fail *fail, void *out);

#endif
