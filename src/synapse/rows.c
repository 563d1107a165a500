/* The state of synapses as rows (tensor/state.h): the newest step, to read and to
   set, and whole histories, as a state_dict holds them. */
#include <string.h>

#include "synapse/current.h"
#include "synapse/self.h"
#include "tensor/copy.h"
#include "util/interrupt.h"

void snn_synapse_replace(snn_synapse *synapse, int ring, snn_tensor *value)
{
    snn_ring *r = &synapse->ring[ring];
    snn_tensor_move(value, &r->slot[r->head]);
    snn_synapse_changed(synapse);
}

const snn_tensor *snn_synapse_spike(const snn_synapse *synapse)
{
    return snn_ring_at(&synapse->ring[0], 0);
}

const snn_tensor *snn_synapse_spike_ago(const snn_synapse *synapse, int64_t age)
{
    return snn_ring_at(&synapse->ring[0], age);
}

const snn_tensor *snn_synapse_part(const snn_synapse *synapse, int part)
{
    return snn_ring_at(&synapse->ring[1 + part], 0);
}

const snn_tensor *snn_synapse_part_ago(const snn_synapse *synapse, int part,
                                       int64_t age)
{
    return snn_ring_at(&synapse->ring[1 + part], age);
}

const snn_tensor *snn_synapse_fine(const snn_synapse *synapse, int part)
{
    if (!synapse->has_fine) return NULL;
    return snn_ring_at(&synapse->ring[1 + synapse->stored + part], 0);
}

snn_status snn_synapse_set_parts(snn_synapse *synapse, int first, int count,
                                 const snn_tensor *const value[],
                                 snn_fail *fail)
{
    bool has_fine = synapse->has_fine;
    snn_dtype dtype = snn_synapse_common_of(synapse)->dtype;
    snn_tensor real[SNN_MOST_PARTS] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_tensor fine[SNN_MOST_PARTS] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_status status = snn_synapse_show(synapse, fail);
    for (int i = 0; i < count && status == SNN_OK; i++) {
        status = snn_tensor_to(value[i], dtype, fail, &real[i]);
        if (status == SNN_OK && has_fine)
            status = snn_tensor_to(value[i], SNN_FLOAT64, fail, &fine[i]);
    }
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    for (int i = 0; i < count; i++) {
        int ring = 1 + first + i;
        if (status == SNN_OK) {
            snn_synapse_replace(synapse, ring, &real[i]);
            if (has_fine)
                snn_synapse_replace(synapse, ring + synapse->stored, &fine[i]);
        } else {
            snn_tensor_clear(&real[i]);
            snn_tensor_clear(&fine[i]);
        }
    }
    return status;
}

double snn_synapse_gain(const snn_synapse *synapse)
{
    return synapse->law[0].gain;
}

/* Where none is stored: gain times the spikes. */
static void current_of_spikes(const snn_synapse *synapse, snn_tensor *out)
{
    snn_current current = {
        .spike = snn_tensor_bool(snn_synapse_spike(synapse)),
        .out = snn_tensor_edit(out, false),
        .gain = snn_synapse_gain(synapse),
    };
    snn_current_run(&current, snn_tensor_count(out),
                    snn_synapse_is_f64(synapse));
}

snn_status snn_synapse_current(const snn_synapse *synapse, snn_fail *fail,
                               snn_tensor *out)
{
    snn_status status = snn_synapse_show(synapse, fail);
    if (status) return status;
    if (synapse->stored > 0)
        return snn_tensor_share(snn_synapse_part(synapse, 0), false, fail, out);
    snn_shape shape = snn_synapse_batched_shape(synapse);
    status = snn_tensor_new(&shape, snn_synapse_common_of(synapse)->dtype,
                                       "current", fail, out);
    if (status) return status;
    current_of_spikes(synapse, out);
    status = snn_interrupt_check("current", fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* ---- the newest step ---- */

snn_status snn_synapse_check_step(const snn_synapse *synapse,
                                  const snn_tensor *value, const char *where,
                                  const char *name, snn_fail *fail)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    if (snn_shape_equal(&shape, &value->shape)) return SNN_OK;
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: '%s' must have shape %s, got %s%s", where, name,
                        snn_shape_text(&shape, want),
                        snn_shape_text(&value->shape, got),
                        snn_batch_text(&value->shape, &shape));
}

static const snn_tensor *peek_spike(const void *self, const snn_state_row *row)
{
    (void)row;
    return snn_synapse_spike(self);
}

