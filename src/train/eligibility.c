/* A step adds to rows and columns of `kept`, of its spikes alone; reading,
   restoring and lending multiply by the scale. Room for a step's events is
   made in `prepare`, so that the step itself cannot fail. */
#include "train/eligibility.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "formula/decay.h"
#include "kernel/nonzero.h"
#include "kernel/weighted_sum.h"
#include "tensor/copy.h"
#include "train/pairing.h"
#include "update/layout.h"
#include "util/bits.h"
#include "util/mem.h"
#include "util/par.h"
#include "util/pool.h"

/* Below it a scale gives to the elements. Float32 elements of at most 2^111
   stay finite, and their products with a scale are not denormal. */
static const double LEAST_SCALE = 0x1p-16;
/* An element that gets closer to 0 is 0: float32, float64. Further factors would
   make it subnormal, which processors are slow with. */
static const double LEAST_ELEMENT[] = { 0x1p-94, 0x1p-990 };
static const double LEAST_NORMAL[] = { 0x1p-126, 0x1p-1022 };

/* Calls until sums are lent again after one had to be copied: a copy is then a
   hundredth of the calls' work at most. */
enum { PATIENCE = 100 };

/* ---- life ---- */

snn_eligibility *snn_eligibility_new(const snn_connection *connection)
{
    snn_eligibility *e = snn_mem_zeroed(sizeof *e);
    if (!e) return NULL;
    static const char *const names[SNN_ELIGS] = { "elig_post", "elig_pre" };
    for (int i = 0; i < SNN_ELIGS; i++)
        e->side[i] = (snn_eligible){ .name = names[i], .scale = 1,
                                     .connection = connection };
    return e;
}

void snn_eligible_clear(snn_eligible *side)
{
    snn_tensor_clear(&side->kept);
    snn_tensor_clear(&side->total);
    snn_tensor_clear(&side->next);
    side->scale = 1;
    side->age = 0;
}

snn_status snn_eligible_snapshot_take(const snn_eligible *side,
                                      snn_eligible_snapshot *out,
                                      snn_fail *fail)
{
    *out = (snn_eligible_snapshot){ .scale = side->scale, .age = side->age };
    snn_status status = SNN_OK;
    if (!snn_tensor_is_empty(&side->kept))
        status = snn_tensor_share(&side->kept, false, fail, &out->kept);
    if (!status && !snn_tensor_is_empty(&side->total))
        status = snn_tensor_share(&side->total, false, fail, &out->total);
    if (status) snn_eligible_snapshot_drop(out);
    return status;
}

void snn_eligible_snapshot_restore(snn_eligible *side, snn_eligible_snapshot *s)
{
    snn_tensor_clear(&side->next);
    snn_tensor_move(&s->kept, &side->kept);
    snn_tensor_move(&s->total, &side->total);
    side->scale = s->scale;
    side->age = s->age;
}

void snn_eligible_snapshot_drop(snn_eligible_snapshot *s)
{
    snn_tensor_clear(&s->kept);
    snn_tensor_clear(&s->total);
}

void snn_eligibility_clear(snn_eligibility *e)
{
    for (int i = 0; i < SNN_ELIGS; i++) snn_eligible_clear(&e->side[i]);
}

void snn_eligibility_free(snn_eligibility *e)
{
    if (!e) return;
    snn_eligibility_clear(e);
    snn_mem_free(e->memory);
    snn_mem_free(e);
}

snn_eligible *snn_eligibility_find(snn_eligibility *e, const char *name)
{
    for (int i = 0; e && i < SNN_ELIGS; i++)
        if (strcmp(e->side[i].name, name) == 0) return &e->side[i];
    return NULL;
}

bool snn_eligibility_has_events(const snn_connection *connection)
{
    return !snn_connection_is_delayed(connection) ||
           connection->model->pairs_each;
}

bool snn_eligible_may_lend(snn_eligible *side)
{
    if (side->patience == 0) return true;
    side->patience--;
    return false;
}

/* ---- elements ---- */

static bool is_f64(const snn_eligible *side)
{
    return snn_connection_common(side->connection)->dtype == SNN_FLOAT64;
}

