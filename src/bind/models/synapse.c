/* Synapses, generic over synapse/list.h: one class for each model below
   snn.Synapse. */
#include <string.h>

#include "bind/models/synapse.h"
#include "bind/models/scripted.h"
#include "bind/models/snapshots.h"
#include "bind/object/arguments.h"
#include "bind/object/scripted.h"

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "synapse/synapse.h"
#include "tensor/copy.h"

static snn_synapse *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_synapse_class, where);
}

/* ---- construction ---- */

/* What a selection outside gives: a number (or true, false), or snn.none to
   clamp. */
static snn_overbound *overbound_in(const snn_field *f, void *args)
{
    return (snn_overbound *)(void *)((char *)args + f->offset);
}

static bool is_flag(const snn_field *f)
{
    return f->offset == offsetof(snn_synapse_args, spike_overbound);
}

static void take_overbound(lua_State *L, int index, const char *where,
                           const snn_field *f, void *args)
{
    snn_overbound bound = { .is_clamped = snn_is_none(L, index) };
    if (!bound.is_clamped)
        bound.value = is_flag(f) ? snn_arg_bool(L, index, where, f->name)
                                 : snn_arg_number(L, index, where, f->name);
    *overbound_in(f, args) = bound;
}

static void get_overbound(lua_State *L, const snn_object *object,
                          const snn_field *f)
{
    const void *args = snn_synapse_args_of(object->self);
    const snn_overbound *bound = overbound_in(f, (void *)(uintptr_t)args);
    if (bound->is_clamped)
        snn_push_none(L);
    else if (is_flag(f))
        lua_pushboolean(L, bound->value != 0);
    else
        lua_pushnumber(L, bound->value);
}

/* Those that are there. */
static void read_overbounds(lua_State *L, const snn_synapse_model *model,
                            void *args)
{
    for (const snn_field *f = model->fields; f->name; f++) {
        if (f->type != SNN_OTHER) continue;
        if (lua_getfield(L, 2, f->name) != LUA_TNIL)
            take_overbound(L, lua_gettop(L), model->name, f, args);
        lua_pop(L, 1);
    }
}

static int init(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_synapse_class);
    const snn_synapse_model *model = object->cls->model;
    snn_synapse_args *args = lua_newuserdatauv(L, model->args_size, 0);
    memset(args, 0, model->args_size); /* also what has no field */
    snn_read_fields(L, 2, model->name, model->fields, args);
    read_overbounds(L, model, args);
    snn_synapse *synapse;
    snn_must(L, snn_synapse_new(model, args, &fail, &synapse), &fail);
    snn_finish(L, object, synapse);
    return 0;
}

static void release(void *synapse) { snn_synapse_free(synapse); }

/* ---- methods ---- */

const snn_tensor *const *snn_arg_inputs(lua_State *L, int first, int last,
                                        const char *where,
                                        const snn_tensor **one)
{
    *one = snn_arg_tensor(L, first, where, "spikes");
    if (last <= first) return one;
    size_t count = (size_t)(last - first) + 1;
    const snn_tensor **list = lua_newuserdatauv(L, count * sizeof *list, 0);
    list[0] = *one;
    for (int i = first + 1; i <= last; i++)
        list[i - first] = snn_arg_tensor(L, i, where, "injected");
    return list;
}

/* forward(spikes, injected...): the currents. */
static int forward(lua_State *L)
{
    snn_fail fail;
    snn_synapse *synapse = self(L, "forward");
    snn_scripted_refuse(L, 1);
    const char *name = snn_synapse_model_of(synapse)->name;
    const snn_tensor *one;
    int last = lua_gettop(L), inputs = last > 2 ? last - 1 : 1;
    const snn_tensor *const *input = snn_arg_inputs(L, 2, last, name, &one);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_synapse_step(synapse, input, inputs, name, &fail), &fail);
    snn_status status = snn_synapse_current(synapse, &fail, out);
    if (status) snn_synapse_undo(synapse);
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

typedef snn_status select_fn(const snn_synapse *synapse,
                             const snn_tensor *selector, snn_fail *fail,
                             snn_tensor *out);

