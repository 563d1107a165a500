/* One walk of a descriptor for each purpose: known keys, missing ones, types
   and ranges, relations between fields, then the texts of tostring and help.
   */
#include "bind/lua/fields.h"

#include <math.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/later.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "bind/object/unknown.h"
#include "util/number.h"
#include "util/word.h"

enum { MOST_MODULE_DIMS = SNN_MAX_DIMS - 2 }; /* batch and one more in front */

static int unknown(lua_State *L, const char *where, const snn_field *fields,
                   const char *key)
{
    lua_newtable(L);
    for (int i = 1; fields->name; fields++, i++) {
        lua_pushstring(L, fields->name);
        lua_rawseti(L, -2, i);
    }
    return snn_unknown_key(L, where, "argument", key);
}

static void check_keys(lua_State *L, int index, const char *where,
                       const snn_field *fields)
{
    if (!lua_istable(L, index))
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: arguments come in one table of names, got %s", where,
                  snn_describe(L, index));
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            snn_error(L, SNN_TYPE_ERROR,
                      "%s: arguments are named, got the key %s", where,
                      snn_describe(L, -1));
        if (!snn_field_find(fields, lua_tostring(L, -1)))
            unknown(L, where, fields, lua_tostring(L, -1));
    }
}

/* All required ones are there, else an error that names the others, with their
   units. */
static void check_there(lua_State *L, int index, const char *where,
                        const snn_field *fields)
{
    int missing = 0;
    lua_newtable(L);
    int list = lua_gettop(L);
    for (const snn_field *f = fields; f->name; f++) {
        bool is_there =
            f->optional || lua_getfield(L, index, f->name) != LUA_TNIL ||
            (f->either && lua_getfield(L, index, f->either) != LUA_TNIL);
        lua_settop(L, list);
        if (is_there) continue;
        lua_pushstring(L, f->name);
        lua_rawseti(L, list, 2 * missing + 1);
        if (f->unit)
            lua_pushfstring(L, "%s; %s", f->unit, f->doc);
        else
            lua_pushstring(L, f->doc);
        if (f->either) {
            lua_pushfstring(L, "; or '%s'", f->either);
            lua_concat(L, 2);
        }
        lua_rawseti(L, list, 2 * ++missing);
    }
    if (missing) snn_error_missing(L, where, missing);
    lua_pop(L, 1);
}

/* Of two arguments of which one is given in place of the other. */
static void check_either(lua_State *L, int index, const char *where,
                         const snn_field *fields)
{
    int top = lua_gettop(L);
    for (const snn_field *f = fields; f->name; f++) {
        if (!f->either || f->optional) continue;
        if (lua_getfield(L, index, f->name) != LUA_TNIL &&
            lua_getfield(L, index, f->either) != LUA_TNIL)
            snn_error(L, SNN_VALUE_ERROR,
                      "%s: '%s' is given in place of '%s': give one of them",
                      where, f->either, f->name);
        lua_settop(L, top);
    }
}

/* Steps are of the order of a millisecond, which is 0.001 s. */
static const double SHORT_STEP = 1e-3; /* ms */

/* The object is at 1, also where it is made. */
static void warn_of_seconds(lua_State *L, const char *where, const snn_field *f,
                            double v)
{
    lua_pushfstring(L, "%s: '%s' is %s ms: times are in ms, 1 and not 0.001",
                    where, f->name, snn_real(v).text);
    snn_warn_about(L, 1, "step_time");
}

double snn_arg_real(lua_State *L, int index, const char *where,
                    const snn_field *f)
{
    double v = snn_arg_number(L, index, where, f->name);
    if (!snn_in_range(v, f->range))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be %s, got %s", where,
                  f->name, snn_range_text(f->range), snn_real(v).text);
    if (v <= SHORT_STEP && snn_word_find("step_time dt", f->name) >= 0)
        warn_of_seconds(L, where, f, v);
    return v;
}

/* The number on top for the double at `offset`, or of a tensor the first. */
static double read_real(lua_State *L, const char *where, const snn_field *f,
                        size_t offset, snn_each_list *each)
{
    if (each && f->each && snn_test_tensor(L, -1))
        return snn_each_add(L, where, f, offset, each);
    return snn_arg_real(L, -1, where, f);
}

