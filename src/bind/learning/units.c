/* A unit records between start_unit and drop_unit: these, and clear_units, cannot
   fail, so that they end calls that change all or nothing. */

#include "bind/learning/unit.h"
#include "bind/lua/open.h"
#include "bind/lua/tools.h"
#include "train/trainer.h"

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

void snn_open_units(lua_State *L)
{
    static const luaL_Reg functions[] = { { "start_unit", start_unit },
                                          { "drop_unit", drop_unit },
                                          { "clear_units", clear_units },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