static snn_status write_spike(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    snn_tensor spike;
    snn_synapse *synapse = self;
    snn_status status = snn_synapse_check_step(self, value, where, row->name, fail);
    if (!status) status = snn_synapse_show(synapse, fail);
    if (!status) status = snn_tensor_to(value, SNN_BOOL, fail, &spike);
    if (status) return status;
    snn_trail_clear(&synapse->trail);
    snn_synapse_replace(synapse, 0, &spike);
    return SNN_OK;
}

snn_status snn_synapse_read_current(const void *self, const snn_state_row *row,
                                    snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_synapse_current(self, fail, out);
}

snn_status snn_synapse_write_current(void *self, const snn_state_row *row,
                                     const snn_tensor *value,
                                     const char *where, snn_fail *fail)
{
    snn_synapse *synapse = self;
    snn_status status = snn_synapse_check_step(self, value, where, row->name, fail);
    if (status) return status;
    if (synapse->stored == 0)
        return snn_fail_set(fail, SNN_ATTRIBUTE_ERROR,
                            "%s: '%s' cannot be set: it follows from the spikes",
                            where, row->name);
    return snn_synapse_set_parts(synapse, 0, 1, &value, fail);
}

snn_status snn_synapse_read_fine(const void *self, const snn_state_row *row,
                                 snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_status status = snn_synapse_show(self, fail);
    if (status) return status;
    const snn_tensor *fine = snn_synapse_fine(self, (int)row->offset);
    return fine ? snn_tensor_share(fine, false, fail, out) : SNN_OK;
}

static double newest(const snn_tensor *part, int64_t i)
{
    return part->dtype == SNN_FLOAT64 ? snn_tensor_f64(part)[i]
                                      : (double)snn_tensor_f32(part)[i];
}

/* An element counts where it rounds to that of the newest step. */
snn_status snn_synapse_write_fine(void *self, const snn_state_row *row,
                                  const snn_tensor *value, const char *where,
                                  snn_fail *fail)
{
    snn_tensor fine;
    snn_synapse *synapse = self;
    const int part = (int)row->offset;
    if (!value) return SNN_OK;
    snn_status status = snn_synapse_check_step(self, value, where, row->name, fail);
    if (status || !synapse->has_fine) return status;
    status = snn_synapse_show(synapse, fail);
    if (!status) status = snn_tensor_to(value, SNN_FLOAT64, fail, &fine);
    if (status) return status;
    double *v = snn_tensor_edit(&fine, true);
    if (!v) {
        status = snn_fail_memory(fail, where, snn_tensor_bytes(&fine));
        snn_tensor_clear(&fine);
        return status;
    }
    const snn_tensor *rounded = snn_synapse_part(synapse, part);
    int64_t n = snn_tensor_count(&fine);
    for (int64_t i = 0; i < n; i++) {
        double is = newest(rounded, i);
        if ((float)v[i] != (float)is) v[i] = is;
    }
    status = snn_trail_release(synapse, fail); /* shown: no failure */
    snn_synapse_replace(synapse, 1 + synapse->stored + part, &fine);
    return status;
}

/* ---- a model's own states ---- */

static int own_ring(const snn_synapse *synapse, const snn_state_row *row)
{
    return synapse->rings - synapse->model->own + (int)row->offset;
}

snn_status snn_synapse_read_own(const void *self, const snn_state_row *row,
                                snn_fail *fail, snn_tensor *out)
{
    const snn_synapse *synapse = self;
    *out = SNN_NO_TENSOR;
    snn_status status = snn_synapse_show(synapse, fail);
    if (status) return status;
    return snn_tensor_share(snn_ring_at(&synapse->ring[own_ring(synapse, row)], 0),
                            false, fail, out);
}

snn_status snn_synapse_load_own(void *self, const snn_state_row *row,
                                const snn_tensor *value, const char *where,
                                snn_fail *fail)
{
    snn_tensor wide;
    snn_synapse *synapse = self;
    snn_status status = snn_synapse_check_step(self, value, where, row->name, fail);
    if (!status) status = snn_tensor_to(value, SNN_FLOAT64, fail, &wide);
    if (status) return status;
    status = snn_trail_release(synapse, fail);
    if (status)
        snn_tensor_clear(&wide);
    else
        snn_synapse_replace(synapse, own_ring(self, row), &wide);
    return status;
}

