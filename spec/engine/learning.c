/* Units of trainers that record steps, a trainer's call and an update of many
   parameters, in C. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "layer/cell.h"
#include "model.h"
#include "neuron/model.h"
#include "tensor/reduce.h"
#include "train/run.h"
#include "update/updater.h"
#include "util/mem.h"

enum { INPUTS = 2, BATCH = 2, NETS = 2 };

/* An input layer, its neurons, a trainer's unit on the two. */
typedef struct network {
    snn_synapse *synapse;
    snn_connection *connection;
    snn_neuron *neuron;
    snn_cell *cell;
    snn_unit *unit;
    snn_accumulator *acc; /* of the weight */
} network;

static const double LR_POST = 0.5, LR_PRE = -0.25, TC = 20; /* ms */
static const double DT = 1;

static void make_parts(network *net)
{
    const snn_synapse_model *synapse = &snn_synapse_delta_current;
    void *args = make_args(synapse->fields, synapse->args_size, (given[]){
        { "shape", 0, { INPUTS } }, { "step_time", DT, { 0 } },
        { "spike_charge", 1, { 0 } }, { "batch_size", BATCH, { 0 } },
        { NULL, 0, { 0 } },
    });
    NEED(snn_synapse_new(synapse, args, fail, &net->synapse));
    free(args);
    const snn_connection_model *dense = &snn_connection_linear_dense;
    args = make_args(dense->fields, dense->args_size, (given[]){
        { "in_shape", 0, { INPUTS } }, { "out_shape", 0, { 1 } },
        { "step_time", DT, { 0 } }, { "batch_size", BATCH, { 0 } },
        { NULL, 0, { 0 } },
    });
    NEED(snn_connection_new(dense, args, net->synapse, fail,
                            &net->connection));
    free(args);
    const snn_neuron_model *exact = &snn_neuron_exact;
    args = make_args(exact->fields, exact->args_size, (given[]){
        { "shape", 0, { 1 } }, { "step_time", DT, { 0 } },
        { "rest_v", -60, { 0 } }, { "thresh_v", -40, { 0 } },
        { "batch_size", BATCH, { 0 } }, { NULL, 0, { 0 } },
    });
    NEED(snn_neuron_new(exact, args, NULL, 0, fail, &net->neuron));
    free(args);
}

