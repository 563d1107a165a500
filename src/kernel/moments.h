/* Times in the past as states of a history, and the places whose time has come. */
#ifndef SNN_KERNEL_MOMENTS_H
#define SNN_KERNEL_MOMENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/isa.h"

/* A time is on a step that it is as near to as `slack`, ms, or as `rounding`
   times itself. */
typedef struct snn_moments {
    double dt, oldest; /* length of a step; age of the oldest state */
    double slack, rounding;
    double end;        /* a time is read as the nearer end of 0 .. end */
    double ago;        /* is added to each */
} snn_moments;

/* The age of the state before each time, or on it, and how many ms it is before:
   0 of a time on a step. False where one lies outside of what is kept. */
bool snn_moments_find(const snn_moments *m, const double *time, int64_t n,
                      int32_t *older, double *since);
/* The ages alone, of times of a real type; at most SNN_MOMENTS_OLDEST. */
enum { SNN_MOMENTS_OLDEST = UINT16_MAX };
bool snn_moments_ages(const snn_moments *m, const void *time, bool is_f64,
                      int64_t n, uint16_t *age);

/* Appends base + i of all i < n whose age is one of these, ascending, to `out`,
   whose end it returns. So many ages behind n may be read. */
enum { SNN_MOMENTS_SLACK = 32 };
int32_t *snn_moments_list(const uint16_t *age, int64_t n, const uint16_t *which,
                          int count, int32_t base, int32_t *out);

typedef bool snn_moments_fn(const snn_moments *m, const void *time, int64_t n,
                            uint16_t *age);
SNN_DECLARE_EACH(snn_moments_fn, snn_moments_part);
typedef int32_t *snn_moments_list_fn(const uint16_t *age, int64_t n,
                                     const uint16_t *which, int count,
                                     int32_t base, int32_t *out);
SNN_DECLARE_ISAS(snn_moments_list_fn, moments_list);
typedef bool snn_moments_find_fn(const snn_moments *m, const double *time,
                                 int64_t n, int32_t *older, double *since);
SNN_DECLARE_ISAS(snn_moments_find_fn, moments_find);

#endif
