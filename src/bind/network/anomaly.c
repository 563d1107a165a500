#include "bind/network/anomaly.h"

#include <inttypes.h>
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/network/layer.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/nan.h"

static bool is_on; /* for the process, as the number of threads is */

bool snn_detects_anomaly(void) { return is_on; }

/* Raises when `t`, the `what` of something by that name, has a NaN. */
static void look_at(lua_State *L, int layer, const char *what,
                    const char *name, const snn_tensor *t)
{
    snn_fail fail;
    int64_t at;
    char text[SNN_SHAPE_TEXT];
    snn_must(L, snn_tensor_find_nan(t, &fail, &at), &fail);
    if (at < 0) return;
    const snn_layer *self = snn_test_object(L, layer)->self;
    luaL_getmetafield(L, layer, "__name");
    snn_error(L, SNN_RUNTIME_ERROR,
              "%s: step %" PRId64 ": the %s '%s' is nan at index %s",
              lua_tostring(L, -1), self->steps + 1, what, name,
              snn_shape_index_text(&t->shape, at, text));
}

void snn_look_at_current(lua_State *L, int layer, const char *name,
                         int current)
{
    if (is_on)
        look_at(L, layer, "current of connection", name,
                snn_test_tensor(L, current));
}

void snn_look_at_neuron(lua_State *L, int layer, const char *name,
                        const snn_neuron *neuron, int input)
{
    if (!is_on) return;
    const snn_tensor *adaptation = snn_neuron_adaptation(neuron);
    look_at(L, layer, "input of neuron", name, snn_test_tensor(L, input));
    look_at(L, layer, "voltage of neuron", name, snn_neuron_voltage(neuron));
    if (adaptation)
        look_at(L, layer, "adaptation of neuron", name, adaptation);
}

/* detect_anomaly([on]): sets it when an argument is given; returns what it was
   before. */
static int detect_anomaly(lua_State *L)
{
    bool before = is_on;
    if (!lua_isnoneornil(L, 1))
        is_on = snn_arg_bool(L, 1, "detect_anomaly", "on");
    lua_pushboolean(L, before);
    return 1;
}

static const luaL_Reg functions[] = {
    { "detect_anomaly", detect_anomaly },
    { NULL, NULL },
};

void snn_open_anomaly(lua_State *L) { luaL_setfuncs(L, functions, 0); }
