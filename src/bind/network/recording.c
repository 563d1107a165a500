/* What Lua records of the cells of a step: monitors of scripts. */
#include "bind/lua/callback.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/network/running.h"

/* The frame of the protected calls. */
enum { SELF = 1, RUN, MEMBERS, LIST };

/* Monitored cells that are collected into the list on top: scripts may change the layer
   while it is gone through. */
typedef struct collecting {
    lua_State *L;
    lua_Integer count;
} collecting;

static snn_status collect(void *context, snn_cell *cell, snn_fail *fail)
{
    collecting *c = context;
    (void)fail;
    if (!cell->is_monitored) return SNN_OK;
    lua_rawgetp(c->L, MEMBERS, cell->owner);
    lua_rawseti(c->L, LIST, ++c->count);
    return SNN_OK;
}

/* tools[name](value at the top, popped) */
static void call_tool(lua_State *L, const char *name)
{
    snn_push_tools(L);
    lua_getfield(L, -1, name);
    lua_replace(L, -2);
    lua_insert(L, -2);
    lua_call(L, 1, 0);
}

static void call_each(lua_State *L, const char *name)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, LIST);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, LIST, i);
        call_tool(L, name);
    }
}

/* Runs fn in a protected call with the frame above. */
static snn_status call(snn_run *run, lua_CFunction fn, snn_fail *fail)
{
    lua_State *L = run->L;
    if (!lua_checkstack(L, SNN_RUN_ROOM))
        return snn_fail_memory(fail, "forward", SNN_RUN_ROOM * sizeof(void *));
    lua_pushcfunction(L, fn);
    lua_pushvalue(L, SNN_RUN_SELF);
    lua_pushlightuserdata(L, run);
    lua_pushvalue(L, SNN_RUN_MEMBERS);
    return snn_callback(L, LIST - 1, 0, fail);
}

/* ---- before ---- */

/* The cells that may run: those of the connections of the step, or, where a
   second stage brings others, all. */
static int begin(lua_State *L)
{
    const snn_run *run = lua_touserdata(L, RUN);
    const snn_step *step = &run->step;
    collecting c = { .L = L };
    lua_newtable(L);
    if (run->calls.follow) {
        for (snn_cell *cell = step->layer->first; cell; cell = cell->next)
            collect(&c, cell, NULL);
    } else {
        for (int i = 0; i < step->connections; i++)
            for (snn_cell *cell = step->connection[i].part->cells; cell;
                 cell = cell->next_of)
                collect(&c, cell, NULL);
    }
    call_each(L, "begin_cell");
    return 0;
}

/* Are there monitors of one of the cells that may run? */
snn_status snn_run_begin(void *context, snn_step *step, snn_fail *fail)
{
    snn_run *run = context;
    bool monitored = false;
    for (int i = 0; i < step->connections; i++)
        for (const snn_cell *cell = step->connection[i].part->cells; cell;
             cell = cell->next_of)
            monitored |= cell->is_monitored;
    if (run->calls.follow)
        for (const snn_cell *cell = step->layer->first; cell; cell = cell->next)
            monitored |= cell->is_monitored;
    step->is_scripted = monitored;
    return monitored ? call(run, begin, fail) : SNN_OK;
}

/* ---- after ---- */

static int record(lua_State *L)
{
    const snn_run *run = lua_touserdata(L, RUN);
    collecting c = { .L = L };
    lua_newtable(L);
    snn_step_each_cell(&run->step, collect, &c, NULL);
    call_each(L, "end_cell");
    return 0;
}

snn_status snn_run_record(void *context, snn_step *step, snn_fail *fail)
{
    (void)step;
    return call(context, record, fail);
}
