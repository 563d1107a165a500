/* All terms are worked out before the first is reduced: from then on functions
   of the caller's may change what was recorded. */
#include "train/reduce.h"

#include <math.h>
#include <string.h>

#include "tensor/gather.h"
#include "tensor/join.h"

/* ---- functions of the caller ---- */

snn_status snn_reduce_nobody(const snn_reducing *r)
{
    return snn_fail_set(r->calc.fail, SNN_RUNTIME_ERROR,
                        "%s: there is nobody to call the function",
                        r->calc.where);
}

snn_status snn_reduce_check(const snn_reducing *r, const char *name,
                            const snn_tensor *t, const snn_shape *want)
{
    if (snn_shape_equal(&t->shape, want)) return SNN_OK;
    char wanted[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    return snn_fail_set(r->calc.fail, SNN_VALUE_ERROR,
                        "%s: '%s' must return a tensor of shape %s, got %s",
                        r->calc.where, name, snn_shape_text(want, wanted),
                        snn_shape_text(&t->shape, got));
}

/* What a reduction gives must be as the parameter, whose samples it has joined. */
static const snn_tensor *reduce_by_call(snn_reducing *r, const snn_tensor *t)
{
    snn_tensor *out = snn_calc_new(&r->calc);
    if (!out) return t;
    const snn_train_calls *c = r->calls;
    snn_status status =
        c ? c->reduce(c->context, r->i, t, r->calc.fail, out) : snn_reduce_nobody(r);
    snn_shape want =
        snn_shape_of(t->shape.ndim - 1, t->shape.size + 1);
    if (!status) status = snn_reduce_check(r, "batch_reduction", out, &want);
    return snn_calc_made(&r->calc, status, out);
}

const snn_tensor *snn_reduce_samples(snn_reducing *r, const snn_tensor *t)
{
    static const snn_reduction reductions[] = {
        [SNN_BATCH_MEAN] = SNN_REDUCE_MEAN, [SNN_BATCH_SUM] = SNN_REDUCE_SUM,
        [SNN_BATCH_MAX] = SNN_REDUCE_MAX, [SNN_BATCH_MIN] = SNN_REDUCE_MIN,
    };
    if (r->calc.status) return t;
    snn_batch_reduction by = snn_unit_args(r->unit)->batch_reduction;
    if (by == SNN_BATCH_CALLBACK) return reduce_by_call(r, t);
    if (t->shape.size[0] == 1) return snn_calc_squeeze(&r->calc, t, 0);
    return snn_calc_reduce(&r->calc, reductions[by], t, 0);
}

/* ---- one signal for all samples, or none ---- */

static void put(snn_calc *c, const snn_tensor *t, const snn_tensor **side)
{
    *side = *side ? snn_calc_two(c, SNN_OP_ADD, *side, t) : t;
}

static void together(snn_reducing *r, int n, const snn_tensor *const *term,
                     const snn_tensor *side[2])
{
    const snn_signal *signal = &r->call->signal;
    const snn_tensor *reduced[SNN_MOST_TERMS];
    for (int i = 0; i < n; i++) reduced[i] = snn_reduce_samples(r, term[i]);
    for (int i = 0; i < n; i++) {
        const snn_tensor *t = reduced[i];
        if (signal->value)
            t = snn_calc_number(&r->calc, SNN_OP_MUL, t,
                                fabs(signal->value[0] * signal->scale));
        double rate = snn_unit_rate(r->unit, i);
        put(&r->calc, t, &side[snn_signal_side(signal, rate, 0)]);
    }
}

/* ---- a signal for each sample, whose sign turns the sides around ---- */

/* The signal as a tensor, of the real type that it was given in. */
static const snn_tensor *signal_of(snn_reducing *r)
{
    const snn_signal *signal = &r->call->signal;
    if (signal->given) return signal->given;
    snn_tensor *out = snn_calc_new(&r->calc);
    if (!out) return NULL;
    snn_shape shape = snn_shape_of(1, &signal->samples);
    snn_status status = snn_tensor_new(&shape, SNN_FLOAT64, r->calc.where,
                                       r->calc.fail, out);
    if (!status)
        memcpy(snn_tensor_edit(out, false), signal->value,
               (size_t)signal->samples * sizeof *signal->value);
    return snn_calc_made(&r->calc, status, out);
}

/* |signal * scale|, (B, 1...) beside t. */
static const snn_tensor *strength_of(snn_reducing *r, const snn_tensor *t)
{
    snn_calc *c = &r->calc;
    const snn_signal *signal = &r->call->signal;
    const snn_tensor *scaled =
        snn_calc_number(c, SNN_OP_MUL, signal_of(r), signal->scale);
    const snn_tensor *size =
        snn_calc_to(c, snn_calc_one(c, SNN_OP_ABS, scaled), t->dtype);
    snn_shape shape = { .ndim = t->shape.ndim, .size = { signal->samples } };
    for (int d = 1; d < shape.ndim; d++) shape.size[d] = 1;
    return snn_calc_reshape(c, size, &shape);
}

/* The samples of t on the side, NULL where there are none. */
static const snn_tensor *pick(snn_reducing *r, const snn_tensor *t, double rate,
                              int side)
{
    const snn_signal *signal = &r->call->signal;
    snn_tensor *index = snn_calc_new(&r->calc), *out = snn_calc_new(&r->calc);
    if (!out) return NULL;
    int64_t n = 0;
    for (int64_t b = 0; b < signal->samples; b++)
        n += snn_signal_side(signal, rate, b) == (snn_side)side;
    if (n == 0) return NULL;
    snn_shape shape = snn_shape_of(1, &n);
    snn_status status = snn_tensor_new(&shape, SNN_INT64, r->calc.where,
                                       r->calc.fail, index);
    if (!status) {
        int64_t *at = snn_tensor_edit(index, false);
        for (int64_t b = 0; b < signal->samples; b++)
            if (snn_signal_side(signal, rate, b) == (snn_side)side)
                *at++ = b + 1; /* as scripts count */
        status = snn_tensor_index_select(t, 0, index, r->calc.fail, out);
    }
    return snn_calc_made(&r->calc, status, out);
}

static const snn_tensor *join(snn_calc *c, const snn_tensor *const *list, int n)
{
    if (n == 1) return list[0];
    snn_tensor *out = snn_calc_new(c);
    if (!out) return list[0];
    return snn_calc_made(c, snn_tensor_cat(list, n, 0, c->fail, out), out);
}

static void apart(snn_reducing *r, int n, const snn_tensor *const *term,
                  const snn_tensor *side[2])
{
    const snn_tensor *strength = strength_of(r, term[0]);
    const snn_tensor *weighed[SNN_MOST_TERMS], *on[2] = { NULL, NULL };
    for (int i = 0; i < n; i++)
        weighed[i] = snn_calc_mul(&r->calc, term[i], strength);
    for (int s = 0; s < 2; s++) {
        const snn_tensor *some[SNN_MOST_TERMS];
        int count = 0;
        for (int i = 0; i < n; i++) {
            some[count] = pick(r, weighed[i], snn_unit_rate(r->unit, i), s);
            if (some[count]) count++;
        }
        if (count > 0) on[s] = join(&r->calc, some, count);
    }
    for (int s = 0; s < 2; s++)
        if (on[s]) side[s] = snn_reduce_samples(r, on[s]);
}

/* ---- a unit ---- */

snn_status snn_reduce_unit(const snn_unit *unit, const snn_call *call,
                           const snn_train_calls *calls, int i, snn_fail *fail,
                           snn_tensor terms[2])
{
    const snn_form *form = unit->model->form;
    snn_reducing r = { .unit = unit, .call = call, .calls = calls, .i = i,
                       .calc = snn_calc_of(unit->model->name, fail) };
    const snn_tensor *term[SNN_MOST_TERMS], *side[2] = { NULL, NULL };
    if (form->sides) {
        form->sides(&r, side);
    } else {
        form->tensors(unit, &r.calc, term);
        if (!r.calc.status)
            (call->signal.samples ? apart : together)(
                &r, unit->model->term_count, term, side);
    }
    for (int s = 0; s < 2 && !r.calc.status; s++)
        if (side[s]) snn_tensor_alias(side[s], &terms[s]);
    snn_calc_clear(&r.calc);
    return r.calc.status;
}
