/* A step is worked out in the spare slots of the rings (tensor/ring.h) and
   pushed last, so that it fails without a trace and can be undone. */
#include "synapse/synapse.h"

#include <math.h>
#include <string.h>

#include "synapse/current.h"
#include "synapse/self.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/clock.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/number.h"

static snn_synapse_args *common(const snn_synapse *synapse)
{
    return snn_synapse_common_of(synapse);
}

snn_synapse_layout snn_synapse_layout_of(const snn_synapse_model *model,
                                         const void *args)
{
    const snn_synapse_args *c = args;
    snn_synapse_law law[SNN_MOST_PARTS] = { { .gain = 0 } };
    model->laws(args, c->step_time, law);
    bool decays = law[0].time_constant > 0;
    bool follows =
        !c->graded && !model->is_injectable && !decays && !model->own;
    snn_synapse_layout layout = { .stored = follows ? 0 : model->parts };
    layout.has_fine = decays && c->dtype != SNN_FLOAT64;
    layout.has_worth = decays && !model->is_injectable;
    layout.rings = 1 + layout.stored * (layout.has_fine ? 2 : 1) +
                   layout.has_worth + model->own;
    return layout;
}

int snn_synapse_stored(const snn_synapse *synapse) { return synapse->stored; }

/* ---- histories ---- */

/* Steps that a history of `delay` ms holds: the newest and those before it.
   The rounding of delay / dt must not add one. */
static int64_t steps_of(double delay, double dt)
{
    double steps = ceil(delay / dt - 1e-3);
    return 1 + (steps > 0 ? (int64_t)fmin(steps, 1e15) : 0);
}

void snn_synapse_clear_rings(snn_ring *ring)
{
    for (int i = 0; i < SNN_MOST_RINGS; i++) snn_ring_clear(&ring[i]);
}

snn_status snn_synapse_constant(const snn_synapse_args *args, snn_dtype dtype,
                                double value, int64_t length, snn_fail *fail,
                                snn_ring *out)
{
    snn_tensor step;
    snn_shape shape = snn_shape_prepend(args->batch_size, &args->shape);
    snn_status status = snn_tensor_zeros(&shape, dtype, "synapse", fail, &step);
    if (!status && value != 0) status = snn_tensor_fill(&step, value, fail);
    if (status) return status;
    status = snn_ring_init(out, length, &step, "synapse", fail);
    snn_tensor_clear(&step);
    return status;
}

snn_status snn_synapse_silent(const snn_synapse_model *model, const void *args,
                              const snn_synapse_layout *layout, snn_fail *fail,
                              snn_ring ring[SNN_MOST_RINGS])
{
    const snn_synapse_args *c = args;
    snn_status status = SNN_OK;
    int64_t steps = steps_of(c->delay, c->step_time);
    int own = layout->rings - model->own;
    int worth = layout->has_worth ? own - 1 : -1;
    double begin[SNN_MOST_OWN] = { 0 };
    if (model->begin) model->begin(args, begin);
    memset(ring, 0, SNN_MOST_RINGS * sizeof *ring);
    for (int i = 0; i < layout->rings && status == SNN_OK; i++) {
        if (i == worth) {
            status = snn_ring_init(&ring[i], steps, &SNN_NO_TENSOR, "synapse",
                                   fail);
            continue;
        }
        bool is_single = i > layout->stored;
        snn_dtype dtype = i == 0      ? SNN_BOOL
                          : is_single ? SNN_FLOAT64
                                      : c->dtype;
        status = snn_synapse_constant(c, dtype, i >= own ? begin[i - own] : 0,
                                      is_single ? 1 : steps, fail, &ring[i]);
    }
    if (status) snn_synapse_clear_rings(ring);
    return status;
}

/* Numbers that no synapse has had. */
uint64_t snn_synapse_next_epoch(void)
{
    static uint64_t newest;
    return ++newest;
}

uint64_t snn_synapse_epoch(const snn_synapse *synapse)
{
    return synapse->epoch;
}

/* Arguments have unique numbers: what others have worked out of them is of no
   use when the number is another. */
static uint64_t settings;
static uint64_t flows;

uint64_t snn_synapse_next_flow(void) { return ++flows; }

uint64_t snn_synapse_flow(const snn_synapse *synapse) { return synapse->flow; }

uint64_t snn_synapse_flow_before(const snn_synapse *synapse)
{
    const snn_trail *t = &synapse->trail;
    return t->holds && !t->is_folded ? synapse->flow_before : 0;
}

