/* LinearHomeostasis: holds each neuron's rate at a target.
   All its parameters change, at every step. What is positive in a sample goes to
   the updater's pos, the negative to its neg, before the batch is reduced.

   Arguments: plasticity (any sign); target, spikes per step (> 0): a number, in
   register_cell also a tensor (B or 1, shape...), absent: given at each call,
   trainer{ target = }; param "weight", "bias" or "delay".
   Source: Inferno 0.0.5, as documented. */
#include "tensor/view.h"
#include "train/records.h"
#include "train/reduce.h"
#include "util/number.h"

enum { WEIGHT, BIAS, DELAY }; /* param */

typedef struct homeostasis_args {
    snn_trainer_args common;
    double plasticity;
    int param;
} homeostasis_args;

static const char *trained(const void *args)
{
    static const char *const names[] = { "weight", "bias", "delay" };
    return names[((const homeostasis_args *)args)->param];
}

static void add_recorders(snn_unit *unit)
{
    snn_unit_record(unit, "spike_rate", SNN_POST, &snn_reducer_ca,
                    (snn_reducer_args){ .duration = 0 })
        ->is_per_step = true;
}

/* ---- on tensors ---- */

static const snn_tensor *no_target(snn_calc *c, const snn_tensor *t)
{
    return snn_calc_made(
        c,
        snn_fail_set(c->fail, SNN_RUNTIME_ERROR,
                     "%s: there is no target: give one to the trainer, to "
                     "register_cell or to the call, trainer{ target = 0.1 }",
                     c->where),
        t);
}

/* A tensor of targets has one for each neuron, of each sample or for all. */
static const snn_tensor *target_of(snn_calc *c, const snn_tensor *target,
                                   const snn_tensor *rate)
{
    const snn_shape *got = &target->shape, *want = &rate->shape;
    bool fits = got->ndim == want->ndim;
    for (int d = 0; d < want->ndim; d++)
        fits = fits && (got->size[d] == want->size[d] ||
                        (d == 0 && got->size[d] == 1));
    if (fits) return snn_calc_to(c, target, rate->dtype);
    char has[SNN_SHAPE_TEXT], wants[SNN_SHAPE_TEXT];
    return snn_calc_made(
        c,
        snn_fail_set(c->fail, SNN_VALUE_ERROR,
                     "%s: 'target' has shape %s, allowed are %s and 1 in place "
                     "of the batch",
                     c->where, snn_shape_text(got, has),
                     snn_shape_text(want, wants)),
        target);
}

/* (target - rate) / target */
static const snn_tensor *error_of(const snn_given *given,
                                  const snn_tensor *rate, snn_calc *c)
{
    if (!given->has_target) return no_target(c, rate);
    const snn_tensor *minus = snn_calc_one(c, SNN_OP_NEG, rate);
    if (!given->tensor)
        return snn_calc_number(
            c, SNN_OP_DIV, snn_calc_number(c, SNN_OP_ADD, minus, given->number),
            given->number);
    const snn_tensor *target = target_of(c, given->tensor, rate);
    return snn_calc_two(c, SNN_OP_DIV,
                        snn_calc_two(c, SNN_OP_ADD, minus, target), target);
}

/* Beside the parameter: of compressed rows by output, as of a bias next to such,
   they are one for each as they stand. */
static const snn_tensor *lined(snn_reducing *r, const snn_tensor *t, bool by_output)
{
    const snn_connection *connection = r->unit->cell->connection;
    const homeostasis_args *a = r->unit->args;
    by_output = (by_output || a->param == BIAS) && snn_connection_rows_of(connection);
    if (!by_output || r->calc.status)
        return snn_record_line_up(r->unit, true, t, &r->calc);
    int64_t sizes[] = { t->shape.size[0], connection->outputs, 1 };
    snn_shape shape = snn_shape_of(3, sizes);
    return snn_calc_reshape(&r->calc, t, &shape);
}

