/* Reducers, generic over observe/list.h: one class for each model below
   snn.Reducer. The criterion (a function) and the target, where it is a
   tensor, are links of the object. */
#include "bind/models/reducer.h"
#include "bind/models/scripted.h"
#include "bind/models/snapshots.h"

#include <math.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/arguments.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "util/number.h"

static snn_reducer *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_reducer_class, where);
}

/* ---- arguments that are no numbers ---- */

/* The target at `index`: a number, true or false is in the struct, a tensor in
   the link alone. */
static void take_target(lua_State *L, int index, const char *where,
                        snn_reducer_args *args)
{
    args->target = NAN;
    if (lua_isboolean(L, index))
        args->target = lua_toboolean(L, index);
    else if (lua_type(L, index) == LUA_TNUMBER)
        args->target = lua_tonumber(L, index);
    else if (!snn_test_tensor(L, index))
        snn_arg_error(L, where, "target", "true, a number or a tensor", index);
}

static void take_other(lua_State *L, int index, const char *where,
                       const snn_field *f, void *args)
{
    if (strcmp(f->name, "target") == 0)
        take_target(L, index, where, args);
    else if (!lua_isfunction(L, index) &&
             !(f->optional && snn_is_none(L, index)))
        snn_arg_error(L, where, f->name,
                      f->optional ? "a function, or snn.none" : "a function",
                      index);
}

/* The argument f of the table at 2, which becomes a link of the object at 1. */
static void read_other(lua_State *L, const snn_reducer_model *model,
                       const snn_field *f, void *args)
{
    int type = lua_getfield(L, 2, f->name);
    if (type == LUA_TNIL && !f->optional)
        snn_error(L, SNN_TYPE_ERROR, "%s: argument '%s' is missing",
                  model->name, f->name);
    if (type != LUA_TNIL) take_other(L, -1, model->name, f, args);
    if (snn_is_none(L, -1)) lua_pushnil(L);
    snn_set_link(L, 1, f->name);
    lua_settop(L, 2);
}

static int init(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_reducer_class);
    const snn_reducer_model *model = object->cls->model;
    snn_reducer_args args = { .target = NAN };
    snn_read_fields(L, 2, model->name, model->fields, &args);
    for (const snn_field *f = model->fields; f->name; f++)
        if (f->type == SNN_OTHER) read_other(L, model, f, &args);
    snn_reducer *reducer;
    snn_must(L, snn_reducer_new(model, &args, &fail, &reducer), &fail);
    snn_finish(L, object, reducer);
    return 0;
}

static void release(void *reducer) { snn_reducer_free(reducer); }

/* ---- observations ---- */

/* Pushes where the observation at 2 counts: criterion(observation). */
static const snn_tensor *call_criterion(lua_State *L, const char *where)
{
    snn_fail fail;
    if (snn_get_link(L, 1, "criterion") == LUA_TNIL) {
        lua_pop(L, 1);
        return NULL;
    }
    lua_pushvalue(L, 2);
    snn_must(L, snn_callback(L, 1, 1, &fail), &fail);
    const snn_tensor *mask = snn_test_tensor(L, -1);
    if (!mask) {
        const char *advice = snn_list_advice(L, -1);
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: the criterion must return a tensor, got %s%s",
                  where, snn_describe(L, -1), advice);
    }
    return mask;
}

static const snn_tensor *find_mask(lua_State *L,
                                   const snn_reducer_model *model)
{
    if (model->match == SNN_MATCH_CONDITION)
        return snn_arg_tensor(L, 3, model->name, "condition");
    if (model->match != SNN_MATCH_CRITERION) return NULL;
    const snn_tensor *mask = call_criterion(L, model->name);
    return mask ? mask : snn_test_tensor(L, 2); /* where it is not 0 */
}

/* forward(observation [, condition]) */
static int forward(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 3);
    const snn_reducer_model *model = self(L, "forward")->model;
    const snn_tensor *value = snn_arg_tensor(L, 2, model->name, "observation");
    const snn_tensor *mask = find_mask(L, model), *target = NULL;
    if (model->match == SNN_MATCH_TARGET) {
        snn_get_link(L, 1, "target");
        target = snn_test_tensor(L, -1);
    }
    snn_must(L,
             snn_reducer_push(self(L, "forward"), value, mask, target, &fail),
             &fail);
    return 0;
}

/* push(state): takes a state as it is. */
static int push(lua_State *L)
{
    snn_fail fail;
    snn_reducer *reducer = self(L, "push");
    const snn_tensor *state = snn_arg_tensor(L, 2, "push", "state");
    snn_must(L, snn_reducer_put(reducer, state, &fail), &fail);
    return 0;
}

snn_tensor *snn_push_query(lua_State *L, const snn_reducer *reducer)
{
    if (snn_reducer_latest(reducer)) {
        snn_tensor *out = snn_push_tensor(L);
        if (snn_reducer_latest(reducer)) return out;
        lua_pop(L, 1);
    }
    lua_pushnil(L);
    return NULL;
}

