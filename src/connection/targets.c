/* What a spike counts as is looked up for each event: of one that arrives, in the
   step of its age, which its targets have in common. */
#include "connection/targets.h"

#include "connection/product.h"
#include "tensor/spikes.h"
#include "kernel/spmm.h"
#include "util/pool.h"

bool snn_targets_are_graded(const snn_connection *connection)
{
    const int64_t steps = snn_synapse_steps(connection->synapse);
    bool is_any = false;
    for (int64_t age = 0; age < steps && !is_any; age++)
        is_any = snn_synapse_counts(connection->synapse, age) != NULL;
    return is_any;
}

snn_status snn_targets_count(const snn_connection *connection, snn_fail *fail,
                             int64_t *out)
{
    const snn_synapse *synapse = connection->synapse;
    const int64_t steps = snn_synapse_steps(synapse);
    snn_status status = SNN_OK;
    *out = 0;
    for (int64_t age = 0; age < steps && !status; age++) {
        const snn_events *events;
        status = snn_spikes_events(snn_synapse_spike_ago(synapse, age), fail,
                                   &events);
        if (!status) *out += events->count;
    }
    return status;
}

static size_t real_size(const snn_connection *connection)
{
    return snn_product_is_f64(connection) ? sizeof(double) : sizeof(float);
}

/* Event e counts as element i of `from`; NULL: 1. */
static void put(void *worth, int32_t e, const snn_tensor *from, int64_t i,
                bool f64)
{
    if (f64)
        ((double *)worth)[e] = from ? snn_tensor_f64(from)[i] : 1;
    else
        ((float *)worth)[e] = from ? snn_tensor_f32(from)[i] : 1;
}

static void deliver(const snn_connection *connection, const snn_delay_order *order,
                    snn_deliver *d, const snn_arrive *to)
{
    const snn_pattern *rows = snn_connection_rows_of(connection);
    const bool f64 = snn_product_is_f64(connection);
    d->columns = connection->outputs;
    d->weight = snn_param_data(&connection->weight);
    d->out = to->out;
    if (rows) {
        d->first = rows->first;
        d->column = rows->post;
    }
    if (order) {
        d->order = order->order;
        d->is_short = order->is_short;
    }
    snn_deliver_run(d, f64);
    snn_scale_run(to->out, d->arriving->batch, connection->outputs, to->gain,
                  to->bias, f64);
}

/* What each event counts as. */
static void look_up(const snn_connection *connection, const snn_arrivals *arrivals,
                    void *worth)
{
    const snn_arriving *a = &arrivals->arriving;
    const bool f64 = snn_product_is_f64(connection);
    const snn_row_ages ages =
        snn_delay_order_ages(&arrivals->order, &connection->delay);
    for (int64_t b = 0; b < a->batch; b++)
        for (int32_t e = a->offset[b]; e < a->offset[b + 1]; e++) {
            int64_t length;
            const int64_t first =
                snn_delay_row(&connection->delay, a->index[e], &length);
            const int64_t age = snn_row_age(&ages, first + a->from[e], 0);
            put(worth, e, snn_synapse_counts(connection->synapse, age),
                b * connection->inputs + a->index[e], f64);
        }
}

/* The factors of all targets of events, worked out of their delays: one block, behind
   where those of each event begin. */
static snn_status share_out(const snn_connection *connection,
                            const snn_arriving *a, snn_fail *fail, void **block,
                            snn_deliver *d)
{
    const snn_param *delay = &connection->delay;
    const size_t size = real_size(connection), n = (size_t)a->targets;
    const size_t begins = (size_t)a->offset[a->batch] * sizeof *d->share;
    const size_t bytes = begins + n * (size + sizeof(int32_t));
    *block = snn_pool_take(bytes);
    if (!*block) return snn_fail_memory(fail, connection->model->name, bytes);
    int64_t *share = *block, at = 0;
    char *factor = (char *)*block + begins;
    int32_t *age = (int32_t *)(void *)(factor + n * size);
    for (int32_t e = 0; e < a->offset[a->batch]; e++) {
        int64_t length, first = snn_delay_row(delay, a->index[e], &length);
        const char *time = (const char *)snn_param_data(delay) +
                           (size_t)(first + a->from[e]) * size;
        share[e] = at;
        snn_synapse_ages(connection->synapse, false, time, a->to[e] - a->from[e],
                         age + at, factor + (size_t)at * size, NULL);
        at += a->to[e] - a->from[e];
    }
    d->share = share;
    d->factor = factor;
    return SNN_OK;
}

snn_status snn_targets_reach(const snn_connection *connection,
                             const snn_arrivals *arrivals, const snn_arrive *to,
                             snn_fail *fail)
{
    const bool is_last = to->part + 1 >= snn_synapse_stored(connection->synapse);
    const snn_arriving *a = &arrivals->arriving;
    snn_deliver d = { .arriving = a, .factor = is_last ? arrivals->order.factor
                                                       : arrivals->order.drive };
    void *worth = NULL, *shares = NULL;
    snn_status status = arrivals->order.has_shares
                            ? share_out(connection, a, fail, &shares, &d)
                            : SNN_OK;
    if (status) return status;
    if (to->is_each && snn_targets_are_graded(connection)) {
        const size_t bytes = ((size_t)a->offset[a->batch] + 1) * real_size(connection);
        worth = snn_pool_take(bytes);
        if (!worth) {
            snn_pool_give(shares);
            return snn_fail_memory(fail, connection->model->name, bytes);
        }
        look_up(connection, arrivals, worth);
    }
    d.worth = worth;
    deliver(connection, &arrivals->order, &d, to);
    snn_pool_give(worth);
    snn_pool_give(shares);
    return SNN_OK;
}

snn_status snn_targets_rows(const snn_connection *connection,
                            const snn_arrive *to, snn_fail *fail)
{
    const snn_pattern *rows = snn_connection_rows_of(connection);
    const bool f64 = snn_product_is_f64(connection);
    const snn_events *events;
    snn_status status = snn_spikes_events(to->spikes, fail, &events);
    if (status) return status;
    const size_t count = (size_t)events->count + 2; /* ends on 8 bytes */
    const size_t ends = count / 2 * 2 * sizeof(int32_t);
    const size_t bytes = 2 * ends + count * real_size(connection);
    char *block = snn_pool_take(bytes);
    if (!block) return snn_fail_memory(fail, connection->model->name, bytes);
    int32_t *begin = (int32_t *)(void *)block,
            *end = (int32_t *)(void *)(block + ends);
    void *worth = block + 2 * ends;
    snn_arriving a = { .batch = events->rows, .offset = events->offset,
                       .index = events->index, .from = begin, .to = end };
    for (int64_t b = 0; b < events->rows; b++)
        for (int32_t e = events->offset[b]; e < events->offset[b + 1]; e++) {
            const int64_t row = events->index[e];
            begin[e] = 0;
            end[e] = (int32_t)(rows ? rows->first[row + 1] - rows->first[row]
                                    : connection->outputs);
            a.targets += end[e];
            put(worth, e, to->value, b * events->columns + row, f64);
        }
    snn_deliver d = { .arriving = &a, .worth = worth };
    deliver(connection, NULL, &d, to);
    snn_pool_give(block);
    return SNN_OK;
}
