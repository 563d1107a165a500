/* All spikes on their way are looked through in each step for those that are due:
   in a list in the order of time, many at once, that is less than to keep them
   sorted. What is due is put in the order of inputs by a bit for each. */
#include "connection/arrivals.h"

#include <string.h>

#include "tensor/spikes.h"
#include "util/bits.h"
#include "util/mem.h"

bool snn_arrivals_are_off;

/* What is looked at. */
typedef struct route {
    snn_arrivals *arrivals;
    const snn_param *delay;
    const snn_synapse *synapse;
} route;

static void clear_flight(snn_flight *f)
{
    snn_mem_free(f->of.due);
    snn_mem_free(f->of.bits);
    *f = (snn_flight){ .is_known = false };
}

void snn_arrivals_clear(snn_arrivals *arrivals)
{
    snn_delay_order_clear(&arrivals->order);
    clear_flight(&arrivals->flight);
    *arrivals = (snn_arrivals){ .was_made = false };
}

/* ---- room ---- */

enum { ARRAYS = 8, FIRST_ROOM = 64 };

static void lay_out(snn_flying *of, int32_t *block, int64_t room)
{
    of->due = (uint32_t *)block;
    of->at = block + room;
    of->cursor = block + 2 * room;
    of->next = block + 3 * room;
    of->found = block + 4 * room;
    of->index = block + 5 * room;
    of->from = block + 6 * room;
    of->to = block + 7 * room;
}

/* Room for `more` spikes. */
static snn_status reserve(snn_flight *f, int64_t more, snn_fail *fail)
{
    int64_t room = f->room > 0 ? f->room : FIRST_ROOM;
    if (f->of.count + more <= f->room) return SNN_OK;
    while (room < f->of.count + more) room *= 2;
    size_t bytes = (size_t)room * ARRAYS * sizeof(int32_t);
    int32_t *block = room < INT32_MAX ? snn_mem_alloc(bytes) : NULL;
    if (!block) return snn_fail_memory(fail, "delay", bytes);
    const snn_flying old = f->of;
    size_t each = (size_t)f->of.count * sizeof(int32_t);
    lay_out(&f->of, block, room);
    f->room = room;
    if (each > 0) {
        memcpy(f->of.due, old.due, each);
        memcpy(f->of.at, old.at, each);
        memcpy(f->of.cursor, old.cursor, each);
    }
    snn_mem_free(old.due);
    return SNN_OK;
}

/* Places of the inputs of a batch. */
static snn_status reserve_places(snn_flying *f, int64_t batch, int64_t inputs,
                                 snn_fail *fail)
{
    int64_t words = (int64_t)snn_bits_words(inputs);
    if (f->bits && f->batch == batch && f->stride == words * 64) return SNN_OK;
    size_t bits = (size_t)(batch * words) * sizeof *f->bits;
    size_t bytes = bits + ((size_t)(batch * words * 64) + (size_t)batch + 1) *
                              sizeof(int32_t);
    uint64_t *block = snn_mem_alloc(bytes);
    if (!block) return snn_fail_memory(fail, "delay", bytes);
    snn_mem_free(f->bits);
    memset(block, 0, bits);
    f->bits = block;
    f->slot = (int32_t *)(block + batch * words);
    f->offset = f->slot + batch * words * 64;
    f->batch = batch;
    f->stride = words * 64;
    return SNN_OK;
}

/* ---- spikes set out ---- */

/* The first place of a row's order whose age is at least that. */
static int64_t first_from(const uint16_t *ages, int64_t length, int64_t age)
{
    int64_t low = 0, high = length;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (ages[middle] < age)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The spikes of `age` steps ago, as far as they have not arrived before now. */
static snn_status set_out(const route *c, snn_flight *f, int64_t age,
                          snn_fail *fail)
{
    const snn_delay_order *order = &c->arrivals->order;
    snn_flying *of = &f->of;
    const snn_events *e;
    snn_status status =
        snn_spikes_events(snn_synapse_spike_ago(c->synapse, age), fail, &e);
    if (!status) status = reserve(f, e->count, fail);
    if (status) return status;
    for (int64_t b = 0; b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++) {
            int64_t length;
            int64_t first = snn_delay_row(c->delay, e->index[k], &length);
            const uint16_t *ages = order->ages + first;
            int64_t at = age > 0 ? first_from(ages, length, age) : 0;
            if (at >= length) continue;
            of->due[of->count] = of->now + (uint32_t)(ages[at] - age);
            of->at[of->count] = (int32_t)(b * of->stride) + e->index[k];
            of->cursor[of->count++] = (int32_t)at;
        }
    return SNN_OK;
}

/* ---- spikes arrive ---- */

/* Takes out what has ended, now and then. */
static void tidy(const route *c, snn_flight *f)
{
    int64_t kept = 0;
    snn_flying *of = &f->of;
    if (f->ended * 2 <= of->count + FIRST_ROOM) return;
    for (int64_t k = 0; k < of->count; k++) {
        int64_t length;
        snn_delay_row(c->delay, of->at[k] % of->stride, &length);
        if (of->cursor[k] == length) continue;
        of->due[kept] = of->due[k];
        of->at[kept] = of->at[k];
        of->cursor[kept++] = of->cursor[k];
    }
    of->count = kept;
    f->ended = 0;
}

/* All that is on its way, by the history. */
static snn_status rebuild(const route *c, snn_flight *f, snn_fail *fail)
{
    f->of.count = f->ended = f->of.now = 0;
    f->is_known = false;
    snn_status status =
        reserve_places(&f->of, snn_synapse_common(c->synapse)->batch_size,
                                       c->delay->pattern->inputs, fail);
    for (int64_t age = snn_synapse_steps(c->synapse) - 1; age >= 0 && !status;
         age--)
        status = set_out(c, f, age, fail);
    return status;
}

static snn_status fly(const route *c, snn_fail *fail)
{
    snn_flight *f = &c->arrivals->flight;
    const uint64_t epoch = snn_synapse_epoch(c->synapse);
    const uint64_t ticks = snn_synapse_ticks(c->synapse);
    snn_status status = SNN_OK;
    bool is_same = f->is_known && f->epoch == epoch;
    if (is_same && f->ticks == ticks) return SNN_OK;
    if (is_same && f->ticks + 1 == ticks) {
        f->is_known = false;
        f->of.now++;
        status = set_out(c, f, 0, fail);
    } else {
        status = rebuild(c, f, fail);
    }
    if (status) return status;
    int64_t ended;
    f->of.ages = c->arrivals->order.ages;
    f->of.first = c->delay->pattern->first;
    f->of.columns = c->delay->columns;
    int64_t targets = snn_deliver_due(&f->of, &ended);
    f->ended += ended;
    c->arrivals->arriving = (snn_arriving){
        .batch = f->of.batch, .targets = targets, .offset = f->of.offset,
        .index = f->of.index, .from = f->of.from, .to = f->of.to };
    tidy(c, f);
    f->is_known = true;
    f->epoch = epoch;
    f->ticks = ticks;
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
    a->flight.is_known = false;
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
        clear_flight(&arrivals->flight);
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