static size_t offset_of(const snn_field *f, int k)
{
    return f->offset + offsetof(snn_reals, value) + (size_t)k * sizeof(double);
}

static void read_reals(lua_State *L, const char *where, const snn_field *f,
                       snn_reals *out, snn_each_list *each)
{
    if (!lua_istable(L, -1)) {
        out->count = 1;
        out->value[0] = read_real(L, where, f, offset_of(f, 0), each);
        return;
    }
    lua_Unsigned n = lua_rawlen(L, -1);
    if (n < 1 || n > SNN_MOST_REALS)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: '%s' must be a number or a list of 1 to %d, got %d",
                  where, f->name, SNN_MOST_REALS, (int)(n < 9999 ? n : 9999));
    out->count = (int)n;
    for (int i = 0; i < out->count; i++) {
        lua_rawgeti(L, -1, i + 1);
        out->value[i] = read_real(L, where, f, offset_of(f, i), each);
        lua_pop(L, 1);
    }
}

int snn_arg_choice(lua_State *L, int index, const char *where,
                   const snn_field *f)
{
    const char *word = snn_arg_string(L, index, where, f->name);
    int i = snn_word_find(f->choices, word);
    if (i < 0)
        snn_error(L, f->wrong_choice ? f->wrong_choice : SNN_VALUE_ERROR,
                  "%s: '%s' must be one of: %s; got '%s'", where, f->name,
                  f->choices, word);
    return i;
}

static snn_dtype read_dtype(lua_State *L, const char *where,
                            const snn_field *f)
{
    snn_dtype dtype = snn_arg_dtype(L, -1, where, f->name);
    if (!snn_dtype_is_real(dtype))
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: '%s' must be 'float32' or 'float64', got '%s'", where,
                  f->name, snn_dtype_name(dtype));
    return dtype;
}

/* A shape whose elements can be counted. */
static snn_shape read_sizes(lua_State *L, const char *where,
                            const snn_field *f)
{
    snn_fail fail;
    snn_shape shape =
        snn_arg_shape(L, -1, where, f->name,
                      f->range == SNN_NOT_NEGATIVE ? 0 : 1, MOST_MODULE_DIMS);
    snn_must(L, snn_shape_check(&shape, SNN_FLOAT64, where, &fail), &fail);
    return shape;
}

static void set_default(const snn_field *f, void *at)
{
    switch (f->type) {
    case SNN_REAL: *(double *)at = f->either ? (double)NAN : f->otherwise; break;
    case SNN_REALS:
        *(snn_reals *)at = (snn_reals){ .count = 1, .value = { f->otherwise } };
        break;
    case SNN_COUNT: *(int64_t *)at = (int64_t)f->otherwise; break;
    case SNN_FLAG: *(bool *)at = f->otherwise != 0; break;
    case SNN_CHOICE: *(int *)at = (int)f->otherwise; break;
    case SNN_SIZES:
        *(snn_shape *)at =
            (snn_shape){ .ndim = 1, .size = { (int64_t)f->otherwise } };
        break;
    case SNN_DTYPE: *(snn_dtype *)at = SNN_FLOAT32; break;
    case SNN_OTHER: break;
    }
}

/* The value on top into its place. */
static void read_one(lua_State *L, const char *where, const snn_field *f,
                     void *at, snn_each_list *each)
{
    if (f->or_false && lua_isboolean(L, -1) && !lua_toboolean(L, -1)) {
        set_default(f, at);
        return;
    }
    switch (f->type) {
    case SNN_REAL: 
        *(double *)at = read_real(L, where, f, f->offset, each);
        break;
    case SNN_REALS: read_reals(L, where, f, at, each); break;
    case SNN_COUNT:
        *(int64_t *)at = snn_arg_integer(
            L, -1, where, f->name, f->range == SNN_POSITIVE ? 1 : 0, INT64_MAX);
        break;
    case SNN_FLAG: *(bool *)at = snn_arg_bool(L, -1, where, f->name); break;
    case SNN_CHOICE: *(int *)at = snn_arg_choice(L, -1, where, f); break;
    case SNN_SIZES: *(snn_shape *)at = read_sizes(L, where, f); break;
    case SNN_DTYPE: *(snn_dtype *)at = read_dtype(L, where, f); break;
    case SNN_OTHER: break;
    }
}