const snn_synapse_law *snn_synapse_law_of(const snn_synapse *synapse, int part)
{
    return &synapse->law[part];
}

void snn_synapse_adopt(snn_synapse *synapse, const void *args)
{
    const snn_synapse_layout layout =
        snn_synapse_layout_of(synapse->model, args);
    if (args != synapse->args)
        memcpy(synapse->args, args, synapse->model->args_size);
    synapse->model->laws(synapse->args, common(synapse)->step_time,
                         synapse->law);
    snn_synapse_follow_jump(synapse);
    synapse->stored = layout.stored;
    synapse->has_fine = layout.has_fine;
    synapse->has_worth = layout.has_worth;
    synapse->rings = layout.rings;
    memset(synapse->driven, 0, sizeof synapse->driven);
    synapse->settings = ++settings;
    synapse->flow = ++flows;
    synapse->plain = -1;
}

void snn_synapse_commit(snn_synapse *synapse, const void *args,
                        const snn_ring ring[SNN_MOST_RINGS])
{
    snn_synapse_clear_rings(synapse->ring);
    snn_trail_clear(&synapse->trail);
    memcpy(synapse->ring, ring, sizeof synapse->ring);
    if (args) snn_synapse_adopt(synapse, args);
    snn_synapse_changed(synapse);
}

/* ---- life ---- */

snn_status snn_synapse_new(const snn_synapse_model *model, const void *args,
                           snn_fail *fail, snn_synapse **out)
{
    *out = NULL;
    snn_synapse *synapse = snn_mem_zeroed(sizeof *synapse);
    if (!synapse) return snn_fail_memory(fail, model->name, sizeof *synapse);
    synapse->model = model;
    synapse->args = snn_mem_alloc(model->args_size);
    snn_status status = SNN_OK;
    if (synapse->args) {
        snn_synapse_adopt(synapse, args);
        const snn_synapse_layout layout = snn_synapse_layout_of(model, args);
        status =
            snn_synapse_silent(model, args, &layout, fail, synapse->ring);
    } else {
        status = snn_fail_memory(fail, model->name, model->args_size);
    }
    if (status)
        snn_synapse_free(synapse);
    else
        *out = synapse;
    return status;
}

void snn_synapse_free(snn_synapse *synapse)
{
    if (!synapse) return;
    snn_synapse_clear_rings(synapse->ring);
    snn_trail_clear(&synapse->trail);
    snn_mem_free(synapse->args);
    snn_mem_free(synapse);
}

const snn_synapse_model *snn_synapse_model_of(const snn_synapse *synapse)
{
    return synapse->model;
}

uint64_t snn_synapse_settings(const snn_synapse *synapse)
{
    return synapse->settings;
}

const void *snn_synapse_args_of(const snn_synapse *synapse)
{
    return synapse->args;
}

snn_shape snn_synapse_batched_shape(const snn_synapse *synapse)
{
    return snn_shape_prepend(common(synapse)->batch_size,
                             &common(synapse)->shape);
}

/* ---- steps ---- */

static snn_status check_input(const snn_synapse *synapse,
                              const snn_tensor *input, const char *what,
                              const char *where, snn_fail *fail)
{
    if (snn_shape_is_batch(&input->shape, common(synapse)->batch_size,
                           &common(synapse)->shape))
        return SNN_OK;
    snn_shape shape = snn_synapse_batched_shape(synapse);
    char want[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR, "%s: %s has shape %s, %s wants %s%s",
                        where, what, snn_shape_text(&input->shape, got),
                        synapse->model->name, snn_shape_text(&shape, want),
                        snn_batch_text(&input->shape, &shape));
}

const double *snn_synapse_finest(const snn_synapse *synapse, int part)
{
    const snn_tensor *fine = snn_synapse_fine(synapse, part);
    return snn_tensor_f64(fine ? fine : snn_synapse_part(synapse, part));
}

/* The next step of a part, and what it was before rounding where that is kept;
   `graded` is contiguous and real, or empty where the spikes are all there is to
   know. */
