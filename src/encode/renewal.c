/* Spike trains step by step. Inputs that can spike are kept in blocks of 64
   lanes. For a window of steps each block notes its spikes as a matrix of
   bits, a row of 64 lanes for each step; a step then visits the bits of its
   row. Spikes are drawn four at a time and for many lanes together, so that
   random numbers, logarithms and sums are made in vectors; which lanes spike
   how often is random, so that branches on it would cost more than the work:
   all four steps of a draw are noted, those behind the window in rows that
   nobody reads, and again when their window comes.

   Invariant: a lane has made draws 0 .. draws - 1; `time` is the sum of all
   their intervals, in steps, and `step` the steps of the last draw's four
   spikes, the last of them not before the window's end. */
#include <math.h>
#include <string.h>

#include "encode/encoder.h"
#include "tensor/copy.h"
#include "util/par.h"
#include "util/pool.h"

enum {
    LANES = SNN_ENCODER_LANES,
    WINDOW = 256,   /* steps */
    SPILL = 8,      /* rows for what is behind the window, several so that
                       writes do not wait for each other */
    DRAW = 4,       /* intervals of one draw of random words */
    VECTOR = 16,    /* what snn_encoder_model.intervals counts in */
    PART = 8,       /* blocks of one part of the work */
    INPUT_BITS = 36 /* of the index of a draw; the others count draws */
};

typedef struct block {
    uint64_t fired[WINDOW + SPILL]; /* bit i of row s: lane i spikes in step s */
    int64_t input[LANES];           /* place in a step's tensor */
    uint64_t draws[LANES];
    double scale[LANES];
    double time[LANES];
    double step[DRAW][LANES];       /* whole numbers */
} block;

struct snn_renewal {
    const snn_encoder_model *model;
    snn_encoder_args args;
    snn_rng_key key;
    snn_shape shape; /* of a step */
    int64_t count;   /* its elements */
    int64_t active;  /* lanes in use */
    int64_t step;    /* to come */
    int64_t end;     /* of the window that the blocks hold */
    size_t bytes;
    block *blocks;   /* behind the struct */
};

/* ---- filling a window ---- */

/* t >= 0 without its fraction; in vectors on every processor. */
static inline double whole(double t)
{
    double r = t + 0x1p52 - 0x1p52;
    return r > t ? r - 1 : r;
}

/* Four intervals each for n inputs (4, n) become the steps of their ends; time
   and next (n) go on. */
static void add_up(double *restrict intervals, int n, double *restrict time,
                   double *restrict next)
{
    for (int k = 0; k < DRAW; k++, intervals += n) {
        for (int i = 0; i < n; i++) {
            double t = time[i] + intervals[i], step = whole(t);
            step = step < next[i] ? next[i] : step;
            intervals[i] = step;
            time[i] = t;
            next[i] = step + 1;
        }
    }
}

/* The rows of a window for steps (4, n), those of others to spill. */
static void rows_of(const double *restrict step, int n, double begin,
                    int32_t *restrict row)
{
    for (int i = 0; i < DRAW * n; i++) {
        double spill = WINDOW + i % SPILL, s = step[i] - begin;
        s = s < 0 ? spill : s;
        row[i] = (int32_t)(s < spill ? s : spill);
    }
}

/* Draws the next four spikes of n lanes. */
static void draw(const snn_renewal *r, block *b, const uint8_t *lanes, int n,
                 int padded, double *steps)
{
    uint64_t index[LANES] = { 0 };
    double scale[LANES] = { 0 }, time[LANES] = { 0 }, next[LANES] = { 0 };
    for (int i = 0; i < n; i++) {
        int l = lanes[i];
        index[i] = (b->draws[l]++ << INPUT_BITS) + (uint64_t)b->input[l];
        scale[i] = b->scale[l];
        time[i] = b->time[l];
        next[i] = b->step[DRAW - 1][l] + 1;
    }
    r->model->intervals(&r->args, r->key, index, scale, padded, steps);
    add_up(steps, padded, time, next);
    for (int i = 0; i < n; i++) {
        int l = lanes[i];
        for (int k = 0; k < DRAW; k++) b->step[k][l] = steps[k * padded + i];
        b->time[l] = time[i];
    }
}

/* Notes the spikes of n lanes in their rows (4, padded); keeps in `lanes`
   those which must draw again, and returns their number. */
static int note(uint64_t fired[WINDOW + SPILL], const int32_t *row, int padded,
                uint8_t *lanes, int n)
{
    int dry = 0;
    for (int i = 0; i < n; i++) {
        uint64_t bit = UINT64_C(1) << lanes[i];
        for (int k = 0; k < DRAW; k++) fired[row[k * padded + i]] |= bit;
        lanes[dry] = lanes[i];
        dry += row[(DRAW - 1) * padded + i] < WINDOW;
    }
    return dry;
}

