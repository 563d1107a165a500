/* Classes: those of the library and those that scripts make. A class is a table
   whose missing fields are looked up in its parent; calling it makes an
   instance and runs init. */
#include <limits.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/object/arguments.h"
#include "bind/object/assign.h"
#include "bind/object/declared.h"
#include "bind/object/instance.h"
#include "bind/object/reopen.h"
#include "bind/object/rows.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/lua/weak.h"

/* Registry: class table -> its record, which scripts cannot reach. */
static const char classes_key;
enum {
    INSTANCE = 1, /* the metatable of its instances */
    NATIVE,       /* light userdata: the snn_class */
    ATTRIBUTES,   /* name -> light userdata: snn_attribute */
    LINE          /* its table and those above (instance.h) */
};

void snn_push_class(lua_State *L, const snn_class *cls)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, cls);
}

void snn_push_classes(lua_State *L)
{
    lua_newtable(L);
    int list = lua_gettop(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &classes_key);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
    }
    lua_settop(L, list);
}

/* Pushes the part of the record of the class table at `index`: nil when that is
   no class. */
static void push_part(lua_State *L, int index, int part)
{
    index = lua_absindex(L, index);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &classes_key);
    lua_pushvalue(L, index);
    if (lua_rawget(L, -2) == LUA_TTABLE) {
        lua_rawgeti(L, -1, part);
        lua_remove(L, -2);
    }
    lua_remove(L, -2);
}

const snn_class *snn_class_at(lua_State *L, int index)
{
    push_part(L, index, NATIVE);
    const snn_class *cls = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return cls;
}

/* A new object of the class table at `index`; its init has not run. */
static snn_object *new_object(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    const snn_class *cls = snn_class_at(L, index);
    snn_object *object = snn_instance_new(L, cls);
    push_part(L, index, INSTANCE);
    lua_setmetatable(L, -2);
    object->has_setters = lua_getfield(L, index, "__set") != LUA_TNIL;
    lua_pop(L, 1);
    return object;
}

snn_object *snn_push_object(lua_State *L, const snn_class *cls)
{
    snn_push_class(L, cls);
    snn_object *object = new_object(L, -1);
    lua_remove(L, -2);
    return object;
}

/* How many arguments a constructor takes: init is on top. */
static int most_arguments(lua_State *L, const snn_class *cls)
{
    lua_Debug ar;
    if (!cls->init) return INT_MAX; /* refuses whatever comes */
    if (lua_iscfunction(L, -1)) return cls->takes_nothing ? 0 : 1;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">u", &ar);
    return ar.isvararg ? INT_MAX : ar.nparams - 1;
}

/* Of the library's classes at 1; init is on top. */
static void check_count(lua_State *L, const snn_object *object, int nargs)
{
    push_part(L, 1, LINE);
    bool is_ours = snn_line_is_ours(L, -1);
    lua_pop(L, 1);
    int most = is_ours ? most_arguments(L, object->cls) : nargs;
    if (nargs <= most) return;
    luaL_getmetafield(L, 1, "__name"); /* "class LIF" */
    const char *name = lua_tostring(L, -1) + strlen("class ");
    if (most == 1 && !lua_istable(L, 2)) /* f(a, b) of who expects positions */
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: arguments come in one table of names, %s{ name = value, "
                  "... }, got %s", name, name, snn_describe(L, 2));
    snn_check_surplus(L, name, 1 + most, 1 + nargs, 1);
    lua_pop(L, 1);
}

/* Class(...) */
static int construct(lua_State *L)
{
    int nargs = lua_gettop(L) - 1;
    if (!snn_class_at(L, 1)) snn_arg_error(L, "new", "class", "a class", 1);
    snn_object *object = new_object(L, 1);
    int self = lua_gettop(L);
    snn_push_class(L, object->cls);
    object->is_scripted = !lua_rawequal(L, 1, -1);
    int type = lua_getfield(L, 1, "init");
    if (type == LUA_TNIL)
        snn_error(L, SNN_TYPE_ERROR, "%s %s cannot be made by scripts",
                  snn_class_article(object->cls), object->cls->name);
    if (type != LUA_TFUNCTION)
        snn_arg_error(L, object->cls->name, "init", "a function", -1);
    if (nargs > 0) check_count(L, object, nargs);
    if (object->is_scripted) {
        lua_pushvalue(L, self);
        snn_declare(L, object, 1);
        lua_pop(L, 1);
    }
    lua_pushvalue(L, self);
    luaL_checkstack(L, nargs, NULL);
    for (int i = 1; i <= nargs; i++) lua_pushvalue(L, 1 + i);
    lua_call(L, nargs + 1, 0);
    if (!object->self)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "init has not called the init of its parent %s",
                  object->cls->name);
    lua_settop(L, self);
    return 1;
}

