/* Each function is replaced by one that looks how many arguments there are and
   goes on to it. Of those in Lua the debug information tells how many they take,
   of those in C the lists below; spec/every/surplus_spec.lua holds them against the
   annotations. Functions that take any number of arguments, or are closures of
   C, see to it themselves. */
#include "bind/object/surplus.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/object/object.h"
#include "bind/tensor/tensor.h"
#include "util/word.h"

/* How many arguments functions in C take at most, methods (Class.method)
   without self. */
static const struct {
    int most;
    const char *functions;
} functions[] = {
    { 0, "clock get_num_threads get_rng_state" },
    { 1, "detect_anomaly load_safetensors manual_seed set_num_threads "
         "set_rng_state traceback warnings" },
    { 2, "Error cat class idx load_npy save_npy stack" },
    { 3, "load_npz normalize save_png save_safetensors warn" },
    { 0, "Accumulator.clear Connection.clear Connection.insize "
         "Connection.outsize Reducer.dump Reducer.peek Synapse.clear "
         "Generator.initial_seed Updater.clear Tensor.clone Tensor.contiguous "
         "Tensor.item Tensor.nonzero Tensor.totable Tensor.zero_" },
    { 1, "Accumulator.forward Accumulator.reduction Accumulator.update "
         "Connection.postsyn_receptive Connection.presyn_receptive "
         "Connection.update DoubleExponentialCurrent.neg_current_at "
         "DoubleExponentialCurrent.pos_current_at Encoder.forward "
         "Encoder.steps_of Generator.manual_seed Neuron.clear "
         "Reducer.clear Reducer.push "
         "Synapse.current_at Synapse.spike_at Tensor.bincount Tensor.copy_ "
         "Tensor.cumsum Tensor.diag Tensor.dot Tensor.equal Tensor.fill_ "
         "Tensor.masked_select Tensor.matmul Tensor.mv Tensor.outer Tensor.size "
         "Tensor.squeeze Tensor.to Tensor.tril Tensor.tril_ Tensor.triu "
         "Tensor.triu_ Tensor.unique Tensor.unsqueeze" },
    { 2, "MaxRateClassifier.classify MaxRateClassifier.regress "
         "MaxRateClassifier.update Neuron.forward "
         "Reducer.view Tensor.all Tensor.amax Tensor.amin Tensor.any "
         "Tensor.argmax Tensor.argmin Tensor.chunk Tensor.clamp Tensor.clamp_ "
         "Tensor.diff Tensor.flatten Tensor.gather Tensor.index_select "
         "Tensor.masked_fill Tensor.masked_fill_ Tensor.max Tensor.mean "
         "Tensor.median Tensor.min Tensor.normal_ Tensor.prod Tensor.roll "
         "Tensor.select Tensor.sort Tensor.split Tensor.std Tensor.sum "
         "Tensor.transpose Tensor.uniform_ Tensor.var Tensor.where" },
    { 3, "Accumulator.lowerbound Accumulator.upperbound "
         "MaxRateClassifier.forward Tensor.allclose Tensor.narrow Tensor.norm "
         "Tensor.scatter_add_ Tensor.slice Tensor.topk" },
    { 4, "Accumulator.fullbound Tensor.quantile" },
};

/* Functions in Lua that are called by the library, or with all that another one
   returns; and forward where a script's is to take its place. */
static const char called[] = "init wiring fold interpolate hook extra_repr "
                             "progress exp_stdp_post_kernel exp_stdp_pre_kernel";

/* Upvalues of the functions that check. */
enum { FUNCTION = 1, MOST, SELF, NAME, UPVALUES = NAME };

static void check(lua_State *L)
{
    int most = (int)lua_tointeger(L, lua_upvalueindex(MOST));
    int last = lua_gettop(L);
    if (__builtin_expect(last <= most, 1)) return;
    snn_check_surplus(L, lua_tostring(L, lua_upvalueindex(NAME)), most, last,
                      (int)lua_tointeger(L, lua_upvalueindex(SELF)));
}

/* A function in C goes on in the same frame. */
static int run_c(lua_State *L)
{
    check(L);
    return lua_tocfunction(L, lua_upvalueindex(FUNCTION))(L);
}

