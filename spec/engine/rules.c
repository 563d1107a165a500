/* A rule of this file's own, with terms of every kind at spikes: by events it must
   do what it does on tensors, with signals and delays of every kind. */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "layer/cell.h"
#include "model.h"
#include "neuron/model.h"
#include "tensor/reduce.h"
#include "train/pair.h"
#include "train/run.h"
#include "update/updater.h"

enum { INPUTS = 5, OUTPUTS = 3, BATCH = 3, STEPS = 12 };

static double up(const void *args) { return ((const snn_pair_args *)args)->lr_post; }
static double down(const void *args) { return ((const snn_pair_args *)args)->lr_pre; }
static double alone(const void *args) { return (void)args, 0.5; }
static double kept(const void *args, double dt) { return (void)args, 1 / (1 + dt); }

static const snn_term terms[] = {
    { .when = SNN_AT_POST, .rate = up, .trace = "trace_pre",
      .own = "trace_post", .alone = alone, .kept = kept },
    { .when = SNN_AT_PRE, .rate = down, .trace = "trace_post",
      .own = "trace_pre", .alone = alone, .kept = kept },
    { .when = SNN_AT_PRE, .rate = down },
    { .when = SNN_AT_POST, .rate = up, .trace = "trace_pre", .is_sized = true },
};

/* As snn_pair_add_recorders, each kept for a step more. */
static void add_recorders(snn_unit *unit)
{
    const snn_pair_args *a = unit->args;
    double duration;
    snn_source in = snn_pre_source(unit, a->common.delayed, &duration);
    for (int post = 0; post < 2; post++) {
        const snn_reducer_args args = {
            .duration = (post ? 0 : duration) + unit->step_time,
            .time_constant = 5, .amplitude = 1 };
        snn_source source = post ? SNN_POST : in;
        snn_unit_record(unit, post ? "trace_post" : "trace_pre", source,
                        &snn_reducer_cumulative_trace, args)
            ->more_steps = 1;
        snn_unit_record(unit, post ? "spike_post" : "spike_pre", source,
                        &snn_reducer_passthrough, args);
    }
}

static const snn_trainer_model model = {
    .name = "Mine",
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .add_recorders = add_recorders,
    .form = &snn_form_spikes,
    SNN_TERMS(terms),
};

typedef struct network {
    snn_synapse *synapse;
    snn_connection *connection;
    snn_neuron *neuron;
    snn_cell *cell;
    snn_unit *unit;
    snn_accumulator *acc;
} network;

/* Delays of 0 .. 3 ms, or none. */
static void make_connection(network *net, bool has_delays)
{
    const snn_connection_model *dense = &snn_connection_linear_dense;
    snn_connection_args *args = make_args(dense->fields, dense->args_size,
                                          (given[]){
        { "in_shape", 0, { INPUTS } }, { "out_shape", 0, { OUTPUTS } },
        { "step_time", 1, { 0 } }, { "batch_size", BATCH, { 0 } },
        { NULL, 0, { 0 } },
    });
    args->has_delay = has_delays;
    args->delay = has_delays ? 3 : 0;
    NEED(snn_connection_new(dense, args, net->synapse, fail,
                            &net->connection));
    free(args);
    if (!has_delays) return;
    snn_tensor delays;
    NEED(snn_tensor_zeros(&net->connection->weight.value.shape, SNN_FLOAT32,
                          "test", fail, &delays));
    float *d = snn_tensor_edit(&delays, false);
    for (int i = 0; i < INPUTS * OUTPUTS; i++) d[i] = (float)(i * 7 % 4);
    NEED(snn_connection_set_delay(net->connection, &delays, false, "test",
                                  fail));
    snn_tensor_clear(&delays);
}

