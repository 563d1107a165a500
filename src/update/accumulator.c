/* Adding a term is in two steps, room and the term; what has been added can
   be taken back, so that several accumulators change together. */
#include "update/self.h"

#include <string.h>

#include "util/mem.h"

/* ---- life ---- */

static void lay_out(snn_accumulator *acc, const snn_param *param)
{
    snn_pattern *was = acc->layout.pattern;
    acc->layout = snn_layout_of(&param->value, param->rows, param->columns,
                                param->pattern);
    if (!snn_param_is_laid(param))
        memcpy(acc->layout.stride, param->stride, sizeof param->stride);
    if (acc->layout.pattern) snn_pattern_share(acc->layout.pattern);
    snn_pattern_free(was);
}

snn_accumulator *snn_accumulator_new(const snn_param *param, snn_fail *fail)
{
    snn_accumulator *acc = snn_mem_zeroed(sizeof *acc);
    if (!acc) {
        snn_fail_memory(fail, "accumulator", sizeof *acc);
        return NULL;
    }
    acc->is_free = !param;
    acc->has_layout = param != NULL;
    if (param) lay_out(acc, param);
    return acc;
}

bool snn_accumulator_fits(const snn_accumulator *acc, const snn_param *param)
{
    return acc->is_free || !acc->layout.pattern ||
           acc->layout.pattern == param->pattern;
}

snn_status snn_accumulator_check_free(const snn_accumulator *acc,
                                      const char *where, snn_fail *fail)
{
    if (!snn_accumulator_is_empty(acc))
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: terms of an update wait in the updater: update "
                            "the connection, or clear its updater, first",
                            where);
    return snn_accumulator_check_still(acc, where, fail);
}

snn_status snn_accumulator_check_still(const snn_accumulator *acc,
                                       const char *where, snn_fail *fail)
{
    if (acc->is_updating || acc->snapshot)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: an update or a trainer's call runs", where);
    return SNN_OK;
}

void snn_accumulator_follow(snn_accumulator *acc, const snn_param *param)
{
    for (int i = 0; i < SNN_SIDES; i++) {
        snn_terms_free(&acc->terms[i]);
        acc->terms[i] = (snn_terms){ .count = 0 };
    }
    lay_out(acc, param);
}

void snn_accumulator_refollow(snn_accumulator *acc, const snn_param *param)
{
    snn_accumulator_snapshot *s = acc->snapshot;
    snn_accumulator_clear(acc);
    if (s && !s->has_followed && acc->layout.pattern) {
        s->before = acc->layout;
        s->has_followed = true;
        snn_pattern_share(acc->layout.pattern);
    }
    snn_accumulator_follow(acc, param);
}

void snn_accumulator_free(snn_accumulator *acc)
{
    if (!acc) return;
    for (int i = 0; i < SNN_SIDES; i++) {
        snn_terms_free(&acc->terms[i]);
        snn_terms_free(&acc->retired[i]);
        snn_bound_clear(&acc->how.bound[i]);
    }
    snn_pattern_free(acc->layout.pattern);
    snn_mem_free(acc);
}

/* ---- terms ---- */

/* Makes ready what `term` will be in the accumulator; NULL is fine. */
static snn_status prepare(snn_accumulator *acc, const snn_layout *layout,
                          snn_side side, const snn_tensor *term,
                          const char *where, snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!term) return SNN_OK;
    snn_status status = snn_layout_check(layout, term, where, fail);
    if (status) return status;
    status = snn_terms_reserve(&acc->terms[side], fail);
    if (status) return status;
    return snn_layout_bring(layout, term, where, fail, out);
}

