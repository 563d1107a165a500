/* printf and strtod follow the locale in nothing but the point: digits are
   taken from "%e", whose point is passed over, and read back as whole numbers
   with an exponent, "12345e-9". */
#include "util/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Any number of so many decimal digits survives a double (float): the shortest
   text of a normal number has either at most these or is found above. */
enum { SURE_DOUBLE = 15, SURE_SINGLE = 6, MOST_DOUBLE = 17, MOST_SINGLE = 9 };
static const double LEAST_DOUBLE = 2.2250738585072014e-308; /* normal */
static const double LEAST_SINGLE = 1.1754943508222875e-38;

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

/* `v` rounded to `count` digits. */
static void round_to(double v, int count, snn_decimal *out)
{
    char text[64];
    snprintf(text, sizeof text, "%.*e", count - 1, v);
    const char *at = text;
    for (out->count = 0; *at != 'e'; at++)
        if (is_digit(*at)) out->digit[out->count++] = *at;
    out->exponent = (int)strtol(at + 1, NULL, 10);
    while (out->count > 1 && out->digit[out->count - 1] == '0') out->count--;
    out->digit[out->count] = 0;
}

static bool reads_back(const snn_decimal *d, double v, bool is_single)
{
    char text[64];
    snprintf(text, sizeof text, "%s%se%d", d->is_negative ? "-" : "", d->digit,
             d->exponent - (d->count - 1));
    return is_single ? strtof(text, NULL) == (float)v : strtod(text, NULL) == v;
}

/* The next number of `count` digits away from 0. */
static void step_up(snn_decimal *d, int count)
{
    for (; d->count < count; d->count++) d->digit[d->count] = '0';
    int i = count - 1;
    for (; i >= 0 && d->digit[i] == '9'; i--) d->digit[i] = '0';
    if (i >= 0) {
        d->digit[i]++;
    } else {
        d->digit[0] = '1';
        d->exponent++;
    }
    d->digit[count] = 0;
}

/* With `count` digits. Above a power of two numbers are twice as far apart as
   below it: what is rounded down may miss where the next one up does not. */
static bool try_count(double v, bool is_single, int count, snn_decimal *out)
{
    int exponent;
    round_to(v, count, out);
    if (reads_back(out, v, is_single)) return true;
    if (fabs(frexp(v, &exponent)) > 0.5) return false;
    step_up(out, count);
    return reads_back(out, v, is_single);
}

void snn_decimal_of(double v, bool is_single, snn_decimal *out)
{
    int most = is_single ? MOST_SINGLE : MOST_DOUBLE;
    int count = is_single ? SURE_SINGLE : SURE_DOUBLE;
    if (fabs(v) < (is_single ? LEAST_SINGLE : LEAST_DOUBLE)) count = 1;
    out->is_negative = signbit(v) != 0;
    while (count < most && !try_count(v, is_single, count, out)) count++;
    if (count == most) round_to(v, most, out);
}

/* ---- texts ---- */

/* Powers of ten that are written out: 1e-4 to below 1e16. */
enum { LEAST_PLAIN = -4, MOST_PLAIN = 15 };

static void add(snn_number *n, const char *text, int count)
{
    size_t used = strlen(n->text);
    for (int i = 0; i < count && used + 1 < sizeof n->text; i++)
        n->text[used++] = text[i];
    n->text[used] = 0;
}

static void add_zeros(snn_number *n, int count)
{
    for (; count > 0; count--) add(n, "0", 1);
}

/* Digits around the point. */
static void add_plain(snn_number *n, const snn_decimal *d)
{
    int whole = d->exponent + 1, of_whole = whole < d->count ? whole : d->count;
    if (whole <= 0) {
        add(n, "0.", 2);
        add_zeros(n, -whole);
        add(n, d->digit, d->count);
        return;
    }
    add(n, d->digit, of_whole);
    add_zeros(n, whole - d->count);
    if (d->count <= whole) return;
    add(n, ".", 1);
    add(n, d->digit + whole, d->count - whole);
}

static void add_power(snn_number *n, const snn_decimal *d)
{
    char power[16];
    add(n, d->digit, 1);
    if (d->count > 1) add(n, ".", 1);
    add(n, d->digit + 1, d->count - 1);
    int length = snprintf(power, sizeof power, "e%+03d", d->exponent);
    add(n, power, length);
}

static snn_number lay_out(const snn_decimal *d)
{
    snn_number n = { "" };
    if (d->is_negative) add(&n, "-", 1);
    if (d->exponent >= LEAST_PLAIN && d->exponent <= MOST_PLAIN)
        add_plain(&n, d);
    else
        add_power(&n, d);
    return n;
}

static snn_number no_number(double v)
{
    if (isnan(v)) return (snn_number){ "nan" };
    if (v < 0) return (snn_number){ "-inf" };
    return (snn_number){ "inf" };
}

static snn_number shortest(double v, bool is_single)
{
    if (!isfinite(v)) return no_number(v);
    snn_decimal d;
    snn_decimal_of(v, is_single, &d);
    return lay_out(&d);
}

snn_number snn_real(double v) { return shortest(v, false); }

snn_number snn_single(float v) { return shortest((double)v, true); }

snn_number snn_rounded(double v, int digits)
{
    if (!isfinite(v)) return no_number(v);
    snn_decimal d = { .is_negative = signbit(v) != 0 };
    round_to(v, digits, &d);
    return lay_out(&d);
}

snn_number snn_fixed(double v, int decimals)
{
    char text[48];
    snn_number n = { "" };
    if (!(fabs(v) < 1e15)) return snn_real(v);
    int length = snprintf(text, sizeof text, "%.*f", decimals, v);
    int whole = text[0] == '-';
    while (is_digit(text[whole])) whole++;
    add(&n, text, whole);
    if (decimals > 0) add(&n, ".", 1);
    add(&n, text + length - decimals, decimals);
    return n;
}
