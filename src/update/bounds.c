/* On tensors, everything is first brought to one shape and one real dtype,
   then a bound is one run over flat memory. */
#include "update/bounds.h"

#include <math.h>

#include "kernel/combine.h"
#include "tensor/copy.h"
#include "tensor/walk.h"
#include "util/number.h"

const snn_bound_model snn_bound_models[] = {
#define BOUND(bound, ...) { .name = #bound, __VA_ARGS__ },
#include "update/list.h"
#undef BOUND
    { .name = NULL },
};

/* ---- options ---- */

#define OPTION(member) .name = #member, .type = SNN_REAL, \
    SNN_AT(snn_bound_options, member)
#define POWER OPTION(power), .example = "2", .other = "0.5", \
    .doc = "exponent of the distance"
#define RANGE OPTION(range), .range = SNN_POSITIVE, .example = "1", .other = "2", \
    .doc = "distance between the upper and the lower limit"

static const snn_field no_fields[] = { { .name = NULL } };
static const snn_field power_fields[] = { { POWER }, { .name = NULL } };
static const snn_field range_fields[] = { { RANGE }, { .name = NULL } };
static const snn_field both_fields[] = {
    { POWER },
    { RANGE },
    { .name = NULL },
};
static const snn_field full_fields[] = {
    { OPTION(upper_power), .example = "2", .other = "0.5",
      .doc = "exponent of the distance to max" },
    { OPTION(lower_power), .example = "2", .other = "0.5",
      .doc = "exponent of the distance to min" },
    { .name = NULL },
};

const snn_field *snn_bound_fields(const snn_bound_model *model, bool is_full)
{
    bool has_power = model->kind == SNN_BOUND_POWER;
    if (is_full) return has_power ? full_fields : no_fields;
    if (has_power) return model->is_scaled ? both_fields : power_fields;
    return model->is_scaled ? range_fields : no_fields;
}

/* ---- limits ---- */

static snn_status fail_limit(const snn_bound_model *model,
                             const snn_limit *limit, double came,
                             const char *index, const char *where,
                             snn_fail *fail)
{
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: '%s' must be %s, got %s%s%s", where, limit->name,
                        model->kind == SNN_BOUND_SHARP ? "a number" : "finite",
                        snn_real(came).text, *index ? " at index " : "", index);
}

static bool is_good(const snn_bound_model *model, double limit)
{
    return model->kind == SNN_BOUND_SHARP ? !isnan(limit) : isfinite(limit);
}

/* Any law's limits are numbers; rooms to infinity are infinite, and mean
   something to the sharp law only. */
static snn_status check_limit(const snn_bound_model *model,
                              const snn_limit *limit, const char *where,
                              snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    if (snn_tensor_is_empty(&limit->tensor))
        return is_good(model, limit->value)
                   ? SNN_OK
                   : fail_limit(model, limit, limit->value, "", where, fail);
    const snn_shape *shape = &limit->tensor.shape;
    snn_tensor wide;
    snn_status status = snn_tensor_to(&limit->tensor, SNN_FLOAT64, fail, &wide);
    if (status) return status;
    const double *x = snn_tensor_f64(&wide);
    int64_t n = snn_shape_count(shape), i = 0;
    while (i < n && is_good(model, x[i])) i++;
    if (i < n)
        status = fail_limit(model, limit, x[i],
                            snn_shape_index_text(shape, i, text), where, fail);
    snn_tensor_clear(&wide);
    return status;
}

/* ---- bounds ---- */

static void fill(const snn_bound_model *model, bool is_upper,
                 const snn_limit *limit, const snn_bound_options *options,
                 snn_bound *bound)
{
    *bound = (snn_bound){
        .law = { .kind = model->kind, .is_upper = is_upper,
                 .is_scaled = model->is_scaled, .limit = limit->value,
                 .range = options->range, .power = options->power },
    };
    snn_tensor_alias(&limit->tensor, &bound->limits);
}

snn_status snn_bound_init(const snn_bound_model *model, bool is_upper,
                          const snn_limit *limit,
                          const snn_bound_options *options, const char *where,
                          snn_fail *fail, snn_bound *bound)
{
    *bound = (snn_bound){ .law.kind = SNN_BOUND_NONE };
    snn_status status = check_limit(model, limit, where, fail);
    if (!status) fill(model, is_upper, limit, options, bound);
    return status;
}

