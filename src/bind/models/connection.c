/* Connections, generic over connection/list.h: one class for each model below
   snn.Connection. links[SNN_LINK_SYNAPSE] is the synapse, links[SNN_LINK_UPDATER] the updater;
   lua/snn/connection.lua adds what is the same in Lua. */
#include "bind/models/connection.h"

#include <stdio.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/models/synapse.h"
#include "bind/object/arguments.h"
#include "bind/object/borrow.h"
#include "bind/models/scripted.h"
#include "bind/models/snapshots.h"
#include "bind/models/synapses.h"
#include "bind/object/scripted.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "bind/learning/updatable.h"
#include "connection/conv2d.h"
#include "util/number.h"

static snn_connection *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_connection_class, where);
}

void snn_push_synapse(lua_State *L, int index)
{
    snn_push_links(L, index);
    lua_rawgeti(L, -1, SNN_LINK_SYNAPSE);
    lua_replace(L, -2);
}

/* The synapse on top, popped, becomes that of the connection at 1. */
static void keep_synapse(lua_State *L)
{
    snn_push_links(L, 1);
    lua_insert(L, -2);
    lua_rawseti(L, -2, SNN_LINK_SYNAPSE);
    lua_pop(L, 1);
}

/* ---- construction ---- */

/* args.delay: absent or false, 0 for "undelayed", or the longest delay. */
static void read_delay(lua_State *L, const char *where,
                       snn_connection_args *args)
{
    lua_getfield(L, 2, "delay");
    args->has_delay =
        !lua_isnil(L, -1) && (!lua_isboolean(L, -1) || lua_toboolean(L, -1));
    args->delay =
        args->has_delay ? snn_arg_number(L, -1, where, "delay") : 0;
    if (!(args->delay >= 0 && args->delay < 1e300))
        snn_error(L, SNN_VALUE_ERROR, "%s: 'delay' must be at least 0, got %s",
                  where, snn_real(args->delay).text);
    lua_pop(L, 1);
}

/* Pushes what args.synapse(shape, step_time, delay, batch_size, dtype) of the
   table at 2 returns: a synapse. */
static const snn_object *make_synapse(lua_State *L,
                                 const snn_connection_model *model,
                                 const snn_connection_args *args)
{
    snn_shape shape = snn_connection_synapse_shape(model, args);
    if (lua_getfield(L, 2, "synapse") != LUA_TFUNCTION)
        snn_arg_error(L, model->name, "synapse",
                      "a function such as snn.DeltaCurrent.partialconstructor "
                      "gives",
                      -1);
    snn_push_shape(L, &shape);
    lua_pushnumber(L, args->step_time);
    lua_pushnumber(L, args->delay);
    lua_pushinteger(L, args->batch_size);
    lua_pushstring(L, snn_dtype_name(args->dtype));
    lua_call(L, 5, 1);
    return snn_arg_object(L, -1, &snn_synapse_class, model->name, "synapse");
}

/* Kept as they were given: how parameters began. */
static void keep_others(lua_State *L, const snn_connection_model *model)
{
    for (const snn_field *f = model->fields; f->name; f++) {
        if (f->type != SNN_OTHER || (!f->set_as && !f->fixed)) continue;
        lua_getfield(L, 2, f->name);
        snn_set_link(L, 1, f->name);
    }
}

/* Where the model has synapses one by one, a pattern of them is part of what it is
   made of: drawn last of all, by what may be a script's function. */
static snn_connection *make(lua_State *L, const snn_object *object,
                            const snn_connection_model *model, void *args,
                            snn_synapse *synapse)
{
    snn_fail fail;
    snn_connection *made;
    snn_pattern *pattern = NULL;
    if (model->pattern) {
        int at = snn_push_synapses(L, model, args);
        snn_check_unfinished(L, object);
        pattern = snn_take_synapses(L, at);
        memcpy((char *)args + model->pattern, &pattern, sizeof pattern);
    }
    snn_status status = snn_connection_new(model, args, synapse, &fail, &made);
    snn_pattern_free(pattern); /* the weight holds it */
    snn_must(L, status, &fail);
    return made;
}

