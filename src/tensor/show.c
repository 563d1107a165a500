/* Two passes over the entries shown: one finds the format that serves them
   all, one writes. */
#include "tensor/show.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "util/number.h"

enum {
    MOST_SHOWN = 1000, /* elements without "..." */
    EDGE = 3,          /* entries at each end of a dimension */
    LINE = 79,         /* columns of a line where nobody says how wide it is */
    NARROWEST = 20,    /* what one has at least */
    ENTRY = 48 /* bytes: "-9223372036854775808", "-1.7976931348623157e+308",
                  and "-1000000.", decimals and blanks fit */
};
static const double LARGE = 1e8, LARGE_FRACTION = 1e6, SMALL = 1e-3;
/* Decimals from which on powers of ten are written: three more than a number
   just below 1 needs. */
enum { MOST_DECIMALS_F32 = 12, MOST_DECIMALS_F64 = 20 };

static const char OPENING[] = "tensor(";

typedef struct show {
    const snn_tensor *t;
    int64_t edge;    /* entries at each end; 0: all */
    int decimals;    /* of real numbers, of their first factors with powers */
    bool has_powers; /* 1.25e-07 */
    int width;         /* of an entry */
    int line;          /* columns */
    bool keeps_ending; /* on the last line */
    char *text;
    size_t size, used;
    int column;
} show;

/* ---- which entries ---- */

/* Entries written for a dimension of size n, the "..." not among them. */
static int64_t shown(const show *s, int64_t n)
{
    return s->edge > 0 && n > 2 * s->edge ? 2 * s->edge : n;
}

/* The i-th of them. */
static int64_t place(const show *s, int64_t n, int64_t i)
{
    return shown(s, n) < n && i >= s->edge ? n - 2 * s->edge + i : i;
}

static int64_t count_shown(const show *s)
{
    int64_t count = 1;
    for (int i = 0; i < s->t->shape.ndim; i++)
        count *= shown(s, s->t->shape.size[i]);
    return count;
}

static void choose_edge(show *s)
{
    if (snn_tensor_count(s->t) <= MOST_SHOWN) return;
    s->edge = EDGE;
    while (s->edge > 1 && count_shown(s) > MOST_SHOWN) s->edge--;
}

/* ---- format ---- */

static double real_at(const snn_tensor *t, int64_t at)
{
    return t->dtype == SNN_FLOAT64 ? snn_tensor_f64(t)[at]
                                   : (double)snn_tensor_f32(t)[at];
}

static void digits_of(const show *s, double v, snn_decimal *d)
{
    snn_decimal_of(v, s->t->dtype == SNN_FLOAT32, d);
}

/* Digit i from the first one on, a filler outside of those there are. */
static char digit(const snn_decimal *d, int i, char filler)
{
    return i >= 0 && i < d->count ? d->digit[i] : filler;
}

/* All digits with a point behind the first one, and the power of ten. */
static int print_power(const show *s, const snn_decimal *d, char *text)
{
    int n = 0;
    text[n++] = d->digit[0];
    text[n++] = '.';
    for (int i = 1; i <= s->decimals; i++) text[n++] = digit(d, i, '0');
    return n + snprintf(text + n, 8, "e%+03d", d->exponent);
}

/* All digits around the point; blanks where other entries have decimals. */
static int print_plain(const show *s, const snn_decimal *d, char *text)
{
    int n = 0, at = d->exponent < 0 ? d->exponent : 0;
    for (; at <= d->exponent; at++) text[n++] = digit(d, at, '0');
    text[n++] = '.';
    for (int i = 0; i < s->decimals; i++, at++)
        text[n++] = digit(d, at, at < d->count ? '0' : ' ');
    return n;
}

/* The entry's text but for blanks in front; returns its length. */
static int print_real(const show *s, double v, char text[ENTRY])
{
    if (!isfinite(v)) return snprintf(text, ENTRY, "%s", snn_real(v).text);
    snn_decimal d;
    digits_of(s, v, &d);
    int n = 0;
    if (d.is_negative) text[n++] = '-';
    n += (s->has_powers ? print_power : print_plain)(s, &d, text + n);
    text[n] = 0;
    return n;
}

static int print_entry(const show *s, int64_t at, char text[ENTRY])
{
    const snn_tensor *t = s->t;
    if (t->dtype == SNN_BOOL)
        return snprintf(text, ENTRY, "%s",
                        snn_tensor_bool(t)[at] ? "true" : "false");
    if (t->dtype == SNN_INT64)
        return snprintf(text, ENTRY, "%" PRId64, snn_tensor_i64(t)[at]);
    return print_real(s, real_at(t, at), text);
}

/* What decides about the format, of the entries shown. */
typedef struct range {
    double most; /* absolute, finite */
    int decimals, digits;
} range;

