/* What objects do as values of Lua: their fields, text and end. */
#include "bind/object/instance.h"

#include <string.h>

#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/object/assign.h"
#include "bind/object/declared.h"
#include "bind/object/rows.h"
#include "bind/object/scripted.h"
#include "bind/object/unknown.h"

enum {
    CLASS = lua_upvalueindex(SNN_UP_CLASS),
    LINE = lua_upvalueindex(SNN_UP_LINE)
};

/* The attribute of that name, or NULL. */
static const snn_attribute *find_attribute(lua_State *L, int key)
{
    lua_pushvalue(L, key);
    lua_rawget(L, lua_upvalueindex(SNN_UP_ATTRIBUTES));
    const snn_attribute *a = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return a;
}

snn_object *snn_instance_finished(lua_State *L, const char *what)
{
    snn_object *object = snn_test_object(L, 1);
    if (!object)
        snn_error(L, SNN_TYPE_ERROR, "%s: not a module", what);
    if (!snn_is_ready(object))
        snn_error(L, SNN_RUNTIME_ERROR,
                  "'%s' used before init has called the init of %s (or after "
                  "the object was deleted)",
                  what, object->cls->name);
    return object;
}

int snn_line_find(lua_State *L, int line, int key)
{
    if (key < 0 && key > LUA_REGISTRYINDEX) key = lua_absindex(L, key);
    for (lua_Integer i = 1; lua_rawgeti(L, line, i) == LUA_TTABLE; i++) {
        lua_pushvalue(L, key);
        int type = lua_rawget(L, -2);
        if (type != LUA_TNIL) {
            lua_replace(L, -2);
            return type;
        }
        lua_pop(L, 2);
    }
    return LUA_TNIL; /* the end of the list is on top */
}

bool snn_line_is_ours(lua_State *L, int line)
{
    lua_rawgeti(L, line, 0);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

bool snn_is_called_by_script(lua_State *L)
{
    lua_Debug ar;
    if (!lua_getstack(L, 1, &ar)) return false;
    lua_getinfo(L, "S", &ar);
    return *ar.what != 'C' && strncmp(ar.source, "=[snn]", 6) != 0;
}

void snn_line_offer(lua_State *L, int line, snn_nearest *search)
{
    for (lua_Integer i = 1; lua_rawgeti(L, line, i) == LUA_TTABLE; i++) {
        for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
            if (lua_type(L, -2) == LUA_TSTRING && *lua_tostring(L, -2) != '_')
                snn_nearest_offer(search, lua_tostring(L, -2));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* Is the key at 2 the name of a connection of the layer at 1? Then a wiring was
   written with a dot, and took the layer for its inputs. */
static bool is_connection(lua_State *L)
{
    lua_pushliteral(L, "named_connections");
    bool is_layer = snn_line_find(L, LINE, -1) != LUA_TNIL;
    lua_pop(L, 2);
    if (!is_layer) return false;
    snn_push_tools(L);
    lua_getfield(L, -1, "layer_get");
    lua_pushvalue(L, 1);
    lua_pushliteral(L, "connection");
    lua_pushvalue(L, 2);
    lua_call(L, 3, 1);
    bool found = !lua_isnil(L, -1);
    lua_pop(L, 3);
    return found;
}

enum { MOST_CLASSES = 8 }; /* of a class and its parents */

int snn_unknown_field(lua_State *L, const snn_object *object)
{
    const char *key = lua_tostring(L, 2);
    snn_nearest search;
    snn_nearest_init(&search, key);
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c))
        for (const snn_attribute *a = c->attributes; a && a->name; a++)
            snn_nearest_offer(&search, a->name);
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c))
        for (const snn_state_row *r = c->state; r && r->name; r++)
            snn_nearest_offer(&search, r->name);
    luaL_checkstack(L, 24, NULL);
    if (is_connection(L))
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "%s has no field '%s': a connection is layer."
                         "connections.%s, its current inputs.%s in a wiring, "
                         "which takes self first (function layer:wiring(inputs))",
                         snn_describe(L, 1), key, key, key);
    snn_line_offer(L, LINE, &search);
    const char *places[MOST_CLASSES + 1] = { NULL };
    int n = 0;
    for (const snn_class *c = object->cls; c && n < MOST_CLASSES;
         c = snn_class_parent(c))
        places[n++] = c->name;
    lua_pushfstring(L, "%s has no field '%s'", snn_describe(L, 1), key);
    return snn_unknown(L, SNN_ATTRIBUTE_ERROR, places, &search);
}

