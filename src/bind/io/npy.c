/* snn.save_npy, snn.load_npy, snn.load_npz. */
#include <lauxlib.h>
#include <lua.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "io/npy.h"
#include "io/npz.h"
#include "util/nearest.h"

/* save_npy(path, tensor) */
static int save_npy(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "save_npy", "path");
    const snn_tensor *t = snn_arg_tensor(L, 2, "save_npy", "tensor");
    snn_must(L, snn_npy_write("save_npy", path, t, &fail), &fail);
    return 0;
}

/* A pointer to an open file, NULL yet, that the collector closes with `close`,
   should an error come between. */
static void *push_holder(lua_State *L, const char *type, lua_CFunction close)
{
    void **holder = lua_newuserdatauv(L, sizeof *holder, 0);
    *holder = NULL;
    if (luaL_newmetatable(L, type)) {
        lua_pushcfunction(L, close);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return holder;
}

/* ---- files of arrays ---- */

static const char file_type[] = "snn.npy";

static int close_file(lua_State *L)
{
    snn_npy **npy = luaL_checkudata(L, 1, file_type);
    snn_npy_close(*npy);
    *npy = NULL;
    return 0;
}

/* The end of a call with a file, which a failure closes. */
static void must_npy(lua_State *L, snn_npy **npy, snn_status status,
                     const snn_fail *fail)
{
    if (status) {
        snn_npy_close(*npy);
        *npy = NULL;
    }
    snn_must(L, status, fail);
}

/* Pushes the next array, or nothing behind the last one. */
static bool push_next(lua_State *L, snn_npy **npy)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    must_npy(L, npy, snn_npy_next(*npy, &fail, out), &fail);
    if (snn_tensor_is_empty(out)) {
        lua_pop(L, 1);
        return false;
    }
    snn_tensor_done(L);
    return true;
}

/* Pushes the list of all arrays. */
static void push_arrays(lua_State *L, snn_npy **npy)
{
    lua_newtable(L);
    for (lua_Integer i = 1; push_next(L, npy); i++) lua_rawseti(L, -2, i);
}

/* load_npy(path [, { all =, max_ratio = }]) */
static int load_npy(lua_State *L)
{
    static const char where[] = "load_npy";
    static const char *const known[] = { "all", "max_ratio", NULL };
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, where, "path");
    int options = snn_arg_options(L, 2, where, known);
    bool all = snn_option_bool(L, options, where, "all", false);
    double ratio = snn_option_ratio(L, options, where);
    snn_npy **npy = push_holder(L, file_type, close_file);
    snn_must(L, snn_npy_open(where, path, ratio, &fail, npy), &fail);
    if (all) {
        push_arrays(L, npy);
    } else {
        push_next(L, npy);
        must_npy(L, npy, snn_npy_rest(*npy, &fail), &fail);
    }
    snn_npy_close(*npy);
    *npy = NULL;
    return 1;
}

/* ---- archives ---- */

static const char archive_type[] = "snn.npz";

/* The stack of load_npz. */
enum { PATH = 1, NAMES, OPTIONS, ARCHIVE, TENSORS, SKIPPED };

static int close_archive(lua_State *L)
{
    snn_npz **npz = luaL_checkudata(L, 1, archive_type);
    snn_npz_close(*npz);
    *npz = NULL;
    return 0;
}

static void push_name(lua_State *L, const snn_npz *npz, int64_t i)
{
    size_t size;
    const char *name = snn_npz_name(npz, i, &size);
    lua_pushlstring(L, name, size);
}

/* Sets TENSORS[name] for member i, or adds its name to SKIPPED; closes the
   archive before an error. */
static void load_member(lua_State *L, snn_npz **npz, int64_t i)
{
    snn_fail fail;
    bool is_foreign;
    push_name(L, *npz, i);
    snn_tensor *out = snn_push_tensor(L);
    snn_status status = snn_npz_read(*npz, i, &is_foreign, &fail, out);
    if (status) {
        snn_npz_close(*npz);
        *npz = NULL;
    }
    snn_must(L, status, &fail);
    if (is_foreign) {
        lua_pop(L, 1);
        lua_rawseti(L, SKIPPED, (lua_Integer)lua_rawlen(L, SKIPPED) + 1);
        return;
    }
    snn_tensor_done(L);
    lua_rawset(L, TENSORS);
}