static int select_at(lua_State *L, select_fn *select, const char *where)
{
    snn_fail fail;
    const snn_synapse *synapse = self(L, where);
    const snn_tensor *selector = snn_arg_tensor(L, 2, where, "selector");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, select(synapse, selector, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int current_at(lua_State *L)
{
    return select_at(L, snn_synapse_current_at, "current_at");
}

static int spike_at(lua_State *L)
{
    return select_at(L, snn_synapse_spike_at, "spike_at");
}

static int exponential_at(lua_State *L, snn_exponential which,
                          const char *where)
{
    snn_fail fail;
    const snn_synapse *synapse = self(L, where);
    const snn_tensor *selector = snn_arg_tensor(L, 2, where, "selector");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_synapse_exponential_at(synapse, which, selector, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

static int pos_current_at(lua_State *L)
{
    return exponential_at(L, SNN_EXP_POS, "pos_current_at");
}

static int neg_current_at(lua_State *L)
{
    return exponential_at(L, SNN_EXP_NEG, "neg_current_at");
}

static int clear(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_synapse_clear(self(L, "clear"), &fail), &fail);
    snn_declared_clear(snn_test_object(L, 1), false);
    return 0;
}

static int to_text(lua_State *L)
{
    const snn_synapse *synapse = self(L, "tostring");
    const snn_synapse_model *model = snn_synapse_model_of(synapse);
    snn_push_fields_text(L, model->name, model->fields,
                         snn_synapse_args_of(synapse));
    return 1;
}

static const luaL_Reg methods[] = {
    { "forward", forward },   { "current_at", current_at },
    { "spike_at", spike_at }, { "clear", clear },
    { "__tostring", to_text },  { NULL, NULL },
};

/* of the difference of two exponentials */
static const luaL_Reg difference_methods[] = {
    { "pos_current_at", pos_current_at },
    { "neg_current_at", neg_current_at },
    { NULL, NULL },
};

/* ---- fields ---- */

static void get_batched_shape(lua_State *L, snn_object *object,
                              const snn_attribute *a)
{
    (void)a;
    snn_shape shape = snn_synapse_batched_shape(object->self);
    snn_push_shape(L, &shape);
}

static void get_count(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(
        L, snn_shape_count(&snn_synapse_common(object->self)->shape));
}

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushnumber(L, snn_synapse_common(object->self)->step_time);
}

static void set_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    double dt = snn_arg_number(L, 3, object->cls->name, a->name);
    if (!(dt > 0 && dt < 1e300))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be greater than 0",
                  object->cls->name, a->name);
    snn_must(L, snn_synapse_set_dt(object->self, dt, &fail), &fail);
}

static void get_batch(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushinteger(L, snn_synapse_common(object->self)->batch_size);
}

static void set_batch(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    int64_t batch =
        snn_arg_integer(L, 3, object->cls->name, a->name, 1, INT64_MAX);
    snn_must(L, snn_synapse_set_batch(object->self, batch, &fail), &fail);
    object->is_resized = true;
}

static const void *args_of(const void *self)
{
    return snn_synapse_args_of(self);
}

static snn_status set_args(void *self, const void *args,
                           const snn_field *changed, const snn_each *each,
                           int count, snn_fail *fail)
{
    (void)changed, (void)each, (void)count;
    return snn_synapse_set_arguments(self, args, fail);
}

static const snn_attribute attributes[] = {
    { .name = "batchedshape", .get = get_batched_shape,
      .doc = "shape with the batch in front" },
    { .name = "count", .get = get_count, .doc = "elements without batch" },
    { .name = "dt", .get = get_dt, .set = set_dt, .doc = "step, ms" },
    { .name = "batchsz", .get = get_batch, .set = set_batch,
      .doc = "batch size; setting it clears" },
    { .name = NULL },
};

/* The last is that of scripts' classes. */
static const snn_synapse_model *const models[] = {
#define SYNAPSE(name) &snn_synapse_##name,
#include "synapse/list.h"
#undef SYNAPSE
    &snn_synapse_scripted
};
enum { MODELS = sizeof models / sizeof *models - 1, MOST_ATTRIBUTES = 24 };
static snn_class classes[MODELS + 1];
static snn_attribute own_attributes[MODELS + 1][MOST_ATTRIBUTES + 1];
static snn_arguments arguments[MODELS + 1];

const snn_class snn_synapse_class = {
    .where = SNN_HERE,
    .name = "Synapse",
    .summary = "The parent of all synapses.",
    .init = init,
    .free = release,
    .snapshots = &snn_synapse_snapshots,
    .methods = methods,
    .attributes = attributes,
    .state = snn_synapse_rows,
    .own = &classes[MODELS],
    .family = &snn_synapse_family,
};

void snn_open_synapse(lua_State *L)
{
    for (int i = MODELS; i >= 0; i--) {
        snn_argument_list(models[i]->fields, MOST_ATTRIBUTES,
                          own_attributes[i]);
        arguments[i] = (snn_arguments){ .fields = models[i]->fields,
                                        .size = models[i]->args_size,
                                        .args = args_of,
                                        .set = set_args,
                                        .take = take_overbound,
                                        .get = get_overbound };
        classes[i] = (snn_class){ .where = models[i]->where,
                                  .name = models[i]->name,
                                  .parent = &snn_synapse_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .methods = models[i]->is_difference
                                      ? difference_methods
                                      : NULL,
                                  .attributes = own_attributes[i],
                                  .arguments = &arguments[i],
                                  .state = models[i]->state,
                                  .model = models[i] };
    }
    snn_own_class(&classes[MODELS]);
    snn_open_class(L, &snn_synapse_class);
    for (int i = 0; i < MODELS; i++) {
        snn_open_model(L, &classes[i], "synapse", models[i]->equations,
                       models[i]->source, models[i]->example,
                       models[i]->fields);
    }
}
