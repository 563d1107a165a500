/* luaopen_snn: the table `snn`, first the parts in C (list.h), then the Lua
   files (lua/snn.lua loads the others through the loader made here). */
#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "bind/lua/embedded.h"
#include "bind/object/names.h"
#include "bind/object/object.h"
#include "bind/object/surplus.h"
#include "bind/lua/open.h"
#include "bind/lua/tools.h"

static void (*const openers[])(lua_State *) = {
#define OPEN(name) snn_open_##name,
#include "bind/lua/list.h"
#undef OPEN
};

static const char loaded_key; /* registry: the finished table */

int snn_push_chunk(lua_State *L, const char *name)
{
    const snn_chunk *c = snn_chunks;
    while (c->name && strcmp(c->name, name) != 0) c++;
    lua_pushfstring(L, "=[snn] %s", name);
    if (!c->name) return LUA_ERRFILE;
    const char *source = lua_tostring(L, -1);
    int status =
        luaL_loadbufferx(L, c->code.data, c->code.size, source, "b");
    if (status == LUA_ERRSYNTAX) {
        lua_pop(L, 1);
        status = luaL_loadbufferx(L, c->text.data, c->text.size, source, "t");
    }
    lua_remove(L, -2);
    return status;
}

/* load(name): runs the embedded file and returns its result; upvalue 1 is
   snn. Files take (snn, load, tools) as `...`. */
static int load_chunk(lua_State *L)
{
    if (snn_push_chunk(L, luaL_checkstring(L, 1)) != LUA_OK) return lua_error(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_pushcclosure(L, load_chunk, 1);
    snn_push_tools(L);
    lua_call(L, 3, 1);
    return 1;
}

__attribute__((visibility("default"))) int luaopen_snn(lua_State *L);

int luaopen_snn(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &loaded_key) == LUA_TTABLE) return 1;
    luaL_checkversion(L);
    lua_newtable(L);
    for (size_t i = 0; i < sizeof openers / sizeof *openers; i++)
        openers[i](L);
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, load_chunk, 1);
    lua_pushliteral(L, "snn");
    lua_call(L, 1, 0);
    snn_guard_arguments(L);
    snn_close_classes(L);
    snn_guard_names(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &loaded_key);
    return 1;
}
