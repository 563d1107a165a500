#include "model.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "neuron/model.h"

static void set(const snn_field *field, char *args, double value,
                const int64_t *size)
{
    void *at = args + field->offset;
    int ndim = 0;
    switch (field->type) {
    case SNN_REAL: *(double *)at = value; break;
    case SNN_COUNT: *(int64_t *)at = (int64_t)value; break;
    case SNN_FLAG: *(bool *)at = value != 0; break;
    case SNN_CHOICE: *(int *)at = (int)value; break;
    case SNN_DTYPE: *(snn_dtype *)at = (snn_dtype)(int)value; break;
    case SNN_SIZES:
        while (ndim < 4 && size[ndim]) ndim++;
        *(snn_shape *)at = snn_shape_of(ndim, size);
        break;
    default: break; /* the binding's own */
    }
}

static const snn_field *find(const snn_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0) return fields;
    fprintf(stderr, "no argument '%s'\n", name);
    exit(2);
}

void *make_args(const snn_field *fields, size_t bytes, const given *list)
{
    static const int64_t none[4];
    char *args = calloc(1, bytes);
    if (!args) exit(2);
    for (const snn_field *f = fields; f->name; f++)
        if (f->type == SNN_DTYPE)
            set(f, args, SNN_FLOAT32, none);
        else if (f->optional && f->type != SNN_SIZES)
            set(f, args, f->otherwise, none);
    for (; list->name; list++)
        set(find(fields, list->name), args, list->value, list->size);
    return args;
}

snn_synapse *make_synapse(int64_t inputs, int64_t batch)
{
    const snn_synapse_model *model = &snn_synapse_delta_current;
    snn_synapse *synapse;
    void *args = make_args(model->fields, model->args_size, (given[]){
        { "shape", 0, { inputs } }, { "step_time", 1, { 0 } },
        { "spike_charge", 1, { 0 } }, { "batch_size", (double)batch, { 0 } },
        { NULL, 0, { 0 } },
    });
    snn_status status = snn_synapse_new(model, args, fail, &synapse);
    free(args);
    NEED(status);
    return synapse;
}

snn_connection *make_dense(snn_synapse *synapse, int64_t inputs,
                           int64_t outputs, int64_t batch)
{
    const snn_connection_model *model = &snn_connection_linear_dense;
    snn_connection *connection;
    void *args = make_args(model->fields, model->args_size, (given[]){
        { "in_shape", 0, { inputs } }, { "out_shape", 0, { outputs } },
        { "step_time", 1, { 0 } }, { "batch_size", (double)batch, { 0 } },
        { NULL, 0, { 0 } },
    });
    snn_status status =
        snn_connection_new(model, args, synapse, fail, &connection);
    free(args);
    NEED(status);
    return connection;
}

snn_neuron *make_lif(int64_t outputs, int64_t batch)
{
    const snn_neuron_model *model = &snn_neuron_lif;
    snn_neuron *neuron;
    void *args = make_args(model->fields, model->args_size, (given[]){
        { "shape", 0, { outputs } }, { "step_time", 1, { 0 } },
        { "rest_v", -60, { 0 } }, { "reset_v", -65, { 0 } },
        { "thresh_v", -50, { 0 } }, { "refrac_t", 2, { 0 } },
        { "time_constant", LIF_TC, { 0 } },
        { "batch_size", (double)batch, { 0 } }, { NULL, 0, { 0 } },
    });
    snn_status status = snn_neuron_new(model, args, NULL, 0, fail, &neuron);
    free(args);
    NEED(status);
    return neuron;
}

float next_number(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return (float)(*state >> 8) / (float)(1 << 24);
}

snn_tensor spikes_of(int64_t batch, const char *text)
{
    snn_tensor t;
    int64_t n = (int64_t)strlen(text) / batch;
    snn_shape shape = snn_shape_of(2, (int64_t[]){ batch, n });
    NEED(snn_tensor_new(&shape, SNN_BOOL, "test", fail, &t));
    uint8_t *flag = snn_tensor_edit(&t, false);
    for (int64_t i = 0; i < batch * n; i++) flag[i] = text[i] == '1';
    return t;
}
