/* A rule gives one value: it copies an operand, takes one of two by whether the
   next step is the nearer one, or computes in double, whatever the real type. */
#include "tensor/between.h"

#include <string.h>

#include "formula/interp.h"
#include "tensor/calc.h"
#include "tensor/copy.h"
#include "tensor/view.h"
#include "tensor/walk.h"

enum { SAMPLE = 1, PREV = 2, NEXT = 4, T = 8, C = 16, OPERANDS = 5 };

typedef struct rule {
    double (*law)(const snn_between *b); /* NULL: chooses */
    unsigned reads;                      /* a computed one; else that it copies */
    unsigned nearer;                     /* in place of it, where next is nearer */
} rule;

struct snn_interpolation {
    const char *name;
    rule rule;
};

struct snn_extrapolation {
    const char *name;
    rule end[2]; /* X(0), X(dt) */
};

static const snn_interpolation interpolations[] = {
    { "previous", { NULL, PREV, 0 } },
    { "next", { NULL, NEXT, 0 } },
    { "nearest", { NULL, PREV, NEXT } },
    { "linear", { snn_interp_linear, PREV | NEXT | T, 0 } },
    { "expdecay", { snn_interp_decay, PREV | T | C, 0 } },
    { "expratedecay", { snn_interp_rate_decay, PREV | T | C, 0 } },
};

static const snn_extrapolation extrapolations[] = {
    { "previous", { { NULL, SAMPLE, 0 }, { NULL, NEXT, 0 } } },
    { "next", { { NULL, PREV, 0 }, { NULL, SAMPLE, 0 } } },
    { "neighbors", { { NULL, SAMPLE, 0 }, { NULL, SAMPLE, 0 } } },
    { "nearest", { { NULL, SAMPLE, PREV }, { NULL, NEXT, SAMPLE } } },
    { "linear_forward",
      { { NULL, PREV, 0 }, { snn_extrap_forward, SAMPLE | PREV | T, 0 } } },
    { "linear_backward",
      { { snn_extrap_backward, SAMPLE | NEXT | T, 0 }, { NULL, NEXT, 0 } } },
    { "expdecay",
      { { snn_extrap_decay_prev, SAMPLE | T | C, 0 },
        { snn_extrap_decay_next, SAMPLE | T | C, 0 } } },
    { "expratedecay",
      { { snn_extrap_rate_prev, SAMPLE | T | C, 0 },
        { snn_extrap_rate_next, SAMPLE | T | C, 0 } } },
};

const snn_interpolation *snn_interpolation_find(const char *name)
{
    for (size_t i = 0; i < sizeof interpolations / sizeof *interpolations; i++)
        if (strcmp(interpolations[i].name, name) == 0)
            return &interpolations[i];
    return NULL;
}

const snn_extrapolation *snn_extrapolation_find(const char *name)
{
    for (size_t i = 0; i < sizeof extrapolations / sizeof *extrapolations; i++)
        if (strcmp(extrapolations[i].name, name) == 0)
            return &extrapolations[i];
    return NULL;
}

/* ---- choosing ---- */

static const snn_tensor *chosen(const snn_between_operands *in, unsigned which)
{
    return which == SAMPLE ? in->sample : which == PREV ? in->prev : in->next;
}

static snn_status choose(const rule *r, const snn_between_operands *in,
                         snn_calc *calc, snn_tensor *out)
{
    const snn_tensor *otherwise = chosen(in, r->reads);
    if (r->nearer && !in->t.tensor &&
        snn_is_nearer_next(in->t.real, in->dt))
        otherwise = chosen(in, r->nearer);
    if (!r->nearer || !in->t.tensor)
        return snn_tensor_clone(otherwise, calc->fail, out);
    const snn_tensor *part =
        snn_calc_number(calc, SNN_OP_DIV, in->t.tensor, in->dt);
    const snn_tensor *is_nearer = snn_calc_number(calc, SNN_OP_GT, part, 0.5);
    const snn_operand all[] = { snn_of(is_nearer),
                                snn_of(chosen(in, r->nearer)),
                                snn_of(otherwise) };
    return calc->status
               ? calc->status
               : snn_apply(SNN_OP_WHERE, calc->where, all, calc->fail, out);
}

