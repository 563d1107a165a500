/* tools.folder: what is in a folder, for names of files that a user begins to
   type. */
#include <dirent.h>
#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "bind/lua/open.h"
#include "bind/lua/tools.h"

/* A folder, or a link to one. */
static bool is_folder(DIR *dir, const struct dirent *entry)
{
    struct stat about;
    if (entry->d_type == DT_DIR) return true;
    if (entry->d_type != DT_LNK && entry->d_type != DT_UNKNOWN) return false;
    return fstatat(dirfd(dir), entry->d_name, &about, 0) == 0 &&
           S_ISDIR(about.st_mode);
}

/* Ends the folder that a to-be-closed value holds. */
static int close_folder(lua_State *L)
{
    DIR **dir = lua_touserdata(L, 1);
    if (*dir) closedir(*dir);
    *dir = NULL;
    return 0;
}

static DIR *open_folder(lua_State *L, const char *path)
{
    DIR **dir = lua_newuserdatauv(L, sizeof *dir, 0);
    *dir = NULL;
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, close_folder);
    lua_setfield(L, -2, "__close");
    lua_pushcfunction(L, close_folder);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    lua_toclose(L, -1);
    *dir = opendir(path);
    return *dir;
}

static bool is_dots(const char *name)
{
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* folder(path, prefix, most): a list of the names in it that begin so, folders
   with a "/" at their end, at most so many; empty where it cannot be read. */
static int folder(lua_State *L)
{
    size_t length;
    const char *path = luaL_checkstring(L, 1);
    const char *prefix = luaL_checklstring(L, 2, &length);
    lua_Integer most = luaL_checkinteger(L, 3), n = 0;
    lua_settop(L, 3);
    lua_newtable(L);
    DIR *dir = open_folder(L, path);
    for (struct dirent *e; dir && n < most && (e = readdir(dir)) != NULL;) {
        if (strncmp(e->d_name, prefix, length) != 0 || is_dots(e->d_name))
            continue;
        if (is_folder(dir, e))
            lua_pushfstring(L, "%s/", e->d_name);
        else
            lua_pushstring(L, e->d_name);
        lua_rawseti(L, 4, ++n);
    }
    lua_settop(L, 5);
    lua_pushvalue(L, 4);
    return 1;
}

void snn_open_folder(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, folder);
    lua_setfield(L, -2, "folder");
    lua_pop(L, 1);
}
