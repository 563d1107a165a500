#include "bind/object.h"

#include <string.h>

#include "bind/args.h"
#include "bind/open.h"
#include "bind/raise.h"
#include "util/nearest.h"

enum { FIELDS = 1, LINKS = 2 }; /* uservalues */

/* Keys of a class table that scripts cannot reach. */
static const char instance_key;   /* the metatable of its instances */
static const char native_key;     /* light userdata: the snn_class */
static const char attributes_key; /* name -> light userdata: snn_attribute */

static const char object_tag; /* the first word of every object */

/* ---- looking objects up ---- */

snn_object *snn_test_object(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA ||
        lua_rawlen(L, index) != sizeof(snn_object))
        return NULL;
    snn_object *object = lua_touserdata(L, index);
    return object->tag == &object_tag ? object : NULL;
}

const snn_class *snn_class_parent(const snn_class *cls)
{
    if (cls->parent || cls == &snn_module_class) return cls->parent;
    return &snn_module_class;
}

static bool is_below(const snn_class *cls, const snn_class *ancestor)
{
    for (; cls; cls = snn_class_parent(cls))
        if (cls == ancestor) return true;
    return false;
}

snn_object *snn_test_instance(lua_State *L, int index, const snn_class *cls)
{
    snn_object *object = snn_test_object(L, index);
    return object && object->self && is_below(object->cls, cls) ? object : NULL;
}

static const char *article(const snn_class *cls)
{
    return strchr("AEIOU", cls->name[0]) ? "an" : "a";
}

snn_object *snn_arg_object(lua_State *L, int index, const snn_class *cls,
                           const char *where, const char *name)
{
    snn_object *object = snn_test_object(L, index);
    if (!object || !is_below(object->cls, cls))
        snn_error(L, SNN_TYPE_ERROR, "%s: '%s' must be %s %s, got %s",
                  where, name, article(cls), cls->name,
                  snn_describe(L, index));
    if (!object->self)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: '%s' is not finished: its init has not called the "
                  "init of %s (or it was deleted)",
                  where, name, object->cls->name);
    return object;
}

void *snn_self(lua_State *L, const snn_class *cls, const char *where)
{
    return snn_arg_object(L, 1, cls, where, "self")->self;
}

snn_object *snn_init_self(lua_State *L, const snn_class *cls)
{
    snn_object *object = snn_test_object(L, 1);
    if (!object || !is_below(object->cls, cls))
        snn_error(L, SNN_TYPE_ERROR, "%s.init: 'self' must be %s %s, got %s",
                  cls->name, article(cls), cls->name, snn_describe(L, 1));
    if (object->self)
        snn_error(L, SNN_RUNTIME_ERROR, "%s.init: called twice on one object",
                  cls->name);
    if (!object->cls->init)
        snn_error(L, SNN_TYPE_ERROR, "%s: cannot be made, its subclasses can",
                  object->cls->name);
    if (cls == &snn_module_class && object->cls != cls)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s.init: this object is %s %s and needs the init of that",
                  cls->name, article(object->cls), object->cls->name);
    return object;
}

void snn_push_fields(lua_State *L, int index)
{
    lua_getiuservalue(L, index, FIELDS);
}

void snn_push_links(lua_State *L, int index)
{
    lua_getiuservalue(L, index, LINKS);
}

int snn_get_link(lua_State *L, int index, const char *key)
{
    snn_push_links(L, index);
    int type = lua_getfield(L, -1, key);
    lua_remove(L, -2);
    return type;
}

void snn_set_link(lua_State *L, int index, const char *key)
{
    index = lua_absindex(L, index);
    snn_push_links(L, index);
    lua_insert(L, -2);
    lua_setfield(L, -2, key);
    lua_pop(L, 1);
}

/* ---- fields of instances ---- */

/* The attribute of that name (upvalue 2 of the closure), or NULL. */
static const snn_attribute *find_attribute(lua_State *L, int key)
{
    lua_pushvalue(L, key);
    lua_rawget(L, lua_upvalueindex(2));
    const snn_attribute *a = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return a;
}

static snn_object *finished(lua_State *L, const char *what)
{
    snn_object *object = snn_test_object(L, 1);
    if (!object)
        snn_error(L, SNN_TYPE_ERROR, "%s: not a module", what);
    if (!object->self)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "'%s' used before init has called the init of %s (or after "
                  "the object was deleted)",
                  what, object->cls->name);
    return object;
}