static network make(const snn_trainer_model *model,
                    snn_batch_reduction reduction)
{
    network net;
    make_parts(&net);
    NEED(snn_cell_new(net.connection, net.neuron, fail, &net.cell));
    snn_trainer_args *args = make_args(model->fields, model->args_size,
                                       (given[]){
        { "lr_post", LR_POST, { 0 } }, { "lr_pre", LR_PRE, { 0 } },
        { "tc_post", TC, { 0 } }, { "tc_pre", TC, { 0 } },
        { NULL, 0, { 0 } },
    });
    args->batch_reduction = reduction;
    NEED(snn_unit_new(model, args, net.cell, fail, &net.unit));
    free(args);
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

/* A step as a layer makes it: room for the records before the neurons step. */
static void step(network *net, const char *in, const char *out)
{
    snn_tensor current, pre = spikes_of(BATCH, in), post = spikes_of(BATCH, out);
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

static snn_status call(network *net, int n, const snn_call *with)
{
    snn_trainee trainees[NETS];
    for (int i = 0; i < n; i++)
        trainees[i] = (snn_trainee){ .unit = net[i].unit, .acc = net[i].acc };
    return snn_trainer_run(trainees, n, with, NULL, fail);
}

static snn_updater updater_of(network *net)
{
    return (snn_updater){ .count = 1, .acc = { net->acc }, .clears = true,
                          .param = { &net->connection->weight } };
}

/* Of input i to the output. */
static double weight(const network *net, int i)
{
    return snn_param_at(&net->connection->weight, i);
}

static void update(network *net)
{
    const snn_updater updater = updater_of(net);
    NEED(snn_update_run(&updater, 1, NULL, fail));
    CHECK(snn_accumulator_is_empty(net->acc));
}

static double decay(void) { return exp(-DT / TC); }

static const snn_call PLAIN = { .signal = { .value = NULL } };

void test_learning_adds_a_pair_by_hand(void)
{
    network net = make(&snn_trainer_stdp, SNN_BATCH_SUM);
    FAILS(SNN_RUNTIME_ERROR, "STDP: the layer has made no step",
          call(&net, 1, &PLAIN));
    step(&net, "10" "00", "0" "0");
    step(&net, "00" "01", "1" "0"); /* input 1, a step later the output */
    NEED(call(&net, 1, &PLAIN));
    CHECK(weight(&net, 0) == 0);
    update(&net);
    NEAR(LR_POST * decay(), weight(&net, 0), 1e-7);
    NEAR(0, weight(&net, 1), 0); /* the other sample's */
    step(&net, "00" "01", "0" "0");
    step(&net, "01" "00", "0" "0"); /* two steps after the output */
    NEED(call(&net, 1, &PLAIN));
    update(&net);
    NEAR(LR_PRE * decay() * decay(), weight(&net, 1), 1e-7);
    end(&net);
}

void test_learning_weighs_signals_by_sample(void)
{
    network net = make(&snn_trainer_mstdp, SNN_BATCH_SUM);
    const double value[BATCH + 1] = { 3, -2, 0 };
    const snn_call each = {
        .signal = { .value = value, .samples = BATCH, .scale = -0.5 } };
    const snn_call one = { .signal = { .value = value, .scale = 1 } };
    const snn_call three = {
        .signal = { .value = value, .samples = 3, .scale = 1 } };
    FAILS(SNN_RUNTIME_ERROR, "no step", call(&net, 1, &each));
    step(&net, "10" "01", "0" "0");
    step(&net, "00" "00", "1" "1");
    FAILS(SNN_TYPE_ERROR, "'signal'", call(&net, 1, &PLAIN));
    FAILS(SNN_RUNTIME_ERROR, "of 3 samples, 2 were", call(&net, 1, &three));
    NEED(call(&net, 1, &each));
    update(&net);
    NEAR(LR_POST * decay() * 1.5, weight(&net, 0), 1e-7);
    NEAR(LR_POST * decay() * -1, weight(&net, 1), 1e-7);
    NEED(call(&net, 1, &one));
    update(&net);
    NEAR(LR_POST * decay() * (1.5 + 3), weight(&net, 0), 1e-6);
    end(&net);
}

static void make_all(network *net)
{
    for (int i = 0; i < NETS; i++) {
        net[i] = make(&snn_trainer_stdp, SNN_BATCH_MEAN);
        step(&net[i], "11" "11", "0" "0");
        step(&net[i], "00" "00", "1" "1");
    }
}

static void end_all(network *net)
{
    for (int i = 0; i < NETS; i++) end(&net[i]);
}

void test_learning_adds_to_all_or_none(void)
{
    bool fired = true;
    for (size_t k = 1; fired && k < 100; k++) {
        network net[NETS];
        make_all(net);
        snn_mem_fail_at(k, 1000);
        snn_status status = call(net, NETS, &PLAIN);
        fired = snn_mem_failed();
        snn_mem_fail_at(0, 0);
        CHECK(fired || !status);
        for (int i = 0; status && i < NETS; i++)
            CHECK(snn_accumulator_is_empty(net[i].acc));
        if (status) NEED(call(net, NETS, &PLAIN));
        for (int i = 0; i < NETS; i++) {
            update(&net[i]);
            NEAR(LR_POST * decay(), weight(&net[i], 0), 1e-7);
        }
        end_all(net);
    }
    CHECK(!fired);
}

void test_learning_refuses_what_is_dead(void)
{
    network net[NETS];
    make_all(net);
    net[1].cell->is_dead = true;
    FAILS(SNN_RUNTIME_ERROR, "STDP: the cell was deleted",
          call(net, NETS, &PLAIN));
    CHECK(snn_accumulator_is_empty(net[0].acc));
    end_all(net);
}

/* The samples' sum, of a caller who counts his calls. */
static snn_status reduce(void *context, int i, const snn_tensor *t,
                         snn_fail *reason, snn_tensor *out)
{
    int *calls = context;
    (*calls)++;
    CHECK(i == 0 && t->shape.size[0] == BATCH);
    return snn_tensor_reduce(t, SNN_REDUCE_SUM, 1, false, 0, reason, out);
}

void test_learning_wants_somebody_to_reduce(void)
{
    network net = make(&snn_trainer_stdp, SNN_BATCH_CALLBACK);
    step(&net, "11" "10", "1" "1");
    FAILS(SNN_RUNTIME_ERROR, "nobody to call", call(&net, 1, &PLAIN));
    snn_trainee trainee = { .unit = net.unit, .acc = net.acc };
    int count = 0;
    const snn_train_calls calls = { .reduce = reduce, .context = &count };
    NEED(snn_trainer_run(&trainee, 1, &PLAIN, &calls, fail));
    CHECK(count == 2); /* a term each */
    update(&net);
    NEAR(2 * (LR_POST + LR_PRE), weight(&net, 0), 0);
    NEAR(LR_POST + LR_PRE, weight(&net, 1), 0);
    end(&net);
}

void test_updates_change_all_or_none(void)
{
    network net[NETS];
    snn_updater updaters[NETS];
    make_all(net);
    NEED(call(net, NETS, &PLAIN));
    for (int i = 0; i < NETS; i++) updaters[i] = updater_of(&net[i]);
    snn_accumulator_bound_call(net[1].acc, SNN_POS);
    FAILS(SNN_RUNTIME_ERROR, "nobody to run",
          snn_update_run(updaters, NETS, NULL, fail));
    for (int i = 0; i < NETS; i++) {
        CHECK(weight(&net[i], 0) == 0);
        CHECK(!snn_accumulator_is_empty(net[i].acc));
    }
    snn_bound none = { .law.kind = SNN_BOUND_NONE };
    snn_accumulator_bound(net[1].acc, SNN_POS, &none);
    NEED(snn_update_run(updaters, NETS, NULL, fail));
    for (int i = 0; i < NETS; i++) {
        NEAR(LR_POST * decay(), weight(&net[i], 0), 1e-7);
        CHECK(snn_accumulator_is_empty(net[i].acc));
    }
    end_all(net);
}
