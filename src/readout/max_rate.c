/* Kept are the rates of each neuron for each class; what a forward needs of
   them, classes and their shares, is derived at each change. Every change is
   made on fresh tensors, then moved in. */
#include "readout/max_rate.h"

#include <float.h>
#include <inttypes.h>
#include <sleef.h>

#include "tensor/copy.h"
#include "tensor/reduce.h"
#include "util/mem.h"
#include "util/number.h"

static const char name[] = "MaxRateClassifier";

/* N, the neurons. */
static int64_t neurons(const snn_max_rate *self)
{
    return snn_shape_count(&self->args.shape);
}

static snn_shape rates_shape(const snn_max_rate_args *args)
{
    snn_shape shape = args->shape;
    shape.size[shape.ndim++] = args->num_classes;
    return shape;
}

static snn_status check_shape(const snn_shape *got, const snn_shape *wanted,
                              const char *what, snn_fail *fail)
{
    char a[SNN_SHAPE_TEXT], b[SNN_SHAPE_TEXT];
    if (snn_shape_equal(got, wanted)) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: %s must have shape %s, got %s", name, what,
                        snn_shape_text(wanted, a), snn_shape_text(got, b));
}

/* ---- values ---- */

static bool is_rate(double x) { return x >= 0 && x <= (double)FLT_MAX; }

static snn_status find_wrong(const snn_tensor *t, const char *where,
                             const char *what, snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    snn_tensor wide;
    snn_status status = snn_tensor_to(t, SNN_FLOAT64, fail, &wide);
    if (status) return status;
    const double *x = snn_tensor_f64(&wide);
    int64_t n = snn_tensor_count(&wide), i = 0;
    while (i < n && is_rate(x[i])) i++;
    if (i < n)
        status = snn_fail_set(fail, SNN_VALUE_ERROR,
                              "%s: '%s' must be finite and at least 0, got %s "
                              "at index %s",
                              where, what, snn_real(x[i]).text,
                              snn_shape_index_text(&t->shape, i, text));
    snn_tensor_clear(&wide);
    return status;
}

/* Whether the least or the greatest element is a rate, and so all that are
   not beyond it; NaN is both. */
static snn_status look_at_end(const snn_tensor *t, snn_reduction end,
                              snn_fail *fail, bool *is_right)
{
    snn_tensor found, wide = SNN_NO_TENSOR;
    snn_status status =
        snn_tensor_reduce(t, end, SNN_ALL_DIMS, false, 0, fail, &found);
    if (!status) status = snn_tensor_to(&found, SNN_FLOAT64, fail, &wide);
    if (!status) *is_right = is_rate(*snn_tensor_f64(&wide));
    snn_tensor_clear(&found);
    snn_tensor_clear(&wide);
    return status;
}

/* ValueError for NaN, infinite and negative elements. */
static snn_status check_rates(const snn_tensor *t, const char *where,
                              const char *what, snn_fail *fail)
{
    bool least = true, greatest = true;
    if (t->dtype == SNN_BOOL || snn_tensor_count(t) == 0) return SNN_OK;
    snn_status status = look_at_end(t, SNN_REDUCE_MIN, fail, &least);
    if (!status) status = look_at_end(t, SNN_REDUCE_MAX, fail, &greatest);
    if (!status && !(least && greatest))
        status = find_wrong(t, where, what, fail);
    return status;
}

/* ---- state ---- */

static void clear_state(snn_max_rate_state *s)
{
    snn_tensor_clear(&s->rates);
    snn_tensor_clear(&s->fine);
    snn_tensor_clear(&s->proportions);
    snn_tensor_clear(&s->assignments);
    snn_tensor_clear(&s->occurrences);
}

static void move_state(snn_max_rate_state *from, snn_max_rate_state *to)
{
    snn_tensor_move(&from->rates, &to->rates);
    snn_tensor_move(&from->fine, &to->fine);
    snn_tensor_move(&from->proportions, &to->proportions);
    snn_tensor_move(&from->assignments, &to->assignments);
    snn_tensor_move(&from->occurrences, &to->occurrences);
}

