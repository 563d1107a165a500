/* out[i] = scale * x[i] / divisor: what is left of normalisation once the
   norms are known. */
#ifndef SNN_KERNEL_NORMALIZE_H
#define SNN_KERNEL_NORMALIZE_H

#include <stdbool.h>
#include <stdint.h>

/* A run of n elements, float or (is_f64) double; steps in elements. */
typedef struct snn_normalize_run {
    int64_t n;
    const void *x;
    int64_t x_step;
    const double *divisor; /* of element i: divisor[i * divisor_step] */
    int64_t divisor_step;
    double scale;
    void *out;
    int64_t out_step;
} snn_normalize_run;

void snn_normalize(const snn_normalize_run *run, bool is_f64);

#endif
