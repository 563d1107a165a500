/* Each side of an accumulator becomes data and a law (update/apply.h), or
   pairs that wait, which go to the parameter without a matrix
   (update/pairs.h). */
#include "update/plan.h"

#include <math.h>
#include <string.h>

#include "tensor/copy.h"
#include "update/self.h"
#include "util/bits.h"

static const char *const where = "update";

/* ---- making ---- */

/* What a function of the caller's may change while it runs: the plan keeps to
   what was there at first. */
typedef struct maker {
    const snn_accumulator *acc;
    const snn_tensor *param;
    const snn_update_calls *calls;
    bool is_call[SNN_SIDES], is_full_call;
    bool has[SNN_SIDES]; /* the side has terms */
} maker;

/* The terms of one side, reduced and in the plan's layout. */
static snn_status reduce_side(const maker *m, int side, snn_fail *fail,
                              snn_plan *plan)
{
    snn_tensor value;
    snn_status status = snn_accumulator_value(m->acc, (snn_side)side, m->calls,
                                              fail, &value);
    if (status) return status;
    status = snn_layout_check(&plan->layout, &value, where, fail);
    if (!status)
        status = snn_layout_bring(&plan->layout, &value, where, fail,
                                  &plan->held[side]);
    snn_tensor_clear(&value);
    return status;
}

/* Terms that are one delta stay where they are, unless a function must see
   them or they have another dtype than the parameter. */
static snn_status gather_side(maker *m, int side, snn_fail *fail,
                              snn_plan *plan)
{
    const snn_terms *terms = &m->acc->terms[side];
    m->has[side] = plan->has[side] = snn_terms_count(terms) > 0;
    if (!m->has[side]) return SNN_OK;
    snn_delta *delta = snn_terms_direct(terms, m->acc->how.reduction);
    bool is_seen = m->is_full_call || m->is_call[side];
    if (!delta || is_seen || delta->dtype != plan->layout.dtype)
        return reduce_side(m, side, fail, plan);
    snn_apply_side *to = &plan->apply.side[side];
    plan->delta[side] = delta;
    to->data = delta->data;
    if (delta->is_dense) return SNN_OK;
    to->row_bits = delta->row_bits;
    to->column_bits = delta->column_bits;
    return SNN_OK;
}

/* A function's result takes the place of what the side holds. */
static snn_status take_result(snn_plan *plan, snn_tensor *result, int side,
                              const char *what, snn_fail *fail)
{
    snn_tensor brought;
    snn_status status = snn_layout_check(&plan->layout, result, what, fail);
    if (!status)
        status = snn_layout_bring(&plan->layout, result, what, fail, &brought);
    if (!status) snn_tensor_move(&brought, &plan->held[side]);
    snn_tensor_clear(result);
    return status;
}

static snn_status call_side(const maker *m, int side, snn_fail *fail,
                            snn_plan *plan)
{
    snn_tensor result = SNN_NO_TENSOR;
    snn_status status =
        m->calls->bound(m->calls->context, m->acc, (snn_side)side, m->param,
                        &plan->held[side], &result, fail);
    if (status) return status;
    return take_result(plan, &result, side,
                       side == SNN_POS ? "upperbound" : "lowerbound", fail);
}

/* A full bound sees zeros for a side without terms. */
static snn_status call_full(const maker *m, snn_fail *fail, snn_plan *plan)
{
    snn_tensor *held = plan->held, result = SNN_NO_TENSOR;
    for (int i = 0; i < SNN_SIDES; i++) {
        if (!snn_tensor_is_empty(&held[i])) continue;
        snn_status status = snn_layout_new(&plan->layout, where, fail,
                                           &held[i]);
        if (status) return status;
        memset(snn_tensor_edit(&held[i], false), 0, snn_tensor_bytes(&held[i]));
    }
    snn_status status =
        m->calls->full(m->calls->context, m->acc, m->param, &held[SNN_POS],
                       &held[SNN_NEG], &result, fail);
    if (status) return status;
    status = take_result(plan, &result, SNN_POS, "fullbound", fail);
    snn_tensor_clear(&held[SNN_NEG]);
    return status;
}

/* One value for each element, from a tensor that broadcasts to the shape. */
static snn_status spread(snn_plan *plan, const snn_tensor *from,
                         snn_fail *fail, snn_tensor *to)
{
    if (snn_tensor_is_empty(from)) return SNN_OK;
    snn_status status = snn_layout_new(&plan->layout, where, fail, to);
    return status ? status : snn_tensor_copy_into(to, from, fail);
}

