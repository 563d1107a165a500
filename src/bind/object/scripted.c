/* The forward of the script runs in a composite call (atomic.c) of the object. */
#include "bind/object/scripted.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/object/atomic.h"
#include "bind/object/declared.h"
#include "bind/object/instance.h"

const char *snn_scripted_name(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "__name") == LUA_TNIL) lua_pushliteral(L, "?");
    return lua_tostring(L, -1);
}

void snn_scripted_refuse(lua_State *L, int index)
{
    const snn_object *object = snn_test_object(L, index);
    if (!object || !object->cls->is_own) return;
    const char *name = snn_scripted_name(L, index);
    snn_error(L, SNN_RUNTIME_ERROR,
              "%s: forward must be implemented: function %s:forward(...) ... end",
              name, name);
}

int snn_scripted_text(lua_State *L, const snn_object *object)
{
    size_t length;
    luaL_Buffer b;
    if (!object->cls->is_own && !object->declared) return 1;
    const char *text = luaL_tolstring(L, -1, &length);
    const char *name = snn_scripted_name(L, 1);
    size_t n = strlen(object->cls->name);
    bool is_ours = strncmp(text, object->cls->name, n) == 0 && text[n] == '(' &&
                   text[length - 1] == ')';
    if (!is_ours) return 1;
    luaL_buffinit(L, &b);
    luaL_addstring(&b, name);
    luaL_addlstring(&b, text + n, length - n - 1);
    snn_declared_text(&b, object);
    luaL_addchar(&b, ')');
    luaL_pushresult(&b);
    return 1;
}

/* The forward that the script wrote: the object's own, else its class's, whose
   line is upvalue 1 of the closure. */
static void push_written(lua_State *L)
{
    if (snn_get_field(L, 1, "forward") == LUA_TNIL) {
        lua_pop(L, 1);
        lua_pushliteral(L, "forward");
        snn_line_find(L, lua_upvalueindex(1), -1);
        lua_remove(L, -2);
    }
    if (lua_isnil(L, -1) || lua_iscfunction(L, -1)) snn_scripted_refuse(L, 1);
}

/* (object, written, inputs...): what the script's forward returns, taken. */
static int run(lua_State *L)
{
    int inputs = lua_gettop(L);
    snn_object *object = snn_test_object(L, 1);
    luaL_checkstack(L, inputs + 16, "forward");
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 1);
    for (int i = 3; i <= inputs; i++) lua_pushvalue(L, i);
    lua_call(L, inputs - 1, LUA_MULTRET);
    if (lua_gettop(L) == inputs) lua_pushnil(L);
    int results = lua_gettop(L);
    if (object->cls->family->take)
        object->cls->family->take(L, object, inputs < 3 ? 0 : 3, inputs + 1);
    lua_settop(L, results);
    return results - inputs;
}

/* Pushes a list of the object at 1 and of what lies in its engine's part that is a
   script's too: it goes back with it. */
static void push_list(lua_State *L, const snn_object *object)
{
    lua_createtable(L, 1, 0);
    lua_pushvalue(L, 1);
    lua_rawseti(L, -2, 1);
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c))
        for (const snn_attribute *a = c->attributes; a && a->name; a++) {
            if (!a->is_child) continue;
            lua_getfield(L, 1, a->name);
            const snn_object *child = snn_test_object(L, -1);
            if (child && child->is_scripted)
                lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
            else
                lua_pop(L, 1);
        }
}

static int forward(lua_State *L)
{
    enum { OURS = 5 }; /* atomic, its list, run, the object, what is written */
    const snn_object *object =
        snn_arg_object(L, 1, &snn_module_class, "forward", "self");
    int inputs = lua_gettop(L);
    if (!object->cls->is_own)
        return snn_arg_error(L, "forward", "self", "an object of the class", 1);
    luaL_checkstack(L, inputs + 16, "forward");
    if (object->cls->family->check) object->cls->family->check(L, object);
    lua_settop(L, inputs);
    lua_pushcfunction(L, snn_atomic);
    push_list(L, object);
    lua_pushcfunction(L, run);
    lua_pushvalue(L, 1);
    push_written(L);
    lua_replace(L, 1);
    lua_rotate(L, 1, OURS - 1);
    lua_call(L, inputs + OURS - 2, LUA_MULTRET);
    return lua_gettop(L);
}

void snn_scripted_push_forward(lua_State *L, int line)
{
    lua_pushvalue(L, line);
    lua_pushcclosure(L, forward, 1);
}

bool snn_scripted_push(lua_State *L, int line)
{
    if (lua_type(L, 2) != LUA_TSTRING || strcmp(lua_tostring(L, 2), "forward") != 0)
        return false;
    snn_scripted_push_forward(L, line);
    return true;
}
