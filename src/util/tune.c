/* For each site the time of sharing and that of doing without are kept; the
   better way is taken, and the other one tried now and then: seldom where it is
   far off. Loops of ranges are one site: a phase of them goes one way, and its
   time is all that passes, with what is between the loops. */
#include "util/tune.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

enum { PHASE = 128 /* loops */ };
enum { SITES = 256, FIRST_TRIES = 8, OFTEN = 256, SELDOM = 2048 };
static const double MOST_RATIO = 32, FAR = 1.5;
/* Of a new time: one that is high may be another program's doing. */
static const double LOWER = 0.5, HIGHER = 0.125;
static const double MOST_PAUSE = 2; /* in a phase, as a ratio */

/* Times are in units of the estimated cost, averages that forget. */
struct snn_tune_site {
    snn_par_fn *fn;
    int size;
    unsigned calls;
    double alone, shared;
};

static snn_tune_site sites[SITES];

static struct {
    snn_tune_site site;
    unsigned left; /* loops of this phase */
    bool shares;
    double start, cost;
} ranges;

void snn_tune_forget(void)
{
    memset(sites, 0, sizeof sites);
    memset(&ranges, 0, sizeof ranges);
}

double snn_tune_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static snn_tune_site *site_of(snn_par_fn *fn, double cost)
{
    int size = ilogb(cost);
    size_t at = ((size_t)(uintptr_t)fn / 16 * 31 + (size_t)size) % SITES;
    snn_tune_site *s = &sites[at];
    if (s->fn != fn || s->size != size)
        *s = (snn_tune_site){ .fn = fn, .size = size };
    return s;
}

/* Whether to share at the next call of a site; the other way is tried once in
   `often` calls, where it is far off in `seldom`. */
static bool choose(snn_tune_site *s, unsigned often, unsigned seldom)
{
    unsigned n = s->calls++;
    bool is_better = s->shared < s->alone;
    double ratio = is_better ? s->alone / s->shared : s->shared / s->alone;
    if (n < FIRST_TRIES) return n % 2 == 0;
    return n % (ratio > FAR ? seldom : often) == 0 ? !is_better : is_better;
}

snn_tune_site *snn_tune_begin(snn_par_fn *fn, double cost, bool *shares)
{
    snn_tune_site *s = site_of(fn, cost);
    *shares = choose(s, OFTEN, SELDOM);
    return s;
}

static void learn(double *average, double value, double most_ratio)
{
    if (*average == 0) *average = value;
    if (value > most_ratio * *average) value = most_ratio * *average;
    *average += (value < *average ? LOWER : HIGHER) * (value - *average);
}

void snn_tune_end(snn_tune_site *site, double cost, bool shares, double ns)
{
    learn(shares ? &site->shared : &site->alone, ns / cost, MOST_RATIO);
}

bool snn_tune_shares(double cost)
{
    if (ranges.left == 0) {
        double now = snn_tune_now();
        if (ranges.cost > 0)
            learn(ranges.shares ? &ranges.site.shared : &ranges.site.alone,
                  (now - ranges.start) / ranges.cost, MOST_PAUSE);
        ranges.shares = choose(&ranges.site, OFTEN / 8, SELDOM / 8);
        ranges.left = PHASE;
        ranges.start = now;
        ranges.cost = 0;
    }
    ranges.left--;
    ranges.cost += cost;
    return ranges.shares;
}
