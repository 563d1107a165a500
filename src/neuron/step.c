/* One step of a group: arrays (samples, neurons), cut into spans.

     model->step[isa][f64](span): the model's law, for

                  neurons ->   i        i + n
                +--------------+-------+---------------+
       sample b |              | / / / |               |  voltage, low, hold,
            b+1 |              | / / / |               |  input, spike
                +--------------+-------+---------------+
     adaptation |              | / / / |               |  one for all samples
                +--------------+-------+---------------+

   With adaptations a span has n <= SNN_SPAN_MOST neurons of several samples,
   which share what adapts: the step reads it for all of them, then snn_adapt
   makes the next one while they are in the cache. Without, or where each sample
   has its own, nothing is shared and all samples are one run of neurons. A large
   group is cut into parts of PART neurons and samples and asked for ahead in
   strips; a small one into a range for each thread.

   Invariants: the state changes in place where nobody else holds its bytes:
   snn_tensor_edit(keep) gives each array bytes of its own with the same values,
   so that it may fail halfway without a trace, and once all arrays are ready
   (own_state) nothing can fail. Only with a reduction callback, or so LONG that an
   interrupt may end it, the step is made on a copy, which becomes the state when all
   has succeeded. Results do not depend on how it is cut. */
#include <float.h>
#include <math.h>

#include "neuron/adapt.h"
#include "neuron/group.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"
#include "util/par.h"
#include "util/single.h"

/* ValueError unless `t` has a value for each neuron of each sample. */
static snn_status check_values(const snn_neuron *neuron, const snn_tensor *t,
                               const char *where, const char *name,
                               snn_fail *fail)
{
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    if (snn_shape_is_batch(&t->shape, args->batch_size, &args->shape))
        return SNN_OK;
    snn_shape shape = snn_neuron_batched_shape(neuron);
    return snn_group_shape(t, &shape, where, name, fail);
}

/* Spikes count as 1 nA each: a script has left its connection out. */
static snn_status warn_of_spikes(snn_neuron *neuron, const char *where,
                                 snn_fail *fail)
{
    return snn_warn(&neuron->told, SNN_SPIKES_AS_CURRENT, fail,
                    "%s: 'input' is bool: spikes are no currents, each counts as "
                    "1 nA; give what a connection makes of them, or "
                    "spikes:to(\"float32\") * current",
                    where);
}

snn_status snn_neuron_check(snn_neuron *neuron, const snn_tensor *input,
                            const snn_neuron_options *options,
                            const char *where, snn_fail *fail)
{
    snn_status status = snn_group_idle(neuron, where, fail);
    if (!status && input)
        status = check_values(neuron, input, where, "input", fail);
    if (!status && options->override && !neuron->model->takes_override)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: %s takes no 'override'", where,
                            neuron->model->name);
    if (!status && options->override)
        status =
            check_values(neuron, options->override, where, "override", fail);
    if (input && __builtin_expect(input->dtype == SNN_BOOL, 0) && !status &&
        !neuron->model->takes_override)
        status = warn_of_spikes(neuron, where, fail);
    return status;
}

/* `*t` becomes one in the group's dtype, contiguous: `made`, or what it was where
   that is so already, and `made` is empty. */
static snn_status as_real(const snn_neuron *neuron, const snn_tensor **t,
                          snn_fail *fail, snn_tensor *made)
{
    snn_dtype dtype = snn_neuron_args_of(neuron)->dtype;
    const snn_tensor *from = *t;
    made->storage = NULL;
    if (from->dtype == dtype && snn_tensor_is_contiguous(from)) return SNN_OK;
    *t = made;
    if (from->dtype != dtype) return snn_tensor_to(from, dtype, fail, made);
    return snn_tensor_contiguous(from, fail, made);
}

static bool own(snn_tensor *t, bool keep)
{
    return snn_tensor_is_empty(t) || snn_storage_own(t->storage, keep);
}

