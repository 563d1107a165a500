/* Sums run over k, then l, whatever the parts, in a place of their own per
   output; the columns of the weight are contiguous there. */
#ifdef REAL

static SNN_INLINE REAL FN(conv_times)(REAL value, REAL weight)
{
    REAL product = value * weight;
    return value != 0 && weight != 0 ? product : 0;
}

static void FN(add_events)(const snn_conv *c, int64_t sample, int64_t from,
                           int64_t to)
{
    REAL *sum = (REAL *)c->sum + sample * c->places * c->columns;
    for (int32_t e = c->offset[sample]; e < c->offset[sample + 1]; e++) {
        if (e % OFTEN == 0 && snn_interrupt_wanted()) return;
        int64_t k = c->index[e] / c->places, l = c->index[e] % c->places;
        const REAL *weight = (const REAL *)c->weight + k * c->columns;
        REAL *out = sum + l * c->columns;
        for (int64_t f = from; f < to; f++) out[f] += weight[f];
    }
}

/* A spike of a patch that counts as `worth`, to the filters of its age. */
static SNN_INLINE void FN(add_aged)(const snn_conv *c, int64_t k, int32_t now,
                                    REAL worth, int64_t from, int64_t to,
                                    REAL *restrict out)
{
    const REAL *weight = (const REAL *)c->weight + k * c->columns;
    const REAL *factor =
        c->factor ? (const REAL *)c->factor + k * c->columns : 0;
    const int32_t *age = c->age ? c->age + k * c->columns : 0;
    for (int64_t f = from; f < to; f++) {
        REAL w = factor ? factor[f] * weight[f] : weight[f];
        REAL add = FN(conv_times)(worth, w);
        out[f] += !age || age[f] == now ? add : 0;
    }
}

static void FN(add_steps)(const snn_conv *c, int64_t sample, int64_t from,
                          int64_t to)
{
    const int64_t n = c->rows * c->places;
    REAL *sum = (REAL *)c->sum + sample * c->places * c->columns;
    for (int64_t i = 0; i < c->steps; i++) {
        const snn_conv_step *s = &c->step[i];
        const REAL *worth = s->worth ? (const REAL *)s->worth + sample * n : 0;
        for (int32_t e = s->offset[sample]; e < s->offset[sample + 1]; e++) {
            if (e % OFTEN == 0 && snn_interrupt_wanted()) return;
            int64_t k = s->index[e] / c->places, l = s->index[e] % c->places;
            FN(add_aged)(c, k, s->age, worth ? worth[s->index[e]] : 1, from, to,
                         sum + l * c->columns);
        }
    }
}

static void FN(add_values)(const snn_conv *c, int64_t sample, int64_t from,
                           int64_t to)
{
    int64_t n = c->rows * c->places;
    const REAL *value = (const REAL *)c->value + sample * n;
    REAL *sum = (REAL *)c->sum + sample * c->places * c->columns;
    for (int64_t i = 0; i < n; i++) {
        if (i % OFTEN == 0 && snn_interrupt_wanted()) return;
        if (value[i] == 0) continue;
        const REAL *weight =
            (const REAL *)c->weight + i / c->places * c->columns;
        REAL *out = sum + i % c->places * c->columns;
        for (int64_t f = from; f < to; f++)
            out[f] += FN(conv_times)(value[i], weight[f]);
    }
}

static SNN_INLINE void FN(add_delayed_row)(const snn_conv *c, int64_t i,
                                           int64_t k, int64_t from, int64_t to,
                                           int parts, REAL *out)
{
    const snn_delayed *d = c->delayed;
    int64_t at = k * c->columns;
    const int32_t *age = d->age + at;
    const REAL *weight = (const REAL *)c->weight + at;
    const REAL *value = (const REAL *)d->table[0] + i * d->width;
    const REAL *other =
        parts > 1 ? (const REAL *)d->table[1] + i * d->width : 0;
    const REAL *keep = parts > 0 ? (const REAL *)d->factor[0] + at : 0;
    const REAL *pass = parts > 1 ? (const REAL *)d->factor[1] + at : 0;
    for (int64_t f = from; f < to; f++) {
        REAL v = value[age[f]];
        if (parts > 0) v *= keep[f];
        if (parts > 1) v += FN(conv_times)(pass[f], other[age[f]]);
        out[f] += FN(conv_times)(v, weight[f]);
    }
}

static void FN(add_delayed)(const snn_conv *c, int64_t sample, int64_t from,
                            int64_t to)
{
    const snn_delayed *d = c->delayed;
    int64_t n = c->rows * c->places;
    REAL *sum = (REAL *)c->sum + sample * c->places * c->columns;
    for (int64_t i = 0; i < n; i++) {
        if (i % OFTEN == 0 && snn_interrupt_wanted()) return;
        if (!d->active[sample * n + i]) continue;
        REAL *out = sum + i % c->places * c->columns;
        int64_t k = i / c->places, at = sample * n + i;
        if (!d->factor[0])
            FN(add_delayed_row)(c, at, k, from, to, 0, out);
        else if (!d->table[1])
            FN(add_delayed_row)(c, at, k, from, to, 1, out);
        else
            FN(add_delayed_row)(c, at, k, from, to, 2, out);
    }
}

