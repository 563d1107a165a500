#include "bind/updatable.h"

#include "bind/args.h"
#include "bind/raise.h"

static const char *const options[] = { "clear", NULL };

void snn_get_updater(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)object;
    snn_get_link(L, 1, a->name);
}

void snn_set_updater(lua_State *L, snn_object *object, const snn_attribute *a)
{
    if (!lua_isnil(L, 3)) {
        snn_arg_object(L, 3, &snn_updater_class, object->cls->name, a->name);
        snn_get_link(L, 3, "parent");
        if (!lua_rawequal(L, -1, 1))
            snn_error(L, SNN_VALUE_ERROR,
                      "%s: '%s' was made for another module",
                      object->cls->name, a->name);
    }
    lua_pushvalue(L, 3);
    snn_set_link(L, 1, a->name);
}

void snn_get_updatable(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)object, (void)a;
    lua_pushboolean(L, snn_get_link(L, 1, "updater") != LUA_TNIL);
}

int snn_updatable_update(lua_State *L)
{
    snn_arg_object(L, 1, &snn_module_class, "update", "self");
    int given = snn_arg_options(L, 2, "update", options);
    bool clear = snn_option_bool(L, given, "update", "clear", true);
    if (snn_get_link(L, 1, "updater") != LUA_TNIL)
        snn_updater_update(L, -1, clear);
    return 0;
}

int snn_updatable_update_some(lua_State *L)
{
    static const char *const where = "updatesome";
    snn_arg_object(L, 1, &snn_module_class, where, "self");
    int last = lua_gettop(L);
    bool clear = true;
    if (last > 1 && lua_istable(L, last)) {
        int given = snn_arg_options(L, last, where, options);
        clear = snn_option_bool(L, given, where, "clear", true);
        last--;
    }
    if (snn_get_link(L, 1, "updater") == LUA_TNIL)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "updatesome: there is no updater (connection.updater = "
                  "connection:defaultupdater())");
    snn_updater_update_some(L, -1, 2, last, clear);
    return 0;
}
