/* Module, the root of all classes: what every object has in C (`training`),
   and the tools on which lua/snn/module.lua builds the rest
   (children, hooks, state_dict). */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/object/declared.h"
#include "bind/object/object.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/rows.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"

static int module_init(lua_State *L)
{
    snn_object *object = snn_init_self(L, &snn_module_class);
    object->self = object; /* no engine's part: finished */
    return 0;
}

static void get_training(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)a;
    lua_pushboolean(L, object->training);
}

static const snn_attribute attributes[] = {
    { .name = "training", .get = get_training, .is_const = true,
      .doc = "true in training mode (train(), eval())" },
    { .name = NULL },
};

const snn_class snn_module_class = {
    .where = SNN_HERE,
    .name = "Module",
    .summary = "The base of all modules and of users' models.",
    .init = module_init,
    .attributes = attributes,
    .takes_nothing = true,
    .is_container = true,
};

/* ---- tools ---- */

static snn_object *tool_object(lua_State *L)
{
    return snn_arg_object(L, 1, &snn_module_class, "module", "self");
}

static int tool_is_module(lua_State *L)
{
    lua_pushboolean(L, snn_test_object(L, 1) != NULL);
    return 1;
}

/* links(object [, class, where]): the library's table of a finished object, of
   that class where one is given: TypeError. */
static int tool_links(lua_State *L)
{
    if (lua_isnoneornil(L, 2))
        tool_object(L);
    else
        snn_arg_object(L, 1, snn_class_at(L, 2), luaL_checkstring(L, 3), "self");
    snn_push_links(L, 1);
    return 1;
}

static int tool_fields(lua_State *L)
{
    tool_object(L);
    snn_push_fields(L, 1);
    return 1;
}

static int tool_class_name(lua_State *L)
{
    lua_pushstring(L, tool_object(L)->cls->name);
    return 1;
}

/* Of a script's class, or with a forward of its own. */
static int tool_is_scripted(lua_State *L)
{
    lua_pushboolean(L, tool_object(L)->is_scripted);
    return 1;
}

/* Its batch size was assigned since it was made. */
static int tool_is_resized(lua_State *L)
{
    lua_pushboolean(L, tool_object(L)->is_resized);
    return 1;
}

static int tool_set_training(lua_State *L)
{
    tool_object(L)->training = lua_toboolean(L, 2);
    return 0;
}

static void add_name(lua_State *L, const char *name)
{
    lua_pushstring(L, name);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
}

/* A list of the names of the attributes that are states (or children). */
static int push_names(lua_State *L, bool children)
{
    const snn_object *object = tool_object(L);
    lua_newtable(L);
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c)) {
        for (const snn_attribute *a = c->attributes; a && a->name; a++)
            if (children && a->is_child) add_name(L, a->name);
        for (const snn_state_row *r = c->state; r && r->name; r++)
            if (!children && r->is_saved && snn_find_row(object->cls, r->name) == r)
                add_name(L, r->name);
    }
    const snn_declared *declared = children ? NULL : object->declared;
    for (int i = 0; declared && i < declared->count; i++)
        if (!declared->row[i].is_passing) add_name(L, declared->row[i].name);
    return 1;
}

static int tool_children(lua_State *L) { return push_names(L, true); }
static int tool_states(lua_State *L) { return push_names(L, false); }

/* The row of the state of that name, at 2; AttributeError when there is none. */
static const snn_state_row *arg_row(lua_State *L, const snn_object *object)
{
    const char *name = luaL_checkstring(L, 2);
    const snn_state_row *row = snn_find_row(object->cls, name);
    if (!row)
        snn_error(L, SNN_ATTRIBUTE_ERROR, "load_state_dict: no state '%s'", name);
    return row;
}

/* restore(object, name, value): sets a state, also one scripts may not set. */
static int tool_restore(lua_State *L)
{
    snn_object *object = tool_object(L);
    lua_settop(L, 3);
    int own = object->declared ? snn_declared_find(L, object, 2) : -1;
    if (own >= 0) {
        snn_declared_take(L, object, own, 3);
        return 0;
    }
    snn_load_row(L, object, arg_row(L, object));
    return 0;
}

/* is_open(object, name): a state that may be nil or of any shape. */
static int tool_is_open(lua_State *L)
{
    const snn_object *object = tool_object(L);
    bool is_own = object->declared && snn_declared_find(L, object, 2) >= 0;
    lua_pushboolean(L, !is_own && arg_row(L, object)->is_open);
    return 1;
}

/* loads_more(object, name): a state that may be loaded as scripts may not set it. */
static int tool_loads_more(lua_State *L)
{
    const snn_object *object = tool_object(L);
    const snn_state_row *row = snn_find_row(object->cls, luaL_checkstring(L, 2));
    lua_pushboolean(L, row && row->load);
    return 1;
}

/* check_object(value, class, where, name): TypeError unless the value is a
   finished object of that class of the library or of one below it. */
static int tool_check_object(lua_State *L)
{
    const snn_class *cls = snn_class_at(L, 2);
    snn_arg_object(L, 1, cls, luaL_checkstring(L, 3), luaL_checkstring(L, 4));
    return 0;
}

/* is_instance(value, class): a finished object of that class of the library. */
static int tool_is_instance(lua_State *L)
{
    const snn_class *cls = snn_class_at(L, 2);
    lua_pushboolean(L, cls && snn_test_instance(L, 1, cls) != NULL);
    return 1;
}

static int tool_is_tensor(lua_State *L)
{
    lua_pushboolean(L, snn_test_tensor(L, 1) != NULL);
    return 1;
}

/* assign(object, name, value): the field of the class in C, past what a class in
   Lua does when a script assigns it. */
static int tool_assign(lua_State *L)
{
    snn_object *object = tool_object(L);
    const char *name = luaL_checkstring(L, 2);
    lua_settop(L, 3);
    for (const snn_class *c = object->cls; c; c = snn_class_parent(c))
        for (const snn_attribute *a = c->attributes; a && a->name; a++)
            if (strcmp(a->name, name) == 0 && a->set && !a->is_const) {
                a->set(L, object, a);
                return 0;
            }
    return snn_error(L, SNN_ATTRIBUTE_ERROR, "%s: '%s' cannot be set",
                     object->cls->name, name);
}

/* clear_states(object): those that its class declares begin anew. */
static int tool_clear_states(lua_State *L)
{
    snn_declared_clear(tool_object(L), false);
    return 0;
}

static const luaL_Reg tool_functions[] = {
    { "assign", tool_assign },
    { "is_module", tool_is_module },
    { "is_instance", tool_is_instance },
    { "is_tensor", tool_is_tensor },
    { "links", tool_links },
    { "fields", tool_fields },
    { "class_name", tool_class_name },
    { "is_scripted", tool_is_scripted },
    { "is_resized", tool_is_resized },
    { "set_training", tool_set_training },
    { "check_object", tool_check_object },
    { "children", tool_children },
    { "states", tool_states },
    { "restore", tool_restore },
    { "is_open", tool_is_open },
    { "loads_more", tool_loads_more },
    { "clear_states", tool_clear_states },
    { NULL, NULL },
};

void snn_open_module(lua_State *L)
{
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
