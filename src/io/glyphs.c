/* A digit's strokes (io/strokes.h) are bent by a hand's affine map, cut into
   short lines, and inked by the distance of each pixel to them. A picture is
   a function of the seed and its number alone. */
#include "io/glyphs.h"

#include <math.h>

#include "util/interrupt.h"
#include "util/par.h"
#include "util/rng.h"

enum {
    SIDE = SNN_GLYPH_SIDE,
    PIXELS = SIDE * SIDE,
    STEPS = 6, /* straight pieces between two points of a stroke */
    MOST_LINES = SNN_STYLE_STROKES * SNN_STROKE_POINTS * STEPS,
    BATCH = 16 /* pictures of a part of the parallel loop */
};

static const double BOX = 20;        /* pixels a digit may be wide and high */
static const double COST = 15000;    /* ns a picture takes */
/* streams of random numbers that no other part of the library uses */
static const uint64_t PICTURES = (uint64_t)0x676c << 48;
static const uint64_t ORDER = (uint64_t)0x676d << 48;

typedef struct point {
    double x, y;
} point;

typedef struct line {
    point a, b;
} line;

/* ---- random numbers of one picture ---- */

typedef struct hand {
    snn_rng_key key;
    uint64_t next;     /* word, four to a draw */
    snn_rng_word word;
} hand;

static uint32_t draw(hand *h)
{
    if (h->next % 4 == 0) h->word = snn_rng_draw(h->key, h->next / 4);
    return h->word.v[h->next++ % 4];
}

/* Uniform in [-reach, reach). */
static double spread(hand *h, double reach)
{
    return (snn_rng_unit_f32(draw(h)) * 2.0 - 1.0) * reach;
}

/* 0 .. n - 1 */
static int pick(hand *h, int n)
{
    return (int)((uint64_t)draw(h) * (uint64_t)n >> 32);
}

/* Nearly normal, of variance 1: the sum of four uniform bytes. */
static float normal(hand *h)
{
    uint32_t w = draw(h);
    int sum = (int)((w & 255) + (w >> 8 & 255) + (w >> 16 & 255) + (w >> 24));
    return (float)(sum - 510) * (1.0f / 147.8f); /* sqrt(4 * (256^2 - 1) / 12) */
}

/* ---- strokes to lines ---- */

/* x, y -> a x + b y, c x + d y */
typedef struct affine {
    double a, b, c, d;
} affine;

/* Slant, proportions and turn. The turn is given by the tangent of its half,
   which needs no sine: the same bits everywhere. */
static affine choose_affine(hand *h, double jitter)
{
    double half = spread(h, 0.05 * jitter); /* 6 degrees */
    double cosine = (1 - half * half) / (1 + half * half);
    double sine = 2 * half / (1 + half * half);
    double slant = (0.07 + spread(h, 0.12)) * jitter;
    double wide = 0.85 + spread(h, 0.08 * jitter);
    affine m = { .a = cosine * wide, .b = -cosine * slant - sine,
                 .c = sine * wide, .d = cosine - sine * slant };
    return m;
}

static point place(hand *h, const float at[2], const affine *m, double tremble)
{
    double x = at[0] + spread(h, tremble), y = at[1] + spread(h, tremble);
    return (point){ m->a * x + m->b * y, m->c * x + m->d * y };
}

static double blend(double p, double q, double r, double s, double t)
{
    return 0.5 * (2 * q + t * (r - p + t * (2 * p - 5 * q + 4 * r - s +
                                            t * (3 * (q - r) + s - p))));
}

/* The curve of Catmull and Rom from q to r, whose neighbours are p and s. */
static point on_curve(point p, point q, point r, point s, double t)
{
    return (point){ blend(p.x, q.x, r.x, s.x, t),
                    blend(p.y, q.y, r.y, s.y, t) };
}

static point mirror(point p, point q)
{
    return (point){ 2 * q.x - p.x, 2 * q.y - p.y };
}