/* Makes all arrays that the step changes the state's own. */
static bool own_state(snn_neuron_state *state, bool adapt)
{
    return own(&state->voltage, true) && own(&state->low, true) &&
           own(&state->hold, true) && own(&state->from, true) &&
           own(&state->own, true) &&
           (!adapt || (own(&state->adaptation, true) &&
                       own(&state->adaptation_low, true))) &&
           own(&state->spike, false); /* last: its values are gone */
}

/* What a step is given, in the group's real type. */
typedef struct snn_step_inputs {
    const void *input;
    const uint8_t *override; /* or NULL */
    const snn_neuron_source *source; /* in place of `input`, or NULL */
} snn_step_inputs;

static void *data_of(const snn_tensor *t)
{
    return (void *)(uintptr_t)snn_group_data(t);
}

/* The whole group as one span, over arrays that are the state's own. */
static snn_neuron_span span_of(const snn_neuron *neuron,
                               const snn_neuron_options *options,
                               const snn_step_inputs *inputs,
                               snn_neuron_state *state)
{
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    bool takes = args->refrac_input;
    snn_neuron_span span = {
        .samples = args->batch_size,
        .n = neuron->n,
        .input = inputs->input,
        .override = inputs->override,
        .voltage = data_of(&state->voltage),
        .low = data_of(&state->low),
        .hold = data_of(&state->hold),
        .spike = data_of(&state->spike),
        .adaptations = neuron->traits.adaptations,
        .held = { .takes = takes, .moves = takes || !options->refrac_lock },
        .constants = neuron->planes.plane,
        .each = neuron->planes.each,
        .falls = neuron->planes.falls,
    };
    if (!snn_tensor_is_empty(&state->own)) {
        span.own = data_of(&state->own);
        span.own_stride = args->batch_size * neuron->n;
    }
    if (span.adaptations) {
        span.adaptation = data_of(&state->adaptation);
        span.adaptation_low = data_of(&state->adaptation_low);
    }
    return span;
}

/* A part is 5 us by COST, which is that of a plain model in memory (10^7 LIF: 3.6
   ms, 0.36 ns a neuron). */
enum { PART = 1 << 14 };        /* neurons of samples in a part */
static const double COST = 0.3; /* ns for one of them */
static const double LONG = 4e7; /* ns: a part of what an interrupt may take */
/* A group whose voltages take FAR bytes comes from memory at each step. The
   processor's own prefetching starts anew with each span and does not see
   behind exponentials: such a group is stepped in the strips of its model, each
   asked for while the two before it are worked on. Measured at 10^7 neurons over the
   triad in place, without strips and with strips of 128 (model->strip): ALIF 2.0 and
   1.05, QIF 2.0 and 1.06, Izhikevich 2.1 and 1.13, LIF 1.2 and 1.07, AdEx 2.3 and
   1.5. */
enum { FAR = 6 << 20, AHEAD = 2 /* strips */ };
enum { PIECE = 2048 }; /* neurons whose input is made at once, in the first cache */

typedef struct step_job {
    snn_neuron_step_fn *step;
    snn_neuron_span whole;
    size_t size;    /* of a real number */
    int64_t blocks; /* of `width` neurons */
    int64_t width;
    int64_t groups; /* of `height` samples */
    int64_t height;
    int64_t most;   /* neurons in a span */
    int64_t strip;  /* is asked for at once; 0: none */
    int64_t period; /* neurons in a sample, where several are one */
    const snn_adapt *adapt; /* after the step, where a part has all samples */
    const snn_neuron_source *source; /* of the input; NULL: it is there */
} step_job;

static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

static void *past(const void *array, int64_t bytes)
{
    return array ? (char *)(uintptr_t)array + bytes : NULL;
}

static SNN_INLINE void ask_for(const void *array, int64_t at)
{
    __builtin_prefetch((const void *)((uintptr_t)array + (uintptr_t)at), 1);
}

/* Asks for what a step of n neurons of sample b needs, from i on, a line of
   each array in turn. They need not exist: nothing is read. */