static void fill_block(const snn_renewal *r, block *b, int n)
{
    uint8_t lanes[LANES];
    int32_t row[DRAW * LANES];
    double begin = (double)(r->end - WINDOW), steps[DRAW * LANES];
    memset(b->fired, 0, sizeof b->fired);
    for (int i = 0; i < n; i++) lanes[i] = (uint8_t)i;
    if (begin > 0) {
        rows_of(b->step[0], LANES, begin, row);
        n = note(b->fired, row, LANES, lanes, n);
    }
    while (n > 0) {
        int padded = (n + VECTOR - 1) / VECTOR * VECTOR;
        draw(r, b, lanes, n, padded, steps);
        rows_of(steps, padded, begin, row);
        n = note(b->fired, row, padded, lanes, n);
    }
}

static void fill_part(void *context, int64_t part)
{
    const snn_renewal *r = context;
    int64_t i = part * PART, end = i + PART;
    for (; i < end && i * LANES < r->active; i++) {
        int64_t left = r->active - i * LANES;
        fill_block(r, r->blocks + i, left < LANES ? (int)left : LANES);
    }
}

static void fill_window(snn_renewal *r)
{
    double ns = 100; /* of a lane in a window, at 100 Hz and 1 ms */
    r->end += WINDOW;
    snn_par_run((r->active + LANES * PART - 1) / (LANES * PART),
                ns * (double)r->active, fill_part, r);
}

/* ---- steps ---- */

void snn_renewal_write(snn_renewal *r, uint8_t *out)
{
    if (r->step == r->end) fill_window(r);
    memset(out, 0, (size_t)r->count);
    int64_t row = r->step % WINDOW;
    for (int64_t i = 0; i * LANES < r->active; i++) {
        const int64_t *input = r->blocks[i].input;
        for (uint64_t w = r->blocks[i].fired[row]; w; w &= w - 1)
            out[input[__builtin_ctzll(w)]] = 1;
    }
    r->step++;
}

snn_status snn_renewal_next(snn_renewal *r, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (r->step == r->args.steps) return SNN_OK;
    snn_status status =
        snn_tensor_new(&r->shape, SNN_BOOL, r->model->name, fail, out);
    if (!status) snn_renewal_write(r, snn_tensor_edit(out, false));
    return status;
}

/* ---- beginning ---- */

static snn_status bad_value(const snn_encoder *encoder, const snn_shape *shape,
                            int64_t at, double value, snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    snn_shape place = *shape;
    for (int d = shape->ndim - 1; d >= 0; d--) {
        place.size[d] = at % shape->size[d] + 1;
        at /= shape->size[d];
    }
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: intensities must be from 0 to 1, got %.9g at %s",
                        encoder->model->name, isnan(value) ? NAN : value,
                        snn_shape_text(&place, text));
}

/* Counts the inputs that may spike. */
static snn_status check_values(const snn_encoder *encoder,
                               const snn_tensor *values, snn_fail *fail,
                               int64_t *active)
{
    const double *x = snn_tensor_f64(values);
    int64_t n = snn_tensor_count(values);
    *active = 0;
    for (int64_t i = 0; i < n; i++) {
        if (!(x[i] >= 0 && x[i] <= 1))
            return bad_value(encoder, &values->shape, i, x[i], fail);
        *active += x[i] > 0;
    }
    return SNN_OK;
}

static void place_lanes(snn_renewal *r, const double *x)
{
    for (int64_t i = 0; i < r->count; i++) {
        double scale = x[i] > 0 ? r->model->scale(&r->args, x[i]) : INFINITY;
        if (!isfinite(scale)) continue;
        block *b = r->blocks + r->active / LANES;
        int64_t l = r->active++ % LANES;
        b->input[l] = i;
        b->draws[l] = 0;
        b->scale[l] = scale;
        b->time[l] = 0;
        b->step[DRAW - 1][l] = -1;
    }
}

static snn_status make(const snn_encoder *encoder, const snn_tensor *values,
                       snn_fail *fail, snn_renewal **out)
{
    int64_t active;
    snn_status status = check_values(encoder, values, fail, &active);
    if (status) return status;
    /* no overflow: `values` is in memory, and a lane is 12 float64 */
    size_t blocks = (size_t)(active + LANES - 1) / LANES;
    size_t bytes = sizeof(snn_renewal) + blocks * sizeof(block);
    snn_renewal *r = snn_pool_take(bytes);
    if (!r) return snn_fail_memory(fail, encoder->model->name, bytes);
    *r = (snn_renewal){ .model = encoder->model, .args = encoder->args,
                        .key = snn_rng_next(), .shape = values->shape,
                        .count = snn_tensor_count(values), .bytes = bytes,
                        .blocks = (block *)(void *)(r + 1) };
    place_lanes(r, snn_tensor_f64(values));
    *out = r;
    return SNN_OK;
}

snn_status snn_renewal_new(const snn_encoder *encoder, const snn_tensor *input,
                           snn_fail *fail, snn_renewal **out)
{
    if (input->shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: intensities have %d dimensions, at most %d",
                            encoder->model->name, SNN_MAX_DIMS,
                            SNN_MAX_DIMS - 1);
    snn_tensor values;
    snn_status status = snn_tensor_to(input, SNN_FLOAT64, fail, &values);
    if (status) return status;
    status = make(encoder, &values, fail, out);
    snn_tensor_clear(&values);
    return status;
}

void snn_renewal_free(snn_renewal *r)
{
    snn_pool_give(r);
}

size_t snn_renewal_bytes(const snn_renewal *r)
{
    return r->bytes;
}
