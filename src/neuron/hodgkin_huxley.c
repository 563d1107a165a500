/* HodgkinHuxley: the squid's giant axon, with its gates m, h and n as states of
   their own. Equations, source and arguments are in the descriptor at the end.

   A step of dt is cut into `substeps`, in each of which what is linear is
   solved exactly while the rest stands still: the gates at a given voltage, the
   voltage at given gates (exponential Euler; Rush and Larsen, 1978). The voltage
   goes by half a substep at the begin and at the end of a step, and so between
   two gates' substeps by a whole one: the error falls as the square of the
   substep. At 1 ms, 40 substeps are within 0.02 ms of the spike times of a fine
   Runge-Kutta reference.

   What differs from textbooks: a spike is of the step in which the voltage comes
   up to thresh_v, wherever it is at its end; nothing is reset. */
#ifdef REAL
#include "formula/integrate.h"
#include "neuron/portion.h"

enum { FN(GATES) = 3, FN(M) = 0, FN(H), FN(N) };

/* A portion at work: its arrays, and what a substep makes of them. */
typedef struct FN(hh) {
    FN(cells) c;
    REAL *gate[FN(GATES)];
    REAL current[SNN_PORTION];
    /* exponentials of the voltage, then of the gates, then of the membrane */
    REAL power[FN(GATES) * SNN_PORTION];
    REAL steady[FN(GATES)][SNN_PORTION];
} FN(hh);

static SNN_INLINE REAL FN(hh_root)(REAL x)
{
    return SNN_IS_F64 ? (REAL)sqrt((double)x) : (REAL)sqrtf((float)x);
}

/* x / (1 - exp(-x)), of which `power` is the exponential: 1 at 0, about which
   its series has the digits that the difference loses. */
static SNN_INLINE REAL FN(hh_linear)(REAL x, REAL power)
{
    const REAL near = SNN_IS_F64 ? (REAL)0.02 : (REAL)0.25;
    const REAL y = x * x;
    const REAL series =
        1 + x / 2 + y * ((REAL)(1.0 / 12) +
                         y * ((REAL)(-1.0 / 720) + y * (REAL)(1.0 / 30240)));
    return x > -near && x < near ? series : x / (1 - power);
}

/* The rates a of opening and b of closing of a gate as where it comes to and,
   in place of the exponential to come, -(a + b) times the substep. */
static SNN_INLINE void FN(hh_gate)(FN(hh) *p, int gate, int64_t at, int64_t i,
                                   REAL a, REAL b, REAL substep)
{
    p->steady[gate][i] = a / (a + b);
    p->power[at] = -(a + b) * substep;
}

/* mV above -65, within 800, beyond which all rates are at their limits and
   exponentials would be infinite. */
static SNN_INLINE REAL FN(hh_above)(const FN(hh) *p, int64_t i)
{
    const REAL u = p->c.voltage[i] + FN(low_of)(&p->c, i) + 65;
    return u < -800 ? -800 : u > 800 ? 800 : u;
}

/* u: mV above -65. exp(-u / 20) and exp(-u / 80) are roots of exp(-u / 10), and
   what is counted from another voltage is it times a constant. */
static SNN_INLINE void FN(hh_rates)(FN(hh) *p, int64_t n, REAL substep)
{
    for (int64_t i = 0; i < n; i++) {
        const REAL u = FN(hh_above)(p, i);
        p->power[i] = u / -10;
        p->power[n + i] = u / -18;
    }
    FN(snn_exp)(p->power, 2 * n);
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        const REAL u = FN(hh_above)(p, i);
        const REAL tenth = p->power[i], eighteenth = p->power[n + i];
        const REAL twentieth = FN(hh_root)(tenth);
        const REAL eightieth = FN(hh_root)(FN(hh_root)(twentieth));
        const REAL m_up = FN(hh_linear)((u - 25) / 10, tenth * (REAL)HH_25_10);
        const REAL n_up =
            FN(hh_linear)((u - 10) / 10, tenth * (REAL)HH_10_10) / 10;
        FN(hh_gate)(p, FN(M), i, i, m_up, 4 * eighteenth, substep);
        FN(hh_gate)(p, FN(H), n + i, i, (REAL)0.07 * twentieth,
                    1 / (1 + tenth * (REAL)HH_30_10), substep);
        FN(hh_gate)(p, FN(N), 2 * n + i, i, n_up, eightieth / 8, substep);
    }
}

