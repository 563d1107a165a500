/* Conv2D: filters that are moved over inputs of two dimensions.

     y[f, o] = sum over c, i, j of W[f, c, i, j] x[c, o stride - padding +
               (i, j) dilation] + b[f]

   x the synaptic currents (nA), 0 in the padding. Inputs (C, H, W), outputs (F,
   oh, ow), oh = floor((H + 2 padding - dilation (kernel - 1) - 1) / stride) + 1.
   The synapse sees the patches: (K, L), K = C kh kw, L = oh ow, a synapse for
   each use of an input. kernel, stride, padding, dilation: a number or (height,
   width).

   In memory the weight is (K, F): a spike of a patch adds one row to all
   filters of its output. Source: Inferno 0.0.5, Conv2D. */
#include "connection/conv2d.h"

#include <math.h>
#include <string.h>

#include "connection/patches.h"
#include "connection/product.h"
#include "kernel/conv.h"
#include "kernel/matmul.h"
#include "tensor/copy.h"
#include "tensor/spikes.h"
#include "util/blas.h"
#include "util/pool.h"
#include "util/interrupt.h"

typedef struct conv_args {
    snn_connection_args common;
    int64_t height, width, channels, filters;
    snn_shape kernel, stride, padding, dilation; /* one or two sizes */
} conv_args;

/* ---- shapes ---- */

static int64_t pick(const snn_shape *sizes, int dim)
{
    return sizes->size[sizes->ndim > 1 ? dim : 0];
}

static snn_conv_shape shape_of(const conv_args *a)
{
    snn_conv_shape s = { .channels = a->channels, .height = a->height,
                         .width = a->width };
    for (int d = 0; d < 2; d++) {
        int64_t size = d ? a->width : a->height;
        s.kernel[d] = pick(&a->kernel, d);
        s.stride[d] = pick(&a->stride, d);
        s.padding[d] = pick(&a->padding, d);
        s.dilation[d] = pick(&a->dilation, d);
        int64_t room = size + 2 * s.padding[d] -
                       s.dilation[d] * (s.kernel[d] - 1) - 1;
        s.out[d] = room < 0 ? 0 : room / s.stride[d] + 1;
    }
    return s;
}

static int64_t patch_size(const snn_conv_shape *s)
{
    return s->channels * s->kernel[0] * s->kernel[1];
}

static int64_t places(const snn_conv_shape *s) { return s->out[0] * s->out[1]; }

static snn_status check_sizes(const snn_shape *sizes, const char *name,
                              snn_fail *fail)
{
    if (sizes->ndim < 1 || sizes->ndim > 2)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "Conv2D: '%s' must be a number or a list of 2, got "
                            "a list of %d",
                            name, sizes->ndim);
    for (int i = 0; i < sizes->ndim; i++)
        if (sizes->size[i] > INT32_MAX / 4)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "Conv2D: '%s' does not fit into memory", name);
    return SNN_OK;
}

/* All sizes are below 2^29; the numbers of elements must be below 2^40. */
static snn_status check_room(const conv_args *a, snn_fail *fail)
{
    enum { LARGEST = INT32_MAX / 4 };
    bool fits = a->height <= LARGEST && a->width <= LARGEST &&
                a->channels <= LARGEST && a->filters <= LARGEST;
    if (fits) {
        snn_conv_shape s = shape_of(a);
        double patch = (double)s.channels * (double)s.kernel[0] *
                       (double)s.kernel[1];
        double out = (double)s.out[0] * (double)s.out[1];
        double in = (double)s.channels * (double)s.height * (double)s.width;
        fits = patch * out < 0x1p40 && in < 0x1p40 &&
               patch * (double)a->filters < 0x1p40 &&
               out * (double)a->filters < 0x1p40;
    }
    return fits ? SNN_OK
                : snn_fail_set(fail, SNN_VALUE_ERROR,
                               "Conv2D: its size does not fit into memory");
}

