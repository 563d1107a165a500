/* What monitors keep beside their reducers, for lua/snn/monitor.lua: logs and
   files that grow, userdata that scripts do not see. */
#include <lauxlib.h>
#include <math.h>
#include <unistd.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/models/reducer.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "io/npy_stream.h"
#include "observe/log.h"
#include "observe/reducer.h"
#include "util/number.h"

static const char log_type[] = "snn.Log", stream_type[] = "snn.Stream";

/* ---- logs ---- */

static snn_log *log_at(lua_State *L)
{
    return luaL_checkudata(L, 1, log_type);
}

/* new_log(most, budget): most 0 keeps all. */
static int new_log(lua_State *L)
{
    int64_t most = snn_arg_integer(L, 1, "monitor", "last", 0, INT64_MAX);
    int64_t budget = snn_arg_integer(L, 2, "monitor", "budget", 0, INT64_MAX);
    snn_log *log = lua_newuserdatauv(L, sizeof *log, 0);
    *log = (snn_log){ .most = most, .budget = (size_t)budget };
    luaL_setmetatable(L, log_type);
    return 1;
}

/* log:check(name) */
static int log_check(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_log_check(log_at(L), luaL_checkstring(L, 2), &fail), &fail);
    return 0;
}

/* log:push(name, row) */
static int log_push(lua_State *L)
{
    snn_fail fail;
    const char *name = luaL_checkstring(L, 2);
    const snn_tensor *row = snn_arg_tensor(L, 3, name, "state");
    snn_must(L, snn_log_push(log_at(L), row, name, &fail), &fail);
    return 0;
}

static int log_dump(lua_State *L)
{
    snn_fail fail;
    const snn_log *log = log_at(L);
    if (log->count == 0) return 0;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_log_dump(log, "dump", &fail, out), &fail);
    return snn_tensor_done(L);
}

static int log_clear(lua_State *L)
{
    snn_log_clear(log_at(L));
    return 0;
}

static int log_bytes(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)log_at(L)->bytes);
    return 1;
}

static const luaL_Reg log_methods[] = {
    { "check", log_check }, { "push", log_push },   { "dump", log_dump },
    { "clear", log_clear }, { "bytes", log_bytes }, { NULL, NULL },
};

/* ---- files ---- */

static snn_npy_stream *stream_at(lua_State *L)
{
    return *(snn_npy_stream **)luaL_checkudata(L, 1, stream_type);
}

/* new_stream(path, row): a file of rows like this one. */
static int new_stream(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "monitor", "file");
    const snn_tensor *row = snn_arg_tensor(L, 2, "monitor", "state");
    snn_npy_stream **stream = lua_newuserdatauv(L, sizeof(void *), 0);
    *stream = NULL;
    luaL_setmetatable(L, stream_type);
    snn_must(L,
             snn_npy_stream_open("monitor", path, &row->shape, row->dtype,
                                 &fail, stream),
             &fail);
    return 1;
}

/* stream:append(row) */
static int stream_append(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *row = snn_arg_tensor(L, 2, "monitor", "state");
    snn_must(L, snn_npy_stream_append(stream_at(L), row, &fail), &fail);
    return 0;
}

/* stream:check(): the IOError of one that takes no rows. */
static int stream_check(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_npy_stream_check(stream_at(L), &fail), &fail);
    return 0;
}

static int stream_resume(lua_State *L)
{
    snn_npy_stream_resume(stream_at(L));
    return 0;
}

static int stream_sync(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_npy_stream_sync(stream_at(L), &fail), &fail);
    return 0;
}

static int stream_close(lua_State *L)
{
    snn_npy_stream **stream = luaL_checkudata(L, 1, stream_type);
    snn_npy_stream_free(*stream);
    *stream = NULL;
    return 0;
}

static const luaL_Reg stream_methods[] = {
    { "append", stream_append }, { "check", stream_check },
    { "resume", stream_resume }, { "sync", stream_sync },
    { NULL, NULL },
};

/* ---- histories of reducers ---- */

/* check_room(reducer, budget, name): the RuntimeError when one more state of
   a history, which is kept whole, does not fit into the budget. */
static int check_room(lua_State *L)
{
    const snn_object *object = snn_test_instance(L, 1, &snn_reducer_class);
    double budget = luaL_checknumber(L, 2);
    const char *name = luaL_checkstring(L, 3);
    if (!object) return 0;
    const snn_reducer *reducer = object->self;
    const snn_tensor *latest = snn_reducer_latest(reducer);
    int64_t count = reducer->history.count;
    if (!latest || reducer->history.length == 1) return 0;
    if (count < reducer->history.length) count++;
    double bytes = (double)count * (double)snn_tensor_bytes(latest);
    if (bytes > budget)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: the reducer's history of %d steps fills the budget of "
                  "%s bytes; give a shorter 'duration', a larger 'budget', "
                  "'every' = k to keep one of k, or 'file' to write to disk",
                  name, (int)(count < INT32_MAX ? count - 1 : INT32_MAX),
                  snn_real(budget).text);
    return 0;
}

static void make_type(lua_State *L, const char *name, const luaL_Reg *methods,
                      lua_CFunction gc)
{
    luaL_newmetatable(L, name);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, gc);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
}

void snn_open_store(lua_State *L)
{
    static const luaL_Reg functions[] = { { "new_log", new_log },
                                          { "new_stream", new_stream },
                                          { "check_room", check_room },
                                          { NULL, NULL } };
    make_type(L, log_type, log_methods, log_clear);
    make_type(L, stream_type, stream_methods, stream_close);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    /* half of the memory that the machine has */
    double bytes = (double)sysconf(_SC_PHYS_PAGES) *
                   (double)sysconf(_SC_PAGESIZE) / 2;
    lua_pushinteger(L, bytes > 0 && bytes < 9e18 ? (lua_Integer)bytes
                                                 : INT64_MAX);
    lua_setfield(L, -2, "default_budget");
    lua_pop(L, 1);
}
