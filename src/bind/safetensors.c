/* snn.load_safetensors, snn.save_safetensors. */
#include "io/safetensors.h"

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "bind/args.h"
#include "bind/open.h"
#include "bind/raise.h"
#include "bind/tensor.h"

/* ---- reading ---- */

static const char file_type[] = "snn.safetensors";

static int close_file(lua_State *L)
{
    snn_safetensors **file = luaL_checkudata(L, 1, file_type);
    snn_safetensors_close(*file);
    *file = NULL;
    return 0;
}

/* A file that the collector closes, should an error come between. */
static snn_safetensors **push_file(lua_State *L)
{
    snn_safetensors **file = lua_newuserdatauv(L, sizeof *file, 0);
    *file = NULL;
    if (luaL_newmetatable(L, file_type)) {
        lua_pushcfunction(L, close_file);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return file;
}

/* Sets table[name] for tensor i, the table on top; closes the file before an
   error. */
static void load_tensor(lua_State *L, snn_safetensors **file, int64_t i)
{
    snn_fail fail;
    lua_pushstring(L, snn_safetensors_name(*file, i));
    snn_tensor *out = snn_push_tensor(L);
    snn_status status = snn_safetensors_next(*file, &fail, out);
    if (status) {
        snn_safetensors_close(*file);
        *file = NULL;
        snn_raise(L, &fail);
    }
    snn_tensor_done(L);
    lua_rawset(L, -3);
}

/* load_safetensors(path): a table name -> tensor */
static int load_safetensors(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "load_safetensors", "path");
    snn_safetensors **file = push_file(L);
    snn_must(L, snn_safetensors_open("load_safetensors", path, &fail, file),
             &fail);
    int64_t count = snn_safetensors_count(*file);
    lua_newtable(L);
    for (int64_t i = 0; i < count; i++) load_tensor(L, file, i);
    snn_safetensors_close(*file);
    *file = NULL;
    return 1;
}

/* ---- writing ---- */

static const char save[] = "save_safetensors";

/* The pair with the key at -2 and the value at -1. */
static snn_named_tensor check_pair(lua_State *L)
{
    size_t length;
    if (lua_type(L, -2) != LUA_TSTRING)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: the keys of 'tensors' must be strings, got %s", save,
                  snn_describe(L, -2));
    const char *name = lua_tolstring(L, -2, &length);
    if (strlen(name) != length)
        snn_error(L, SNN_VALUE_ERROR, "%s: a name holds a zero byte ('%s...')",
                  save, name);
    const snn_tensor *t = snn_test_tensor(L, -1);
    if (!t)
        snn_error(L, SNN_TYPE_ERROR, "%s: '%s' must be a tensor, got %s", save,
                  name, snn_describe(L, -1));
    return (snn_named_tensor){ .name = name, .tensor = t };
}

/* save_safetensors(path, tensors): a table name -> tensor, which keeps names
   and tensors alive */
static int save_safetensors(lua_State *L)
{
    snn_fail fail;
    size_t count = 0, filled = 0;
    const char *path = snn_arg_path(L, 1, save, "path");
    if (!lua_istable(L, 2))
        snn_arg_error(L, save, "tensors", "a table name -> tensor", 2);
    lua_settop(L, 2);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) count++;
    snn_named_tensor *list = lua_newuserdatauv(L, count * sizeof *list, 0);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1))
        list[filled++] = check_pair(L);
    snn_must(L, snn_safetensors_write(save, path, list, (int64_t)count, &fail),
             &fail);
    return 0;
}

static const luaL_Reg functions[] = {
    { "load_safetensors", load_safetensors },
    { "save_safetensors", save_safetensors },
    { NULL, NULL },
};

void snn_open_safetensors(lua_State *L) { luaL_setfuncs(L, functions, 0); }
