/* Adaptations that several models share: K processes a neuron, added up.

   spike    decay, and grow with each spike (thresholds)
   current  follow the voltage, and grow with each spike (currents)

   Both stand still in the refractory time, the step of the spike included,
   unless the lock is off. Loops have K as a constant where it is 1, so that
   they run in vectors. */
#ifdef REAL

#include "formula/adapt.h"

static SNN_INLINE void FN(add_adaptations)(const snn_neuron_span *s, int64_t K,
                                           REAL start, REAL *restrict out)
{
    const REAL *restrict a = s->adaptation;
    for (int64_t i = 0; i < s->n; i++) out[i] = start + a[i * K];
    for (int64_t k = 1; k < K; k++)
        for (int64_t i = 0; i < s->n; i++) out[i] += a[i * K + k];
}

/* out[i] = start + the sum of neuron i's adaptations */
static inline void FN(adaptation_sum)(const snn_neuron_span *s, REAL start,
                                      REAL *out)
{
    if (s->adaptations == 1)
        FN(add_adaptations)(s, 1, start, out);
    else
        FN(add_adaptations)(s, s->adaptations, start, out);
}

/* The same for as many rows as lie one behind the other and fit, so that loops
   over n neurons of each end less often with what is no whole vector. How many
   rows: out holds SNN_SPAN_MOST numbers. */
static inline int64_t FN(adaptation_rows)(const snn_neuron_span *s, REAL start,
                                          REAL *out)
{
    const int64_t n = s->n, fit = SNN_SPAN_MOST / n;
    const int64_t rows = s->stride > n || s->rows < 2 ? 1
                         : s->rows < fit              ? s->rows
                                                      : fit;
    FN(adaptation_sum)(s, start, out);
    for (int64_t r = 1; r < rows; r++)
        memcpy(out + r * n, out, (size_t)n * sizeof(REAL));
    return rows;
}

static SNN_INLINE void FN(adapt_by_spikes)(const snn_neuron_span *s, int64_t K,
                                           const snn_spike_adaptation *by,
                                           REAL *restrict out)
{
    const REAL *restrict a = s->adaptation, *restrict hold = s->hold;
    const uint8_t *restrict spike = s->spike;
    const REAL limit = FN(lock_limit)(s->refrac_lock);
    for (int64_t k = 0; k < K; k++) {
        const REAL left = (REAL)by->decay[k], grown = (REAL)by->increment[k];
        for (int64_t i = 0; i < s->n; i++)
            out[i * K + k] = FN(adapt_spike)(a[i * K + k], left, grown,
                                             hold[i] > limit, spike[i]);
    }
}

static inline void FN(adaptation_spike)(const snn_neuron_span *s,
                                        const snn_spike_adaptation *by,
                                        REAL *out)
{
    if (s->adaptations == 1)
        FN(adapt_by_spikes)(s, 1, by, out);
    else
        FN(adapt_by_spikes)(s, s->adaptations, by, out);
}

static SNN_INLINE void FN(adapt_by_voltage)(const snn_neuron_span *s,
                                            int64_t K, REAL rest,
                                            const snn_current_adaptation *by,
                                            REAL *restrict out)
{
    const REAL *restrict a = s->adaptation, *restrict hold = s->hold;
    const REAL *restrict voltage = s->voltage;
    const uint8_t *restrict spike = s->spike;
    const REAL limit = FN(lock_limit)(s->refrac_lock);
    for (int64_t k = 0; k < K; k++) {
        const REAL rate = (REAL)by->rate[k], grown = (REAL)by->increment[k];
        const REAL coupling = (REAL)by->coupling[k];
        for (int64_t i = 0; i < s->n; i++)
            out[i * K + k] = FN(adapt_voltage)(
                a[i * K + k], voltage[i] - rest, rate, coupling, grown,
                hold[i] > limit, spike[i]);
    }
}

static inline void FN(adaptation_current)(const snn_neuron_span *s, REAL rest,
                                          const snn_current_adaptation *by,
                                          REAL *out)
{
    if (s->adaptations == 1)
        FN(adapt_by_voltage)(s, 1, rest, by, out);
    else
        FN(adapt_by_voltage)(s, s->adaptations, rest, by, out);
}

#else
#ifndef SNN_NEURON_ADAPTATION_H
#define SNN_NEURON_ADAPTATION_H

#include <string.h>

#include "neuron/model.h"

typedef struct snn_spike_adaptation {
    double decay[SNN_MOST_REALS];
    double increment[SNN_MOST_REALS]; /* mV */
} snn_spike_adaptation;

typedef struct snn_current_adaptation {
    double rate[SNN_MOST_REALS];      /* dt / time constant */
    double coupling[SNN_MOST_REALS];  /* uS */
    double increment[SNN_MOST_REALS]; /* nA */
} snn_current_adaptation;

static inline int snn_longest(int a, int b) { return a > b ? a : b; }

#endif
#endif
