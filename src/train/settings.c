/* Other arguments for a unit that records already. Its recorders are set up
   again by them, beside those that are there: one that sees the same in the
   same way goes on from its states, traces in the new amplitude; one that does
   not begins anew. */
#include "train/settings.h"

#include <stdio.h>
#include <string.h>

#include "util/mem.h"

static bool is_same(const snn_recorder *now, const snn_recorder *then)
{
    return now->source == then->source &&
           now->reducer.model == then->reducer.model;
}

/* What the states have to be multiplied with. */
static double factor_of(const snn_recorder *now, const snn_recorder *then)
{
    double a = now->reducer.args.amplitude, b = then->reducer.args.amplitude;
    return a == b ? 1 : a != 0 ? b / a : 0;
}

/* `then` goes on from the states of `now`. */
static snn_status go_on(const snn_unit *unit, const snn_recorder *now,
                        snn_recorder *then, snn_fail *fail)
{
    snn_reducer_snapshot states;
    double factor = factor_of(now, then);
    snn_told all = ~(snn_told)0; /* a history that is shorter is no loss */
    snn_status status = snn_reducer_snapshot_take(&now->reducer, &states, fail);
    if (status) return status;
    status = snn_reducer_set(&states.then, &then->reducer.args, &all,
                             unit->model->name, fail);
    if (!status && factor != 1)
        status = snn_reducer_rescale(&states.then, factor, fail);
    if (status)
        snn_reducer_snapshot_drop(&states);
    else
        then->reducer = states.then;
    return status;
}

static snn_status tell(const snn_unit *unit, const char *names, snn_told *told,
                       const char *changed, snn_fail *fail)
{
    if (!*names) return SNN_OK;
    return snn_warn(told, SNN_SETTINGS_CLEARED, fail,
                    "%s: with another '%s' what was recorded means something "
                    "else: %s begin anew",
                    unit->model->name, changed, names);
}

enum { NAMES = 256 };

static void add_name(char names[NAMES], const char *name)
{
    size_t used = strlen(names);
    snprintf(names + used, NAMES - used, "%s'%s'", used ? ", " : "", name);
}

static snn_status take_recorders(const snn_unit *unit, const char *changed,
                                 snn_told *told, snn_unit_settings *out,
                                 snn_fail *fail)
{
    char names[NAMES] = "";
    snn_status status = SNN_OK;
    for (int i = 0; i < out->recorders.count && !status; i++) {
        snn_recorder *then = &out->recorders.recorder[i];
        const snn_recorder *now = snn_unit_recorder(unit, then->name);
        if (now && is_same(now, then))
            status = go_on(unit, now, then, fail);
        else if (now && now->reducer.history.count > 0)
            add_name(names, then->name);
    }
    return status ? status : tell(unit, names, told, changed, fail);
}

/* A remembered pair has the trace of the other side as a factor. */
static snn_status take_eligibility(const snn_unit *unit, snn_unit_settings *out,
                                   snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; unit->eligibility && i < SNN_ELIGS && !status; i++) {
        const char *name = unit->model->terms[i].trace;
        const snn_recorder *now = snn_unit_recorder(unit, name);
        const snn_recorder *then = snn_recorders_find(&out->recorders, name);
        double factor = factor_of(now, then);
        status = snn_eligible_snapshot_take(&unit->eligibility->side[i],
                                            &out->side[i], fail);
        if (!status && factor != 1)
            status = snn_eligible_snapshot_scale(&out->side[i], factor, fail);
    }
    return status;
}

snn_status snn_unit_settings_take(const snn_unit *unit, const void *args,
                                  const char *changed, snn_told *told,
                                  snn_unit_settings *out, snn_fail *fail)
{
    size_t size = unit->model->args_size;
    *out = (snn_unit_settings){ .args = snn_mem_alloc(size) };
    if (!out->args) return snn_fail_memory(fail, unit->model->name, size);
    memcpy(out->args, args, size);
    snn_unit next = *unit;
    next.args = out->args;
    next.recorders = (snn_recorders){ .told = unit->recorders.told };
    unit->model->add_recorders(&next);
    out->recorders = next.recorders;
    snn_status status = take_eligibility(unit, out, fail);
    if (!status) status = take_recorders(unit, changed, told, out, fail);
    if (status) snn_unit_settings_drop(out);
    return status;
}

void snn_unit_settings_commit(snn_unit *unit, snn_unit_settings *s)
{
    for (int i = 0; i < s->recorders.count; i++) {
        snn_recorder *then = &s->recorders.recorder[i];
        snn_recorder *now = snn_recorders_find(&unit->recorders, then->name);
        if (now && is_same(now, then)) /* room that a step has prepared */
            snn_tensor_move(&now->real, &then->real);
    }
    snn_recorders_clear(&unit->recorders);
    unit->recorders = s->recorders;
    s->recorders.count = 0;
    for (int i = 0; unit->eligibility && i < SNN_ELIGS; i++)
        snn_eligible_snapshot_restore(&unit->eligibility->side[i], &s->side[i]);
    snn_mem_free(unit->args);
    unit->args = s->args;
    s->args = NULL;
}

void snn_unit_settings_drop(snn_unit_settings *s)
{
    snn_recorders_clear(&s->recorders);
    for (int i = 0; i < SNN_ELIGS; i++) snn_eligible_snapshot_drop(&s->side[i]);
    snn_mem_free(s->args);
    *s = (snn_unit_settings){ .args = NULL };
}