static void check_order(lua_State *L, const char *where,
                        const snn_field *fields, const char *args,
                        const snn_each_list *each)
{
    static const snn_each_list none = { .count = 0 };
    for (const snn_field *f = fields; f->name; f++) {
        if (!f->below && !f->at_most) continue;
        const snn_field *g = snn_field_find(fields, f->below ? f->below : f->at_most);
        snn_each_check_order(L, where, f, g, args, each ? each : &none);
    }
}

static void read_fields(lua_State *L, int index, const char *where,
                        const snn_field *fields, void *args,
                        snn_each_list *each)
{
    check_keys(L, index, where, fields);
    check_there(L, index, where, fields);
    check_either(L, index, where, fields);
    for (const snn_field *f = fields; f->name; f++) {
        void *at = (char *)args + f->offset;
        if (lua_getfield(L, index, f->name) != LUA_TNIL)
            read_one(L, where, f, at, each);
        else
            set_default(f, at);
        lua_pop(L, 1);
    }
    check_order(L, where, fields, args, each);
}

void snn_read_fields(lua_State *L, int index, const char *where,
                     const snn_field *fields, void *args)
{
    read_fields(L, lua_absindex(L, index), where, fields, args, NULL);
}

void snn_read_fields_each(lua_State *L, int index, const char *where,
                          const snn_field *fields, void *args,
                          snn_each_list *each)
{
    index = lua_absindex(L, index);
    const void *shape = (const char *)args + fields->offset;
    snn_each_begin(L, shape, each);
    read_fields(L, index, where, fields, args, each);
}

void snn_read_field(lua_State *L, const char *where, const snn_field *fields,
                    size_t offset, void *args)
{
    while (fields->offset != offset) fields++;
    read_one(L, where, fields, (char *)args + offset, NULL);
}

void snn_read_field_each(lua_State *L, const char *where,
                         const snn_field *fields, const snn_field *f,
                         void *args, snn_each_list *each)
{
    read_one(L, where, f, (char *)args + f->offset, each);
    check_order(L, where, fields, args, each);
}

snn_batch_reduction snn_arg_batch_reduction(lua_State *L, int index,
                                            const char *where,
                                            const snn_field *f)
{
    if (lua_type(L, index) == LUA_TSTRING)
        return (snn_batch_reduction)snn_arg_choice(L, index, where, f);
    if (lua_type(L, index) != LUA_TFUNCTION)
        snn_arg_error(L, where, f->name, "a name or a function", index);
    return SNN_BATCH_CALLBACK;
}

snn_batch_reduction snn_read_batch_reduction(lua_State *L, int index,
                                             const char *where,
                                             const snn_field *f)
{
    snn_batch_reduction reduction = SNN_BATCH_MEAN;
    if (lua_getfield(L, index, f->name) != LUA_TNIL)
        reduction = snn_arg_batch_reduction(L, -1, where, f);
    lua_pop(L, 1);
    return reduction;
}

/* ---- text ---- */

static void add_shape(lua_State *L, luaL_Buffer *b, const snn_shape *shape)
{
    luaL_addchar(b, '{');
    for (int i = 0; i < shape->ndim; i++) {
        if (i) luaL_addstring(b, ", ");
        lua_pushinteger(L, shape->size[i]);
        luaL_addvalue(b);
    }
    luaL_addchar(b, '}');
}

static void add_number(lua_State *L, luaL_Buffer *b, double v)
{
    lua_pushstring(L, snn_real(v).text);
    luaL_addvalue(b);
}

/* The number at `offset`, or the shape of the tensor in its place. */
static void add_real(lua_State *L, luaL_Buffer *b, const char *args,
                     size_t offset, const snn_each *each, int count)
{
    const snn_each *one = snn_each_find(each, count, offset);
    if (!one) {
        add_number(L, b, *(const double *)(const void *)(args + offset));
        return;
    }
    luaL_addstring(b, "tensor");
    add_shape(L, b, &one->value.shape);
}

