/* The transaction. What may fail is done for all parameters before the first
   of them changes: functions of the caller's run while the plans are made, and
   see every parameter as it was. */
#include "update/updater.h"

#include "update/plan.h"
#include "update/self.h"
#include "util/pool.h"

/* ---- without functions of the caller's ---- */

static snn_status refuse(snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "update: there is nobody to run a reduction or bound "
                        "that is a function");
}

static snn_status no_reduce(void *context, const snn_accumulator *acc,
                            const snn_tensor *stacked, snn_tensor *out,
                            snn_fail *fail)
{
    (void)context, (void)acc, (void)stacked, (void)out;
    return refuse(fail);
}

static snn_status no_bound(void *context, const snn_accumulator *acc,
                           snn_side side, const snn_tensor *param,
                           const snn_tensor *update, snn_tensor *out,
                           snn_fail *fail)
{
    (void)context, (void)acc, (void)side, (void)param, (void)update, (void)out;
    return refuse(fail);
}

static snn_status no_full(void *context, const snn_accumulator *acc,
                          const snn_tensor *param, const snn_tensor *pos,
                          const snn_tensor *neg, snn_tensor *out,
                          snn_fail *fail)
{
    (void)context, (void)acc, (void)param, (void)pos, (void)neg, (void)out;
    return refuse(fail);
}

static const snn_update_calls no_calls = { no_reduce, no_bound, no_full, NULL };

/* ---- the transaction ---- */

/* One parameter's part of the update. */
typedef struct part {
    snn_accumulator *acc;
    snn_param *param;
    bool clears;
    snn_plan plan;
} part;

static size_t count_of(const snn_updater *updaters, int n)
{
    size_t count = 0;
    for (int k = 0; k < n; k++) count += (size_t)updaters[k].count;
    return count;
}

/* An update of the same parameters within their own would apply the terms of the
   outer one twice. */
static snn_status begin(const snn_updater *updaters, int n, snn_fail *fail)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < updaters[k].count; i++)
            if (updaters[k].acc[i]->is_updating)
                return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                                    "update: a reduction or bound cannot "
                                    "update the parameter that it is for");
    for (int k = 0; k < n; k++)
        for (int i = 0; i < updaters[k].count; i++)
            updaters[k].acc[i]->is_updating = true;
    return SNN_OK;
}

static void end(const snn_updater *updaters, int n)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < updaters[k].count; i++) {
            snn_accumulator *acc = updaters[k].acc[i];
            acc->is_updating = false;
            if (!acc->has_retired) continue;
            acc->has_retired = false;
            for (int side = 0; side < SNN_SIDES; side++)
                snn_terms_free(&acc->retired[side]);
        }
}

/* The parts whose plans were made; the failed one has none. */
static snn_status plan(const snn_updater *updaters, int n,
                       const snn_update_calls *calls, snn_fail *fail,
                       part *parts, size_t *made)
{
    for (int k = 0; k < n; k++)
        for (int i = 0; i < updaters[k].count; i++) {
            part *p = &parts[*made];
            p->acc = updaters[k].acc[i];
            p->param = updaters[k].param[i];
            p->clears = updaters[k].clears;
            snn_status status = p->param->codes &&
                                        !snn_accumulator_is_empty(p->acc)
                                    ? snn_param_spread(p->param, fail)
                                    : SNN_OK;
            if (!status)
                status = snn_plan_make(p->acc, &p->param->value, calls, fail,
                                       &p->plan);
            if (status) return status;
            ++*made;
        }
    return SNN_OK;
}

static snn_status ready(const part *parts, size_t count, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (size_t i = 0; i < count && !status; i++)
        status = snn_plan_ready(&parts[i].plan, parts[i].param, fail);
    return status;
}

static void run(part *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        part *p = &parts[i];
        snn_plan_run(&p->plan, p->param,
                     p->clears && !snn_accumulator_is_kept(p->acc));
        snn_accumulator_count_anew(p->acc);
        if (p->clears) snn_accumulator_clear(p->acc);
    }
}

static void tell(const snn_updater *updaters, int n)
{
    for (int k = 0; k < n; k++)
        if (updaters[k].updated) updaters[k].updated(updaters[k].owner);
}

snn_status snn_update_run(const snn_updater *updaters, int n,
                          const snn_update_calls *calls, snn_fail *fail)
{
    size_t bytes = count_of(updaters, n) * sizeof(part), made = 0;
    if (bytes == 0) return SNN_OK;
    snn_status status = begin(updaters, n, fail);
    if (status) return status;
    part *parts = snn_pool_take(bytes);
    if (!parts) {
        end(updaters, n);
        return snn_fail_memory(fail, "update", bytes);
    }
    status = plan(updaters, n, calls ? calls : &no_calls, fail, parts, &made);
    /* Here all that the update will do is known, nothing has changed, and a
       failure is still free: the place where the sums of several processes
       are to be added up. */
    if (!status) status = ready(parts, made, fail);
    if (!status) run(parts, made);
    for (size_t i = 0; i < made; i++) snn_plan_clear(&parts[i].plan);
    snn_pool_give(parts);
    end(updaters, n);
    if (!status) tell(updaters, n);
    return status;
}
