/* Images: what objects of the library are at one time, their states and their
   arguments, taken quickly for snapshots (lua/snn/snapshot.lua). An image shares
   the bytes of all states, and has copies of the structs of arguments; both
   become values of Lua only when a script goes back to it. */
#include <string.h>

#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/object/arguments.h"
#include "bind/tensor/tensor.h"
#include "tensor/state.h"
#include "util/mem.h"

static const char type[] = "snn.Image";

/* One object: its states in the order of each_row, its arguments. */
typedef struct shot {
    const snn_class *cls;
    snn_tensor *state; /* (states) empty: nil */
    int states;
    void *args;        /* NULL: it has none */
    snn_each *each;    /* (count) */
    int count;
    bool training;
} shot;

/* uservalue 1: for each object a table of the arguments that are values of
   Lua, by name, or false. */
typedef struct image {
    int count;
    shot shot[];
} image;

/* ---- rows of an object ---- */

typedef struct cursor {
    const snn_class *of, *cls;
    const snn_state_row *row;
} cursor;

static cursor first_row(const snn_class *cls)
{
    return (cursor){ .of = cls, .cls = cls, .row = cls->state };
}

/* Whether a class below has a row of its own under that name. */
static bool is_replaced(const cursor *c, const char *name)
{
    for (const snn_class *cls = c->of; cls != c->cls; cls = snn_class_parent(cls))
        if (snn_state_find(cls->state, name)) return true;
    return false;
}

/* The next row that is saved, or NULL; those of parents follow. */
static const snn_state_row *next_row(cursor *c)
{
    while (c->cls) {
        for (; c->row && c->row->name; c->row++)
            if (c->row->is_saved && !is_replaced(c, c->row->name)) return c->row++;
        c->cls = snn_class_parent(c->cls);
        c->row = c->cls ? c->cls->state : NULL;
    }
    return NULL;
}

/* ---- what can have one ---- */

/* Whether an image of the object at the top is all of it: it is no script's, and
   has no values of the script among its fields. */

static bool is_whole(lua_State *L)
{
    const snn_object *object = snn_test_object(L, -1);
    if (!object || !object->self || object->is_scripted || object->declared)
        return false;
    bool whole = true;
    snn_push_fields(L, -1);
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        whole = whole && lua_isfunction(L, -1);
    lua_pop(L, 1);
    return whole;
}

/* ---- taking ---- */

static snn_status take_states(const snn_object *object, shot *s, snn_fail *fail)
{
    cursor c = first_row(object->cls);
    int n = 0;
    while (next_row(&c)) n++;
    if (n == 0) return SNN_OK;
    s->state = snn_mem_zeroed((size_t)n * sizeof *s->state);
    if (!s->state) return snn_fail_memory(fail, "snapshot", (size_t)n);
    c = first_row(object->cls);
    for (int i = 0; i < n; i++) {
        snn_status status =
            snn_state_get(object->self, next_row(&c), fail, &s->state[i]);
        if (status) return status;
        s->states++;
    }
    return SNN_OK;
}

static snn_status take_each(const snn_object *object, shot *s, snn_fail *fail)
{
    int count = 0;
    const snn_arguments *of = object->cls->arguments;
    const snn_each *each = of->each ? of->each(object->self, &count) : NULL;
    if (count == 0) return SNN_OK;
    s->each = snn_mem_zeroed((size_t)count * sizeof *s->each);
    if (!s->each) return snn_fail_memory(fail, "snapshot", (size_t)count);
    for (int i = 0; i < count; i++) {
        s->each[i] = each[i];
        s->each[i].value = SNN_NO_TENSOR;
        snn_status status =
            snn_tensor_share(&each[i].value, false, fail, &s->each[i].value);
        if (status) return status;
        s->count++;
    }
    return SNN_OK;
}

static snn_status take_args(const snn_object *object, shot *s, snn_fail *fail)
{
    const snn_arguments *of = object->cls->arguments;
    if (!of) return SNN_OK;
    s->args = snn_mem_alloc(of->size);
    if (!s->args) return snn_fail_memory(fail, "snapshot", of->size);
    memcpy(s->args, of->args(object->self), of->size);
    return take_each(object, s, fail);
}

/* Pushes the arguments of the object at the top that are values of Lua, by
   name, or false. */