static SNN_INLINE void ask_ahead(const step_job *job, int64_t b, int64_t i,
                                 int64_t n)
{
    enum { LINE = 64 };
    const snn_neuron_span *whole = &job->whole;
    int64_t size = (int64_t)job->size, at = b * whole->n + i;
    for (int64_t k = 0; k < n * size; k += LINE) {
        ask_for(whole->voltage, at * size + k);
        if (whole->low) ask_for(whole->low, at * size + k);
        ask_for(whole->hold, at * size + k);
        if (whole->input) ask_for(whole->input, at * size + k);
        for (int j = 0; j < whole->adaptations; j++) {
            int64_t place = (i * size + k) * whole->adaptations + j * LINE;
            ask_for(whole->adaptation, place);
            if (whole->adaptation_low) ask_for(whole->adaptation_low, place);
        }
    }
    for (int64_t k = 0; k < n; k += LINE) ask_for(whole->spike, at + k);
}

/* A span whose input is made first. */
static void step_piece(const step_job *job, snn_neuron_span *span, int64_t at)
{
    _Alignas(64) double input[PIECE];
    job->source->fill(job->source->context, at, span->n, input);
    span->input = input;
    job->step(span);
}

/* Neurons i .. i + n of so many samples from b on, all of one sample where
   constants differ. */
static void step_some(const step_job *job, int64_t b, int64_t samples, int64_t i,
                      int64_t n)
{
    const snn_neuron_span *whole = &job->whole;
    int64_t at = b * whole->n + i, size = (int64_t)job->size;
    snn_neuron_span span = *whole;
    span.n = n;
    span.samples = samples;
    span.stride = whole->n;
    span.first = whole->each ? i % job->period : 0;
    span.input = past(whole->input, at * size);
    span.voltage = (char *)whole->voltage + at * size;
    span.low = past(whole->low, at * size);
    span.hold = (char *)whole->hold + at * size;
    span.spike = whole->spike + at;
    span.override = past(whole->override, at);
    span.own = past(whole->own, at * size);
    span.adaptation = past(whole->adaptation, i * whole->adaptations * size);
    if (job->source)
        step_piece(job, &span, at);
    else
        job->step(&span);
}

/* The same of any. */
static void step_span(const step_job *job, int64_t b, int64_t samples, int64_t i,
                      int64_t n)
{
    if (!job->whole.each) {
        step_some(job, b, samples, i, n);
        return;
    }
    for (int64_t end = i + n; i < end; i += n) {
        n = least(end - i, job->period - i % job->period);
        step_some(job, b, samples, i, n);
    }
}

/* Whether half of a strip is asked for before the step and half before it
   adapts: all of it at once is more than the processor waits for. */
static bool asks_twice(const step_job *job, int64_t samples)
{
    return job->adapt && samples == 1;
}

/* The same sample by sample, with a look at what comes AHEAD strips later, or
   twice as far among samples, whose strips lie apart. */
static void step_strip(const step_job *job, int64_t b, int64_t samples, int64_t i,
                       int64_t n)
{
    const int64_t ahead = samples > 1 ? 2 * AHEAD : AHEAD;
    const int64_t asked = asks_twice(job, samples) ? job->strip / 2 : job->strip;
    for (int64_t r = 0; r < samples; r++) {
        int64_t later = r + ahead;
        ask_ahead(job, b + later % samples, i + later / samples * job->strip, asked);
        step_span(job, b + r, 1, i, n);
    }
}

static void adapt_span(const step_job *job, int64_t b, int64_t samples, int64_t i,
                       int64_t n)
{
    int64_t half = job->strip / 2;
    if (half && asks_twice(job, samples))
        ask_ahead(job, b, i + AHEAD * job->strip + half, half);
    snn_adapt_reduce_some(job->adapt, i, n);
}

static void step_part(void *context, int64_t part)
{
    const step_job *job = context;
    int64_t first = part % job->blocks * job->width;
    int64_t b = part / job->blocks * job->height;
    int64_t end = least(job->whole.n, first + job->width);
    int64_t samples = least(job->whole.samples - b, job->height);
    for (int64_t i = first; i < end; i += job->most) {
        int64_t n = least(end - i, job->most);
        step_strip(job, b, samples, i, n);
        if (job->adapt) adapt_span(job, b, samples, i, n);
    }
}

