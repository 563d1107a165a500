/* The state of connections as rows (tensor/state.h): the parameters, of which
   each is a row, and what the synapse gives at the delays. */
#include "connection/rewire.h"

#include <stdio.h>
#include <string.h>

/* ---- parameters ---- */

/* The parameter whose values a row is. */
static snn_param *param_of(snn_connection *connection, const snn_state_row *row)
{
    char *value = (char *)connection + row->offset;
    return (snn_param *)(void *)(value - offsetof(snn_param, value));
}

static bool is_there(const snn_connection *connection, const snn_state_row *row)
{
    const void *value = (const char *)connection + row->offset;
    return snn_connection_is_param(row) && !snn_tensor_is_empty(value);
}

snn_param *snn_connection_param(snn_connection *connection, const char *name)
{
    const snn_state_row *row = snn_state_find(snn_connection_rows, name);
    return row && is_there(connection, row) ? param_of(connection, row) : NULL;
}

int snn_connection_params(const snn_connection *connection,
                          const char *names[SNN_CONNECTION_PARAMS])
{
    int count = 0;
    for (const snn_state_row *row = snn_connection_rows; row->name; row++)
        if (is_there(connection, row)) names[count++] = row->name;
    return count;
}

enum { NAME = 96 };

/* "LinearDense.weight" */
static const char *path(const char *where, const snn_state_row *row,
                        char text[NAME])
{
    snprintf(text, NAME, "%s.%s", where, row->name);
    return text;
}

static snn_status write_param(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    char text[NAME];
    return snn_param_set(param_of(self, row), value, path(where, row, text),
                         fail);
}

/* Of few kinds they are no tensor until one is asked for. */
static snn_status read_delay(const void *self, const snn_state_row *row,
                             snn_fail *fail, snn_tensor *out)
{
    const snn_connection *connection = self;
    (void)row;
    return snn_param_read(&connection->delay, fail, out);
}

static snn_status write_delay(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    char text[NAME];
    return snn_connection_set_delay(self, value, false, path(where, row, text),
                                    fail);
}

static snn_status load_delay(void *self, const snn_state_row *row,
                             const snn_tensor *value, const char *where,
                             snn_fail *fail)
{
    char text[NAME];
    return snn_connection_set_delay(self, value, true, path(where, row, text),
                                    fail);
}

/* ---- what the synapse gives ---- */

/* Delay indices may be brought up to date by reading. */
static snn_connection *to_read(const void *self)
{
    return (snn_connection *)(uintptr_t)self;
}

static snn_status read_selector(const void *self, const snn_state_row *row,
                                snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_connection_selector(to_read(self), fail, out);
}

static snn_status read_currents(const void *self, const snn_state_row *row,
                                snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_connection_currents(to_read(self), fail, out);
}

static snn_status read_spikes(const void *self, const snn_state_row *row,
                              snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_connection_spikes(to_read(self), fail, out);
}

#define PARAM(member)                                                        \
    .is_saved = true, .offset = offsetof(snn_connection, member.value)

const snn_state_row snn_connection_rows[] = {
    { .name = "pairs", .of = SNN_OF_WEIGHT, .type = SNN_STATE_INT64,
      .is_saved = true, .is_fixed = true, .read = snn_pairs_read,
      .write = snn_pairs_check,
      .absent = "this connection has no list of synapses",
      .doc = "of a LinearSparse: input x 2^32 + output of each synapse, from 0, "
             "in the order of the weights; loading a state takes them over" },
    { .name = "pairs_hash", .of = SNN_OF_ONE, .type = SNN_STATE_INT64,
      .is_saved = true, .is_fixed = true, .read = snn_pairs_read_hash,
      .write = snn_pairs_check_hash,
      .absent = "this connection has no list of synapses",
      .doc = "of a LinearSparse: a number of its pairs and shapes, by which damaged "
             "pairs are refused" },
    { .name = "weight", .of = SNN_OF_WEIGHT, PARAM(weight),
      .write = write_param, .doc = "what the inputs' currents are multiplied by" },
    { .name = "bias", .of = SNN_OF_BIAS, .unit = "nA", PARAM(bias),
      .absent = "this connection has no bias", .write = write_param,
      .doc = "bias, or nil" },
    { .name = "delay", .of = SNN_OF_DELAY, .unit = "ms", PARAM(delay),
      .absent = "this connection has no delay", .read = read_delay,
      .write = write_delay,
      .load = load_delay, .doc = "delays, ms, or nil" },
    { .name = "sums", .of = SNN_OF_SYNAPSES, .type = SNN_STATE_FLOAT64,
      .is_saved = true, .is_open = true, .is_fixed = true,
      .read = snn_sums_read, .write = snn_sums_write,
      .doc = "of a synapse whose currents decay: their weighted sums at the "
             "outputs, one run of numbers (their age in steps, what they belong "
             "to, the sums); nil where they are to be summed anew" },
    { .name = "selector", .of = SNN_OF_SYNAPSES, .unit = "ms",
      .read = read_selector, .doc = "delays by synapse, ms" },
    { .name = "syncurrent", .of = SNN_OF_SYNAPSES, .unit = "nA",
      .read = read_currents,
      .doc = "currents of the synapse, at the delays, nA" },
    { .name = "synspike", .of = SNN_OF_SYNAPSES, .type = SNN_STATE_BOOL,
      .read = read_spikes, .doc = "spikes of the synapse, at the delays" },
    { .name = NULL },
};
