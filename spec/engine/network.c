/* A layer of two connections, its input and its own spikes of the step before,
   whose input weights learn by STDP and are updated after each step: beside the
   same network as plain loops in double. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "layer/step.h"
#include "model.h"
#include "train/run.h"
#include "update/updater.h"
#include "util/mem.h"

enum { INPUTS = 6, OUTPUTS = 4, BATCH = 3, STEPS = 60 };

static const double REST = -60, RESET = -65, THRESH = -50; /* mV, as make_lif */
static const double LR_POST = 2, LR_PRE = -1.5, TC = 15;   /* ms */
static const double INHIBITION = -40;

/* ---- plain loops ---- */

typedef struct plain {
    double v[BATCH][OUTPUTS];
    int hold[BATCH][OUTPUTS];
    bool in[BATCH][INPUTS], spike[BATCH][OUTPUTS];
    double trace_pre[BATCH][INPUTS], trace_post[BATCH][OUTPUTS];
    double weight[INPUTS][OUTPUTS], back[OUTPUTS][OUTPUTS];
    int spikes;
} plain;

static double current_of(const plain *p, const bool *before, int b, int j)
{
    double sum = 0;
    for (int i = 0; i < INPUTS; i++) sum += p->in[b][i] * p->weight[i][j];
    for (int k = 0; k < OUTPUTS; k++) sum += before[k] * p->back[k][j];
    return sum;
}

static void step_plain(plain *p)
{
    const double share = 1 - exp(-1 / LIF_TC);
    for (int b = 0; b < BATCH; b++) {
        bool before[OUTPUTS];
        memcpy(before, p->spike[b], sizeof before);
        for (int j = 0; j < OUTPUTS; j++) {
            double *v = &p->v[b][j];
            p->spike[b][j] = false;
            if (p->hold[b][j]-- > 0) continue;
            *v += share * (REST + current_of(p, before, b, j) - *v);
            p->spike[b][j] = *v >= THRESH;
            p->hold[b][j] = p->spike[b][j]; /* of 2 ms the step itself is one */
            if (p->spike[b][j]) *v = RESET;
            p->spikes += p->spike[b][j];
        }
    }
}

static double pair_of(const plain *p, int b, int i, int j)
{
    double change = 0;
    if (p->spike[b][j]) change += LR_POST * p->trace_pre[b][i];
    if (p->in[b][i]) change += LR_PRE * p->trace_post[b][j];
    return change / BATCH;
}

/* The mean over the batch of each pair's change, after the traces took the step. */
static void learn_plain(plain *p)
{
    const double left = exp(-1 / TC);
    for (int b = 0; b < BATCH; b++) {
        for (int i = 0; i < INPUTS; i++)
            p->trace_pre[b][i] = p->trace_pre[b][i] * left + p->in[b][i];
        for (int j = 0; j < OUTPUTS; j++)
            p->trace_post[b][j] = p->trace_post[b][j] * left + p->spike[b][j];
    }
    for (int b = 0; b < BATCH; b++)
        for (int i = 0; i < INPUTS; i++)
            for (int j = 0; j < OUTPUTS; j++)
                p->weight[i][j] += pair_of(p, b, i, j);
}

/* ---- the engine's ---- */

typedef struct network {
    snn_layer *layer;
    snn_synapse *synapse[2]; /* of the input, of its own spikes */
    snn_connection *connection[2];
    snn_neuron *neuron;
    snn_part *part[3]; /* connections, neuron */
    snn_cell *cell;
    snn_unit *unit;
    snn_accumulator *acc;
    bool is_active;
    bool breaks;               /* the wiring fails */
    snn_tensor current[2], sum, spikes;
} network;

static snn_status add(network *net, snn_part_kind kind, const char *name,
                      void *self, int at)
{
    snn_status status =
        snn_layer_add(net->layer, kind, name, self, NULL, "test", fail);
    net->part[at] = snn_layer_find(net->layer, kind, name);
    return status;
}

static void make_trainer(network *net)
{
    const snn_trainer_model *model = &snn_trainer_stdp;
    snn_trainer_args *args = make_args(model->fields, model->args_size,
                                       (given[]){
        { "lr_post", LR_POST, { 0 } }, { "lr_pre", LR_PRE, { 0 } },
        { "tc_post", TC, { 0 } }, { "tc_pre", TC, { 0 } },
        { NULL, 0, { 0 } },
    });
    args->batch_reduction = SNN_BATCH_MEAN;
    snn_status status = snn_unit_new(model, args, net->cell, fail, &net->unit);
    free(args);
    NEED(status);
    net->is_active = true;
    net->cell->is_active = &net->is_active;
    snn_unit_join(net->unit, &net->is_active);
    net->acc = snn_accumulator_new(&net->connection[0]->weight, fail);
    CHECK(net->acc != NULL);
}

