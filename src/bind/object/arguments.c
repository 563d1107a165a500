/* A new value is read into a copy of the arguments, which the family takes or
   refuses as a whole. */
#include "bind/object/arguments.h"

#include <math.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"

/* ---- reading ---- */

void snn_argument_get(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_arguments *of = object->cls->arguments;
    const snn_field *f = a->field;
    int count = 0;
    if (f->type == SNN_OTHER && of->get) {
        of->get(L, object, f);
    } else if (f->type == SNN_OTHER) {
        snn_get_link(L, 1, f->name);
    } else {
        const snn_each *each = of->each ? of->each(object->self, &count) : NULL;
        snn_push_field_each(L, f, of->args(object->self), each, count);
    }
}

/* The values as scripts read them, of the objects at 1 and 2: both are numbers,
   words or the same tensor or function. */
bool snn_argument_same(lua_State *L, const snn_object *a, const snn_object *b,
                       const snn_field *f)
{
    const snn_arguments *of = a->cls->arguments;
    int top = lua_gettop(L);
    if (f->type == SNN_OTHER) {
        snn_get_link(L, 1, f->name);
        snn_get_link(L, 2, f->name);
    } else {
        snn_push_field(L, f, of->args(a->self));
        snn_push_field(L, f, of->args(b->self));
    }
    bool same = lua_rawequal(L, -1, -2);
    lua_settop(L, top);
    return same;
}

/* ---- assigning ---- */

void snn_argument_refuse(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    const char *name = object->cls->name;
    if (a->field && a->field->set_as)
        snn_error(L, SNN_ATTRIBUTE_ERROR,
                  "%s: '%s' cannot be assigned; set '%s'", name, a->name,
                  a->field->set_as);
    snn_error(L, SNN_ATTRIBUTE_ERROR,
              "%s: '%s' cannot be assigned, it fixes sizes; make a new %s", name,
              a->name, name);
}

/* nil and snn.none are the absence of a number that may be absent. */
static bool is_absent(lua_State *L, int value, const snn_field *f)
{
    return f->type == SNN_REAL && f->optional && isnan(f->otherwise) &&
           !f->either && (lua_isnil(L, value) || snn_is_none(L, value));
}

/* The value into its place among `args`, with all checks. */
static void read_value(lua_State *L, const snn_object *object, int value,
                       const snn_attribute *a, char *args, snn_each_list *each)
{
    const snn_arguments *of = object->cls->arguments;
    snn_field named = *a->field, *f = &named;
    named.name = a->name; /* errors call it so */
    if (f->type == SNN_OTHER) {
        of->take(L, value, object->cls->name, f, args);
    } else if (is_absent(L, value, f)) {
        *(double *)(void *)(args + f->offset) = NAN;
    } else {
        lua_pushvalue(L, value);
        snn_read_field_each(L, object->cls->name, of->fields, f, args, each);
        lua_pop(L, 1);
        if (f->either)
            *(double *)(void *)(args + snn_field_find(of->fields, f->either)
                                           ->offset) = NAN;
    }
}

/* The link of an argument that is none of the engine's becomes the value: what
   asks for memory comes first, and `old` is how to go back. */
static void set_other(lua_State *L, int value, const snn_field *f, int *old)
{
    snn_get_link(L, 1, f->name);
    *old = lua_gettop(L);
    if (snn_is_none(L, value))
        lua_pushnil(L);
    else
        lua_pushvalue(L, value);
    snn_set_link(L, 1, f->name);
}

static void commit(lua_State *L, snn_object *object, int value,
                   const snn_field *f, const void *args,
                   const snn_each_list *each)
{
    snn_fail fail;
    const snn_arguments *of = object->cls->arguments;
    int old = 0;
    if (f->type == SNN_OTHER) set_other(L, value, f, &old);
    snn_status status =
        of->set(object->self, args, f, each->item, each->count, &fail);
    if (status && old) {
        lua_pushvalue(L, old);
        snn_set_link(L, 1, f->name);
    }
    snn_must(L, status, &fail);
    if (of->bytes) snn_feel_bytes(L, of->bytes(object->self));
}

void snn_argument_set(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_arguments *of = object->cls->arguments;
    const snn_field *f = a->field;
    int value = lua_gettop(L), count = 0;
    snn_each_list each = { .count = 0 };
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    char *args = lua_newuserdatauv(L, of->size, 0);
    memcpy(args, of->args(object->self), of->size);
    if (of->each) {
        const snn_each *now = of->each(object->self, &count);
        const void *shape = args + of->fields->offset;
        snn_each_begin(L, shape, &each);
        snn_each_take(L, now, count, f, &each);
    }
    read_value(L, object, value, a, args, of->each ? &each : NULL);
    commit(L, object, value, f, args, &each);
}

/* ---- as attributes ---- */

snn_attribute snn_argument(const snn_field *f)
{
    return (snn_attribute){ .name = f->name, .doc = f->doc, .field = f,
                            .get = snn_argument_get,
                            .set = snn_field_is_fixed(f)
                                ? snn_argument_refuse
                                : snn_argument_set };
}

snn_attribute snn_argument_as(const snn_field *fields, const char *name,
                              const char *as)
{
    while (strcmp(fields->name, name) != 0) fields++;
    return (snn_attribute){ .name = as, .doc = fields->doc, .field = fields,
                            .get = snn_argument_get, .set = snn_argument_set };
}

void snn_argument_list(const snn_field *fields, int most, snn_attribute *out)
{
    int n = 0;
    for (const snn_field *f = fields; f->name && n < most; f++)
        out[n++] = snn_argument(f);
    out[n] = (snn_attribute){ .name = NULL };
}

void snn_push_arguments(lua_State *L, const snn_object *object)
{
    const snn_arguments *of = object->cls->arguments;
    if (of)
        snn_push_fields_list(L, of->fields);
    else
        lua_pushnil(L);
}

/* ---- tools ---- */

/* Whether a number that may be absent is so: what is read then may follow others. */
static bool was_absent(const snn_object *object, const snn_field *f)
{
    const char *args = object->cls->arguments->args(object->self);
    return f->type == SNN_REAL && f->optional && isnan(f->otherwise) &&
           isnan(*(const double *)(const void *)(args + f->offset));
}

/* tools.given_argument(object, name): the argument as a constructor takes it, nil
   where it was not given and follows others. */
static int given_argument(lua_State *L)
{
    const snn_object *object = snn_test_object(L, 1);
    const char *name = luaL_checkstring(L, 2);
    const snn_arguments *of = object ? object->cls->arguments : NULL;
    const snn_field *f = of ? snn_field_find(of->fields, name) : NULL;
    if (f && snn_is_ready(object) && was_absent(object, f))
        lua_pushnil(L);
    else
        lua_getfield(L, 1, name);
    return 1;
}

/* has_argument(class, name): does the constructor of this class in C take it? The
   list class.arguments says it too, but is made when it is first looked at. */
static int has_argument(lua_State *L)
{
    const snn_class *cls = snn_class_at(L, 1);
    const char *name = luaL_checkstring(L, 2);
    const snn_arguments *of = cls ? cls->arguments : NULL;
    lua_pushboolean(L, of && snn_field_find(of->fields, name));
    return 1;
}

void snn_open_arguments(lua_State *L)
{
    static const luaL_Reg functions[] = { { "given_argument", given_argument },
                                          { "has_argument", has_argument },
                                          { NULL, NULL } };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
