/* snn.data, the part in C: files and generated pictures as tensors. Sets and
   loaders are made of them in lua/snn/data.lua. */
#include <lauxlib.h>
#include <lua.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "io/glyphs.h"
#include "io/idx.h"
#include "util/number.h"

/* The path at an index, options behind it. */
static int read_idx(lua_State *L, int path_index, const char *where,
                    snn_idx_mode mode)
{
    static const char *const known[] = { "max_ratio", NULL };
    snn_fail fail;
    const char *path = snn_arg_path(L, path_index, where, "path");
    int options = snn_arg_options(L, path_index + 1, where, known);
    double ratio = snn_option_ratio(L, options, where);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_idx_read(where, path, mode, ratio, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* idx(path [, { max_ratio = }]): the values as stored. */
static int data_idx(lua_State *L)
{
    return read_idx(L, 1, "data.idx", SNN_IDX_STORED);
}

/* tools.read_idx(where, path, options): the same under another name in errors. */
static int tool_read_idx(lua_State *L)
{
    return read_idx(L, 2, luaL_checkstring(L, 1), SNN_IDX_STORED);
}

/* tools.read_pixels(where, path, options): unsigned bytes as float32 in [0, 1]. */
static int tool_read_pixels(lua_State *L)
{
    return read_idx(L, 2, luaL_checkstring(L, 1), SNN_IDX_UNIT);
}

/* ---- glyphs ---- */

static const char drawing[] = "data.glyphs";

/* An option from 0 to `most`. */
static double strength(lua_State *L, int options, const char *key, double most,
                       double otherwise)
{
    double v = snn_option_number(L, options, drawing, key, otherwise);
    if (!(v >= 0 && v <= most))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be from 0 to %s, got %s",
                  drawing, key, snn_real(most).text, snn_real(v).text);
    return v;
}

/* The list on top of the stack: different digits. */
static void take_digits(lua_State *L, snn_glyph_options *o)
{
    bool seen[SNN_DIGITS] = { false };
    int list = lua_gettop(L);
    if (!lua_istable(L, list))
        snn_arg_error(L, drawing, "digits", "a list of digits", list);
    lua_Unsigned n = lua_rawlen(L, list);
    if (n < 1 || n > SNN_DIGITS)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'digits' must hold from 1 to 10 digits", drawing);
    o->count = (int)n;
    for (int i = 0; i < o->count; i++) {
        lua_rawgeti(L, list, i + 1);
        int digit = (int)snn_arg_integer(L, -1, drawing, "digits", 0, 9);
        lua_pop(L, 1);
        if (seen[digit])
            snn_error(L, SNN_VALUE_ERROR, "%s: 'digits' has %d twice", drawing,
                      digit);
        seen[digit] = true;
        o->digits[i] = digit;
    }
}

static void choose_digits(lua_State *L, int options, snn_glyph_options *o)
{
    if (snn_option(L, options, "digits")) {
        take_digits(L, o);
        lua_pop(L, 1);
        return;
    }
    for (o->count = 0; o->count < SNN_DIGITS; o->count++)
        o->digits[o->count] = o->count;
}

/* tools.draw_glyphs(options): images, labels. */
static int tool_draw_glyphs(lua_State *L)
{
    static const char *const known[] = { "n",     "seed",   "jitter",
                                         "noise", "digits", NULL };
    snn_fail fail;
    snn_glyph_options o;
    int options = snn_arg_options(L, 1, drawing, known);
    o.n = snn_option_integer(L, options, drawing, "n", 0, INT64_MAX, 1000);
    o.seed = (uint64_t)snn_option_integer(L, options, drawing, "seed",
                                          INT64_MIN, INT64_MAX, 0);
    o.jitter = strength(L, options, "jitter", 4, 1);
    o.noise = strength(L, options, "noise", 1, 0.02);
    choose_digits(L, options, &o);
    snn_tensor *images = snn_push_tensor(L), *labels = snn_push_tensor(L);
    snn_must(L, snn_glyphs_draw(&o, &fail, images, labels), &fail);
    lua_pushvalue(L, -2);
    snn_tensor_done(L);
    lua_insert(L, -2);
    snn_tensor_done(L);
    return 2;
}

static const luaL_Reg functions[] = {
    { "idx", data_idx },
    { NULL, NULL },
};

static const luaL_Reg tools[] = {
    { "draw_glyphs", tool_draw_glyphs },
    { "read_idx", tool_read_idx },
    { "read_pixels", tool_read_pixels },
    { NULL, NULL },
};

void snn_open_data(lua_State *L);

void snn_open_data(lua_State *L)
{
    luaL_newlib(L, functions);
    lua_setfield(L, -2, "data");
    snn_push_tools(L);
    luaL_setfuncs(L, tools, 0);
    lua_pop(L, 1);
}
