/* The arguments of trainers as fields, for lua/snn/settings.lua: what it makes of
   an assignment is checked whole, then taken over by all units at once. */
#include <string.h>

#include "bind/learning/unit.h"
#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "train/settings.h"

/* ---- fields of trainers ---- */

static const void *args_of(const void *self)
{
    return ((const snn_trainer_self *)self)->args;
}

/* A name of the batch reduction in `args`, else the value that was given: on top
   of the stack. */
static void push_other(lua_State *L, const snn_field *f, const void *args)
{
    const snn_batch_reduction reduction =
        ((const snn_trainer_args *)args)->batch_reduction;
    if (!f->choices || reduction == SNN_BATCH_CALLBACK) return;
    lua_pop(L, 1);
    snn_push_choice(L, f->choices, (int)reduction);
}

static void get_other(lua_State *L, const snn_object *object,
                      const snn_field *f)
{
    snn_get_link(L, 1, "args");
    lua_getfield(L, -1, f->name);
    push_other(L, f, args_of(object->self));
}

/* tools.set_argument(trainer, name, value) */
static void set_argument(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)object;
    int value = lua_gettop(L);
    snn_push_tools(L);
    lua_getfield(L, -1, "set_argument");
    lua_pushvalue(L, 1);
    lua_pushstring(L, a->name);
    lua_pushvalue(L, value);
    lua_call(L, 3, 0);
}

void snn_trainer_attributes(const snn_trainer_model *model, int most,
                            snn_attribute *attributes, snn_arguments *arguments)
{
    *arguments = (snn_arguments){ .fields = model->fields,
                                  .size = model->args_size,
                                  .args = args_of, .get = get_other };
    snn_argument_list(model->fields, most, attributes);
    for (snn_attribute *a = attributes; a->name; a++)
        if (!snn_field_is_fixed(a->field)) a->set = set_argument;
}

/* ---- arguments of units ---- */

/* tools.unit_argument(unit, name, given): the argument that holds for the cell,
   nil where there is none; `given` is what the script gave. */
static int unit_argument(lua_State *L)
{
    const snn_unit *unit = snn_unit_at(L);
    const char *name = luaL_checkstring(L, 2);
    const snn_field *f = snn_field_find(unit->model->fields, name);
    lua_settop(L, 3);
    if (!f) {
        snn_push_tools(L);
        lua_getfield(L, -1, "unknown_state");
        lua_pushvalue(L, 1);
        lua_pushvalue(L, 2);
        lua_call(L, 2, 0);
        return 0;
    }
    if (f->type == SNN_OTHER)
        push_other(L, f, unit->args);
    else
        snn_push_field(L, f, unit->args);
    return 1;
}

/* ---- changes ---- */

/* tools.check_settings(trainer, args): the model's struct, as a userdata. */
static int check_settings(lua_State *L)
{
    const snn_object *trainer =
        snn_arg_object(L, 1, &snn_trainer_class, "trainer", "self");
    snn_push_trainer_args(L, 2, trainer->cls->model);
    return 1;
}

/* The list of a change: so many values for each unit. */
enum { UNIT, STATE, OVERRIDES, ARGS, VALUES };
enum { TRAINER = 1, LIST, CHANGED, GIVEN, GIVEN_ARGS, SETTINGS };

/* Pushes a value of unit i, from 0. */
static void push_value(lua_State *L, lua_Integer i, int which)
{
    lua_rawgeti(L, LIST, i * VALUES + which + 1);
}

static snn_unit *unit_in(lua_State *L, lua_Integer i)
{
    push_value(L, i, UNIT);
    snn_unit *unit = snn_test_object(L, -1)->self;
    lua_pop(L, 1);
    return unit;
}

/* How all units are with their structs; none is open after an error. */
static snn_status take_all(lua_State *L, lua_Integer n, snn_trainer_self *self,
                           snn_unit_settings *out, snn_fail *fail)
{
    snn_status status = SNN_OK;
    lua_Integer taken = 0;
    for (; taken < n && !status; taken++) {
        push_value(L, taken, ARGS);
        status = snn_unit_settings_take(unit_in(L, taken), lua_touserdata(L, -1),
                                        lua_tostring(L, CHANGED), &self->told,
                                        &out[taken], fail);
        lua_pop(L, 1);
    }
    if (status)
        for (taken--; taken > 0; taken--) snn_unit_settings_drop(&out[taken - 1]);
    return status;
}

/* The last of a change, which cannot fail: all keys are there. */
static void commit(lua_State *L, lua_Integer i, snn_unit_settings *settings)
{
    snn_unit_settings_commit(unit_in(L, i), settings);
    push_value(L, i, UNIT);
    push_value(L, i, STATE);
    snn_set_link(L, -2, "state");
    push_value(L, i, OVERRIDES);
    snn_set_link(L, -2, "overrides");
    lua_pop(L, 1);
}

/* tools.commit_settings(trainer, list, changed, args, struct): all units of the
   list take what is theirs, and the trainer its arguments (nil: as they are), or
   an error and none does. */
static int commit_settings(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, GIVEN_ARGS);
    const snn_object *trainer =
        snn_arg_object(L, TRAINER, &snn_trainer_class, "trainer", "self");
    snn_trainer_self *self = trainer->self;
    const snn_trainer_model *model = trainer->cls->model;
    lua_Integer n = (lua_Integer)lua_rawlen(L, LIST) / VALUES;
    snn_unit_settings *settings =
        lua_newuserdatauv(L, (size_t)(n + 1) * sizeof *settings, 0);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    snn_must(L, take_all(L, n, self, settings, &fail), &fail);
    for (lua_Integer i = 0; i < n; i++) commit(L, i, &settings[i]);
    if (lua_isnil(L, GIVEN)) return 0;
    memcpy(self->args, lua_touserdata(L, GIVEN_ARGS), model->args_size);
    lua_pushvalue(L, GIVEN);
    snn_set_link(L, TRAINER, "args");
    return 0;
}

void snn_open_settings(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "unit_argument", unit_argument },
        { "check_settings", check_settings },
        { "commit_settings", commit_settings },
        { NULL, NULL },
    };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