static int refuse_name(lua_State *L, const snn_npz *npz, const char *name)
{
    snn_nearest search;
    snn_nearest_init(&search, name);
    lua_newtable(L); /* keeps the names */
    for (int64_t i = 0; i < snn_npz_count(npz); i++) {
        push_name(L, npz, i);
        snn_nearest_offer(&search, lua_tostring(L, -1));
        lua_rawseti(L, -2, (lua_Integer)i + 1);
    }
    const char *path = lua_tostring(L, PATH);
    if (search.best)
        return snn_error(L, SNN_VALUE_ERROR,
                         "load_npz: '%s' has no member '%s' (did you mean "
                         "'%s'?)",
                         path, name, search.best);
    return snn_error(L, SNN_VALUE_ERROR, "load_npz: '%s' has no member '%s'",
                     path, name);
}

/* The member of the name on top; of several the last one, as they are read in
   turn. */
static int64_t find_member(lua_State *L, const snn_npz *npz)
{
    size_t wanted, size;
    const char *name = lua_tolstring(L, -1, &wanted);
    for (int64_t i = snn_npz_count(npz); i-- > 0;) {
        const char *own = snn_npz_name(npz, i, &size);
        if (size == wanted && memcmp(own, name, size) == 0) return i;
    }
    return refuse_name(L, npz, name);
}

/* Checks the list of names; returns its length. */
static lua_Integer check_names(lua_State *L)
{
    if (!lua_istable(L, NAMES))
        snn_arg_error(L, "load_npz", "names", "a list of names", NAMES);
    lua_Integer n = (lua_Integer)lua_rawlen(L, NAMES), count = 0;
    for (lua_pushnil(L); lua_next(L, NAMES); lua_pop(L, 1)) {
        if (lua_type(L, -2) != LUA_TNUMBER)
            snn_error(L, SNN_TYPE_ERROR,
                      "load_npz: 'names' must be a list of names, got the key "
                      "%s (options come behind it)",
                      snn_describe(L, -2));
        count++;
    }
    for (lua_Integer i = 1; i <= n; i++, lua_pop(L, 1))
        if (lua_rawgeti(L, NAMES, i) != LUA_TSTRING)
            snn_arg_error(L, "load_npz", "names", "a list of names", -1);
    if (count != n)
        snn_error(L, SNN_VALUE_ERROR, "load_npz: 'names' must be a list "
                                      "without gaps");
    return n;
}

static void load_named(lua_State *L, snn_npz **npz, lua_Integer n)
{
    for (lua_Integer i = 1; i <= n; i++, lua_pop(L, 1)) {
        lua_rawgeti(L, NAMES, i);
        find_member(L, *npz);
    }
    for (lua_Integer i = 1; i <= n; i++, lua_pop(L, 1)) {
        lua_rawgeti(L, NAMES, i);
        load_member(L, npz, find_member(L, *npz));
    }
}

static void load_all(lua_State *L, snn_npz **npz)
{
    for (int64_t i = 0; i < snn_npz_count(*npz); i++)
        if (!snn_npz_is_folder(*npz, i)) load_member(L, npz, i);
}

/* load_npz(path [, names [, { max_ratio = }]]): a table name -> tensor, and the
   list of the names of members that are no tensors */
static int load_npz(lua_State *L)
{
    static const char where[] = "load_npz";
    static const char *const known[] = { "max_ratio", NULL };
    snn_fail fail;
    lua_settop(L, OPTIONS);
    const char *path = snn_arg_path(L, PATH, where, "path");
    bool by_name = !lua_isnil(L, NAMES);
    lua_Integer n = by_name ? check_names(L) : 0;
    int options = snn_arg_options(L, OPTIONS, where, known);
    double ratio = snn_option_ratio(L, options, where);
    snn_npz **npz = push_holder(L, archive_type, close_archive);
    snn_must(L, snn_npz_open(where, path, ratio, &fail, npz), &fail);
    lua_newtable(L);
    lua_newtable(L);
    if (by_name) load_named(L, npz, n);
    else load_all(L, npz);
    snn_npz_close(*npz);
    *npz = NULL;
    return 2;
}

static const luaL_Reg functions[] = {
    { "save_npy", save_npy },
    { "load_npy", load_npy },
    { "load_npz", load_npz },
    { NULL, NULL },
};

void snn_open_npy(lua_State *L) { luaL_setfuncs(L, functions, 0); }