static int init(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_connection_class);
    const snn_connection_model *model = object->cls->model;
    snn_connection_args *args = lua_newuserdatauv(L, model->args_size, 0);
    memset(args, 0, model->args_size); /* also what has no field */
    snn_read_fields(L, 2, model->name, model->fields, args);
    read_delay(L, model->name, args);
    if (model->check) snn_must(L, model->check(args, &fail), &fail);
    const snn_object *synapse = make_synapse(L, model, args);
    snn_check_unfinished(L, object);
    keep_synapse(L);
    object->self = make(L, object, model, args, synapse->self);
    object->needs = synapse;
    keep_others(L, model);
    return 0;
}

static void release(void *connection) { snn_connection_free(connection); }

/* ---- arguments ---- */

static const void *args_of(const void *self)
{
    return snn_connection_common(self);
}

/* ---- methods ---- */

/* The step of a connection whose synapse is of a script's class or has hooks:
   tools.through_synapse(self, spikes, injected...) calls it. What fails takes
   its step back. */
static int call_synapse(lua_State *L, snn_connection *connection, int last)
{
    snn_fail fail;
    snn_synapse *synapse = connection->synapse;
    snn_push_synapse(L, 1); /* lives until the end, whatever it runs */
    lua_insert(L, 1);
    lua_settop(L, last + 1);
    snn_push_tools(L);
    lua_getfield(L, -1, "through_synapse");
    lua_replace(L, -2);
    lua_insert(L, 2);
    uint64_t before = snn_synapse_ticks(synapse);
    snn_status status = snn_callback(L, last, 1, &fail);
    if (status && snn_synapse_ticks(synapse) == before + 1)
        snn_synapse_undo(synapse);
    snn_must(L, status, &fail);
    return 1;
}

/* tools.run_hooks(synapse, place, inputs...): the hooks of the synapse of the
   connection at 1, whose inputs are at 2 .. last. With delays, and of Conv2D,
   hooks see the step and cannot change it. */
static void run_hooks(lua_State *L, const char *place, int last)
{
    luaL_checkstack(L, last + 4, "forward");
    snn_push_tools(L);
    lua_getfield(L, -1, "run_hooks");
    lua_replace(L, -2);
    snn_push_synapse(L, 1);
    lua_pushstring(L, place);
    for (int i = 2; i <= last; i++) lua_pushvalue(L, i);
    lua_call(L, last + 1, 0);
}

/* forward(spikes, injected...): one step; currents (B, out...). A table of
   options may be the last, but there are none. */
static int forward(lua_State *L)
{
    static const char *const options[] = { NULL };
    snn_fail fail;
    snn_connection *connection = self(L, "forward");
    snn_scripted_refuse(L, 1);
    const char *name = connection->model->name;
    const snn_tensor *one;
    int last = lua_gettop(L);
    if (last > 2 && lua_istable(L, last))
        snn_arg_options(L, last--, name, options);
    const snn_tensor *const *input = snn_arg_inputs(L, 2, last, name, &one);
    const snn_object *needs = snn_test_object(L, 1)->needs;
    if (needs->cls->is_own) return snn_through_own_synapse(L, last);
    bool spreads = connection->model->spread != SNN_SPREAD_NONE &&
                   !snn_connection_is_delayed(connection);
    if (needs->is_scripted || (needs->has_hooks && spreads))
        return call_synapse(L, connection, last);
    bool hooked = needs->has_hooks;
    if (hooked) run_hooks(L, "before", last);
    snn_tensor *out = snn_push_tensor(L);
    int result = lua_gettop(L);
    snn_must(L,
             snn_connection_step(connection, input, last > 2 ? last - 1 : 1,
                                 name, &fail, out),
             &fail);
    snn_tensor_done(L);
    if (hooked) run_hooks(L, "after", last);
    lua_settop(L, result);
    return 1;
}