snn_status snn_synapse_write_own(void *self, const snn_state_row *row,
                                 const snn_tensor *value, const char *where,
                                 snn_fail *fail)
{
    snn_status status = snn_synapse_load_own(self, row, value, where, fail);
    snn_synapse *synapse = self;
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    return status;
}

/* ---- whole histories ---- */

static snn_shape history_shape(const snn_synapse *synapse)
{
    int64_t sizes[] = { synapse->ring[0].length, snn_synapse_common_of(synapse)->batch_size,
                        snn_shape_count(&snn_synapse_common_of(synapse)->shape) };
    return snn_shape_of(3, sizes);
}

/* The whole of a history, newest step first: the spikes (part -1) or a part. */
static snn_status history(const snn_synapse *synapse, int part, snn_fail *fail,
                          snn_tensor *out)
{
    const snn_ring *ring = &synapse->ring[1 + part];
    snn_shape shape = history_shape(synapse);
    snn_status status = snn_synapse_show(synapse, fail);
    if (!status)
        status = snn_tensor_new(&shape, snn_ring_at(ring, 0)->dtype, "history",
                                fail, out);
    if (status) return status;
    char *to = snn_tensor_edit(out, false);
    for (int64_t age = 0; age < ring->length; age++) {
        const snn_tensor *step = snn_ring_at(ring, age);
        memcpy(to, snn_tensor_data(step), snn_tensor_bytes(step));
        to += snn_tensor_bytes(step);
    }
    return SNN_OK;
}

/* Fills a fresh ring, newest step last. */
static snn_status fill(const snn_synapse *synapse, const snn_tensor *history,
                       snn_fail *fail, snn_ring *ring)
{
    snn_shape shape = snn_synapse_batched_shape(synapse);
    const char *from = snn_tensor_data(history);
    for (int64_t age = ring->length - 1; age >= 0; age--) {
        snn_tensor step;
        snn_status status =
            snn_tensor_new(&shape, history->dtype, "history", fail, &step);
        if (status) return status;
        size_t bytes = snn_tensor_bytes(&step);
        memcpy(snn_tensor_edit(&step, false), from + (size_t)age * bytes,
               bytes);
        snn_ring_push(ring, &step);
    }
    return SNN_OK;
}

/* Takes the ring; the newest step in double is that of the history. */
static snn_status take_history(snn_synapse *synapse, int part, snn_ring *fresh,
                               snn_fail *fail)
{
    if (part >= 0 && synapse->has_fine) {
        snn_tensor fine;
        snn_status status = snn_tensor_to(snn_ring_at(fresh, 0), SNN_FLOAT64,
                                          fail, &fine);
        if (status) return status;
        snn_synapse_replace(synapse, 1 + synapse->stored + part, &fine);
    }
    snn_ring_clear(&synapse->ring[1 + part]);
    synapse->ring[1 + part] = *fresh;
    snn_synapse_changed(synapse);
    return SNN_OK;
}

static snn_status check_history(const snn_synapse *synapse,
                                const snn_tensor *value, const char *where,
                                const char *name, snn_fail *fail)
{
    snn_shape shape = history_shape(synapse);
    if (snn_shape_equal(&shape, &value->shape)) return SNN_OK;
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: '%s': must have shape %s, got %s", where, name,
                        snn_shape_text(&shape, want),
                        snn_shape_text(&value->shape, got));
}

static snn_status set_history(snn_synapse *synapse, int part,
                              const snn_tensor *history, snn_fail *fail)
{
    snn_dtype dtype = part < 0 ? SNN_BOOL : snn_synapse_common_of(synapse)->dtype;
    snn_tensor flat;
    snn_ring fresh = { .slot = NULL };
    snn_status status = snn_synapse_show(synapse, fail);
    if (!status) status = snn_tensor_to(history, dtype, fail, &flat);
    if (status) return status;
    status = snn_synapse_constant(snn_synapse_common_of(synapse), dtype, 0,
                                  synapse->ring[0].length, fail, &fresh);
    if (status == SNN_OK) status = fill(synapse, &flat, fail, &fresh);
    snn_tensor_clear(&flat);
    if (status == SNN_OK) status = take_history(synapse, part, &fresh, fail);
    if (status)
        snn_ring_clear(&fresh);
    else
        status = snn_trail_release(synapse, fail); /* shown: no failure */
    return status;
}

