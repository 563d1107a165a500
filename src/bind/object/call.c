/* Calls of objects: forward, between the hooks where there are any. */
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/object/instance.h"
#include "bind/object/marks.h"
#include "bind/lua/raise.h"
#include "bind/object/scripted.h"
#include "util/profile.h"

/* Stack of a hooked call: the object, its arguments as a list, the hooks of one
   place. Hooks are tables { fn =, is_bare = }; lists of them are replaced, never
   changed (lua/snn/module.lua), so that a hook may remove itself. */
enum { MODULE = 1, ARGUMENTS, HOOKS, RESULTS };
enum { ROOM = 8 };

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

/* Runs the n hooks at HOOKS on the results; what one returns, unless nil, takes
   their place. */
static void run_after(lua_State *L, lua_Integer n)
{
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
        snn_error(L, SNN_VALUE_ERROR,
                  "a forward pre-hook returned %lld arguments, at most 200 are "
                  "allowed",
                  (long long)n);
    return (int)n;
}

/* Pushes the object's method forward: that of its class, whose line is at the
   index of an upvalue, with "forward" behind it, unless the script has given it one
   of its own. */
static void push_forward(lua_State *L, const snn_object *object, int line)
{
    int type = LUA_TNIL;
    if (object->cls->is_own) {
        snn_scripted_push_forward(L, line);
        return;
    }
    if (object->is_scripted) {
        type = snn_get_field(L, MODULE, "forward");
        if (type == LUA_TNIL) lua_pop(L, 1);
    }
    if (type == LUA_TNIL) type = snn_line_find(L, line, line - 1);
    if (type == LUA_TFUNCTION) return;
    if (type == LUA_TNIL)
        snn_error(L, SNN_RUNTIME_ERROR, "%s: forward must be implemented",
                  object->cls->name);
    if (luaL_getmetafield(L, -1, "__call") == LUA_TNIL)
        snn_arg_error(L, object->cls->name, "forward", "a function", -1);
    lua_pop(L, 1);
}

/* The arguments behind MODULE become the list at ARGUMENTS; HOOKS is nil. */
static void pack_arguments(lua_State *L)
{
    int given = lua_gettop(L) - 1;
    lua_createtable(L, given, 1);
    lua_insert(L, ARGUMENTS);
    for (int i = given; i >= 1; i--) lua_rawseti(L, ARGUMENTS, i);
    lua_pushinteger(L, given);
    lua_setfield(L, ARGUMENTS, "n");
    lua_pushnil(L);
}

/* object(...) with hooks: before and forward. Leaves the results. */
static int forward_hooked(lua_State *L)
{
    const snn_object *object = snn_test_object(L, MODULE);
    pack_arguments(L);
    run_before(L);
    int n = count_arguments(L);
    luaL_checkstack(L, n + 8, "hooks");
    push_forward(L, object, lua_upvalueindex(1));
    lua_pushvalue(L, MODULE);
    for (int i = 1; i <= n; i++) lua_rawgeti(L, ARGUMENTS, i);
    lua_call(L, n + 1, LUA_MULTRET);
    return lua_gettop(L);
}

/* object(...) with hooks: before, forward, after. When the forward fails what
   monitors have recorded before it goes back. */
static int hooked_call(lua_State *L)
{
    snn_fail fail;
    int given = lua_gettop(L);
    lua_pushvalue(L, lua_upvalueindex(SNN_UP_LINE));
    lua_pushvalue(L, lua_upvalueindex(SNN_UP_FORWARD));
    lua_pushcclosure(L, forward_hooked, 2);
    lua_insert(L, 1);
    snn_marks_begin();
    snn_status status = snn_callback(L, given, LUA_MULTRET, &fail);
    snn_marks_end(L, status ? SNN_MARKS_UNDO : SNN_MARKS_LEAVE);
    snn_must(L, status, &fail);
    run_after(L, take_hooks(L, "after"));
    return lua_gettop(L) - HOOKS;
}

void snn_call_bare_hooks(lua_State *L, int index)
{
    int top = lua_gettop(L);
    index = lua_absindex(L, index);
    bool are_bare = snn_test_object(L, index)->hooks_are_bare;
    int type = snn_get_link(L, index, "after");
    lua_Integer n = type == LUA_TTABLE ? (lua_Integer)lua_rawlen(L, -1) : 0;
    luaL_checkstack(L, ROOM, "hooks");
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, top + 1, i);
        lua_getfield(L, -1, "fn");
        lua_pushvalue(L, index);
        if (!are_bare) { /* others came meanwhile: an empty list */
            lua_createtable(L, 0, 1);
            lua_pushinteger(L, 0);
            lua_setfield(L, -2, "n");
        }
        lua_call(L, are_bare ? 1 : 2, 0);
        lua_settop(L, top + 1);
    }
    lua_settop(L, top);
}

static int end_call(lua_State *L, int status, lua_KContext context)
{
    (void)status, (void)context;
    return lua_gettop(L);
}

/* ---- measured (util/profile.h) ---- */

/* The object is noted in the registry's table "snn.profile", by its engine's
   part. */
static snn_profile_mark begin_measure(lua_State *L, const snn_object *object)
{
    const void *key = object->self ? object->self : object;
    snn_profile_mark mark =
        snn_profile_begin(SNN_PROFILE_CALL, key, NULL, object->cls->name);
    if (!mark.is_first) return mark;
    luaL_checkstack(L, 4, "profile");
    luaL_getsubtable(L, LUA_REGISTRYINDEX, "snn.profile");
    lua_pushvalue(L, MODULE);
    lua_rawseti(L, -2, (lua_Integer)(uintptr_t)key);
    lua_pop(L, 1);
    return mark;
}

enum { DEPTH_BITS = 8 };

static int end_measure(lua_State *L, int status, lua_KContext context)
{
    snn_profile_end((snn_profile_mark){
        .depth = (int)(context & ((1 << DEPTH_BITS) - 1)),
        .serial = (unsigned)(context >> DEPTH_BITS) });
    return end_call(L, status, 0);
}

/* What snn_instance_call does, measured. */
static __attribute__((noinline)) int measured_call(lua_State *L,
                                                   const snn_object *object)
{
    snn_profile_mark mark = begin_measure(L, object);
    if (object->has_hooks) {
        int results = hooked_call(L);
        snn_profile_end(mark);
        return results;
    }
    lua_KContext context = 0; /* of no row: serials begin with 1 */
    if (mark.depth >= 0)
        context = (lua_KContext)mark.serial << DEPTH_BITS | mark.depth;
    int top = lua_gettop(L);
    push_forward(L, object, lua_upvalueindex(SNN_UP_LINE));
    lua_insert(L, 1);
    lua_callk(L, top, LUA_MULTRET, context, end_measure);
    return end_measure(L, LUA_OK, context);
}

/* object(...): forward, between the hooks where there are any. A forward of a
   script's may yield where there are none. */
int snn_instance_call(lua_State *L)
{
    const snn_object *object = snn_instance_finished(L, "call");
    if (snn_profile_on) return measured_call(L, object);
    if (object->has_hooks) return hooked_call(L);
    int top = lua_gettop(L);
    push_forward(L, object, lua_upvalueindex(SNN_UP_LINE));
    lua_insert(L, 1);
    lua_callk(L, top, LUA_MULTRET, 0, end_call);
    return end_call(L, LUA_OK, 0);
}