static snn_status share(const snn_tensor *t, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    return snn_tensor_is_empty(t) ? SNN_OK : snn_tensor_share(t, false, fail, out);
}

snn_status snn_max_rate_save(const snn_max_rate *self, snn_max_rate_state *out,
                             snn_fail *fail)
{
    const snn_max_rate_state *now = &self->state;
    *out = (snn_max_rate_state){ .rates = SNN_NO_TENSOR };
    snn_status status = share(&now->rates, fail, &out->rates);
    if (!status) status = share(&now->fine, fail, &out->fine);
    if (!status) status = share(&now->proportions, fail, &out->proportions);
    if (!status) status = share(&now->assignments, fail, &out->assignments);
    if (!status) status = share(&now->occurrences, fail, &out->occurrences);
    if (status) clear_state(out);
    return status;
}

void snn_max_rate_restore(snn_max_rate *self, snn_max_rate_state *saved)
{
    move_state(saved, &self->state);
}

void snn_max_rate_drop(snn_max_rate_state *saved) { clear_state(saved); }

/* rates (N, K) -> proportions (N, K), classes (N): 0 for a neuron that never
   spiked, else that of the greatest proportion, the first of equal ones. */
static void divide(const float *rates, int64_t n, int64_t k, float *out,
                   int64_t *class)
{
    const double least = 1e-12;
    for (int64_t i = 0; i < n; i++, rates += k, out += k) {
        double sum = 0;
        int64_t best = 0;
        for (int64_t c = 0; c < k; c++) sum += (double)rates[c];
        for (int64_t c = 0; c < k; c++) {
            out[c] = (float)(rates[c] / (sum < least ? least : sum));
            if (out[c] > out[best]) best = c;
        }
        class[i] = sum > 0 ? best + 1 : 0;
    }
}

/* Fills what follows from s->rates. */
static snn_status derive(snn_max_rate_state *s, snn_fail *fail)
{
    const snn_shape *shape = &s->rates.shape;
    int last = shape->ndim - 1;
    int64_t k = shape->size[last], n = snn_shape_count(shape) / k;
    snn_shape classes = { .ndim = 1, .size = { k } }, group = *shape;
    group.ndim = last;
    snn_status status =
        snn_tensor_new(shape, SNN_FLOAT32, name, fail, &s->proportions);
    if (status) return status;
    status = snn_tensor_new(&group, SNN_INT64, name, fail, &s->assignments);
    if (status) return status;
    int64_t *class = snn_tensor_edit(&s->assignments, false);
    divide(snn_tensor_f32(&s->rates), n, k,
           snn_tensor_edit(&s->proportions, false), class);
    status = snn_tensor_zeros(&classes, SNN_INT64, name, fail, &s->occurrences);
    if (status) return status;
    int64_t *count = snn_tensor_edit(&s->occurrences, true);
    for (int64_t i = 0; i < n; i++)
        if (class[i] > 0) count[class[i] - 1]++;
    return SNN_OK;
}

/* Takes s->rates and derives the rest. */
static snn_status commit(snn_max_rate *self, snn_max_rate_state *s,
                         snn_fail *fail)
{
    snn_status status = check_rates(&s->rates, name, "rates", fail);
    if (!status) status = derive(s, fail);
    if (!status) move_state(s, &self->state);
    clear_state(s);
    return status;
}

/* Takes rates (shape..., K), any dtype; the rest follows. */
static snn_status write_rates(void *of, const snn_state_row *row,
                              const snn_tensor *rates, const char *where,
                              snn_fail *fail)
{
    snn_max_rate *self = of;
    (void)row, (void)where;
    snn_max_rate_state s = { .rates = SNN_NO_TENSOR };
    snn_status status = check_shape(&rates->shape, &self->state.rates.shape,
                                    "'rates'", fail);
    if (!status) status = snn_tensor_to(rates, SNN_FLOAT32, fail, &s.rates);
    return status ? status : commit(self, &s, fail);
}

