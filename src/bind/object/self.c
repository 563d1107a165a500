/* The method that the script called is found by its function, among the
   frames that run and in the tables of methods; the receiver is named after
   its class. */
#include "bind/object/self.h"

#include <string.h>

#include "bind/object/instance.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"

/* Pushes the name of the function in the table `methods`; false, and nothing,
   when it has none there. */
static bool push_name_in(lua_State *L, int function, int methods)
{
    for (lua_pushnil(L); lua_next(L, methods); lua_pop(L, 1)) {
        if (!lua_rawequal(L, -1, function)) continue;
        lua_pop(L, 1);
        return true;
    }
    return false;
}

/* The same in the tables of all classes; `methods` is the list of them. */
static bool push_name_in_any(lua_State *L, int function, int methods)
{
    int top = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, methods); lua_settop(L, top + 1)) {
        if (!push_name_in(L, function, top + 2)) continue;
        lua_replace(L, top + 1);
        lua_settop(L, top + 1);
        return true;
    }
    return false;
}

static bool is_identifier(const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789";
    return *text && !text[strspn(text, letters)];
}

/* Replaces the value at `found` with the name of the function on top, which
   runs as `ar` says: what the script calls it, else its name in the methods. */
static void note_method(lua_State *L, const lua_Debug *ar, int methods,
                        bool has_classes, int found)
{
    int function = lua_gettop(L);
    bool is_method = has_classes ? push_name_in_any(L, function, methods)
                                 : push_name_in(L, function, methods);
    if (!is_method) return;
    if (strcmp(ar->namewhat, "field") == 0) lua_pushstring(L, ar->name);
    lua_replace(L, found);
}

/* Pushes the method that the script called: the outermost one of those that
   run, down to the script's function, else `where`. False, and nothing, when
   neither will do or an operator ran. */
static bool push_method(lua_State *L, int methods, bool has_classes,
                        const char *where)
{
    lua_Debug ar;
    bool is_operator = false, is_ours = true;
    lua_pushnil(L);
    int found = lua_gettop(L);
    for (int level = 0; is_ours && lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Snf", &ar);
        is_ours = *ar.what == 'C' || strncmp(ar.source, "=[snn]", 6) == 0;
        if (is_ours) note_method(L, &ar, methods, has_classes, found);
        is_operator |= is_ours && strcmp(ar.namewhat, "metamethod") == 0;
        lua_settop(L, found);
    }
    if (lua_isnil(L, found) && is_identifier(where)) {
        lua_pushstring(L, where);
        lua_replace(L, found);
    }
    if (lua_type(L, found) == LUA_TSTRING && !is_operator) return true;
    lua_settop(L, found - 1);
    return false;
}

/* Pushes what a script may call an object of the class: the last word of the
   class below Module that it comes from, "trainer" of STDP. */
static void push_receiver(lua_State *L, const snn_class *cls)
{
    const snn_class *parent;
    while ((parent = snn_class_parent(cls)) && parent != &snn_module_class)
        cls = parent;
    const char *word = cls->name;
    for (const char *at = word; *at; at++)
        if (*at >= 'A' && *at <= 'Z') word = at;
    lua_pushfstring(L, "%c%s", *word | 32, word + 1);
}

int snn_error_self(lua_State *L, int index, const char *where,
                   const char *wanted, const snn_class *cls)
{
    index = lua_absindex(L, index);
    luaL_checkstack(L, 24, NULL);
    lua_pushfstring(L, "%s: 'self' must be %s, got %s", where, wanted,
                    snn_describe(L, index));
    if (cls)
        snn_push_classes(L);
    else
        snn_tensor_methods(L);
    int methods = lua_gettop(L);
    if (push_method(L, methods, cls != NULL, where)) {
        if (cls)
            push_receiver(L, cls);
        else
            lua_pushliteral(L, "x");
        lua_pushfstring(L, "%s (call it as %s:%s(...))",
                        lua_tostring(L, methods - 1), lua_tostring(L, -1),
                        lua_tostring(L, -2));
    } else {
        lua_pushvalue(L, methods - 1);
    }
    return snn_error_text(L, SNN_TYPE_ERROR);
}

static int error_field(lua_State *L, const char *name)
{
    return snn_error(L, SNN_TYPE_ERROR,
                     "'%s' is a field, not a method: write it without ()", name);
}

void snn_check_called(lua_State *L)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Snf", &ar);
        bool is_call = lua_tocfunction(L, -1) == snn_instance_call;
        lua_pop(L, 1);
        if (is_call && strcmp(ar.namewhat, "method") == 0)
            error_field(L, ar.name);
        if (*ar.what != 'C') return;
    }
}

int snn_error_field(lua_State *L, const char *what)
{
    lua_Debug ar = { .namewhat = "" };
    if (lua_getstack(L, 0, &ar)) lua_getinfo(L, "n", &ar);
    if (strcmp(ar.namewhat, "method") == 0 || strcmp(ar.namewhat, "field") == 0)
        return error_field(L, ar.name);
    if (strcmp(ar.namewhat, "for iterator") == 0)
        return snn_error(L, SNN_TYPE_ERROR,
                         "%s is no iterator: for i, v in ipairs(t), or for "
                         "spikes in encoder:steps_of(x)",
                         what);
    return snn_error(L, SNN_TYPE_ERROR, "%s cannot be called; t[i] takes from it",
                     what);
}
