/* Weighted sums at outputs that decay by themselves (connection/sums.h): what
   they are some steps after they were written, and with what arrives then. */
#ifndef SNN_CONNECTION_SUMS_RUN_H
#define SNN_CONNECTION_SUMS_RUN_H

#include <stdint.h>

#include "util/isa.h"

enum { SNN_SUMS_PARTS = 2 };

/* With y of `parts` parts, 1 or 2, (B, C):
     z[0] = decay[0] y[0] + feed y[1],  z[1] = decay[1] y[1]
   and the last of them += arrived; out = z[0] rounded + bias. Or, of one part, with
   a growth, which is 1 / decay:
     z = y + growth arrived,  out = (decay z) rounded + bias
   What is below the smallest normal number of its type is 0. */
typedef struct snn_sums_run {
    int64_t batch, columns;
    int parts;
    const double *y[SNN_SUMS_PARTS];
    double decay[SNN_SUMS_PARTS], feed;
    double growth;               /* 0: sums that are kept are carried on */
    const void *arrived;         /* (B, C) of the real type; NULL: nothing */
    double *z[SNN_SUMS_PARTS];   /* NULL: they are not kept, and nothing arrives */
    const void *bias;            /* (C); NULL: none */
    void *out;                   /* (B, C) of the real type; may be `arrived` */
} snn_sums_run;

/* Samples [from, to) of which the columns [first, end). False where a z that is
   kept is no finite number. */
typedef int snn_sums_fn(const snn_sums_run *s, int64_t from, int64_t to,
                        int64_t first, int64_t end);
SNN_DECLARE_EACH(snn_sums_fn, snn_sums_part);

/* All, over threads where that pays. */
int snn_sums_do(const snn_sums_run *s, int is_f64);

/* y[j] += factor * (double)w[j], n of the real type. */
typedef void snn_sums_add_fn(double *y, double factor, const void *w, int64_t n);
SNN_DECLARE_EACH(snn_sums_add_fn, snn_sums_add_part);
void snn_sums_add(double *y, double factor, const void *w, int64_t n, int is_f64);

/* Some elements of a weight that have changed. */
typedef struct snn_sums_change {
    const void *weight;   /* all of it, as it is now, */
    const void *was;      /* (n) and what they were, of the real type */
    const int32_t *place; /* (n) of the elements; NULL: the n from `first` on */
    int64_t first, n;
} snn_sums_change;

/* y[output[i]] += factor * change[i], the factor that of all or, with is_each, its
   own. False where one of these is no finite number then. */
typedef int snn_sums_row_fn(const snn_sums_change *change, const double *factor,
                            int is_each, const int32_t *output, double *y);
SNN_DECLARE_EACH(snn_sums_row_fn, snn_sums_row_part);
int snn_sums_row(const snn_sums_change *change, const double *factor, int is_each,
                 const int32_t *output, double *y, int is_f64);
/* The sum of factor[i] * change[i]. */
typedef double snn_sums_column_fn(const snn_sums_change *change,
                                  const double *factor);
SNN_DECLARE_EACH(snn_sums_column_fn, snn_sums_column_part);
double snn_sums_column(const snn_sums_change *change, const double *factor,
                       int is_f64);

#endif
