/* One getter, setter and loader for the states of all classes. What a state is,
   and where it lies, its row says; here are only the ways to it, of which each
   field takes one when its class is opened. */
#include "bind/object/rows.h"

#include "bind/lua/args.h"
#include "bind/lua/later.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"

/* ---- read ---- */

/* Makes the tensor at the top, which was pushed before `t` was looked for, one of
   the field: as it was pushed a finalizer of the script may have run. */
static void share(lua_State *L, const snn_tensor *t, snn_tensor *out)
{
    snn_fail fail;
    if (!t || snn_tensor_is_empty(t)) {
        lua_pushnil(L);
        return;
    }
    snn_must(L, snn_tensor_share(t, true, &fail, out), &fail);
    snn_tensor_done(L);
}

static void get_member(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    snn_tensor *out = snn_push_tensor(L);
    const void *at = (const char *)object->self + a->row->offset;
    share(L, at, out);
}

static void get_peeked(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    snn_tensor *out = snn_push_tensor(L);
    share(L, a->row->peek(object->self, a->row), out);
}

static void get_read(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, a->row->read(object->self, a->row, &fail, out), &fail);
    if (snn_tensor_is_empty(out)) {
        lua_pushnil(L);
        return;
    }
    out->storage->is_field = true;
    snn_tensor_done(L);
}

/* ---- write ---- */

/* AttributeError where this object has none of an optional state. */
static void check_there(lua_State *L, const snn_object *object,
                        const snn_state_row *row)
{
    snn_fail fail;
    snn_tensor now;
    if (!row->absent) return;
    snn_must(L, snn_state_get(object->self, row, &fail, &now), &fail);
    bool is_there = !snn_tensor_is_empty(&now);
    snn_tensor_clear(&now);
    if (!is_there)
        snn_error(L, SNN_ATTRIBUTE_ERROR, "%s: %s", object->cls->name,
                  row->absent);
}

/* The value on top by the function. */
static void write_by(lua_State *L, snn_object *object, const snn_state_row *row,
                     snn_state_write *write)
{
    snn_fail fail;
    const char *where = object->cls->name;
    const snn_tensor *value = NULL;
    check_there(L, object, row);
    if (!row->is_open || !lua_isnil(L, -1))
        value = snn_arg_tensor(L, lua_gettop(L), where, row->name);
    snn_must(L, write(object->self, row, value, where, &fail), &fail);
}

static void set_row(lua_State *L, snn_object *object, const snn_attribute *a)
{
    write_by(L, object, a->row, a->row->write);
}

void snn_load_row(lua_State *L, snn_object *object, const snn_state_row *row)
{
    write_by(L, object, row, row->load ? row->load : row->write);
}

/* ---- the rows of classes ---- */

static snn_attribute attribute_of(const snn_state_row *row)
{
    return (snn_attribute){
        .name = row->name,
        .get = row->read ? get_read : row->peek ? get_peeked : get_member,
        .set = row->write ? set_row : NULL,
        .is_const = row->is_fixed,
        .doc = row->doc,
        .row = row,
    };
}

void snn_add_rows(lua_State *L, const snn_class *cls)
{
    for (const snn_state_row *r = cls->state; r && r->name; r++) {
        if (lua_getfield(L, -1, r->name) == LUA_TNIL) {
            snn_attribute *a = lua_newuserdatauv(L, sizeof *a, 0);
            *a = attribute_of(r);
            lua_setfield(L, -3, r->name);
        }
        lua_pop(L, 1);
    }
}

const snn_state_row *snn_find_row(const snn_class *cls, const char *name)
{
    for (; cls; cls = snn_class_parent(cls)) {
        const snn_state_row *row = snn_state_find(cls->state, name);
        if (row) return row;
    }
    return NULL;
}

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (!text) return;
    lua_pushstring(L, text);
    lua_setfield(L, -2, key);
}

static void push_row(lua_State *L, const snn_state_row *row)
{
    lua_createtable(L, 0, 6);
    set_text(L, "name", row->name);
    set_text(L, "of", snn_state_of_text(row->of));
    set_text(L, "type", snn_state_type_text(row->type));
    set_text(L, "unit", row->unit);
    set_text(L, "doc", row->doc);
    lua_pushboolean(L, row->is_saved);
    lua_setfield(L, -2, "saved");
}

/* (class) -> the list */
static int rows_list(lua_State *L)
{
    const snn_class *cls = lua_touserdata(L, 1);
    lua_newtable(L);
    for (const snn_class *c = cls; c; c = snn_class_parent(c))
        for (const snn_state_row *r = c->state; r && r->name; r++) {
            if (snn_find_row(cls, r->name) != r) continue; /* a nearer one */
            push_row(L, r);
            lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
        }
    return 1;
}

void snn_push_rows_list(lua_State *L, const snn_class *cls)
{
    snn_push_later(L, rows_list, cls);
}
