/* snn.save_npy, snn.load_npy, snn.load_npz. */
#include <lauxlib.h>
#include <lua.h>

#include "bind/args.h"
#include "bind/open.h"
#include "bind/raise.h"
#include "bind/tensor.h"
#include "io/npy.h"
#include "io/npz.h"

/* save_npy(path, tensor) */
static int save_npy(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "save_npy", "path");
    const snn_tensor *t = snn_arg_tensor(L, 2, "save_npy", "tensor");
    snn_must(L, snn_npy_write("save_npy", path, t, &fail), &fail);
    return 0;
}

/* load_npy(path) */
static int load_npy(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "load_npy", "path");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_npy_read("load_npy", path, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* ---- archives ---- */

static const char archive_type[] = "snn.npz";

static int close_archive(lua_State *L)
{
    snn_npz **npz = luaL_checkudata(L, 1, archive_type);
    snn_npz_close(*npz);
    *npz = NULL;
    return 0;
}

/* An archive that the collector closes, should an error come between. */
static snn_npz **push_archive(lua_State *L)
{
    snn_npz **npz = lua_newuserdatauv(L, sizeof *npz, 0);
    *npz = NULL;
    if (luaL_newmetatable(L, archive_type)) {
        lua_pushcfunction(L, close_archive);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    return npz;
}

/* Sets table[name] for member i, the table on top; closes the archive before
   an error. */
static void load_member(lua_State *L, snn_npz **npz, int64_t i)
{
    snn_fail fail;
    size_t size;
    const char *name = snn_npz_name(*npz, i, &size);
    lua_pushlstring(L, name, size);
    snn_tensor *out = snn_push_tensor(L);
    snn_status status = snn_npz_read(*npz, i, &fail, out);
    if (status) {
        snn_npz_close(*npz);
        *npz = NULL;
        snn_raise(L, &fail);
    }
    snn_tensor_done(L);
    lua_rawset(L, -3);
}

/* load_npz(path): a table name -> tensor */
static int load_npz(lua_State *L)
{
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, "load_npz", "path");
    snn_npz **npz = push_archive(L);
    snn_must(L, snn_npz_open("load_npz", path, &fail, npz), &fail);
    int64_t count = snn_npz_count(*npz);
    lua_newtable(L);
    for (int64_t i = 0; i < count; i++) load_member(L, npz, i);
    snn_npz_close(*npz);
    *npz = NULL;
    return 1;
}

static const luaL_Reg functions[] = {
    { "save_npy", save_npy },
    { "load_npy", load_npy },
    { "load_npz", load_npz },
    { NULL, NULL },
};

void snn_open_npy(lua_State *L) { luaL_setfuncs(L, functions, 0); }