/* The function for the key at 2 in the table `of` of the class of the object at
   1: a class in Lua makes fields so, __get[name](self) and __set[name](self,
   value). Pushes it and returns true. */
static bool push_accessor(lua_State *L, const char *of)
{
    lua_pushstring(L, of);
    if (snn_line_find(L, LINE, -1) == LUA_TTABLE) {
        lua_pushvalue(L, 2);
        if (lua_gettable(L, -2) == LUA_TFUNCTION) return true;
    }
    return false;
}

/* Is the key at 2 no field that the object at 1 may have? Classes of scripts are
   open; those of the library in Lua have a table __optional of their fields
   that may be nil. */
static bool is_closed(lua_State *L)
{
    if (!snn_line_is_ours(L, LINE)) return false;
    lua_pushliteral(L, "__optional");
    bool closed = true;
    if (lua_rawget(L, CLASS) == LUA_TTABLE) {
        lua_pushvalue(L, 2);
        closed = lua_rawget(L, -2) == LUA_TNIL;
    }
    lua_settop(L, 2);
    return closed;
}

/* object[key]: an attribute, else what the script set, else the class's. An
   unknown name is an error, nil only in classes that scripts made. */
int snn_instance_index(lua_State *L)
{
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    snn_object *object = snn_instance_finished(L, key);
    const snn_attribute *a = find_attribute(L, 2);
    if (a) {
        a->get(L, object, a);
        return 1;
    }
    if (object->declared) {
        int row = snn_declared_find(L, object, 2);
        if (row >= 0) {
            snn_declared_push(L, object, row);
            return 1;
        }
    }
    if (object->cls->is_own && snn_scripted_push(L, LINE)) return 1;
    snn_push_fields(L, 1);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
    if (snn_line_find(L, LINE, 2) != LUA_TNIL) return 1;
    if (object->is_scripted && push_accessor(L, "__get")) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        return 1;
    }
    lua_settop(L, 2);
    if (lua_type(L, 2) == LUA_TSTRING && is_closed(L))
        return snn_unknown_field(L, object);
    lua_pushnil(L);
    return 1;
}

/* Keeps links.order, the names of fields that hold modules, in the order in
   which they came. */
static void note_child(lua_State *L, bool is_module)
{
    if (snn_get_link(L, 1, "order") == LUA_TNIL) {
        if (!is_module) return;
        lua_newtable(L);
        lua_pushvalue(L, -1);
        snn_set_link(L, 1, "order");
    }
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1), at = 0;
    for (lua_Integer i = 1; i <= n && !at; i++) {
        lua_rawgeti(L, -1, i);
        if (lua_rawequal(L, -1, 2)) at = i;
        lua_pop(L, 1);
    }
    if (is_module && !at) {
        lua_pushvalue(L, 2);
        lua_rawseti(L, -2, n + 1);
    } else if (!is_module && at) {
        for (; at <= n; at++) { /* the last step moves a nil down */
            lua_rawgeti(L, -1, at + 1);
            lua_rawseti(L, -2, at);
        }
    }
}