static snn_status check(const void *args, snn_fail *fail)
{
    const conv_args *a = args;
    snn_status status = check_sizes(&a->kernel, "kernel", fail);
    if (!status) status = check_sizes(&a->stride, "stride", fail);
    if (!status) status = check_sizes(&a->padding, "padding", fail);
    if (!status) status = check_sizes(&a->dilation, "dilation", fail);
    if (!status) status = check_room(a, fail);
    if (status) return status;
    snn_conv_shape s = shape_of(a);
    if (s.out[0] > 0 && s.out[1] > 0) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "Conv2D: 'kernel' with its dilation is larger than the "
                        "input with its padding: there is no output");
}

static void shapes(const void *args, snn_shape *in, snn_shape *out)
{
    const conv_args *a = args;
    snn_conv_shape s = shape_of(a);
    *in = snn_shape_of(3, (int64_t[]){ a->channels, a->height, a->width });
    *out = snn_shape_of(3, (int64_t[]){ a->filters, s.out[0], s.out[1] });
}

static snn_shape synapse_shape(const void *args)
{
    snn_conv_shape s = shape_of(args);
    return snn_shape_of(2, (int64_t[]){ patch_size(&s), places(&s) });
}

/* (F, C, kh, kw) over a (K, F) memory. */
static snn_status init(snn_connection *connection, snn_fail *fail)
{
    const conv_args *a = connection->args;
    snn_conv_shape s = shape_of(a);
    snn_param *weight = &connection->weight;
    int64_t sizes[] = { a->filters, s.channels, s.kernel[0], s.kernel[1] };
    int64_t steps[] = { 1, s.kernel[0] * s.kernel[1] * a->filters,
                        s.kernel[1] * a->filters, a->filters };
    snn_shape shape = snn_shape_of(4, sizes);
    snn_status status =
        snn_param_init(weight, &shape, patch_size(&s), a->filters, true,
                       a->common.dtype, fail);
    if (status) return status;
    weight->value.shape = shape;
    memcpy(weight->value.stride, steps, sizeof steps);
    connection->biases = a->filters;
    return SNN_OK;
}

/* (B, K, L, F) over it: a delay for all places. */
static void lay_selector(const snn_connection *connection, snn_tensor *t)
{
    const conv_args *a = connection->args;
    snn_conv_shape s = shape_of(a);
    int64_t sizes[] = { a->common.batch_size, patch_size(&s), places(&s),
                        a->filters };
    int64_t steps[] = { 0, a->filters, 0, 1 };
    t->shape = snn_shape_of(4, sizes);
    memcpy(t->stride, steps, sizeof steps);
}

/* ---- patches ---- */

/* (B, last...) with any B? */
static snn_status check_shape(const snn_tensor *t, const snn_shape *last,
                              const char *where, snn_fail *fail)
{
    snn_shape want = snn_shape_prepend(
        t->shape.ndim > 0 ? t->shape.size[0] : 1, last);
    if (snn_shape_equal(&t->shape, &want)) return SNN_OK;
    char got[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the tensor has shape %s, wanted is one of %s for "
                        "each sample",
                        where, snn_shape_text(&t->shape, got),
                        snn_shape_text(last, text));
}

snn_status snn_conv2d_unfold(const snn_connection *connection,
                             const snn_tensor *input, const char *where,
                             snn_fail *fail, snn_tensor *out)
{
    snn_conv_shape s = shape_of(connection->args);
    snn_tensor flat;
    *out = SNN_NO_TENSOR;
    snn_status status = check_shape(input, &connection->in, where, fail);
    if (!status) status = snn_tensor_contiguous(input, fail, &flat);
    if (status) return status;
    snn_shape shape = synapse_shape(connection->args);
    shape = snn_shape_prepend(input->shape.size[0], &shape);
    status = snn_tensor_new(&shape, input->dtype, where, fail, out);
    if (!status) status = snn_patches_unfold(&s, &flat, where, fail, out);
    snn_tensor_clear(&flat);
    return status;
}

