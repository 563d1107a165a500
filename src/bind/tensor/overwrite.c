/* tools.overwrite, the last step of loading what was saved (lua/snn/restore.lua):
   tensors of the script get other values, all of them or none. */
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"
#include "util/rng.h"

/* The tensor i of the list at `list`, which keeps it alive. */
static snn_tensor *tensor_at(lua_State *L, int list, lua_Integer i)
{
    lua_rawgeti(L, list, i);
    snn_tensor *t = snn_arg_tensor(L, -1, "overwrite", "tensor");
    lua_pop(L, 1);
    return t;
}

/* What can fail: their memory becomes their own. */
static void make_ready(lua_State *L, lua_Integer n)
{
    for (lua_Integer i = 1; i <= n; i++) {
        snn_fail fail;
        snn_tensor *t = tensor_at(L, 1, i);
        if (snn_tensor_edit(t, true)) continue;
        snn_fail_memory(&fail, "load", snn_tensor_bytes(t));
        snn_raise(L, &fail);
    }
}

/* overwrite(tensors, values, random, result): lists of tensors of the same
   shapes and dtypes, and the state of the generator, int64 (2); returns the
   result, so that nothing of Lua runs behind it. */
static int overwrite(lua_State *L)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
    const snn_tensor *random = snn_arg_tensor(L, 3, "load", "random state");
    make_ready(L, n);
    for (lua_Integer i = 1; i <= n; i++) {
        snn_fail fail;
        snn_must(L, snn_tensor_copy_into(tensor_at(L, 1, i), tensor_at(L, 2, i), &fail), &fail);
    }
    const int64_t *words = snn_tensor_i64(random);
    snn_rng_go_on((snn_rng_key){ (uint64_t)words[0], (uint64_t)words[random->stride[0]] });
    lua_settop(L, 4);
    return 1;
}

/* can_overwrite(tensor): not one that was read from a module's field, nor one
   whose elements are the same memory. */
static int can_overwrite(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *t = snn_arg_tensor(L, 1, "can_overwrite", "tensor");
    lua_pushboolean(L, !t->storage->is_field &&
                           snn_tensor_check_target(t, "load", &fail) == SNN_OK);
    return 1;
}

void snn_open_overwrite(lua_State *L)
{
    static const luaL_Reg functions[] = { { "overwrite", overwrite },
                                          { "can_overwrite", can_overwrite },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