static SNN_INLINE void FN(hh_open)(FN(hh) *p, int64_t n, REAL substep)
{
    FN(hh_rates)(p, n, substep);
    FN(snn_exp)(p->power, FN(GATES) * n);
    for (int gate = 0; gate < FN(GATES); gate++) {
        REAL *restrict g = p->gate[gate];
        const REAL *steady = p->steady[gate], *power = p->power + gate * n;
        for (int64_t i = 0; i < n; i++)
            g[i] = steady[i] + (g[i] - steady[i]) * power[i];
    }
}

/* The voltage goes on for `time` ms with the gates as they are; fired: it has
   come up to the threshold. */
static SNN_INLINE void FN(hh_move)(const snn_neuron_span *s, FN(hh) *p,
                                   int64_t first, int64_t n, bool each,
                                   REAL time)
{
    const FN(param) g_na = FN(constant)(s, HH(g_na), first, each);
    const FN(param) g_k = FN(constant)(s, HH(g_k), first, each);
    const FN(param) g_leak = FN(constant)(s, HH(g_leak), first, each);
    const FN(param) e_na = FN(constant)(s, HH(e_na), first, each);
    const FN(param) e_k = FN(constant)(s, HH(e_k), first, each);
    const FN(param) e_leak = FN(constant)(s, HH(e_leak), first, each);
    const FN(param) per_c = FN(constant)(s, HH(per_c), first, each);
    const FN(param) thresh = FN(constant)(s, HH(thresh), first, each);
    REAL *change = p->steady[0];
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        const REAL v = p->c.voltage[i], low = FN(low_of)(&p->c, i);
        const REAL m = p->gate[FN(M)][i], h = p->gate[FN(H)][i];
        const REAL k = p->gate[FN(N)][i] * p->gate[FN(N)][i];
        const REAL na = FN(of)(g_na, each, i) * (m * m) * (m * h);
        const REAL potassium = FN(of)(g_k, each, i) * (k * k);
        const REAL leak = FN(of)(g_leak, each, i);
        const REAL sum = na + potassium + leak;
        const REAL drive = p->current[i] -
                           na * (v - FN(of)(e_na, each, i) + low) -
                           potassium * (v - FN(of)(e_k, each, i) + low) -
                           leak * (v - FN(of)(e_leak, each, i) + low);
        change[i] = drive / sum;
        p->power[i] = -sum * (FN(of)(per_c, each, i) * time);
    }
    FN(snn_exp)(p->power, n);
    for (int64_t i = 0; i < n; i++) {
        const REAL limit = FN(of)(thresh, each, i), old = p->c.voltage[i];
        FN(fine) v = FN(fine_move)(old, FN(low_of)(&p->c, i),
                                   change[i] * (1 - p->power[i]));
        p->c.fired[i] |= -(FN(flag))(v.value >= limit) & -(FN(flag))(old < limit);
        p->c.voltage[i] = v.value;
        if (!SNN_IS_F64) p->c.low[i] = v.rest;
    }
}

static SNN_INLINE void FN(hh_portion)(const snn_neuron_span *s, int64_t at,
                                      int64_t first, int64_t n, const REAL *sum,
                                      bool each, bool lock)
{
    FN(hh) p;
    const REAL substep = FN(constant)(s, HH(substep), first, each).one;
    const int64_t substeps =
        (int64_t)FN(constant)(s, HH(substeps), first, each).one;
    const FN(param) count = FN(constant)(s, HH(count), first, each);
    (void)sum, (void)lock; /* the voltage is never held */
    FN(cells_at)(s, at, false, &p.c);
    for (int gate = 0; gate < FN(GATES); gate++)
        p.gate[gate] = (REAL *)s->own + gate * s->own_stride + at;
    for (int64_t i = 0; i < n; i++) {
        p.c.hold[i] = FN(hold_next)(p.c.hold[i]);
        p.current[i] = FN(unless_held)(p.c.hold[i], p.c.input_limit, p.c.input[i]);
        p.c.fired[i] = 0;
    }
    FN(hh_move)(s, &p, first, n, each, substep / 2);
    for (int64_t k = 0; k < substeps; k++) {
        FN(hh_open)(&p, n, substep);
        FN(hh_move)(s, &p, first, n, each,
                    k + 1 < substeps ? substep : substep / 2);
    }
    for (int64_t i = 0; i < n; i++) {
        const REAL h = p.c.hold[i];
        p.c.fired[i] &= -(FN(flag))(h <= 0);
        p.c.hold[i] = p.c.fired[i] ? FN(of)(count, each, i) : h;
    }
    FN(tell_spikes)(s, at, n, &p.c);
}

