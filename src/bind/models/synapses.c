/* Lists of synapses are tensors of places, from 1, as scripts count. */
#include "bind/models/synapses.h"

#include <math.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"

/* ---- the argument ---- */

/* A list of places from 1 to `most` in the table on top, as tensor or table, on the
   stack; from 0, in memory of Lua's, beside it. */
static const int32_t *read_places(lua_State *L, const char *where,
                                  const char *name, int64_t *count)
{
    snn_fail fail;
    snn_tensor flat;
    lua_getfield(L, -1, name);
    const snn_tensor *t = snn_arg_tensor(L, -1, where, name);
    if (t->shape.ndim != 1)
        snn_arg_error(L, where, name, "a list of places, a tensor (count)", -1);
    *count = snn_tensor_count(t);
    int32_t *places = lua_newuserdatauv(L, (size_t)(*count + 1) * sizeof *places, 0);
    snn_must(L, snn_tensor_to(t, SNN_FLOAT64, &fail, &flat), &fail);
    const double *from = snn_tensor_f64(&flat);
    for (int64_t i = 0; i < *count; i++) /* what is no place is outside */
        places[i] = from[i] >= 1 && from[i] <= INT32_MAX && from[i] == floor(from[i])
                        ? (int32_t)from[i] - 1
                        : -1;
    snn_tensor_clear(&flat);
    lua_replace(L, -2);
    lua_insert(L, -2);
    return places;
}

/* The pattern that args.synapses = { pre =, post = } says, which nothing raises
   behind. */
snn_status snn_read_synapses(lua_State *L, const snn_connection_model *model,
                             const void *args, snn_fail *fail,
                             snn_pattern **out)
{
    snn_shape in, out_shape;
    int64_t count, others;
    model->shapes(args, &in, &out_shape);
    if (lua_getfield(L, 2, "synapses") != LUA_TTABLE)
        snn_arg_error(L, model->name, "synapses", "a table { pre =, post = }", -1);
    const int32_t *pre = read_places(L, model->name, "pre", &count);
    const int32_t *post = read_places(L, model->name, "post", &others);
    if (count != others)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'synapses' has %lld of pre, %lld of post", model->name,
                  (long long)count, (long long)others);
    return snn_pattern_of_pairs(snn_shape_count(&in),
                                snn_shape_count(&out_shape), count, pre, post,
                                fail, out);
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

const snn_attribute snn_synapses_attributes[] = {
    { .name = "pre", .get = get_places, .doc = "input of each synapse, from 1" },
    { .name = "post", .get = get_places, .doc = "output of each synapse, from 1" },
    { .name = "count", .get = get_count, .doc = "number of synapses" },
    { .name = NULL },
};