static snn_status set_law(const snn_accumulator *acc, int side, snn_fail *fail,
                          snn_plan *plan)
{
    const snn_bound *bound = &acc->how.bound[side];
    snn_apply_side *to = &plan->apply.side[side];
    to->law = bound->law;
    snn_status status = spread(plan, &bound->limits, fail,
                               &plan->limits[side]);
    if (!status)
        status = spread(plan, &bound->ranges, fail, &plan->ranges[side]);
    bool is_by_element = !snn_tensor_is_empty(&plan->limits[side]) ||
                         !snn_tensor_is_empty(&plan->ranges[side]);
    if (is_by_element) to->row_bits = to->column_bits = NULL;
    return status;
}

static snn_status fill(maker *m, snn_fail *fail, snn_plan *plan)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < SNN_SIDES && !status; i++)
        status = gather_side(m, i, fail, plan);
    if (!status && m->is_full_call && (m->has[SNN_POS] || m->has[SNN_NEG]))
        return call_full(m, fail, plan);
    for (int i = 0; i < SNN_SIDES && !status; i++) {
        if (!m->has[i]) continue;
        status = m->is_call[i] ? call_side(m, i, fail, plan)
                               : set_law(m->acc, i, fail, plan);
    }
    return status;
}

static const void *data_of(const snn_tensor *t)
{
    return snn_tensor_is_empty(t) ? NULL : snn_tensor_data(t);
}

snn_status snn_plan_make(const snn_accumulator *acc, const snn_tensor *param,
                         const snn_update_calls *calls, snn_fail *fail,
                         snn_plan *plan)
{
    *plan = (snn_plan){ .is_empty = snn_accumulator_is_empty(acc) };
    if (plan->is_empty) return SNN_OK;
    snn_status status = snn_layout_check(&acc->layout, param, where, fail);
    if (status) return status;
    plan->layout = acc->layout;
    plan->layout.dtype = snn_dtype_promote(acc->layout.dtype, param->dtype);
    plan->apply.is_f64 = plan->layout.dtype == SNN_FLOAT64;
    plan->apply.rows = plan->layout.rows;
    plan->apply.columns = plan->layout.columns;
    plan->apply.pattern = plan->layout.pattern;
    maker m = { .acc = acc, .param = param, .calls = calls,
                .is_call = { acc->how.is_call[0], acc->how.is_call[1] },
                .is_full_call = acc->how.is_full_call };
    status = fill(&m, fail, plan);
    if (status) {
        snn_plan_clear(plan);
        return status;
    }
    for (int i = 0; i < SNN_SIDES; i++) {
        snn_apply_side *side = &plan->apply.side[i];
        if (!snn_tensor_is_empty(&plan->held[i]))
            side->data = snn_tensor_data(&plan->held[i]);
        side->law.limits = data_of(&plan->limits[i]);
        side->law.ranges = data_of(&plan->ranges[i]);
    }
    return SNN_OK;
}

void snn_plan_clear(snn_plan *plan)
{
    for (int i = 0; i < SNN_SIDES; i++) {
        snn_tensor_clear(&plan->held[i]);
        snn_tensor_clear(&plan->limits[i]);
        snn_tensor_clear(&plan->ranges[i]);
    }
    plan->is_empty = true;
}

/* ---- running ---- */

/* Says what the plan makes dirty in the parameter. */
static void note_dirty(const snn_plan *plan, snn_param *param)
{
    for (int i = 0; i < SNN_SIDES; i++) {
        const snn_apply_side *side = &plan->apply.side[i];
        if (!side->data) continue;
        if (side->row_bits)
            snn_param_mark(param, side->row_bits, side->column_bits);
        else
            snn_param_mark_all(param);
    }
}

/* Data for what waits to go to. */
static snn_status make_room(const snn_plan *plan, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < SNN_SIDES && !status; i++)
        if (plan->delta[i] && plan->delta[i]->is_dirty)
            status = snn_delta_room(plan->delta[i], fail);
    return status;
}

/* What waits goes to the deltas; what is lent stays where it is. A function of
   another parameter's may have filled them since the plan was made. */
static void settle(snn_plan *plan)
{
    for (int i = 0; i < SNN_SIDES; i++) {
        snn_delta *delta = plan->delta[i];
        snn_apply_side *side = &plan->apply.side[i];
        if (!delta) continue;
        if (snn_tensor_is_empty(&delta->lent)) {
            snn_delta_settle(delta);
            side->data = delta->data;
        } else {
            side->data = snn_tensor_data(&delta->lent);
            side->factor = delta->factor;
            side->is_part = delta->is_part;
            side->period = snn_delta_lends_row(delta) ? delta->columns : 0;
        }
        if (delta->is_dense) side->row_bits = side->column_bits = NULL;
    }
}