/* The operand in another shape or dtype: contiguous, the values repeated. */
static snn_status spread(const snn_tensor *t, const snn_shape *shape,
                         snn_dtype dtype, const char *where, snn_fail *fail,
                         snn_tensor *out)
{
    bool fits = t->dtype == dtype && snn_shape_equal(&t->shape, shape) &&
                snn_tensor_is_contiguous(t);
    if (fits) {
        snn_tensor_alias(t, out);
        return SNN_OK;
    }
    snn_status status = snn_tensor_new(shape, dtype, where, fail, out);
    if (status) return status;
    status = snn_tensor_copy_into(out, t, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* A number as a tensor of no dimensions. */
static snn_status scalar(double value, const char *where, snn_fail *fail,
                         snn_tensor *out)
{
    snn_shape none = { .ndim = 0 };
    snn_status status = snn_tensor_new(&none, SNN_FLOAT64, where, fail, out);
    if (status == SNN_OK) *(double *)snn_tensor_edit(out, false) = value;
    return status;
}

/* max - min, at least one of which is a tensor. */
static snn_status make_ranges(const snn_limit *max, const snn_limit *min,
                              const char *where, snn_fail *fail,
                              snn_tensor *out)
{
    const snn_limit *limit[2] = { max, min };
    snn_tensor t[2] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_tensor wide[2] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_shape shape;
    snn_status status = SNN_OK;
    for (int i = 0; i < 2 && !status; i++) {
        if (snn_tensor_is_empty(&limit[i]->tensor))
            status = scalar(limit[i]->value, where, fail, &t[i]);
        else
            snn_tensor_alias(&limit[i]->tensor, &t[i]);
    }
    if (!status)
        status = snn_shape_broadcast(&t[0].shape, &t[1].shape, where, fail,
                                     &shape);
    for (int i = 0; i < 2 && !status; i++)
        status = spread(&t[i], &shape, SNN_FLOAT64, where, fail, &wide[i]);
    if (!status)
        status = snn_tensor_new(&shape, SNN_FLOAT64, where, fail, out);
    if (!status)
        snn_combine_run(true, snn_tensor_data(&wide[0]),
                        snn_tensor_data(&wide[1]), snn_tensor_count(out),
                        snn_tensor_edit(out, false));
    for (int i = 0; i < 2; i++) {
        snn_tensor_clear(&t[i]);
        snn_tensor_clear(&wide[i]);
    }
    return status;
}

static snn_status check_range(const snn_limit *max, const snn_limit *min,
                              const snn_tensor *ranges, const char *where,
                              snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    if (snn_tensor_is_empty(ranges)) {
        if (max->value > min->value) return SNN_OK;
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'max' must be greater than 'min' for a "
                            "scaled bound, got %s and %s",
                            where, snn_real(max->value).text,
                            snn_real(min->value).text);
    }
    const double *range = snn_tensor_f64(ranges);
    for (int64_t i = 0; i < snn_tensor_count(ranges); i++)
        if (!(range[i] > 0))
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: 'max' must be greater than 'min' for a "
                                "scaled bound, at index %s it is %s more",
                                where,
                                snn_shape_index_text(&ranges->shape, i, text),
                                snn_real(range[i]).text);
    return SNN_OK;
}

/* The range of a scaled law, as a number or as a tensor. */
static snn_status find_range(const snn_limit *max, const snn_limit *min,
                             const char *where, snn_fail *fail, double *range,
                             snn_tensor *ranges)
{
    snn_status status = SNN_OK;
    if (max->is_given != min->is_given)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: a scaled bound needs both limits, '%s' is "
                            "missing: the range between them is not defined",
                            where, max->is_given ? "min" : "max");
    if (!max->is_given) return SNN_OK;
    *range = max->value - min->value;
    if (!snn_tensor_is_empty(&max->tensor) ||
        !snn_tensor_is_empty(&min->tensor))
        status = make_ranges(max, min, where, fail, ranges);
    if (!status) status = check_range(max, min, ranges, where, fail);
    if (status) snn_tensor_clear(ranges);
    return status;
}

snn_status snn_bound_init_full(const snn_bound_model *model,
                               const snn_limit *max, const snn_limit *min,
                               const snn_bound_options *options,
                               const char *where, snn_fail *fail,
                               snn_bound *upper, snn_bound *lower)
{
    *upper = *lower = (snn_bound){ .law.kind = SNN_BOUND_NONE };
    snn_bound_options up = { .power = options->upper_power, .range = 1 };
    snn_bound_options low = { .power = options->lower_power, .range = 1 };
    snn_tensor ranges = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    if (max->is_given) status = check_limit(model, max, where, fail);
    if (!status && min->is_given)
        status = check_limit(model, min, where, fail);
    if (!status && model->is_scaled)
        status = find_range(max, min, where, fail, &up.range, &ranges);
    if (status) return status;
    low.range = up.range;
    if (max->is_given) {
        fill(model, true, max, &up, upper);
        snn_tensor_alias(&ranges, &upper->ranges);
    }
    if (min->is_given) {
        fill(model, false, min, &low, lower);
        snn_tensor_alias(&ranges, &lower->ranges);
    }
    snn_tensor_clear(&ranges);
    return SNN_OK;
}

void snn_bound_clear(snn_bound *bound)
{
    snn_tensor_clear(&bound->limits);
    snn_tensor_clear(&bound->ranges);
    *bound = (snn_bound){ .law.kind = SNN_BOUND_NONE };
}

