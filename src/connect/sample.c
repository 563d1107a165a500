/* Skips of single chances are geometric. Different places are Vitter's methods
   A and D (1987, "An efficient algorithm for sequential random sampling"): how
   many places are passed over before the next is drawn from its distribution, by
   rejection where few of many are chosen and one by one where many are. Places
   with repetition are the order statistics of uniform numbers: of k numbers in
   [0, w) the greatest is w u^(1/k). */
#include "connect/sample.h"

#include <math.h>
#include <sleef.h>

static double power(double x, double y) { return Sleef_cinz_powd1_u10purec(x, y); }

/* ---- each with its chance ---- */

snn_chances snn_chances_of(double p)
{
    snn_chances c = { .none = !(p > 0), .all = p >= 1, .p = p };
    if (!c.none && !c.all) c.scale = 1 / Sleef_cinz_log1pd1_u10purec(-p);
    return c;
}

int64_t snn_chances_skip(const snn_chances *c, snn_uniforms *u, int64_t limit)
{
    if (c->all) return 0;
    if (c->none || limit == 0) return limit;
    double x = 1 - snn_uniforms_next(u); /* (0, 1], exact */
    double skip = Sleef_cinz_logd1_u10purec(x) * c->scale;
    return skip < (double)limit ? (int64_t)skip : limit;
}

/* ---- n of them ---- */

snn_choice snn_choice_of(int64_t n, int64_t of, bool repeats)
{
    return (snn_choice){ .repeats = repeats, .left = n, .of = of, .v = 1 };
}

/* Ascending: 1 - (what is left of 1). */
static int64_t next_repeated(snn_choice *c, snn_uniforms *u)
{
    c->v *= power(1 - snn_uniforms_next(u), 1 / (double)c->left--);
    int64_t at = (int64_t)((1 - c->v) * (double)c->of);
    return at < c->of ? at : c->of - 1;
}

/* Method A: the distribution of the skip, summed up term by term. */
static int64_t skip_summed(const snn_choice *c, snn_uniforms *u)
{
    double v = 1 - snn_uniforms_next(u), of = (double)c->of;
    double top = of - (double)c->left, beyond = top / of;
    int64_t skip = 0;
    while (beyond > v && top > 0) {
        skip++;
        top -= 1;
        of -= 1;
        beyond *= top / of;
    }
    return skip;
}

/* Whether the skip of x stands, by its exact distribution: f(s) <= c g(x). */
static bool stands(const snn_choice *c, int64_t skip, double x, double y1)
{
    double n = (double)c->left, of = (double)c->of, s = (double)skip;
    double bottom = n - 1 > s ? of - n : of - s - 1;
    double limit = n - 1 > s ? of - s : of - n + 1, y2 = 1;
    for (double top = of - 1; top >= limit; top -= 1, bottom -= 1)
        y2 *= top / bottom;
    return of / (of - x) >= y1 * power(y2, 1 / (n - 1));
}

/* Method D, left > 1; leaves the v of the next skip. */
static int64_t skip_rejected(snn_choice *c, snn_uniforms *u)
{
    double n = (double)c->left, of = (double)c->of, most = of - n + 1;
    if (!c->is_ready) c->v = power(1 - snn_uniforms_next(u), 1 / n);
    for (;;) {
        double x = of * (1 - c->v), s = floor(x);
        while (!(s < most)) {
            c->v = power(1 - snn_uniforms_next(u), 1 / n);
            x = of * (1 - c->v);
            s = floor(x);
        }
        double y1 = power((1 - snn_uniforms_next(u)) * of / most, 1 / (n - 1));
        c->v = y1 * (1 - x / of) * (most / (most - s));
        c->is_ready = true;
        if (c->v <= 1) return (int64_t)s;
        if (stands(c, (int64_t)s, x, y1)) {
            c->v = power(1 - snn_uniforms_next(u), 1 / (n - 1));
            return (int64_t)s;
        }
        c->v = power(1 - snn_uniforms_next(u), 1 / n);
    }
}

/* Rejection pays where one of so many places is chosen (Vitter's alpha). */
enum { SPARSE = 13 };

static int64_t skip_next(snn_choice *c, snn_uniforms *u)
{
    if (c->left == 1) {
        if (!c->is_ready) c->v = 1 - snn_uniforms_next(u);
        int64_t skip = (int64_t)((double)c->of * (1 - c->v));
        return skip < c->of ? skip : c->of - 1;
    }
    if (c->of / c->left >= SPARSE) return skip_rejected(c, u);
    c->is_ready = false;
    return skip_summed(c, u);
}

int64_t snn_choice_next(snn_choice *c, snn_uniforms *u)
{
    if (c->repeats) return next_repeated(c, u);
    int64_t skip = skip_next(c, u), at = c->at + skip;
    c->at = at + 1;
    c->of -= skip + 1;
    c->left--;
    return at;
}