static network make(bool has_delays, bool delayed,
                    snn_batch_reduction reduction)
{
    network net;
    const snn_synapse_model *synapse = &snn_synapse_delta_current;
    void *args = make_args(synapse->fields, synapse->args_size, (given[]){
        { "shape", 0, { INPUTS } }, { "step_time", 1, { 0 } },
        { "spike_charge", 1, { 0 } }, { "batch_size", BATCH, { 0 } },
        { "delay", has_delays ? 3 : 0, { 0 } }, { NULL, 0, { 0 } },
    });
    NEED(snn_synapse_new(synapse, args, fail, &net.synapse));
    free(args);
    make_connection(&net, has_delays);
    const snn_neuron_model *exact = &snn_neuron_exact;
    args = make_args(exact->fields, exact->args_size, (given[]){
        { "shape", 0, { OUTPUTS } }, { "step_time", 1, { 0 } },
        { "rest_v", -60, { 0 } }, { "thresh_v", -40, { 0 } },
        { "batch_size", BATCH, { 0 } }, { NULL, 0, { 0 } },
    });
    NEED(snn_neuron_new(exact, args, NULL, 0, fail, &net.neuron));
    free(args);
    NEED(snn_cell_new(net.connection, net.neuron, fail, &net.cell));
    const snn_pair_args rule = {
        .common = { .batch_reduction = reduction, .delayed = delayed },
        .lr_post = 0.5, .lr_pre = -0.25 };
    NEED(snn_unit_new(&model, &rule, net.cell, fail, &net.unit));
    net.acc = snn_accumulator_new(&net.connection->weight, fail);
    CHECK(net.acc != NULL);
    return net;
}

static void end(network *net)
{
    snn_accumulator_free(net->acc);
    snn_unit_free(net->unit);
    snn_cell_free(net->cell);
    snn_neuron_free(net->neuron);
    snn_connection_free(net->connection);
    snn_synapse_free(net->synapse);
}

/* n flags for each sample, a third of them set. */
static snn_tensor draw(int n, uint32_t *state)
{
    char text[BATCH * INPUTS + 1];
    int i = 0;
    for (; i < BATCH * n; i++) text[i] = next_number(state) < 0.3f ? '1' : '0';
    text[i] = 0;
    return spikes_of(BATCH, text);
}

static void step(network *net, uint32_t *state)
{
    snn_tensor current, pre = draw(INPUTS, state), post = draw(OUTPUTS, state);
    const snn_tensor *input = &pre;
    const snn_neuron_options options = { .override = &post };
    NEED(snn_connection_step(net->connection, &input, 1, "test", fail,
                             &current));
    NEED(snn_unit_prepare(net->unit, fail));
    NEED(snn_neuron_step(net->neuron, &current, &options, "test", fail));
    snn_unit_record_step(net->unit);
    snn_tensor_clear(&current);
    snn_tensor_clear(&pre);
    snn_tensor_clear(&post);
}

static snn_status sum(void *context, int i, const snn_tensor *t,
                      snn_fail *reason, snn_tensor *out)
{
    (void)context, (void)i;
    return snn_tensor_reduce(t, SNN_REDUCE_SUM, 1, false, 0, reason, out);
}

/* What steps and calls make of the weight. */
static void train(network *net, const snn_signal *signal)
{
    const snn_call call = { .signal = *signal };
    const snn_train_calls calls = { .reduce = sum };
    const snn_updater updater = { .count = 1, .acc = { net->acc },
                                  .clears = true,
                                  .param = { &net->connection->weight } };
    uint32_t state = 5;
    for (int i = 0; i < STEPS; i++) {
        snn_trainee trainee = { .unit = net->unit, .acc = net->acc };
        step(net, &state);
        NEED(snn_trainer_run(&trainee, 1, &call, &calls, fail));
    }
    NEED(snn_update_run(&updater, 1, NULL, fail));
}

static void compare(bool has_delays, bool delayed, const snn_signal *signal)
{
    network events = make(has_delays, delayed, SNN_BATCH_SUM);
    network tensors = make(has_delays, delayed, SNN_BATCH_CALLBACK);
    double most = 0;
    train(&events, signal);
    train(&tensors, signal);
    for (int i = 0; i < INPUTS * OUTPUTS; i++) {
        double x = snn_param_at(&events.connection->weight, i);
        NEAR(snn_param_at(&tensors.connection->weight, i), x, 1e-5);
        most = fmax(most, fabs(x));
    }
    CHECK(most > 0.1);
    end(&events);
    end(&tensors);
}

void test_rules_of_any_terms_are_the_same_either_way(void)
{
    const double value[BATCH] = { 1.5, -2, 0.5 };
    const snn_signal signals[] = { { .value = NULL },
                                   { .value = value, .scale = -0.5 },
                                   { .value = value, .samples = BATCH,
                                     .scale = 0.5 } };
    for (int i = 0; i < 3; i++)
        for (int way = 0; way < 3; way++)
            compare(way > 0, way > 1, &signals[i]);
}