int snn_push_latest(lua_State *L, const snn_reducer *reducer, bool is_field)
{
    snn_fail fail;
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L,
             snn_tensor_share(snn_reducer_latest(reducer), is_field, &fail,
                              out),
             &fail);
    return snn_tensor_done(L);
}

static int peek(lua_State *L)
{
    return snn_push_latest(L, self(L, "peek"), false);
}

static int dump(lua_State *L)
{
    snn_fail fail;
    const snn_reducer *reducer = self(L, "dump");
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L, snn_reducer_dump(reducer, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* view(time [, tolerance]) */
static int view(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 3);
    const snn_reducer *reducer = self(L, "view");
    const snn_tensor *times = snn_test_tensor(L, 2);
    double time = 0, tolerance = 1e-7;
    if (!times) {
        if (lua_type(L, 2) != LUA_TNUMBER)
            snn_arg_error(L, "view", "time", "a number or a tensor", 2);
        time = lua_tonumber(L, 2);
    }
    if (!lua_isnil(L, 3)) {
        tolerance = snn_arg_number(L, 3, "view", "tolerance");
        if (!(tolerance >= 0 && isfinite(tolerance)))
            snn_error(L, SNN_VALUE_ERROR,
                      "view: 'tolerance' must be at least 0, got %s",
                      snn_real(tolerance).text);
    }
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L,
             times ? snn_reducer_view_at(reducer, times, tolerance, NULL, &fail, out)
                   : snn_reducer_view(reducer, time, tolerance, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

/* clear{ keepshape = false } */
static int clear(lua_State *L)
{
    static const char *const known[] = { "keepshape", NULL };
    snn_reducer *reducer = self(L, "clear");
    int options = snn_arg_options(L, 2, "clear", known);
    snn_reducer_clear(reducer, snn_option_bool(L, options, "clear",
                                               "keepshape", false));
    snn_declared_clear(snn_test_object(L, 1), false);
    return 0;
}

static int to_text(lua_State *L)
{
    const snn_reducer *reducer = self(L, "tostring");
    snn_push_fields_text(L, reducer->model->name, reducer->model->fields,
                         &reducer->args);
    return 1;
}

static const luaL_Reg methods[] = {
    { "forward", forward }, { "push", push },   { "peek", peek },
    { "dump", dump },       { "view", view },   { "clear", clear },
    { "__tostring", to_text }, { NULL, NULL },
};

/* ---- fields ---- */

static const void *args_of(const void *self)
{
    return &((const snn_reducer *)self)->args;
}

static snn_status set_args(void *self, const void *args,
                           const snn_field *changed, const snn_each *each,
                           int count, snn_fail *fail)
{
    (void)changed, (void)each, (void)count;
    snn_reducer *reducer = self;
    return snn_reducer_set(reducer, args, &reducer->told,
                           reducer->model->name, fail);
}

/* Monitors of a pool that share one reducer would all change. */
static void set_argument(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    int value = lua_gettop(L);
    snn_push_tools(L);
    lua_getfield(L, -1, "check_shared_reducer");
    lua_pushvalue(L, 1);
    lua_pushstring(L, a->name);
    lua_call(L, 2, 0);
    lua_settop(L, value);
    snn_argument_set(L, object, a);
}

static void get_recordsz(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(L,
                    ((const snn_reducer *)object->self)->history.length);
}

static void get_shape(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_reducer *reducer = object->self;
    if (reducer->has_shape)
        snn_push_shape(L, &reducer->shape);
    else
        lua_pushnil(L);
}

static const snn_attribute attributes[] = {
    { .name = "recordsz", .get = get_recordsz, .is_const = true,
      .doc = "how many states are kept" },
    { .name = "shape", .get = get_shape, .is_const = true,
      .doc = "of a state, nil before the first" },
    { .name = NULL },
};

/* The last is that of scripts' classes. */
static const snn_reducer_model *const models[] = {
#define REDUCER(name) &snn_reducer_##name,
#include "observe/list.h"
#undef REDUCER
    &snn_reducer_scripted
};
enum { MODELS = sizeof models / sizeof *models - 1, MOST_ATTRIBUTES = 16 };
static snn_class classes[MODELS + 1];
static snn_attribute own_attributes[MODELS + 1][MOST_ATTRIBUTES + 2];
static snn_arguments arguments[MODELS + 1];

const snn_class snn_reducer_class = {
    .where = SNN_HERE,
    .name = "Reducer",
    .summary = "The parent of all reducers.",
    .init = init,
    .free = release,
    .snapshots = &snn_reducer_snapshots,
    .methods = methods,
    .attributes = attributes,
    .state = snn_reducer_rows,
    .own = &classes[MODELS],
    .family = &snn_reducer_family,
};

/* ---- tools ---- */

static const snn_object *reducer_at(lua_State *L, int index)
{
    return snn_arg_object(L, index, &snn_reducer_class, "monitor", "reducer");
}

/* reducer_same(a, b [, is_timeless]): of one class of the library, with the same
   arguments, or all but the step time. */
static int reducer_same(lua_State *L)
{
    const snn_object *a = snn_test_instance(L, 1, &snn_reducer_class);
    const snn_object *b = snn_test_instance(L, 2, &snn_reducer_class);
    bool same = a && b && a->cls == b->cls && !a->is_scripted &&
                !b->is_scripted;
    for (const snn_field *f = same ? a->cls->arguments->fields : NULL;
         same && f->name; f++)
        same = snn_argument_same(L, a, b, f) ||
               (lua_toboolean(L, 3) && strcmp(f->name, "step_time") == 0);
    lua_pushboolean(L, same);
    return 1;
}

/* reducer_like(reducer): a new one with the same arguments. */
static int reducer_like(lua_State *L)
{
    snn_fail fail;
    const snn_object *object = reducer_at(L, 1);
    if (object->is_scripted)
        snn_error(L, SNN_TYPE_ERROR,
                  "partialconstructor: 'reducer' is of a class of the script: "
                  "for more than one monitor give a function that makes it");
    const snn_reducer *from = object->self;
    snn_object *made = snn_push_object(L, object->cls);
    for (const snn_field *f = from->model->fields; f->name; f++) {
        if (f->type != SNN_OTHER) continue;
        snn_get_link(L, 1, f->name);
        snn_set_link(L, -2, f->name);
    }
    snn_reducer *reducer;
    snn_must(L, snn_reducer_new(from->model, &from->args, &fail, &reducer),
             &fail);
    made->self = reducer;
    return 1;
}

/* reducer_seen(reducer): its states that are of observations, newest first, nil
   where there are none; those of a script's class are what its dump gives. */
static int reducer_seen(lua_State *L)
{
    snn_fail fail;
    const snn_object *object = reducer_at(L, 1);
    if (object->is_scripted) {
        lua_getfield(L, 1, "dump");
        lua_pushvalue(L, 1);
        lua_call(L, 1, 1);
        return 1;
    }
    snn_tensor *out = snn_push_query(L, object->self);
    if (!out) return 1;
    snn_must(L, snn_reducer_stored(object->self, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* kept_shape(reducer): the shape and dtype that a clear has left, as a tensor of none
   of such states, else nil; what has states has theirs. */
static int kept_shape(lua_State *L)
{
    snn_fail fail;
    const snn_object *object = reducer_at(L, 1);
    snn_tensor *out = snn_push_tensor(L);
    const snn_reducer *reducer = object->self;
    if (!reducer->has_shape || reducer->history.count > 0 ||
        reducer->shape.ndim == SNN_MAX_DIMS) {
        lua_pushnil(L);
        return 1;
    }
    snn_shape none = snn_shape_prepend(0, &reducer->shape);
    snn_must(L, snn_tensor_new(&none, reducer->dtype, "save", &fail, out), &fail);
    return snn_tensor_done(L);
}

/* keep_shape(reducer, kept): what that has given */
static int keep_shape(lua_State *L)
{
    snn_reducer *reducer = reducer_at(L, 1)->self;
    const snn_tensor *t =
        lua_isnil(L, 2) ? NULL : snn_arg_tensor(L, 2, "load", "kept_shape");
    if (t && (t->shape.ndim == 0 || t->shape.size[0] != 0))
        snn_error(L, SNN_VALUE_ERROR,
                  "load: 'kept_shape' is a tensor of no states");
    if (reducer->history.count > 0) return 0;
    reducer->has_shape = t != NULL;
    if (!t) return 0;
    reducer->dtype = t->dtype;
    reducer->shape = snn_shape_of(t->shape.ndim - 1, t->shape.size + 1);
    return 0;
}

static const luaL_Reg tool_functions[] = {
    { "kept_shape", kept_shape },
    { "keep_shape", keep_shape },
    { "reducer_seen", reducer_seen },
    { "reducer_same", reducer_same },
    { "reducer_like", reducer_like },
    { NULL, NULL },
};

/* ---- opening ---- */

/* The arguments; the step time is set under the name that it has everywhere. */
static void fill_attributes(const snn_field *fields, snn_attribute *out)
{
    snn_argument_list(fields, MOST_ATTRIBUTES, out);
    for (; out->name; out++)
        if (out->set == snn_argument_set) out->set = set_argument;
    *out++ = snn_argument_as(fields, "step_time", "dt");
    *out = (snn_attribute){ .name = NULL };
}

void snn_open_reducer(lua_State *L)
{
    for (int i = MODELS; i >= 0; i--) {
        fill_attributes(models[i]->fields, own_attributes[i]);
        arguments[i] = (snn_arguments){ .fields = models[i]->fields,
                                        .size = sizeof(snn_reducer_args),
                                        .args = args_of, .set = set_args,
                                        .take = take_other };
        classes[i] = (snn_class){ .where = models[i]->where,
                                  .name = models[i]->name,
                                  .parent = &snn_reducer_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .model = models[i],
                                  .arguments = &arguments[i],
                                  .attributes = own_attributes[i] };
    }
    snn_own_class(&classes[MODELS]);
    snn_open_class(L, &snn_reducer_class);
    for (int i = 0; i < MODELS; i++) {
        snn_open_model(L, &classes[i], "reducer", models[i]->equations,
                       models[i]->source, models[i]->example,
                       models[i]->fields);
    }
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