/* The patches are contiguous and real. */
static snn_status fold(const snn_connection *connection,
                       const snn_tensor *patches, double empty,
                       const char *where, snn_fail *fail, snn_tensor *out)
{
    snn_conv_shape s = shape_of(connection->args);
    int64_t batch = patches->shape.size[0];
    snn_shape shape = snn_shape_prepend(batch, &connection->in);
    snn_status status =
        snn_tensor_new(&shape, patches->dtype, where, fail, out);
    if (status) return status;
    snn_conv_fold job = { &s, batch, snn_tensor_data(patches),
                          snn_tensor_edit(out, false), empty };
    snn_conv_fold_run(&job, patches->dtype == SNN_FLOAT64);
    return SNN_OK;
}

snn_status snn_conv2d_fold(const snn_connection *connection,
                           const snn_tensor *patches, const char *where,
                           snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = synapse_shape(connection->args);
    snn_dtype dtype = patches->dtype;
    bool is_real = snn_dtype_is_real(dtype);
    snn_tensor real, mean;
    *out = SNN_NO_TENSOR;
    snn_status status = check_shape(patches, &shape, where, fail);
    if (!status)
        status = snn_tensor_to(patches, is_real ? dtype : SNN_FLOAT32, fail,
                               &real);
    if (status) return status;
    status = fold(connection, &real, is_real ? NAN : 0, where, fail, &mean);
    snn_tensor_clear(&real);
    if (status) return status;
    if (is_real) {
        snn_tensor_move(&mean, out);
        return SNN_OK;
    }
    status = snn_tensor_to(&mean, dtype, fail, out);
    snn_tensor_clear(&mean);
    return status;
}

static snn_status to_synapse(const snn_connection *connection,
                             const snn_tensor *input, const char *where,
                             snn_fail *fail, snn_tensor *out)
{
    return snn_conv2d_unfold(connection, input, where, fail, out);
}

/* ---- the product ---- */

/* Share of patch elements that carry current from which the product is the
   faster one (measured at 1 x 28 x 28 with 16 filters of 5 x 5 and 8 x 24 x 24
   with 32 of 3 x 3: spec/bench/conv2d.lua). */
static const double dense_from = 0.25;

static snn_conv product_of(const snn_connection *connection, void *sum,
                           void *out)
{
    const conv_args *a = connection->args;
    snn_conv_shape s = shape_of(a);
    return (snn_conv){
        .batch = a->common.batch_size,
        .rows = patch_size(&s),
        .places = places(&s),
        .columns = a->filters,
        .gain = 1,
        .weight = snn_param_data(&connection->weight),
        .bias = snn_product_bias(connection),
        .sum = sum,
        .out = out,
    };
}

/* A BLAS product for each sample; then what is no finite number anew. */
static snn_status by_product(const snn_connection *connection, snn_conv *c,
                             const void *input, snn_fail *fail)
{
    bool f64 = snn_product_is_f64(connection);
    size_t size = f64 ? sizeof(double) : sizeof(float);
    for (int64_t b = 0; b < c->batch && !snn_interrupt_wanted(); b++) {
        const char *in = (const char *)input;
        char *out = c->out;
        snn_product product = {
            .type = f64 ? SNN_MATMUL_FLOAT64 : SNN_MATMUL_FLOAT32,
            .m = c->columns,
            .n = c->places,
            .k = c->rows,
            .a = { c->weight, 1, c->columns },
            .b = { in + (size_t)(b * c->rows * c->places) * size, c->places,
                   1 },
            .c = out + (size_t)(b * c->columns * c->places) * size,
        };
        snn_matmul(&product);
    }
    if (snn_interrupt_wanted()) return SNN_OK; /* see snn_connection_step */
    snn_conv_finish(c, f64);
    snn_tensor aside;
    void *out = c->out;
    snn_status status = snn_product_aside(connection, out, fail, &aside);
    if (status || snn_tensor_is_empty(&aside)) return status;
    c->out = snn_tensor_edit(&aside, false);
    snn_conv_run(c, f64);
    snn_product_mend(&aside, out);
    c->out = out;
    return SNN_OK;
}