static snn_status read_spikes(const void *self, const snn_state_row *row,
                              snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return history(self, -1, fail, out);
}

static snn_status load_spikes(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    snn_status status = check_history(self, value, where, row->name, fail);
    return status ? status : set_history(self, -1, value, fail);
}

static snn_status write_spikes(void *self, const snn_state_row *row,
                               const snn_tensor *value, const char *where,
                               snn_fail *fail)
{
    snn_status status = load_spikes(self, row, value, where, fail);
    snn_synapse *synapse = self;
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    return status;
}

/* None where no current is stored. */
snn_status snn_synapse_read_part(const void *self, const snn_state_row *row,
                                 snn_fail *fail, snn_tensor *out)
{
    const snn_synapse *synapse = self;
    *out = SNN_NO_TENSOR;
    if (synapse->stored == 0) return SNN_OK;
    return history(synapse, (int)row->offset, fail, out);
}

snn_status snn_synapse_load_part(void *self, const snn_state_row *row,
                                 const snn_tensor *value, const char *where,
                                 snn_fail *fail)
{
    snn_status status = check_history(self, value, where, row->name, fail);
    return status ? status : set_history(self, (int)row->offset, value, fail);
}

snn_status snn_synapse_write_part(void *self, const snn_state_row *row,
                                  const snn_tensor *value, const char *where,
                                  snn_fail *fail)
{
    snn_status status = snn_synapse_load_part(self, row, value, where, fail);
    snn_synapse *synapse = self;
    if (status == SNN_OK) snn_trail_clear(&synapse->trail);
    return status;
}

/* What inputs counted as: where all did 1, none. */
static snn_status read_worth(const void *self, const snn_state_row *row,
                             snn_fail *fail, snn_tensor *out)
{
    const snn_synapse *synapse = self;
    bool is_any = false;
    *out = SNN_NO_TENSOR;
    int64_t steps = snn_synapse_steps(synapse);
    for (int64_t age = 0; age < steps && synapse->has_worth; age++)
        is_any = is_any || snn_synapse_worth(synapse, age);
    if (!is_any || steps == 1) return SNN_OK; /* the newest has had its effect */
    snn_shape shape = history_shape(synapse);
    snn_status status = snn_tensor_new(
        &shape, snn_synapse_common_of(synapse)->dtype, row->name, fail, out);
    if (status) return status;
    char *to = snn_tensor_edit(out, false);
    for (int64_t age = 0; age < steps && !status; age++) {
        snn_tensor plain = SNN_NO_TENSOR;
        const snn_tensor *worth = snn_synapse_worth(synapse, age);
        if (!worth)
            status = snn_tensor_to(snn_ring_at(&synapse->ring[0], age),
                                   out->dtype, fail, &plain);
        if (status) break;
        const snn_tensor *from = worth ? worth : &plain;
        const size_t bytes = snn_tensor_bytes(from);
        memcpy(to + (size_t)age * bytes, snn_tensor_data(from), bytes);
        snn_tensor_clear(&plain);
    }
    if (status) snn_tensor_clear(out);
    return status;
}

/* Steps whose inputs counted 1 at a spike, else 0, have no worth besides. */
static void drop_plain(const snn_synapse *synapse, snn_ring *ring)
{
    for (int64_t age = 0; age < ring->length; age++) {
        snn_tensor *step = (snn_tensor *)(uintptr_t)snn_ring_at(ring, age);
        const snn_tensor *spikes = snn_ring_at(&synapse->ring[0], age);
        if (snn_tensor_is_empty(step)) continue;
        const uint8_t *spike = snn_tensor_bool(spikes);
        const int64_t n = snn_tensor_count(step);
        bool is_plain = true;
        for (int64_t i = 0; i < n && is_plain; i++)
            is_plain = newest(step, i) == (spike[i] ? 1 : 0);
        if (is_plain) snn_tensor_clear(step);
    }
}

/* Each step but the newest, of which nothing follows any more, has its own. */
static snn_status write_worth(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    snn_synapse *synapse = self;
    snn_tensor flat = SNN_NO_TENSOR;
    snn_ring fresh = { .slot = NULL };
    if (!synapse->has_worth) return SNN_OK;
    snn_status status =
        value ? check_history(synapse, value, where, row->name, fail) : SNN_OK;
    if (!status && value)
        status = snn_tensor_to(value, snn_synapse_common_of(synapse)->dtype,
                               fail, &flat);
    if (!status)
        status = snn_ring_init(&fresh, snn_synapse_steps(synapse),
                               &SNN_NO_TENSOR, "worth", fail);
    if (!status && value) status = fill(synapse, &flat, fail, &fresh);
    snn_tensor_clear(&flat);
    if (status) {
        snn_ring_clear(&fresh);
        return status;
    }
    drop_plain(synapse, &fresh);
    snn_ring *ring = &synapse->ring[snn_synapse_worth_ring(synapse)];
    snn_ring_clear(ring);
    *ring = fresh;
    snn_synapse_changed(synapse);
    return SNN_OK;
}