static snn_adapt adapt_of(const snn_neuron *neuron,
                          const snn_neuron_span *span)
{
    return (snn_adapt){
        .is_f64 = snn_neuron_args_of(neuron)->dtype == SNN_FLOAT64,
        .follows = neuron->model->follows_voltage,
        .place = neuron->model->adapting,
        .period = neuron->n,
        .reduction = neuron->traits.reduction,
        .whole = span,
    };
}

/* How many neurons to ask for at once; 0: the group is not large. With
   adaptations there are more arrays, so that it is sooner (10^6 ALIF: 1.03 ms in
   strips, 1.2 without). Where constants differ and nothing adapts the
   processor's own prefetching is as good (4 10^6 LIF: 2.8 ms, 3.8 in strips). */
static int64_t strip_of(const snn_neuron *neuron, const step_job *job)
{
    const bool adapts = job->whole.adaptations > 0;
    int64_t strip = neuron->model->strip;
    int64_t count = job->whole.n * job->whole.samples;
    int64_t far = (adapts ? FAR / 2 : FAR) / (int64_t)job->size;
    bool is_far = count >= far && job->whole.n > strip;
    return is_far && (adapts || !job->whole.each) ? strip : 0;
}

/* Cuts the group into parts of at most PART by its shape; with adaptations of
   as many samples of the same neurons as fit. */
static void cut(const snn_neuron *neuron, step_job *job)
{
    bool adapts = job->whole.adaptations > 0;
    job->width = job->most = PART;
    job->height = 1;
    if (adapts) job->most = least(job->whole.n, SNN_SPAN_MOST);
    job->strip = strip_of(neuron, job);
    if (job->source) job->most = PIECE;
    if (job->strip) job->most = job->strip;
    if (adapts) {
        job->height = least(PART / job->most, job->whole.samples);
        job->width = PART / job->height / job->most * job->most;
    }
    job->blocks = (job->whole.n + job->width - 1) / job->width;
    job->groups = (job->whole.samples + job->height - 1) / job->height;
}

/* Neurons first .. end - 1 of all samples. */
static void step_neurons(void *context, int64_t first, int64_t end)
{
    const step_job *job = context;
    for (int64_t i = first; i < end; i += job->most) {
        int64_t n = least(end - i, job->most);
        step_span(job, 0, job->whole.samples, i, n);
        if (job->adapt) adapt_span(job, 0, job->whole.samples, i, n);
    }
}

/* Samples first .. end - 1 of all neurons. */
static void step_samples(void *context, int64_t first, int64_t end)
{
    const step_job *job = context;
    for (int64_t i = 0; i < job->whole.n; i += job->most)
        step_span(job, first, end - first, i,
                  least(job->whole.n - i, job->most));
}

/* A group that stays in the caches: a range of its arrays for each thread. */
static void run_ranges(step_job *job, double cost)
{
    enum { ALIGN = 64 }; /* a line of spikes */
    int64_t samples = job->whole.samples;
    int threads = snn_par_threads();
    if (job->whole.adaptations == 0)
        job->most = job->source ? PIECE : job->whole.n;
    if (samples > 1 && samples >= threads && threads > 1) {
        job->adapt = NULL;
        snn_par_span(samples, 1, cost, step_samples, job);
    } else {
        snn_par_span(job->whole.n, ALIGN, cost, step_neurons, job);
    }
}

/* ns of one neuron. */
static double cost_of(const snn_neuron *neuron)
{
    const snn_neuron_model *model = neuron->model;
    if (model->cost == 0) return COST;
    if (!model->parts) return model->cost;
    return model->cost * snn_planes_least(&neuron->planes, model->parts, 1,
                                          snn_neuron_args_of(neuron)->dtype ==
                                              SNN_FLOAT64);
}

/* ns of a step. */
static double cost_of_all(const snn_neuron *neuron)
{
    return cost_of(neuron) * (double)neuron->n *
           (double)snn_neuron_args_of(neuron)->batch_size;
}

/* Whether a step takes so long that an interrupt may end it. */
static bool is_long(const snn_neuron *neuron)
{
    return cost_of_all(neuron) > LONG;
}