/* Of a side that has terms, and something in them: whether it is nothing but pairs
   that wait. */
static bool is_waiting(const snn_plan *plan, int i)
{
    const snn_delta *delta = plan->delta[i];
    return delta && snn_delta_waits(delta) && plan->apply.side[i].row_bits;
}

static bool has_any(const snn_plan *plan, int i)
{
    const snn_delta *delta = plan->delta[i];
    return plan->has[i] && (!delta || delta->is_dirty);
}

/* Which side is row pairs and which one column pairs, -1: none; false where they
   cannot be run so. */
static bool find_pairs(const snn_plan *plan, int *row_side, int *column_side)
{
    *row_side = *column_side = -1;
    for (int i = 0; i < SNN_SIDES; i++) {
        if (!has_any(plan, i)) continue;
        if (!is_waiting(plan, i)) return false;
        const snn_delta *delta = plan->delta[i];
        snn_pairs_kind kind =
            delta->pattern ? delta->lines.kind : delta->pairs.kind;
        int *side = kind == SNN_COLUMN_PAIRS ? column_side : row_side;
        if (*side >= 0) return false;
        *side = i;
    }
    return true;
}

snn_status snn_plan_ready(const snn_plan *plan, snn_param *param, snn_fail *fail)
{
    int rows, columns;
    if (plan->is_empty) return SNN_OK;
    snn_status status = snn_param_prepare(param, fail);
    if (status) return status;
    const uint64_t version = param->version;
    const bool is_shared = snn_param_is_shared(param);
    if (!snn_param_edit(param))
        return snn_fail_memory(fail, where, snn_tensor_bytes(&param->value));
    if (!is_shared) param->version = version; /* no value has changed yet */
    return find_pairs(plan, &rows, &columns) ? SNN_OK : make_room(plan, fail);
}

/* Bits of all rows and columns that pairs change. */
static void mark_pairs(const snn_plan *plan, uint64_t *rows, uint64_t *columns)
{
    for (int i = 0; i < SNN_SIDES; i++) {
        if (!has_any(plan, i)) continue;
        if (plan->layout.pattern)
            snn_sparse_pairs_mark(&plan->delta[i]->lines, rows, columns);
        else
            snn_pairs_mark(&plan->delta[i]->pairs, rows, columns);
    }
}

static void apply_lines(const snn_plan *plan, const snn_param *param,
                        const snn_pairs_update *u, int row_side, int column_side)
{
    snn_sparse_update lines = { .of = plan->layout.pattern, .is_f64 = u->is_f64,
                                .param = u->param, .low = u->low, .high = u->high,
                                .outside = u->outside,
                                .row_law = u->row_law,
                                .column_law = u->column_law,
                                .row_pairs_are_pos = u->row_pairs_are_pos };
    if (row_side >= 0) lines.row_pairs = &plan->delta[row_side]->lines;
    if (column_side >= 0) lines.column_pairs = &plan->delta[column_side]->lines;
    if (snn_param_is_followed(param)) {
        lines.changed = param->watch->lines;
        lines.self = param->watch->self;
    }
    snn_sparse_pairs_apply(&lines);
}

/* Tells who follows what will change, by pairs or by data. */
static void leave_pairs(const snn_plan *plan, const snn_param *param)
{
    const snn_param_watch *watch = param->watch;
    if (!snn_param_is_followed(param)) return;
    snn_param_follow(param);
    mark_pairs(plan, watch->row_bits, watch->column_bits);
    snn_param_leave(param);
}

static void leave_data(const snn_plan *plan, const snn_param *param)
{
    snn_param_watch *watch = param->watch;
    if (snn_param_is_followed(param)) snn_param_follow(param);
    for (int i = 0; i < SNN_SIDES && snn_param_is_followed(param); i++) {
        const snn_apply_side *side = &plan->apply.side[i];
        if (!side->data) continue;
        watch->follows = side->row_bits && side->column_bits;
        if (!watch->follows) return;
        for (size_t w = 0; w < snn_bits_words(param->rows); w++)
            watch->row_bits[w] |= side->row_bits[w];
        for (size_t w = 0; w < snn_bits_words(param->columns); w++)
            watch->column_bits[w] |= side->column_bits[w];
    }
    snn_param_leave(param);
}

/* Pairings that wait go to the parameter directly; of rows that left the limits of a
   clamp there are bits, of all of their rows and columns without one: what they leave within the
   limits of a clamp needs no other one. */
