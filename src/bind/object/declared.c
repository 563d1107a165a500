/* A row of each state lies beside its value; what Lua keeps of it (its name, the
   function that it begins with) is the list that tools.declared gave, a uservalue
   of the object. */
#include "bind/object/declared.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/object/instance.h"
#include "bind/object/rows.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"
#include "tensor/nan.h"
#include "util/mem.h"
#include "util/word.h"

static snn_shape no_dimensions(const snn_object *object, int word)
{
    (void)object, (void)word;
    return snn_shape_of(0, NULL);
}

/* Modules, trainers, hooks */
static const snn_family others = { .words = "one", .shape = no_dimensions };

static const snn_family *family_of(const snn_object *object)
{
    const snn_class *cls = object->cls;
    while (cls && !cls->family) cls = snn_class_parent(cls);
    return cls ? cls->family : &others;
}

/* ---- declaring ---- */

static bool has(lua_State *L, int index, const char *key)
{
    lua_getfield(L, index, key);
    bool is = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return is;
}

static void check_free(lua_State *L, const snn_object *object, const char *name)
{
    bool is_taken = snn_find_row(object->cls, name) != NULL;
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c))
        for (const snn_attribute *a = c->attributes; a && a->name; a++)
            is_taken = is_taken || strcmp(a->name, name) == 0;
    if (is_taken)
        snn_error(L, SNN_VALUE_ERROR,
                  "states: '%s' cannot be declared, %s %s has it already", name,
                  snn_class_article(object->cls), object->cls->name);
}

/* The row of the entry on top, which lua/snn/states.lua has checked. */
static void read_row(lua_State *L, const snn_family *family,
                     snn_declared_row *out)
{
    int entry = lua_gettop(L);
    *out = (snn_declared_row){ .word = -1 };
    lua_getfield(L, entry, "name");
    out->name = lua_tostring(L, -1);
    lua_getfield(L, entry, "unit");
    out->unit = lua_tostring(L, -1);
    if (lua_getfield(L, entry, "of") == LUA_TSTRING)
        out->word = snn_word_find(family->words, lua_tostring(L, -1));
    else
        out->shape = snn_arg_shape(L, -1, "states", out->name, 0, SNN_MAX_DIMS);
    lua_getfield(L, entry, "type");
    out->is_real = strcmp(lua_tostring(L, -1), "real") == 0;
    if (!out->is_real) out->dtype = snn_arg_dtype(L, -1, "states", "type");
    out->has_function = lua_getfield(L, entry, "init") == LUA_TFUNCTION;
    if (!out->has_function) out->number = lua_tonumber(L, -1);
    out->stays = has(L, entry, "stays");
    out->is_passing = has(L, entry, "passing");
    lua_settop(L, entry);
}

void snn_declared_free(snn_declared *declared)
{
    if (!declared) return;
    snn_states_free(declared->states);
    snn_mem_free(declared);
}

static snn_declared *new_declared(lua_State *L, int count)
{
    snn_fail fail;
    size_t bytes = sizeof(snn_declared) +
                   (size_t)count * sizeof(snn_declared_row);
    snn_declared *d = snn_mem_zeroed(bytes);
    if (d) d->states = snn_states_new(count);
    if (d && d->states) return d;
    snn_mem_free(d);
    snn_fail_memory(&fail, "states", bytes);
    snn_raise(L, &fail);
    return NULL;
}