/* Steps the group; then it adapts, if it does: part by part where each has all
   samples of its neurons, which are in the cache then. */
static void run_step(const snn_neuron *neuron, const snn_neuron_span *span,
                     const snn_neuron_source *source, bool adapts, bool stops)
{
    const bool is_f64 = snn_neuron_args_of(neuron)->dtype == SNN_FLOAT64;
    step_job job = { .step = neuron->model->step[snn_isa()][is_f64],
                     .whole = *span,
                     .period = span->n,
                     .source = source,
                     .size = is_f64 ? sizeof(double) : sizeof(float) };
    if (!span->adaptations || neuron->traits.reduction == SNN_BATCH_NONE) {
        job.whole.n *= job.whole.samples; /* samples share nothing: as one */
        job.whole.samples = 1;
    }
    cut(neuron, &job);
    snn_adapt adapt;
    if (adapts) adapt = adapt_of(neuron, &job.whole);
    bool in_parts = stops || job.strip;
    if (adapts && (job.groups == 1 || !in_parts)) job.adapt = &adapt;
    double cost = cost_of_all(neuron);
    if (source) cost += source->cost * (double)job.whole.n;
    if (stops)
        snn_par_attempt(job.blocks * job.groups, cost, step_part, &job);
    else if (in_parts)
        snn_par_run(job.blocks * job.groups, cost, step_part, &job);
    else
        run_ranges(&job, cost);
    if (adapts && !job.adapt) snn_adapt_reduce(&adapt);
}

/* The step itself, on arrays that are the state's own: cannot fail. One that
   stops at an interrupt is half done then. */
static void advance(const snn_neuron *neuron, const snn_neuron_span *span,
                    const snn_neuron_source *source, snn_neuron_state *state,
                    bool adapts, bool stops)
{
    run_step(neuron, span, source, adapts, stops);
    if (snn_tensor_is_empty(&state->from)) return;
    snn_refrac refrac = snn_group_refrac(neuron);
    if (!snn_refrac_follow(&refrac, span->spike, span->hold,
                           snn_tensor_edit(&state->from, true)))
        snn_tensor_clear(&state->from);
}

/* Makes the step in place. */
static snn_status step_here(snn_neuron *neuron, bool adapts,
                            const snn_neuron_options *options,
                            const snn_step_inputs *inputs, snn_fail *fail)
{
    snn_neuron_state *state = &neuron->state;
    if (!own_state(state, adapts))
        return snn_fail_memory(fail, neuron->model->name,
                               snn_tensor_bytes(&state->voltage));
    snn_neuron_span span = span_of(neuron, options, inputs, state);
    advance(neuron, &span, inputs->source, state, adapts, false);
    return SNN_OK;
}

/* Values and what rounding takes from them, 0 of infinities and NaN, and in the end. */
static void split(const snn_tensor *wide, float *value, float *rest)
{
    const double *from = snn_tensor_data(wide);
    for (int64_t i = 0; i < snn_tensor_count(wide); i++) {
        const float one = snn_single_of(from[i]), left = (float)(from[i] - (double)one);
        value[i] = fabs(from[i]) < (double)FLT_MIN ? 0 : one;
        rest[i] = fabsf(left) >= FLT_MIN ? left : 0;
    }
}

/* `t` as an adaptation and its rest, in place of those of `next`. */
static snn_status take_fine(const snn_neuron *neuron, const snn_tensor *t,
                            snn_fail *fail, snn_neuron_state *next)
{
    snn_tensor wide, value, low = SNN_NO_TENSOR;
    snn_dtype dtype = snn_neuron_args_of(neuron)->dtype;
    snn_status status = snn_tensor_to(t, SNN_FLOAT64, fail, &wide);
    if (status) return status;
    status = snn_tensor_to(&wide, dtype, fail, &value);
    if (!status) {
        status = snn_group_zero_low(neuron, &t->shape, fail, &low);
        if (status) snn_tensor_clear(&value);
    }
    if (!status) {
        float *rest = snn_tensor_is_empty(&low) ? NULL
                                                : snn_tensor_edit(&low, true);
        if (rest) split(&wide, snn_tensor_edit(&value, true), rest);
        snn_tensor_move(&value, &next->adaptation);
        snn_tensor_move(&low, &next->adaptation_low);
    }
    snn_tensor_clear(&wide);
    return status;
}

