/* A probability near 0 is kept as its leading factor's logarithm plus that of
   the rest, one near 1 as 1 less its complement.

   Sources: Abramowitz & Stegun 7.1.23 (erfc far out); Loader (2000), Fast and
   accurate computation of binomial probabilities (the saddle point form of
   x log(x / m) + m - x and of Stirling's error). */
#include "kernel/chance.h"

#include <math.h>
#include <sleef.h>

static const double HALF_LOG_TAU = 0.91893853320467274178; /* log(2 pi) / 2 */
static const double SQRT_HALF = 0.70710678118654752440;
static const double FAR_OUT = 10;   /* from here on erfc by its series */
static const double STIRLING = 15;  /* and lgamma by Stirling's */

static double ln(double x) { return Sleef_cinz_logd1_u10purec(x); }
static double ln1p(double x) { return Sleef_cinz_log1pd1_u10purec(x); }

double snn_erfcx(double t)
{
    double square = t * t;
    if (t < FAR_OUT)
        return Sleef_cinz_expd1_u10purec(square) *
               Sleef_cinz_erfcd1_u15purec(t);
    double term = 1, sum = 1; /* 1 - 1/(2 t^2) + 1 3/(2 t^2)^2 - ... */
    for (int i = 1; i <= 15; i += 2) {
        term *= -i / (2 * square);
        sum += term;
    }
    return sum / t * 0.56418958354775628695; /* 1 / sqrt(pi) */
}

double snn_log_ndtr(double z)
{
    double t = -z * SQRT_HALF;
    if (z > 0) return ln1p(-Sleef_cinz_erfcd1_u15purec(-t) / 2);
    if (isinf(z)) return -INFINITY;
    return ln(snn_erfcx(t) / 2) - z * z / 2;
}

/* k log(k / m) + m - k */
static double deviance(double k, double m)
{
    if (fabs(k - m) >= 0.1 * k + 0.1 * m) {
        double ratio = k / m;
        double log_ratio =
            ratio > 0 && !isinf(ratio) ? ln(ratio) : ln(k) - ln(m);
        return k * (log_ratio - 1) + m;
    }
    double v = (k - m) / 2 / (k / 2 + m / 2), sum = (k - m) * v, last = -1;
    double term = 2 * k * v;
    for (int i = 3; sum != last; i += 2) {
        last = sum;
        term *= v * v;
        sum += term / i;
    }
    return sum;
}

/* lgamma(k + 1) - (k + 1/2) log(k) + k - log(2 pi) / 2 */
static double stirling_error(double k)
{
    double s = 1 / k / k;
    double small = (1. / 1260 - (1. / 1680 - s / 1188) * s) * s;
    return (1. / 12 - (1. / 360 - small) * s) / k;
}

double snn_log_poisson(double k, double rate)
{
    if (isnan(k) || !(rate >= 0)) return NAN;
    if (k < 0 || isinf(k)) return isinf(k) && isinf(rate) ? NAN : -INFINITY;
    if (k == 0) return -rate;
    if (rate == 0 || isinf(rate)) return -INFINITY;
    if (k < STIRLING)
        return k * ln(rate) - rate - Sleef_cinz_lgammad1_u10purec(k + 1);
    return -stirling_error(k) - deviance(k, rate) - ln(k) / 2 - HALF_LOG_TAU;
}
