/* By the power series of 1 - Q where x is below a + 1, by the continued
   fraction of Q above, which converge in some sqrt(a) terms; for a large `a`
   by Temme's uniform expansion, whose first two terms are exact to 1 / a there.

   Sources: Abramowitz & Stegun 6.5.29 and 6.5.31 (the fraction by Lentz's
   method); Temme (1979), SIAM J. Math. Anal. 10:757. */
#include "kernel/gamma.h"

#include <math.h>
#include <sleef.h>

static const double LARGE = 1e7;   /* `a` from which on Temme's expansion is used */
static const double EPS = 0x1p-53;
static const double TINY = 1e-300; /* stands for 0 in Lentz's method */
static const double PI = 3.14159265358979323846;

/* x^a exp(-x) / Gamma(a + 1) */
static double front(double a, double x)
{
    double log_x = Sleef_cinz_logd1_u10purec(x);
    double log_gamma = Sleef_cinz_lgammad1_u10purec(a + 1);
    return Sleef_cinz_expd1_u10purec(a * log_x - x - log_gamma);
}

static double lower_by_series(double a, double x)
{
    double term = 1, sum = 1;
    for (double n = a + 1; term > sum * EPS; n++) {
        term *= x / n;
        sum += term;
    }
    return front(a, x) * sum;
}

static double not_zero(double v) { return fabs(v) < TINY ? TINY : v; }

static double upper_by_fraction(double a, double x)
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
    return front(a, x) * a * h;
}

static double upper_of_large(double a, double x)
{
    double m = (x - a) / a; /* -1 .. */
    double half_square = m - Sleef_cinz_log1pd1_u10purec(m); /* eta^2 / 2 */
    double eta = copysign(sqrt(2 * fmax(half_square, 0)), m);
    double c0 = fabs(eta) < 1e-3 ? -1.0 / 3 + eta / 12 : 1 / m - 1 / eta;
    double bell = Sleef_cinz_expd1_u10purec(-a * half_square);
    double tail = Sleef_cinz_erfcd1_u15purec(eta * sqrt(a / 2)) / 2;
    return fmin(fmax(tail + bell * c0 / sqrt(2 * PI * a), 0), 1);
}

double snn_gamma_upper(double a, double x)
{
    if (!(a >= 0 && x >= 0)) return NAN;
    if (isinf(a)) return isinf(x) ? NAN : 1;
    if (a == 0) return x > 0 ? 0 : NAN;
    if (x == 0) return 1;
    if (isinf(x)) return 0;
    if (a > LARGE) return upper_of_large(a, x);
    if (x < a + 1) return fmax(1 - lower_by_series(a, x), 0);
    return fmin(upper_by_fraction(a, x), 1);
}