/* The new adaptation by the callback, in `next`. It gets and may return
   float64, so that slow decays outlive it. */
static snn_status reduce_by_callback(snn_neuron *neuron,
                                     const snn_neuron_span *span,
                                     const snn_neuron_options *options,
                                     const char *where, snn_fail *fail,
                                     snn_neuron_state *next)
{
    snn_tensor data, reduced = SNN_NO_TENSOR;
    snn_shape want = snn_group_adaptation_shape(neuron);
    snn_shape shape = snn_shape_prepend(span->samples, &want);
    snn_status status =
        snn_tensor_new(&shape, SNN_FLOAT64, where, fail, &data);
    if (status) return status;
    snn_adapt job = adapt_of(neuron, span);
    snn_adapt_each(&job, snn_tensor_edit(&data, false));
    neuron->is_stepping = true;
    status = options->reduce(options->context, &data, &reduced, fail);
    neuron->is_stepping = false;
    if (!status)
        status = snn_group_shape(&reduced, &want, where,
                                 "batch_reduction's result", fail);
    if (!status) status = take_fine(neuron, &reduced, fail, next);
    snn_tensor_clear(&reduced);
    snn_tensor_clear(&data);
    return status;
}

/* Makes the step on a copy, which becomes the state when all went well: when the
   reduction's callback has succeeded, and when no interrupt has ended it. */
static snn_status step_aside(snn_neuron *neuron, bool adapts, bool reduces,
                             const snn_neuron_options *options,
                             const snn_step_inputs *inputs, const char *where,
                             snn_fail *fail)
{
    snn_neuron_state next;
    snn_status status = snn_neuron_save(neuron, &next, fail);
    if (status) return status;
    if (!own_state(&next, adapts)) {
        status = snn_fail_memory(fail, where, snn_tensor_bytes(&next.voltage));
    } else {
        bool stops = is_long(neuron);
        snn_neuron_span span = span_of(neuron, options, inputs, &next);
        advance(neuron, &span, NULL, &next, adapts, stops);
        if (stops) status = snn_interrupt_check(where, fail);
        if (!status && reduces)
            status = reduce_by_callback(neuron, &span, options, where, fail, &next);
    }
    if (status)
        snn_neuron_drop(&next);
    else
        snn_group_commit(neuron, &next);
    return status;
}

snn_status snn_neuron_step(snn_neuron *neuron, const snn_tensor *input,
                           const snn_neuron_options *options,
                           const char *where, snn_fail *fail)
{
    snn_tensor made, override;
    made.storage = override.storage = NULL;
    bool adapt = options->adapt && neuron->traits.adaptations > 0;
    snn_status status = snn_neuron_check(neuron, input, options, where, fail);
    if (!status && neuron->watch) status = snn_neuron_prepare_watch(neuron, fail);
    if (!status && input) status = as_real(neuron, &input, fail, &made);
    if (!status && options->override)
        status = snn_spikes_from(options->override, fail, &override);
    if (!status) {
        snn_step_inputs inputs = { .input = input ? snn_tensor_data(input) : NULL,
                                   .override = snn_group_data(&override),
                                   .source = options->source };
        bool reduces = adapt && neuron->traits.reduction == SNN_BATCH_CALLBACK;
        if (reduces || is_long(neuron))
            status = step_aside(neuron, adapt && !reduces, reduces, options,
                                &inputs, where, fail);
        else
            status = step_here(neuron, adapt, options, &inputs, fail);
    }
    snn_tensor_clear(&override);
    snn_tensor_clear(&made);
    if (!status && neuron->watch) snn_neuron_record_watch(neuron);
    return status;
}

bool snn_neuron_takes_source(const snn_neuron *neuron)
{
    return neuron->traits.adaptations == 0 && !is_long(neuron);
}