void FN(hodgkin_huxley_step)(const snn_neuron_span *s)
{
    FN(run_portions)(s, 0, s->n, FN(hh_portion), NULL);
}

#else
#include <math.h>
#include <sleef.h>

#include "kernel/exp.h"
#include "neuron/model.h"
#include "neuron/refrac.h"

typedef struct hh_args {
    snn_neuron_args group;
    double g_na, g_k, g_leak, e_na, e_k, e_leak, capacitance, thresh_v, refrac_t;
    int64_t substeps;
} hh_args;

typedef struct hh_constants {
    double rest, thresh;        /* mV */
    double g_na, g_k, g_leak;   /* mS/cm2 */
    double e_na, e_k, e_leak;   /* mV */
    double per_c;               /* 1 / capacitance, cm2/uF */
    double m, h, n;             /* the gates at rest */
    double substep, substeps;   /* ms; how many */
    double count;               /* hold after a spike */
} hh_constants;

SNN_DECLARE_EACH(snn_neuron_step_fn, hodgkin_huxley_step);
#define HH(member) offsetof(hh_constants, member)
#define HH_25_10 12.182493960703473 /* exp(25 / 10) */
#define HH_10_10 2.718281828459045
#define HH_30_10 20.085536923187668
#define SNN_EACH_REAL_FILE "neuron/hodgkin_huxley.c"
#include "util/each_real.h"

#ifdef SNN_ONCE
/* By which the voltage during a spike is right to 0.1 mV. */
static const double LONGEST_SUBSTEP = 0.025; /* ms */


static double power(double x) { return Sleef_cinz_expd1_u10purec(x); }

static double linear(double x)
{
    return x == 0 ? 1 : x / -Sleef_cinz_expm1d1_u10purec(-x);
}

static double steady(double up, double down) { return up / (up + down); }

/* The gates at a voltage that stays. */
static void settle_gates(double v, hh_constants *c)
{
    c->m = steady(linear((v + 40) / 10), 4 * power(-(v + 65) / 18));
    c->h = steady(0.07 * power(-(v + 65) / 20), 1 / (1 + power(-(v + 35) / 10)));
    c->n = steady(linear((v + 55) / 10) / 10, power(-(v + 65) / 80) / 8);
}

static double current_at(double v, hh_constants *c)
{
    settle_gates(v, c);
    return c->g_na * c->m * c->m * c->m * c->h * (v - c->e_na) +
           c->g_k * c->n * c->n * c->n * c->n * (v - c->e_k) +
           c->g_leak * (v - c->e_leak);
}

/* The voltage at which no current flows, and the gates there: by bisection, as
   it flows inwards below and outwards above all reversal potentials. */
static void find_rest(hh_constants *c)
{
    double low = fmin(fmin(c->e_na, c->e_k), c->e_leak);
    double high = fmax(fmax(c->e_na, c->e_k), c->e_leak);
    for (double v = 0; v = low + (high - low) / 2, v > low && v < high;) {
        if (current_at(v, c) < 0)
            low = v;
        else
            high = v;
    }
    c->rest = high;
    settle_gates(high, c);
}

static void hh_traits(const void *args, snn_neuron_traits *out)
{
    const hh_args *a = args;
    *out = (snn_neuron_traits){ .refrac_t = a->refrac_t };
}

/* Of a step: nobody waits for more, and they are counted in an int64. */
static const double MOST_SUBSTEPS = 1e9;

static void hh_prepare(const void *args, void *constants)
{
    const hh_args *a = args;
    double dt = a->group.step_time;
    double steps = a->substeps > 0 ? (double)a->substeps
                                   : ceil(dt / LONGEST_SUBSTEP - 0.001);
    if (steps < 1) steps = 1;
    if (steps > MOST_SUBSTEPS) steps = MOST_SUBSTEPS;
    hh_constants *c = constants;
    *c = (hh_constants){
        .thresh = snn_neuron_thresh(a->thresh_v),
        .g_na = a->g_na, .g_k = a->g_k, .g_leak = a->g_leak,
        .e_na = a->e_na, .e_k = a->e_k, .e_leak = a->e_leak,
        .per_c = 1 / a->capacitance,
        .substep = dt / steps,
        .substeps = steps,
        .count = snn_refrac_count(a->refrac_t, dt),
    };
    find_rest(c);
}

#define HH_REAL(member, default_)                                            \
    .name = #member, .type = SNN_REAL, .each = true, SNN_AT(hh_args, member),  \
    .optional = true, .otherwise = (default_)

