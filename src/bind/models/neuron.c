/* Neurons: one class for each model of neuron/list.h, made from its
   descriptor. The arguments are fields of the objects; assigning one is checked
   as in the constructor and keeps the state. */
#include "bind/models/neuron.h"
#include "bind/models/scripted.h"
#include "bind/models/snapshots.h"
#include "bind/object/scripted.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/arguments.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "neuron/model.h"

static const char REDUCTION[] = "batch_reduction"; /* argument and link */

static const snn_neuron_model *model_of(const snn_object *object)
{
    return object->cls->model;
}

/* ---- init ---- */

/* A name or a function, which is kept as a link. */
static void read_reduction(lua_State *L, const snn_neuron_model *model,
                           void *args)
{
    const snn_field *f = snn_field_find(model->fields, REDUCTION);
    if (!f) return;
    snn_batch_reduction reduction =
        snn_read_batch_reduction(L, 2, model->name, f);
    if (reduction == SNN_BATCH_CALLBACK) {
        lua_getfield(L, 2, REDUCTION);
        snn_set_link(L, 1, REDUCTION);
    }
    memcpy((char *)args + f->offset, &reduction, sizeof reduction);
}

static int neuron_init(lua_State *L)
{
    snn_fail fail;
    snn_each_list each;
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_neuron_class);
    const snn_neuron_model *model = model_of(object);
    if (!model)
        return snn_error(L, SNN_TYPE_ERROR,
                         "Neuron: the parent of all neurons cannot be made; "
                         "make a LIF, an ALIF, ...");
    void *args = lua_newuserdatauv(L, model->args_size, 0);
    memset(args, 0, model->args_size);
    snn_read_fields_each(L, 2, model->name, model->fields, args, &each);
    read_reduction(L, model, args);
    snn_neuron *neuron = NULL;
    snn_must(L, snn_neuron_new(model, args, each.item, each.count, &fail, &neuron),
             &fail);
    snn_finish(L, object, neuron);
    snn_feel_bytes(L, snn_neuron_bytes(neuron));
    return 0;
}

static void neuron_free(void *self) { snn_neuron_free(self); }

/* ---- fields ---- */

static void get_count(lua_State *L, snn_object *object,
                      const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(
        L, snn_shape_count(&snn_neuron_args_of(object->self)->shape));
}

static void get_batched_shape(lua_State *L, snn_object *object,
                              const snn_attribute *a)
{
    (void)a;
    snn_shape shape = snn_neuron_batched_shape(object->self);
    snn_push_shape(L, &shape);
}

static void get_batch_size(lua_State *L, snn_object *object,
                           const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(L, snn_neuron_args_of(object->self)->batch_size);
}

static void set_batch_size(lua_State *L, snn_object *object,
                           const snn_attribute *a)
{
    snn_fail fail;
    int64_t n = snn_arg_integer(L, lua_gettop(L), object->cls->name, a->name,
                                1, INT64_MAX);
    snn_must(L, snn_neuron_set_batch_size(object->self, n, &fail), &fail);
    object->is_resized = true;
    snn_feel_bytes(L, snn_neuron_bytes(object->self));
}

static void get_step_time(lua_State *L, snn_object *object,
                          const snn_attribute *a)
{
    (void)a;
    lua_pushnumber(L, snn_neuron_args_of(object->self)->step_time);
}

static void set_step_time(lua_State *L, snn_object *object,
                          const snn_attribute *a)
{
    snn_fail fail;
    const snn_field *f = snn_field_find(model_of(object)->fields, "step_time");
    snn_field named = *f; /* errors name the field */
    named.name = a->name;
    double dt = snn_arg_real(L, lua_gettop(L), object->cls->name, &named);
    snn_must(L, snn_neuron_set_step_time(object->self, dt, &fail), &fail);
}

/* ---- arguments ---- */

static const void *args_of(const void *self)
{
    return snn_neuron_args_of(self);
}

static const snn_each *each_of(const void *self, int *count)
{
    return snn_neuron_each_of(self, count);
}

static snn_status set_args(void *self, const void *args,
                           const snn_field *changed, const snn_each *each,
                           int count, snn_fail *fail)
{
    return snn_neuron_set_arguments(self, args, changed, each, count, fail);
}

static size_t bytes_of(const void *self) { return snn_neuron_bytes(self); }

static snn_batch_reduction *reduction_in(const snn_field *f, void *args)
{
    return (snn_batch_reduction *)(void *)((char *)args + f->offset);
}

