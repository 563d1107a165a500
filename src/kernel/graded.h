/* Products of graded currents and weights: rows of the weight, each times a
   value, are added; a value of 0 costs nothing, and neither it nor a weight of
   0 makes a NaN of an infinite partner. */
#ifndef SNN_KERNEL_GRADED_H
#define SNN_KERNEL_GRADED_H

#include <stdint.h>

#include "util/isa.h"

/* out (B, C) = value (B, R) . weight (R, C) + bias (C) */
typedef struct snn_graded {
    int64_t batch, rows, columns;
    const void *value;
    const void *weight;
    const void *bias; /* NULL: none */
    void *out;
} snn_graded;

/* The same with a delay for each weight: the value of element (r, c) of the
   weight is table[b][r][age[r][c]] * factor[r][c]; that of a second table, if any,
   is added. */
typedef struct snn_delayed {
    int64_t batch, rows, columns;
    int64_t width;          /* of a row of a table: ages */
    const uint8_t *active;  /* (B, R): 0 where a row of the table is all 0 */
    const void *table[2];   /* (B, R, width); of rows that are active */
    const void *factor[2];  /* (R, C); NULL: 1 everywhere, and no table[1] */
    const int32_t *age;     /* (R, C) */
    const void *weight, *bias;
    void *out;
} snn_delayed;

/* One sample's columns [from, to), in the order of the rows. */
typedef void snn_graded_fn(const snn_graded *s, int64_t sample, int64_t from,
                           int64_t to);
typedef void snn_delayed_fn(const snn_delayed *s, int64_t sample, int64_t from,
                            int64_t to);
SNN_DECLARE_EACH(snn_graded_fn, snn_graded_part);
SNN_DECLARE_EACH(snn_delayed_fn, snn_delayed_part);

/* One age of a table: table[i * width + age] = value[i], and active[i] is set
   where that is not 0. */
typedef struct snn_table_age {
    const void *value;
    void *table;
    uint8_t *active;
    int64_t width, age;
} snn_table_age;

typedef void snn_table_fn(const snn_table_age *t, int64_t n);
SNN_DECLARE_EACH(snn_table_fn, snn_table_age_part);

/* out (B, N) = weight (N) * value (B, N) + bias (N) */
typedef void snn_graded_direct_fn(const snn_graded *s);
SNN_DECLARE_EACH(snn_graded_direct_fn, snn_graded_direct_part);

void snn_graded_run(const snn_graded *s, int is_f64);
void snn_delayed_run(const snn_delayed *s, int is_f64);
void snn_graded_direct(const snn_graded *s, int is_f64);
void snn_table_fill(const snn_table_age *t, int64_t n, int is_f64);

#endif
