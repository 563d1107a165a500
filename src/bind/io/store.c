/* What monitors keep beside their reducers, for lua/snn/monitor.lua: logs and
   files that grow, userdata that scripts do not see. */
#include <lauxlib.h>
#include <math.h>
#include <unistd.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/models/event_log.h"
#include "bind/models/reducer.h"
#include "bind/object/atomic.h"
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

/* log:fresh(): an empty log like it. */
static int log_fresh(lua_State *L)
{
    const snn_log *like = log_at(L);
    snn_log *log = lua_newuserdatauv(L, sizeof *log, 0);
    *log = (snn_log){ .most = like->most, .budget = like->budget };
    luaL_setmetatable(L, log_type);
    return 1;
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

static int end_log(lua_State *L)
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
    { "check", log_check }, { "fresh", log_fresh }, { "dump", log_dump },
    { "bytes", log_bytes }, { NULL, NULL },
};

/* ---- files ---- */

static snn_npy_stream *stream_at(lua_State *L)
{
    return *(snn_npy_stream **)luaL_checkudata(L, 1, stream_type);
}

static snn_npy_stream **push_stream(lua_State *L)
{
    snn_npy_stream **stream = lua_newuserdatauv(L, sizeof(void *), 0);
    *stream = NULL;
    luaL_setmetatable(L, stream_type);
    return stream;
}

/* new_stream(path, row): a file of rows like this one. */
static int new_stream(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "monitor", "file");
    const snn_tensor *row = snn_arg_tensor(L, 2, "monitor", "state");
    snn_npy_stream **stream = push_stream(L);
    snn_must(L,
             snn_npy_stream_open("monitor", path, &row->shape, row->dtype,
                                 &fail, stream),
             &fail);
    return 1;
}

/* stream:check(): the IOError of one that takes no rows. */
static int stream_check(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_npy_stream_check(stream_at(L), &fail), &fail);
    return 0;
}

static int stream_sync(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_npy_stream_sync(stream_at(L), &fail), &fail);
    return 0;
}

/* stream:tell(): rows, dtype, shape of a row and checksum of what it has
   written, which is on the disk then. */
static int stream_tell(lua_State *L)
{
    snn_fail fail;
    snn_npy_written written;
    snn_must(L, snn_npy_stream_tell(stream_at(L), &fail, &written), &fail);
    lua_pushinteger(L, written.rows);
    lua_pushstring(L, snn_dtype_name(written.dtype));
    snn_push_shape(L, &written.row);
    lua_pushinteger(L, written.sum);
    return 4;
}

/* reopen_stream(path, rows, dtype, shape, sum): goes on with such a file. */
static int reopen_stream(lua_State *L)
{
    enum { PATH = 1, ROWS, DTYPE, SHAPE, SUM };
    snn_fail fail;
    const char *path = snn_arg_path(L, PATH, "monitor", "file");
    snn_npy_written written = {
        .rows = snn_arg_integer(L, ROWS, "monitor", "rows", 0, INT64_MAX),
        .dtype = snn_arg_dtype(L, DTYPE, "monitor", "dtype"),
        .row = snn_arg_shape(L, SHAPE, "monitor", "shape", 0, SNN_MAX_DIMS),
        .sum = (uint32_t)snn_arg_integer(L, SUM, "monitor", "sum", 0,
                                         UINT32_MAX),
    };
    snn_npy_stream **stream = push_stream(L);
    snn_must(L, snn_npy_stream_reopen("monitor", path, &written, &fail, stream),
             &fail);
    return 1;
}

static int stream_close(lua_State *L)
{
    snn_npy_stream **stream = luaL_checkudata(L, 1, stream_type);
    snn_npy_stream_free(*stream);
    *stream = NULL;
    return 0;
}

static const luaL_Reg stream_methods[] = {
    { "check", stream_check },
    { "sync", stream_sync },
    { "tell", stream_tell },
    { NULL, NULL },
};

/* ---- both ---- */

/* store_row(name, row, log, stream, events): to a log, a file and events, each of
   which may be nil; with events the file gets these. What a full disk does not take
   the others keep, as the reducer does; not in a call that goes back
   (bind/object/atomic.h). All in one call, as nothing of it can be taken back. */
static int store_row(lua_State *L)
{
    snn_fail fail;
    const char *name = luaL_checkstring(L, 1);
    const snn_tensor *row = snn_arg_tensor(L, 2, name, "state");
    snn_log *log = lua_isnil(L, 3) ? NULL : luaL_checkudata(L, 3, log_type);
    snn_npy_stream **stream =
        lua_isnoneornil(L, 4) ? NULL : luaL_checkudata(L, 4, stream_type);
    snn_spike_log **events =
        lua_isnoneornil(L, 5) ? NULL : luaL_checkudata(L, 5, snn_event_log_type);
    snn_log_entry encoded;
    if (events) snn_must(L, snn_event_log_push(events, row, name, &fail), &fail);
    snn_status status = log ? snn_log_encode(log, row, name, &fail, &encoded) : SNN_OK;
    if (status && events) snn_spike_log_undo(*events);
    snn_must(L, status, &fail);
    if (stream)
        status = events ? snn_event_log_write(*events, *stream, &fail)
                        : snn_npy_stream_append(*stream, row, &fail);
    const bool goes_back = status && snn_atomic_depth() > 0;
    if (goes_back && events) snn_spike_log_undo(*events);
    if (goes_back && log)
        snn_log_free_entry(&encoded);
    else if (log)
        snn_log_take(log, row, &encoded);
    snn_must(L, status, &fail);
    return 0;
}

/* end_store(log, stream): another log has taken the place of this one, a file
   that could not be written may be tried again; either may be nil. A call around
   this one that fails will want the log again: then the collector ends it. */
static int end_store(lua_State *L)
{
    if (!lua_isnil(L, 1) && snn_atomic_depth() <= 1)
        snn_log_clear(luaL_checkudata(L, 1, log_type));
    if (lua_isnoneornil(L, 2)) return 0;
    snn_npy_stream **stream = luaL_checkudata(L, 2, stream_type);
    snn_npy_stream_resume(*stream);
    return 0;
}

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
                                          { "reopen_stream", reopen_stream },
                                          { "check_room", check_room },
                                          { "store_row", store_row },
                                          { "end_store", end_store },
                                          { NULL, NULL } };
    make_type(L, log_type, log_methods, end_log);
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