static void set_weights(network *net, const plain *p)
{
    float *in = snn_param_edit(&net->connection[0]->weight);
    float *back = snn_param_edit(&net->connection[1]->weight);
    for (int i = 0; i < INPUTS * OUTPUTS; i++)
        in[i] = (float)p->weight[i / OUTPUTS][i % OUTPUTS];
    for (int i = 0; i < OUTPUTS * OUTPUTS; i++)
        back[i] = (float)p->back[i / OUTPUTS][i % OUTPUTS];
    for (int c = 0; c < 2; c++)
        snn_param_mark_all(&net->connection[c]->weight);
}

/* The spikes of no step yet. */
static void make_spikes(network *net)
{
    snn_shape shape = snn_shape_of(2, (int64_t[]){ BATCH, OUTPUTS });
    NEED(snn_tensor_zeros(&shape, SNN_BOOL, "test", fail, &net->spikes));
}

static void make(network *net, const plain *p)
{
    memset(net, 0, sizeof *net);
    NEED(snn_layer_new(fail, &net->layer));
    for (int c = 0; c < 2; c++) {
        int inputs = c == 0 ? INPUTS : OUTPUTS;
        net->synapse[c] = make_synapse(inputs, BATCH);
        net->connection[c] =
            make_dense(net->synapse[c], inputs, OUTPUTS, BATCH);
    }
    net->neuron = make_lif(OUTPUTS, BATCH);
    NEED(add(net, SNN_CONNECTIONS, "in", net->connection[0], 0));
    NEED(add(net, SNN_CONNECTIONS, "back", net->connection[1], 1));
    NEED(add(net, SNN_NEURONS, "exc", net->neuron, 2));
    NEED(snn_cell_new(net->connection[0], net->neuron, fail, &net->cell));
    snn_layer_add_cell(net->layer, net->cell, net->part[0], net->part[2]);
    make_trainer(net);
    make_spikes(net);
    set_weights(net, p);
}

static void end(network *net)
{
    snn_accumulator_free(net->acc);
    snn_unit_free(net->unit);
    snn_cell_free(net->cell);
    snn_layer_free(net->layer);
    snn_neuron_free(net->neuron);
    for (int c = 0; c < 2; c++) {
        snn_connection_free(net->connection[c]);
        snn_synapse_free(net->synapse[c]);
    }
    snn_tensor_clear(&net->spikes);
}

/* The wiring: both currents drive the neurons. */
static snn_status wire(void *context, snn_step *step, snn_fail *why)
{
    network *net = context;
    if (net->breaks)
        return snn_fail_set(why, SNN_RUNTIME_ERROR, "test: a broken wire");
    snn_status status =
        snn_tensor_new(&net->current[0].shape, SNN_FLOAT32, "test", why,
                       &net->sum);
    if (!status) status = snn_step_room(step, SNN_NEURONS, 1, why);
    if (status) return status;
    float *sum = snn_tensor_edit(&net->sum, false);
    for (int i = 0; i < BATCH * OUTPUTS; i++)
        sum[i] = snn_tensor_f32(&net->current[0])[i] +
                 snn_tensor_f32(&net->current[1])[i];
    *snn_step_add_neuron(step, net->part[2]) = (snn_step_input){
        .only = &net->sum, .tensors = 1, .out = &net->spikes, .adapts = true,
    };
    return SNN_OK;
}

/* One step of the layer with these inputs; its own spikes of the step before
   are the other's. */
static snn_status step_layer(network *net, const plain *p)
{
    const snn_step_calls calls = { .context = net, .label = "test", .wire = wire };
    snn_step step;
    snn_tensor input[2] = { SNN_NO_TENSOR, net->spikes };
    snn_shape shape = snn_shape_of(2, (int64_t[]){ BATCH, INPUTS });
    snn_status status = snn_tensor_new(&shape, SNN_BOOL, "test", fail, &input[0]);
    if (status) return status;
    uint8_t *flag = snn_tensor_edit(&input[0], false);
    for (int i = 0; i < BATCH * INPUTS; i++)
        flag[i] = p->in[i / INPUTS][i % INPUTS];
    net->spikes = SNN_NO_TENSOR; /* the step gives new ones */
    snn_step_begin(&step, net->layer, &calls);
    status = snn_step_room(&step, SNN_CONNECTIONS, 2, fail);
    for (int c = 0; c < 2 && !status; c++)
        *snn_step_add_connection(&step, net->part[c]) = (snn_step_input){
            .only = &input[c], .tensors = 1, .out = &net->current[c],
        };
    if (!status) status = snn_layer_step(&step, fail);
    snn_step_end(&step);
    if (status) snn_tensor_move(&input[1], &net->spikes);
    for (int c = 0; c < 2; c++) {
        snn_tensor_clear(&input[c]);
        snn_tensor_clear(&net->current[c]);
    }
    snn_tensor_clear(&net->sum);
    return status;
}