static snn_status follow(const snn_synapse *synapse, int part,
                         const snn_tensor *spike, const snn_tensor *graded,
                         snn_fail *fail, snn_tensor *next)
{
    const snn_synapse_law *law = &synapse->law[part];
    const char *name = synapse->model->name;
    snn_tensor *out = &next[1 + part], *fine = out + synapse->stored;
    snn_status status =
        snn_tensor_new(&spike->shape, common(synapse)->dtype, name, fail, out);
    if (status == SNN_OK && synapse->has_fine)
        status =
            snn_tensor_new(&spike->shape, SNN_FLOAT64, name, fail, fine);
    if (status) return status;
    snn_current current = { .decay = law->decay, .rest = law->rest,
                            .feed = law->feed, .gain = law->gain,
                            .out = snn_tensor_edit(out, false) };
    if (synapse->has_fine)
        current.fine = snn_tensor_edit(fine, false);
    if (law->time_constant > 0) current.in = snn_synapse_finest(synapse, part);
    if (part + 1 < synapse->stored)
        current.from = snn_synapse_finest(synapse, part + 1);
    else if (snn_tensor_is_empty(graded))
        current.spike = snn_tensor_bool(spike);
    else
        current.graded = snn_tensor_data(graded);
    snn_current_run(&current, snn_tensor_count(out),
                    snn_synapse_is_f64(synapse));
    return SNN_OK;
}

static snn_status inject(const snn_synapse *synapse, const snn_tensor *injected,
                         snn_fail *fail, snn_tensor *current)
{
    snn_tensor real;
    snn_status status =
        snn_tensor_to(injected, common(synapse)->dtype, fail, &real);
    if (status) return status;
    void *out = snn_tensor_edit(current, true);
    snn_current_sum sum = { out, snn_tensor_data(&real), out };
    snn_current_add(&sum, snn_tensor_count(current),
                    snn_synapse_is_f64(synapse));
    snn_tensor_clear(&real);
    return SNN_OK;
}

/* By the model's law, in pieces, until an interrupt is wanted. */
static void weigh_all(const snn_synapse_model *model, const snn_synapse_weigh *all)
{
    enum { PIECE = 1 << 20 };
    for (int64_t at = 0; at < all->n && !snn_interrupt_wanted(); at += PIECE) {
        snn_synapse_weigh w = *all;
        w.n = all->n - at < PIECE ? all->n - at : PIECE;
        w.input += at;
        w.out += at;
        for (int k = 0; k < model->own; k++) {
            w.before[k] += at;
            w.after[k] += at;
        }
        model->weigh(&w);
    }
}

/* What the model's own states make of the input, in place of it; and what they
   come to. */
static snn_status weigh(const snn_synapse *synapse, const snn_tensor *spike,
                        snn_tensor *graded, snn_fail *fail, snn_tensor *next)
{
    const snn_synapse_model *model = synapse->model;
    int own = synapse->rings - model->own;
    snn_tensor input, out = SNN_NO_TENSOR;
    snn_synapse_weigh w = { .args = synapse->args, .n = snn_tensor_count(spike) };
    snn_status status = snn_tensor_to(snn_tensor_is_empty(graded) ? spike : graded,
                                      SNN_FLOAT64, fail, &input);
    if (status) return status;
    for (int k = 0; k < model->own && status == SNN_OK; k++) {
        status = snn_tensor_new(&spike->shape, SNN_FLOAT64, model->name, fail,
                                &next[own + k]);
        if (status) break;
        w.before[k] = snn_tensor_f64(snn_ring_at(&synapse->ring[own + k], 0));
        w.after[k] = snn_tensor_edit(&next[own + k], false);
    }
    if (status == SNN_OK)
        status = snn_tensor_new(&spike->shape, SNN_FLOAT64, model->name, fail,
                                &out);
    if (status == SNN_OK) {
        w.input = snn_tensor_f64(&input);
        w.out = snn_tensor_edit(&out, false);
        weigh_all(model, &w);
        snn_tensor_clear(graded);
        status = snn_tensor_to(&out, common(synapse)->dtype, fail, graded);
    }
    snn_tensor_clear(&out);
    snn_tensor_clear(&input);
    return status;
}

/* Told of once: a spike that is worth more, or less, than one. */
static snn_status check_flags(snn_synapse *synapse, const snn_tensor *input,
                              const char *where, snn_fail *fail)
{
    bool is_told = synapse->told & 1u << SNN_SYNAPSE_GRADED_INPUT, are_flags;
    if (input->dtype == SNN_BOOL || common(synapse)->graded || is_told)
        return SNN_OK;
    snn_status status = snn_spikes_are_flags(input, fail, &are_flags);
    if (status || are_flags) return status;
    return snn_warn(&synapse->told, SNN_SYNAPSE_GRADED_INPUT, fail,
                    "%s: the input has values besides 0 and 1, of which %s "
                    "takes each but 0 for one spike (graded = true scales the "
                    "charge with it)",
                    where, synapse->model->name);
}