snn_status snn_accumulator_append_both(snn_accumulator *acc,
                                       const snn_tensor *pos,
                                       const snn_tensor *neg,
                                       const char *where, snn_fail *fail)
{
    const snn_tensor *given[SNN_SIDES] = { pos, neg };
    const snn_tensor *first = pos ? pos : neg;
    if (!first) return SNN_OK;
    snn_layout layout = acc->layout;
    if (!acc->has_layout) layout = snn_layout_flat(&first->shape, first->dtype);
    snn_tensor ready[SNN_SIDES] = { SNN_NO_TENSOR, SNN_NO_TENSOR };
    snn_status status = SNN_OK;
    for (int i = 0; i < SNN_SIDES && !status; i++)
        status = prepare(acc, &layout, (snn_side)i, given[i], where, fail,
                         &ready[i]);
    for (int i = 0; i < SNN_SIDES; i++) {
        if (status)
            snn_tensor_clear(&ready[i]);
        else if (given[i])
            snn_terms_push(&acc->terms[i], &ready[i]);
    }
    if (status) return status;
    acc->layout = layout;
    acc->has_layout = true;
    return SNN_OK;
}

snn_status snn_accumulator_append(snn_accumulator *acc, snn_side side,
                                  const snn_tensor *term, const char *where,
                                  snn_fail *fail)
{
    return snn_accumulator_append_both(acc, side == SNN_POS ? term : NULL,
                                       side == SNN_NEG ? term : NULL, where,
                                       fail);
}

/* Room for what comes to a delta: for a pairing that is the first to come, else
   for anything. */
static snn_status make_room(snn_delta *delta, const snn_pairing_room *room,
                            bool is_first, snn_fail *fail)
{
    return is_first && room && room->kind != SNN_NO_PAIRS
               ? snn_delta_pair_room(delta, room->kind, &room->pair, fail)
               : snn_delta_room(delta, fail);
}

snn_status snn_accumulator_terms(snn_accumulator *acc, const bool wants[2],
                                 const snn_pairing_room *room, snn_fail *fail,
                                 snn_delta *terms[2])
{
    bool merge = acc->how.reduction == SNN_TERMS_SUM;
    snn_status made = SNN_OK;
    for (int i = 0; i < SNN_SIDES; i++) {
        if (!wants[i]) continue;
        snn_status status = snn_terms_ready(&acc->terms[i], &acc->layout,
                                            merge, fail);
        if (status) return status;
    }
    for (int i = 0; i < SNN_SIDES; i++)
        terms[i] = wants[i] ? snn_terms_delta(&acc->terms[i], merge) : NULL;
    for (int i = 0; i < SNN_SIDES && !made; i++)
        if (terms[i] && acc->layout.pattern)
            made = make_room(terms[i], room ? &room[i] : NULL,
                             !merge || acc->terms[i].merged == 0, fail);
    if (made) snn_accumulator_terms_undo(acc, wants);
    return made;
}

void snn_accumulator_append_undo(snn_accumulator *acc, const bool had[2])
{
    for (int i = 0; i < SNN_SIDES; i++)
        if (had[i]) snn_terms_push_undo(&acc->terms[i]);
}

void snn_accumulator_terms_undo(snn_accumulator *acc, const bool had[2])
{
    for (int i = 0; i < SNN_SIDES; i++)
        if (had[i])
            snn_terms_delta_undo(&acc->terms[i],
                                 acc->how.reduction == SNN_TERMS_SUM);
}

static void move_terms(snn_terms from[SNN_SIDES], snn_terms to[SNN_SIDES])
{
    for (int i = 0; i < SNN_SIDES; i++) {
        to[i] = from[i];
        from[i] = (snn_terms){ .count = 0 };
    }
}

/* Ten seconds in steps of a millisecond: no rule waits that long. */
enum { MOST_CALLS = 10000 };

snn_status snn_accumulator_count(snn_accumulator *acc, const char *where,
                                 snn_fail *fail)
{
    if (++acc->calls != MOST_CALLS) return SNN_OK;
    return snn_warn(&acc->told, 0, fail,
                    "%s: %d calls without an update: what they add takes effect "
                    "with layer:update(), or the trainer's",
                    where, MOST_CALLS);
}

void snn_accumulator_count_anew(snn_accumulator *acc) { acc->calls = 0; }

