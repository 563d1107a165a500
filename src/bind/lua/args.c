/* Each function checks one argument and raises there and then; nothing has
   been changed yet, as a binding fetches all its arguments before it calls
   the engine. */
#include "bind/lua/args.h"

#include <inttypes.h>
#include <string.h>

#include "bind/object/missing.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/self.h"
#include "bind/object/unknown.h"
#include "io/source.h"
#include "util/number.h"

static char none_key; /* its address is the value of snn.none */
static const char shape_key; /* registry: the metatable of lists of sizes */

const char *snn_list_advice(lua_State *L, int index)
{
    bool is_list = lua_istable(L, index) &&
                   luaL_getmetafield(L, index, "__name") == LUA_TNIL;
    return is_list ? " (snn.tensor{...} makes one of a list)" : "";
}

int snn_arg_error(lua_State *L, const char *where, const char *name,
                  const char *wanted, int index)
{
    index = lua_absindex(L, index);
    const char *advice = "";
    const char *came = snn_describe(L, index);
    if (snn_test_object(L, index)) snn_check_called(L);
    if (lua_isnoneornil(L, index))
        advice = snn_push_missing_too(L, where, name, index);
    else if (strstr(wanted, "tensor"))
        advice = snn_list_advice(L, index);
    return snn_error(L, SNN_TYPE_ERROR, "%s: '%s' must be %s, got %s%s", where,
                     name, wanted, came, advice);
}

void snn_check_surplus(lua_State *L, const char *where, int most, int last,
                       int self)
{
    for (int i = most + 1; i <= last; i++) {
        if (lua_isnil(L, i)) continue;
        int takes = most - self;
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: %s is an argument too many (it takes %s%d)", where,
                  snn_describe(L, i), takes > 0 ? "at most " : "", takes);
    }
}

int snn_error_missing(lua_State *L, const char *where, int count)
{
    int list = lua_gettop(L);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    if (count == 1)
        lua_pushfstring(L, "%s: argument ", where);
    else
        lua_pushfstring(L, "%s: %d arguments are missing: ", where, count);
    luaL_addvalue(&b);
    for (int i = 1; i <= count; i++) {
        lua_rawgeti(L, list, 2 * i - 1);
        lua_rawgeti(L, list, 2 * i);
        const char *text = lua_tostring(L, -1);
        lua_pushfstring(L, "%s'%s'%s%s%s%s", i > 1 ? ", " : "",
                        lua_tostring(L, -2), count == 1 ? " is missing" : "",
                        *text ? " (" : "", text, *text ? ")" : "");
        lua_replace(L, -3);
        lua_pop(L, 1);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    return snn_error_text(L, SNN_TYPE_ERROR);
}

int64_t snn_arg_integer(lua_State *L, int index, const char *where,
                        const char *name, int64_t least, int64_t most)
{
    int is_integer = 0;
    lua_Integer v = 0;
    if (lua_type(L, index) == LUA_TNUMBER)
        v = lua_tointegerx(L, index, &is_integer);
    if (!is_integer) snn_arg_error(L, where, name, "an integer", index);
    if (v >= least && v <= most) return v;
    if (most == INT64_MAX)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: '%s' must be at least %" PRId64 ", got %" PRId64, where,
                  name, least, (int64_t)v);
    return snn_error(L, SNN_VALUE_ERROR,
                     "%s: '%s' must be from %" PRId64 " to %" PRId64
                     ", got %" PRId64,
                     where, name, least, most, (int64_t)v);
}

double snn_arg_number(lua_State *L, int index, const char *where,
                      const char *name)
{
    if (lua_type(L, index) != LUA_TNUMBER)
        snn_arg_error(L, where, name, "a number", index);
    return lua_tonumber(L, index);
}

bool snn_arg_bool(lua_State *L, int index, const char *where, const char *name)
{
    if (!lua_isboolean(L, index))
        snn_arg_error(L, where, name, "true or false", index);
    return lua_toboolean(L, index);
}

const char *snn_arg_string(lua_State *L, int index, const char *where,
                           const char *name)
{
    if (lua_type(L, index) != LUA_TSTRING)
        snn_arg_error(L, where, name, "a string", index);
    return lua_tostring(L, index);
}

const char *snn_arg_path(lua_State *L, int index, const char *where,
                         const char *name)
{
    const char *path = snn_arg_string(L, index, where, name);
    size_t size = lua_rawlen(L, index);
    if (size > 0 && strlen(path) == size) return path;
    snn_error(L, SNN_VALUE_ERROR, "%s: '%s' %s and names no file", where, name,
              size ? "has a zero byte" : "is empty");
    return NULL;
}

snn_dtype snn_arg_dtype(lua_State *L, int index, const char *where,
                        const char *name)
{
    const char *text = snn_arg_string(L, index, where, name);
    snn_dtype dtype;
    if (snn_dtype_find(text, &dtype)) return dtype;
    return (snn_dtype)snn_error(
        L, SNN_VALUE_ERROR,
        "%s: '%s' must be 'float32', 'float64', 'int64' or 'bool', got '%s'",
        where, name, text);
}