void FN(snn_conv_part)(const snn_conv *c, int64_t sample, int64_t from,
                       int64_t to)
{
    REAL *sum = (REAL *)c->sum + sample * c->places * c->columns;
    REAL *out = (REAL *)c->out + sample * c->columns * c->places;
    for (int64_t l = 0; l < c->places; l++)
        for (int64_t f = from; f < to; f++) sum[l * c->columns + f] = 0;
    if (c->step)
        FN(add_steps)(c, sample, from, to);
    else if (c->offset)
        FN(add_events)(c, sample, from, to);
    else if (c->value)
        FN(add_values)(c, sample, from, to);
    else
        FN(add_delayed)(c, sample, from, to);
    for (int64_t f = from; f < to; f++)
        for (int64_t l = 0; l < c->places; l++)
            out[f * c->places + l] = sum[l * c->columns + f];
    FN(snn_conv_finish_part)(c, sample, from, to);
}

void FN(snn_conv_finish_part)(const snn_conv *c, int64_t sample, int64_t from,
                              int64_t to)
{
    const REAL gain = (REAL)c->gain, *bias = c->bias;
    for (int64_t f = from; f < to; f++) {
        REAL *out = (REAL *)c->out + (sample * c->columns + f) * c->places;
        for (int64_t l = 0; l < c->places; l++)
            out[l] = out[l] * gain + (bias ? bias[f] : 0);
    }
}

void FN(snn_conv_pair_post_all)(const snn_conv_pair *p)
{
    const REAL scale = (REAL)p->scale;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->rows * p->places;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int64_t f = p->index[e] / p->places, l = p->index[e] % p->places;
            REAL *delta = (REAL *)p->delta + f;
            for (int64_t k = 0; k < p->rows; k++)
                delta[k * p->columns] += scale * trace[k * p->places + l];
        }
    }
}

void FN(snn_conv_pair_pre_all)(const snn_conv_pair *p)
{
    const REAL scale = (REAL)p->scale;
    for (int64_t b = 0; b < p->batch; b++) {
        const REAL *trace = (const REAL *)p->trace + b * p->columns * p->places;
        for (int32_t e = p->offset[b]; e < p->offset[b + 1]; e++) {
            int64_t k = p->index[e] / p->places, l = p->index[e] % p->places;
            REAL *delta = (REAL *)p->delta + k * p->columns;
            for (int64_t f = 0; f < p->columns; f++)
                delta[f] += scale * trace[f * p->places + l];
        }
    }
}

/* The sum and the number of the patches' elements at (y, x) of one channel's
   patches, (kernel places, L). */
static REAL FN(mean_at)(const snn_conv_shape *s, const REAL *in, int64_t y,
                        int64_t x, REAL empty)
{
    REAL sum = 0;
    int64_t count = 0, places = s->out[0] * s->out[1];
    for (int64_t i = 0; i < s->kernel[0]; i++) {
        int64_t oy = output_of(s, 0, y, i);
        if (oy < 0) continue;
        for (int64_t j = 0; j < s->kernel[1]; j++) {
            int64_t ox = output_of(s, 1, x, j);
            if (ox < 0) continue;
            sum += in[(i * s->kernel[1] + j) * places + oy * s->out[1] + ox];
            count++;
        }
    }
    return count > 0 ? sum / (REAL)count : empty;
}

void FN(snn_conv_fold_all)(const snn_conv_fold *f)
{
    const snn_conv_shape *s = f->shape;
    int64_t patch = s->kernel[0] * s->kernel[1] * s->out[0] * s->out[1];
    const REAL *in = f->in;
    REAL *out = f->out;
    for (int64_t c = 0; c < f->batch * s->channels; c++, in += patch)
        for (int64_t y = 0; y < s->height; y++)
            for (int64_t x = 0; x < s->width; x++)
                *out++ = FN(mean_at)(s, in, y, x, (REAL)f->empty);
}

#else

#include "kernel/conv.h"

#include <string.h>

#include "util/interrupt.h"
#include "util/par.h"

/* The output place along a dimension whose patch has the input place `at` as
   its kernel place `k`; -1: none. */
static int64_t output_of(const snn_conv_shape *s, int dim, int64_t at,
                         int64_t k)
{
    int64_t from = at + s->padding[dim] - k * s->dilation[dim];
    if (from < 0 || from % s->stride[dim] != 0) return -1;
    int64_t out = from / s->stride[dim];
    return out < s->out[dim] ? out : -1;
}

enum { OFTEN = 1 << 16 }; /* inputs between two looks for an interrupt */

#define SNN_EACH_REAL_FILE "kernel/conv.c"
#include "util/each_real.h"

#ifdef SNN_ONCE

static snn_conv_fn *const conv_table[SNN_ISAS][2] = SNN_EACH(snn_conv_part);
static snn_conv_fn *const finish_table[SNN_ISAS][2] =
    SNN_EACH(snn_conv_finish_part);
