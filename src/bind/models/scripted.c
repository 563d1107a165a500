/* What the forward of a script's class gets and returns, by family, and what its
   states may be shaped as. */
#include "bind/models/scripted.h"

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/object/scripted.h"
#include "bind/tensor/tensor.h"
#include "connection/connection.h"
#include "encode/models.h"
#include "neuron/model.h"
#include "observe/reducer.h"
#include "tensor/copy.h"

static snn_shape batch_of(int64_t batch) { return snn_shape_of(1, &batch); }

static snn_shape one(void) { return snn_shape_of(0, NULL); }

/* The tensor at `index`: TypeError that says what forward is to return. */
static const snn_tensor *check_result(lua_State *L, int index, const char *what,
                                      const snn_shape *want)
{
    const char *name = snn_scripted_name(L, 1);
    const snn_tensor *t = snn_test_tensor(L, index);
    char text[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    snn_shape_text(want, text);
    if (!t) {
        const char *advice = snn_list_advice(L, index);
        snn_error(L, SNN_TYPE_ERROR, "%s: forward must return %s of shape %s, got %s%s",
                  name, what, text, snn_describe(L, index), advice);
    }
    if (!snn_shape_equal(&t->shape, want))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: forward must return %s of shape %s, got a tensor of shape %s%s",
                  name, what, text, snn_shape_text(&t->shape, got),
                  snn_batch_text(&t->shape, want));
    return t;
}

static const snn_tensor *check_spikes(lua_State *L, int index,
                                      const snn_shape *want)
{
    const snn_tensor *t =
        check_result(L, index, "spikes, a bool tensor", want);
    if (t->dtype != SNN_BOOL)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: forward must return spikes, a bool tensor, got one of %s "
                  "(t:ne(0), v:ge(thresh) make bools)",
                  snn_scripted_name(L, 1), snn_dtype_name(t->dtype));
    return t;
}

static const snn_tensor *check_currents(lua_State *L, int index,
                                        const snn_shape *want)
{
    const snn_tensor *t =
        check_result(L, index, "currents, a tensor of reals", want);
    if (t->dtype != SNN_FLOAT32 && t->dtype != SNN_FLOAT64)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: forward must return currents, a tensor of reals, got one "
                  "of %s",
                  snn_scripted_name(L, 1), snn_dtype_name(t->dtype));
    return t;
}

/* The tensor at 2, of that shape. */
static const snn_tensor *check_input(lua_State *L, const char *what,
                                     const snn_shape *want)
{
    const char *name = snn_scripted_name(L, 1);
    const snn_tensor *t = snn_arg_tensor(L, 2, name, what);
    char text[SNN_SHAPE_TEXT], got[SNN_SHAPE_TEXT];
    if (!snn_shape_equal(&t->shape, want))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' has shape %s, must be %s%s", name,
                  what, snn_shape_text(&t->shape, got),
                  snn_shape_text(want, text), snn_batch_text(&t->shape, want));
    return t;
}

/* ---- neurons ---- */

static snn_shape neuron_shape(const snn_object *object, int word)
{
    const snn_neuron_args *args = snn_neuron_args_of(object->self);
    return word == 0   ? snn_neuron_batched_shape(object->self)
           : word == 1 ? batch_of(args->batch_size)
           : word == 2 ? args->shape
                       : one();
}

static snn_dtype neuron_dtype(const snn_object *object)
{
    return snn_neuron_args_of(object->self)->dtype;
}

static void check_neuron(lua_State *L, const snn_object *object)
{
    snn_shape want = snn_neuron_batched_shape(object->self);
    check_input(L, "input", &want);
}

static void take_neuron(lua_State *L, snn_object *object, int input, int result)
{
    snn_fail fail;
    (void)input;
    snn_shape want = snn_neuron_batched_shape(object->self);
    const snn_tensor *spikes = check_spikes(L, result, &want);
    snn_must(L,
             snn_neuron_take_spikes(object->self, spikes, snn_scripted_name(L, 1),
                                    &fail),
             &fail);
}