static int unknown_field(lua_State *L, const snn_object *object,
                         const char *key)
{
    snn_nearest search;
    snn_nearest_init(&search, key);
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c)) {
        for (const snn_attribute *a = c->attributes; a && a->name; a++)
            snn_nearest_offer(&search, a->name);
        for (const luaL_Reg *m = c->methods; m && m->name; m++)
            snn_nearest_offer(&search, m->name);
    }
    if (search.best)
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "%s has no field '%s' (did you mean '%s'?)",
                         object->cls->name, key, search.best);
    return snn_error(L, SNN_ATTRIBUTE_ERROR, "%s has no field '%s'",
                     object->cls->name, key);
}

/* The function for the key at 2 in the table __get of the class of the object
   at 1 (upvalue 1 of the closure): a class of a script makes read-only fields
   so. Pushes it and returns true. */
static bool push_getter(lua_State *L)
{
    lua_pushliteral(L, "__get");
    if (lua_gettable(L, lua_upvalueindex(1)) == LUA_TTABLE) {
        lua_pushvalue(L, 2);
        if (lua_gettable(L, -2) == LUA_TFUNCTION) return true;
    }
    return false;
}

/* object[key]: an attribute, else what the script set, else the class's. An
   unknown name is an error, nil only in classes that scripts made. */
static int object_index(lua_State *L)
{
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    snn_object *object = finished(L, key);
    const snn_attribute *a = find_attribute(L, 2);
    if (a) {
        a->get(L, object, a);
        return 1;
    }
    lua_getiuservalue(L, 1, FIELDS);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, -2) != LUA_TNIL) return 1;
    lua_pushvalue(L, 2);
    if (lua_gettable(L, lua_upvalueindex(1)) != LUA_TNIL) return 1;
    if (object->is_scripted && push_getter(L)) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        return 1;
    }
    lua_settop(L, 2);
    if (!object->is_scripted && lua_type(L, 2) == LUA_TSTRING)
        return unknown_field(L, object, key);
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
    if (lua_type(L, 2) == LUA_TSTRING) {
        note_child(L, snn_test_object(L, 3) != NULL);
        if (strcmp(lua_tostring(L, 2), "forward") == 0)
            object->is_scripted = true;
    }
    lua_getiuservalue(L, 1, FIELDS);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_rawset(L, -3);
}

