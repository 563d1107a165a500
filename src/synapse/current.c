/* One loop for each kind of input, made of one body by inlining. Currents
   decay in double, whatever is read of them. */
#ifdef REAL

#include "formula/fine.h"

/* `kind` and `is_fed` are constant. To what is read as float32 the rest of the
   decay adds nothing. An infinite current stays what it is. */
static SNN_INLINE void FN(decaying)(const snn_current *c, int64_t first,
                                    int64_t last, int kind, int is_fed)
{
    const double decay = c->decay, rest = c->rest;
    const double feed = c->feed, gain = c->gain;
    const double *in = c->in, *from = c->from;
    const uint8_t *spike = c->spike;
    const REAL *graded = c->graded;
    REAL *out = c->out;
    double *fine = c->fine;
    SNN_INDEPENDENT
    for (int64_t i = first; i < last; i++) {
        double x = in[i], v = x * decay;
        if (SNN_IS_F64) v = x - x == 0 ? v + x * rest : x;
        if (is_fed) v += feed * from[i];
        if (kind == OF_SPIKES) v += gain * (double)spike[i];
        if (kind == OF_GRADED) v += gain * (double)graded[i];
        v = snn_alive(v);
        if (!SNN_IS_F64) fine[i] = v;
        out[i] = FN(no_subnormal)((REAL)v);
    }
}

/* Without memory: what was before, be it infinite, does not matter. */
static void FN(of_now)(const snn_current *c, int64_t from, int64_t to)
{
    const REAL gain = (REAL)c->gain;
    const REAL *graded = c->graded;
    REAL *out = c->out;
    for (int64_t i = from; i < to; i++)
        out[i] = gain * (c->spike ? (REAL)c->spike[i] : graded[i]);
}

void FN(snn_current_part)(const snn_current *c, int64_t from, int64_t to)
{
    if (!c->in)
        FN(of_now)(c, from, to);
    else if (c->from)
        FN(decaying)(c, from, to, OF_NOTHING, 1);
    else if (c->spike)
        FN(decaying)(c, from, to, OF_SPIKES, 0);
    else
        FN(decaying)(c, from, to, OF_GRADED, 0);
}

void FN(snn_current_sum_part)(const snn_current_sum *s, int64_t from,
                              int64_t to)
{
    const REAL *a = s->a, *b = s->b;
    REAL *out = s->out;
    for (int64_t i = from; i < to; i++) out[i] = a[i] + b[i];
}

#else

#include "synapse/current.h"

#include "formula/alive.h"
#include "util/par.h"

enum { OF_NOTHING, OF_SPIKES, OF_GRADED };

#define SNN_EACH_REAL_FILE "synapse/current.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_current_fn *const current_table[SNN_ISAS][2] =
    SNN_EACH(snn_current_part);
static snn_current_sum_fn *const sum_table[SNN_ISAS][2] =
    SNN_EACH(snn_current_sum_part);

enum { PER_PART = 16384 }; /* elements: some 2 us by the cost below */

typedef struct job {
    const snn_current *c;
    const snn_current_sum *s;
    int64_t n;
    int is_f64;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part * PER_PART, to = from + PER_PART;
    if (to > j->n) to = j->n;
    if (j->c)
        current_table[snn_isa()][j->is_f64](j->c, from, to);
    else
        sum_table[snn_isa()][j->is_f64](j->s, from, to);
}

static void run(job *j)
{
    /* about 8 elements a nanosecond from the caches */
    snn_par_attempt((j->n + PER_PART - 1) / PER_PART, (double)j->n / 8,
                    run_part, j);
}

void snn_current_run(const snn_current *c, int64_t n, int is_f64)
{
    run(&(job){ .c = c, .n = n, .is_f64 = is_f64 });
}

void snn_current_add(const snn_current_sum *s, int64_t n, int is_f64)
{
    run(&(job){ .s = s, .n = n, .is_f64 = is_f64 });
}

#endif
#endif