static const snn_field hh_fields[] = {
    SNN_NEURON_FIELDS(hh_args),
    { HH_REAL(g_na, 120), .unit = "mS/cm2", .range = SNN_NOT_NEGATIVE,
      .example = "120", .other = "100",
      .doc = "greatest conductance of sodium; 0: blocked" },
    { HH_REAL(g_k, 36), .unit = "mS/cm2", .range = SNN_NOT_NEGATIVE,
      .example = "36", .other = "30",
      .doc = "greatest conductance of potassium; 0: blocked" },
    { HH_REAL(g_leak, 0.3), .unit = "mS/cm2", .range = SNN_POSITIVE,
      .example = "0.3", .other = "0.4", .doc = "conductance of the leak" },
    { HH_REAL(e_na, 50), .unit = "mV", .example = "50", .other = "55",
      .doc = "reversal potential of sodium" },
    { HH_REAL(e_k, -77), .unit = "mV", .example = "-77", .other = "-72",
      .doc = "reversal potential of potassium" },
    { HH_REAL(e_leak, -54.387), .unit = "mV", .example = "-54.387",
      .other = "-50", .doc = "reversal potential of the leak" },
    { HH_REAL(capacitance, 1), .unit = "uF/cm2", .range = SNN_POSITIVE,
      .example = "1", .other = "1.5", .doc = "capacitance of the membrane" },
    { HH_REAL(thresh_v, 0), .unit = "mV", .range = SNN_OR_HUGE, .example = "0",
      .other = "-40", .doc = "voltage that a spike comes up to" },
    { HH_REAL(refrac_t, 0), .unit = "ms", .range = SNN_NOT_NEGATIVE,
      .example = "2", .other = "4",
      .doc = "time after a spike in which there is no other, and no input" },
    { .name = "substeps", .type = SNN_COUNT, SNN_AT(hh_args, substeps),
      .range = SNN_NOT_NEGATIVE, .optional = true, .example = "0", .other = "8",
      .doc = "parts of a step; 0: as many as make each at most 0.025 ms" },
    { .name = NULL },
};

static const snn_state_row hh_state[] = {
    { .name = "m", SNN_NEURON_OWN, .begins = HH(m),
      .doc = "how far sodium's channels are activated, 0 to 1" },
    { .name = "h", SNN_NEURON_OWN, .begins = HH(h),
      .doc = "how far sodium's channels are not inactivated, 0 to 1" },
    { .name = "n", SNN_NEURON_OWN, .begins = HH(n),
      .doc = "how far potassium's channels are activated, 0 to 1" },
    { .name = NULL },
};

const snn_neuron_model snn_neuron_hodgkin_huxley = {
    .where = SNN_HERE,
    .name = "HodgkinHuxley",
    .summary = "Neurons with the conductances of the squid's giant axon.",
    .equations =
        "capacitance dV/dt = I - g_na m^3 h (V - e_na) - g_k n^4 (V - e_k) - "
        "g_leak (V - e_leak), I in uA/cm2\n"
        "dx/dt = a (1 - x) - b x for x = m, h, n, per ms, with f(x) = x / (1 - "
        "exp(-x)):\n"
        "m: a = f((V + 40) / 10), b = 4 exp(-(V + 65) / 18)\n"
        "h: a = 0.07 exp(-(V + 65) / 20), b = 1 / (1 + exp(-(V + 35) / 10))\n"
        "n: a = 0.1 f((V + 55) / 10), b = 0.125 exp(-(V + 65) / 80)\n"
        "begins at rest; spike when V comes up to thresh_v, without a reset\n"
        "in the refractory time a neuron does not spike and takes no input, "
        "but V and the gates go on, with and without refrac_lock. With "
        "refrac_input = true the input counts",
    .source = "Hodgkin, Huxley (1952), J. Physiology 117:500, in the units of "
              "Dayan, Abbott (2001), Theoretical Neuroscience, 5.5-5.6",
    .example =
        "local neuron = snn.HodgkinHuxley { shape = 2, step_time = 0.5 }\n"
        "local count = 0\n"
        "for _ = 1, 200 do\n"
        "  count = count + neuron(snn.full({ 1, 2 }, 10)):sum():item()\n"
        "end\n"
        "print(count, \"spikes\")",
    .fields = hh_fields,
    .args_size = sizeof(hh_args),
    .constants_size = sizeof(hh_constants),
    .state = hh_state,
    .traits = hh_traits,
    .prepare = hh_prepare,
    .cost = 20, /* six exponentials, eight at once, and some 60 operations */
    .parts = HH(substeps),
    .step = SNN_EACH(hodgkin_huxley_step),
};
#endif
#endif