/* ---- computing ---- */

/* An operand in the common shape as doubles: one for all, or one for each. */
typedef struct values {
    const double *data;
    double number;
} values;

static double value_of(const values *v, int64_t i)
{
    return v->data ? v->data[i] : v->number;
}

static values values_of(const snn_tensor *t, double number,
                        const snn_shape *shape, snn_calc *calc)
{
    values v = { .number = number };
    if (!t) return v;
    snn_tensor *spread = snn_calc_new(calc);
    if (!spread) return v;
    snn_calc_made(calc, snn_view_expand(t, shape, calc->fail, spread), spread);
    const snn_tensor *real = snn_calc_to(calc, spread, SNN_FLOAT64);
    if (!calc->status) v.data = snn_tensor_f64(real);
    return v;
}

/* The common shape, and the real type, of all that the rule reads. */
static snn_status common(const snn_tensor *const list[OPERANDS], snn_calc *calc,
                         snn_shape *shape, snn_dtype *dtype)
{
    *shape = snn_shape_of(0, NULL);
    *dtype = SNN_FLOAT32;
    snn_status status = SNN_OK;
    for (int i = 0; i < OPERANDS && !status; i++) {
        if (!list[i]) continue;
        if (list[i]->dtype > *dtype) *dtype = list[i]->dtype;
        status = snn_shape_broadcast(shape, &list[i]->shape, calc->where,
                                     calc->fail, shape);
    }
    return status;
}

static void fill(const rule *r, double dt, const values v[OPERANDS],
                 snn_tensor *out)
{
    double *f64 = out->dtype == SNN_FLOAT64 ? snn_tensor_edit(out, false) : NULL;
    float *f32 = f64 ? NULL : snn_tensor_edit(out, false);
    for (int64_t i = 0, n = snn_tensor_count(out); i < n; i++) {
        const snn_between b = {
            .sample = value_of(&v[0], i), .prev = value_of(&v[1], i),
            .next = value_of(&v[2], i), .t = value_of(&v[3], i), .dt = dt,
            .c = value_of(&v[4], i),
        };
        if (f64)
            f64[i] = r->law(&b);
        else
            f32[i] = (float)r->law(&b);
    }
}

static snn_status compute(const rule *r, const snn_between_operands *in,
                          snn_calc *calc, snn_tensor *out)
{
    const snn_tensor *const all[OPERANDS] = { in->sample, in->prev, in->next,
                                              in->t.tensor, in->c.tensor };
    const double number[OPERANDS] = { 0, 0, 0, in->t.real, in->c.real };
    const snn_tensor *list[OPERANDS];
    values v[OPERANDS];
    snn_shape shape;
    snn_dtype dtype;
    for (int i = 0; i < OPERANDS; i++)
        list[i] = r->reads & 1u << i ? all[i] : NULL;
    snn_status status = common(list, calc, &shape, &dtype);
    for (int i = 0; i < OPERANDS && !status; i++) {
        v[i] = values_of(list[i], number[i], &shape, calc);
        status = calc->status;
    }
    if (!status)
        status = snn_tensor_new(&shape, dtype, calc->where, calc->fail, out);
    if (!status) fill(r, in->dt, v, out);
    return status;
}

static snn_status run(const rule *r, const snn_between_operands *in,
                      const char *where, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    snn_calc calc = snn_calc_of(where, fail);
    snn_status status = (r->law ? compute : choose)(r, in, &calc, out);
    snn_calc_clear(&calc);
    return status;
}

snn_status snn_interpolate(const snn_interpolation *law,
                           const snn_between_operands *in, const char *where,
                           snn_fail *fail, snn_tensor *out)
{
    return run(&law->rule, in, where, fail, out);
}

snn_status snn_extrapolate(const snn_extrapolation *law,
                           const snn_between_operands *in, const char *where,
                           snn_fail *fail, snn_tensor out[2])
{
    snn_status status = run(&law->end[0], in, where, fail, &out[0]);
    out[1] = SNN_NO_TENSOR;
    if (!status) status = run(&law->end[1], in, where, fail, &out[1]);
    if (status) snn_tensor_clear(&out[0]);
    return status;
}