static void set_field(lua_State *L, snn_object *object)
{
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL;
    if (key) note_child(L, snn_test_object(L, 3) != NULL);
    snn_push_fields(L, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_rawset(L, -3);
    if (key && (strcmp(key, "forward") == 0 || strcmp(key, "update") == 0))
        object->is_scripted = true;
}

/* Has the script set the key at 2 already? */
static bool has_field(lua_State *L)
{
    snn_push_fields(L, 1);
    lua_pushvalue(L, 2);
    bool has = lua_rawget(L, -2) != LUA_TNIL;
    lua_settop(L, 3);
    return has;
}

int snn_instance_newindex(lua_State *L)
{
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    snn_object *object = snn_instance_finished(L, key);
    lua_settop(L, 3);
    if (lua_isnil(L, 2) || !lua_rawequal(L, 2, 2))
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: the name of a field cannot be nil or NaN",
                  object->cls->name);
    const snn_attribute *a = find_attribute(L, 2);
    bool has = !a && has_field(L);
    bool may_set = object->is_scripted && (!has || object->has_setters);
    if (may_set && push_accessor(L, "__set")) {
        lua_pushvalue(L, 1);
        lua_pushvalue(L, 3);
        lua_call(L, 2, 0);
        return 0;
    }
    lua_settop(L, 3);
    if (!a && object->declared) {
        int row = snn_declared_find(L, object, 2);
        if (row >= 0) {
            snn_declared_take(L, object, row, 3);
            return 0;
        }
    }
    bool is_new = !a && !has;
    if (is_new && object->is_scripted && push_accessor(L, "__get"))
        snn_error(L, SNN_ATTRIBUTE_ERROR, "%s: '%s' cannot be set",
                  object->cls->name, key);
    if (is_new) snn_check_assigned(L, object);
    if (!a) {
        set_field(L, object);
    } else if (a->set && !a->is_const) {
        a->set(L, object, a);
    } else {
        snn_error(L, SNN_ATTRIBUTE_ERROR, "%s: '%s' cannot be set",
                  object->cls->name, key);
    }
    return 0;
}

/* ---- text, life ---- */

/* Is the __tostring of the class a function of a script? Pushes it. */
static bool push_own_text(lua_State *L)
{
    lua_pushliteral(L, "__tostring");
    return snn_line_find(L, LINE, -1) == LUA_TFUNCTION && !lua_iscfunction(L, -1);
}

/* Is print the caller? Then the text goes to a person, maybe with colours. */
static bool is_printed(lua_State *L)
{
    lua_Debug ar;
    if (!lua_getstack(L, 1, &ar)) return false;
    lua_getinfo(L, "f", &ar);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_getfield(L, -1, LUA_GNAME);
    bool is = false;
    if (lua_istable(L, -1)) {
        lua_pushliteral(L, "print");
        lua_rawget(L, -2);
        is = lua_rawequal(L, -1, -4);
    }
    lua_settop(L, 1);
    return is;
}

/* What a script's class says, else tools.show (lua/snn/show/); of an object that is
   not made yet, or no more, its name and address. */
int snn_instance_tostring(lua_State *L)
{
    const snn_object *object = snn_test_object(L, 1);
    lua_settop(L, 1);
    if (object && snn_is_ready(object)) {
        if (object->is_scripted && push_own_text(L)) {
            lua_pushvalue(L, 1);
            lua_call(L, 1, 1);
            return snn_scripted_text(L, object);
        }
        bool printed = is_printed(L);
        snn_push_tools(L);
        lua_getfield(L, -1, "show");
        lua_pushvalue(L, 1);
        lua_pushnil(L);
        lua_pushboolean(L, printed);
        lua_call(L, 3, 1);
        return 1;
    }
    luaL_getmetafield(L, 1, "__name");
    lua_pushfstring(L, "%s: %p", lua_tostring(L, -1), lua_topointer(L, 1));
    return 1;
}

void snn_instance_release(const snn_class *cls, void *self)
{
    while (cls && !cls->free) cls = snn_class_parent(cls);
    if (cls && self) cls->free(self);
}

int snn_instance_gc(lua_State *L)
{
    snn_object *object = snn_test_object(L, 1);
    if (!object) return 0;
    void *self = object->self;
    snn_declared *declared = object->declared;
    object->self = NULL;
    object->declared = NULL;
    snn_instance_release(object->cls, self);
    snn_declared_free(declared);
    return 0;
}