static snn_status check_inputs(snn_synapse *synapse,
                               const snn_tensor *const *input, int inputs,
                               const char *where, snn_fail *fail)
{
    for (int i = 0; i < inputs; i++) {
        snn_status status =
            check_input(synapse, input[i],
                        i ? "an injected current" : "the input", where, fail);
        if (status) return status;
    }
    snn_status status = snn_synapse_check_jump(synapse, where, fail);
    return status ? status : check_flags(synapse, input[0], where, fail);
}

/* The next spikes, and inputs that are graded: empty where each counts 1. */
static snn_status next_input(const snn_synapse *synapse, const snn_tensor *input,
                             snn_fail *fail, snn_tensor next[SNN_MOST_RINGS],
                             snn_tensor *graded)
{
    *graded = SNN_NO_TENSOR;
    snn_status status = snn_spikes_from(input, fail, &next[0]);
    if (status == SNN_OK && synapse->stored > 0 && common(synapse)->graded &&
        input->dtype != SNN_BOOL)
        status = snn_tensor_to(input, common(synapse)->dtype, fail, graded);
    return status;
}

/* The next step of all rings, spikes first. */
static snn_status next_steps(const snn_synapse *synapse,
                             const snn_tensor *const *input, int inputs,
                             snn_fail *fail, snn_tensor next[SNN_MOST_RINGS])
{
    snn_tensor graded;
    snn_status status = next_input(synapse, input[0], fail, next, &graded);
    if (status == SNN_OK && synapse->model->own)
        status = weigh(synapse, &next[0], &graded, fail, next);
    for (int p = 0; p < synapse->stored && status == SNN_OK; p++)
        status = follow(synapse, p, &next[0], &graded, fail, next);
    for (int i = 1; i < inputs && status == SNN_OK; i++)
        status = inject(synapse, input[i], fail, &next[1]);
    if (synapse->has_worth && status == SNN_OK)
        snn_tensor_move(&graded, &next[snn_synapse_worth_ring(synapse)]);
    snn_tensor_clear(&graded);
    return status;
}

/* The end of a step: it is the newest, or what was made for it goes. */
static void push_all(snn_synapse *synapse, snn_status status,
                     snn_tensor next[SNN_MOST_RINGS])
{
    for (int i = 0; i < synapse->rings; i++) {
        if (status)
            snn_tensor_clear(&next[i]);
        else
            snn_ring_push(&synapse->ring[i], &next[i]);
    }
    if (status) return;
    synapse->ticks++;
    synapse->flow_before = synapse->flow;
    synapse->flow = snn_synapse_next_flow();
    synapse->can_undo = true;
}

snn_status snn_synapse_step(snn_synapse *synapse,
                            const snn_tensor *const *input, int inputs,
                            const char *where, snn_fail *fail)
{
    snn_tensor next[SNN_MOST_RINGS];
    if (!synapse->model->is_injectable) inputs = 1;
    snn_status status = check_inputs(synapse, input, inputs, where, fail);
    if (!status) status = snn_synapse_show(synapse, fail);
    if (status) return status;
    for (int i = 0; i < synapse->rings; i++) next[i].storage = NULL;
    status = next_steps(synapse, input, inputs, fail, next);
    if (!status) status = snn_interrupt_check(where, fail);
    if (!status) snn_trail_clear(&synapse->trail);
    push_all(synapse, status, next);
    if (!status && inputs > 1)
        synapse->plain = 0;
    else if (!status && synapse->plain >= 0)
        synapse->plain++;
    return status;
}

snn_status snn_synapse_step_events(snn_synapse *synapse, const snn_tensor *input,
                                   const char *where, snn_fail *fail)
{
    snn_tensor next[SNN_MOST_RINGS], after = SNN_NO_TENSOR, found = SNN_NO_TENSOR;
    snn_tensor graded = SNN_NO_TENSOR;
    snn_status status = check_inputs(synapse, &input, 1, where, fail);
    if (status) return status;
    for (int i = 0; i < synapse->rings; i++) next[i].storage = NULL;
    status = next_input(synapse, input, fail, next, &graded);
    if (!status)
        status = snn_trail_step(synapse, &next[0], &graded, fail, &after, &found);
    if (!status) status = snn_interrupt_check(where, fail);
    if (status) {
        snn_tensor_clear(&after);
        snn_tensor_clear(&found);
        snn_tensor_clear(&graded);
        if (synapse->trail.is_folded) snn_trail_undo(&synapse->trail);
    } else {
        snn_trail_push(synapse, &after, &found);
        snn_tensor_move(&graded, &next[snn_synapse_worth_ring(synapse)]);
    }
    push_all(synapse, status, next);
    return status;
}

