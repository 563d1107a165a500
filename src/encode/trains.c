/* Spikes are drawn four at a time and for many lanes together, so that random
   numbers, logarithms and sums are made in vectors; which lanes spike how often
   is random, so that branches on it would cost more than the work: all four
   steps of a draw are noted, those behind the window in rows that nobody reads,
   and again when their window comes. Lanes that must draw again close up. */
#include "encode/trains.h"

#include <math.h>
#include <string.h>

#include "util/isa.h"
#include "util/par.h"

enum {
    LANES = SNN_ENCODER_LANES,
    WINDOW = SNN_TRAIN_WINDOW,
    DRAW = SNN_TRAIN_DRAW,
    SPILL = 8,   /* rows for what is behind the window, several so that writes
                    do not wait for each other */
    VECTOR = 16, /* what snn_renewal_law.intervals counts in */
    PART = 8     /* blocks of one part of the work */
};

/* Lanes that draw, one behind the other. */
typedef struct drawing {
    int n;
    uint8_t lane[LANES];
    uint64_t index[LANES];
    double scale[LANES + VECTOR]; /* at least VECTOR of them 0 behind n */
    double time[LANES];
    double next[LANES]; /* the first step that may be the next spike's */
} drawing;

typedef void fill_fn(const snn_trains *t, int64_t i);
SNN_DECLARE_ISAS(fill_fn, trains_fill);

/* t >= 0 without its fraction; in vectors on every processor. */
static SNN_INLINE double whole(double t)
{
    double r = t + 0x1p52 - 0x1p52;
    return r > t ? r - 1 : r;
}

/* The row of lane i's spike so many steps behind the window's begin. */
static SNN_INLINE int32_t row_of(double steps, int i)
{
    double spill = WINDOW + i % SPILL;
    return (int32_t)(steps < spill ? steps : spill);
}

/* Four intervals each for n lanes (4, n) become the steps of their ends, and
   the rows of these; time and next (n) go on. */
static void add_up(double begin, int n, double *restrict steps,
                   double *restrict time, double *restrict next,
                   int32_t *restrict row)
{
    for (int k = 0; k < DRAW; k++, steps += n, row += n) {
        for (int i = 0; i < n; i++) {
            double t = time[i] + steps[i], step = whole(t);
            step = step < next[i] ? next[i] : step;
            steps[i] = step;
            time[i] = t;
            next[i] = step + 1;
            row[i] = row_of(step - begin, i);
        }
    }
}

/* The rows of the spikes that were drawn for an earlier window; those before
   this one spill too. */
static void rows_again(const snn_train_block *b, double begin,
                       int32_t *restrict row)
{
    const double *step = b->step[0];
    for (int i = 0; i < DRAW * LANES; i++) {
        double steps = step[i] - begin;
        row[i] = row_of(steps < 0 ? INFINITY : steps, i);
    }
}

/* All lanes of a block. */
static void take_up(const snn_train_block *b, drawing *d)
{
    d->n = b->lanes;
    memcpy(d->index, b->index, sizeof b->index);
    memcpy(d->scale, b->scale, sizeof b->scale);
    memcpy(d->time, b->time, sizeof b->time);
    for (int i = 0; i < LANES; i++) {
        d->lane[i] = (uint8_t)i;
        d->next[i] = b->step[DRAW - 1][i] + 1;
    }
}

/* What the next window goes on from; steps (4, n). */
static void keep(const drawing *d, const double *steps, int n,
                 snn_train_block *b)
{
    for (int i = 0; i < d->n; i++) {
        int l = d->lane[i];
        for (int k = 0; k < DRAW; k++) b->step[k][l] = steps[k * n + i];
        b->index[l] = d->index[i];
        b->time[l] = d->time[i];
    }
}

/* Notes the spikes of the lanes in their rows (4, n); those that must draw
   again stay: who had the last one in a row before `end`. */
static void note(const int32_t *row, int n, int32_t end,
                 uint64_t fired[WINDOW + SPILL], drawing *d)
{
    int dry = 0;
    for (int i = 0; i < d->n; i++) {
        uint64_t bit = UINT64_C(1) << d->lane[i];
        for (int k = 0; k < DRAW; k++) fired[row[k * n + i]] |= bit;
        d->lane[dry] = d->lane[i];
        d->index[dry] = d->index[i];
        d->scale[dry] = d->scale[i];
        d->time[dry] = d->time[i];
        d->next[dry] = d->next[i];
        dry += row[(DRAW - 1) * n + i] < end;
    }
    d->n = dry;
    memset(d->scale + dry, 0, VECTOR * sizeof *d->scale);
}

/* The window of block i. Of the last window nothing is kept. */
void SNN_ISA_NAME(trains_fill)(const snn_trains *t, int64_t i)
{
    const uint64_t DRAWN = UINT64_C(1) << SNN_ENCODER_INPUT_BITS;
    int64_t begin = t->end - WINDOW, left = t->steps - begin;
    int32_t row[DRAW * LANES], end = left < WINDOW ? (int32_t)left : WINDOW;
    uint64_t fired[WINDOW + SPILL] = { 0 };
    double steps[DRAW * LANES];
    drawing d;
    take_up(t->blocks + i, &d);
    if (begin > 0) {
        rows_again(t->blocks + i, (double)begin, row);
        note(row, LANES, end, fired, &d);
    }
    while (d.n > 0) {
        int n = (d.n + VECTOR - 1) / VECTOR * VECTOR;
        t->law->intervals(t->args, t->key, d.index, d.scale, n, steps);
        add_up((double)begin, n, steps, d.time, d.next, row);
        for (int l = 0; l < n; l++) d.index[l] += DRAWN;
        if (left > WINDOW) keep(&d, steps, n, t->blocks + i);
        note(row, n, end, fired, &d);
    }
    uint64_t *out = t->fired + i;
    for (int64_t k = 0, count = t->count; k < end; k++, out += count)
        *out = fired[k];
}

#ifdef SNN_ONCE

static void fill_part(void *context, int64_t part)
{
    static fill_fn *const fills[SNN_ISAS] = SNN_ISA_TABLE(trains_fill);
    const snn_trains *t = context;
    int64_t i = part * PART, end = i + PART;
    for (; i < end && i < t->count; i++) fills[snn_isa()](t, i);
}

void snn_trains_fill(snn_trains *t)
{
    double ns = 2000; /* of a block in a window, at 100 Hz and 1 ms */
    t->end += WINDOW;
    snn_par_run((t->count + PART - 1) / PART, ns * (double)t->count, fill_part,
                t);
}

#endif
