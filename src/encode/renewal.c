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
#include "tensor/spikes.h"
#include "util/par.h"
#include "util/pool.h"

enum {
    LANES = SNN_ENCODER_LANES,
    WINDOW = 256,   /* steps */
    SPILL = 8,      /* rows for what is behind the window, several so that
                       writes do not wait for each other */
    DRAW = 4,       /* intervals of one draw of random words */
    VECTOR = 16,    /* what snn_encoder_model.intervals counts in */
    PART = 8        /* blocks of one part of the work */
};

#define LAST (UINT64_C(1) << (LANES - 1))

/* Where the lanes of a block are in a step's tensor: apart from the rest, as
   it is all that a step looks at. */
typedef struct places {
    int64_t first;
    uint16_t behind[LANES]; /* the first */
    uint64_t starts;        /* lanes that begin another sample */
    int64_t sample;         /* of lane 0 */
} places;

typedef struct block {
    int lanes; /* in use */
    uint64_t draws[LANES];
    double scale[LANES];
    double time[LANES];
    double step[DRAW][LANES]; /* whole numbers */
} block;

struct snn_renewal {
    const snn_encoder_model *model;
    snn_encoder_args args;
    snn_rng_key key;
    snn_shape shape;  /* of a step */
    int64_t elements; /* of it */
    int64_t columns;  /* elements of a sample */
    int64_t step;     /* to come */
    int64_t end;      /* of the window */
    size_t bytes;
    int64_t count;    /* of blocks */
    block *blocks;    /* behind the struct, as are: */
    uint64_t *fired;  /* (WINDOW, count): bit i: lane i of the block spikes */
    places *places;   /* (count) */
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
static void draw(const snn_renewal *r, int64_t at, const uint8_t *lanes, int n,
                 int padded, double *steps)
{
    block *b = r->blocks + at;
    const places *p = r->places + at;
    uint64_t index[LANES] = { 0 };
    double scale[LANES] = { 0 }, time[LANES] = { 0 }, next[LANES] = { 0 };
    for (int i = 0; i < n; i++) {
        int l = lanes[i];
        uint64_t input = (uint64_t)p->first + p->behind[l];
        index[i] = (b->draws[l]++ << SNN_ENCODER_INPUT_BITS) + input;
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

static void fill_block(const snn_renewal *r, int64_t i)
{
    const block *b = r->blocks + i;
    uint8_t lanes[LANES];
    int32_t row[DRAW * LANES];
    uint64_t fired[WINDOW + SPILL] = { 0 };
    double begin = (double)(r->end - WINDOW), steps[DRAW * LANES];
    int n = b->lanes;
    for (int l = 0; l < n; l++) lanes[l] = (uint8_t)l;
    if (begin > 0) {
        rows_of(b->step[0], LANES, begin, row);
        n = note(fired, row, LANES, lanes, n);
    }
    while (n > 0) {
        int padded = (n + VECTOR - 1) / VECTOR * VECTOR;
        draw(r, i, lanes, n, padded, steps);
        rows_of(steps, padded, begin, row);
        n = note(fired, row, padded, lanes, n);
    }
    for (int64_t k = 0; k < WINDOW; k++) r->fired[k * r->count + i] = fired[k];
}

static void fill_part(void *context, int64_t part)
{
    const snn_renewal *r = context;
    int64_t i = part * PART, end = i + PART;
    for (; i < end && i < r->count; i++) fill_block(r, i);
}

static void fill_window(snn_renewal *r)
{
    double ns = 6000; /* of a block in a window, at 100 Hz and 1 ms */
    r->end += WINDOW;
    snn_par_run((r->count + PART - 1) / PART, ns * (double)r->count, fill_part,
                r);
}

/* ---- steps ---- */

/* The words of the step to come. */
static const uint64_t *fired_now(snn_renewal *r)
{
    if (r->step == r->end) fill_window(r);
    return r->fired + r->step % WINDOW * r->count;
}

void snn_renewal_write(snn_renewal *r, uint8_t *out)
{
    const uint64_t *fired = fired_now(r);
    memset(out, 0, (size_t)r->elements);
    for (int64_t i = 0; i < r->count; i++) {
        const places *p = r->places + i;
        for (uint64_t w = fired[i]; w; w &= w - 1)
            out[p->first + p->behind[__builtin_ctzll(w)]] = 1;
    }
    r->step++;
}

/* The list of a step's events, which grows in the order of the places. */
typedef struct list {
    snn_events *events;
    int64_t sample, count; /* sample that it is at */
} list;

static void go_to(list *to, int64_t sample)
{
    while (to->sample < sample)
        to->events->offset[++to->sample] = (int32_t)to->count;
}

/* How many lanes spike is random: as in kernel/scan.c, some places are always
   written, so that most words need no branch. */
static void put(list *to, const snn_renewal *r, const places *p, uint64_t lanes)
{
    int64_t first = p->first - to->sample * r->columns;
    int32_t *out = to->events->index + to->count;
    uint64_t w = lanes;
    for (int k = 0; k < SNN_SPIKES_SLACK; k++, w &= w - 1)
        out[k] = (int32_t)(first + p->behind[__builtin_ctzll(w | LAST)]);
    for (int k = SNN_SPIKES_SLACK; w; k++, w &= w - 1)
        out[k] = (int32_t)(first + p->behind[__builtin_ctzll(w)]);
    to->count += __builtin_popcountll(lanes);
}

/* What whoever asks for the events would have to look for in the bytes. */
static void list_events(const snn_renewal *r, const uint64_t *fired, list *to)
{
    to->events->offset[0] = 0;
    for (int64_t i = 0; i < r->count; i++) {
        const places *p = r->places + i;
        uint64_t lanes = fired[i];
        go_to(to, p->sample);
        for (uint64_t starts = p->starts; starts; starts &= starts - 1) {
            int l = __builtin_ctzll(starts);
            uint64_t before = (UINT64_C(1) << l) - 1;
            put(to, r, p, lanes & before);
            lanes &= ~before;
            go_to(to, (p->first + p->behind[l]) / r->columns);
        }
        put(to, r, p, lanes);
    }
    go_to(to, to->events->rows);
}

static void write_events(const snn_events *events, uint8_t *out)
{
    memset(out, 0, (size_t)(events->rows * events->columns));
    for (int64_t b = 0; b < events->rows; b++, out += events->columns)
        for (int32_t e = events->offset[b]; e < events->offset[b + 1]; e++)
            out[events->index[e]] = 1;
}

snn_status snn_renewal_next(snn_renewal *r, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (r->step == r->args.steps) return SNN_OK;
    snn_status status =
        snn_tensor_new(&r->shape, SNN_BOOL, r->model->name, fail, out);
    if (status) return status;
    const uint64_t *fired = fired_now(r);
    uint8_t *bytes = snn_tensor_edit(out, false);
    int64_t count = 0;
    for (int64_t i = 0; i < r->count; i++)
        count += __builtin_popcountll(fired[i]);
    list to = { .events = snn_spikes_room(out, count) };
    if (!to.events) {
        snn_renewal_write(r, bytes);
        return SNN_OK;
    }
    list_events(r, fired, &to);
    write_events(to.events, bytes);
    r->step++;
    return SNN_OK;
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

/* The block that takes an input at this place: a new one when the last is full
   or begins too far off. */
static int64_t block_for(snn_renewal *r, int64_t place)
{
    int64_t last = r->count - 1;
    if (last >= 0 && r->blocks[last].lanes < LANES &&
        place - r->places[last].first <= UINT16_MAX)
        return last;
    r->places[r->count].first = place;
    r->places[r->count].starts = 0;
    r->places[r->count].sample = place / r->columns;
    r->blocks[r->count].lanes = 0;
    return r->count++;
}

static void place_lanes(snn_renewal *r, const double *x)
{
    int64_t sample = -1; /* of the lane before */
    for (int64_t i = 0; i < r->elements; i++) {
        double scale = x[i] > 0 ? r->model->scale(&r->args, x[i]) : INFINITY;
        if (!isfinite(scale)) continue;
        int64_t at = block_for(r, i);
        block *b = r->blocks + at;
        int l = b->lanes++;
        r->places[at].behind[l] = (uint16_t)(i - r->places[at].first);
        if (l > 0 && i / r->columns != sample)
            r->places[at].starts |= UINT64_C(1) << l;
        sample = i / r->columns;
        b->draws[l] = 0;
        b->scale[l] = scale;
        b->time[l] = r->model->begin;
        b->step[DRAW - 1][l] = -1;
    }
}

static snn_status make(const snn_encoder *encoder, const snn_tensor *values,
                       snn_fail *fail, snn_renewal **out)
{
    int64_t active, elements = snn_tensor_count(values);
    snn_status status = check_values(encoder, values, fail, &active);
    if (status) return status;
    int64_t rows = values->shape.ndim > 0 ? values->shape.size[0] : 1;
    int64_t columns = rows > 0 ? elements / rows : 0;
    /* no overflow: `values` is in memory, and a lane is 12 float64 */
    size_t blocks = (size_t)(active / LANES + elements / UINT16_MAX + 1);
    size_t each = sizeof(block) + WINDOW * sizeof(uint64_t) + sizeof(places);
    size_t bytes = sizeof(snn_renewal) + blocks * each;
    snn_renewal *r = snn_pool_take(bytes);
    if (!r) return snn_fail_memory(fail, encoder->model->name, bytes);
    *r = (snn_renewal){ .model = encoder->model, .args = encoder->args,
                        .key = snn_rng_next(), .shape = values->shape,
                        .elements = elements,
                        .columns = columns > 0 ? columns : 1, .bytes = bytes,
                        .blocks = (block *)(void *)(r + 1) };
    r->fired = (uint64_t *)(void *)(r->blocks + blocks);
    r->places = (places *)(void *)(r->fired + blocks * WINDOW);
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
