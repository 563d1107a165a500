/* snn.save_png. */
#include <lauxlib.h>
#include <lua.h>
#include <math.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "io/png.h"
#include "util/number.h"

static const char where[] = "save_png";

/* A finite number, or NaN when the option is absent. */
static double grey_option(lua_State *L, int options, const char *key)
{
    if (!snn_option(L, options, key)) return NAN;
    double v = snn_arg_number(L, -1, where, key);
    if (!isfinite(v))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be finite, got %s", where,
                  key, snn_describe(L, -1));
    lua_pop(L, 1);
    return v;
}

/* save_png(path, tensor [, { min=, max=, columns= }]) */
static int save_png(lua_State *L)
{
    static const char *const known[] = { "min", "max", "columns", NULL };
    snn_fail fail;
    const char *path = snn_arg_path(L, 1, where, "path");
    const snn_tensor *t = snn_arg_tensor(L, 2, where, "tensor");
    int options = snn_arg_options(L, 3, where, known);
    snn_png_options chosen = {
        .min = grey_option(L, options, "min"),
        .max = grey_option(L, options, "max"),
        .columns = snn_option_integer(L, options, where, "columns", 1,
                                      INT64_MAX, 0),
    };
    if (chosen.min > chosen.max)
        snn_error(L, SNN_VALUE_ERROR, "%s: 'min' (%s) is above 'max' (%s)",
                  where, snn_real(chosen.min).text, snn_real(chosen.max).text);
    snn_must(L, snn_png_save(path, t, &chosen, &fail), &fail);
    return 0;
}

void snn_open_picture(lua_State *L);

void snn_open_picture(lua_State *L)
{
    lua_pushcfunction(L, save_png);
    lua_setfield(L, -2, "save_png");
}
