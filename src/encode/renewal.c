/* Renewal processes step by step: inputs that can spike are kept in blocks of
   lanes (encode/trains.h), and a step visits the bits of its row of the window. */
#include "encode/renewal.h"

#include <math.h>
#include <string.h>

#include "encode/trains.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"
#include "util/pool.h"

enum { LANES = SNN_ENCODER_LANES, WINDOW = SNN_TRAIN_WINDOW, PORTION = 256 };

typedef struct renewal {
    snn_train train;
    snn_trains trains; /* its arrays, and the arguments, are behind the struct */
} renewal;

/* ---- steps ---- */

/* The words of the step to come. */
static const uint64_t *fired_now(renewal *r)
{
    if (r->train.step == r->trains.end) snn_trains_fill(&r->trains);
    return r->trains.fired + r->train.step % WINDOW * r->trains.count;
}

static void renewal_write(snn_train *train, void *to)
{
    renewal *r = (renewal *)train;
    const uint64_t *fired = fired_now(r);
    uint8_t *out = to;
    memset(out, 0, (size_t)train->elements);
    for (int64_t i = 0; i < r->trains.count; i++) {
        const snn_train_places *p = r->trains.places + i;
        for (uint64_t w = fired[i]; w; w &= w - 1)
            out[p->first + p->behind[__builtin_ctzll(w)]] = 1;
    }
    train->step++;
}

/* With the list, which whoever asks for the events would have to look for in
   the bytes. */
static snn_status renewal_next(snn_train *train, snn_fail *fail,
                               snn_tensor *out)
{
    renewal *r = (renewal *)train;
    snn_status status =
        snn_tensor_new(&train->shape, SNN_BOOL, train->model->name, fail, out);
    if (status) return status;
    const uint64_t *fired = fired_now(r);
    uint8_t *bytes = snn_tensor_edit(out, false);
    snn_events *events =
        snn_spikes_room(out, snn_trains_count(&r->trains, fired));
    if (!events) {
        renewal_write(train, bytes);
        return SNN_OK;
    }
    snn_trains_list(&r->trains, fired, events, bytes);
    train->step++;
    return SNN_OK;
}

/* What is random is drawn window by window. */
static void renewal_skip(snn_train *train, int64_t step)
{
    renewal *r = (renewal *)train;
    while (r->trains.end < step && !snn_interrupt_wanted())
        snn_trains_fill(&r->trains);
    train->step = step;
}

/* ---- beginning ---- */

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
    b->time[l] = t->law->begin;
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
    t->law->scale(t->args, active, count, scale);
    for (int i = 0; i < count; i++)
        if (isfinite(scale[i])) place_lane(t, place + at[i], sample, scale[i]);
}

/* Ends where an interrupt is wanted: who begins a train looks. */
static void place_lanes(renewal *r, const double *x)
{
    for (int64_t i = 0, sample = 0; i < r->train.elements && !snn_interrupt_wanted();
         sample++) {
        int64_t end = i + r->train.columns;
        for (int n; i < end && !snn_interrupt_wanted(); i += n) {
            n = end - i < PORTION ? (int)(end - i) : PORTION;
            place_portion(&r->trains, x + i, n, i, sample);
        }
    }
}

static int64_t count_active(const double *x, int64_t n)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n; i++) count += x[i] > 0;
    return count;
}

static snn_status renewal_begin(const snn_encoder_model *model,
                                const void *args, const snn_tensor *intensities,
                                snn_dtype given, snn_fail *fail,
                                snn_train **out)
{
    (void)given;
    const double *x = snn_tensor_f64(intensities);
    snn_train train = snn_train_of(model, args, intensities);
    int64_t active = count_active(x, train.elements);
    /* no overflow: the intensities are in memory, and a lane is 12 float64 */
    size_t blocks = (size_t)(active / LANES + train.elements / UINT16_MAX + 1);
    size_t each = sizeof(snn_train_block) + sizeof(snn_train_places) +
                  WINDOW * sizeof(uint64_t);
    train.bytes = sizeof(renewal) + blocks * each + model->args_size;
    renewal *r = snn_pool_take(train.bytes);
    if (!r) return snn_fail_memory(fail, model->name, train.bytes);
    r->train = train;
    r->trains = (snn_trains){ .law = model->law, .steps = train.steps,
                              .key = snn_rng_next(),
                              .blocks = (snn_train_block *)(void *)(r + 1) };
    r->trains.places = (snn_train_places *)(void *)(r->trains.blocks + blocks);
    r->trains.fired = (uint64_t *)(void *)(r->trains.places + blocks);
    void *copy = r->trains.fired + blocks * WINDOW;
    r->trains.args = memcpy(copy, args, model->args_size);
    place_lanes(r, x);
    snn_status status = snn_interrupt_check(model->name, fail);
    if (status)
        snn_pool_give(r);
    else
        *out = &r->train;
    return status;
}

static void renewal_free(snn_train *train)
{
    snn_pool_give(train);
}

const snn_encoder_process snn_renewals = {
    .begin = renewal_begin,
    .next = renewal_next,
    .write = renewal_write,
    .skip = renewal_skip,
    .free = renewal_free,
};