uint64_t snn_synapse_ticks(const snn_synapse *synapse)
{
    return synapse->ticks;
}

bool snn_synapse_note(snn_synapse *synapse) { return synapse->noted++ > 0; }

void snn_synapse_forget(snn_synapse *synapse) { synapse->noted--; }

void snn_synapse_undo(snn_synapse *synapse)
{
    if (!synapse->can_undo) return;
    for (int i = 0; i < synapse->rings; i++)
        snn_ring_undo(&synapse->ring[i]);
    snn_trail_undo(&synapse->trail);
    snn_synapse_changed(synapse);
    synapse->flow = synapse->flow_before;
}

snn_status snn_synapse_save(const snn_synapse *synapse, snn_fail *fail,
                            snn_synapse_state *out)
{
    snn_status status = SNN_OK;
    *out = (snn_synapse_state){ .is_saved = true, .flow = synapse->flow,
                                .flow_before = synapse->flow_before };
    for (int i = 0; i < synapse->rings && status == SNN_OK; i++)
        status = snn_ring_copy(&synapse->ring[i], synapse->model->name, fail,
                               &out->ring[i]);
    if (!status) status = snn_trail_copy(&synapse->trail, fail, &out->trail);
    if (status) snn_synapse_drop(out);
    return status;
}

void snn_synapse_restore(snn_synapse *synapse, snn_synapse_state *saved,
                         uint64_t ticks)
{
    snn_synapse_clear_rings(synapse->ring);
    memcpy(synapse->ring, saved->ring, sizeof synapse->ring);
    snn_trail_move(&saved->trail, &synapse->trail);
    synapse->flow = saved->flow;
    synapse->flow_before = saved->flow_before;
    *saved = (snn_synapse_state){ .is_saved = false };
    synapse->plain = -1;
    synapse->epoch = snn_synapse_next_epoch();
    synapse->ticks = ticks;
    synapse->can_undo = true;
}

void snn_synapse_drop(snn_synapse_state *saved)
{
    if (!saved->is_saved) return;
    snn_synapse_clear_rings(saved->ring);
    snn_trail_clear(&saved->trail);
    saved->is_saved = false;
}

snn_status snn_synapse_snapshot_take(const snn_synapse *synapse,
                                     snn_synapse_snapshot *out, snn_fail *fail)
{
    const snn_synapse_model *model = synapse->model;
    *out = (snn_synapse_snapshot){ .args = snn_mem_alloc(model->args_size),
                                   .ticks = synapse->ticks,
                                   .can_undo = synapse->can_undo };
    if (!out->args) return snn_fail_memory(fail, model->name, model->args_size);
    memcpy(out->args, synapse->args, model->args_size);
    snn_status status = snn_synapse_save(synapse, fail, &out->state);
    if (status) snn_synapse_snapshot_drop(out);
    return status;
}

/* The ticks are those of then: a layer that steps takes its step back by them,
   also after something inside of it failed. */
void snn_synapse_snapshot_restore(snn_synapse *synapse, snn_synapse_snapshot *s)
{
    const snn_synapse_args *then = s->args;
    if (common(synapse)->step_time != then->step_time) snn_clock_changes++;
    snn_synapse_commit(synapse, s->args, s->state.ring);
    snn_trail_move(&s->state.trail, &synapse->trail);
    synapse->flow = s->state.flow;
    synapse->flow_before = s->state.flow_before;
    s->state.is_saved = false;
    synapse->ticks = s->ticks;
    synapse->can_undo = s->can_undo;
    snn_synapse_snapshot_drop(s);
}

void snn_synapse_snapshot_drop(snn_synapse_snapshot *s)
{
    snn_mem_free(s->args);
    s->args = NULL;
    snn_synapse_drop(&s->state);
}

snn_status snn_synapse_clear(snn_synapse *synapse, snn_fail *fail)
{
    snn_ring fresh[SNN_MOST_RINGS];
    const snn_synapse_layout layout = snn_synapse_layout_now(synapse);
    snn_status status = snn_synapse_silent(synapse->model, synapse->args,
                                           &layout, fail, fresh);
    if (status == SNN_OK) snn_synapse_commit(synapse, NULL, fresh);
    return status;
}
