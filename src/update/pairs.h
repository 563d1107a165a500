/* Pairings of events with traces (kernel/pair.h) that wait in a delta for the
   update. Most often an update follows the events of one step, and only those:
   then the changes go from the traces to the parameter, and no matrix of them
   is written, read and cleared. Whoever wants the matrix settles them first.

   Rows are cut into blocks of LANES columns, of which the last ends with the
   row: it overlaps the one before, with zeros there. Traces are mostly 0, and
   so are most blocks of a large layer; only the others are visited. All sums
   are made in the order of kernel/pair.c, so that results have the same bits. */
#ifndef SNN_UPDATE_PAIRS_H
#define SNN_UPDATE_PAIRS_H

#include <stddef.h>

#include "formula/bound.h"
#include "kernel/lanes.h"
#include "kernel/pair.h"

typedef enum snn_pairs_kind {
    SNN_NO_PAIRS,
    SNN_ROW_PAIRS,   /* events (sample, row), traces of columns */
    SNN_COLUMN_PAIRS, /* events (sample, column), traces of rows */
    SNN_PLACE_PAIRS  /* what each of some places gets, of one sample */
} snn_pairs_kind;

/* That pairs wait, and no matrix is written, takes quickstart's training at batch
   20 from 42 to 30 us a step with 100 neurons, from 87 to 61 with 400 (measured
   when it came). MOST and SAMPLES bound arrays on the stack, of 8 and 4 kB. Sums
   of waiting columns are a matrix too: of a quarter of the columns it is still
   read and written less than the whole one; few columns may always wait. */
enum {
    SNN_PAIRS_MOST = 4096,   /* columns, */
    SNN_PAIRS_SAMPLES = 512, /* samples: for what is on the stack */
    SNN_PAIRS_SHARE = 4,     /* one of so many columns may wait, */
    SNN_PAIRS_FEW = 64,      /* or so many; */
    SNN_PAIRS_PLACES = 8     /* one of so many places */
};

enum { SNN_PAIRS_ONE, SNN_PAIRS_TWO, SNN_PAIRS_MORE, SNN_PAIRS_GROUPS };

/* All zero: nothing waits. */
typedef struct snn_pairs {
    snn_pairs_kind kind;
    int64_t rows, columns; /* of the matrix */
    int64_t count;         /* events of rows, in samples that have a trace;
                              columns, places that wait */
    int64_t batch;         /* of row pairs */
    void *memory;          /* behind all arrays */
    size_t bytes;          /* of it */
    /* of row pairs */
    int32_t *last;         /* (rows) 0, but while events are listed; memory of
                              its own */
    int32_t *row, *sample; /* (1 + count) of event 1 .. count */
    int32_t *next;         /* (1 + count) the next event of that row, 0: none */
    int32_t *first[SNN_PAIRS_GROUPS]; /* first events of rows that have one, */
    int64_t firsts[SNN_PAIRS_GROUPS]; /* two or more; how many */
    int32_t *offset;       /* (B + 1) a sample's first event, */
    int32_t *from;         /* (B + 1) its first in `block` */
    int32_t *block;        /* blocks of the sample that are not 0, ascending */
    uint64_t *set;         /* (B, words) the same as bits */
    void *value;           /* (B, blocks, LANES) what an event adds */
    /* of place pairs */
    int32_t *at;           /* (count) row * columns + column, ascending; what each
                              gets is in `value` (count) */
    /* of column pairs */
    int32_t *column;       /* (count) */
    void *sum;             /* (count, rows) */
    /* for the update: */
    void *other;           /* (count, rows) what row pairs add there; later
                              what elements become, */
    int32_t *place;        /* (count, rows) of these rows */
} snn_pairs;

/* Blocks of a row, words of bits for them, and where block k begins. */
static inline int64_t snn_pairs_blocks(int64_t columns)
{
    return (columns + SNN_LANES - 1) / SNN_LANES;
}

static inline int64_t snn_pairs_words(int64_t columns)
{
    return (snn_pairs_blocks(columns) + 63) / 64;
}

static inline int64_t snn_pairs_place(int64_t k, int64_t columns)
{
    int64_t last = columns - SNN_LANES;
    if (last < 0) return 0;
    return k * SNN_LANES < last ? k * SNN_LANES : last;
}

void snn_pairs_free(snn_pairs *pairs);

/* Takes the pairing, in place of what waited before. False, and nothing has
   happened, where it does not pay or memory is short. `bits` are clear, and so
   they are afterwards. */
bool snn_pairs_take_rows(snn_pairs *pairs, const snn_pair *p, bool is_f64);
bool snn_pairs_take_columns(snn_pairs *pairs, const snn_pair *p, bool is_f64,
                            uint64_t *bits);

/* The same of places that ascend, of one sample: each gets its scale, or `weight`
   (events) of its own, times the trace of its column (pairs_places.c). */
bool snn_pairs_take_places(snn_pairs *pairs, const snn_pair *p,
                           const double *weight, bool is_f64);

/* At least so many bytes of memory in `pairs`, and the next `n` items of `size`
   bytes there: for those who take. */
bool snn_pairs_reserve(snn_pairs *pairs, size_t bytes);
void *snn_pairs_part(char **at, int64_t n, size_t size);
enum { SNN_PAIRS_ALIGNED = 16 }; /* bytes, at most more for each part */

/* Adds what waits to a matrix that is 0. */
void snn_pairs_settle(const snn_pairs *pairs, bool is_f64, void *matrix);
/* Sets the bits of the rows, of the columns that it makes dirty. */
void snn_pairs_mark(const snn_pairs *pairs, uint64_t *row_bits,
                    uint64_t *column_bits);

/* param += bound(pos) - bound(neg), of which one side may be row pairs and the
   other one column pairs. */
typedef struct snn_pairs_update {
    const snn_pairs *row_pairs;    /* or place pairs; NULL: none */
    const snn_pairs *column_pairs; /* NULL: none */
    const snn_bound_law *row_law, *column_law; /* without arrays */
    bool row_pairs_are_pos;          /* then column pairs are neg */
    bool is_f64;
    void *param;
    /* rows get a bit where an element is now outside of low .. high */
    double low, high;
    uint64_t *outside;
} snn_pairs_update;

void snn_pairs_apply(const snn_pairs_update *update);

/* For it, with place pairs: what these add in the columns that wait, whole, and
   the places themselves. */
void snn_pairs_place_others(const snn_pairs_update *update);
void snn_pairs_apply_places(const snn_pairs_update *update);

#endif
