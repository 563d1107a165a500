/* For each site the time of sharing and that of doing without are kept; the
   better way is taken, and the other one tried now and then: seldom where it is
   far off. */
#include "util/tune.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum { SITES = 256, FIRST_TRIES = 8, OFTEN = 256, SELDOM = 2048 };
static const double WEIGHT = 0.125, MOST_RATIO = 32, FAR = 1.5;

/* Times are in units of the estimated cost, averages that forget. */
struct snn_tune_site {
    snn_par_fn *fn;
    int size;
    unsigned calls;
    double alone, shared;
};

static snn_tune_site sites[SITES];

void snn_tune_forget(void) { memset(sites, 0, sizeof sites); }

static snn_tune_site *site_of(snn_par_fn *fn, double cost)
{
    int size = ilogb(cost);
    size_t at = ((size_t)(uintptr_t)fn / 16 * 31 + (size_t)size) % SITES;
    snn_tune_site *s = &sites[at];
    if (s->fn != fn || s->size != size)
        *s = (snn_tune_site){ .fn = fn, .size = size };
    return s;
}

snn_tune_site *snn_tune_begin(snn_par_fn *fn, double cost, bool *shares)
{
    snn_tune_site *s = site_of(fn, cost);
    unsigned n = s->calls++;
    bool is_better = s->shared < s->alone;
    double ratio = is_better ? s->alone / s->shared : s->shared / s->alone;
    if (n < FIRST_TRIES) *shares = n % 2 == 0;
    else if (n % (ratio > FAR ? SELDOM : OFTEN) == 0) *shares = !is_better;
    else *shares = is_better;
    return s;
}

static void learn(double *average, double value)
{
    if (*average == 0) *average = value;
    if (value > MOST_RATIO * *average) value = MOST_RATIO * *average;
    *average += WEIGHT * (value - *average);
}

void snn_tune_end(snn_tune_site *site, double cost, bool shares, double ns)
{
    learn(shares ? &site->shared : &site->alone, ns / cost);
}