static snn_conv_pair_fn *const post_table[SNN_ISAS][2] =
    SNN_EACH(snn_conv_pair_post_all);
static snn_conv_pair_fn *const pre_table[SNN_ISAS][2] =
    SNN_EACH(snn_conv_pair_pre_all);
static snn_conv_fold_fn *const fold_table[SNN_ISAS][2] =
    SNN_EACH(snn_conv_fold_all);

/* Parts of the shape alone: a sample's columns in blocks, small ones, as each
   column takes all rows. */
enum { COLUMNS_PER_PART = 32 };

typedef struct job {
    const snn_conv *c;
    snn_conv_fn *fn;
    int64_t blocks;
} job;

static void run_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t from = part % j->blocks * COLUMNS_PER_PART;
    int64_t to = from + COLUMNS_PER_PART;
    if (to > j->c->columns) to = j->c->columns;
    j->fn(j->c, part / j->blocks, from, to);
}

static void run(const snn_conv *c, snn_conv_fn *fn, double cost)
{
    int64_t blocks = (c->columns + COLUMNS_PER_PART - 1) / COLUMNS_PER_PART;
    job j = { c, fn, blocks };
    snn_par_attempt(c->batch * blocks, cost, run_part, &j);
}

void snn_conv_run(const snn_conv *c, int is_f64)
{
    double outputs = (double)c->batch * (double)c->places * (double)c->columns;
    double terms = c->offset ? (double)c->offset[c->batch] * (double)c->columns
                             : outputs * (double)c->rows;
    if (c->step) terms = 0;
    for (int64_t i = 0; c->step && i < c->steps; i++)
        terms += (double)c->step[i].offset[c->batch] * (double)c->columns;
    run(c, conv_table[snn_isa()][is_f64], terms / 8 + outputs);
}

void snn_conv_finish(const snn_conv *c, int is_f64)
{
    double outputs = (double)c->batch * (double)c->places * (double)c->columns;
    run(c, finish_table[snn_isa()][is_f64], outputs / 8);
}

void snn_conv_pair_post(const snn_conv_pair *p, int is_f64)
{
    post_table[snn_isa()][is_f64](p);
}

void snn_conv_pair_pre(const snn_conv_pair *p, int is_f64)
{
    pre_table[snn_isa()][is_f64](p);
}

void snn_conv_fold_run(const snn_conv_fold *f, int is_f64)
{
    fold_table[snn_isa()][is_f64](f);
}

/* ---- unfolding ---- */

/* Outputs [*from, *to) of a dimension whose kernel place `k` is inside. */
static void inside(const snn_conv_shape *s, int dim, int64_t k, int64_t *from,
                   int64_t *to)
{
    int64_t size = dim ? s->width : s->height, step = s->stride[dim];
    int64_t first = k * s->dilation[dim] - s->padding[dim];
    int64_t low = first < 0 ? (-first + step - 1) / step : 0;
    int64_t high = first < size ? (size - first + step - 1) / step : 0;
    *to = high < s->out[dim] ? high : s->out[dim];
    *from = low < *to ? low : *to;
}

/* One row of L: kernel place (i, j) of a channel at `in`; `size` is constant. */
static SNN_INLINE void unfold_row(const snn_conv_shape *s, const char *in,
                                  int64_t i, int64_t j, size_t size, char *out)
{
    int64_t top, bottom, left, right, width = s->out[1];
    inside(s, 0, i, &top, &bottom);
    inside(s, 1, j, &left, &right);
    memset(out, 0, (size_t)(s->out[0] * width) * size);
    if (left == right) return;
    for (int64_t oy = top; oy < bottom; oy++) {
        int64_t y = oy * s->stride[0] - s->padding[0] + i * s->dilation[0];
        int64_t x = left * s->stride[1] - s->padding[1] + j * s->dilation[1];
        const char *from = in + (size_t)(y * s->width + x) * size;
        char *to = out + (size_t)(oy * width + left) * size;
        if (s->stride[1] == 1) {
            memcpy(to, from, (size_t)(right - left) * size);
            continue;
        }
        for (int64_t ox = left; ox < right; ox++, to += size) {
            memcpy(to, from, size);
            from += (size_t)s->stride[1] * size;
        }
    }
}

static SNN_INLINE void unfold(const snn_conv_shape *s, int64_t batch,
                              const char *in, size_t size, char *out)
{
    size_t channel = (size_t)(s->height * s->width) * size;
    size_t row = (size_t)(s->out[0] * s->out[1]) * size;
    for (int64_t c = 0; c < batch * s->channels; c++, in += channel)
        for (int64_t i = 0; i < s->kernel[0] && !snn_interrupt_wanted(); i++)
            for (int64_t j = 0; j < s->kernel[1]; j++, out += row)
                unfold_row(s, in, i, j, size, out);
}

void snn_conv_unfold(const snn_conv_shape *shape, int64_t batch, const void *in,
                     size_t size, void *out)
{
    if (size == 1)
        unfold(shape, batch, in, 1, out);
    else if (size == 4)
        unfold(shape, batch, in, 4, out);
    else
        unfold(shape, batch, in, 8, out);
}

#endif
#endif
