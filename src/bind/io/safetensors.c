/* snn.load_safetensors, snn.save_safetensors. */
#include "io/safetensors.h"

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"

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

/* The stack of load_safetensors. */
enum { PATH = 1, HANDLE, TENSORS, METADATA, SKIPPED };

/* Sets TENSORS[name] for tensor i, or adds its name to SKIPPED; closes the file
   before an error. */
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
    if (snn_tensor_is_empty(out)) {
        lua_pop(L, 1);
        lua_rawseti(L, SKIPPED, (lua_Integer)lua_rawlen(L, SKIPPED) + 1);
        return;
    }
    snn_tensor_done(L);
    lua_rawset(L, TENSORS);
}

/* Fills METADATA; false when there are none. */
static bool load_metadata(lua_State *L, const snn_safetensors *file)
{
    snn_metadata pair;
    int64_t i = 0;
    for (; snn_safetensors_metadata(file, i, &pair); i++) {
        lua_pushstring(L, pair.key);
        lua_pushstring(L, pair.value);
        lua_rawset(L, METADATA);
    }
    return i > 0;
}

/* load_safetensors(path): a table name -> tensor, one of the metadata (nil:
   none), and the list of the names whose dtype is unknown */
static int load_safetensors(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, PATH);
    const char *path = snn_arg_path(L, PATH, "load_safetensors", "path");
    snn_safetensors **file = push_file(L);
    snn_must(L, snn_safetensors_open("load_safetensors", path, &fail, file),
             &fail);
    int64_t count = snn_safetensors_count(*file);
    for (int i = TENSORS; i <= SKIPPED; i++) lua_newtable(L);
    if (!load_metadata(L, *file)) {
        lua_pushnil(L);
        lua_replace(L, METADATA);
    }
    for (int64_t i = 0; i < count; i++) load_tensor(L, file, i);
    snn_safetensors_close(*file);
    *file = NULL;
    return 3;
}

/* ---- writing ---- */

static const char save[] = "save_safetensors";

/* The string at `index`, a key or value of a table. */
static const char *check_text(lua_State *L, int index, const char *what)
{
    size_t length;
    if (lua_type(L, index) != LUA_TSTRING)
        snn_error(L, SNN_TYPE_ERROR, "%s: the %s must be strings, got %s", save,
                  what, snn_describe(L, index));
    const char *text = lua_tolstring(L, index, &length);
    if (strlen(text) != length)
        snn_error(L, SNN_VALUE_ERROR, "%s: a name holds a zero byte ('%s...')",
                  save, text);
    return text;
}

/* The pair with the key at -2 and the value at -1. */
static snn_named_tensor check_pair(lua_State *L)
{
    const char *name = check_text(L, -2, "keys of 'tensors'");
    const snn_tensor *t = snn_arg_tensor(L, -1, save, name);
    return (snn_named_tensor){ .name = name, .tensor = t };
}

static size_t count_pairs(lua_State *L, int table)
{
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) n++;
    return n;
}

/* A finalizer of a script may have run since the table was counted. */
static void check_count(lua_State *L, size_t taken, size_t n)
{
    if (taken == n)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: a table has grown while it was read", save);
}

/* Takes the tensors of the table at `index`; pushes the list. */
static void take_tensors(lua_State *L, int index, snn_safetensors_content *out)
{
    size_t n = count_pairs(L, index);
    out->tensors = lua_newuserdatauv(L, n * sizeof *out->tensors, 0);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        check_count(L, (size_t)out->count, n);
        out->tensors[out->count++] = check_pair(L);
    }
}

/* The same of the metadata. */
static void take_metadata(lua_State *L, int index, snn_safetensors_content *out)
{
    if (!lua_istable(L, index))
        snn_arg_error(L, save, "metadata", "a table of strings", index);
    size_t n = count_pairs(L, index);
    out->metadata = lua_newuserdatauv(L, n * sizeof *out->metadata, 0);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *key = check_text(L, -2, "keys of 'metadata'");
        const char *value = check_text(L, -1, "values of 'metadata'");
        check_count(L, (size_t)out->pairs, n);
        out->metadata[out->pairs++] = (snn_metadata){ key, value };
    }
}

/* save_safetensors(path, tensors [, { metadata = }]): a table name -> tensor
   and one of strings, which keep all alive */
static int save_safetensors(lua_State *L)
{
    static const char *const known[] = { "metadata", NULL };
    snn_fail fail;
    snn_safetensors_content content = { .count = 0 };
    lua_settop(L, 3);
    const char *path = snn_arg_path(L, 1, save, "path");
    if (!lua_istable(L, 2))
        snn_arg_error(L, save, "tensors", "a table name -> tensor", 2);
    int options = snn_arg_options(L, 3, save, known);
    if (!snn_option(L, options, "metadata")) lua_newtable(L);
    take_metadata(L, lua_gettop(L), &content);
    take_tensors(L, 2, &content); /* last: a finalizer could take them away */
    snn_must(L, snn_safetensors_write(save, path, &content, &fail), &fail);
    return 0;
}

static const luaL_Reg functions[] = {
    { "load_safetensors", load_safetensors },
    { "save_safetensors", save_safetensors },
    { NULL, NULL },
};

void snn_open_safetensors(lua_State *L) { luaL_setfuncs(L, functions, 0); }