/* Elements of a sample. */
static int64_t size_of(const snn_eligible *side)
{
    const snn_param *weight = &side->connection->weight;
    return snn_param_count(weight);
}

static snn_layout layout_of_one(const snn_eligible *side)
{
    const snn_param *weight = &side->connection->weight;
    return snn_layout_of(&weight->value, weight->rows, weight->columns,
                         weight->pattern);
}

/* (B, weight...): one memory of the weight's after the other. */
static snn_layout layout_of(const snn_eligible *side, int64_t batch)
{
    const snn_param *weight = &side->connection->weight;
    snn_layout layout = layout_of_one(side);
    layout.shape = snn_shape_prepend(batch, &weight->value.shape);
    layout.stride[0] = size_of(side);
    memcpy(layout.stride + 1, weight->value.stride,
           (size_t)weight->value.shape.ndim * sizeof *layout.stride);
    return layout;
}

/* Of so many samples, and of the weight's elements, which may be others by now. */
static bool is_of(const snn_eligible *side, const snn_tensor *t, int64_t batch)
{
    return !snn_tensor_is_empty(t) && t->shape.size[0] == batch &&
           snn_tensor_count(t) == batch * size_of(side);
}

/* The bytes are its own, to write. */
static snn_status take_back(snn_eligible *side, snn_tensor *t, snn_fail *fail)
{
    if (t->storage->block->holders > 1) side->patience = PATIENCE;
    if (snn_tensor_edit(t, true)) return SNN_OK;
    return snn_fail_memory(fail, side->name, snn_tensor_bytes(t));
}

static snn_status prepare(snn_eligible *side, int64_t batch, snn_fail *fail)
{
    if (is_of(side, &side->kept, batch)) {
        snn_tensor_clear(&side->next);
        snn_status status = take_back(side, &side->kept, fail);
        if (status || snn_tensor_is_empty(&side->total)) return status;
        return take_back(side, &side->total, fail);
    }
    if (is_of(side, &side->next, batch)) return SNN_OK;
    snn_tensor_clear(&side->next);
    snn_layout layout = layout_of(side, batch);
    snn_status status = snn_tensor_zeros(&layout.shape, layout.dtype,
                                         side->name, fail, &side->next);
    if (status == SNN_OK)
        memcpy(side->next.stride, layout.stride, sizeof layout.stride);
    return status;
}

static void scale_by(snn_eligible *side, snn_tensor *t, double factor)
{
    if (!snn_tensor_is_empty(t))
        snn_weighted_sum_scale(snn_tensor_edit(t, true), snn_tensor_count(t), factor,
                               LEAST_ELEMENT[is_f64(side)], is_f64(side));
}

/* The scale of a snapshot becomes a number that steps can go on from: what it
   has too much or too little of moves to the elements. */
static void settle_scale(snn_eligible_snapshot *s, double factor)
{
    snn_tensor *const all[] = { &s->kept, &s->total };
    for (int i = 0; i < 2; i++) {
        if (snn_tensor_is_empty(all[i])) continue;
        bool wide = all[i]->dtype == SNN_FLOAT64;
        snn_weighted_sum_scale(snn_tensor_edit(all[i], true),
                               snn_tensor_count(all[i]), factor,
                               LEAST_ELEMENT[wide], wide);
    }
    s->scale = factor > 0 ? s->scale / factor : 1;
}

snn_status snn_eligible_snapshot_scale(snn_eligible_snapshot *s, double factor,
                                       snn_fail *fail)
{
    double scale = s->scale * factor;
    if (scale >= LEAST_SCALE && scale <= 1) {
        s->scale = scale;
        return SNN_OK;
    }
    if (!snn_tensor_is_empty(&s->kept) && !snn_tensor_edit(&s->kept, true))
        return snn_fail_memory(fail, "eligibility", snn_tensor_bytes(&s->kept));
    if (!snn_tensor_is_empty(&s->total) && !snn_tensor_edit(&s->total, true))
        return snn_fail_memory(fail, "eligibility", snn_tensor_bytes(&s->total));
    s->scale = scale;
    settle_scale(s, scale > 0 ? ldexp(1, ilogb(scale)) : 0);
    return SNN_OK;
}

