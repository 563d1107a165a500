/* A pattern made row by row: a law says which outputs an input reaches. Each row
   is asked for twice, how many and which, with the same random numbers, so that
   rows are made by any thread and nothing is larger than what comes out. */
#ifndef SNN_CONNECT_ROWS_H
#define SNN_CONNECT_ROWS_H

#include <stdbool.h>

#include "connect/sample.h"
#include "update/pattern.h"

typedef struct snn_rows snn_rows;
struct snn_rows {
    int64_t inputs, outputs;
    snn_rng_key key;
    bool no_self;    /* an input does not reach the output of its number */
    double cost;     /* ns for a synapse */
    double expected; /* synapses, roughly: for the cost alone */
    const char *where;
    /* The outputs of the input, from 0, ascending, into `out`, where it is not
       NULL; returns how many. Allocates nothing. */
    int64_t (*row)(const snn_rows *law, int64_t input, int32_t *out);
};

/* Returns new. ValueError from 2^31 synapses on. */
snn_status snn_rows_make(const snn_rows *law, snn_fail *fail,
                         snn_pattern **out);

/* Of a law whose rows are outputs and whose outputs are inputs. */
snn_status snn_rows_make_turned(const snn_rows *law, snn_fail *fail,
                                snn_pattern **out);

/* What one connector has made, and what of two: pairs of either, of a pair that
   both have as often as the one that has it more often; pairs of `a` that `b`
   has not. Return new; the sizes are the same. */
snn_status snn_rows_join(const snn_pattern *a, const snn_pattern *b,
                         snn_fail *fail, snn_pattern **out);
snn_status snn_rows_without(const snn_pattern *a, const snn_pattern *b,
                            snn_fail *fail, snn_pattern **out);

/* Ascending, in place. */
void snn_rows_sort(int32_t *v, int64_t n);

/* For a law that leaves out the output of the input's own number: among how many
   it chooses, and which output choice number k is. */
static inline int64_t snn_rows_width(const snn_rows *law, int64_t input)
{
    return law->outputs - (law->no_self && input < law->outputs);
}
static inline int32_t snn_rows_output(const snn_rows *law, int64_t input,
                                      int64_t k)
{
    return (int32_t)(k + (law->no_self && k >= input));
}

#endif