static void push_others(lua_State *L, const snn_object *object)
{
    const snn_arguments *of = object->cls->arguments;
    int top = lua_gettop(L), out = 0;
    for (const snn_field *f = of ? of->fields : NULL; f && f->name; f++) {
        if (f->type != SNN_OTHER || f->set_as) continue;
        if (!out) {
            lua_createtable(L, 0, 4);
            out = lua_gettop(L);
        }
        lua_getfield(L, top, f->name);
        lua_setfield(L, out, f->name);
    }
    if (!out) lua_pushboolean(L, 0);
}

static int collect(lua_State *L)
{
    image *m = lua_touserdata(L, 1);
    for (int i = 0; i < m->count; i++) {
        shot *s = &m->shot[i];
        for (int k = 0; k < s->states; k++) snn_tensor_clear(&s->state[k]);
        for (int k = 0; k < s->count; k++) snn_tensor_clear(&s->each[k].value);
        snn_mem_free(s->state);
        snn_mem_free(s->each);
        snn_mem_free(s->args);
    }
    m->count = 0;
    return 0;
}

/* image(objects): nil where it does not have all that one of them keeps. */
static int take(lua_State *L)
{
    enum { LIST = 1, IMAGE, OTHERS };
    luaL_checktype(L, LIST, LUA_TTABLE);
    lua_settop(L, LIST);
    lua_Integer n = (lua_Integer)lua_rawlen(L, LIST);
    image *m = lua_newuserdatauv(L, sizeof *m + (size_t)n * sizeof *m->shot, 1);
    m->count = 0;
    luaL_setmetatable(L, type);
    lua_createtable(L, (int)n, 0);
    lua_pushvalue(L, OTHERS);
    lua_setiuservalue(L, IMAGE, 1);
    for (lua_Integer i = 1; i <= n; i++) {
        snn_fail fail;
        lua_rawgeti(L, LIST, i);
        if (!is_whole(L)) return 0;
        const snn_object *object = snn_test_object(L, -1);
        push_others(L, object);
        lua_rawseti(L, OTHERS, i);
        shot *s = &m->shot[m->count];
        *s = (shot){ .cls = object->cls, .training = object->training };
        m->count++;
        snn_must(L, take_states(object, s, &fail), &fail);
        snn_must(L, take_args(object, s, &fail), &fail);
        lua_settop(L, OTHERS);
    }
    lua_settop(L, IMAGE);
    return 1;
}

/* ---- reading ---- */

static const shot *shot_at(lua_State *L)
{
    const image *m = luaL_checkudata(L, 1, type);
    lua_Integer i = luaL_checkinteger(L, 2);
    luaL_argcheck(L, i >= 1 && i <= m->count, 2, "no such object");
    return &m->shot[i - 1];
}

/* image_states(image, i): a table name -> tensor, and the training mode. */
static int states(lua_State *L)
{
    const shot *s = shot_at(L);
    cursor c = first_row(s->cls);
    lua_settop(L, 2);
    lua_newtable(L);
    for (int i = 0; i < s->states; i++) {
        snn_fail fail;
        const snn_state_row *row = next_row(&c);
        if (snn_tensor_is_empty(&s->state[i])) continue;
        snn_tensor *out = snn_push_tensor(L);
        snn_must(L, snn_tensor_share(&s->state[i], false, &fail, out), &fail);
        snn_tensor_done(L);
        lua_setfield(L, 3, row->name);
    }
    lua_pushboolean(L, s->training);
    return 2;
}

/* image_arguments(image, i): a table name -> value, called as it is set. */
static int arguments(lua_State *L)
{
    const shot *s = shot_at(L);
    const snn_arguments *of = s->cls->arguments;
    lua_settop(L, 2);
    lua_newtable(L);
    lua_getiuservalue(L, 1, 1);
    lua_rawgeti(L, 4, lua_tointeger(L, 2));
    for (const snn_field *f = of ? of->fields : NULL; f && f->name; f++) {
        if (f->type != SNN_OTHER)
            snn_push_field_each(L, f, s->args, s->each, s->count);
        else if (lua_istable(L, 5))
            lua_getfield(L, 5, f->name);
        else
            lua_pushnil(L);
        lua_setfield(L, 3, f->set_as ? f->set_as : f->name);
    }
    lua_settop(L, 3);
    return 1;
}

void snn_open_image(lua_State *L)
{
    static const luaL_Reg functions[] = { { "image", take },
                                          { "image_states", states },
                                          { "image_arguments", arguments },
                                          { NULL, NULL } };
    luaL_newmetatable(L, type);
    lua_pushcfunction(L, collect);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