/* ---- functions on tensors ---- */

enum { PARAM, POS, NEG, UPPER, LOWER, UPPER_RANGES, LOWER_RANGES, OPERANDS };

typedef struct operands {
    const snn_tensor *given[OPERANDS]; /* NULL or empty: none */
    snn_tensor t[OPERANDS];            /* in `shape` and `dtype` */
    snn_shape shape;
    snn_dtype dtype;
} operands;

static bool is_there(const operands *o, int i)
{
    return o->given[i] && !snn_tensor_is_empty(o->given[i]);
}

/* The ranges were made here and do not raise the dtype. */
static snn_status join(operands *o, const char *where, snn_fail *fail)
{
    o->shape = o->given[PARAM]->shape;
    o->dtype = SNN_BOOL;
    for (int i = 0; i < OPERANDS; i++) {
        if (!is_there(o, i)) continue;
        const snn_tensor *t = o->given[i];
        snn_status status = snn_shape_broadcast(&o->shape, &t->shape, where,
                                                fail, &o->shape);
        if (status) return status;
        if (i < UPPER_RANGES) o->dtype = snn_dtype_promote(o->dtype, t->dtype);
    }
    if (!snn_dtype_is_real(o->dtype)) o->dtype = SNN_FLOAT32;
    for (int i = 0; i < OPERANDS; i++) {
        if (!is_there(o, i)) continue;
        snn_status status = spread(o->given[i], &o->shape, o->dtype, where,
                                   fail, &o->t[i]);
        if (status) return status;
    }
    return SNN_OK;
}

static const void *data_of(const snn_tensor *t)
{
    return snn_tensor_is_empty(t) ? NULL : snn_tensor_data(t);
}

/* The bounded operand `side` (POS or NEG) into fresh memory. */
static void run_side(const operands *o, const snn_bound *bound, int side,
                     void *out)
{
    snn_bound_law law = bound->law;
    law.limits = data_of(&o->t[side - POS + UPPER]);
    law.ranges = data_of(&o->t[side - POS + UPPER_RANGES]);
    snn_bound_run(o->dtype == SNN_FLOAT64, &law, snn_tensor_data(&o->t[PARAM]),
                  snn_tensor_data(&o->t[side]), snn_shape_count(&o->shape),
                  out);
}

/* `spare` is memory for the second side. */
static void run_both(const operands *o, const snn_bound *upper,
                     const snn_bound *lower, void *spare, void *out)
{
    const void *a = data_of(&o->t[POS]), *b = data_of(&o->t[NEG]);
    if (upper->law.kind != SNN_BOUND_NONE) {
        run_side(o, upper, POS, out);
        a = out;
    }
    if (lower->law.kind != SNN_BOUND_NONE) {
        run_side(o, lower, NEG, spare);
        b = spare;
    }
    snn_combine_run(o->dtype == SNN_FLOAT64, a, b, snn_shape_count(&o->shape),
                    out);
}

static void clear_operands(operands *o)
{
    for (int i = 0; i < OPERANDS; i++) snn_tensor_clear(&o->t[i]);
}

snn_status snn_bound_tensor(const snn_bound *bound, const snn_tensor *param,
                            const snn_tensor *update, const char *where,
                            snn_fail *fail, snn_tensor *out)
{
    operands o = { .given = { [PARAM] = param, [POS] = update,
                              [UPPER] = &bound->limits,
                              [UPPER_RANGES] = &bound->ranges } };
    *out = SNN_NO_TENSOR;
    snn_status status = join(&o, where, fail);
    if (!status) status = snn_tensor_new(&o.shape, o.dtype, where, fail, out);
    if (!status) run_side(&o, bound, POS, snn_tensor_edit(out, false));
    clear_operands(&o);
    return status;
}

snn_status snn_bound_tensors(const snn_bound *upper, const snn_bound *lower,
                             const snn_tensor *param, const snn_tensor *pos,
                             const snn_tensor *neg, const char *where,
                             snn_fail *fail, snn_tensor *out)
{
    operands o = { .given = { [PARAM] = param, [POS] = pos, [NEG] = neg,
                              [UPPER] = &upper->limits,
                              [LOWER] = &lower->limits,
                              [UPPER_RANGES] = &upper->ranges,
                              [LOWER_RANGES] = &lower->ranges } };
    snn_tensor spare = SNN_NO_TENSOR;
    *out = SNN_NO_TENSOR;
    snn_status status = join(&o, where, fail);
    if (!status)
        status = snn_tensor_new(&o.shape, o.dtype, where, fail, &spare);
    if (!status) status = snn_tensor_new(&o.shape, o.dtype, where, fail, out);
    if (!status)
        run_both(&o, upper, lower, snn_tensor_edit(&spare, false),
                 snn_tensor_edit(out, false));
    snn_tensor_clear(&spare);
    clear_operands(&o);
    return status;
}
