/* Synapses are drawn when all else that a connection is made of has been checked. */
#include "bind/models/synapses.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/pattern.h"
#include "bind/tensor/tensor.h"
#include "connection/rewire.h"

/* ---- the argument ---- */

/* Pushes what tools.draw_synapses(where, synapses, in_shape, out_shape) makes of
   the value on top: a pattern. */
static void draw(lua_State *L, const snn_connection_model *model,
                 const snn_shape *in, const snn_shape *out)
{
    snn_push_tools(L);
    lua_getfield(L, -1, "draw_synapses");
    lua_replace(L, -2);
    lua_insert(L, -2);
    lua_pushstring(L, model->name);
    lua_insert(L, -2);
    snn_push_shape(L, in);
    snn_push_shape(L, out);
    lua_call(L, 4, 1);
}

int snn_push_synapses(lua_State *L, const snn_connection_model *model,
                      const void *args)
{
    snn_shape in, out;
    model->shapes(args, &in, &out);
    lua_getfield(L, 2, "synapses");
    if (snn_test_pattern(L, -1)) {
        snn_pattern **shared = snn_push_pattern(L);
        *shared = snn_pattern_share(snn_test_pattern(L, -2));
    } else {
        draw(L, model, &in, &out);
        snn_arg_pattern(L, -1, model->name);
    }
    return lua_gettop(L);
}

snn_pattern *snn_take_synapses(lua_State *L, int index)
{
    return snn_take_pattern(L, index);
}

/* ---- fields ---- */

static void get_count(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_connection *c = object->self;
    lua_pushinteger(L, c->weight.pattern->count);
}

/* The input or output of each synapse, from 1. */
static void get_places(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    const snn_connection *c = object->self;
    bool is_pre = strcmp(a->name, "pre") == 0;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_connection_synapses(c, is_pre, &fail, out), &fail);
    snn_tensor_done(L);
}

/* How many synapses each output or input has. */
static void get_degrees(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_connection_degrees(object->self,
                                    strcmp(a->name, "in_degree") == 0, &fail,
                                    out),
             &fail);
    snn_tensor_done(L);
}

const snn_attribute snn_synapses_attributes[] = {
    { .name = "pre", .get = get_places, .doc = "input of each synapse, from 1" },
    { .name = "post", .get = get_places, .doc = "output of each synapse, from 1" },
    { .name = "count", .get = get_count, .doc = "number of synapses" },
    { .name = "in_degree", .get = get_degrees,
      .doc = "how many synapses each output has, int64" },
    { .name = "out_degree", .get = get_degrees,
      .doc = "how many synapses each input has, int64" },
    { .name = NULL },
};