static void learn(network *net)
{
    static const snn_call plainly;
    snn_trainee trainee = { .unit = net->unit, .acc = net->acc };
    const snn_updater updater = {
        .count = 1, .acc = { net->acc }, .clears = true,
        .param = { &net->connection[0]->weight },
    };
    NEED(snn_trainer_run(&trainee, 1, &plainly, NULL, fail));
    NEED(snn_update_run(&updater, 1, NULL, fail));
}

/* ---- tests ---- */

static plain start(uint32_t *seed)
{
    plain p = { .spikes = 0 };
    for (int b = 0; b < BATCH; b++)
        for (int j = 0; j < OUTPUTS; j++) p.v[b][j] = REST;
    for (int i = 0; i < INPUTS; i++)
        for (int j = 0; j < OUTPUTS; j++)
            p.weight[i][j] = (double)(40 + 80 * next_number(seed));
    for (int k = 0; k < OUTPUTS; k++)
        for (int j = 0; j < OUTPUTS; j++)
            p.back[k][j] = k == j ? 0 : INHIBITION;
    return p;
}

static void draw(plain *p, uint32_t *seed)
{
    for (int b = 0; b < BATCH; b++)
        for (int i = 0; i < INPUTS; i++)
            p->in[b][i] = next_number(seed) < 0.3f;
}

/* Of the largest difference between the two. */
static double apart(const network *net, const plain *p)
{
    double most = 0;
    const float *v = snn_tensor_f32(snn_neuron_voltage(net->neuron));
    const uint8_t *spike = snn_tensor_bool(snn_neuron_spike(net->neuron));
    const float *weight = snn_param_data(&net->connection[0]->weight);
    for (int i = 0; i < BATCH * OUTPUTS; i++) {
        most = fmax(most, fabs((double)v[i] - p->v[i / OUTPUTS][i % OUTPUTS]));
        CHECK((spike[i] != 0) == p->spike[i / OUTPUTS][i % OUTPUTS]);
    }
    for (int i = 0; i < INPUTS * OUTPUTS; i++)
        most = fmax(most, fabs((double)weight[i] -
                               p->weight[i / OUTPUTS][i % OUTPUTS]));
    return most;
}

void test_network_learns_as_plain_loops_do(void)
{
    network net;
    uint32_t seed = 11;
    plain p = start(&seed);
    make(&net, &p);
    for (int i = 0; i < STEPS; i++) {
        draw(&p, &seed);
        step_plain(&p);
        NEED(step_layer(&net, &p));
        learn_plain(&p);
        learn(&net);
        NEAR(0, apart(&net, &p), 2e-4);
    }
    CHECK(p.spikes > STEPS && p.spikes < STEPS * BATCH * OUTPUTS / 3);
    CHECK(net.layer->steps == STEPS);
    end(&net);
}

void test_network_that_fails_is_as_it_was(void)
{
    network net;
    uint32_t seed = 5;
    plain p = start(&seed);
    make(&net, &p);
    for (int i = 0; i < STEPS; i++) {
        draw(&p, &seed);
        net.breaks = true;
        FAILS(SNN_RUNTIME_ERROR, "a broken wire", step_layer(&net, &p));
        net.breaks = false;
        NEAR(0, apart(&net, &p), 2e-4);
        step_plain(&p);
        NEED(step_layer(&net, &p));
        learn_plain(&p);
        learn(&net);
    }
    NEAR(0, apart(&net, &p), 2e-4);
    CHECK(net.layer->steps == STEPS);
    end(&net);
}

/* A step with the k-th allocation refused, for k = 1, 2, ... until none is; of
   memory that was used before there is some left at times. */
void test_network_survives_each_refusal(void)
{
    network net;
    uint32_t seed = 3;
    int refusals = 0;
    plain p = start(&seed);
    make(&net, &p);
    for (int i = 0; i < 5; i++) {
        snn_status status = SNN_RUNTIME_ERROR;
        draw(&p, &seed);
        for (size_t k = 1; status; k++) {
            snn_mem_fail_at(k, 1);
            status = step_layer(&net, &p);
            snn_mem_fail_at(0, 1);
            if (!status) break;
            CHECK(status == SNN_RUNTIME_ERROR && net.layer->steps == i);
            NEAR(0, apart(&net, &p), 2e-4);
            refusals++;
        }
        step_plain(&p);
        NEAR(0, apart(&net, &p), 2e-4);
        learn_plain(&p);
        learn(&net);
    }
    CHECK(refusals > 0);
    end(&net);
}
