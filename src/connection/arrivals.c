/* Spikes set out in the step that sends them. When anything but a step has changed the
   history or the delays all spikes of it set out again, from the oldest on. */
#include "connection/arrivals.h"

#include "tensor/spikes.h"
#include "util/mem.h"

bool snn_arrivals_are_off;

/* What is looked at. */
typedef struct route {
    snn_arrivals *arrivals;
    const snn_param *delay;
    const snn_synapse *synapse;
} route;

void snn_arrivals_clear(snn_arrivals *arrivals)
{
    snn_delay_order_clear(&arrivals->order);
    snn_flight_clear(&arrivals->flight);
    *arrivals = (snn_arrivals){ .was_made = false };
}

/* ---- spikes on their way ---- */

/* The spikes of `age` steps ago, as far as they have not arrived before now. */
static snn_status set_out(const route *c, const snn_row_ages *ages, int64_t age,
                          snn_fail *fail)
{
    const snn_events *e;
    snn_status status =
        snn_spikes_events(snn_synapse_spike_ago(c->synapse, age), fail, &e);
    return status ? status
                  : snn_flight_send(&c->arrivals->flight, c->delay, ages, e, age,
                                    fail);
}

/* All that is on its way, by the history. */
static snn_status rebuild(const route *c, const snn_row_ages *ages,
                          snn_fail *fail)
{
    const int64_t steps = snn_synapse_steps(c->synapse);
    snn_status status = snn_flight_begin(
        &c->arrivals->flight, snn_synapse_common(c->synapse)->batch_size,
        c->delay->pattern->inputs, steps, fail);
    for (int64_t age = steps - 1; age >= 0 && !status; age--)
        status = set_out(c, ages, age, fail);
    return status;
}

static snn_status fly(const route *c, snn_fail *fail)
{
    snn_arrivals *a = c->arrivals;
    const uint64_t epoch = snn_synapse_epoch(c->synapse);
    const uint64_t ticks = snn_synapse_ticks(c->synapse);
    const snn_row_ages ages = snn_delay_order_ages(&a->order, c->delay);
    snn_status status = SNN_OK;
    bool is_same = a->is_known && a->epoch == epoch;
    if (is_same && a->ticks == ticks) return SNN_OK;
    a->is_known = false;
    if (is_same && a->ticks + 1 == ticks) {
        a->flight.now++;
        status = set_out(c, &ages, 0, fail);
    } else {
        status = rebuild(c, &ages, fail);
    }
    if (!status)
        status = snn_flight_land(&a->flight, c->delay, &ages, fail, &a->arriving);
    if (status) return status;
    a->is_known = true;
    a->epoch = epoch;
    a->ticks = ticks;
    return SNN_OK;
}

/* ---- what arrives ---- */

/* Brings the order up to date, unless it may wait until the delays are the same
   in two steps. */
static snn_status order(const route *c, bool may_wait, snn_fail *fail)
{
    snn_arrivals *a = c->arrivals;
    bool is_seen = a->seen == c->delay->version;
    a->seen = c->delay->version;
    if (snn_delay_order_is_of(&a->order, c->delay, c->synapse)) return SNN_OK;
    a->is_known = false;
    snn_delay_order_clear(&a->order);
    if (may_wait && a->was_made && !is_seen && !snn_param_is_shared(c->delay))
        return SNN_OK;
    a->was_made = true;
    return snn_delay_order_make(&a->order, c->delay, c->synapse, false, fail);
}

/* More targets than it is worth to find one by one? */
static bool is_crowded(const route *c)
{
    const snn_arriving *a = &c->arrivals->arriving;
    double all = (double)a->batch * (double)snn_param_count(c->delay);
    return (double)a->targets * 4 > all;
}

snn_status snn_arrivals_find(snn_arrivals *arrivals, const snn_param *delay,
                             const snn_synapse *synapse, bool may_wait,
                             snn_fail *fail, const snn_arrivals **out)
{
    const route c = { arrivals, delay, synapse };
    int64_t places = INT64_MAX;
    bool fits = snn_mem_mul_i64(snn_synapse_common(synapse)->batch_size,
                                delay->pattern->inputs + 64, &places) &&
                places < INT32_MAX;
    *out = NULL;
    if (snn_arrivals_are_off || !fits) return SNN_OK;
    snn_status status = order(&c, may_wait, fail);
    if (status || !arrivals->order.is_known) return status;
    arrivals->events = NULL;
    if (arrivals->order.is_uniform) {
        snn_flight_clear(&arrivals->flight);
        arrivals->is_known = false;
        status = snn_spikes_events(
            snn_synapse_spike_ago(synapse, arrivals->order.age), fail,
            &arrivals->events);
    } else {
        status = fly(&c, fail);
        if (status || (may_wait && is_crowded(&c))) return status;
    }
    if (!status) *out = arrivals;
    return status;
}
