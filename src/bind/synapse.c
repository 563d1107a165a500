/* Synapses, generic over synapse/list.h: one class for each model below
   snn.Synapse. */
#include "bind/synapse.h"

#include "bind/args.h"
#include "bind/fields.h"
#include "bind/open.h"
#include "bind/raise.h"
#include "bind/tensor.h"
#include "bind/tools.h"
#include "synapse/synapse.h"
#include "tensor/copy.h"

static snn_synapse *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_synapse_class, where);
}

/* ---- construction ---- */

/* args[name] of the table at 2 as what a selection outside gives: a number (or
   true, false), or snn.none to clamp. */
static snn_overbound read_overbound(lua_State *L, const char *where,
                                    const char *name, bool is_flag)
{
    snn_overbound bound = { .is_clamped = false };
    lua_getfield(L, 2, name);
    if (snn_is_none(L, -1))
        bound.is_clamped = true;
    else if (!lua_isnil(L, -1))
        bound.value = is_flag ? snn_arg_bool(L, -1, where, name)
                              : snn_arg_number(L, -1, where, name);
    lua_pop(L, 1);
    return bound;
}

static int init(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_synapse_class);
    const snn_synapse_model *model = object->cls->model;
    snn_synapse_args *args = lua_newuserdatauv(L, model->args_size, 0);
    snn_read_fields(L, 2, model->name, model->fields, args);
    args->current_overbound =
        read_overbound(L, model->name, "current_overbound", false);
    args->spike_overbound =
        read_overbound(L, model->name, "spike_overbound", true);
    snn_synapse *synapse;
    snn_must(L, snn_synapse_new(model, args, &fail, &synapse), &fail);
    snn_finish(L, object, synapse);
    return 0;
}

static void release(void *synapse) { snn_synapse_free(synapse); }

/* ---- methods ---- */

/* forward(spikes, injected...): the currents. Injected currents are checked to
   be tensors; a model without a use for them ignores them. */
static int forward(lua_State *L)
{
    snn_fail fail;
    snn_synapse *synapse = self(L, "forward");
    const char *name = snn_synapse_model_of(synapse)->name;
    const snn_tensor *spikes = snn_arg_tensor(L, 2, name, "spikes");
    for (int i = 3; i <= lua_gettop(L); i++)
        snn_arg_tensor(L, i, name, "injected");
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_synapse_step(synapse, spikes, name, &fail), &fail);
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

static int clear(lua_State *L)
{
    snn_fail fail;
    snn_must(L, snn_synapse_clear(self(L, "clear"), &fail), &fail);
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

/* ---- fields ---- */

static void get_shape(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    snn_push_shape(L, &snn_synapse_common(object->self)->shape);
}

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

static void get_delay(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushnumber(L, snn_synapse_common(object->self)->delay);
}

static void set_delay(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    double delay = snn_arg_number(L, 3, object->cls->name, a->name);
    if (!(delay >= 0 && delay < 1e300))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be at least 0",
                  object->cls->name, a->name);
    snn_must(L, snn_synapse_set_delay(object->self, delay, &fail), &fail);
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
}

static void get_dtype(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    lua_pushstring(L,
                   snn_dtype_name(snn_synapse_common(object->self)->dtype));
}

static void get_current(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    snn_fail fail;
    (void)a;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_synapse_current(object->self, &fail, out), &fail);
    out->storage->is_field = true;
    snn_tensor_done(L);
}

static void get_spike(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    snn_push_shared(L, snn_synapse_spike(object->self), true);
}

/* The tensor at 3, which must have that shape. */
static const snn_tensor *arg_spikes(lua_State *L, const snn_object *object,
                                    const snn_attribute *a,
                                    const snn_shape *shape)
{
    const snn_tensor *t = snn_arg_tensor(L, 3, object->cls->name, a->name);
    if (!snn_shape_equal(&t->shape, shape)) {
        char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must have shape %s, got %s",
                  object->cls->name, a->name, snn_shape_text(shape, want),
                  snn_shape_text(&t->shape, got));
    }
    return t;
}

static void set_spike(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_shape shape = snn_synapse_batched_shape(object->self);
    const snn_tensor *t = arg_spikes(L, object, a, &shape);
    snn_tensor spikes;
    snn_must(L, snn_tensor_to(t, SNN_BOOL, &fail, &spikes), &fail);
    snn_synapse_set_spike(object->self, &spikes);
}

static void get_past(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    (void)a;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_synapse_past(object->self, &fail, out), &fail);
    if (snn_tensor_is_empty(out)) {
        lua_pushnil(L);
        return;
    }
    out->storage->is_field = true;
    snn_tensor_done(L);
}

static void set_past(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_shape shape = snn_synapse_past_shape(object->self);
    const snn_tensor *t = arg_spikes(L, object, a, &shape);
    snn_tensor past;
    snn_must(L, snn_tensor_to(t, SNN_BOOL, &fail, &past), &fail);
    snn_status status = snn_synapse_set_past(object->self, &past, &fail);
    snn_tensor_clear(&past);
    snn_must(L, status, &fail);
}

static const snn_attribute attributes[] = {
    { .name = "shape", .get = get_shape, .doc = "shape without batch" },
    { .name = "batchedshape", .get = get_batched_shape,
      .doc = "shape with the batch in front" },
    { .name = "count", .get = get_count, .doc = "elements without batch" },
    { .name = "dt", .get = get_dt, .set = set_dt, .doc = "step, ms" },
    { .name = "delay", .get = get_delay, .set = set_delay,
      .doc = "longest delay, ms" },
    { .name = "batchsz", .get = get_batch, .set = set_batch,
      .doc = "batch size; setting it clears" },
    { .name = "dtype", .get = get_dtype, .doc = "real type of the currents" },
    { .name = "current", .get = get_current, .doc = "newest currents, nA" },
    { .name = "spike", .get = get_spike, .set = set_spike, .is_state = true,
      .doc = "newest spikes, bool" },
    { .name = "past", .get = get_past, .set = set_past, .is_state = true,
      .doc = "spikes of the steps before, newest first, or nil" },
    { .name = NULL },
};

const snn_class snn_synapse_class = {
    .name = "Synapse",
    .summary = "The parent of all synapses.",
    .free = release,
    .methods = methods,
    .attributes = attributes,
};

static const snn_synapse_model *const models[] = {
#define SYNAPSE(name) &snn_synapse_##name,
#include "synapse/list.h"
#undef SYNAPSE
};
enum { MODELS = sizeof models / sizeof *models };
static snn_class classes[MODELS];

void snn_open_synapse(lua_State *L)
{
    snn_open_class(L, &snn_synapse_class);
    for (int i = 0; i < MODELS; i++) {
        classes[i] = (snn_class){ .name = models[i]->name,
                                  .parent = &snn_synapse_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .model = models[i] };
        snn_open_model(L, &classes[i], "synapse", models[i]->doc,
                       models[i]->source, models[i]->fields);
    }
}