/* One step later; what is kept has room. */
static void forget(snn_eligible *side, double decay)
{
    side->age++;
    if (!snn_tensor_is_empty(&side->next)) {
        snn_tensor_move(&side->next, &side->kept);
        snn_tensor_clear(&side->total);
        side->scale = side->age = 1;
        return;
    }
    side->scale *= decay;
    if (side->scale >= LEAST_SCALE) return;
    int power = side->scale > 0 ? ilogb(side->scale) : 0;
    double factor = side->scale > 0 ? ldexp(1, power) : 0;
    scale_by(side, &side->kept, factor);
    scale_by(side, &side->total, factor);
    side->scale = factor > 0 ? ldexp(side->scale, -power) : 1;
}

static double decay_of(const snn_eligibility *e, double time_constant)
{
    const snn_connection *connection = e->side[0].connection;
    return snn_decay(snn_connection_common(connection)->step_time,
                     time_constant);
}

/* ---- steps by events ---- */

/* The memory of a step's events: offset (B + 1), index (B most + slack), and
   for each sample the bits that pairings set, which nobody reads. */
typedef struct room {
    uint64_t *bits;
    int32_t *offset, *index;
    size_t words; /* of a sample */
} room;

static size_t words_of(const snn_connection *connection)
{
    const snn_param *weight = &connection->weight;
    return snn_bits_words(weight->rows) + snn_bits_words(weight->columns);
}

static room room_of(const snn_eligibility *e, int64_t batch)
{
    room r = { .bits = e->memory, .words = words_of(e->side[0].connection) };
    r.offset = (int32_t *)(r.bits + (size_t)batch * r.words);
    r.index = r.offset + batch + 1;
    return r;
}

static snn_status prepare_room(snn_eligibility *e, int64_t batch, int64_t most,
                               snn_fail *fail)
{
    if (most > INT32_MAX / batch)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "eligibility: %" PRId64 " samples of %" PRId64
                            " spikes are too many, at most 2147483647",
                            batch, most);
    /* no overflow: spikes and weights are in memory */
    size_t ints = (size_t)batch * (size_t)(most + 1) + 1 + SNN_NONZERO_SLACK;
    size_t words = (size_t)batch * words_of(e->side[0].connection);
    size_t bytes = words * sizeof(uint64_t) + ints * sizeof(int32_t);
    if (bytes <= e->bytes) return SNN_OK;
    void *memory = snn_mem_alloc(bytes);
    if (!memory) return snn_fail_memory(fail, "eligibility", bytes);
    snn_mem_free(e->memory);
    e->memory = memory;
    e->bytes = bytes;
    return SNN_OK;
}

snn_status snn_eligibility_prepare(snn_eligibility *e, int64_t batch,
                                   int64_t most, snn_fail *fail)
{
    snn_status status = prepare_room(e, batch, most, fail);
    for (int i = 0; i < SNN_ELIGS && status == SNN_OK; i++)
        status = prepare(&e->side[i], batch, fail);
    return status;
}

typedef struct job {
    const snn_connection *connection;
    snn_pairing *pairing;
    const snn_events *spikes;
    const snn_tensor *trace;
    double scale;
    void *kept;
    room room;
} job;

/* A matrix `data` of the sample, as pairings add to it. */
static snn_delta delta_of(const job *j, int64_t sample, void *data)
{
    const snn_param *weight = &j->connection->weight;
    snn_delta delta = { .dtype = weight->value.dtype, .rows = weight->rows,
                        .columns = weight->columns, .data = data,
                        .is_dirty = true };
    if (snn_pattern_is_rows(weight->pattern)) delta.pattern = weight->pattern;
    delta.row_bits = j->room.bits + (size_t)sample * j->room.words;
    delta.column_bits = delta.row_bits + snn_bits_words(weight->rows);
    return delta;
}

static void add_sample(void *context, int64_t sample)
{
    const job *j = context;
    const snn_param *weight = &j->connection->weight;
    int32_t from = j->spikes->offset[sample], to = j->spikes->offset[sample + 1];
    if (from == to) return;
    size_t bytes = (size_t)snn_param_count(weight) *
                   snn_dtype_size(weight->value.dtype);
    snn_delta delta =
        delta_of(j, sample, (char *)j->kept + (size_t)sample * bytes);
    snn_pair_some(j->connection, j->pairing, j->spikes, j->trace, sample, from,
                  to, j->scale, &delta);
}