/* Spikes (B, K, L), as what they count: `value`, or NULL: 1 each. */
static snn_status of_spikes(const snn_connection *connection, snn_conv *c,
                            const snn_tensor *spikes, const snn_tensor *value,
                            snn_fail *fail)
{
    const snn_events *events;
    snn_tensor real = SNN_NO_TENSOR;
    snn_status status = snn_spikes_events(spikes, fail, &events);
    if (status) return status;
    double elements = (double)events->rows * (double)events->columns;
    bool is_dense = (double)events->count > dense_from * elements;
    if (is_dense) status = snn_blas_load(connection->model->name, fail);
    if (is_dense && !value && !status)
        status = snn_tensor_to(spikes, snn_connection_common(connection)->dtype,
                               fail, &real);
    if (status) return status;
    const snn_conv_step step = { .offset = events->offset, .index = events->index,
                                 .worth = value ? snn_tensor_data(value) : NULL };
    c->offset = events->offset;
    c->index = events->index;
    c->step = value ? &step : NULL;
    c->steps = 1;
    if (is_dense)
        status = by_product(connection, c, snn_tensor_data(value ? value : &real),
                            fail);
    else
        snn_conv_run(c, snn_product_is_f64(connection));
    snn_tensor_clear(&real);
    c->step = NULL;
    return status;
}

static snn_status of_values(const snn_connection *connection, snn_conv *c,
                            const snn_tensor *value, snn_fail *fail)
{
    snn_status status = SNN_OK;
    c->value = snn_tensor_data(value);
    snn_product_wholes++;
    bool is_dense = snn_product_share(value) > dense_from;
    if (is_dense) status = snn_blas_load(connection->model->name, fail);
    if (!is_dense)
        snn_conv_run(c, snn_product_is_f64(connection));
    else if (!status)
        status = by_product(connection, c, c->value, fail);
    return status;
}

/* A current that the synapse stores, or its spikes, at the delays. */
static snn_status of_delays(snn_connection *connection, snn_conv *c, int part,
                            snn_fail *fail)
{
    const snn_delay_indices *indices = &connection->currents.indices;
    snn_tables tables;
    snn_status status = snn_synapse_tables(connection->synapse, indices, part,
                                           fail, &tables);
    if (status) return status;
    snn_product_wholes++;
    snn_delayed delayed = {
        .width = tables.width,
        .active = tables.active,
        .table = { tables.table[0], tables.table[1] },
        .factor = { indices->factor[0], indices->factor[1] },
        .age = indices->age,
    };
    if (part > 0) {
        delayed.factor[0] = indices->rest;
        delayed.factor[1] = NULL;
    }
    c->delayed = &delayed;
    snn_conv_run(c, snn_product_is_f64(connection));
    c->delayed = NULL;
    snn_tables_clear(&tables);
    return SNN_OK;
}

/* Of the first of two parts, what the last has given it by then. */
static const void *factor_of(const snn_connection *connection, int part)
{
    const snn_delay_indices *indices = &connection->currents.indices;
    if (part + 1 < snn_synapse_stored(connection->synapse))
        return indices->factor[1];
    return indices->rest ? indices->rest : indices->factor[0];
}

/* The spikes of the history, each step's to the filters of its age. */
static snn_status of_history(snn_connection *connection, snn_conv *c,
                             const snn_arrive *to, snn_fail *fail)
{
    const snn_synapse *synapse = connection->synapse;
    const int64_t steps = snn_synapse_steps(synapse);
    const size_t bytes = (size_t)steps * sizeof(snn_conv_step);
    snn_conv_step *step = snn_pool_take(bytes);
    snn_status status = SNN_OK;
    if (!step) return snn_fail_memory(fail, connection->model->name, bytes);
    for (int64_t age = 0; age < steps && !status; age++) {
        const snn_events *events;
        const snn_tensor *worth = snn_synapse_counts(synapse, age);
        status = snn_spikes_events(snn_synapse_spike_ago(synapse, age), fail,
                                   &events);
        if (!status)
            step[age] = (snn_conv_step){
                .age = (int32_t)age, .offset = events->offset,
                .index = events->index,
                .worth = worth ? snn_tensor_data(worth) : NULL
            };
    }
    c->step = step;
    c->steps = steps;
    c->age = connection->currents.indices.age;
    c->factor = factor_of(connection, to->part);
    if (!status) snn_conv_run(c, snn_product_is_f64(connection));
    c->step = NULL;
    snn_pool_give(step);
    return status;
}