static snn_status write_fine(void *of, const snn_state_row *row,
                             const snn_tensor *fine, const char *where,
                             snn_fail *fail)
{
    snn_max_rate *self = of;
    (void)row, (void)where;
    snn_tensor own = SNN_NO_TENSOR;
    snn_status status =
        fine ? check_shape(&fine->shape, &self->state.rates.shape, "'fine'",
                           fail)
             : SNN_OK;
    if (!status && fine) status = snn_tensor_to(fine, SNN_FLOAT32, fail, &own);
    if (!status) snn_tensor_move(&own, &self->state.fine);
    return status;
}

static snn_status begin(snn_max_rate *self, snn_fail *fail)
{
    snn_max_rate_state s = { .rates = SNN_NO_TENSOR };
    snn_shape shape = rates_shape(&self->args);
    snn_status status =
        snn_tensor_zeros(&shape, SNN_FLOAT32, name, fail, &s.rates);
    return status ? status : commit(self, &s, fail);
}

snn_status snn_max_rate_new(const snn_max_rate_args *args, snn_fail *fail,
                            snn_max_rate **out)
{
    snn_max_rate *self = snn_mem_zeroed(sizeof *self);
    if (!self) return snn_fail_memory(fail, name, sizeof *self);
    self->args = *args;
    snn_status status = begin(self, fail);
    if (status)
        snn_max_rate_free(self);
    else
        *out = self;
    return status;
}

void snn_max_rate_free(snn_max_rate *self)
{
    clear_state(&self->state);
    snn_mem_free(self);
}

/* ---- inputs ---- */

/* (B, shape...), of any strides, as float32 (B, N) */
static snn_status flatten(const snn_max_rate *self, const snn_tensor *rates,
                          snn_fail *fail, snn_tensor *out)
{
    snn_status status = snn_tensor_to(rates, SNN_FLOAT32, fail, out);
    if (status) return status;
    int64_t n = neurons(self);
    out->shape = (snn_shape){ .ndim = 2, .size = { rates->shape.size[0], n } };
    out->stride[0] = n;
    out->stride[1] = 1;
    return SNN_OK;
}

snn_status snn_max_rate_input(const snn_max_rate *self, const snn_tensor *input,
                              const char *where, snn_fail *fail,
                              snn_tensor *out)
{
    char a[SNN_SHAPE_TEXT], b[SNN_SHAPE_TEXT];
    const snn_shape *shape = &self->args.shape;
    int more = input->shape.ndim - shape->ndim; /* batch, or time and batch */
    bool fits = more == 1 || more == 2;
    for (int d = 0; d < shape->ndim && fits; d++)
        fits = input->shape.size[more + d] == shape->size[d];
    if (fits && more == 2 && input->shape.size[0] == 0) fits = false;
    snn_shape one = snn_shape_prepend(1, shape);
    if (!fits)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'inputs' must have one dimension more than "
                            "%s {batch} or two {time, batch}, got shape %s%s",
                            where, snn_shape_text(shape, a),
                            snn_shape_text(&input->shape, b),
                            snn_batch_text(&input->shape, &one));
    snn_status status = check_rates(input, where, "inputs", fail);
    if (status) return status;
    if (more == 1) return flatten(self, input, fail, out);
    snn_tensor mean;
    status = snn_tensor_reduce(input, SNN_REDUCE_MEAN, 1, false, 0,
                                          fail, &mean);
    if (status) return status;
    status = flatten(self, &mean, fail, out);
    snn_tensor_clear(&mean);
    return status;
}