static void add_events(snn_eligible *side, snn_pairing *pairing,
                       const snn_tensor *spikes, const snn_tensor *trace,
                       double scale, const room *r)
{
    int64_t batch = spikes->shape.size[0];
    snn_events events = { .rows = batch, .offset = r->offset,
                          .columns = snn_tensor_count(spikes) / batch,
                          .index = r->index };
    snn_nonzero_columns(snn_tensor_bool(spikes), batch, events.columns, r->offset,
                        r->index);
    events.count = r->offset[batch];
    job j = { .connection = side->connection, .pairing = pairing,
              .spikes = &events, .trace = trace, .scale = scale, .room = *r,
              .kept = snn_tensor_edit(&side->kept, true) };
    /* An event meets all that the other side has; delayed ones less. Few are
       not shared: calls cut the memory otherwise, and parts of it would move
       from one processor's cache to the other's in each step. */
    double each = (double)size_of(side) / (double)events.columns;
    snn_par_run(batch, (double)events.count * each / 16, add_sample, &j);
    if (snn_tensor_is_empty(&side->total)) return;
    snn_delta total = delta_of(&j, 0, snn_tensor_edit(&side->total, true));
    pairing(side->connection, &events, trace, scale, &total);
}

void snn_eligibility_record(snn_eligibility *e, const snn_eligible_step *step)
{
    int64_t batch = step->spikes[0]->shape.size[0], most = 0;
    for (int i = 0; i < SNN_ELIGS; i++) {
        int64_t n = snn_tensor_count(step->spikes[i]) / batch;
        if (n > most) most = n;
    }
    /* between the two a finalizer of the script may have looked or cleared */
    snn_fail unused;
    if (snn_eligibility_prepare(e, batch, most, &unused)) return;
    const snn_connection_model *model = e->side[0].connection->model;
    snn_pairing *const all[][SNN_ELIGS] = {
        { model->pair_post, model->pair_pre },
        { model->pair_post_each, model->pair_pre_each },
    };
    snn_pairing *const *pairing = all[step->is_delayed];
    double decay = decay_of(e, step->time_constant);
    const room r = room_of(e, batch);
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_eligible *side = &e->side[i];
        forget(side, decay);
        add_events(side, pairing[i], step->spikes[i], step->trace[i],
                   1 / (step->time_constant * side->scale), &r);
    }
}

/* ---- steps without ---- */

/* kept += factor * seen, which is in its layout. */
static void add_seen(snn_eligible *side, const snn_tensor *seen, double factor)
{
    snn_weighted_sum sum = {
        .samples = 1,
        .n = snn_tensor_count(seen),
        .from = { snn_tensor_data(seen) },
        .sum = { { .to = snn_tensor_edit(&side->kept, true), .adds = true,
                   .factor = { &factor } } },
    };
    snn_weighted_sum_run(&sum, is_f64(side));
}

snn_status snn_eligibility_add(snn_eligibility *e,
                               const snn_tensor *const seen[SNN_ELIGS],
                               double time_constant, snn_fail *fail)
{
    snn_tensor own[SNN_ELIGS] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_status status = SNN_OK;
    for (int i = 0; i < SNN_ELIGS && status == SNN_OK; i++) {
        snn_eligible *side = &e->side[i];
        int64_t batch = seen[i]->shape.ndim > 0 ? seen[i]->shape.size[0] : 0;
        snn_layout layout = layout_of(side, batch);
        status = snn_layout_check(&layout, seen[i], side->name, fail);
        if (!status)
            status = snn_layout_bring(&layout, seen[i], side->name, fail,
                                      &own[i]);
        if (!status) status = prepare(side, batch, fail);
    }
    double decay = decay_of(e, time_constant);
    for (int i = 0; i < SNN_ELIGS; i++) {
        snn_eligible *side = &e->side[i];
        if (!status) {
            snn_tensor_clear(&side->total);
            forget(side, decay);
            add_seen(side, &own[i], 1 / (time_constant * side->scale));
        }
        snn_tensor_clear(&own[i]);
    }
    return status;
}

/* ---- queries ---- */

