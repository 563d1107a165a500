/* Everything that Lua may fail in, also making the arguments, happens inside
   of one protected call, so that the engine's frames are never jumped over. */
#include "bind/learning/update_calls.h"

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/object/object.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"

enum { MOST_TENSORS = 3 };

typedef struct request {
    const char *link;  /* of the function */
    const char *where; /* for errors */
    const snn_tensor *tensor[MOST_TENSORS]; /* first arguments */
    int tensors;
    snn_tensor *out;
} request;

/* Takes the result on top. */
static void take_result(lua_State *L, const request *r)
{
    const snn_tensor *result = snn_test_tensor(L, -1);
    if (!result) {
        const char *advice = snn_list_advice(L, -1);
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: the function must return a tensor, got %s%s",
                  r->where, snn_describe(L, -1), advice);
    }
    snn_tensor_alias(result, r->out);
}

/* (request, object): runs the link's function. */
static int protected_call(lua_State *L)
{
    const request *r = lua_touserdata(L, 1);
    if (snn_get_link(L, 2, r->link) != LUA_TTABLE)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: the function was taken away while the update ran",
                  r->where);
    lua_getfield(L, 3, "n");
    int n = (int)lua_tointeger(L, -1);
    lua_pop(L, 1);
    lua_rawgeti(L, 3, 1);
    for (int i = 0; i < r->tensors; i++)
        snn_push_shared(L, r->tensor[i], false);
    for (int i = 2; i <= n; i++) lua_rawgeti(L, 3, i);
    lua_call(L, r->tensors + n - 1, 1);
    take_result(L, r);
    return 0;
}

/* Where on the stack the accumulator's object is. */
static int place_of(const snn_call_context *c, const snn_accumulator *acc)
{
    int i = c->first;
    for (; i < c->last; i++) {
        const snn_object *object =
            snn_test_instance(c->L, i, &snn_accumulator_class);
        if (object && object->self == acc) break;
    }
    return i;
}

static snn_status run(void *context, const snn_accumulator *acc, request *r,
                      snn_fail *fail)
{
    const snn_call_context *c = context;
    if (!lua_checkstack(c->L, 4))
        return snn_fail_set(fail, SNN_RUNTIME_ERROR, "%s: stack overflow",
                            r->where);
    lua_pushcfunction(c->L, protected_call);
    lua_pushlightuserdata(c->L, r);
    lua_pushvalue(c->L, place_of(c, acc));
    return snn_callback(c->L, 2, 0, fail);
}

static snn_status reduce(void *context, const snn_accumulator *acc,
                         const snn_tensor *stacked, snn_tensor *out,
                         snn_fail *fail)
{
    request r = { .link = SNN_LINK_REDUCE, .where = "reduction",
                  .tensor = { stacked }, .tensors = 1, .out = out };
    return run(context, acc, &r, fail);
}

static snn_status bound(void *context, const snn_accumulator *acc,
                        snn_side side, const snn_tensor *param,
                        const snn_tensor *update, snn_tensor *out,
                        snn_fail *fail)
{
    bool is_pos = side == SNN_POS;
    request r = { .link = is_pos ? SNN_LINK_UPPER : SNN_LINK_LOWER,
                  .where = is_pos ? "upperbound" : "lowerbound",
                  .tensor = { param, update }, .tensors = 2, .out = out };
    return run(context, acc, &r, fail);
}

static snn_status full(void *context, const snn_accumulator *acc,
                       const snn_tensor *param, const snn_tensor *pos,
                       const snn_tensor *neg, snn_tensor *out, snn_fail *fail)
{
    request r = { .link = SNN_LINK_FULL, .where = "fullbound",
                  .tensor = { param, pos, neg }, .tensors = 3, .out = out };
    return run(context, acc, &r, fail);
}

snn_update_calls snn_update_calls_of(snn_call_context *context)
{
    return (snn_update_calls){ .reduce = reduce, .bound = bound, .full = full,
                               .context = context };
}