/* Reading takes what was loaded for a trail, which changes no current. */
static snn_status read_trail(const void *self, const snn_state_row *row,
                             snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_trail_read((snn_synapse *)(uintptr_t)self, fail, out);
}

static snn_status write_trail(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    (void)row, (void)where;
    return snn_trail_offer(self, value, fail);
}

/* What was saved of other arguments, spikes on their way that were worth other
   charges, is no use: above the steps is a digest of these. */
enum { FOLLOWED_BITS = 20 };

static int64_t law_digest(const snn_synapse *synapse)
{
    return (int64_t)(snn_synapse_law_digest(synapse) >> 34);
}

/* Of a trail with a history: the steps, and above them of which law. */
static snn_status read_followed(const void *self, const snn_state_row *row,
                                snn_fail *fail, snn_tensor *out)
{
    snn_synapse *synapse = (snn_synapse *)(uintptr_t)self;
    const int64_t steps = snn_synapse_steps(synapse);
    *out = SNN_NO_TENSOR;
    snn_status status = snn_tensor_is_empty(&synapse->trail.offered)
                            ? SNN_OK
                            : snn_trail_take(synapse, fail);
    if (status || !synapse->trail.holds || steps == 1) return status;
    int64_t n = synapse->trail.followed;
    if (n > steps) n = steps;
    if (n >> FOLLOWED_BITS) n = 0;
    return snn_state_of_count(row, n | law_digest(synapse) << FOLLOWED_BITS, fail,
                              out);
}

static snn_status write_followed(void *self, const snn_state_row *row,
                                 const snn_tensor *value, const char *where,
                                 snn_fail *fail)
{
    snn_synapse *synapse = self;
    int64_t count = 0;
    snn_status status =
        value ? snn_state_to_count(row, value, where, fail, &count) : SNN_OK;
    if (status) return status;
    const bool is_same = count >> FOLLOWED_BITS == law_digest(synapse);
    synapse->trail.offered_followed =
        is_same ? count & ((1 << FOLLOWED_BITS) - 1) : 0;
    return SNN_OK;
}

const snn_state_row snn_synapse_rows[] = {
    { .name = "current", .of = SNN_OF_INPUT, .unit = "nA",
      .read = snn_synapse_read_current, .doc = "newest currents, nA" },
    { .name = "spike", .of = SNN_OF_INPUT, .type = SNN_STATE_BOOL,
      .peek = peek_spike, .write = write_spike,
      .doc = "newest spikes, bool" },
    { .name = "spike_", .of = SNN_OF_HISTORY, .type = SNN_STATE_BOOL,
      .is_saved = true, .read = read_spikes,
      .write = write_spikes, .load = load_spikes,
      .doc = "spikes, newest first, (steps, batch, count)" },
    { .name = "worth_", .of = SNN_OF_HISTORY, .is_saved = true,
      .is_open = true, .is_fixed = true, .read = read_worth,
      .write = write_worth,
      .doc = "what inputs with delays counted as, newest first, (steps, batch, "
             "count); nil where all spikes counted 1" },
    { .name = "trail", .of = SNN_OF_HISTORY, .type = SNN_STATE_FLOAT64,
      .is_saved = true, .is_open = true, .is_fixed = true,
      .read = read_trail, .write = write_trail,
      .doc = "what currents follow from where a connection keeps their sums: "
             "their values after each input's last spike and how many steps ago "
             "that was, (values + 1, batch, count), float64; else nil" },
    { .name = "followed", .of = SNN_OF_ONE, .type = SNN_STATE_INT64,
      .is_saved = true, .is_open = true, .is_fixed = true,
      .read = read_followed, .write = write_followed,
      .doc = "steps of the history whose currents follow from the spikes, of a "
             "trail with delays, with a digest of the arguments that they follow "
             "by; else nil" },
    { .name = NULL },
};
