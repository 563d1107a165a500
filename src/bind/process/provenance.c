/* What a saved file tells of the process that wrote it, for Lua
   (lua/snn/provenance.lua): tools.machine, tools.blas, tools.digest. */
#include <lauxlib.h>
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

/* digest(path): of a file, and the name of the method; nil: not of this one */
static int digest(lua_State *L)
{
    char text[SNN_DIGEST_TEXT];
    if (!snn_digest_file(luaL_checkstring(L, 1), text)) return 0;
    lua_pushstring(L, text);
    lua_pushstring(L, snn_digest_kind());
    return 2;
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
    { "digest", digest },
    { "machine", machine },
    { NULL, NULL },
};

void snn_open_provenance(lua_State *L)
{
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
