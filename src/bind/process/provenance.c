/* What a saved file tells of the process that wrote it, for Lua
   (lua/snn/provenance.lua): tools.machine, tools.blas, tools.script. */
#include <lauxlib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "io/digest.h"
#include "util/blas.h"
#include "util/isa.h"
#include "util/par.h"
#include "util/rng.h"
#include "util/version.h"

/* Of the script's randomness, whichever generator is in use now. */
static uint64_t seed(void)
{
    snn_rng_key *used = snn_rng_use(NULL);
    const snn_rng_key *state = snn_rng_use(used);
    return state->seed;
}

static const char *instruction_set(void)
{
#define LEVEL_v1 "v1"
#define LEVEL_v3 "v3"
#define LEVEL_v4 "v4"
    static const char *const names[] = SNN_ISA_TABLE(LEVEL);
    return names[snn_isa()];
}

/* Pushes the processor's name, as Linux tells it; nil where it does not. */
static void push_processor(lua_State *L)
{
    static const char key[] = "model name";
    char line[256];
    const char *name = NULL;
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file && !name && fgets(line, sizeof line, file))
        if (strncmp(line, key, sizeof key - 1) == 0)
            name = strchr(line, ':');
    if (file) fclose(file);
    if (!name) {
        lua_pushnil(L);
        return;
    }
    name += strspn(name, ": \t");
    snn_push_plain(L, name, strcspn(name, "\n"));
}

/* blas([loads]): "OpenBLAS 0.3.21 SkylakeX"; nil while it is not loaded, with
   true: where it cannot be. */
static int blas(lua_State *L)
{
    lua_pushstring(L, snn_blas_kernel(lua_toboolean(L, 1)));
    return 1;
}

/* ---- the script ---- */

/* Registry: what is known of it, as it was before it ran. */
static const char script_key;
enum { WORDS = 1, DIGEST, SCRIPT_PARTS = DIGEST };

/* Pushes a copy of the global table `arg`, empty where there is none. */
static void push_words(lua_State *L)
{
    lua_newtable(L);
    int words = lua_gettop(L);
    lua_pushglobaltable(L);
    lua_pushliteral(L, "arg");
    if (lua_rawget(L, -2) == LUA_TTABLE)
        for (lua_pushnil(L); lua_next(L, words + 2);) {
            lua_pushvalue(L, -2);
            lua_insert(L, -2);
            lua_rawset(L, words);
        }
    lua_settop(L, words);
}

/* Pushes the path of the script, by the words on top; nil at the prompt, where the
   program is the first word, and of standard input. */
static const char *push_path(lua_State *L)
{
    lua_rawgeti(L, -1, -1);
    bool is_first = lua_isnil(L, -1);
    lua_pop(L, 1);
    bool is_text = lua_rawgeti(L, -1, 0) == LUA_TSTRING;
    const char *path = is_text && !is_first ? lua_tostring(L, -1) : NULL;
    return path && strcmp(path, "-") != 0 ? path : NULL;
}

/* Notes it: a script may change `arg` and be edited while it runs. */
void snn_open_script(lua_State *L)
{
    char text[SNN_DIGEST_TEXT];
    lua_createtable(L, SCRIPT_PARTS, 0);
    push_words(L);
    const char *path = push_path(L);
    bool is_known = path && snn_digest_file(path, text);
    lua_pop(L, 1);
    lua_rawseti(L, -2, WORDS);
    if (is_known) {
        lua_pushstring(L, text);
        lua_rawseti(L, -2, DIGEST);
    }
    lua_rawsetp(L, LUA_REGISTRYINDEX, &script_key);
}

/* script(): the words of the command line as `arg` has them, and if it is known
   the digest of the script with the name of the method */
static int script(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &script_key);
    lua_rawgeti(L, -1, WORDS);
    lua_rawgeti(L, -2, DIGEST);
    lua_pushstring(L, snn_digest_kind());
    return 3;
}

/* machine(): a new table of strings; what is not known is not in it */
static int machine(lua_State *L)
{
    lua_newtable(L);
    push_processor(L);
    lua_setfield(L, -2, "processor");
    lua_pushstring(L, snn_blas_kernel(false));
    lua_setfield(L, -2, "blas");
    lua_pushstring(L, instruction_set());
    lua_setfield(L, -2, "instruction_set");
    lua_pushfstring(L, "%I", (LUAI_UACINT)seed());
    lua_setfield(L, -2, "seed");
    lua_pushfstring(L, "%d", snn_par_threads());
    lua_setfield(L, -2, "threads");
    lua_pushliteral(L, SNN_VERSION);
    lua_setfield(L, -2, "version");
    return 1;
}

static const luaL_Reg functions[] = {
    { "blas", blas },
    { "machine", machine },
    { "script", script },
    { NULL, NULL },
};

void snn_open_provenance(lua_State *L)
{
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
