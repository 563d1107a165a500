/* A unit records between start_unit and drop_unit: these, and clear_units, cannot
   fail, so that they end calls that change all or nothing. */
#include "bind/learning/unit.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "train/trainer.h"
#include "util/number.h"

/* Steps pass the unit by. */
static void stop(snn_unit *unit)
{
    snn_observer_leave(&unit->observer);
}

/* tools.start_unit(unit, result): it records while its trainer is in training
   mode; returns the result. */
static int start_unit(lua_State *L)
{
    snn_unit *unit = snn_unit_at(L);
    lua_settop(L, 2);
    snn_get_link(L, 1, "trainer"); /* holds it */
    snn_unit_join(unit, &snn_test_object(L, -1)->training);
    lua_settop(L, 2);
    return 1;
}

/* tools.drop_unit(unit): it records no more. */
static int drop_unit(lua_State *L)
{
    stop(snn_unit_at(L));
    return 0;
}

/* tools.clear_units(map): all units in it forget what they recorded. */
static int clear_units(lua_State *L)
{
    for (lua_pushnil(L); lua_next(L, 1); lua_pop(L, 1)) {
        const snn_object *unit = snn_test_instance(L, -1, &snn_unit_class);
        if (unit) snn_unit_clear(unit->self);
    }
    return 0;
}

/* ---- what is saved of a unit beside its states ---- */

/* tools.unit_step_time(unit): of the steps that its recorders count, ms */
static int unit_step_time(lua_State *L)
{
    lua_pushnumber(L, snn_unit_at(L)->step_time);
    return 1;
}

/* tools.set_unit_step_time(unit, step_time): before what the unit has recorded is
   loaded, of which nothing is told here. */
static int set_unit_step_time(lua_State *L)
{
    snn_fail fail;
    snn_unit *unit = snn_unit_at(L);
    double step_time = snn_arg_number(L, 2, "load", "step_time");
    if (!(step_time > 0 && step_time < 1e300))
        snn_error(L, SNN_VALUE_ERROR,
                  "load: 'step_time' must be greater than 0, got %s",
                  snn_real(step_time).text);
    if (step_time == unit->step_time) return 0;
    snn_told told = unit->recorders.told;
    unit->recorders.told = ~(snn_told)0;
    snn_status status = snn_recorders_set_step(
        &unit->recorders, step_time, unit->model->name, &fail);
    unit->recorders.told = told;
    snn_must(L, status, &fail);
    unit->step_time = step_time;
    return 0;
}

void snn_open_units(lua_State *L)
{
    static const luaL_Reg functions[] = { { "start_unit", start_unit },
                                          { "drop_unit", drop_unit },
                                          { "clear_units", clear_units },
                                          { "unit_step_time", unit_step_time },
                                          { "set_unit_step_time", set_unit_step_time },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
