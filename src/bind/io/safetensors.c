/* snn.load_safetensors, snn.save_safetensors, and what lua/snn/saved.lua writes
   and reads. */
#include "io/safetensors.h"

#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "io/replace.h"

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

/* The stack of a load: `where` begins its messages. */
enum { WHERE = 1, PATH, HANDLE, TENSORS, METADATA, SKIPPED };

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

/* Fills METADATA with those of scripts, or `all`; false when there are none. */
static bool load_metadata(lua_State *L, const snn_safetensors *file, bool all)
{
    snn_metadata pair;
    bool found = false;
    for (int64_t i = 0; snn_safetensors_metadata(file, i, &pair); i++) {
        if (!all && snn_metadata_is_own(pair.key)) continue;
        lua_pushstring(L, pair.key);
        lua_pushstring(L, pair.value);
        lua_rawset(L, METADATA);
        found = true;
    }
    return found;
}

/* A file of write_saved has checksums. */
static void check_sealed(lua_State *L, snn_safetensors **file)
{
    if (snn_safetensors_is_sealed(*file)) return;
    snn_safetensors_close(*file);
    *file = NULL;
    snn_error(L, SNN_IO_ERROR, "%s: '%s' was not written by snn.save",
              lua_tostring(L, WHERE), lua_tostring(L, PATH));
}

/* Of a stack with WHERE and PATH: pushes tensors by name, metadata (an empty
   table: none), and the list of the names whose dtype is unknown. `saved`: it
   has to have checksums, and the library's own metadata are wanted too. */
static bool load(lua_State *L, bool saved)
{
    snn_fail fail;
    const char *where = lua_tostring(L, WHERE);
    const char *path = snn_arg_path(L, PATH, where, "path");
    snn_safetensors **file = push_file(L);
    snn_must(L, snn_safetensors_open(where, path, &fail, file), &fail);
    if (saved) check_sealed(L, file);
    int64_t count = snn_safetensors_count(*file);
    for (int i = TENSORS; i <= SKIPPED; i++) lua_newtable(L);
    bool has_metadata = load_metadata(L, *file, saved);
    for (int64_t i = 0; i < count; i++) load_tensor(L, file, i);
    snn_safetensors_close(*file);
    *file = NULL;
    return has_metadata;
}

/* load_safetensors(path): a table name -> tensor, one of the metadata (nil:
   none), and the list of the names whose dtype is unknown */
static int load_safetensors(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushliteral(L, "load_safetensors");
    lua_insert(L, WHERE);
    if (!load(L, false)) {
        lua_pushnil(L);
        lua_replace(L, METADATA);
    }
    return 3;
}

/* read_saved(where, path): the tensors by name and the metadata of a file that
   write_saved has made */
static int read_saved(lua_State *L)
{
    luaL_checkstring(L, WHERE);
    lua_settop(L, PATH);
    load(L, true);
    lua_settop(L, METADATA);
    return 2;
}

/* ---- writing ---- */

/* What a save was given: `where` begins its messages. */
typedef struct saving {
    const char *where;
    snn_safetensors_content content;
} saving;

/* The string at `index`, a key or value of a table. */
static const char *check_text(lua_State *L, const saving *s, int index,
                              const char *what)
{
    size_t length;
    if (lua_type(L, index) != LUA_TSTRING)
        snn_error(L, SNN_TYPE_ERROR, "%s: the %s must be strings, got %s",
                  s->where, what, snn_describe(L, index));
    const char *text = lua_tolstring(L, index, &length);
    if (strlen(text) != length)
        snn_error(L, SNN_VALUE_ERROR, "%s: a name holds a zero byte ('%s...')",
                  s->where, text);
    return text;
}

/* The pair with the key at -2 and the value at -1. */
static snn_named_tensor check_pair(lua_State *L, const saving *s)
{
    const char *name = check_text(L, s, -2, "keys of 'tensors'");
    const snn_tensor *t = snn_arg_tensor(L, -1, s->where, name);
    return (snn_named_tensor){ .name = name, .tensor = t };
}

static size_t count_pairs(lua_State *L, int table)
{
    size_t n = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) n++;
    return n;
}

