/* Traces: exponential memories of events. */
#ifndef SNN_OBSERVE_TRACE_H
#define SNN_OBSERVE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* out[i] = decay * in[i] + (spike[i] ? amplitude : 0); in may be out */
typedef struct snn_trace {
    const uint8_t *spike;
    const void *in;
    void *out;
    double decay, amplitude;
    double gone; /* 1 - decay */
    bool is_normal; /* no result is subnormal: not looked for, without a rest */
    void *rest;  /* of in, becomes that of out (formula/fine.h); NULL: none */
    const void *value; /* of the scaled ones: an amplitude for each element, */
    double scale;      /* scale * value[i] + amplitude */
} snn_trace;

typedef void snn_trace_fn(const snn_trace *t, int64_t from, int64_t to);
SNN_DECLARE_EACH(snn_trace_fn, snn_trace_cumulative_part);
/* out[i] = spike[i] ? amplitude : decay * in[i] */
SNN_DECLARE_EACH(snn_trace_fn, snn_trace_nearest_part);
SNN_DECLARE_EACH(snn_trace_fn, snn_trace_scaled_cumulative_part);
SNN_DECLARE_EACH(snn_trace_fn, snn_trace_scaled_nearest_part);

void snn_trace_cumulative(const snn_trace *t, int64_t n, int is_f64);
void snn_trace_nearest(const snn_trace *t, int64_t n, int is_f64);
void snn_trace_scaled_cumulative(const snn_trace *t, int64_t n, int is_f64);
void snn_trace_scaled_nearest(const snn_trace *t, int64_t n, int is_f64);

#endif
