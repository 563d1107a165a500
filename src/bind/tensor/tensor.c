/* A tensor's bytes are no business of Lua's collector, which sees a few
   words: it is told of them (snn_feel_bytes), and steps as they come. */
#include "bind/tensor/tensor.h"

#include <lauxlib.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/self.h"
#include "util/mem.h"
#include "util/pool.h"

/* Registry, by integers, which are found faster than other keys: the metatable
   of tensors. */
enum { METATABLE = 0x736e6e01 };
static const char methods_key; /* registry: their methods */

/* The userdata. The tag tells it from all others without a look into tables. */
typedef struct boxed {
    const void *tag;
    snn_tensor tensor;
} boxed;
static const char tensor_tag;

static boxed *box_at(lua_State *L, int index)
{
    boxed *box = lua_touserdata(L, index);
    if (!box || lua_rawlen(L, index) != sizeof *box) return NULL;
    return box->tag == &tensor_tag ? box : NULL;
}

/* What was handed out since the collector last made a step for it. Steps come
   once per STEP_BYTES, so that the bytes which tensors take in turns stay in a
   processor's second cache; of large tensors only after STEP_PIECES of them:
   else those that a loop holds would be alive at several steps, and old to the
   generational collector. */
/* Measured: z = x + y of 10^6 elements in a loop 370 to 138 us, peak memory at
   10^7 320 to 200 MB; a window of ten tensors of 800 kB 1.9 GB to 77 MiB, which is
   LEAST_GROWTH's doing. */
static size_t handed_out;
static int pieces;
enum { STEP_BYTES = 1 << 19, STEP_PIECES = 4, MOST_STEP_BYTES = 8 << 20 };
/* The engine's bytes from which on all garbage is collected: a step of the
   generational collector looks at new objects only, and a tensor that lived for
   a while would stay. */
enum { LEAST_GROWTH = 48 << 20 };
static size_t full_at = LEAST_GROWTH;

/* The engine's bytes but for those that wait for their next use. */
static size_t bytes_in_use(void) { return snn_mem_bytes() - snn_pool_idle(); }

/* Garbage may take as much again as what is live. */
static void set_full_at(bool after_all)
{
    size_t bytes = bytes_in_use();
    size_t at = bytes + (bytes > LEAST_GROWTH ? bytes : LEAST_GROWTH);
    if (after_all || at < full_at) full_at = at;
}

static int do_nothing(lua_State *L)
{
    (void)L;
    return 0;
}

/* Whether Lua can call a function here without more memory: a finalizer that it
   cannot call never runs, and what it holds is lost. The call leaves its frame. */
static bool has_frame(lua_State *L)
{
    if (!lua_checkstack(L, 2 * LUA_MINSTACK)) return false;
    lua_pushcfunction(L, do_nothing);
    if (lua_pcall(L, 0, 0, 0) == LUA_OK) return true;
    snn_swallow(L);
    return false;
}

static void step_when_due(lua_State *L)
{
    if (handed_out < (pieces < STEP_PIECES ? MOST_STEP_BYTES : STEP_BYTES)) return;
    if (!has_frame(L)) return;
    int kib = (int)(handed_out / 1024 < 1 << 30 ? handed_out / 1024 : 1 << 30);
    handed_out = 0;
    pieces = 0;
    bool all = bytes_in_use() >= full_at;
    if (all)
        lua_gc(L, LUA_GCCOLLECT);
    else
        lua_gc(L, LUA_GCSTEP, kib);
    set_full_at(all);
}

void snn_feel_bytes(lua_State *L, size_t bytes)
{
    handed_out += bytes;
    pieces++;
    step_when_due(L);
}

/* Steps are made before a tensor comes, not after: that of a loop, which lives
   until the next one takes its place, would live through two, and the
   generational collector would take it for old. */
snn_tensor *snn_push_tensor(lua_State *L)
{
    step_when_due(L);
    boxed *box = lua_newuserdatauv(L, sizeof *box, 0);
    box->tag = &tensor_tag;
    box->tensor = SNN_NO_TENSOR;
    lua_rawgeti(L, LUA_REGISTRYINDEX, METATABLE);
    lua_setmetatable(L, -2);
    return &box->tensor;
}

void snn_tensor_given(const snn_tensor *t)
{
    handed_out += t->storage->block->bytes + sizeof *t;
    pieces++;
}

int snn_tensor_done(lua_State *L)
{
    const boxed *box = lua_touserdata(L, -1);
    snn_tensor_given(&box->tensor);
    return 1;
}

int snn_push_shared(lua_State *L, const snn_tensor *t, bool is_field)
{
    snn_fail fail;
    snn_tensor *slot = snn_push_tensor(L);
    snn_must(L, snn_tensor_share(t, is_field, &fail, slot), &fail);
    return snn_tensor_done(L);
}

snn_tensor *snn_test_tensor(lua_State *L, int index)
{
    boxed *box = box_at(L, index);
    return box && !snn_tensor_is_empty(&box->tensor) ? &box->tensor : NULL;
}

snn_tensor *snn_test_empty_tensor(lua_State *L, int index)
{
    boxed *box = box_at(L, index);
    return box ? &box->tensor : NULL;
}

snn_tensor *snn_arg_tensor(lua_State *L, int index, const char *where,
                           const char *name)
{
    snn_tensor *t = snn_test_tensor(L, index);
    if (t) return t;
    if (box_at(L, index))
        snn_error(L, SNN_RUNTIME_ERROR, "%s: '%s' is a deleted tensor", where,
                  name);
    if (strcmp(name, "self") == 0)
        snn_error_self(L, index, where, "a tensor", NULL);
    snn_arg_error(L, where, name, "a tensor", index);
    return NULL;
}

snn_tensor *snn_arg_target(lua_State *L, int index, const char *where)
{
    snn_tensor *t = snn_arg_tensor(L, index, where, "self");
    if (t->storage->is_field)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: this tensor was read from a module's field and cannot "
                  "be changed in place; assign a new one (conn.weight = "
                  "conn.weight:clamp(0, 1)) or clone() it first",
                  where);
    return t;
}

static int collect(lua_State *L)
{
    boxed *box = box_at(L, 1);
    if (box) snn_tensor_clear(&box->tensor);
    return 0;
}

void snn_tensor_methods(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &methods_key);
}

void snn_open_tensor(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &methods_key);
    luaL_newmetatable(L, "Tensor");
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawseti(L, LUA_REGISTRYINDEX, METATABLE);
}
