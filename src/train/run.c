/* In three passes: all units are checked, and those that are worked out on tensors
   reduced, which may run functions of the caller's; all that may fail is done;
   then each unit adds. */
#include "train/run.h"

#include "util/pool.h"

typedef struct run {
    snn_trainee *trainees;
    int n;
    const snn_call *call;
    const snn_train_calls *calls;
    bool reduces; /* some units */
} run;

/* The step of a unit that is worked out on tensors. */
typedef struct reduced {
    snn_tensor terms[2]; /* by side */
} reduced;

static snn_call call_of(const run *r, const snn_trainee *t)
{
    snn_call call = *r->call;
    call.given = &t->given;
    return call;
}

/* ---- checking, reducing ---- */

static snn_status check(const run *r, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < r->n && !status; i++) {
        const snn_trainee *t = &r->trainees[i];
        snn_call call = call_of(r, t);
        status = snn_unit_check(t->unit, &call, fail);
    }
    return status;
}

static snn_status count(const run *r, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < r->n && !status; i++) {
        const snn_trainee *t = &r->trainees[i];
        status = snn_accumulator_count(t->acc, t->unit->model->name, fail);
    }
    return status;
}

static void sort(run *r)
{
    for (int i = 0; i < r->n; i++) {
        snn_trainee *t = &r->trainees[i];
        snn_call call = call_of(r, t);
        t->step = NULL;
        t->is_reduced = !snn_unit_steps(t->unit, &call);
        r->reduces = r->reduces || t->is_reduced;
    }
}

static snn_status take(snn_trainee *t, size_t bytes, snn_fail *fail)
{
    t->step = snn_pool_take(bytes);
    return t->step ? SNN_OK
                   : snn_fail_memory(fail, t->unit->model->name, bytes);
}

/* What was checked may have gone while others were reduced. */
static snn_status reduce(const run *r, int i, snn_fail *fail)
{
    snn_trainee *t = &r->trainees[i];
    snn_call call = call_of(r, t);
    snn_status status = snn_unit_check(t->unit, &call, fail);
    if (!status) status = take(t, sizeof(reduced), fail);
    if (status) return status;
    reduced *step = t->step;
    *step = (reduced){ { SNN_NO_TENSOR, SNN_NO_TENSOR } };
    return snn_reduce_unit(t->unit, &call, r->calls, i, fail, step->terms);
}

/* Functions of the caller's may have cleared what was checked. */
static snn_status reduce_all(const run *r, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < r->n && !status; i++)
        if (r->trainees[i].is_reduced) status = reduce(r, i, fail);
    return status ? status : check(r, fail);
}

/* ---- adding ---- */

static const snn_tensor *term_of(const reduced *step, int side)
{
    const snn_tensor *t = &step->terms[side];
    return snn_tensor_is_empty(t) ? NULL : t;
}

static snn_status open(const run *r, snn_trainee *t, snn_fail *fail)
{
    const snn_trainer_model *model = t->unit->model;
    if (t->is_reduced)
        return snn_accumulator_append_both(t->acc, term_of(t->step, SNN_POS),
                                           term_of(t->step, SNN_NEG),
                                           model->name, fail);
    snn_status status = take(t, model->form->step_size, fail);
    if (status) return status;
    snn_call call = call_of(r, t);
    status = model->form->open(t->unit, &call, t->acc, t->step, fail);
    if (!status) return SNN_OK;
    snn_pool_give(t->step);
    t->step = NULL;
    return status;
}

/* What open has counted is no more. */
static void undo(const snn_trainee *t)
{
    bool had[2];
    for (int s = 0; s < 2; s++) {
        if (t->is_reduced)
            had[s] = term_of(t->step, s) != NULL;
        else
            had[s] = ((const snn_unit_step *)t->step)->term[s] != NULL;
    }
    if (t->is_reduced)
        snn_accumulator_append_undo(t->acc, had);
    else
        snn_accumulator_terms_undo(t->acc, had);
}

static snn_status add_all(const run *r, snn_fail *fail)
{
    snn_status status = SNN_OK;
    int opened = 0;
    while (opened < r->n && !status) {
        status = open(r, &r->trainees[opened], fail);
        if (!status) opened++;
    }
    if (status) {
        while (opened > 0) undo(&r->trainees[--opened]);
        return status;
    }
    for (int i = 0; i < r->n; i++) {
        const snn_trainee *t = &r->trainees[i];
        if (t->is_reduced) continue;
        snn_call call = call_of(r, t);
        t->unit->model->form->add(t->unit, &call, t->step);
    }
    return SNN_OK;
}

static void close(snn_trainee *t)
{
    if (!t->step) return;
    if (t->is_reduced) {
        reduced *step = t->step;
        for (int s = 0; s < 2; s++) snn_tensor_clear(&step->terms[s]);
    } else {
        t->unit->model->form->close(t->step);
    }
    snn_pool_give(t->step);
}

snn_status snn_trainer_run(snn_trainee *trainees, int n, const snn_call *call,
                           const snn_train_calls *calls, snn_fail *fail)
{
    run r = { trainees, n, call, calls, false };
    snn_status status = check(&r, fail);
    if (!status) status = count(&r, fail);
    if (status) return status;
    sort(&r);
    if (r.reduces) status = reduce_all(&r, fail);
    if (!status) status = add_all(&r, fail);
    for (int i = 0; i < n; i++) close(&trainees[i]);
    return status;
}