static bool run_pairs(const snn_plan *plan, snn_param *param, void *memory)
{
    int row_side, column_side;
    if (!find_pairs(plan, &row_side, &column_side)) return false;
    const snn_apply_side *side = plan->apply.side;
    bool is_clamped = param->clamped.is_known;
    snn_pairs_update u = {
        .row_law = row_side >= 0 ? &side[row_side].law : NULL,
        .column_law = column_side >= 0 ? &side[column_side].law : NULL,
        .row_pairs_are_pos =
            row_side >= 0 ? row_side == SNN_POS : column_side == SNN_NEG,
        .is_f64 = plan->apply.is_f64, .param = memory,
        .low = is_clamped ? param->clamped.low : -INFINITY,
        .high = is_clamped ? param->clamped.high : INFINITY,
        .outside = param->clamped.row_bits,
    };
    if (!is_clamped)
        mark_pairs(plan, param->clamped.row_bits, param->clamped.column_bits);
    if (plan->layout.pattern) {
        apply_lines(plan, param, &u, row_side, column_side);
    } else {
        leave_pairs(plan, param);
        if (row_side >= 0) u.row_pairs = &plan->delta[row_side]->pairs;
        if (column_side >= 0) u.column_pairs = &plan->delta[column_side]->pairs;
        snn_pairs_apply(&u);
    }
    snn_param_note(param);
    return true;
}

static void check_changed(const snn_plan *plan, snn_param *param)
{
    for (int i = 0; i < SNN_SIDES; i++) {
        const snn_apply_side *side = &plan->apply.side[i];
        if (side->data)
            snn_param_updated(param, side->row_bits, side->column_bits);
    }
}

static void finish(const snn_plan *plan, snn_param *param, bool clear,
                   bool by_lines)
{
    for (int i = 0; i < SNN_SIDES; i++)
        if (clear && plan->delta[i]) snn_delta_forget(plan->delta[i]);
    snn_param_restore(param);
    if (!by_lines) snn_param_enter(param);
    snn_param_done(param);
}

void snn_plan_run(snn_plan *plan, snn_param *param, bool clear)
{
    if (plan->is_empty) return;
    param->updates++;
    void *memory = snn_param_edit(param); /* its own already: no failure */
    if (run_pairs(plan, param, memory)) {
        if (param->limits.is_set) snn_param_updated(param, NULL, NULL);
        finish(plan, param, clear, plan->layout.pattern != NULL);
        return;
    }
    settle(plan);
    plan->apply.param = memory;
    note_dirty(plan, param);
    leave_data(plan, param);
    for (int i = 0; i < SNN_SIDES; i++)
        if (clear && plan->delta[i] && plan->apply.side[i].factor == 0)
            plan->apply.side[i].zero = plan->delta[i]->data;
    snn_apply_add(&plan->apply, memory);
    if (param->limits.is_set) check_changed(plan, param);
    finish(plan, param, clear, false);
}

/* ---- on any tensor ---- */

/* What a plan makes of `param`: the change, or the parameter with it. */
static snn_status evaluate(const snn_accumulator *acc, const snn_tensor *param,
                           const snn_update_calls *calls, bool is_change,
                           snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (snn_accumulator_is_empty(acc)) return SNN_OK;
    snn_plan plan;
    snn_status status = snn_plan_make(acc, param, calls, fail, &plan);
    if (status) return status;
    snn_tensor flat = SNN_NO_TENSOR;
    status = snn_layout_bring(&plan.layout, param, where, fail, &flat);
    if (!status) status = snn_layout_new(&plan.layout, where, fail, out);
    if (!status) {
        status = make_room(&plan, fail);
        if (status) snn_tensor_clear(out);
    }
    if (!status) {
        void *to = snn_tensor_edit(out, false);
        if (!is_change)
            memcpy(to, snn_tensor_data(&flat), snn_tensor_bytes(out));
        settle(&plan);
        plan.apply.param = is_change ? snn_tensor_data(&flat) : to;
        if (is_change)
            snn_apply_change(&plan.apply, to);
        else
            snn_apply_add(&plan.apply, to);
    }
    snn_tensor_clear(&flat);
    snn_plan_clear(&plan);
    return status;
}

snn_status snn_accumulator_change(const snn_accumulator *acc,
                                  const snn_tensor *param,
                                  const snn_update_calls *calls,
                                  snn_fail *fail, snn_tensor *out)
{
    return evaluate(acc, param, calls, true, fail, out);
}

snn_status snn_accumulator_changed(const snn_accumulator *acc,
                                   const snn_tensor *param,
                                   const snn_update_calls *calls,
                                   snn_fail *fail, snn_tensor *out)
{
    return evaluate(acc, param, calls, false, fail, out);
}
