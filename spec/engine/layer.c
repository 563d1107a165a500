/* A dense connection of current synapses to LIF neurons, stepped in C. */
#include <math.h>
#include <string.h>

#include "check.h"
#include "connection/connection.h"
#include "model.h"
#include "neuron/neuron.h"
#include "util/par.h"

typedef struct network {
    snn_synapse *synapse;
    snn_connection *connection;
    snn_neuron *neuron;
} network;

static const double WEIGHT = 100; /* nA for a nA */
static const double REST = -60, RESET = -65; /* mV, as make_lif has it */

/* Weights: all WEIGHT, or with `seed` in [0, 2 WEIGHT / inputs). */
static void set_weights(network *net, uint32_t seed)
{
    snn_param *weight = &net->connection->weight;
    float *value = snn_param_edit(weight);
    int64_t count = weight->rows * weight->columns;
    CHECK(value != NULL);
    for (int64_t i = 0; value && i < count; i++)
        value[i] = seed ? next_number(&seed) * (float)(2 * WEIGHT / (double)weight->rows)
                        : (float)WEIGHT;
    snn_param_mark_all(weight);
}

static network make(int64_t inputs, int64_t outputs, int64_t batch, uint32_t seed)
{
    network net;
    net.synapse = make_synapse(inputs, batch);
    net.connection = make_dense(net.synapse, inputs, outputs, batch);
    net.neuron = make_lif(outputs, batch);
    set_weights(&net, seed);
    return net;
}

static void end(network *net)
{
    snn_neuron_free(net->neuron);
    snn_connection_free(net->connection);
    snn_synapse_free(net->synapse);
}

static snn_status step(network *net, const snn_tensor *spikes)
{
    snn_tensor current;
    const snn_neuron_options options = { .refrac_lock = true, .adapt = true };
    snn_status status = snn_connection_step(net->connection, &spikes, 1, "test",
                                            fail, &current);
    if (status) return status;
    status = snn_neuron_step(net->neuron, &current, &options, "test", fail);
    snn_tensor_clear(&current);
    return status;
}

static snn_status step_text(network *net, int64_t batch, const char *text)
{
    snn_tensor spikes = spikes_of(batch, text);
    snn_status status = step(net, &spikes);
    snn_tensor_clear(&spikes);
    return status;
}

static double voltage(const network *net, int at)
{
    return snn_tensor_f32(snn_neuron_voltage(net->neuron))[at];
}

static bool has_spiked(const network *net, int at)
{
    return snn_tensor_bool(snn_neuron_spike(net->neuron))[at];
}

/* In one step a neuron goes this share of the way to rest + resistance I. */
static double share(void) { return 1 - exp(-1 / LIF_TC); }

void test_layer_charges_by_hand(void)
{
    network net = make(3, 2, 2, 0);
    NEED(step_text(&net, 2, "110" "000"));
    for (int i = 0; i < 2; i++) {
        NEAR(REST + 2 * WEIGHT * share(), voltage(&net, i), 1e-5);
        NEAR(REST, voltage(&net, 2 + i), 1e-5); /* the other sample */
        CHECK(!has_spiked(&net, i));
    }
    NEED(step_text(&net, 2, "000" "001"));
    NEAR(REST + 2 * WEIGHT * share() * (1 - share()), voltage(&net, 0), 1e-5);
    NEAR(REST + WEIGHT * share(), voltage(&net, 2), 1e-5);
    end(&net);
}

void test_layer_spikes_and_resets(void)
{
    network net = make(3, 2, 1, 0);
    NEED(step_text(&net, 1, "111"));
    CHECK(has_spiked(&net, 0) && has_spiked(&net, 1));
    NEAR(RESET, voltage(&net, 0), 0);
    NEED(step_text(&net, 1, "111")); /* refractory: held, the input is lost */
    CHECK(!has_spiked(&net, 0));
    NEAR(RESET, voltage(&net, 0), 0);
    NEED(step_text(&net, 1, "000"));
    NEAR(REST + (RESET - REST) * (1 - share()), voltage(&net, 0), 1e-5);
    end(&net);
}

void test_layer_refuses_a_shape_and_stays(void)
{
    network net = make(3, 2, 1, 0);
    NEED(step_text(&net, 1, "100"));
    uint64_t ticks = snn_synapse_ticks(net.synapse);
    double before = voltage(&net, 0);
    FAILS(SNN_VALUE_ERROR, "test: ", step_text(&net, 1, "1001"));
    CHECK(snn_synapse_ticks(net.synapse) == ticks);
    CHECK(snn_tensor_bool(snn_synapse_spike(net.synapse))[0]);
    CHECK(voltage(&net, 0) == before);
    end(&net);
}

void test_layer_takes_a_step_back(void)
{
    network net = make(3, 2, 1, 0);
    snn_neuron_state saved;
    NEED(step_text(&net, 1, "010"));
    double before = voltage(&net, 1);
    NEED(snn_neuron_save(net.neuron, &saved, fail));
    NEED(step_text(&net, 1, "111"));
    CHECK(has_spiked(&net, 1));
    snn_synapse_undo(net.synapse);
    snn_neuron_restore(net.neuron, &saved);
    CHECK(snn_tensor_bool(snn_synapse_spike(net.synapse))[1]);
    CHECK(!snn_tensor_bool(snn_synapse_spike(net.synapse))[0]);
    CHECK(voltage(&net, 1) == before && !has_spiked(&net, 1));
    end(&net);
}

/* The voltages (batch x outputs) and the number of spikes after some steps of
   random input, on so many threads. */
static int64_t run_on(int threads, int64_t batch, int64_t outputs, float *out)
{
    enum { INPUTS = 800, STEPS = 20 };
    int64_t spikes = 0;
    uint32_t state = 7;
    network net = make(INPUTS, outputs, batch, 3);
    snn_par_set_threads(threads);
    for (int i = 0; i < STEPS; i++) {
        snn_tensor input;
        snn_shape shape = snn_shape_of(2, (int64_t[]){ batch, INPUTS });
        NEED(snn_tensor_new(&shape, SNN_BOOL, "test", fail, &input));
        uint8_t *flag = snn_tensor_edit(&input, false);
        for (int64_t k = 0; k < batch * INPUTS; k++)
            flag[k] = next_number(&state) < (i % 2 ? 0.9f : 0.1f);
        NEED(step(&net, &input));
        for (int64_t k = 0; k < batch * outputs; k++)
            spikes += has_spiked(&net, (int)k);
        snn_tensor_clear(&input);
    }
    memcpy(out, snn_tensor_data(snn_neuron_voltage(net.neuron)),
           sizeof *out * (size_t)(batch * outputs));
    end(&net);
    snn_par_set_threads(1);
    return spikes;
}

void test_layer_has_the_same_bits_on_threads(void)
{
    enum { BATCH = 16, OUTPUTS = 600 };
    static float one[BATCH * OUTPUTS], many[BATCH * OUTPUTS];
    int64_t spikes = run_on(1, BATCH, OUTPUTS, one);
    CHECK(spikes > 0);
    for (int threads = 2; threads <= 4; threads++) {
        CHECK(run_on(threads, BATCH, OUTPUTS, many) == spikes);
        CHECK(memcmp(one, many, sizeof one) == 0);
    }
}