const snn_family snn_neuron_family = {
    .words = "neuron batch shape one",
    .shape = neuron_shape,
    .dtype = neuron_dtype,
    .check = check_neuron,
    .take = take_neuron,
};

/* ---- synapses ---- */

static snn_shape synapse_shape(const snn_object *object, int word)
{
    const snn_synapse_args *args = snn_synapse_common(object->self);
    return word == 0   ? snn_synapse_batched_shape(object->self)
           : word == 1 ? batch_of(args->batch_size)
           : word == 2 ? args->shape
                       : one();
}

static snn_dtype synapse_dtype(const snn_object *object)
{
    return snn_synapse_common(object->self)->dtype;
}

static void check_synapse(lua_State *L, const snn_object *object)
{
    snn_shape want = snn_synapse_batched_shape(object->self);
    check_input(L, "spikes", &want);
}

/* A step of the engine's, of the spikes and the currents. */
static void take_synapse(lua_State *L, snn_object *object, int input, int result)
{
    snn_fail fail;
    snn_shape want = snn_synapse_batched_shape(object->self);
    const char *name = snn_scripted_name(L, 1);
    snn_tensor spikes;
    const snn_tensor *both[] = { &spikes, check_currents(L, result, &want) };
    snn_must(L,
             snn_tensor_to(snn_test_tensor(L, input), SNN_BOOL, &fail, &spikes),
             &fail);
    snn_status status = snn_synapse_step(object->self, both, 2, name, &fail);
    snn_tensor_clear(&spikes);
    snn_must(L, status, &fail);
}

const snn_family snn_synapse_family = {
    .words = "input batch shape one",
    .shape = synapse_shape,
    .dtype = synapse_dtype,
    .check = check_synapse,
    .take = take_synapse,
};

/* ---- connections ---- */

static snn_shape connection_shape(const snn_object *object, int word)
{
    const snn_connection *c = object->self;
    return word == 0   ? snn_connection_batched_in(c)
           : word == 1 ? snn_connection_batched_out(c)
           : word == 2 ? c->weight.value.shape
           : word == 3 ? batch_of(snn_connection_common(c)->batch_size)
                       : one();
}

static snn_dtype connection_dtype(const snn_object *object)
{
    return snn_connection_common(object->self)->dtype;
}

static void check_connection(lua_State *L, const snn_object *object)
{
    snn_shape want = snn_connection_batched_in(object->self);
    check_input(L, "spikes", &want);
}

static void take_connection(lua_State *L, snn_object *object, int input,
                            int result)
{
    (void)input;
    snn_shape want = snn_connection_batched_out(object->self);
    check_currents(L, result, &want);
}

const snn_family snn_connection_family = {
    .words = "input output weight batch one",
    .shape = connection_shape,
    .dtype = connection_dtype,
    .check = check_connection,
    .take = take_connection,
};

/* ---- encoders ---- */

static snn_shape no_shape(const snn_object *object, int word)
{
    (void)object, (void)word;
    return one();
}

static void check_encoder(lua_State *L, const snn_object *object)
{
    (void)object;
    snn_arg_tensor(L, 2, snn_scripted_name(L, 1), "intensities");
}

static void take_encoder(lua_State *L, snn_object *object, int input, int result)
{
    const snn_encoder *e = object->self;
    const snn_tensor *x = snn_test_tensor(L, input);
    if (x->shape.ndim == SNN_MAX_DIMS)
        snn_error(L, SNN_VALUE_ERROR, "%s: 'intensities' have too many dimensions",
                  snn_scripted_name(L, 1));
    snn_shape want = snn_shape_prepend(snn_encoder_common(e)->steps, &x->shape);
    check_result(L, result, "a train, a tensor", &want);
}

const snn_family snn_encoder_family = {
    .words = "one",
    .shape = no_shape,
    .check = check_encoder,
    .take = take_encoder,
};

/* ---- reducers ---- */

const snn_family snn_reducer_family = { .words = "one", .shape = no_shape };
