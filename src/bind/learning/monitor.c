/* snn.StateMonitor as trainers make it: a recorder of a unit, whose state is the
   reducer's. What rules remember beside it: bind/learning/eligibility.c. */
#include "bind/learning/eligibility.h"
#include "bind/learning/snapshots.h"
#include "bind/learning/unit.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/reducer.h"
#include "bind/tensor/tensor.h"
#include "train/trainer.h"

static const snn_class monitor_class;

/* ---- tools ---- */

/* tools.unit_monitors(unit): the names of its recorders, and of what its rule
   remembers. */
static int unit_monitors(lua_State *L)
{
    const snn_unit *unit = snn_unit_at(L);
    const snn_recorders *recorders = &unit->recorders;
    lua_createtable(L, recorders->count + SNN_ELIGS, 0);
    for (int i = 0; i < recorders->count; i++) {
        lua_pushstring(L, recorders->recorder[i].name);
        lua_rawseti(L, -2, i + 1);
    }
    for (int i = 0; unit->eligibility && i < SNN_ELIGS; i++) {
        lua_pushstring(L, unit->eligibility->side[i].name);
        lua_rawseti(L, -2, recorders->count + i + 1);
    }
    return 1;
}

/* tools.unit_monitor(unit, name): a Monitor of that name, or nil. */
static int unit_monitor(lua_State *L)
{
    snn_unit *unit = snn_unit_at(L);
    snn_recorder *recorder =
        snn_recorders_find(&unit->recorders, luaL_checkstring(L, 2));
    if (!recorder) return snn_push_eligible(L, unit, lua_tostring(L, 2));
    snn_object *object = snn_push_object(L, &monitor_class);
    lua_pushvalue(L, 1);
    snn_set_link(L, -2, "unit");
    object->self = recorder; /* held by links.unit */
    return 1;
}

/* ---- methods ---- */

static snn_recorder *recorder_at(lua_State *L, const char *where)
{
    return snn_self(L, &monitor_class, where);
}

static int monitor_peek(lua_State *L)
{
    return snn_push_latest(L, &recorder_at(L, "peek")->reducer, false);
}

/* view(time [, tolerance]): the state `time` ms ago, a number or a tensor. */
static int monitor_view(lua_State *L)
{
    snn_fail fail;
    const snn_reducer *reducer = &recorder_at(L, "view")->reducer;
    double tolerance =
        lua_isnoneornil(L, 3) ? 0 : snn_arg_number(L, 3, "view", "tolerance");
    const snn_tensor *at = snn_test_tensor(L, 2);
    double time = at ? 0 : snn_arg_number(L, 2, "view", "time");
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L,
             at ? snn_reducer_view_at(reducer, at, tolerance, NULL, &fail, out)
                : snn_reducer_view(reducer, time, tolerance, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

/* dump(): all states that are kept, newest first. */
static int monitor_dump(lua_State *L)
{
    snn_fail fail;
    const snn_reducer *reducer = &recorder_at(L, "dump")->reducer;
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L, snn_reducer_dump(reducer, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int monitor_clear(lua_State *L)
{
    snn_reducer_clear(&recorder_at(L, "clear")->reducer, false);
    return 0;
}

static const luaL_Reg monitor_methods[] = {
    { "peek", monitor_peek },
    { "view", monitor_view },
    { "dump", monitor_dump },
    { "clear", monitor_clear },
    { NULL, NULL },
};

/* ---- fields ---- */

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_recorder *recorder = object->self;
    lua_pushnumber(L, recorder->reducer.args.step_time);
}

static const snn_attribute monitor_attributes[] = {
    { .name = "registered", .get = snn_get_registered,
      .doc = "records the steps of its cell" },
    { .name = "dt", .get = get_dt, .is_const = true,
      .doc = "time between two of the values, ms" },
    { .name = NULL },
};

static const snn_class monitor_class = {
    .where = SNN_HERE,
    .name = "StateMonitor",
    .summary = "Records a state of a cell at each step; made by trainers.",
    .snapshots = &snn_recorder_snapshots,
    .methods = monitor_methods,
    .attributes = monitor_attributes,
    .state = snn_recorder_rows,
};

/* ---- opening ---- */

static const luaL_Reg tool_functions[] = {
    { "unit_monitors", unit_monitors },
    { "unit_monitor", unit_monitor },
    { NULL, NULL },
};

void snn_open_monitor(lua_State *L)
{
    snn_open_class(L, &monitor_class);
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