int snn_arg_dim(lua_State *L, int index, const char *where, int ndim)
{
    int64_t d = snn_arg_integer(L, index, where, "dim", INT64_MIN, INT64_MAX);
    if (d >= 1 && d <= ndim) return (int)d - 1;
    if (d <= -1 && d >= -ndim) return (int)d + ndim;
    if (ndim == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'dim' is %" PRId64 ", a tensor without dimensions "
                  "takes none",
                  where, d);
    return snn_error(L, SNN_VALUE_ERROR,
                     "%s: 'dim' is %" PRId64
                     ", a tensor with %d dimensions takes 1 to %d or -%d to -1",
                     where, d, ndim, ndim, ndim);
}

unsigned snn_arg_dims(lua_State *L, int index, const char *where, int ndim)
{
    if (lua_isnoneornil(L, index)) return (1u << ndim) - 1;
    if (lua_type(L, index) == LUA_TNUMBER)
        return 1u << snn_arg_dim(L, index, where, ndim);
    if (!lua_istable(L, index))
        snn_arg_error(L, where, "dim", "an integer or a list of integers",
                      index);
    lua_Unsigned n = lua_rawlen(L, index);
    if (n == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'dim' is an empty list; leave it out to take all "
                  "dimensions",
                  where);
    unsigned dims = 0;
    for (lua_Unsigned i = 1; i <= n; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        int d = snn_arg_dim(L, -1, where, ndim);
        lua_pop(L, 1);
        if (dims >> d & 1)
            snn_error(L, SNN_VALUE_ERROR, "%s: 'dim' has dimension %d twice",
                      where, d + 1);
        dims |= 1u << d;
    }
    return dims;
}

snn_shape snn_arg_shape(lua_State *L, int index, const char *where,
                        const char *name, int64_t least, int most_dims)
{
    snn_shape shape = { .ndim = 0 };
    if (lua_type(L, index) == LUA_TNUMBER) {
        shape.ndim = 1;
        shape.size[0] =
            snn_arg_integer(L, index, where, name, least, INT64_MAX);
        return shape;
    }
    if (lua_type(L, index) != LUA_TTABLE)
        snn_arg_error(L, where, name, "an integer or a list of integers",
                      index);
    lua_Unsigned n = lua_rawlen(L, index);
    if (n > (lua_Unsigned)most_dims)
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' has %d dimensions, at most %d",
                  where, name, (int)(n < 1000 ? n : 1000), most_dims);
    for (lua_Unsigned i = 1; i <= n; i++) {
        lua_rawgeti(L, index, (lua_Integer)i);
        shape.size[shape.ndim++] =
            snn_arg_integer(L, -1, where, name, least, INT64_MAX);
        lua_pop(L, 1);
    }
    return shape;
}

snn_shape snn_arg_sizes(lua_State *L, int first, const char *where, int *next)
{
    *next = first + 1;
    if (lua_type(L, first) == LUA_TTABLE)
        return snn_arg_shape(L, first, where, "shape", 0, SNN_MAX_DIMS);
    snn_shape shape = { .ndim = 0 };
    for (*next = first; lua_type(L, *next) == LUA_TNUMBER; ++*next) {
        if (shape.ndim == SNN_MAX_DIMS)
            snn_error(L, SNN_VALUE_ERROR, "%s: at most %d dimensions", where,
                      SNN_MAX_DIMS);
        shape.size[shape.ndim++] =
            snn_arg_integer(L, *next, where, "shape", 0, INT64_MAX);
    }
    if (*next == first)
        snn_arg_error(L, where, "shape", "integers or a list of integers",
                      first);
    return shape;
}

static int unknown_key(lua_State *L, const char *where, const char *key,
                       const char *const *known)
{
    lua_newtable(L);
    for (int i = 1; *known; known++, i++) {
        lua_pushstring(L, *known);
        lua_rawseti(L, -2, i);
    }
    return snn_unknown_key(L, where, "option", key);
}

static bool is_known(const char *key, const char *const *known)
{
    for (; *known; known++)
        if (strcmp(key, *known) == 0) return true;
    return false;
}

/* Raises: options are no table. Two that mean something else are told what. */
static void wrong_options(lua_State *L, int index, const char *where,
                          const char *const *known)
{
    const char *came = snn_describe(L, index), *advice = "";
    bool is_dtype = is_known("dtype", known);
    if (lua_type(L, index) == LUA_TSTRING && is_dtype)
        advice = lua_pushfstring(L, ": { dtype = \"%s\" }", lua_tostring(L, index));
    else if (lua_type(L, index) == LUA_TNUMBER && strcmp(where, "tensor") == 0)
        advice = " (several values are a list: snn.tensor{ 1, 2, 3 })";
    snn_error(L, SNN_TYPE_ERROR, "%s: 'options' must be a table, got %s%s", where,
              came, advice);
}

