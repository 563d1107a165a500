/* Which elements of (inputs, outputs) a parameter has, and in which order they
   lie in memory: all of them, all but the diagonal, the diagonal, or compressed
   rows, of which each is an input and lists the outputs that it reaches. Of
   compressed rows nothing has the size inputs x outputs.

   A pattern is held by count; once there are two holders it does not change, but
   for the index by output, which is made when first asked for. Main thread. */
#ifndef SNN_UPDATE_PATTERN_H
#define SNN_UPDATE_PATTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kernel/dirty.h"
#include "util/fail.h"

typedef enum snn_pattern_kind {
    SNN_PATTERN_DENSE,       /* (inputs, outputs) */
    SNN_PATTERN_NO_DIAGONAL, /* the same; the diagonal is always 0 */
    SNN_PATTERN_ONE_TO_ONE,  /* (n): an input to the output of its place */
    SNN_PATTERN_ROWS
} snn_pattern_kind;

typedef struct snn_pattern {
    snn_pattern_kind kind;
    int64_t inputs, outputs;
    int64_t count;  /* elements in memory */
    /* of compressed rows; else NULL: */
    int64_t *first; /* (inputs + 1) where an input's elements begin */
    int32_t *post;  /* (count) outputs, from 0 */
    bool ascends;   /* outputs ascend within each row */
    /* by output, made when first asked for: */
    int64_t *column_first; /* (outputs + 1) where an output's elements begin */
    int32_t *pre;          /* (count) inputs of an output, ascending */
    int32_t *place;        /* (count) their places in memory */
    int64_t holders;
} snn_pattern;

/* One that is no compressed rows. Returns new; ValueError where there are more
   elements than memory. */
snn_status snn_pattern_whole(snn_pattern_kind kind, int64_t inputs,
                             int64_t outputs, snn_fail *fail,
                             snn_pattern **out);
/* Compressed rows of pairs (pre[k], post[k]), from 0, in any order and as often
   as they come; within a row they ascend by output. Takes 4 bytes a pair beside
   the pattern while it is made, none where the pairs are in order already.
   ValueError for a place outside of inputs and outputs, and from 2^31 pairs on. */
snn_status snn_pattern_of_pairs(int64_t inputs, int64_t outputs, int64_t count,
                                const int32_t *pre, const int32_t *post,
                                snn_fail *fail, snn_pattern **out);

/* Another holder, and one less (NULL is fine). */
snn_pattern *snn_pattern_share(snn_pattern *pattern);
void snn_pattern_free(snn_pattern *pattern);

/* Makes the index by output; of compressed rows. */
snn_status snn_pattern_columns(snn_pattern *pattern, snn_fail *fail);

/* Compressed rows that nobody else holds: each is sorted by `key` (count, in the
   order of memory; float32 or float64), which is moved with it; equal ones stay in
   their order. `order` (count), where it is not NULL, gets the place that each
   element had. Beside these it takes memory of a row. After a failure some rows are
   sorted and others are as they were, `order` of them all is right. */
snn_status snn_pattern_sort_rows(snn_pattern *pattern, void *key, bool is_f64,
                                 int32_t *order, snn_fail *fail);
/* The same by codes below `kinds`. */
snn_status snn_pattern_sort_codes(snn_pattern *pattern, uint16_t *code,
                                  int64_t kinds, int32_t *order, snn_fail *fail);

/* Looks whether outputs ascend within each row, after these were filled. */
void snn_pattern_see_order(snn_pattern *pattern);

/* The input of each element of memory, from 0, of compressed rows; pre (count). */
void snn_pattern_inputs(const snn_pattern *pattern, int32_t *pre);
/* What a pattern takes of memory, bytes. */
int64_t snn_pattern_bytes(const snn_pattern *pattern);

/* Loops of kernel/dirty.h over compressed rows, or with NULL over a matrix: who
   calls sets the bits. */
static inline snn_dirty snn_pattern_dirty(const snn_pattern *rows, int64_t n,
                                          int64_t columns)
{
    return (snn_dirty){ .rows = n, .columns = columns,
                        .first = rows ? rows->first : NULL,
                        .column_first = rows ? rows->column_first : NULL,
                        .place = rows ? rows->place : NULL };
}

static inline bool snn_pattern_is_rows(const snn_pattern *pattern)
{
    return pattern->kind == SNN_PATTERN_ROWS;
}

#endif