/* Pushes the line of the class table at `cls`, below that at `parent` (0: none). */
static void push_line(lua_State *L, int cls, int parent)
{
    lua_newtable(L);
    lua_pushvalue(L, cls);
    lua_rawseti(L, -2, 1);
    if (!parent) return;
    push_part(L, parent, LINE);
    lua_Integer i = 1;
    for (; lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) lua_rawseti(L, -3, i + 1);
    lua_pop(L, 2);
}

/* The metatable of the instances of the class table at `cls`, from the
   attributes and the line on top (popped). */
static void push_instance_metatable(lua_State *L, int cls, const char *name)
{
    lua_newtable(L);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushvalue(L, cls);
    lua_setfield(L, -2, "class");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushcfunction(L, snn_instance_gc);
    lua_setfield(L, -2, "__gc");
    static const luaL_Reg fields[] = { { "__call", snn_instance_call },
                                       { "__index", snn_instance_index },
                                       { "__newindex", snn_instance_newindex },
                                       { "__tostring", snn_instance_tostring },
                                       { NULL, NULL } };
    for (const luaL_Reg *f = fields; f->name; f++) {
        lua_pushvalue(L, cls);
        lua_pushvalue(L, -4);
        lua_pushvalue(L, -4);
        lua_pushliteral(L, "forward");
        lua_pushcclosure(L, f->func, SNN_UPVALUES);
        lua_setfield(L, -2, f->name);
    }
    lua_replace(L, -3);
    lua_pop(L, 1);
}

/* Makes the table at `cls` a class below that at `parent` (0: none), with the
   attributes on top (popped). */
static void make_record(lua_State *L, int cls, int parent,
                        const snn_class *native, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &classes_key);
    lua_insert(L, -2);
    lua_createtable(L, LINE, 0);
    lua_insert(L, -2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, ATTRIBUTES);
    push_line(L, cls, parent);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -4, LINE);
    push_instance_metatable(L, cls, name);
    lua_rawseti(L, -2, INSTANCE);
    lua_pushlightuserdata(L, (void *)(uintptr_t)native);
    lua_rawseti(L, -2, NATIVE);
    lua_pushvalue(L, cls);
    lua_insert(L, -2);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* Pushes the __index of a class below that at `parent`. */
static void push_above(lua_State *L, int parent)
{
    push_part(L, parent, LINE);
    if (snn_line_is_ours(L, -1)) {
        lua_pushcclosure(L, snn_class_index_open, 1);
    } else {
        lua_pop(L, 1);
        lua_pushvalue(L, parent);
    }
}

/* The class table on top gets its metatable: calls construct, the table at
   `parent` (0: none) is where its missing fields are looked up: of a script's
   right below one of the library's with no word of those that are not there. */
static void make_class_metatable(lua_State *L, int parent, const char *name)
{
    lua_newtable(L);
    lua_pushcfunction(L, construct);
    lua_setfield(L, -2, "__call");
    lua_pushfstring(L, "class %s", name);
    lua_setfield(L, -2, "__name");
    if (parent) {
        lua_pushvalue(L, parent);
        lua_setfield(L, -2, "parent");
        push_above(L, parent);
        lua_setfield(L, -2, "__index");
    }
    lua_setmetatable(L, -2);
}

/* Pushes a table of all attributes of a class and of its parents. */
static void push_attributes(lua_State *L, const snn_class *cls)
{
    lua_newtable(L);
    for (const snn_class *c = cls; c; c = snn_class_parent(c)) {
        for (const snn_attribute *a = c->attributes; a && a->name; a++) {
            if (lua_getfield(L, -1, a->name) == LUA_TNIL) {
                lua_pushlightuserdata(L, (void *)(uintptr_t)a);
                lua_setfield(L, -3, a->name);
            }
            lua_pop(L, 1);
        }
        snn_add_rows(L, c);
    }
}

/* What the attribute on top is, as a table in its place. */
static void describe_attribute(lua_State *L)
{
    const snn_attribute *a = lua_touserdata(L, -1);
    lua_createtable(L, 0, 3);
    lua_pushstring(L, a->name);
    lua_setfield(L, -2, "name");
    lua_pushstring(L, a->doc);
    lua_setfield(L, -2, "doc");
    lua_pushboolean(L, a->is_const || !a->set);
    lua_setfield(L, -2, "fixed");
    lua_remove(L, -2);
}

void snn_push_attribute_list(lua_State *L, int index)
{
    lua_newtable(L);
    int list = lua_gettop(L);
    push_part(L, index, ATTRIBUTES);
    for (lua_pushnil(L); lua_next(L, -2);) {
        describe_attribute(L);
        lua_rawseti(L, list, (lua_Integer)lua_rawlen(L, list) + 1);
    }
    lua_settop(L, list);
}