int snn_arg_options(lua_State *L, int index, const char *where,
                    const char *const *known)
{
    if (lua_isnoneornil(L, index)) return 0;
    if (!lua_istable(L, index)) wrong_options(L, index, where, known);
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            snn_error(L, SNN_TYPE_ERROR, "%s: options are named, got the key %s",
                      where, snn_describe(L, -1));
        const char *key = lua_tostring(L, -1);
        if (!is_known(key, known)) unknown_key(L, where, key, known);
    }
    return index;
}

bool snn_option(lua_State *L, int options, const char *key)
{
    if (!options) return false;
    if (lua_getfield(L, options, key) != LUA_TNIL) return true;
    lua_pop(L, 1);
    return false;
}

bool snn_option_bool(lua_State *L, int options, const char *where,
                     const char *key, bool otherwise)
{
    if (!snn_option(L, options, key)) return otherwise;
    bool v = snn_arg_bool(L, -1, where, key);
    lua_pop(L, 1);
    return v;
}

double snn_option_number(lua_State *L, int options, const char *where,
                         const char *key, double otherwise)
{
    if (!snn_option(L, options, key)) return otherwise;
    double v = snn_arg_number(L, -1, where, key);
    lua_pop(L, 1);
    return v;
}

double snn_option_ratio(lua_State *L, int options, const char *where)
{
    double v =
        snn_option_number(L, options, where, "max_ratio", SNN_UNPACK_RATIO);
    if (!(v >= 1))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'max_ratio' must be at least 1 (math.huge: any), got %s",
                  where, snn_real(v).text);
    return v;
}

int64_t snn_option_integer(lua_State *L, int options, const char *where,
                           const char *key, int64_t least, int64_t most,
                           int64_t otherwise)
{
    if (!snn_option(L, options, key)) return otherwise;
    int64_t v = snn_arg_integer(L, -1, where, key, least, most);
    lua_pop(L, 1);
    return v;
}

snn_dtype snn_option_dtype(lua_State *L, int options, const char *where,
                           snn_dtype otherwise)
{
    if (!snn_option(L, options, "dtype")) return otherwise;
    snn_dtype v = snn_arg_dtype(L, -1, where, "dtype");
    lua_pop(L, 1);
    return v;
}

/* A shape, called: what a script has called is a field. */
static int shape_call(lua_State *L) { return snn_error_field(L, "a shape"); }

/* "{2, 3}", of what a script has made of it too. */
static int shape_tostring(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_Integer n = (lua_Integer)lua_rawlen(L, 1);
    luaL_Buffer text;
    luaL_buffinit(L, &text);
    luaL_addchar(&text, '{');
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1) luaL_addstring(&text, ", ");
        lua_rawgeti(L, 1, i);
        luaL_tolstring(L, -1, NULL);
        lua_remove(L, -2);
        luaL_addvalue(&text);
    }
    luaL_addchar(&text, '}');
    luaL_pushresult(&text);
    return 1;
}

/* The same sizes? Also of a plain list: x.shape == {2, 3}. */
static int shape_eq(lua_State *L)
{
    bool same = lua_istable(L, 1) && lua_istable(L, 2) &&
                lua_rawlen(L, 1) == lua_rawlen(L, 2);
    lua_Integer n = same ? (lua_Integer)lua_rawlen(L, 1) : 0;
    for (lua_Integer i = 1; same && i <= n; i++) {
        lua_rawgeti(L, 1, i);
        lua_rawgeti(L, 2, i);
        same = lua_rawequal(L, -1, -2);
        lua_pop(L, 2);
    }
    lua_pushboolean(L, same);
    return 1;
}

void snn_push_shape(lua_State *L, const snn_shape *shape)
{
    lua_createtable(L, shape->ndim, 0);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &shape_key);
    lua_setmetatable(L, -2);
    for (int i = 0; i < shape->ndim; i++) {
        lua_pushinteger(L, shape->size[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

snn_dtype snn_arg_dtype_option(lua_State *L, int index, const char *where,
                               snn_dtype otherwise)
{
    static const char *const known[] = { "dtype", NULL };
    int options = snn_arg_options(L, index, where, known);
    snn_check_surplus(L, where, index, lua_gettop(L), 0);
    return snn_option_dtype(L, options, where, otherwise);
}

bool snn_is_none(lua_State *L, int index)
{
    return lua_touserdata(L, index) == &none_key;
}

void snn_push_none(lua_State *L)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)&none_key);
}

void snn_open_args(lua_State *L)
{
    static const luaL_Reg of_shapes[] = {
        { "__call", shape_call },
        { "__eq", shape_eq },
        { "__tostring", shape_tostring },
        { NULL, NULL },
    };
    luaL_newlib(L, of_shapes);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &shape_key);
    lua_pushlightuserdata(L, &none_key);
    lua_setfield(L, -2, "none");
}