/* Spikes as they arrive by delays. */
static snn_status of_arrivals(snn_connection *connection, snn_conv *c,
                              const snn_arrive *to, snn_fail *fail)
{
    const snn_synapse *synapse = connection->synapse;
    if (snn_arrivals_are_off) return of_delays(connection, c, 0, fail);
    if (!snn_param_is_shared(&connection->delay))
        return of_history(connection, c, to, fail);
    const int64_t age = connection->currents.indices.age[0];
    const void *factor = factor_of(connection, to->part);
    const bool f64 = snn_product_is_f64(connection);
    if (factor)
        c->gain *= f64 ? *(const double *)factor : (double)*(const float *)factor;
    return of_spikes(connection, c, snn_synapse_spike_ago(synapse, age),
                     snn_synapse_counts(synapse, age), fail);
}

static snn_status arrive(snn_connection *connection, const snn_arrive *to,
                         snn_fail *fail)
{
    const snn_shape shape = snn_connection_batched_out(connection);
    const size_t bytes = (size_t)snn_shape_count(&shape) *
                         snn_dtype_size(snn_connection_common(connection)->dtype);
    void *sum = snn_pool_take(bytes);
    if (!sum) return snn_fail_memory(fail, "Conv2D", bytes);
    snn_conv c = product_of(connection, sum, to->out);
    snn_status status = SNN_OK;
    const bool is_late =
        !to->value && !to->spikes && snn_connection_is_delayed(connection);
    c.gain = is_late && snn_arrivals_are_off ? 1 : to->gain;
    c.bias = to->bias;
    if (is_late) status = snn_connection_delay_indices(connection, fail);
    if (!status && to->is_all)
        status = of_delays(connection, &c, to->part, fail);
    else if (!status && is_late)
        status = of_arrivals(connection, &c, to, fail);
    else if (!status && to->value && !to->spikes)
        status = of_values(connection, &c, to->value, fail);
    else if (!status)
        status = of_spikes(connection, &c,
                           to->spikes ? to->spikes
                                      : snn_synapse_spike(connection->synapse),
                           to->value, fail);
    snn_pool_give(sum);
    return status;
}

/* The bias is one for each filter, which sums that are kept at the outputs do not
   know. */
static void add_bias(const snn_connection *connection, void *out)
{
    snn_conv c = product_of(connection, NULL, out);
    if (c.bias && connection->biases != connection->outputs)
        snn_conv_finish(&c, snn_product_is_f64(connection));
}

static snn_status propagate(snn_connection *connection, snn_fail *fail,
                            snn_tensor *out)
{
    const snn_synapse *synapse = connection->synapse;
    snn_shape shape = snn_connection_batched_out(connection);
    snn_status status =
        snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                       connection->model->name, fail, out);
    if (status) return status;
    void *data = snn_tensor_edit(out, false);
    const snn_arrive to = { .gain = snn_synapse_gain(synapse),
                            .bias = snn_product_bias(connection), .out = data };
    const bool has_sums =
        snn_sums_apply(connection) && snn_synapse_flow_before(synapse);
    status = snn_synapse_stored(synapse) > 0
                 ? snn_product_of_stored(connection, fail, data)
                 : arrive(connection, &to, fail);
    if (!status && has_sums) add_bias(connection, data);
    if (status) snn_tensor_clear(out);
    return status;
}

/* ---- pairings ---- */

static snn_conv_pair pair_of(const snn_connection *connection,
                             const snn_events *spikes, const snn_tensor *trace,
                             double scale, snn_delta *delta)
{
    const conv_args *a = connection->args;
    snn_conv_shape s = shape_of(a);
    return (snn_conv_pair){ .batch = spikes->rows,
                            .rows = patch_size(&s),
                            .places = places(&s),
                            .columns = a->filters,
                            .offset = spikes->offset,
                            .index = spikes->index,
                            .trace = snn_tensor_data(trace),
                            .scale = scale,
                            .delta = snn_delta_edit(delta) };
}