static int object_newindex(lua_State *L)
{
    const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "?";
    snn_object *object = finished(L, key);
    lua_settop(L, 3);
    if (lua_isnil(L, 2))
        snn_error(L, SNN_TYPE_ERROR, "%s: the name of a field cannot be nil",
                  object->cls->name);
    const snn_attribute *a = find_attribute(L, 2);
    if (!a && object->is_scripted && push_getter(L))
        snn_error(L, SNN_ATTRIBUTE_ERROR, "%s: '%s' cannot be set",
                  object->cls->name, key);
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

/* ---- calls ---- */

/* Stack of a hooked call: the object, its arguments as a list, the hooks of one
   place. Hooks are tables { fn = }; lists of them are replaced, never changed
   (lua/snn/module.lua), so that a hook may remove itself. */
enum { MODULE = 1, ARGUMENTS, HOOKS, RESULTS };

/* links[place] at HOOKS; returns how many hooks it has. */
static lua_Integer take_hooks(lua_State *L, const char *place)
{
    int type = snn_get_link(L, MODULE, place);
    lua_replace(L, HOOKS);
    return type == LUA_TTABLE ? (lua_Integer)lua_rawlen(L, HOOKS) : 0;
}

/* Pushes the function of hook i, the object and the arguments. */
static void push_hook(lua_State *L, lua_Integer i)
{
    lua_rawgeti(L, HOOKS, i);
    lua_getfield(L, -1, "fn");
    lua_remove(L, -2);
    lua_pushvalue(L, MODULE);
    lua_pushvalue(L, ARGUMENTS);
}

/* Runs the hooks before; a list that one returns takes the place of the
   arguments. */
static void run_before(lua_State *L)
{
    lua_Integer n = take_hooks(L, "before");
    for (lua_Integer i = 1; i <= n; i++) {
        push_hook(L, i);
        lua_call(L, 2, 1);
        if (lua_istable(L, -1))
            lua_replace(L, ARGUMENTS);
        else if (!lua_isnil(L, -1))
            snn_error(L, SNN_TYPE_ERROR,
                      "a forward pre-hook returns a list of arguments or nil, "
                      "got %s",
                      snn_describe(L, -1));
        lua_settop(L, HOOKS);
    }
}

/* Runs the hooks after on the results; what one returns, unless nil, takes
   their place. */
static void run_after(lua_State *L)
{
    lua_Integer n = take_hooks(L, "after");
    for (lua_Integer i = 1; i <= n; i++) {
        int results = lua_gettop(L) - HOOKS;
        luaL_checkstack(L, results + 8, "hooks");
        push_hook(L, i);
        for (int k = 0; k < results; k++) lua_pushvalue(L, RESULTS + k);
        lua_call(L, results + 2, LUA_MULTRET);
        if (lua_gettop(L) == HOOKS + results || lua_isnil(L, RESULTS + results)) {
            lua_settop(L, HOOKS + results);
            continue;
        }
        for (int k = 0; k < results; k++) lua_remove(L, RESULTS);
    }
}

/* The number of arguments in the list: its field n, else its length. */
static int count_arguments(lua_State *L)
{
    int is_integer = 0;
    lua_getfield(L, ARGUMENTS, "n");
    lua_Integer n = lua_tointegerx(L, -1, &is_integer);
    lua_pop(L, 1);
    if (!is_integer) n = (lua_Integer)lua_rawlen(L, ARGUMENTS);
    if (n < 0 || n > 200)
        snn_error(L, SNN_VALUE_ERROR, "a forward pre-hook returned %d arguments",
                  (int)(n < 0 ? -1 : 9999));
    return (int)n;
}

/* object(...) with hooks: before, forward, after. */
static int hooked_call(lua_State *L)
{
    int given = lua_gettop(L) - 1;
    lua_createtable(L, given, 1);
    lua_insert(L, ARGUMENTS);
    for (int i = given; i >= 1; i--) lua_rawseti(L, ARGUMENTS, i);
    lua_pushinteger(L, given);
    lua_setfield(L, ARGUMENTS, "n");
    lua_pushnil(L); /* HOOKS */
    run_before(L);
    int n = count_arguments(L);
    luaL_checkstack(L, n + 8, "hooks");
    lua_getfield(L, MODULE, "forward");
    lua_pushvalue(L, MODULE);
    for (int i = 1; i <= n; i++) lua_rawgeti(L, ARGUMENTS, i);
    lua_call(L, n + 1, LUA_MULTRET);
    run_after(L);
    return lua_gettop(L) - HOOKS;
}

/* object(...): forward, between the hooks where there are any. */
static int object_call(lua_State *L)
{
    const snn_object *object = finished(L, "call");
    if (object->has_hooks) return hooked_call(L);
    int top = lua_gettop(L);
    lua_getfield(L, 1, "forward");
    if (lua_isnil(L, -1))
        snn_error(L, SNN_RUNTIME_ERROR, "%s: forward must be implemented",
                  object->cls->name);
    lua_insert(L, 1);
    lua_call(L, top, LUA_MULTRET);
    return lua_gettop(L);
}

/* ---- texts, life ---- */

/* The class's method __tostring, else its name and address. */
static int object_tostring(lua_State *L)
{
    const snn_object *object = snn_test_object(L, 1);
    lua_settop(L, 1);
    if (object && object->self) {
        lua_pushliteral(L, "__tostring");
        if (lua_gettable(L, lua_upvalueindex(1)) == LUA_TFUNCTION) {
            lua_pushvalue(L, 1);
            lua_call(L, 1, 1);
            return 1;
        }
    }
    luaL_getmetafield(L, 1, "__name");
    lua_pushfstring(L, "%s: %p", lua_tostring(L, -1), lua_topointer(L, 1));
    return 1;
}

static int object_gc(lua_State *L)
{
    snn_object *object = snn_test_object(L, 1);
    if (!object) return 0;
    void *self = object->self;
    object->self = NULL;
    const snn_class *c = object->cls;
    while (c && !c->free) c = snn_class_parent(c);
    if (c && self) c->free(self);
    return 0;
}

/* ---- classes ---- */

void snn_push_class(lua_State *L, const snn_class *cls)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, cls);
}

const snn_class *snn_class_at(lua_State *L, int index)
{
    lua_rawgetp(L, index, &native_key);
    const snn_class *cls = lua_touserdata(L, -1);
    lua_pop(L, 1);
    return cls;
}