/* The batch reduction is the only one that is a name, or a function. */
static void take_reduction(lua_State *L, int index, const char *where,
                           const snn_field *f, void *args)
{
    *reduction_in(f, args) =
        snn_is_none(L, index) ? (snn_batch_reduction)f->otherwise
                              : snn_arg_batch_reduction(L, index, where, f);
}

static void get_reduction(lua_State *L, const snn_object *object,
                          const snn_field *f)
{
    snn_batch_reduction reduction;
    memcpy(&reduction,
           (const char *)snn_neuron_args_of(object->self) + f->offset,
           sizeof reduction);
    if (reduction == SNN_BATCH_CALLBACK)
        snn_get_link(L, 1, REDUCTION);
    else
        snn_push_choice(L, f->choices, (int)reduction);
}

static const snn_attribute attributes[] = {
    { .name = "count", .get = get_count, .is_const = true,
      .doc = "number of neurons, without the batch" },
    { .name = "batchsz", .get = get_batch_size, .set = set_batch_size,
      .doc = "samples side by side; setting it clears voltage and refrac" },
    { .name = "batchedshape", .get = get_batched_shape, .is_const = true,
      .doc = "{batchsz, shape...}" },
    { .name = "dt", .get = get_step_time, .set = set_step_time,
      .doc = "length of a step, ms; setting it keeps the state" },
    { .name = NULL },
};

/* ---- methods ---- */

static snn_object *check_neuron(lua_State *L, const char *where)
{
    return snn_arg_object(L, 1, &snn_neuron_class, where, "self");
}

void snn_read_neuron_options(lua_State *L, int options,
                             const snn_object *neuron, const char *where,
                             snn_neuron_options *out)
{
    static const char *const plain[] = { "refrac_lock", "adapt", NULL };
    static const char *const all[] = { "refrac_lock", "adapt", "override",
                                       NULL };
    bool takes_override = model_of(neuron)->takes_override;
    if (options)
        options = snn_arg_options(L, lua_absindex(L, options), where,
                                  takes_override ? all : plain);
    *out = (snn_neuron_options){
        .refrac_lock = snn_option_bool(L, options, where, "refrac_lock", true),
        .adapt = snn_option_bool(L, options, where, "adapt", neuron->training),
    };
    if (takes_override && snn_option(L, options, "override")) {
        out->override = snn_arg_tensor(L, lua_gettop(L), where, "override");
        lua_pop(L, 1);
    }
}

typedef struct reduce_call {
    const char *where;
    int object; /* index in the caller's frame */
    lua_State *L;
    const snn_tensor *data;
    snn_tensor *out;
} reduce_call;

/* (object, reduce_call): out = the object's function(data, 1). */
static int call_reduction(lua_State *L)
{
    snn_fail fail;
    const reduce_call *call = lua_touserdata(L, 2);
    snn_get_link(L, 1, REDUCTION);
    snn_push_shared(L, call->data, false);
    lua_pushinteger(L, 1);
    lua_call(L, 2, 1);
    const snn_tensor *result =
        snn_arg_tensor(L, lua_gettop(L), call->where, "batch_reduction's result");
    snn_must(L, snn_tensor_share(result, false, &fail, call->out), &fail);
    return 0;
}

static snn_status reduce(void *context, const snn_tensor *data,
                         snn_tensor *out, snn_fail *fail)
{
    reduce_call *call = context;
    lua_State *L = call->L;
    if (!lua_checkstack(L, 4))
        return snn_fail_memory(fail, call->where, LUAI_MAXSTACK);
    call->data = data;
    call->out = out;
    lua_pushcfunction(L, call_reduction);
    lua_pushvalue(L, call->object);
    lua_pushlightuserdata(L, call);
    return snn_callback(L, 2, 0, fail);
}

snn_status snn_run_neuron(lua_State *L, int object, const snn_tensor *input,
                          const snn_neuron_options *options,
                          const char *where, snn_fail *fail)
{
    const snn_object *o = snn_test_object(L, object);
    reduce_call call = { .where = where, .L = L,
                         .object = lua_absindex(L, object) };
    snn_neuron_options full = *options;
    full.reduce = reduce;
    full.context = &call;
    return snn_neuron_step(o->self, input, &full, where, fail);
}

snn_status snn_push_step(lua_State *L, int object, const snn_tensor *input,
                         const snn_neuron_options *options, const char *where,
                         snn_fail *fail)
{
    const snn_object *o = snn_test_object(L, object);
    snn_tensor *out = snn_push_tensor(L);
    snn_storage *spare = out->storage = snn_storage_spare();
    if (!spare) return snn_fail_memory(fail, where, sizeof *spare);
    snn_status status = snn_run_neuron(L, object, input, options, where, fail);
    if (status) return status;
    *out = *snn_neuron_spike(o->self);
    snn_storage_fill(spare, out->storage);
    out->storage = spare;
    snn_tensor_done(L);
    return SNN_OK;
}

