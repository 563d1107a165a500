/* Spike trains step by step: inputs that can spike are kept in blocks of lanes
   (encode/trains.h), and a step visits the bits of its row of the window. */
#include <math.h>
#include <string.h>

#include "encode/trains.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/number.h"
#include "util/pool.h"

enum { LANES = SNN_ENCODER_LANES, WINDOW = SNN_TRAIN_WINDOW, PORTION = 256 };

struct snn_renewal {
    snn_trains trains; /* its arrays are behind the struct */
    snn_shape shape;   /* of a step */
    int64_t elements;  /* of it */
    int64_t columns;   /* elements of a sample */
    int64_t step;      /* to come */
    size_t bytes;
};

/* ---- steps ---- */

/* The words of the step to come. */
static const uint64_t *fired_now(snn_renewal *r)
{
    if (r->step == r->trains.end) snn_trains_fill(&r->trains);
    return r->trains.fired + r->step % WINDOW * r->trains.count;
}

void snn_renewal_write(snn_renewal *r, uint8_t *out)
{
    const uint64_t *fired = fired_now(r);
    memset(out, 0, (size_t)r->elements);
    for (int64_t i = 0; i < r->trains.count; i++) {
        const snn_train_places *p = r->trains.places + i;
        for (uint64_t w = fired[i]; w; w &= w - 1)
            out[p->first + p->behind[__builtin_ctzll(w)]] = 1;
    }
    r->step++;
}

/* With the list, which whoever asks for the events would have to look for in
   the bytes. */
snn_status snn_renewal_next(snn_renewal *r, snn_fail *fail, snn_tensor *out)
{
    const snn_trains *t = &r->trains;
    *out = SNN_NO_TENSOR;
    if (r->step == t->args.steps) return SNN_OK;
    snn_status status =
        snn_tensor_new(&r->shape, SNN_BOOL, t->model->name, fail, out);
    if (status) return status;
    const uint64_t *fired = fired_now(r);
    uint8_t *bytes = snn_tensor_edit(out, false);
    snn_events *events = snn_spikes_room(out, snn_trains_count(t, fired));
    if (!events) {
        snn_renewal_write(r, bytes);
        return SNN_OK;
    }
    snn_trains_list(t, fired, events, bytes);
    r->step++;
    return SNN_OK;
}

/* ---- beginning ---- */

static snn_status bad_value(const snn_encoder *encoder, const snn_shape *shape,
                            int64_t at, snn_number value,
                            snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    snn_shape place = *shape;
    for (int d = shape->ndim - 1; d >= 0; d--) {
        place.size[d] = at % shape->size[d] + 1;
        at /= shape->size[d];
    }
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: intensities must be from 0 to 1, got %s at %s",
                        encoder->model->name, value.text,
                        snn_tuple_text(&place, text));
}

/* Counts the inputs that may spike; they were given as a dtype. */
static snn_status check_values(const snn_encoder *encoder,
                               const snn_tensor *values, snn_dtype given,
                               snn_fail *fail, int64_t *active)
{
    const double *x = snn_tensor_f64(values);
    int64_t n = snn_tensor_count(values), count = 0, good = 0;
    for (int64_t i = 0; i < n; i++) {
        count += x[i] > 0;
        good += (x[i] >= 0) & (x[i] <= 1);
    }
    *active = count;
    if (good == n) return SNN_OK;
    int64_t at = 0;
    while (x[at] >= 0 && x[at] <= 1) at++;
    snn_number value =
        given == SNN_FLOAT32 ? snn_single((float)x[at]) : snn_real(x[at]);
    return bad_value(encoder, &values->shape, at, value, fail);
}

/* The block that takes an input at this place: a new one when the last is full
   or begins too far off. */
static int64_t block_for(snn_trains *t, int64_t place, int64_t sample)
{
    int64_t last = t->count - 1;
    if (last >= 0 && t->blocks[last].lanes < LANES &&
        place - t->places[last].first <= UINT16_MAX)
        return last;
    t->blocks[t->count] = (snn_train_block){ .lanes = 0 };
    t->places[t->count] = (snn_train_places){ .first = place,
                                              .sample = sample,
                                              .last = sample };
    return t->count++;
}

static void place_lane(snn_trains *t, int64_t place, int64_t sample,
                       double scale)
{
    int64_t at = block_for(t, place, sample);
    snn_train_places *p = t->places + at;
    snn_train_block *b = t->blocks + at;
    int l = b->lanes++;
    if (sample != p->last) p->starts |= UINT64_C(1) << l;
    p->last = sample;
    p->behind[l] = (uint16_t)(place - p->first);
    b->index[l] = (uint64_t)place;
    b->scale[l] = scale;
    b->time[l] = t->model->begin;
    b->step[SNN_TRAIN_DRAW - 1][l] = -1;
}

/* n <= PORTION inputs of a sample, from this place on. */
static void place_portion(snn_trains *t, const double *x, int n, int64_t place,
                          int64_t sample)
{
    double active[PORTION], scale[PORTION];
    int16_t at[PORTION];
    int count = 0;
    for (int i = 0; i < n; i++) {
        active[count] = x[i];
        at[count] = (int16_t)i;
        count += x[i] > 0;
    }
    if (count == 0) return;
    t->model->scale(&t->args, active, count, scale);
    for (int i = 0; i < count; i++)
        if (isfinite(scale[i])) place_lane(t, place + at[i], sample, scale[i]);
}

static void place_lanes(snn_renewal *r, const double *x)
{
    for (int64_t i = 0, sample = 0; i < r->elements; sample++) {
        int64_t end = i + r->columns;
        for (int n; i < end; i += n) {
            n = end - i < PORTION ? (int)(end - i) : PORTION;
            place_portion(&r->trains, x + i, n, i, sample);
        }
    }
}

static snn_status make(const snn_encoder *encoder, const snn_tensor *values,
                       snn_dtype given, snn_fail *fail, snn_renewal **out)
{
    int64_t active, elements = snn_tensor_count(values);
    snn_status status = check_values(encoder, values, given, fail, &active);
    if (status) return status;
    int64_t rows = values->shape.ndim > 0 ? values->shape.size[0] : 1;
    int64_t columns = rows > 0 ? elements / rows : 0;
    /* no overflow: `values` is in memory, and a lane is 12 float64 */
    size_t blocks = (size_t)(active / LANES + elements / UINT16_MAX + 1);
    size_t each = sizeof(snn_train_block) + sizeof(snn_train_places) +
                  WINDOW * sizeof(uint64_t);
    size_t bytes = sizeof(snn_renewal) + blocks * each;
    snn_renewal *r = snn_pool_take(bytes);
    if (!r) return snn_fail_memory(fail, encoder->model->name, bytes);
    *r = (snn_renewal){ .shape = values->shape, .elements = elements,
                        .columns = columns > 0 ? columns : 1, .bytes = bytes };
    r->trains = (snn_trains){ .model = encoder->model, .args = encoder->args,
                              .key = snn_rng_next(),
                              .blocks = (snn_train_block *)(void *)(r + 1) };
    r->trains.places = (snn_train_places *)(void *)(r->trains.blocks + blocks);
    r->trains.fired = (uint64_t *)(void *)(r->trains.places + blocks);
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
    status = make(encoder, &values, input->dtype, fail, out);
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