void snn_open_class(lua_State *L, const snn_class *cls)
{
    int snn = lua_gettop(L), parent = 0;
    if (cls != &snn_module_class) {
        snn_push_class(L, snn_class_parent(cls));
        parent = lua_gettop(L);
    }
    lua_newtable(L);
    int table = lua_gettop(L);
    if (cls->methods) luaL_setfuncs(L, cls->methods, 0);
    if (cls->init) {
        lua_pushcfunction(L, cls->init);
        lua_setfield(L, table, "init");
    }
    if (cls->state) {
        snn_push_rows_list(L, cls);
        lua_setfield(L, table, "state");
    }
    if (cls->where) {
        lua_pushstring(L, cls->where);
        lua_setfield(L, table, "__where");
    }
    push_attributes(L, cls);
    make_record(L, table, parent, cls, cls->name);
    make_class_metatable(L, parent, cls->name);
    lua_pushvalue(L, table);
    lua_rawsetp(L, LUA_REGISTRYINDEX, cls);
    lua_setfield(L, snn, cls->name);
    lua_settop(L, snn);
}

/* What lua/snn/class.lua does with the class on top. */
static void dress(lua_State *L)
{
    int cls = lua_gettop(L);
    snn_push_tools(L);
    if (lua_getfield(L, -1, "new_class") == LUA_TFUNCTION) { /* it is loaded */
        lua_pushvalue(L, cls);
        lua_call(L, 1, 0);
    }
    lua_settop(L, cls);
}

/* snn.class(name [, parent]): parent defaults to Module. */
static int new_class(lua_State *L)
{
    lua_settop(L, 2);
    const char *name = snn_arg_string(L, 1, "class", "name");
    name = snn_push_plain(L, name, lua_rawlen(L, 1)); /* for tostring */
    lua_replace(L, 1);
    if (lua_isnil(L, 2)) {
        snn_push_class(L, &snn_module_class);
        lua_replace(L, 2);
    }
    const snn_class *native = snn_class_at(L, 2);
    if (!native) snn_arg_error(L, "class", "parent", "a class", 2);
    if (snn_class_reopen(L)) return 1;
    lua_newtable(L);
    if (native->own) {
        native = native->own;
        push_attributes(L, native);
    } else {
        push_part(L, 2, ATTRIBUTES);
    }
    make_record(L, 3, 2, native, name);
    make_class_metatable(L, 2, name);
    dress(L);
    snn_class_remember(L);
    return 1;
}

/* The class table on top and its line below it, which is the library's now. */
static void close_class(lua_State *L)
{
    lua_pushboolean(L, 1);
    lua_rawseti(L, -3, 0);
    lua_getmetatable(L, -1);
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, snn_class_index, 1);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, -3);
    lua_pushcclosure(L, snn_class_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    lua_pop(L, 1);
}

void snn_close_classes(lua_State *L)
{
    snn_push_classes(L);
    int list = lua_gettop(L);
    for (lua_Integer i = 1; lua_rawgeti(L, list, i) == LUA_TTABLE; i++) {
        push_part(L, -1, LINE);
        lua_insert(L, -2);
        close_class(L);
        lua_settop(L, list);
    }
    lua_settop(L, list - 1);
}

/* ---- tools, for copies (lua/snn/copy.lua) ---- */

/* Pushes the class table of the object at 1. */
static void push_class_of(lua_State *L)
{
    if (!snn_test_object(L, 1)) luaL_argerror(L, 1, "no module");
    luaL_getmetafield(L, 1, "class");
}

/* tools.class_line(object): a list of its class and those above. */
static int class_line(lua_State *L)
{
    lua_settop(L, 1);
    push_class_of(L);
    push_part(L, -1, LINE);
    int line = lua_gettop(L);
    lua_newtable(L);
    for (lua_Integer i = 1; lua_rawgeti(L, line, i) == LUA_TTABLE; i++)
        lua_rawseti(L, line + 1, i);
    lua_settop(L, line + 1);
    return 1;
}

/* tools.blank(object): a new one of its class, of which no init has run. */
static int blank(lua_State *L)
{
    lua_settop(L, 1);
    push_class_of(L);
    int cls = lua_gettop(L);
    snn_object *object = new_object(L, cls);
    snn_push_class(L, object->cls);
    object->is_scripted = !lua_rawequal(L, cls, -1);
    lua_pop(L, 1);
    if (object->is_scripted) snn_declare(L, object, cls);
    lua_settop(L, cls + 1);
    return 1;
}

/* tools.arguments_of(object): those of its class in C, as a list, or nil. */
static int arguments_of(lua_State *L)
{
    const snn_object *object = snn_test_object(L, 1);
    if (!object) luaL_argerror(L, 1, "no module");
    snn_push_arguments(L, object);
    return 1;
}

static const luaL_Reg tool_functions[] = { { "arguments_of", arguments_of },
                                           { "blank", blank },
                                           { "class_line", class_line },
                                           { NULL, NULL } };

void snn_open_object(lua_State *L)
{
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
    snn_push_weak(L, "k");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &classes_key);
    snn_open_class(L, &snn_module_class);
    lua_pushcfunction(L, new_class);
    lua_setfield(L, -2, "class");
}