static int clear(lua_State *L)
{
    snn_fail fail;
    const snn_connection *connection = self(L, "clear");
    const snn_object *object = snn_test_object(L, 1);
    if (object->needs->is_scripted) {
        snn_push_synapse(L, 1);
        lua_getfield(L, -1, "clear");
        lua_insert(L, -2);
        lua_call(L, 1, 0);
    } else {
        snn_must(L, snn_synapse_clear(connection->synapse, &fail), &fail);
    }
    snn_declared_clear(object, false);
    return 0;
}

static int insize(lua_State *L)
{
    lua_pushinteger(L, self(L, "insize")->inputs);
    return 1;
}

static int outsize(lua_State *L)
{
    lua_pushinteger(L, self(L, "outsize")->outputs);
    return 1;
}

static int to_text(lua_State *L)
{
    const snn_connection *connection = self(L, "tostring");
    snn_push_fields_text(L, connection->model->name, connection->model->fields,
                         connection->args);
    return 1;
}

/* presyn_receptive(t), postsyn_receptive(t): values of inputs, (B, inputs) or (B,
   inputs, outputs), of outputs (B, out...), lined up with the weight. */
static int receptive(lua_State *L, bool is_pre, const char *where)
{
    snn_fail fail;
    const snn_connection *c = self(L, where);
    const snn_tensor *t = snn_arg_tensor(L, 2, where, "t");
    snn_tensor *out = snn_push_tensor(L);
    snn_status status = is_pre ? c->model->pre_receptive(c, t, &fail, out)
                               : c->model->post_receptive(c, t, &fail, out);
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

static int presyn_receptive(lua_State *L)
{
    return receptive(L, true, "presyn_receptive");
}

static int postsyn_receptive(lua_State *L)
{
    return receptive(L, false, "postsyn_receptive");
}

static const luaL_Reg methods[] = {
    { "forward", forward },
    { "clear", clear },
    { "insize", insize },
    { "outsize", outsize },
    { "__tostring", to_text },
    { "presyn_receptive", presyn_receptive },
    { "postsyn_receptive", postsyn_receptive },
    SNN_UPDATABLE_METHODS,
    { NULL, NULL },
};

/* ---- parameters ---- */

static snn_param *trainable(void *connection, const char *name)
{
    return snn_connection_param(connection, name);
}

static int trainable_names(const void *connection,
                           const char *names[SNN_MOST_PARAMS])
{
    return snn_connection_params(connection, names);
}

/* An update has been made: where warnings are errors the step that reads the
   delays fails, as nothing may have changed then. */
static void updated(void *connection)
{
    snn_fail fail;
    (void)snn_connection_tell_delays(connection, &fail);
}

static const snn_updatable updatable = {
    .cls = &snn_connection_class,
    .param = trainable,
    .names = trainable_names,
    .updated = updated,
};

/* ---- fields ---- */

static void get_synapse(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    (void)object, (void)a;
    snn_push_synapse(L, 1);
}

static void set_synapse(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    snn_fail fail;
    const snn_object *synapse =
        snn_arg_object(L, 3, &snn_synapse_class, object->cls->name, a->name);
    snn_push_synapse(L, 1);
    snn_borrow_keep(L, -1);
    snn_must(L,
             snn_connection_set_synapse(object->self, synapse->self, &fail),
             &fail);
    object->needs = synapse;
    lua_pushvalue(L, 3);
    keep_synapse(L);
}

static void get_biased(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)a;
    const snn_connection *c = object->self;
    lua_pushboolean(L, !snn_tensor_is_empty(&c->bias.value));
}