static const snn_tensor *changes(snn_reducing *r, bool by_output)
{
    snn_calc *c = &r->calc;
    const homeostasis_args *a = r->unit->args;
    const snn_given *given = r->call->given;
    const snn_tensor *error =
        error_of(given, snn_unit_latest(r->unit, "spike_rate"), c);
    const snn_tensor *lined_up = lined(r, error, by_output);
    if (c->status) return error;
    const snn_tensor *k = snn_calc_reduce(c, SNN_REDUCE_MEAN, lined_up,
                                          lined_up->shape.ndim - 1);
    k = snn_calc_number(c, SNN_OP_MUL, k,
                        a->param == DELAY ? -a->plasticity : a->plasticity);
    if (snn_calc_is_finite(c, k)) return k;
    snn_status status = snn_fail_set(
        c->fail, SNN_VALUE_ERROR,
        "%s: 'target' and 'plasticity' must make changes within %s, got a "
        "plasticity of %s and %s%s",
        c->where, snn_dtype_name(k->dtype), snn_real(a->plasticity).text,
        given->tensor ? "a tensor of targets" : "a target of ",
        given->tensor ? "" : snn_real(given->number).text);
    return snn_calc_made(c, status, k);
}

/* What is one for each output, in the shape of the parameter. */
static const snn_tensor *as_param(snn_reducing *r, const snn_tensor *t)
{
    const snn_connection *connection = r->unit->cell->connection;
    const homeostasis_args *a = r->unit->args;
    snn_calc *c = &r->calc;
    if (a->param == BIAS)
        return snn_calc_reshape(c, t, &connection->bias.value.shape);
    const snn_param *param =
        a->param == DELAY ? &connection->delay : &connection->weight;
    snn_tensor *out = snn_calc_new(c);
    if (!out) return t;
    return snn_calc_made(
        c, snn_view_expand(t, &param->value.shape, c->fail, out), out);
}

/* What is positive and what is negative, reduced. */
static void halves(snn_reducing *r, bool by_output, const snn_tensor **up,
                   const snn_tensor **down)
{
    snn_calc *c = &r->calc;
    const snn_tensor *k = changes(r, by_output);
    *up = snn_calc_number(c, SNN_OP_MAXIMUM, k, 0);
    *down =
        snn_calc_one(c, SNN_OP_NEG, snn_calc_number(c, SNN_OP_MINIMUM, k, 0));
    *up = snn_reduce_samples(r, *up);
    *down = snn_reduce_samples(r, *down);
}

static void sides(snn_reducing *r, const snn_tensor *side[2])
{
    const snn_tensor *up, *down;
    halves(r, false, &up, &down);
    side[SNN_POS] = as_param(r, up);
    side[SNN_NEG] = as_param(r, down);
}

/* ---- by outputs: a row that all inputs share ---- */

typedef struct rates_step {
    snn_unit_step terms;
    snn_calc calc;
    const snn_tensor *row[2]; /* (outputs) */
} rates_step;

/* A matrix of inputs and outputs, or compressed rows; what has one place for each
   input or output is as small as the tensors. */
static bool steps(const snn_unit *unit, const snn_call *call)
{
    (void)call;
    const snn_connection *connection = unit->cell->connection;
    const homeostasis_args *a = unit->args;
    const snn_param *weight = &connection->weight;
    snn_pattern_kind kind = weight->pattern->kind;
    return a->param != BIAS && connection->model->pairs_each &&
           kind != SNN_PATTERN_ONE_TO_ONE && weight->rows == connection->inputs &&
           weight->columns == connection->outputs;
}

static void close(void *step)
{
    rates_step *s = step;
    snn_calc_clear(&s->calc);
}

static snn_status open(const snn_unit *unit, const snn_call *call,
                       snn_accumulator *acc, void *step, snn_fail *fail)
{
    static const bool wants[2] = { true, true };
    rates_step *s = step;
    snn_reducing r = { .unit = unit, .call = call,
                       .calc = snn_calc_of(unit->model->name, fail) };
    const snn_tensor *up, *down;
    halves(&r, true, &up, &down);
    s->row[SNN_POS] = up;
    s->row[SNN_NEG] = down;
    s->calc = r.calc;
    snn_status status = s->calc.status;
    if (!status)
        status = snn_accumulator_terms(acc, wants, NULL, fail, s->terms.term);
    if (status) close(s);
    return status;
}