static void see_number(const show *s, range *r, double v)
{
    if (!isfinite(v)) return;
    snn_decimal d;
    digits_of(s, v, &d);
    int decimals = d.count - 1 - d.exponent;
    if (fabs(v) > r->most) r->most = fabs(v);
    if (decimals > r->decimals) r->decimals = decimals;
    if (d.count > r->digits) r->digits = d.count;
}

static void see_numbers(const show *s, int dim, int64_t at, range *r)
{
    const snn_tensor *t = s->t;
    if (dim == t->shape.ndim) {
        see_number(s, r, real_at(t, at));
        return;
    }
    int64_t n = t->shape.size[dim];
    for (int64_t i = 0; i < shown(s, n); i++)
        see_numbers(s, dim + 1, at + place(s, n, i) * t->stride[dim], r);
}

static void see_widths(show *s, int dim, int64_t at)
{
    const snn_tensor *t = s->t;
    if (dim == t->shape.ndim) {
        char text[ENTRY];
        int width = print_entry(s, at, text);
        if (width > s->width) s->width = width;
        return;
    }
    int64_t n = t->shape.size[dim];
    for (int64_t i = 0; i < shown(s, n); i++)
        see_widths(s, dim + 1, at + place(s, n, i) * t->stride[dim]);
}

static void choose_format(show *s)
{
    range r = { .digits = 1 };
    if (snn_dtype_is_real(s->t->dtype)) see_numbers(s, 0, 0, &r);
    bool is_fraction = r.decimals > 0;
    int most = s->t->dtype == SNN_FLOAT32 ? MOST_DECIMALS_F32 : MOST_DECIMALS_F64;
    s->has_powers = r.decimals > most ||
                    r.most >= (is_fraction ? LARGE_FRACTION : LARGE) ||
                    (is_fraction && r.most < SMALL);
    s->decimals = s->has_powers ? r.digits - 1 : r.decimals;
    see_widths(s, 0, 0);
}

/* ---- writing ---- */

static void put(show *s, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i < n && s->used + i < s->size; i++)
        s->text[s->used + i] = text[i];
    s->used += n;
    s->column += (int)n;
}

/* A new line, at the column of the lists `depth` deep. */
static void break_line(show *s, int depth)
{
    put(s, "\n");
    s->column = 0;
    for (size_t i = 0; i < sizeof OPENING - 1 + (size_t)depth; i++) put(s, " ");
}

static void put_entry(show *s, int64_t at)
{
    char text[ENTRY], padded[2 * ENTRY];
    print_entry(s, at, text);
    snprintf(padded, sizeof padded, "%*s", s->width, text);
    put(s, padded);
}

/* Between two entries of a list: a space in a row, lines between rows, one
   more between the blocks of each further dimension. */
static void separate(show *s, int dim, int next_width)
{
    put(s, ",");
    int below = s->t->shape.ndim - 1 - dim;
    if (below > 0) {
        for (int i = 1; i < below; i++) put(s, "\n");
        break_line(s, dim + 1);
    } else if (s->column + 1 + next_width > s->line - 2) {
        break_line(s, dim + 1);
    } else {
        put(s, " ");
    }
}

static void put_list(show *s, int dim, int64_t at)
{
    const snn_tensor *t = s->t;
    if (dim == t->shape.ndim) {
        put_entry(s, at);
        return;
    }
    int64_t n = t->shape.size[dim];
    put(s, "[");
    for (int64_t i = 0; i < shown(s, n); i++) {
        if (i > 0) separate(s, dim, s->width);
        if (i == s->edge && shown(s, n) < n) {
            put(s, "...");
            separate(s, dim, s->width);
        }
        put_list(s, dim + 1, at + place(s, n, i) * t->stride[dim]);
    }
    put(s, "]");
}

/* Shape and type, on a line of their own where the last one has no room. */
static void put_ending(show *s)
{
    char text[32 * SNN_MAX_DIMS + 64];
    const snn_shape *shape = &s->t->shape;
    int n = snprintf(text, sizeof text, "shape={");
    for (int i = 0; i < shape->ndim; i++)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s%" PRId64,
                      i ? ", " : "", shape->size[i]);
    n += snprintf(text + n, sizeof text - (size_t)n, "}, dtype=%s)",
                  snn_dtype_name(s->t->dtype));
    put(s, ",");
    if (!s->keeps_ending && s->column + 1 + n > s->line)
        break_line(s, 0);
    else
        put(s, " ");
    put(s, text);
}

size_t snn_tensor_show(const snn_tensor *t, int columns, char *text, size_t size)
{
    show s = { .t = t, .text = text, .size = size };
    s.line = columns > NARROWEST ? columns - 1 : columns ? NARROWEST : LINE;
    s.keeps_ending = columns == 0;
    put(&s, OPENING);
    if (snn_tensor_count(t) == 0) {
        put(&s, "[]");
    } else {
        choose_edge(&s);
        choose_format(&s);
        put_list(&s, 0, 0);
    }
    put_ending(&s);
    return s.used;
}