static void pair_post(const snn_connection *connection,
                      const snn_events *spikes, const snn_tensor *pre_trace,
                      double scale, snn_delta *delta)
{
    snn_conv_pair p = pair_of(connection, spikes, pre_trace, scale, delta);
    snn_conv_pair_post(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_mark_column(delta, spikes->index[e] / p.places);
}

static void pair_pre(const snn_connection *connection,
                     const snn_events *spikes, const snn_tensor *post_trace,
                     double scale, snn_delta *delta)
{
    snn_conv_pair p = pair_of(connection, spikes, post_trace, scale, delta);
    snn_conv_pair_pre(&p, delta->dtype == SNN_FLOAT64);
    for (int64_t e = 0; e < spikes->count; e++)
        snn_delta_mark_row(delta, spikes->index[e] / p.places);
}

static const snn_field fields[] = {
    { .name = "height", .type = SNN_COUNT, .fixed = true, SNN_AT(conv_args, height),
      .example = "6", .other = "7",
      .range = SNN_POSITIVE, .doc = "rows of the inputs" },
    { .name = "width", .type = SNN_COUNT, .fixed = true, SNN_AT(conv_args, width),
      .example = "5", .other = "6",
      .range = SNN_POSITIVE, .doc = "columns of the inputs" },
    { .name = "channels", .type = SNN_COUNT, .fixed = true, SNN_AT(conv_args, channels),
      .example = "2", .other = "1",
      .range = SNN_POSITIVE, .doc = "planes of each input, such as colours" },
    { .name = "filters", .type = SNN_COUNT, .fixed = true, SNN_AT(conv_args, filters),
      .example = "3", .other = "2",
      .range = SNN_POSITIVE, .doc = "channels of the outputs" },
    { .name = "kernel", .type = SNN_SIZES, .fixed = true, SNN_AT(conv_args, kernel),
      .example = "2", .other = "{ 2, 3 }",
      .doc = "size of a filter: a number or (height, width)" },
    { .name = "stride", .type = SNN_SIZES, .fixed = true, SNN_AT(conv_args, stride),
      .example = "2", .other = "{ 1, 2 }",
      .optional = true, .otherwise = 1, .doc = "from output to output" },
    { .name = "padding", .type = SNN_SIZES, .fixed = true, SNN_AT(conv_args, padding),
      .range = SNN_NOT_NEGATIVE, .optional = true, .otherwise = 0,
      .example = "1", .other = "{ 0, 1 }",
      .doc = "zeros around the inputs, on each side" },
    { .name = "dilation", .type = SNN_SIZES, .fixed = true, SNN_AT(conv_args, dilation),
      .example = "2", .other = "{ 1, 2 }",
      .optional = true, .otherwise = 1, .doc = "from kernel place to place" },
    SNN_CONNECTION_FIELDS(conv_args),
    { .name = NULL },
};

const snn_connection_model snn_connection_conv2d = {
    .where = SNN_HERE,
    .name = "Conv2D",
    .summary = "Filters that are moved over inputs of two dimensions.",
    .source = "Inferno 0.0.5",
    .equations = "y[f, o] = sum W[f, c, i, j] "
                 "x[c, o stride - padding + (i, j) dilation] + b[f]",
    .example =
        "local connection = snn.Conv2D { height = 4, width = 4, channels = 1,\n"
        "  filters = 2,\n"
        "  kernel = 3, step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }\n"
        "local currents = connection(snn.rand(1, 1, 4, 4):gt(0.5))\n"
        "print(currents.shape[2], currents.shape[3], currents.shape[4])",
    .fields = fields,
    .args_size = sizeof(conv_args),
    .has_patches = true,
    .check = check,
    .shapes = shapes,
    .synapse_shape = synapse_shape,
    .to_synapse = to_synapse,
    .init = init,
    .lay_selector = lay_selector,
    .propagate = propagate,
    .arrive = arrive,
    .pair_post = pair_post,
    .pair_pre = pair_pre,
    .pre_receptive = snn_receptive_patch_pre,
    .post_receptive = snn_receptive_patch_post,
};