/* To each place what its output has. */
#define PLACES(REAL, name)                                                    \
    static void name(const snn_pattern *rows, const REAL *row, bool adds,     \
                     REAL *to)                                                \
    {                                                                         \
        if (adds)                                                             \
            for (int64_t k = 0; k < rows->count; k++)                         \
                to[k] += row[rows->post[k]];                                  \
        else                                                                  \
            for (int64_t k = 0; k < rows->count; k++)                         \
                to[k] = row[rows->post[k]];                                   \
    }
PLACES(double, places_f64)
PLACES(float, places_f32)

static void add_places(snn_delta *delta, const snn_tensor *row)
{
    bool adds = snn_delta_fill(delta);
    if (delta->dtype == SNN_FLOAT64)
        places_f64(delta->pattern, snn_tensor_f64(row), adds, delta->data);
    else
        places_f32(delta->pattern, snn_tensor_f32(row), adds, delta->data);
}

static void add(const snn_unit *unit, const snn_call *call, void *step)
{
    (void)unit, (void)call;
    const rates_step *s = step;
    for (int i = 0; i < 2; i++)
        if (s->terms.term[i]->pattern)
            add_places(s->terms.term[i], s->row[i]);
        else
            snn_delta_add_row(s->terms.term[i], s->row[i]);
}

static const snn_form by_rates = {
    .steps = steps, .step_size = sizeof(rates_step), .open = open, .add = add,
    .close = close, .sides = sides, .has_target = true,
};

static const snn_field fields[] = {
    { .name = "plasticity", .type = SNN_REAL,
      .example = "0.1", .other = "0.2",
      SNN_AT(homeostasis_args, plasticity), .doc = "learning rate" },
    { .name = "target", .type = SNN_OTHER, .unit = "spikes per step",
      .example = "0.3", .other = "0.1",
      .optional = true, .doc = "rate of a neuron, a number or a tensor" },
    { .name = "param", .type = SNN_CHOICE, SNN_AT(homeostasis_args, param),
      .choices = "weight bias delay", .optional = true, .fixed = true,
      .example = "\"bias\"", .other = "\"weight\"",
      .doc = "the parameter that is trained" },
    SNN_TRAINER_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_linear_homeostasis = {
    .where = SNN_HERE,
    .name = "LinearHomeostasis",
    .summary = "Holds the rate of neurons at a target.",
    .source = "Inferno 0.0.5",
    .equations =
        "s_post: 1 where the neuron spikes, else 0\n"
        "each step of the layer, in this order, from 0:\n"
        "  n = n + 1\n"
        "  spike_rate = spike_rate + (s_post - spike_rate) / n\n"
        "each call of the trainer, of the parameter that is trained:\n"
        "  dw = plasticity (target - spike_rate) / target\n"
        "  db = plasticity (target - spike_rate) / target\n"
        "  dd = -plasticity (target - spike_rate) / target\n"
        "what is positive in a sample goes to the updater's pos, the negative "
        "to its neg; of places that share a weight (Conv2D) it is the mean\n"
        SNN_MEAN_EQUATIONS,
    .example =
        "local connection = snn.LinearDense { in_shape = 2, out_shape = 1,\n"
        "  step_time = 1,\n"
        "  synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }\n"
        "connection.updater = connection:defaultupdater()\n"
        "local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {\n"
        "  shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }\n"
        "local trainer = snn.LinearHomeostasis { plasticity = 0.01,\n"
        "  target = 0.2, param = \"weight\" }\n"
        "trainer:register_cell(\"cell\", layer.cell)\n"
        "local before = connection.weight:clone()\n"
        "for step = 1, 10 do\n"
        "  layer(snn.tensor { { step % 2 == 0, step % 3 == 0 } })\n"
        "  trainer()\n"
        "  layer:update()\n"
        "end\n"
        "print(connection.weight - before)",
    .fields = fields,
    .args_size = sizeof(homeostasis_args),
    .add_recorders = add_recorders,
    .trained = trained,
    .form = &by_rates,
};
