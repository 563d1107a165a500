/* Currents of connections that neurons get the sum of, where these are not written: the
   sum is made piece by piece, each of which stays in the first cache from the sums at
   the outputs to the neurons. */

#include <string.h>

#include "connection/connection.h"
#include "kernel/elementwise.h"
#include "layer/connect.h"
#include "layer/step.h"
#include "tensor/copy.h"
#include "util/pool.h"

/* A current: what is left of sums, or a tensor's values. */
typedef struct term {
    snn_sums_view view;
    const void *data;
} term;

typedef struct sum {
    snn_neuron_source source; /* first: who frees it knows no more */
    bool is_f64;
    int count;
    term term[];
} sum;

static void add_data(const sum *s, const void *data, int64_t at, int64_t n,
                     void *out, bool adds)
{
    const size_t size = s->is_f64 ? sizeof(double) : sizeof(float);
    const snn_dtype dtype = s->is_f64 ? SNN_FLOAT64 : SNN_FLOAT32;
    const char *from = (const char *)data + (size_t)at * size;
    const void *const in[3] = { out, from, NULL };
    if (adds)
        snn_op_kernel(SNN_OP_ADD, (int)dtype)(SNN_OP_ADD, n, in, out);
    else
        memcpy(out, from, (size_t)n * size);
}

static void fill(const void *context, int64_t at, int64_t n, void *out)
{
    const sum *s = context;
    for (int i = 0; i < s->count; i++) {
        const term *t = &s->term[i];
        if (t->data)
            add_data(s, t->data, at, n, out, i > 0);
        else
            snn_sums_view_put(&t->view, at, n, out, i > 0);
    }
}

bool snn_currents_are_left(const snn_step *step, const snn_part *neuron)
{
    for (int i = 0; i < step->connections; i++)
        if (step->connection[i].view.y &&
            snn_part_leads_to(step->connection[i].part, neuron))
            return true;
    return false;
}

/* Whether it is of the type, and in the order, of the neurons' arrays. */
static bool fits(const snn_step_connection *c, const snn_neuron_args *args)
{
    if (c->view.y) return c->view.is_f64 == (args->dtype == SNN_FLOAT64);
    return c->input.out->dtype == args->dtype &&
           snn_tensor_is_contiguous(c->input.out);
}

snn_status snn_currents_source(const snn_step *step, const snn_part *neuron,
                               snn_fail *fail, snn_neuron_source **out)
{
    static const double COST = 0.2; /* ns of one of a term */
    const snn_neuron_args *args = snn_neuron_args_of(neuron->self);
    const size_t bytes =
        sizeof(sum) + (size_t)step->connections * sizeof(term);
    *out = NULL;
    if (!snn_neuron_takes_source(neuron->self)) return SNN_OK;
    sum *s = snn_pool_take(bytes);
    if (!s) return snn_fail_memory(fail, "forward", bytes);
    *s = (sum){ .is_f64 = args->dtype == SNN_FLOAT64 };
    snn_status status = SNN_OK;
    bool fit = true;
    for (int i = 0; i < step->connections && fit && !status; i++) {
        const snn_step_connection *c = &step->connection[i];
        if (!snn_part_leads_to(c->part, neuron)) continue;
        status = snn_step_check_current(c, neuron, fail);
        fit = !status && fits(c, args);
        if (!fit) break;
        s->term[s->count++] = (term){
            .view = c->view,
            .data = c->view.y ? NULL : snn_tensor_data(c->input.out)
        };
    }
    if (!fit) {
        snn_pool_give(s);
        return status;
    }
    s->source = (snn_neuron_source){ .fill = fill, .context = s,
                                     .cost = COST * s->count };
    *out = &s->source;
    return SNN_OK;
}

snn_status snn_currents_write(snn_step_connection *c, snn_fail *fail)
{
    const snn_connection *connection = c->part->self;
    const snn_shape shape = snn_connection_batched_out(connection);
    if (!c->view.y) return SNN_OK;
    snn_status status =
        snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                       "forward", fail, c->input.out);
    if (status) return status;
    snn_sums_view_put(&c->view, 0, snn_shape_count(&shape),
                      snn_tensor_edit(c->input.out, false), false);
    c->view.y = NULL;
    return SNN_OK;
}

snn_status snn_currents_write_shared(const snn_step *step,
                                     const snn_step_connection *c, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int i = 0; i < step->connections && !status; i++) {
        snn_step_connection *other = &step->connection[i];
        if (other != c && other->part->self == c->part->self)
            status = snn_currents_write(other, fail);
    }
    return status;
}