static void add_reals(lua_State *L, luaL_Buffer *b, const snn_field *f,
                      const char *args, const snn_each *each, int count)
{
    int n = ((const snn_reals *)(const void *)(args + f->offset))->count;
    if (n > 1) luaL_addchar(b, '{');
    for (int i = 0; i < n; i++) {
        if (i) luaL_addstring(b, ", ");
        add_real(L, b, args, offset_of(f, i), each, count);
    }
    if (n > 1) luaL_addchar(b, '}');
}

/* Word i of the list; it ends at a space. */
static const char *choice(const char *choices, int i)
{
    for (; i > 0; i--) {
        choices += strcspn(choices, " ");
        choices += strspn(choices, " ");
    }
    return choices;
}

static void add_choice(luaL_Buffer *b, const char *choices, int i)
{
    choices = choice(choices, i);
    luaL_addchar(b, '"');
    luaL_addlstring(b, choices, strcspn(choices, " "));
    luaL_addchar(b, '"');
}

static void add_one(lua_State *L, luaL_Buffer *b, const snn_field *f,
                    const char *args, const snn_each *each, int count)
{
    const void *at = args + f->offset;
    switch (f->type) {
    case SNN_REAL: add_real(L, b, args, f->offset, each, count); break;
    case SNN_REALS: add_reals(L, b, f, args, each, count); break;
    case SNN_COUNT: add_number(L, b, (double)*(const int64_t *)at); break;
    case SNN_FLAG: luaL_addstring(b, *(const bool *)at ? "true" : "false"); break;
    case SNN_CHOICE: add_choice(b, f->choices, *(const int *)at); break;
    case SNN_SIZES: add_shape(L, b, at); break;
    case SNN_DTYPE:
        luaL_addchar(b, '"');
        luaL_addstring(b, snn_dtype_name(*(const snn_dtype *)at));
        luaL_addchar(b, '"');
        break;
    case SNN_OTHER: break;
    }
}

void snn_push_fields_text(lua_State *L, const char *name,
                          const snn_field *fields, const void *args)
{
    snn_push_fields_text_each(L, name, fields, args, NULL, 0);
}

void snn_push_fields_text_each(lua_State *L, const char *name,
                               const snn_field *fields, const void *args,
                               const snn_each *each, int count)
{
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    luaL_addstring(&b, name);
    luaL_addchar(&b, '(');
    bool first = true;
    for (const snn_field *f = fields; f->name; f++) {
        if (f->type == SNN_OTHER || snn_field_is_replaced(f, args)) continue;
        if (!first) luaL_addstring(&b, ", ");
        first = false;
        luaL_addstring(&b, f->name);
        luaL_addchar(&b, '=');
        add_one(L, &b, f, args, each, count);
    }
    luaL_addchar(&b, ')');
    luaL_pushresult(&b);
}

/* ---- values and descriptions ---- */

static void push_real(lua_State *L, const char *args, size_t offset,
                      const snn_each *each, int count)
{
    const snn_each *one = snn_each_find(each, count, offset);
    if (one)
        snn_push_shared(L, &one->value, true);
    else
        lua_pushnumber(L, *(const double *)(const void *)(args + offset));
}

static void push_reals(lua_State *L, const snn_field *f, const char *args,
                       const snn_each *each, int count)
{
    int n = ((const snn_reals *)(const void *)(args + f->offset))->count;
    if (n == 1) {
        push_real(L, args, offset_of(f, 0), each, count);
        return;
    }
    lua_createtable(L, n, 0);
    for (int i = 0; i < n; i++) {
        push_real(L, args, offset_of(f, i), each, count);
        lua_rawseti(L, -2, i + 1);
    }
}

void snn_push_choice(lua_State *L, const char *choices, int i)
{
    choices = choice(choices, i);
    lua_pushlstring(L, choices, strcspn(choices, " "));
}

void snn_push_field(lua_State *L, const snn_field *f, const void *args)
{
    snn_push_field_each(L, f, args, NULL, 0);
}

/* A number that may be false, and whose default lies out of its range. */
static bool is_absent(const snn_field *f, const void *at)
{
    return f->or_false && f->type == SNN_REAL &&
           !snn_in_range(*(const double *)at, f->range);
}