snn_status snn_max_rate_check(const snn_max_rate *self, const snn_tensor *rates,
                              const snn_tensor *labels, const char *where,
                              snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    int64_t batch = rates->shape.size[0], k = self->args.num_classes;
    if (labels->dtype != SNN_INT64)
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: 'labels' must have dtype int64, got %s", where,
                            snn_dtype_name(labels->dtype));
    if (labels->shape.ndim != 1 || labels->shape.size[0] != batch)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'labels' must have shape {%" PRId64
                            "}, one for each sample, got %s",
                            where, batch, snn_shape_text(&labels->shape, text));
    const int64_t *label = snn_tensor_i64(labels);
    for (int64_t i = 0; i < batch; i++, label += labels->stride[0])
        if (*label < 1 || *label > k)
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: 'labels' must be from 1 to %" PRId64
                                ", got %" PRId64 " for sample %" PRId64,
                                where, k, *label, i + 1);
    return SNN_OK;
}

/* ---- inference ---- */

snn_status snn_max_rate_regress(const snn_max_rate *self,
                                const snn_tensor *rates, bool proportional,
                                snn_fail *fail, snn_tensor *out)
{
    int64_t batch = rates->shape.size[0], n = neurons(self);
    int64_t k = self->args.num_classes;
    snn_shape shape = { .ndim = 2, .size = { batch, k } };
    snn_status status = snn_tensor_zeros(&shape, SNN_FLOAT32, name, fail, out);
    if (status) return status;
    const float *rate = snn_tensor_f32(rates);
    const float *share = snn_tensor_f32(&self->state.proportions);
    const int64_t *class = snn_tensor_i64(&self->state.assignments);
    const int64_t *count = snn_tensor_i64(&self->state.occurrences);
    float *logit = snn_tensor_edit(out, true);
    for (int64_t b = 0; b < batch; b++, rate += n, logit += k) {
        for (int64_t i = 0; i < n; i++) {
            int64_t c = class[i] - 1;
            if (c < 0) continue; /* of no class */
            logit[c] += rate[i] * (proportional ? share[i * k + c] : 1);
        }
        for (int64_t c = 0; c < k; c++)
            logit[c] = count[c] ? logit[c] / (float)count[c] : 0;
    }
    return SNN_OK;
}

snn_status snn_max_rate_classify(const snn_tensor *logits, snn_fail *fail,
                                 snn_tensor *out)
{
    int64_t batch = logits->shape.size[0], k = logits->shape.size[1];
    snn_shape shape = { .ndim = 1, .size = { batch } };
    snn_status status = snn_tensor_new(&shape, SNN_INT64, name, fail, out);
    if (status) return status;
    const float *logit = snn_tensor_f32(logits);
    int64_t *class = snn_tensor_edit(out, false);
    for (int64_t b = 0; b < batch; b++, logit += k) {
        float most = 0;
        class[b] = 0;
        for (int64_t c = 0; c < k; c++) {
            if (logit[c] <= most) continue;
            most = logit[c];
            class[b] = c + 1;
        }
    }
    return SNN_OK;
}

/* ---- learning ---- */

/* Per class: samples (K), sums of their rates (N, K). */
static void add_samples(const snn_tensor *rates, const snn_tensor *labels,
                        int64_t k, double *samples, double *sums)
{
    int64_t batch = rates->shape.size[0], n = rates->shape.size[1];
    const float *rate = snn_tensor_f32(rates);
    const int64_t *label = snn_tensor_i64(labels);
    for (int64_t b = 0; b < batch; b++, rate += n) {
        int64_t c = label[b * labels->stride[0]] - 1;
        samples[c]++;
        for (int64_t i = 0; i < n; i++) sums[i * k + c] += rate[i];
    }
}

static double fade(const snn_max_rate *self, double samples)
{
    return Sleef_cinz_expd1_u10purec(-self->args.decay * samples);
}

/* One of the rates after a decay and a mean of new samples. */
static void learn(double left, double mean, float *rate, float *rest)
{
    double next = left * ((double)*rate + *rest) + mean;
    *rate = next < FLT_MIN ? 0 : (float)next;
    *rest = next < FLT_MIN ? 0 : (float)(next - *rate);
}

