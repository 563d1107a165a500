/* Calls of which a failure changes nothing, for composite functions in Lua: they
   name what they are going to change, and change it in a function that may fail
   anywhere, at any instruction (count hooks, Ctrl-C) and for want of memory.
   Going back is done here, where no hook runs and nothing is allocated.

   Who calls tools.atomic returns what it returns, as a tail call: then no
   instruction of Lua is left that could fail after all is done. */
#include "bind/object/atomic.h"

#include <stddef.h>

#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/object/declared.h"
#include "bind/object/instance.h"

/* An object as it was before the call. */
typedef struct kept {
    snn_object *object;
    snn_object then;
    const snn_snapshots *how; /* NULL: its class keeps nothing */
    void *snapshot;
    snn_states *states; /* of those that its class declares; NULL: none */
} kept;

/* Stack of a call; the function and its arguments follow. `OLD` holds at i what
   entry i of the list needs to go back in Lua: the entries of a table; for an
   object that was not finished new tables for its fields and links. */
enum { LIST = 1, BLOCK, OLD, FUNCTION };

static int depth;

int snn_atomic_depth(void) { return depth; }

static const snn_snapshots *snapshots_of(const snn_object *object)
{
    const snn_class *cls = object->cls;
    if (!object->self) return NULL;
    while (cls && !cls->snapshots) cls = snn_class_parent(cls);
    return cls ? cls->snapshots : NULL;
}

static size_t padded(size_t bytes)
{
    const size_t unit = sizeof(max_align_t);
    return (bytes + unit - 1) / unit * unit;
}

/* Pushes a block with a `kept` for each object of the list and room for its
   snapshot; returns how many there are. */
static int push_block(lua_State *L, lua_Integer n, kept **out)
{
    int count = 0;
    size_t bytes = 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, LIST, i);
        const snn_object *object = snn_test_object(L, -1);
        const snn_snapshots *how = object ? snapshots_of(object) : NULL;
        count += object != NULL;
        if (how) bytes += padded(how->size);
        lua_pop(L, 1);
    }
    size_t head = padded((size_t)count * sizeof **out);
    char *at = lua_newuserdatauv(L, head + bytes, 0);
    *out = (void *)at;
    kept *k = *out;
    const char *end = at + head + bytes;
    at += head;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, LIST, i);
        snn_object *object = snn_test_object(L, -1);
        lua_pop(L, 1);
        if (!object) continue;
        const snn_snapshots *how = snapshots_of(object);
        if (how && padded(how->size) > (size_t)(end - at))
            snn_error(L, SNN_RUNTIME_ERROR,
                      "an object was finished while a call of it began");
        *k = (kept){ .object = object, .then = *object,
                     .how = how, .snapshot = at };
        if (how) at += padded(how->size);
        k++;
    }
    return count;
}

/* Pushes a copy of the table on top. */
static void push_copy(lua_State *L)
{
    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, -3)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
}

static void push_new_tables(lua_State *L)
{
    lua_createtable(L, 2, 0);
    for (int i = 1; i <= 2; i++) {
        lua_newtable(L);
        lua_rawseti(L, -2, i);
    }
}

/* Pushes OLD, nil where nothing is in it. */
static void push_old(lua_State *L, lua_Integer n)
{
    lua_pushnil(L);
    int old = lua_gettop(L);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, LIST, i);
        const snn_object *object = snn_test_object(L, -1);
        bool is_table = lua_istable(L, -1);
        if (is_table)
            push_copy(L);
        else if (object && !object->self)
            push_new_tables(L);
        if (lua_gettop(L) > old + 1) {
            if (lua_isnil(L, old)) {
                lua_createtable(L, (int)n, 0);
                lua_replace(L, old);
            }
            lua_rawseti(L, old, i);
        }
        lua_settop(L, old);
    }
}

/* Ends the snapshots of the first `count`, the last one first. */
static void drop(kept *all, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        kept *k = &all[i];
        if (k->how) k->how->drop(k->then.self, k->snapshot);
        snn_states_free(k->states);
    }
}

static snn_status take_one(kept *k, snn_fail *fail)
{
    const snn_declared *declared = k->then.declared;
    snn_status status = SNN_OK;
    if (declared)
        status = snn_states_save(declared->states, "states", fail, &k->states);
    if (status || !k->how) return status;
    status = k->how->take(k->then.self, k->snapshot, fail);
    if (status) snn_states_free(k->states);
    return status;
}

static void take(lua_State *L, kept *all, int count)
{
    snn_fail fail;
    for (int i = 0; i < count; i++) {
        snn_status status = take_one(&all[i], &fail);
        if (status == SNN_OK) continue;
        drop(all, i);
        snn_raise(L, &fail);
    }
}