/* A new object of the class table at `index`; its init has not run. */
static snn_object *new_object(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    const snn_class *cls = snn_class_at(L, index);
    snn_object *object = lua_newuserdatauv(L, sizeof *object, 2);
    *object =
        (snn_object){ .tag = &object_tag, .cls = cls, .training = true };
    lua_newtable(L);
    lua_setiuservalue(L, -2, FIELDS);
    lua_newtable(L);
    lua_setiuservalue(L, -2, LINKS);
    lua_rawgetp(L, index, &instance_key);
    lua_setmetatable(L, -2);
    return object;
}

snn_object *snn_push_object(lua_State *L, const snn_class *cls)
{
    snn_push_class(L, cls);
    snn_object *object = new_object(L, -1);
    lua_remove(L, -2);
    return object;
}

/* Class(...) */
static int construct(lua_State *L)
{
    int nargs = lua_gettop(L) - 1;
    snn_object *object = new_object(L, 1);
    int self = lua_gettop(L);
    snn_push_class(L, object->cls);
    object->is_scripted = !lua_rawequal(L, 1, -1);
    if (lua_getfield(L, 1, "init") == LUA_TNIL)
        snn_error(L, SNN_TYPE_ERROR, "%s %s cannot be made by scripts",
                  article(object->cls), object->cls->name);
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

/* The metatable of the instances of the class table at `cls`, from the
   attributes on top (popped). */
static void make_instance_metatable(lua_State *L, int cls, const char *name)
{
    lua_newtable(L);
    lua_pushstring(L, name);
    lua_setfield(L, -2, "__name");
    lua_pushvalue(L, cls);
    lua_setfield(L, -2, "class");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushcfunction(L, object_gc);
    lua_setfield(L, -2, "__gc");
    lua_pushcfunction(L, object_call);
    lua_setfield(L, -2, "__call");
    static const luaL_Reg fields[] = { { "__index", object_index },
                                       { "__newindex", object_newindex },
                                       { "__tostring", object_tostring },
                                       { NULL, NULL } };
    for (const luaL_Reg *f = fields; f->name; f++) {
        lua_pushvalue(L, cls);
        lua_pushvalue(L, -3);
        lua_pushcclosure(L, f->func, 2);
        lua_setfield(L, -2, f->name);
    }
    lua_rawsetp(L, cls, &instance_key);
    lua_pop(L, 1);
}

/* The class table on top gets its metatable: calls construct, the table at
   `parent` (0: none) is where its missing fields are looked up. */
static void make_class_metatable(lua_State *L, int parent, const char *name)
{
    lua_newtable(L);
    lua_pushcfunction(L, construct);
    lua_setfield(L, -2, "__call");
    lua_pushfstring(L, "class %s", name);
    lua_setfield(L, -2, "__name");
    if (parent) {
        lua_pushvalue(L, parent);
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
    }
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
    lua_pushlightuserdata(L, (void *)(uintptr_t)cls);
    lua_rawsetp(L, table, &native_key);
    push_attributes(L, cls);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, table, &attributes_key);
    make_instance_metatable(L, table, cls->name);
    make_class_metatable(L, parent, cls->name);
    lua_pushvalue(L, table);
    lua_rawsetp(L, LUA_REGISTRYINDEX, cls);
    lua_setfield(L, snn, cls->name);
    lua_settop(L, snn);
}

/* snn.class(name [, parent]): parent defaults to Module. */
static int new_class(lua_State *L)
{
    lua_settop(L, 2);
    const char *name = snn_arg_string(L, 1, "class", "name");
    if (lua_isnil(L, 2)) {
        snn_push_class(L, &snn_module_class);
        lua_replace(L, 2);
    }
    if (!lua_istable(L, 2) ||
        lua_rawgetp(L, 2, &native_key) != LUA_TLIGHTUSERDATA)
        snn_arg_error(L, "class", "parent", "a class", 2);
    lua_newtable(L);
    lua_insert(L, 3);
    lua_rawsetp(L, 3, &native_key);
    lua_rawgetp(L, 2, &attributes_key);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, 3, &attributes_key);
    make_instance_metatable(L, 3, name);
    make_class_metatable(L, 2, name);
    return 1;
}

void snn_open_object(lua_State *L)
{
    snn_open_class(L, &snn_module_class);
    lua_pushcfunction(L, new_class);
    lua_setfield(L, -2, "class");
}