/* The smooth curve through n points as lines; returns their number. */
static int flatten(const point *p, int n, bool closed, line *out)
{
    int steps = n == 2 ? 1 : STEPS, count = 0;
    for (int i = 0; i + 1 < n; i++) {
        point before = i > 0 ? p[i - 1] : closed ? p[n - 2] : mirror(p[1], p[0]);
        point after = i + 2 < n ? p[i + 2]
                      : closed  ? p[1]
                                : mirror(p[n - 2], p[n - 1]);
        point from = p[i];
        for (int k = 1; k <= steps; k++) {
            point to = on_curve(before, p[i], p[i + 1], after,
                                (double)k / steps);
            out[count++] = (line){ from, to };
            from = to;
        }
    }
    return count;
}

static int write_digit(hand *h, int digit, double jitter, line *out)
{
    const snn_digit *d = &snn_digits[digit];
    const snn_style *style = &d->style[pick(h, d->styles)];
    affine m = choose_affine(h, jitter);
    int count = 0;
    for (int s = 0; s < SNN_STYLE_STROKES; s++) {
        const snn_stroke *stroke = &style->strokes[s];
        point p[SNN_STROKE_POINTS];
        int n = stroke->points;
        if (n == 0) break;
        for (int i = 0; i < n; i++)
            p[i] = place(h, stroke->at[i], &m, 0.02 * jitter);
        bool closed = n > 2 && stroke->at[0][0] == stroke->at[n - 1][0] &&
                      stroke->at[0][1] == stroke->at[n - 1][1];
        if (closed) p[n - 1] = p[0];
        count += flatten(p, n, closed, out + count);
    }
    return count;
}

/* ---- lines to the picture ---- */

static double length(const line *l)
{
    double x = l->b.x - l->a.x, y = l->b.y - l->a.y;
    return sqrt(x * x + y * y);
}

/* The larger side of the box around the lines. */
static double extent(const line *lines, int count)
{
    double left = lines->a.x, right = left, top = lines->a.y, bottom = top;
    for (int i = 0; i < count; i++) {
        const line *l = &lines[i];
        left = fmin(left, fmin(l->a.x, l->b.x));
        right = fmax(right, fmax(l->a.x, l->b.x));
        top = fmin(top, fmin(l->a.y, l->b.y));
        bottom = fmax(bottom, fmax(l->a.y, l->b.y));
    }
    return fmax(right - left, bottom - top);
}

static point centre_of_mass(const line *lines, int count)
{
    double x = 0, y = 0, whole = 0;
    for (int i = 0; i < count; i++) {
        const line *l = &lines[i];
        double mass = length(l);
        x += mass * (l->a.x + l->b.x) / 2;
        y += mass * (l->a.y + l->b.y) / 2;
        whole += mass;
    }
    return (point){ x / whole, y / whole };
}

/* Makes the box `size` pixels and the centre of mass `centre`. */
static void fit(line *lines, int count, double size, point centre)
{
    double scale = size / extent(lines, count);
    point mass = centre_of_mass(lines, count);
    for (int i = 0; i < count; i++) {
        line *l = &lines[i];
        l->a.x = (l->a.x - mass.x) * scale + centre.x;
        l->a.y = (l->a.y - mass.y) * scale + centre.y;
        l->b.x = (l->b.x - mass.x) * scale + centre.x;
        l->b.y = (l->b.y - mass.y) * scale + centre.y;
    }
}

static float squared_distance(point p, const line *l)
{
    double x = l->b.x - l->a.x, y = l->b.y - l->a.y;
    double px = p.x - l->a.x, py = p.y - l->a.y;
    double square = x * x + y * y;
    double t = square > 0 ? (px * x + py * y) / square : 0;
    t = t < 0 ? 0 : t > 1 ? 1 : t;
    px -= t * x;
    py -= t * y;
    return (float)(px * px + py * py);
}

static int clip(double v)
{
    return v < 0 ? 0 : v > SIDE - 1 ? SIDE - 1 : (int)v;
}

/* Lowers near[pixel] to the line's squared distance, where that is at most
   `reach`. */