void snn_accumulator_clear(snn_accumulator *acc)
{
    snn_accumulator_count_anew(acc);
    snn_accumulator_snapshot *s = acc->snapshot;
    if (s && !s->has_terms) {
        move_terms(acc->terms, s->terms);
        s->layout = acc->layout;
        s->has_layout = acc->has_layout;
        s->has_terms = true;
    }
    for (int i = 0; i < SNN_SIDES; i++) snn_terms_clear(&acc->terms[i]);
    if (acc->is_free) acc->has_layout = false;
}

void snn_accumulator_snapshot_take(snn_accumulator *acc,
                                   snn_accumulator_snapshot *out)
{
    out->outer = acc->snapshot;
    out->calls = acc->calls;
    out->has_terms = out->has_settings = out->has_followed = false;
    acc->snapshot = out;
}

static void free_terms(snn_terms terms[SNN_SIDES])
{
    for (int i = 0; i < SNN_SIDES; i++) snn_terms_free(&terms[i]);
}

static void clear_settings(snn_accumulator_settings *s)
{
    for (int i = 0; i < SNN_SIDES; i++) snn_bound_clear(&s->bound[i]);
}

void snn_accumulator_snapshot_restore(snn_accumulator *acc,
                                      snn_accumulator_snapshot *s)
{
    acc->snapshot = s->outer;
    acc->calls = s->calls;
    if (s->has_settings) {
        clear_settings(&acc->how);
        acc->how = s->settings;
    }
    if (s->has_followed) {
        free_terms(acc->terms);
        for (int i = 0; i < SNN_SIDES; i++)
            acc->terms[i] = (snn_terms){ .count = 0 };
        snn_pattern_free(acc->layout.pattern);
        acc->layout = s->before;
    }
    if (!s->has_terms) return;
    free_terms(acc->terms);
    move_terms(s->terms, acc->terms);
    acc->layout = s->layout;
    acc->has_layout = s->has_layout;
}

/* Terms that are gone for good: all zero, but a plan may point at their deltas. */
static void retire(snn_accumulator *acc, snn_terms terms[SNN_SIDES])
{
    if (!acc->is_updating || acc->has_retired) {
        free_terms(terms);
        return;
    }
    for (int i = 0; i < SNN_SIDES; i++) snn_terms_clear(&terms[i]);
    move_terms(terms, acc->retired);
    acc->has_retired = true;
}

/* What the outer one has not kept itself was so when it was taken. */
void snn_accumulator_snapshot_drop(snn_accumulator *acc,
                                   snn_accumulator_snapshot *s)
{
    snn_accumulator_snapshot *outer = s->outer;
    acc->snapshot = outer;
    if (s->has_settings && outer && !outer->has_settings) {
        outer->settings = s->settings;
        outer->has_settings = true;
    } else if (s->has_settings) {
        clear_settings(&s->settings);
    }
    if (s->has_followed && outer && !outer->has_followed) {
        outer->before = s->before;
        outer->has_followed = true;
    } else if (s->has_followed) {
        snn_pattern_free(s->before.pattern);
    }
    if (!s->has_terms) return;
    if (outer && !outer->has_terms) {
        move_terms(s->terms, outer->terms);
        outer->layout = s->layout;
        outer->has_layout = s->has_layout;
        outer->has_terms = true;
        return;
    }
    retire(acc, s->terms);
}

bool snn_accumulator_is_kept(const snn_accumulator *acc)
{
    return acc->snapshot != NULL;
}

bool snn_accumulator_is_empty(const snn_accumulator *acc)
{
    return snn_terms_count(&acc->terms[SNN_POS]) == 0 &&
           snn_terms_count(&acc->terms[SNN_NEG]) == 0;
}

typedef struct reduce_context {
    const snn_update_calls *calls;
    const snn_accumulator *acc;
} reduce_context;

static snn_status reduce(void *context, const snn_tensor *stacked,
                         snn_tensor *out, snn_fail *fail)
{
    const reduce_context *r = context;
    return r->calls->reduce(r->calls->context, r->acc, stacked, out, fail);
}

