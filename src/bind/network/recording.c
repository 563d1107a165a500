/* What Lua records of the cells of a step: monitors of scripts, and rules of
   trainers that remember pairs where there are no events of them. */
#include "bind/learning/unit.h"
#include "bind/lua/callback.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/network/running.h"
#include "train/trainer.h"

static bool has_followers(const snn_cell *cell)
{
    return cell->is_followed && !snn_eligibility_has_events(cell->connection);
}

/* The frame of the protected calls. */
enum { SELF = 1, RUN, MEMBERS, LIST };

/* Cells that are collected into the list on top: scripts may change the layer
   while it is gone through. */
typedef struct collecting {
    lua_State *L;
    lua_Integer count;
    bool (*is_wanted)(const snn_cell *cell);
} collecting;

static snn_status collect(void *context, snn_cell *cell, snn_fail *fail)
{
    collecting *c = context;
    (void)fail;
    if (!c->is_wanted(cell)) return SNN_OK;
    lua_rawgetp(c->L, MEMBERS, cell->owner);
    lua_rawseti(c->L, LIST, ++c->count);
    return SNN_OK;
}

static bool is_monitored(const snn_cell *cell) { return cell->is_monitored; }

static bool is_followed(const snn_cell *cell)
{
    return *cell->is_active && has_followers(cell);
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
    collecting c = { .L = L, .is_wanted = is_monitored };
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

/* Are there monitors, or rules in Lua, of one of the cells that may run? */
static void see(const snn_cell *cell, bool *monitored, bool *followed)
{
    *monitored |= cell->is_monitored;
    *followed |= has_followers(cell);
}

snn_status snn_run_begin(void *context, snn_step *step, snn_fail *fail)
{
    snn_run *run = context;
    bool monitored = false, followed = false;
    for (int i = 0; i < step->connections; i++)
        for (const snn_cell *cell = step->connection[i].part->cells; cell;
             cell = cell->next_of)
            see(cell, &monitored, &followed);
    if (run->calls.follow)
        for (const snn_cell *cell = step->layer->first; cell; cell = cell->next)
            see(cell, &monitored, &followed);
    step->is_scripted = monitored || followed;
    step->is_followed = followed;
    return monitored ? call(run, begin, fail) : SNN_OK;
}

/* ---- after ---- */

static void list_cells(lua_State *L, bool (*is_wanted)(const snn_cell *))
{
    const snn_run *run = lua_touserdata(L, RUN);
    collecting c = { .L = L, .is_wanted = is_wanted };
    lua_newtable(L);
    snn_step_each_cell(&run->step, collect, &c, NULL);
}

static int record(lua_State *L)
{
    list_cells(L, is_monitored);
    call_each(L, "end_cell");
    return 0;
}

snn_status snn_run_record(void *context, snn_step *step, snn_fail *fail)
{
    (void)step;
    return call(context, record, fail);
}

/* tools.follow_unit(unit) of each unit of the cell on top whose rule records a
   step in Lua. */
static void remember_cell(lua_State *L)
{
    int cell = lua_gettop(L);
    if (snn_get_link(L, cell, "units") != LUA_TTABLE) {
        lua_settop(L, cell - 1);
        return;
    }
    for (lua_pushnil(L); lua_next(L, cell + 1);) {
        const snn_object *object = snn_test_instance(L, -1, &snn_unit_class);
        const snn_unit *unit = object ? object->self : NULL;
        if (unit && snn_unit_is_active(unit) && snn_unit_follows(unit))
            call_tool(L, "follow_unit");
        else
            lua_pop(L, 1);
    }
    lua_settop(L, cell - 1);
}

static int remember(lua_State *L)
{
    list_cells(L, is_followed);
    lua_Integer n = (lua_Integer)lua_rawlen(L, LIST);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, LIST, i);
        remember_cell(L);
    }
    return 0;
}

snn_status snn_run_remember(void *context, snn_step *step, snn_fail *fail)
{
    (void)step;
    return call(context, remember, fail);
}
