/* The updater lies in the module's links. update(...) of several modules is
   one transaction (snn_updater_update_all). */
#include "bind/learning/updatable.h"

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "util/profile.h"

static const char *const options[] = { "clear", NULL };

int snn_push_updater(lua_State *L, int index)
{
    snn_push_links(L, index);
    int type = lua_rawgeti(L, -1, SNN_LINK_UPDATER);
    lua_replace(L, -2);
    return type;
}

void snn_get_updater(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)object, (void)a;
    snn_push_updater(L, 1);
}

bool snn_may_update(const snn_object *object)
{
    return object->had_updater || object->is_scripted;
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
    snn_push_links(L, 1);
    lua_pushvalue(L, 3);
    lua_rawseti(L, -2, SNN_LINK_UPDATER);
    object->had_updater |= !lua_isnil(L, 3);
}

void snn_get_updatable(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)object, (void)a;
    lua_pushboolean(L, snn_push_updater(L, 1) != LUA_TNIL);
}

/* All updates are one row (util/profile.h). */
static snn_profile_mark measure(void)
{
    static const char key;
    return snn_profile_begin(SNN_PROFILE_UPDATE, &key, NULL, "update");
}

int snn_updatable_update(lua_State *L)
{
    snn_arg_object(L, 1, &snn_module_class, "update", "self");
    int given = snn_arg_options(L, 2, "update", options);
    bool clear = snn_option_bool(L, given, "update", "clear", true);
    snn_profile_mark mark;
    bool measures = snn_profile_on;
    if (measures) mark = measure();
    if (snn_push_updater(L, 1) != LUA_TNIL)
        snn_updater_update(L, -1, clear);
    if (measures) snn_profile_end(mark);
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
    if (snn_push_updater(L, 1) == LUA_TNIL)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "updatesome: there is no updater (connection.updater = "
                  "connection:defaultupdater())");
    snn_profile_mark mark;
    bool measures = snn_profile_on;
    if (measures) mark = measure();
    snn_updater_update_some(L, -1, 2, last, clear);
    if (measures) snn_profile_end(mark);
    return 0;
}

/* `clear`; modules of scripts' classes may know others. */
static void check_options(lua_State *L, int first, int n, int index)
{
    if (lua_isnil(L, index)) return;
    if (!lua_istable(L, index))
        snn_arg_error(L, "update", "options", "a table", index);
    for (int i = first; i < first + n; i++)
        if (snn_test_object(L, i)->is_scripted) return;
    snn_arg_options(L, index, "update", options);
}

/* Pushes the updaters of the modules; how many, or -1 when a module or an
   updater is a script's or has hooks that are not bare. */
static int push_updaters(lua_State *L, int first, int n)
{
    int count = 0;
    luaL_checkstack(L, n + 8, "update");
    for (int i = first; i < first + n; i++) {
        if (snn_test_object(L, i)->is_scripted) return -1;
        if (snn_push_updater(L, i) == LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }
        if (!snn_is_direct(snn_test_object(L, -1))) return -1;
        count++;
    }
    return count;
}

/* `clear` of the options at `given`, or of nil. */
static bool clears(lua_State *L, int given)
{
    return snn_option_bool(L, lua_isnil(L, given) ? 0 : given, "update",
                           "clear", true);
}

/* module:update(given) of the module at `index`. */
static void call_update(lua_State *L, int index, int given)
{
    if (!snn_test_object(L, index)->is_scripted) {
        if (snn_push_updater(L, index) != LUA_TNIL)
            snn_updater_update(L, -1, clears(L, given));
        return;
    }
    lua_getfield(L, index, "update");
    lua_pushvalue(L, index);
    lua_pushvalue(L, given);
    lua_call(L, 2, 0);
}

static void call_each(lua_State *L, int first, int n, int given)
{
    int top = lua_gettop(L);
    for (int i = first; i < first + n; i++) {
        call_update(L, i, given);
        lua_settop(L, top);
    }
}

/* How many of the modules have something to update. */
static int count_updated(lua_State *L, int first, int n)
{
    int count = 0, top = lua_gettop(L);
    for (int i = first; i < first + n; i++) {
        count += snn_test_object(L, i)->is_scripted ||
                 snn_push_updater(L, i) != LUA_TNIL;
        lua_settop(L, top);
    }
    return count;
}

/* (modules..., given): those of scripts' classes, or whose updaters have hooks,
   can be updated in turn only. */
static int in_turn(lua_State *L)
{
    int given = lua_gettop(L);
    call_each(L, 1, given - 1, given);
    return 0;
}

/* The same, all or none, which costs a copy of what they change:
   tools.atomic({ modules, updaters }, in_turn, ...). */
static void call_in_turn(lua_State *L, int first, int n, int given)
{
    luaL_checkstack(L, n + 8, "update");
    snn_push_tools(L);
    lua_getfield(L, -1, "atomic");
    lua_newtable(L);
    int list = lua_gettop(L);
    for (int i = 0; i < n; i++) {
        lua_pushvalue(L, first + i);
        lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
        if (snn_push_updater(L, first + i) != LUA_TNIL)
            lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
        lua_settop(L, list);
    }
    lua_pushcfunction(L, in_turn);
    for (int i = 0; i < n; i++) lua_pushvalue(L, first + i);
    lua_pushvalue(L, given);
    lua_call(L, n + 3, 0);
}

void snn_update_modules(lua_State *L, int first, int n, int given)
{
    snn_profile_mark mark;
    bool measures = snn_profile_on;
    if (measures) mark = measure();
    int top = lua_gettop(L);
    check_options(L, first, n, given);
    int updaters = push_updaters(L, first, n);
    if (updaters < 0) {
        if (count_updated(L, first, n) > 1)
            call_in_turn(L, first, n, given);
        else
            call_each(L, first, n, given);
    } else if (updaters > 0) {
        bool clear = clears(L, given);
        if (updaters == 1)
            snn_updater_update(L, top + 1, clear);
        else
            snn_updater_update_all(L, top + 1, updaters, clear);
    }
    if (measures) snn_profile_end(mark);
    lua_settop(L, top);
}
