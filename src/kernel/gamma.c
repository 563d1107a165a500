/* By the power series of 1 - Q where x is below a + 1, by the continued
   fraction of Q above, which converge in some sqrt(a) terms; for a large `a`
   and x near it by Temme's uniform expansion, whose first two terms are exact
   to 1 / a there.

   Sources: Abramowitz & Stegun 6.5.29 and 6.5.31 (the fraction by Lentz's
   method); Temme (1979), SIAM J. Math. Anal. 10:757. */
#include "kernel/gamma.h"

#include <math.h>
#include <sleef.h>
#include <stdbool.h>

#include "kernel/chance.h"

static const double LARGE = 1e7;   /* `a` from which on Temme's expansion is used */
static const double EPS = 0x1p-53;
static const double TINY = 1e-300; /* stands for 0 in Lentz's method */
static const double PI = 3.14159265358979323846;

/* exp(log) rest is 1 - Q where `is_lower`, else Q. */
typedef struct part {
    bool is_lower;
    double log, rest;
} part;

static part lower_by_series(double a, double x)
{
    double term = 1, sum = 1;
    for (double n = a + 1; term > sum * EPS; n++) {
        term *= x / n;
        sum += term;
    }
    return (part){ true, snn_log_poisson(a, x), sum };
}

static double not_zero(double v) { return fabs(v) < TINY ? TINY : v; }

static part upper_by_fraction(double a, double x)
{
    double b = x + 1 - a, c = 1 / TINY, d = 1 / not_zero(b), h = d, step = 0;
    for (double i = 1; fabs(step - 1) > 2 * EPS && i < LARGE; i++) {
        double factor = -i * (i - a);
        b += 2;
        d = 1 / not_zero(factor * d + b);
        c = not_zero(b + factor / c);
        step = c * d;
        h *= step;
    }
    return (part){ false, snn_log_poisson(a, x), a * h };
}

/* m - log(1 + m), |m| < 1 */
static double log1p_rest(double m)
{
    if (fabs(m) > 0.01) return m - Sleef_cinz_log1pd1_u10purec(m);
    double sum = 0;
    for (int i = 9; i >= 2; i--) sum = 1. / i - sum * m;
    return sum * m * m;
}

static part part_of_large(double a, double x)
{
    double m = (x - a) / a, half_square = log1p_rest(m); /* eta^2 / 2 */
    double eta = copysign(sqrt(2 * half_square), m);
    double c0 = fabs(eta) < 1e-3 ? -1.0 / 3 + eta / 12 : 1 / m - 1 / eta;
    double side = m < 0 ? -1 : 1;
    return (part){ m < 0, -a * half_square,
                   snn_erfcx(sqrt(a * half_square)) / 2 +
                       side * c0 / sqrt(2 * PI * a) };
}

/* Whether Q is a value at an end of the domain. */
static bool is_end(double a, double x, double *q)
{
    if (!(a >= 0 && x >= 0) || (isinf(a) && isinf(x)) || (a == 0 && x == 0))
        *q = NAN;
    else if (isinf(a) || x == 0)
        *q = 1;
    else if (isinf(x) || a == 0)
        *q = 0;
    else
        return false;
    return true;
}

static part part_of(double a, double x)
{
    if (a > LARGE && fabs(x - a) < a / 2) return part_of_large(a, x);
    return x < a + 1 ? lower_by_series(a, x) : upper_by_fraction(a, x);
}

double snn_gamma_upper(double a, double x)
{
    double q;
    if (is_end(a, x, &q)) return q;
    part p = part_of(a, x);
    double some = fmin(Sleef_cinz_expd1_u10purec(p.log) * p.rest, 1);
    return p.is_lower ? 1 - some : some;
}

double snn_log_gamma_upper(double a, double x)
{
    double q;
    if (is_end(a, x, &q)) return Sleef_cinz_logd1_u10purec(q);
    part p = part_of(a, x);
    double log = p.log + Sleef_cinz_logd1_u10purec(p.rest);
    if (!p.is_lower) return fmin(log, 0);
    double lower = fmin(Sleef_cinz_expd1_u10purec(log), 1);
    return Sleef_cinz_log1pd1_u10purec(-lower);
}