void snn_push_field_each(lua_State *L, const snn_field *f, const void *args,
                         const snn_each *each, int count)
{
    const void *at = (const char *)args + f->offset;
    if (is_absent(f, at)) {
        lua_pushboolean(L, false);
        return;
    }
    if (snn_field_is_replaced(f, args)) {
        lua_pushnil(L);
        return;
    }
    switch (f->type) {
    case SNN_REAL: push_real(L, args, f->offset, each, count); break;
    case SNN_REALS: push_reals(L, f, args, each, count); break;
    case SNN_COUNT: lua_pushinteger(L, *(const int64_t *)at); break;
    case SNN_FLAG: lua_pushboolean(L, *(const bool *)at); break;
    case SNN_CHOICE: snn_push_choice(L, f->choices, *(const int *)at); break;
    case SNN_SIZES: snn_push_shape(L, at); break;
    case SNN_DTYPE:
        lua_pushstring(L, snn_dtype_name(*(const snn_dtype *)at));
        break;
    case SNN_OTHER: lua_pushnil(L); break;
    }
}

static const char *const type_text[] = {
    [SNN_REAL] = "number",         [SNN_REALS] = "number or list",
    [SNN_COUNT] = "integer",       [SNN_FLAG] = "boolean",
    [SNN_CHOICE] = "string",       [SNN_SIZES] = "integer or list",
    [SNN_DTYPE] = "string",        [SNN_OTHER] = "any",
};

/* The type, with the tensors that it may be. */
static const char *text_of(const snn_field *f)
{
    if (!f->each) return type_text[f->type];
    return f->type == SNN_REALS ? "number, tensor or list" : "number or tensor";
}

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (!text) return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, key);
}

/* The default of an optional argument, nil where it has none. */
static void push_default(lua_State *L, const snn_field *f)
{
    if (is_absent(f, &f->otherwise)) {
        lua_pushboolean(L, false);
        return;
    }
    switch (f->type) {
    case SNN_REAL:
    case SNN_REALS: lua_pushnumber(L, f->otherwise); break;
    case SNN_COUNT: lua_pushinteger(L, (lua_Integer)f->otherwise); break;
    case SNN_FLAG: lua_pushboolean(L, f->otherwise != 0); break;
    case SNN_CHOICE: snn_push_choice(L, f->choices, (int)f->otherwise); break;
    case SNN_DTYPE: lua_pushliteral(L, "float32"); break;
    default: lua_pushnil(L); break;
    }
}

/* (fields) -> the list */
static int fields_list(lua_State *L)
{
    const snn_field *fields = lua_touserdata(L, 1);
    lua_newtable(L);
    for (const snn_field *f = fields; f->name; f++) {
        lua_newtable(L);
        set_text(L, "name", f->name);
        set_text(L, "type", text_of(f));
        set_text(L, "unit", f->unit);
        set_text(L, "doc", f->doc);
        set_text(L, "example", f->example);
        set_text(L, "other", f->other);
        set_text(L, "below", f->below);
        set_text(L, "at_most", f->at_most);
        set_text(L, "choices", f->choices);
        if (f->range != SNN_ANY) set_text(L, "range", snn_range_text(f->range));
        set_text(L, "set_as", f->set_as);
        set_text(L, "either", f->either);
        lua_pushboolean(L, f->optional);
        lua_setfield(L, -2, "optional");
        lua_pushboolean(L, snn_field_is_fixed(f));
        lua_setfield(L, -2, "fixed");
        if (f->optional) {
            push_default(L, f);
            lua_setfield(L, -2, "default");
        }
        lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    }
    return 1;
}

void snn_push_fields_list(lua_State *L, const snn_field *fields)
{
    snn_push_later(L, fields_list, fields);
}

void snn_open_model(lua_State *L, const snn_class *cls, const char *family,
                    const char *equations, const char *source,
                    const char *example, const snn_field *fields)
{
    snn_open_class(L, cls);
    snn_note_model(L, family, cls->name);
    snn_push_class(L, cls);
    set_text(L, "summary", cls->summary);
    set_text(L, "equations", equations);
    set_text(L, "source", source);
    set_text(L, "example", example);
    snn_push_fields_list(L, fields);
    lua_setfield(L, -2, "arguments");
    lua_pop(L, 1);
}