/* A finalizer of a script may have run since the table was counted. */
static void check_count(lua_State *L, const saving *s, size_t taken, size_t n)
{
    if (taken == n)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: a table has grown while it was read", s->where);
}

/* Takes the tensors of the table at `index`; pushes the list. */
static void take_tensors(lua_State *L, int index, saving *s)
{
    snn_safetensors_content *out = &s->content;
    if (!lua_istable(L, index))
        snn_arg_error(L, s->where, "tensors", "a table name -> tensor", index);
    size_t n = count_pairs(L, index);
    out->tensors = lua_newuserdatauv(L, n * sizeof *out->tensors, 0);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        check_count(L, s, (size_t)out->count, n);
        out->tensors[out->count++] = check_pair(L, s);
    }
}

/* The same of the metadata. */
static void take_metadata(lua_State *L, int index, saving *s)
{
    snn_safetensors_content *out = &s->content;
    if (!lua_istable(L, index))
        snn_arg_error(L, s->where, "metadata", "a table of strings", index);
    size_t n = count_pairs(L, index);
    out->metadata = lua_newuserdatauv(L, n * sizeof *out->metadata, 0);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        const char *key = check_text(L, s, -2, "keys of 'metadata'");
        const char *value = check_text(L, s, -1, "values of 'metadata'");
        check_count(L, s, (size_t)out->pairs, n);
        out->metadata[out->pairs++] = (snn_metadata){ key, value };
    }
}

/* Names of this kind are the library's own. */
static void check_names(lua_State *L, const saving *s)
{
    for (int64_t i = 0; i < s->content.pairs; i++) {
        const char *key = s->content.metadata[i].key;
        if (snn_metadata_is_own(key))
            snn_error(L, SNN_VALUE_ERROR,
                      "%s: names of metadata that begin with '%s' are the "
                      "library's own, got '%s'",
                      s->where, SNN_METADATA_OWN, key);
    }
}

/* save_safetensors(path, tensors [, { metadata = }]): a table name -> tensor
   and one of strings, which keep all alive */
static int save_safetensors(lua_State *L)
{
    static const char *const known[] = { "metadata", NULL };
    snn_fail fail;
    saving s = { .where = "save_safetensors", .content.keep = 1 };
    lua_settop(L, 3);
    const char *path = snn_arg_path(L, 1, s.where, "path");
    if (!lua_istable(L, 2))
        snn_arg_error(L, s.where, "tensors", "a table name -> tensor", 2);
    int options = snn_arg_options(L, 3, s.where, known);
    if (!snn_option(L, options, "metadata")) lua_newtable(L);
    take_metadata(L, lua_gettop(L), &s);
    check_names(L, &s);
    take_tensors(L, 2, &s); /* last: a finalizer could take them away */
    snn_must(L, snn_safetensors_write(s.where, path, &s.content, &fail), &fail);
    return 0;
}

/* write_saved(where, path, tensors, metadata, keep): the same, with names of
   the library's own; of the files of that name the last `keep` stay */
static int write_saved(lua_State *L)
{
    enum { TENSORS_AT = 3, METADATA_AT, KEEP_AT };
    snn_fail fail;
    saving s = { .where = luaL_checkstring(L, WHERE) };
    lua_settop(L, KEEP_AT);
    const char *path = snn_arg_path(L, PATH, s.where, "path");
    s.content.keep = (int)snn_arg_integer(L, KEEP_AT, s.where, "keep", 1,
                                          SNN_REPLACE_MOST);
    take_metadata(L, METADATA_AT, &s);
    take_tensors(L, TENSORS_AT, &s);
    snn_must(L, snn_safetensors_write(s.where, path, &s.content, &fail), &fail);
    return 0;
}

static const luaL_Reg functions[] = {
    { "load_safetensors", load_safetensors },
    { "save_safetensors", save_safetensors },
    { NULL, NULL },
};

static const luaL_Reg inside[] = {
    { "read_saved", read_saved },
    { "write_saved", write_saved },
    { NULL, NULL },
};

void snn_open_safetensors(lua_State *L)
{
    luaL_setfuncs(L, functions, 0);
    snn_push_tools(L);
    luaL_setfuncs(L, inside, 0);
    lua_pop(L, 1);
}
