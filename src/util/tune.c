/* For each site the time of sharing and that of doing without are kept; the
   better way is taken, and the other one tried now and then: seldom where it is
   far off. Loops of ranges are one site: a phase of them goes one way, and its
   time is all that passes, with what is between the loops. */
#include "util/tune.h"

#include <math.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

/* Measured beside other programs on two cores (quickstart's training, 400
   neurons, batch 20): all loops shared took 141 us a step, none 86, chosen so 73
   to 89. A try of the worse way is one loop of OFTEN, or of SELDOM where it is
   FAR times as slow: 0.2 % of the time up to there, 1.5 % where it is 32 times as
   slow. A phase is some steps of a network, so that what is between its loops
   counts too. Its first half is not measured: in it the arrays come over into the
   caches of those who work on them now (40,000 neurons with 3.2 million synapses:
   with it sharing was judged to be slower, without it two threads take 31 us a step
   in place of 42). */
enum { PHASE = 128 /* loops */ };
enum { SITES = 256, FIRST_TRIES = 8, OFTEN = 256, SELDOM = 2048 };
static const double WEIGHT = 0.125, MOST_RATIO = 32, FAR = 1.5;
static const double MOST_PAUSE = 2, LOST = 2; /* ratios of a phase's time */
static const double LOWER = 0.4; /* added to WEIGHT */

/* Times are in units of the estimated cost, averages that forget. */
struct snn_tune_site {
    snn_tune_fn *fn;
    int size;
    unsigned calls;
    double alone, shared;
};

static snn_tune_site sites[SITES];

static struct {
    snn_tune_site site;
    bool shares;
    int left, half, loops; /* of this phase: to come, not measured, measured so far */
    double start, cost, whole; /* the cost so far, of a phase like the last */
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

static snn_tune_site *site_of(snn_tune_fn *fn, double cost)
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

snn_tune_site *snn_tune_begin(snn_tune_fn *fn, double cost, bool *shares)
{
    snn_tune_site *s = site_of(fn, cost);
    *shares = choose(s, OFTEN, SELDOM);
    return s;
}

static void learn(double *average, double value, double most_ratio)
{
    if (*average == 0) *average = value;
    if (value > most_ratio * *average) value = most_ratio * *average;
    *average += WEIGHT * (value - *average);
}

void snn_tune_end(snn_tune_site *site, double cost, bool shares, double ns)
{
    learn(shares ? &site->shared : &site->alone, ns / cost, MOST_RATIO);
}

/* Whether half a phase that shares already takes far longer than the others: then a
   worker has lost its processor again and again. */
static bool is_lost(double now)
{
    const snn_tune_site *s = &ranges.site;
    return s->alone > 0 && now - ranges.start > LOST * s->alone * ranges.whole;
}

static void measure(double now)
{
    ranges.start = now;
    ranges.cost = 0;
    ranges.loops = 0;
}

static void begin_phase(double now)
{
    bool is_first = ranges.site.calls == 0;
    ranges.shares = choose(&ranges.site, OFTEN / 4, SELDOM / 4);
    ranges.left = is_first ? PHASE / 8 : PHASE;
    ranges.half = ranges.left / 2;
    ranges.whole = ranges.cost * ranges.half / (ranges.loops ? ranges.loops : 1);
    measure(now);
}

/* What is done between the loops now and then only adds to a phase's time: a
   lower one counts more. The first phase also starts the threads. */
static void end_phase(double now)
{
    double *average = ranges.shares ? &ranges.site.shared : &ranges.site.alone;
    double value = (now - ranges.start) / ranges.cost;
    if (ranges.site.calls < 2) return;
    learn(average, value, MOST_PAUSE);
    if (value < *average) *average += LOWER * (value - *average);
}

bool snn_tune_shares(double cost)
{
    const bool is_half = ranges.left > 0 && ranges.left == ranges.half;
    double now = ranges.left == 0 || is_half || ranges.shares ? snn_tune_now() : 0;
    if (ranges.left == 0 || (ranges.shares && is_lost(now))) {
        if (ranges.cost > 0) end_phase(now);
        begin_phase(now);
    } else if (is_half) {
        measure(now);
    }
    ranges.left--;
    ranges.loops++;
    ranges.cost += cost;
    return ranges.shares;
}