snn_status snn_eligible_value(const snn_eligible *side, snn_fail *fail,
                              snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (snn_tensor_is_empty(&side->kept)) return SNN_OK;
    snn_layout layout = layout_of(side, side->kept.shape.size[0]);
    snn_tensor scaled;
    snn_status status = snn_layout_new(&layout, side->name, fail, &scaled);
    if (status) return status;
    snn_weighted_sum sum = {
        .samples = 1,
        .n = snn_tensor_count(&scaled),
        .from = { snn_tensor_data(&side->kept) },
        .sum = { { .to = snn_tensor_edit(&scaled, false),
                   .factor = { &side->scale } } },
    };
    snn_weighted_sum_run(&sum, is_f64(side));
    snn_weighted_sum_scale(snn_tensor_edit(&scaled, true), sum.n, 1,
                           LEAST_NORMAL[is_f64(side)], is_f64(side));
    status = snn_tensor_clone(&scaled, fail, out);
    snn_tensor_clear(&scaled);
    return status;
}

snn_status snn_eligible_reducer(const snn_eligible *side, snn_fail *fail,
                                snn_reducer *out)
{
    snn_reducer_args args = { .inclusive = true };
    args.step_time = snn_connection_common(side->connection)->step_time;
    snn_status status =
        snn_reducer_init(&snn_reducer_passthrough, &args, fail, out);
    snn_tensor value = SNN_NO_TENSOR;
    if (!status) status = snn_eligible_value(side, fail, &value);
    if (!status && !snn_tensor_is_empty(&value))
        status = snn_reducer_put(out, &value, fail);
    snn_tensor_clear(&value);
    if (status) snn_reducer_clear(out, false);
    return status;
}

static snn_status set(const snn_eligible *side, const snn_layout *layout,
                      const snn_tensor *from, snn_fail *fail, snn_tensor *to)
{
    snn_tensor own = SNN_NO_TENSOR;
    if (from) {
        snn_status status = snn_layout_check(layout, from, side->name, fail);
        if (!status)
            status = snn_layout_bring(layout, from, side->name, fail, &own);
        if (status) return status;
    }
    snn_tensor_move(&own, to);
    return SNN_OK;
}

snn_status snn_eligible_set(snn_eligible *side, const snn_tensor *kept,
                            snn_fail *fail)
{
    bool has_batch = kept && kept->shape.ndim > 0 && kept->shape.size[0] > 0;
    snn_layout layout = layout_of(side, has_batch ? kept->shape.size[0] : 1);
    snn_status status = set(side, &layout, kept, fail, &side->kept);
    if (status == SNN_OK) snn_tensor_clear(&side->next);
    return status;
}

snn_status snn_eligible_set_total(snn_eligible *side, const snn_tensor *total,
                                  snn_fail *fail)
{
    snn_layout layout = layout_of_one(side);
    return set(side, &layout, total, fail, &side->total);
}

/* ---- the sum over the batch ---- */

static snn_status make_total(const snn_eligible *side, snn_fail *fail,
                             snn_tensor *made)
{
    int64_t batch = side->kept.shape.size[0];
    /* no overflow: as many samples are in memory */
    size_t bytes = (size_t)batch * sizeof(double);
    double *ones = snn_pool_take(bytes);
    if (!ones) return snn_fail_memory(fail, side->name, bytes);
    for (int64_t b = 0; b < batch; b++) ones[b] = 1;
    snn_layout layout = layout_of_one(side);
    snn_status status = snn_layout_new(&layout, side->name, fail, made);
    if (status == SNN_OK) {
        snn_weighted_sum sum = {
            .samples = batch,
            .n = size_of(side),
            .from = { snn_tensor_data(&side->kept) },
            .sum = { { .to = snn_tensor_edit(made, false),
                       .factor = { ones } } },
        };
        snn_weighted_sum_run(&sum, is_f64(side));
    }
    snn_pool_give(ones);
    return status;
}

const snn_tensor *snn_eligible_total(const snn_eligible *side, snn_fail *fail,
                                     snn_tensor *made)
{
    if (side->kept.shape.size[0] == 1) return &side->kept;
    if (!snn_tensor_is_empty(&side->total)) return &side->total;
    return make_total(side, fail, made) ? NULL : made;
}