/* forward(self, input [, options]): one step; returns the spikes. */
static int neuron_forward(lua_State *L)
{
    snn_fail fail;
    snn_neuron_options options;
    lua_settop(L, 3);
    const snn_object *object = check_neuron(L, "forward");
    snn_scripted_refuse(L, 1);
    const char *where = object->cls->name;
    const snn_tensor *input = snn_arg_tensor(L, 2, where, "input");
    snn_read_neuron_options(L, 3, object, where, &options);
    snn_must(L, snn_push_step(L, 1, input, &options, where, &fail), &fail);
    return 1;
}

/* clear(self [, { keep_adaptations = true }]) */
static int neuron_clear(lua_State *L)
{
    snn_fail fail;
    static const char *const known[] = { "keep_adaptations", NULL };
    lua_settop(L, 2);
    const snn_object *object = check_neuron(L, "clear");
    int options = snn_arg_options(L, 2, "clear", known);
    bool keep = snn_option_bool(L, options, "clear", "keep_adaptations", true);
    snn_must(L, snn_neuron_clear(object->self, keep, &fail), &fail);
    snn_declared_clear(object, !keep);
    return 0;
}

static int neuron_tostring(lua_State *L)
{
    const snn_object *object = check_neuron(L, "tostring");
    const snn_neuron_model *model = model_of(object);
    int count;
    const snn_each *each = snn_neuron_each_of(object->self, &count);
    snn_push_fields_text_each(L, model->name, model->fields,
                              snn_neuron_args_of(object->self), each, count);
    return 1;
}

static const luaL_Reg methods[] = {
    { "forward", neuron_forward },
    { "clear", neuron_clear },
    { "__tostring", neuron_tostring },
    { NULL, NULL },
};

/* ---- classes ---- */

#define NEURON(name) +1
enum {
    MODELS =
#include "neuron/list.h"
    ,
    MOST_ATTRIBUTES = 32
};
#undef NEURON

/* The last is that of scripts' classes. */
static snn_class classes[MODELS + 1];
static snn_attribute model_attributes[MODELS + 1][MOST_ATTRIBUTES];
static snn_arguments arguments[MODELS + 1];

const snn_class snn_neuron_class = {
    .where = SNN_HERE,
    .name = "Neuron",
    .summary = "The parent of all groups of neurons.",
    .init = neuron_init,
    .free = neuron_free,
    .snapshots = &snn_neuron_snapshots,
    .methods = methods,
    .attributes = attributes,
    .state = snn_neuron_rows,
    .own = &classes[MODELS],
    .family = &snn_neuron_family,
};

/* The arguments, the refractory time by its other name too. */
static void fill_attributes(const snn_neuron_model *model, snn_attribute *out)
{
    const snn_attribute *last = out + MOST_ATTRIBUTES - 2;
    for (const snn_field *f = model->fields; f->name && out < last; f++)
        *out++ = snn_argument(f);
    if (snn_field_find(model->fields, "refrac_t")) {
        *out = snn_argument_as(model->fields, "refrac_t", "absrefrac");
        out++->is_const = true;
    }
    *out = (snn_attribute){ .name = NULL };
}

static void make_class(const snn_neuron_model *model, int i)
{
    fill_attributes(model, model_attributes[i]);
    arguments[i] = (snn_arguments){ .fields = model->fields,
                                    .size = model->args_size,
                                    .args = args_of, .each = each_of,
                                    .set = set_args, .bytes = bytes_of,
                                    .take = take_reduction,
                                    .get = get_reduction };
    classes[i] = (snn_class){ .where = model->where,
                              .name = model->name,
                              .parent = &snn_neuron_class,
                              .summary = model->summary,
                              .init = neuron_init,
                              .attributes = model_attributes[i],
                              .state = model->state,
                              .arguments = &arguments[i],
                              .model = model };
}

void snn_open_neuron(lua_State *L)
{
    make_class(&snn_neuron_scripted, MODELS);
    snn_own_class(&classes[MODELS]);
    snn_open_class(L, &snn_neuron_class);
    for (int i = 0; i < MODELS; i++) {
        const snn_neuron_model *model = snn_neuron_models[i];
        make_class(model, i);
        snn_open_model(L, &classes[i], "neuron", model->equations,
                       model->source, model->example,
                       model->fields);
    }
}