/* Copies of the rates and of their rest. */
static snn_status copy_rates(const snn_max_rate *self, snn_fail *fail,
                             snn_max_rate_state *out)
{
    const snn_max_rate_state *now = &self->state;
    *out = (snn_max_rate_state){ .rates = SNN_NO_TENSOR };
    snn_status status =
        snn_tensor_to(&now->rates, SNN_FLOAT32, fail, &out->rates);
    if (status) return status;
    if (snn_tensor_is_empty(&now->fine))
        return snn_tensor_zeros(&now->rates.shape, SNN_FLOAT32, name, fail,
                                &out->fine);
    return snn_tensor_to(&now->fine, SNN_FLOAT32, fail, &out->fine);
}

snn_status snn_max_rate_update(snn_max_rate *self, const snn_tensor *rates,
                               const snn_tensor *labels, snn_fail *fail)
{
    int64_t n = neurons(self), k = self->args.num_classes;
    size_t bytes = (size_t)(n + 1) * (size_t)k * sizeof(double);
    double *samples = snn_mem_zeroed(bytes);
    if (!samples) return snn_fail_memory(fail, name, bytes);
    double *sums = samples + k;
    snn_max_rate_state s;
    snn_status status = copy_rates(self, fail, &s);
    float *rate = status ? NULL : snn_tensor_edit(&s.rates, true);
    float *rest = rate ? snn_tensor_edit(&s.fine, true) : NULL;
    bool has_rest = false;
    if (!status && !rest) status = snn_fail_memory(fail, name, bytes);
    if (!status) {
        add_samples(rates, labels, k, samples, sums);
        for (int64_t j = 0; j < n * k; j++) {
            double b = samples[j % k];
            if (b > 0) learn(fade(self, b), sums[j] / b, &rate[j], &rest[j]);
            has_rest = has_rest || rest[j] != 0;
        }
        if (!has_rest) snn_tensor_clear(&s.fine);
        status = commit(self, &s, fail);
    } else {
        clear_state(&s);
    }
    snn_mem_free(samples);
    return status;
}

const snn_field snn_max_rate_fields[] = {
    { .name = "shape", .type = SNN_SIZES, SNN_AT(snn_max_rate_args, shape),
      .example = "{ 2, 3 }", .other = "5",
      .doc = "shape of the group of neurons" },
    { .name = "num_classes", .type = SNN_COUNT,
      SNN_AT(snn_max_rate_args, num_classes), .range = SNN_POSITIVE,
      .fixed = true,
      .example = "3", .other = "4",
      .doc = "number of classes" },
    { .name = "decay", .type = SNN_REAL, SNN_AT(snn_max_rate_args, decay),
      .range = SNN_NOT_NEGATIVE, .optional = true,
      .example = "0.1", .other = "0.2",
      .doc = "how fast what was learned fades, per sample of the class" },
    { .name = NULL },
};

#define STATE(member) .offset = offsetof(snn_max_rate, state.member)

const snn_state_row snn_max_rate_rows[] = {
    { .name = "rates", .of = SNN_OF_CLASSES, .is_saved = true, STATE(rates),
      .write = write_rates,
      .doc = "what has been learned: rates (shape..., classes)" },
    { .name = "fine", .of = SNN_OF_CLASSES, .is_saved = true, .is_open = true,
      STATE(fine), .write = write_fine,
      .doc = "what rounding left of the rates, or nil" },
    { .name = "proportions", .of = SNN_OF_CLASSES, STATE(proportions),
      .doc = "rates over their sum for each neuron" },
    { .name = "assignments", .of = SNN_OF_SHAPE, .type = SNN_STATE_INT64,
      STATE(assignments),
      .doc = "the class of each neuron, from 1; 0 where it never spiked" },
    { .name = "occurrences", .of = SNN_OF_CLASS, .type = SNN_STATE_INT64,
      STATE(occurrences), .doc = "neurons of each class" },
    { .name = NULL },
};