static void approach(const line *l, double reach, float near[PIXELS])
{
    int left = clip(fmin(l->a.x, l->b.x) - reach);
    int right = clip(fmax(l->a.x, l->b.x) + reach);
    int top = clip(fmin(l->a.y, l->b.y) - reach);
    int bottom = clip(fmax(l->a.y, l->b.y) + reach);
    for (int y = top; y <= bottom; y++) {
        for (int x = left; x <= right; x++) {
            float d = squared_distance((point){ x + 0.5, y + 0.5 }, l);
            if (d < near[y * SIDE + x]) near[y * SIDE + x] = d;
        }
    }
}

/* Ink within `radius` of a line, with an edge one pixel soft. */
static void ink(const line *lines, int count, double radius, float *out)
{
    float near[PIXELS];
    for (int i = 0; i < PIXELS; i++) near[i] = SIDE * SIDE;
    for (int i = 0; i < count; i++) approach(&lines[i], radius + 0.5, near);
    for (int i = 0; i < PIXELS; i++) {
        float cover = (float)radius + 0.5f - sqrtf(near[i]);
        out[i] = cover < 0 ? 0 : cover > 1 ? 1 : cover;
    }
}

static void add_noise(hand *h, float deviation, float *out)
{
    for (int i = 0; i < PIXELS; i++) {
        float v = out[i] + deviation * normal(h);
        out[i] = v < 0 ? 0 : v > 1 ? 1 : v;
    }
}

static void draw_glyph(const snn_glyph_options *o, int64_t i, int digit,
                       float *out)
{
    line lines[MOST_LINES];
    hand h = { .key = { o->seed, PICTURES + (uint64_t)i } };
    int count = write_digit(&h, digit, o->jitter, lines);
    double radius = 1.25 + spread(&h, 0.17 * o->jitter);
    double size = BOX - 2 * radius - 1 + spread(&h, 0.55 * o->jitter);
    point centre = { SIDE / 2.0 + spread(&h, 0.38 * o->jitter),
                     SIDE / 2.0 + spread(&h, 0.38 * o->jitter) };
    fit(lines, count, size, centre);
    ink(lines, count, radius, out);
    if (o->noise > 0) add_noise(&h, (float)o->noise, out);
}

/* ---- the set ---- */

/* Each run of `count` labels is a shuffle of its own. */
static void choose_labels(const snn_glyph_options *o, int64_t *labels)
{
    int deck[SNN_DIGITS];
    for (int64_t i = 0; i < o->n; i++) {
        int at = (int)(i % o->count);
        if (at == 0) {
            hand h = { .key = { o->seed, ORDER + (uint64_t)i } };
            for (int k = 0; k < o->count; k++) {
                int j = pick(&h, k + 1);
                deck[k] = deck[j];
                deck[j] = o->digits[k];
            }
        }
        labels[i] = deck[at] + 1;
    }
}

typedef struct sheet {
    const snn_glyph_options *options;
    const int64_t *labels;
    float *images;
} sheet;

static void draw_batch(void *context, int64_t part)
{
    const sheet *s = context;
    int64_t end = (part + 1) * BATCH;
    if (end > s->options->n) end = s->options->n;
    for (int64_t i = part * BATCH; i < end; i++)
        draw_glyph(s->options, i, (int)s->labels[i] - 1,
                   s->images + i * PIXELS);
}

snn_status snn_glyphs_draw(const snn_glyph_options *options, snn_fail *fail,
                           snn_tensor *images, snn_tensor *labels)
{
    snn_shape many = { .ndim = 3, .size = { options->n, SIDE, SIDE } };
    snn_shape one = { .ndim = 1, .size = { options->n } };
    *labels = SNN_NO_TENSOR;
    snn_status status =
        snn_tensor_new(&many, SNN_FLOAT32, "glyphs", fail, images);
    if (status) return status;
    status = snn_tensor_new(&one, SNN_INT64, "glyphs", fail, labels);
    if (status) {
        snn_tensor_clear(images);
        return status;
    }
    sheet s = { options, snn_tensor_edit(labels, false),
                snn_tensor_edit(images, false) };
    choose_labels(options, snn_tensor_edit(labels, true));
    snn_par_attempt((options->n + BATCH - 1) / BATCH,
                    (double)options->n * COST, draw_batch, &s);
    status = snn_interrupt_check("glyphs", fail);
    if (status) {
        snn_tensor_clear(images);
        snn_tensor_clear(labels);
    }
    return status;
}