static void restore_objects(kept *all, int count)
{
    for (int i = count - 1; i >= 0; i--) {
        kept *k = &all[i];
        if (k->how) k->how->restore(k->then.self, k->snapshot);
        if (k->states)
            snn_states_restore(k->then.declared->states, k->states);
        void *self = k->object->self;
        *k->object = k->then;
        if (!k->then.self) snn_instance_release(k->then.cls, self);
    }
}

/* The table at `index` has the entries of the copy on top again. A key that has
   them still takes no memory: what goes for good goes last. */
static void restore_table(lua_State *L, int index)
{
    int copy = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        bool is_new = lua_rawget(L, copy) == LUA_TNIL;
        lua_settop(L, copy + 1);
        if (!is_new) continue;
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, index);
    }
    lua_pushnil(L);
    while (lua_next(L, copy)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, index);
    }
}

static void restore_tables(lua_State *L, lua_Integer n)
{
    for (lua_Integer i = lua_isnil(L, OLD) ? 0 : n; i >= 1; i--) {
        lua_rawgeti(L, LIST, i);
        if (lua_rawgeti(L, OLD, i) == LUA_TTABLE) {
            if (lua_istable(L, -2))
                restore_table(L, lua_gettop(L) - 1);
            else
                for (int k = 1; k <= 2; k++) {
                    lua_rawgeti(L, -1, k);
                    lua_setiuservalue(L, -3, k);
                }
        }
        lua_settop(L, OLD);
    }
}

/* tools.atomic(list, fn, ...): what fn(...) returns. When it fails the objects
   in the list (the engine's part, modes) and the entries of the tables in it
   are as they were before, and the error goes on. An object whose init has not
   run is without one again. */
int snn_atomic(lua_State *L)
{
    snn_fail fail;
    kept *all;
    luaL_checktype(L, LIST, LUA_TTABLE);
    lua_Integer n = (lua_Integer)lua_rawlen(L, LIST);
    luaL_checkstack(L, 12, "atomic");
    int count = push_block(L, n, &all);
    push_old(L, n);
    lua_rotate(L, BLOCK, 2);
    int arguments = lua_gettop(L) - FUNCTION;
    take(L, all, count); /* from here on to its end nothing raises */
    depth++;
    snn_status status = snn_callback(L, arguments, LUA_MULTRET, &fail);
    depth--;
    if (status == SNN_OK) {
        drop(all, count);
        return lua_gettop(L) - OLD;
    }
    restore_objects(all, count);
    restore_tables(L, n);
    return snn_raise(L, &fail);
}

/* tools.set_mode(list, training, result): sets it in the modules of { name,
   module } and returns the result. */
static int set_mode(lua_State *L)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
    bool training = lua_toboolean(L, 2);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, 1, i);
        lua_rawgeti(L, -1, 2);
        snn_object *object = snn_test_object(L, -1);
        if (object) object->training = training;
        lua_settop(L, 3);
    }
    return 1;
}

/* Whether all hooks of the list on top take no arguments (lua/snn/module.lua);
   their key is_bare is at `key`. */
static bool are_bare(lua_State *L, int key)
{
    int list = lua_gettop(L);
    bool all = true;
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= n && all; i++) {
        lua_rawgeti(L, list, i);
        lua_pushvalue(L, key);
        lua_rawget(L, -2);
        all = lua_toboolean(L, -1);
        lua_settop(L, list);
    }
    return all;
}

/* tools.set_hooks(module, place, hooks, result): replaces the list of hooks in a
   place and returns the result. */
static int set_hooks(lua_State *L)
{
    static const char *const places[] = { "before", "after" };
    enum { IS_BARE = 5, LINKS };
    snn_object *object =
        snn_arg_object(L, 1, &snn_module_class, "hook", "module");
    lua_settop(L, 4);
    lua_pushliteral(L, "is_bare");
    snn_push_links(L, 1);
    lua_pushvalue(L, 2);
    lua_pushvalue(L, 3);
    lua_rawset(L, LINKS); /* may fail, before anything has changed */
    bool has = false, bare = true;
    for (int i = 0; i < 2; i++) {
        lua_getfield(L, LINKS, places[i]);
        if (lua_istable(L, -1) && lua_rawlen(L, -1) > 0) {
            has = true;
            bare = bare && i > 0 && are_bare(L, IS_BARE);
        }
        lua_pop(L, 1);
    }
    object->has_hooks = has;
    object->hooks_are_bare = has && bare;
    lua_settop(L, 4);
    return 1;
}

void snn_open_atomic(lua_State *L)
{
    static const luaL_Reg functions[] = { { "atomic", snn_atomic },
                                          { "set_mode", set_mode },
                                          { "set_hooks", set_hooks },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