static int end_lua(lua_State *L, int status, lua_KContext context)
{
    (void)status, (void)context;
    return lua_gettop(L);
}

static int run_lua(lua_State *L)
{
    check(L);
    int n = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(FUNCTION));
    lua_insert(L, 1);
    lua_callk(L, n, LUA_MULTRET, 0, end_lua);
    return end_lua(L, LUA_OK, 0);
}

/* Pushes a table of these: name or Class.method -> how many. */
static void push_counts(lua_State *L)
{
    lua_newtable(L);
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        for (const char *at = functions[i].functions; *at;) {
            size_t length = strcspn(at, " ");
            lua_pushlstring(L, at, length);
            lua_pushinteger(L, functions[i].most);
            lua_rawset(L, -3);
            at += length + strspn(at + length, " ");
        }
}

/* How many arguments the function in C takes, self too; -1: any. */
static int most_of(lua_State *L, int counts, const char *of, const char *name)
{
    const char *path =
        of ? lua_pushfstring(L, "%s.%s", of, name) : lua_pushstring(L, name);
    lua_getfield(L, counts, path);
    int most = lua_isnil(L, -1) ? -1 : (int)lua_tointeger(L, -1) + (of != NULL);
    lua_pop(L, 2);
    return most;
}

/* Replaces the function on top, which is `name` of the table below its key, by
   one that checks. `of` is the name of the class, or NULL. */
static void guard(lua_State *L, int counts, int table, const char *of,
                  const char *name)
{
    lua_Debug ar;
    int most = -1, self = of != NULL;
    bool is_c = lua_iscfunction(L, -1);
    if (is_c && !lua_getupvalue(L, -1, 1)) {
        most = most_of(L, counts, of, name);
    } else if (is_c) {
        lua_pop(L, 1);
    } else if (snn_word_find(called, name) < 0) {
        lua_pushvalue(L, -1);
        lua_getinfo(L, ">u", &ar);
        bool is_open = ar.isvararg || ar.nparams < self ||
                       (ar.nparams == 1 && strcmp(name, "forward") == 0);
        if (!is_open) most = ar.nparams;
    }
    if (most < 0) return;
    if (strcmp(name, "partialconstructor") == 0) self = 0;
    lua_pushvalue(L, -1);
    lua_pushinteger(L, most);
    lua_pushinteger(L, self);
    lua_pushstring(L, name);
    lua_pushcclosure(L, is_c ? run_c : run_lua, UPVALUES);
    lua_setfield(L, table, name); /* a field that is there */
}

/* All functions of the table on top. */
static void guard_all(lua_State *L, int counts, const char *of)
{
    int table = lua_gettop(L);
    luaL_checkstack(L, 12, NULL);
    for (lua_pushnil(L); lua_next(L, table); lua_settop(L, table + 1))
        if (lua_type(L, table + 1) == LUA_TSTRING && lua_isfunction(L, -1) &&
            *lua_tostring(L, table + 1) != '_')
            guard(L, counts, table, of, lua_tostring(L, table + 1));
}

/* The plain table on top and those in it; classes have metatables. */
static void guard_tables(lua_State *L, int counts)
{
    int table = lua_gettop(L);
    guard_all(L, counts, NULL);
    for (lua_pushnil(L); lua_next(L, table); lua_settop(L, table + 1))
        if (lua_istable(L, -1) && !lua_getmetatable(L, -1))
            guard_tables(L, counts);
    lua_settop(L, table);
}

void snn_guard_arguments(lua_State *L)
{
    int snn = lua_gettop(L), counts = snn + 1, classes = snn + 2;
    push_counts(L);
    lua_pushvalue(L, snn);
    guard_tables(L, counts);
    lua_settop(L, counts);
    snn_push_classes(L);
    for (lua_Integer i = 1; lua_rawgeti(L, classes, i) == LUA_TTABLE; i++) {
        luaL_getmetafield(L, -1, "__name"); /* "class LIF" */
        const char *name = lua_tostring(L, -1) + strlen("class ");
        lua_pushvalue(L, -2);
        guard_all(L, counts, name);
        lua_settop(L, classes);
    }
    snn_tensor_methods(L);
    guard_all(L, counts, "Tensor");
    lua_settop(L, snn);
}