/* nil without delays, else the synapse's longest. */
static void get_delayed_by(lua_State *L, snn_object *object,
                           const snn_attribute *a)
{
    (void)a;
    if (snn_connection_common(object->self)->has_delay)
        lua_pushnumber(L, snn_connection_delayed_by(object->self));
    else
        lua_pushnil(L);
}

static void get_shape(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_connection *c = object->self;
    snn_shape shape =
        strcmp(a->name, "inshape") == 0    ? c->in
        : strcmp(a->name, "outshape") == 0 ? c->out
        : strcmp(a->name, "batched_inshape") == 0
            ? snn_connection_batched_in(c)
            : snn_connection_batched_out(c);
    snn_push_shape(L, &shape);
}

static void get_batch(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(L, snn_connection_common(object->self)->batch_size);
}

static void set_batch(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    int64_t batch =
        snn_arg_integer(L, 3, object->cls->name, a->name, 1, INT64_MAX);
    snn_push_synapse(L, 1);
    snn_object *synapse = snn_test_object(L, -1);
    snn_must(L, snn_connection_set_batch(object->self, batch, &fail), &fail);
    object->is_resized = true;
    if (synapse) synapse->is_resized = true;
}

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushnumber(L, snn_connection_common(object->self)->step_time);
}

static void set_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    double dt = snn_arg_number(L, 3, object->cls->name, a->name);
    if (!(dt > 0 && dt < 1e300))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be greater than 0, got %s",
                  object->cls->name, a->name, snn_real(dt).text);
    snn_must(L, snn_connection_set_dt(object->self, dt, &fail), &fail);
}

static const snn_attribute attributes[] = {
    { .name = "synapse", .get = get_synapse, .set = set_synapse, .is_child = true,
      .doc = "what makes currents of the spikes of inputs" },
    SNN_UPDATABLE_ATTRIBUTES,
    { .name = "biased", .get = get_biased, .doc = "has a bias" },
    { .name = "delayedby", .get = get_delayed_by,
      .doc = "longest delay, ms, or nil" },
    { .name = "inshape", .get = get_shape, .doc = "of inputs, no batch" },
    { .name = "outshape", .get = get_shape, .doc = "of outputs, no batch" },
    { .name = "batched_inshape", .get = get_shape, .doc = "of inputs" },
    { .name = "batched_outshape", .get = get_shape, .doc = "of outputs" },
    { .name = "batchsz", .get = get_batch, .set = set_batch,
      .doc = "batch size; setting it clears the synapse" },
    { .name = "dt", .get = get_dt, .set = set_dt, .doc = "step, ms" },
    { .name = NULL },
};

/* The last is that of scripts' classes. */
static const snn_connection_model *const models[] = {
#define CONNECTION(name) &snn_connection_##name,
#include "connection/list.h"
#undef CONNECTION
    &snn_connection_scripted
};
enum { MODELS = sizeof models / sizeof *models - 1, MOST_ATTRIBUTES = 24 };
static snn_class classes[MODELS + 1];
static snn_attribute own_attributes[MODELS + 1][MOST_ATTRIBUTES + 1];
static snn_arguments arguments[MODELS + 1];

const snn_class snn_connection_class = {
    .where = SNN_HERE,
    .name = "Connection",
    .summary = "The parent of all connections.",
    .init = init,
    .free = release,
    .snapshots = &snn_connection_snapshots,
    .methods = methods,
    .attributes = attributes,
    .own = &classes[MODELS],
    .family = &snn_connection_family,
    .state = snn_connection_rows,
};

/* ---- tools ---- */

typedef snn_status patches_fn(const snn_connection *connection,
                              const snn_tensor *t, const char *where,
                              snn_fail *fail, snn_tensor *out);

/* (connection, tensor): the connection is a Conv2D. */
static int patches(lua_State *L, patches_fn *fn, const char *where)
{
    snn_fail fail;
    const snn_connection *connection = self(L, where);
    const snn_tensor *t = snn_arg_tensor(L, 2, where, "data");
    if (!connection->model->has_patches)
        return snn_arg_error(L, where, "self", "a Conv2D", 1);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, fn(connection, t, where, &fail, out), &fail);
    return snn_tensor_done(L);
}