void snn_declare(lua_State *L, snn_object *object, int cls)
{
    int self = lua_gettop(L);
    const snn_family *family = family_of(object);
    if (lua_getfield(L, cls, "states") == LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    snn_push_tools(L);
    lua_getfield(L, -1, "declared");
    lua_pushvalue(L, cls);
    lua_pushstring(L, family->words);
    lua_call(L, 2, 1);
    int list = lua_gettop(L), count = (int)lua_rawlen(L, list);
    lua_pushvalue(L, list);
    lua_setiuservalue(L, self, SNN_INSTANCE_DECLARED);
    object->declared = new_declared(L, count);
    object->declared->count = 0;
    for (int i = 0; i < count; i++) {
        lua_rawgeti(L, list, i + 1);
        read_row(L, family, &object->declared->row[i]);
        check_free(L, object, object->declared->row[i].name);
        object->declared->count = i + 1;
        lua_pop(L, 1);
    }
    lua_settop(L, self);
}

void snn_declared_text(luaL_Buffer *b, const snn_object *object)
{
    const snn_declared *d = object->declared;
    for (int i = 0; d && i < d->count; i++) {
        luaL_addstring(b, i ? ", " : "; states ");
        luaL_addstring(b, d->row[i].name);
        if (!*d->row[i].unit) continue;
        luaL_addstring(b, " (");
        luaL_addstring(b, d->row[i].unit);
        luaL_addchar(b, ')');
    }
}

/* ---- values ---- */

int snn_declared_find(lua_State *L, const snn_object *object, int key)
{
    if (lua_type(L, key) != LUA_TSTRING) return -1;
    const char *name = lua_tostring(L, key);
    const snn_declared *d = object->declared;
    for (int i = 0; i < d->count; i++)
        if (d->row[i].name == name || strcmp(d->row[i].name, name) == 0)
            return i;
    return -1;
}

static snn_shape shape_of(const snn_object *object, const snn_declared_row *row)
{
    return row->word < 0 ? row->shape
                         : family_of(object)->shape(object, row->word);
}

static snn_dtype dtype_of(const snn_object *object, const snn_declared_row *row)
{
    const snn_family *family = family_of(object);
    if (!row->is_real) return row->dtype;
    return family->dtype ? family->dtype(object) : SNN_FLOAT32;
}

/* The number for all elements. */
static void fill(lua_State *L, const snn_object *object,
                 const snn_declared_row *row, double number, snn_tensor *out)
{
    snn_fail fail;
    snn_tensor made;
    snn_shape shape = shape_of(object, row);
    snn_must(L,
             snn_tensor_new(&shape, dtype_of(object, row), row->name, &fail,
                            &made),
             &fail);
    snn_status status = snn_tensor_fill(&made, number, &fail);
    if (!status)
        snn_tensor_move(&made, out);
    else
        snn_tensor_clear(&made);
    snn_must(L, status, &fail);
}

void snn_declared_take(lua_State *L, snn_object *object, int index, int value)
{
    snn_fail fail;
    snn_tensor made = SNN_NO_TENSOR, own;
    const snn_declared_row *row = &object->declared->row[index];
    snn_tensor *out = &object->declared->states->value[index];
    if (lua_type(L, value) == LUA_TNUMBER) {
        fill(L, object, row, lua_tonumber(L, value), out);
        return;
    }
    const char *name = row->name;
    const snn_tensor *t = snn_test_tensor(L, value);
    if (!t)
        snn_arg_error(L, object->cls->name, name, "a tensor or a number", value);
    snn_shape shape = shape_of(object, row);
    if (!snn_shape_equal(&t->shape, &shape)) {
        char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must have shape %s, got %s%s",
                  object->cls->name, name, snn_shape_text(&shape, want),
                  snn_shape_text(&t->shape, got), snn_batch_text(&t->shape, &shape));
    }
    snn_must(L, snn_tensor_to(t, dtype_of(object, row), &fail, &made), &fail);
    snn_status status = snn_tensor_share(&made, false, &fail, &own);
    snn_tensor_clear(&made);
    snn_must(L, status, &fail);
    snn_tensor_move(&own, out);
}

/* (function, object, row): the state begins with what the function gives. */
static int begin(lua_State *L)
{
    snn_object *object = snn_test_object(L, 2);
    int row = (int)lua_tointeger(L, 3);
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_call(L, 1, 1);
    snn_declared_take(L, object, row, lua_gettop(L));
    return 0;
}

static void call_init(lua_State *L, snn_object *object, int index)
{
    snn_fail fail;
    snn_declared_row *row = &object->declared->row[index];
    if (row->is_making)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: the init of the state '%s' reads the state itself",
                  object->cls->name, row->name);
    luaL_checkstack(L, 8, "states");
    lua_pushcfunction(L, begin);
    lua_getiuservalue(L, 1, SNN_INSTANCE_DECLARED);
    lua_rawgeti(L, -1, index + 1);
    lua_getfield(L, -1, "init");
    lua_replace(L, -3);
    lua_pop(L, 1);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, index);
    row->is_making = true;
    snn_status status = snn_callback(L, 3, 0, &fail);
    row->is_making = false;
    snn_must(L, status, &fail);
}

void snn_declared_push(lua_State *L, snn_object *object, int index)
{
    snn_fail fail;
    const snn_declared_row *row = &object->declared->row[index];
    snn_tensor *t = &object->declared->states->value[index];
    snn_tensor *out = snn_push_tensor(L); /* a finalizer may clear the state */
    snn_shape shape = shape_of(object, row);
    if (snn_tensor_is_empty(t) || !snn_shape_equal(&t->shape, &shape)) {
        if (row->has_function)
            call_init(L, object, index);
        else
            fill(L, object, row, row->number, t);
    }
    snn_must(L, snn_tensor_share(t, true, &fail, out), &fail);
    snn_tensor_done(L);
}

void snn_declared_clear(const snn_object *object, bool all)
{
    const snn_declared *d = object->declared;
    for (int i = 0; d && i < d->count; i++)
        if (all || !d->row[i].stays) snn_tensor_clear(&d->states->value[i]);
}

void snn_declared_find_nan(lua_State *L, const snn_object *object,
                           const char *where)
{
    snn_fail fail;
    const snn_declared *d = object->declared;
    for (int i = 0; d && i < d->count; i++) {
        int64_t at;
        char text[SNN_SHAPE_TEXT];
        const snn_tensor *t = &d->states->value[i];
        if (snn_tensor_is_empty(t)) continue;
        snn_must(L, snn_tensor_find_nan(t, &fail, &at), &fail);
        if (at >= 0)
            snn_error(L, SNN_RUNTIME_ERROR,
                      "%s: the state '%s' is nan at index %s", where,
                      d->row[i].name, snn_shape_index_text(&t->shape, at, text));
    }
}
