/* Marks of monitors (bind/object/marks.h) for lua/snn/monitor.lua: of a reducer,
   a log, events and a count of observations. A call makes one observation; where a
   monitor makes several, or is cleared meanwhile, they stay, as all does that is
   not one step (layer/step.h). Rows in a file stay too. */
#include <lauxlib.h>

#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/lua/weak.h"
#include "bind/models/event_log.h"
#include "bind/models/reducer.h"
#include "bind/object/marks.h"
#include "observe/log.h"
#include "observe/snapshot.h"

typedef struct monitor_mark {
    snn_mark base;
    snn_reducer *reducer; /* or NULL */
    snn_reducer_mark before;
    snn_log *log; /* or NULL */
    uint64_t pushes;
    snn_spike_log **events; /* or NULL; *events NULL: no state yet */
    int64_t steps;
    lua_Integer seen;
} monitor_mark;

static const char mark_type[] = "snn.Mark";
static const char states_key; /* registry: mark -> state of the monitor, weak */

/* state.seen = what it was: its place is there. */
static void restore_seen(lua_State *L, const monitor_mark *mark)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &states_key);
    if (lua_rawgetp(L, -1, mark) == LUA_TTABLE) {
        lua_pushliteral(L, "seen");
        lua_pushinteger(L, mark->seen);
        lua_rawset(L, -3);
    }
    lua_pop(L, 2);
}

static void drop(monitor_mark *mark)
{
    if (mark->reducer) snn_reducer_mark_drop(&mark->before);
}

static void end(lua_State *L, snn_mark *base, bool undo)
{
    monitor_mark *mark = (monitor_mark *)base;
    if (!undo) {
        drop(mark);
        return;
    }
    if (mark->reducer) snn_reducer_mark_undo(mark->reducer, &mark->before);
    if (mark->log && mark->log->pushes == mark->pushes + 1)
        snn_log_undo(mark->log);
    if (mark->events && *mark->events && (*mark->events)->steps == mark->steps + 1)
        snn_spike_log_undo(*mark->events);
    restore_seen(L, mark);
}

/* new_mark(state): for the state of one monitor. */
static int new_mark(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    monitor_mark *mark = lua_newuserdatauv(L, sizeof *mark, 3);
    *mark = (monitor_mark){ .base = { .end = end } };
    luaL_setmetatable(L, mark_type);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &states_key);
    lua_pushvalue(L, 1);
    lua_rawsetp(L, -2, mark);
    lua_pop(L, 1);
    return 1;
}

/* take_mark(mark, seen, reducer, log, events): before an observation. */
static int take_mark(lua_State *L)
{
    enum { MARK = 1, SEEN, REDUCER, LOG, EVENTS };
    snn_fail fail;
    monitor_mark *mark = luaL_checkudata(L, MARK, mark_type);
    if (!snn_mark_is_wanted(&mark->base)) return 0;
    lua_settop(L, EVENTS);
    const snn_object *reducer =
        snn_test_instance(L, REDUCER, &snn_reducer_class);
    mark->reducer = reducer ? reducer->self : NULL;
    mark->log = luaL_testudata(L, LOG, "snn.Log");
    mark->pushes = mark->log ? mark->log->pushes : 0;
    mark->seen = lua_tointeger(L, SEEN);
    mark->events = luaL_testudata(L, EVENTS, snn_event_log_type);
    mark->steps = mark->events && *mark->events ? (*mark->events)->steps : 0;
    if (mark->reducer)
        snn_must(L, snn_reducer_mark_take(mark->reducer, &mark->before, &fail),
                 &fail);
    lua_setiuservalue(L, MARK, 3); /* these live as long */
    lua_setiuservalue(L, MARK, 2);
    lua_setiuservalue(L, MARK, 1);
    snn_mark_take(&mark->base);
    return 0;
}

/* Of a monitor that nobody holds any more. */
static int forget(lua_State *L)
{
    monitor_mark *mark = luaL_checkudata(L, 1, mark_type);
    if (!mark->base.call) return 0;
    snn_mark_forget(&mark->base);
    drop(mark);
    return 0;
}

void snn_open_mark(lua_State *L)
{
    static const luaL_Reg functions[] = { { "new_mark", new_mark },
                                          { "take_mark", take_mark },
                                          { NULL, NULL } };
    luaL_newmetatable(L, mark_type);
    lua_pushcfunction(L, forget);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    snn_push_weak(L, "v");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &states_key);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