/* spread(connection): how it makes outputs of currents, nil: in no such way. */
static int spread(lua_State *L)
{
    static const char *const words[] = { [SNN_SPREAD_MATRIX] = "matrix",
                                         [SNN_SPREAD_ELEMENTS] = "elements",
                                         [SNN_SPREAD_ROWS] = "rows" };
    lua_pushstring(L, words[self(L, "spread")->model->spread]);
    return 1;
}

/* spread_rows(connection, currents): (B, inputs) to (B, outputs). */
static int spread_rows(lua_State *L)
{
    snn_fail fail;
    const char *where = "spread_rows";
    snn_connection *connection = self(L, where);
    const snn_tensor *t = snn_arg_tensor(L, 2, where, "currents");
    if (!snn_connection_rows_of(connection))
        return snn_arg_error(L, where, "self", "a LinearSparse", 1);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_connection_spread_rows(connection, t, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int unfold(lua_State *L)
{
    return patches(L, snn_conv2d_unfold, "like_synaptic");
}

static int fold(lua_State *L)
{
    return patches(L, snn_conv2d_fold, "like_input");
}

/* ---- opening ---- */

/* Does a field of that name mean something else: a parameter, the synapse? */
static bool is_other(const char *name)
{
    for (const snn_attribute *a = attributes; a->name; a++)
        if (strcmp(a->name, name) == 0) return true;
    return snn_state_find(snn_connection_rows, name) != NULL;
}

static void fill_attributes(const snn_connection_model *model,
                            snn_attribute *out)
{
    const snn_attribute *last = out + MOST_ATTRIBUTES;
    for (const snn_field *f = model->fields; f->name && out < last; f++)
        if (!is_other(f->name)) *out++ = snn_argument(f);
    const snn_attribute *own = snn_synapses_attributes;
    for (; model->pattern && own->name && out < last; own++) *out++ = *own;
    *out = (snn_attribute){ .name = NULL };
}

/* tools.BareConnection, of lua/snn/stand_in.lua */
static void open_bare(lua_State *L)
{
    static const snn_class bare = { .name = "BareConnection",
                                    .parent = &snn_connection_class,
                                    .summary = "Stands for a script's module.",
                                    .init = init,
                                    .model = &snn_connection_bare };
    snn_push_tools(L);
    snn_open_class(L, &bare);
    lua_pop(L, 1);
}

void snn_open_connection(lua_State *L)
{
    snn_register_updatable(&updatable);
    snn_push_tools(L);
    lua_pushcfunction(L, unfold);
    lua_setfield(L, -2, "unfold");
    lua_pushcfunction(L, fold);
    lua_setfield(L, -2, "fold");
    lua_pushcfunction(L, spread);
    lua_setfield(L, -2, "spread");
    lua_pushcfunction(L, spread_rows);
    lua_setfield(L, -2, "spread_rows");
    lua_pop(L, 1);
    for (int i = MODELS; i >= 0; i--) {
        fill_attributes(models[i], own_attributes[i]);
        arguments[i] = (snn_arguments){ .fields = models[i]->fields,
                                        .size = models[i]->args_size,
                                        .args = args_of };
        classes[i] = (snn_class){ .where = models[i]->where,
                                  .name = models[i]->name,
                                  .parent = &snn_connection_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .attributes = own_attributes[i],
                                  .arguments = &arguments[i],
                                  .model = models[i] };
    }
    snn_own_class(&classes[MODELS]);
    snn_open_class(L, &snn_connection_class);
    for (int i = 0; i < MODELS; i++)
        snn_open_model(L, &classes[i], "connection", models[i]->equations,
                       models[i]->source, models[i]->example,
                       models[i]->fields);
    open_bare(L);
}