snn_status snn_accumulator_value(const snn_accumulator *acc, snn_side side,
                                 const snn_update_calls *calls, snn_fail *fail,
                                 snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (snn_terms_count(&acc->terms[side]) == 0) return SNN_OK;
    snn_layout layout = acc->layout; /* a call may clear the accumulator */
    reduce_context context = { calls, acc };
    return snn_terms_reduce(&acc->terms[side], &layout, acc->how.reduction, reduce,
                            &context, fail, out);
}

static snn_status read_terms(const void *self, const snn_state_row *row,
                             snn_fail *fail, snn_tensor *out)
{
    const snn_accumulator *acc = self;
    *out = SNN_NO_TENSOR;
    if (acc->how.reduction == SNN_TERMS_FUNCTION)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "Accumulator: '%s' is what a function makes of its "
                            "terms",
                            row->name);
    return snn_accumulator_value(acc, (snn_side)row->offset, NULL, fail, out);
}

const snn_state_row snn_accumulator_rows[] = {
    { .name = "pos", .of = SNN_OF_PARAM, .offset = SNN_POS, .read = read_terms,
      .doc = "setting appends a term, reading gives the reduction or nil" },
    { .name = "neg", .of = SNN_OF_PARAM, .offset = SNN_NEG, .read = read_terms,
      .doc = "the same for what is subtracted (positive values)" },
    { .name = NULL },
};

/* ---- reduction and bounds ---- */

const snn_accumulator_settings *
snn_accumulator_settings_of(const snn_accumulator *acc)
{
    return &acc->how;
}

/* Before they change: the newest snapshot keeps them. */
static void keep_settings(snn_accumulator *acc)
{
    snn_accumulator_snapshot *s = acc->snapshot;
    if (!s || s->has_settings) return;
    s->settings = acc->how;
    s->has_settings = true;
    for (int i = 0; i < SNN_SIDES; i++) {
        const snn_bound *bound = &acc->how.bound[i];
        snn_tensor_alias(&bound->limits, &s->settings.bound[i].limits);
        snn_tensor_alias(&bound->ranges, &s->settings.bound[i].ranges);
    }
}

void snn_accumulator_set_settings(snn_accumulator *acc,
                                  snn_accumulator_settings *settings)
{
    keep_settings(acc);
    clear_settings(&acc->how);
    acc->how = *settings;
    *settings = (snn_accumulator_settings){ .reduction = SNN_TERMS_SUM };
}

void snn_accumulator_reduce_by(snn_accumulator *acc,
                               snn_terms_reduction reduction)
{
    keep_settings(acc);
    acc->how.reduction = reduction;
}

static void remove_bound(snn_accumulator *acc, snn_side side)
{
    snn_bound_clear(&acc->how.bound[side]);
    acc->how.is_call[side] = false;
}

static void remove_full(snn_accumulator *acc)
{
    remove_bound(acc, SNN_POS);
    remove_bound(acc, SNN_NEG);
    acc->how.is_full = acc->how.is_full_call = false;
}

static void take(snn_bound *bound, snn_bound *out)
{
    *out = *bound;
    *bound = (snn_bound){ .law.kind = SNN_BOUND_NONE };
}

void snn_accumulator_bound(snn_accumulator *acc, snn_side side,
                           snn_bound *bound)
{
    keep_settings(acc);
    if (acc->how.is_full) remove_full(acc);
    remove_bound(acc, side);
    take(bound, &acc->how.bound[side]);
}

void snn_accumulator_bound_full(snn_accumulator *acc, snn_bound *upper,
                                snn_bound *lower)
{
    keep_settings(acc);
    remove_full(acc);
    take(upper, &acc->how.bound[SNN_POS]);
    take(lower, &acc->how.bound[SNN_NEG]);
    acc->how.is_full = true;
}

void snn_accumulator_bound_call(snn_accumulator *acc, snn_side side)
{
    keep_settings(acc);
    if (acc->how.is_full) remove_full(acc);
    remove_bound(acc, side);
    acc->how.is_call[side] = true;
}

void snn_accumulator_bound_full_call(snn_accumulator *acc)
{
    keep_settings(acc);
    remove_full(acc);
    acc->how.is_full = acc->how.is_full_call = true;
}
