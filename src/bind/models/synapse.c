/* Synapses, generic over synapse/list.h: one class for each model below
   snn.Synapse. */
#include <string.h>

#include "bind/models/synapse.h"
#include "bind/models/snapshots.h"

#include <stdio.h>

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
    memset(args, 0, model->args_size); /* also what has no field */
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

/* of two exponentials */
static const luaL_Reg pair_methods[] = {
    { "pos_current_at", pos_current_at },
    { "neg_current_at", neg_current_at },
    { NULL, NULL },
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
    (void)a;
    snn_synapse_args args;
    lua_pushvalue(L, 3);
    snn_read_field(L, object->cls->name,
                   snn_synapse_model_of(object->self)->fields,
                   offsetof(snn_synapse_args, delay), &args);
    lua_pop(L, 1);
    snn_must(L, snn_synapse_set_delay(object->self, args.delay, &fail), &fail);
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

/* The tensor at 3, of the synapse's batched shape: for the newest step. */
static const snn_tensor *arg_step(lua_State *L, const snn_object *object,
                                  const snn_attribute *a)
{
    const snn_tensor *t = snn_arg_tensor(L, 3, object->cls->name, a->name);
    snn_shape shape = snn_synapse_batched_shape(object->self);
    if (!snn_shape_equal(&t->shape, &shape)) {
        char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must have shape %s, got %s%s",
                  object->cls->name, a->name, snn_shape_text(&shape, want),
                  snn_shape_text(&t->shape, got),
                  snn_batch_text(&t->shape, &shape));
    }
    return t;
}

static void set_spike(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_tensor step;
    const snn_tensor *t = arg_step(L, object, a);
    snn_must(L, snn_tensor_to(t, SNN_BOOL, &fail, &step), &fail);
    snn_synapse_set_spike(object->self, &step);
}

/* ---- the current and its parts ---- */

/* Of a synapse that stores none it cannot be set. */
static void set_current(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    snn_fail fail;
    const snn_tensor *t = arg_step(L, object, a);
    if (snn_synapse_stored(object->self) == 0)
        snn_error(L, SNN_ATTRIBUTE_ERROR,
                  "%s: '%s' cannot be set: it follows from the spikes",
                  object->cls->name, a->name);
    snn_must(L, snn_synapse_set_part(object->self, 0, t, &fail), &fail);
}

static snn_exponential exponential_of(const snn_attribute *a)
{
    return a->name[0] == 'n' ? SNN_EXP_NEG : SNN_EXP_POS;
}

static void get_exponential(lua_State *L, snn_object *object,
                            const snn_attribute *a)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L,
             snn_synapse_exponential(object->self, exponential_of(a), &fail,
                                     out),
             &fail);
    out->storage->is_field = true;
    snn_tensor_done(L);
}

static void set_exponential(lua_State *L, snn_object *object,
                            const snn_attribute *a)
{
    snn_fail fail;
    char where[96];
    const snn_tensor *t = arg_step(L, object, a);
    snprintf(where, sizeof where, "%s: '%s'", object->cls->name, a->name);
    snn_must(L,
             snn_synapse_set_exponential(object->self, exponential_of(a), t,
                                         where, &fail),
             &fail);
}

/* Which stored current an attribute shows: the part that drives, rise_ and
   rise_fine, or the synapse's own. */
static int part_of(const snn_attribute *a) { return a->name[0] == 'r'; }

/* The newest step before it was rounded: open, as it may be nil, and be missing
   in what is loaded. */
static void get_fine(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_tensor *fine = snn_synapse_fine(object->self, part_of(a));
    if (fine)
        snn_push_shared(L, fine, true);
    else
        lua_pushnil(L);
}

static void set_fine(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    char where[96];
    if (lua_isnil(L, 3)) return;
    const snn_tensor *t = snn_arg_tensor(L, 3, object->cls->name, a->name);
    snprintf(where, sizeof where, "%s: '%s'", object->cls->name, a->name);
    snn_must(L,
             snn_synapse_set_fine(object->self, part_of(a), t, where, &fail),
             &fail);
}

/* ---- histories: what a state_dict holds ---- */

static void push_history(lua_State *L, const snn_object *object, int part)
{
    snn_fail fail;
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_synapse_history(object->self, part, &fail, out), &fail);
    out->storage->is_field = true;
    snn_tensor_done(L);
}

static void set_history(lua_State *L, const snn_object *object,
                        const snn_attribute *a, int part)
{
    snn_fail fail;
    char where[96];
    const snn_tensor *t = snn_arg_tensor(L, 3, object->cls->name, a->name);
    snprintf(where, sizeof where, "%s: '%s'", object->cls->name, a->name);
    snn_must(L, snn_synapse_set_history(object->self, part, t, where, &fail),
             &fail);
}

static void get_spike_history(lua_State *L, snn_object *object,
                              const snn_attribute *a)
{
    (void)a;
    push_history(L, object, -1);
}

static void set_spike_history(lua_State *L, snn_object *object,
                              const snn_attribute *a)
{
    set_history(L, object, a, -1);
}

/* nil where no current is stored. */
static void get_part_history(lua_State *L, snn_object *object,
                             const snn_attribute *a)
{
    if (snn_synapse_stored(object->self) == 0)
        lua_pushnil(L);
    else
        push_history(L, object, part_of(a));
}

static void set_part_history(lua_State *L, snn_object *object,
                             const snn_attribute *a)
{
    set_history(L, object, a, part_of(a));
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
    { .name = "spike", .get = get_spike, .set = set_spike,
      .doc = "newest spikes, bool" },
    { .name = "spike_", .get = get_spike_history, .set = set_spike_history,
      .is_state = true, .doc = "spikes, newest first, (steps, batch, count)" },
    { .name = NULL },
};

/* The history of a stored current, and its newest step in double. */
#define STORED(part)                                                          \
    { .name = part "_", .get = get_part_history, .set = set_part_history,     \
      .is_state = true, .doc = "currents, newest first, (steps, batch, "      \
                               "count)" },                                    \
    { .name = part "_fine", .get = get_fine, .set = set_fine,                 \
      .is_state = true, .is_open = true,                                      \
      .doc = "newest currents as they are held, float64, or nil" }

static const snn_attribute single_attributes[] = {
    { .name = "current", .get = get_current, .set = set_current,
      .doc = "newest currents, nA" },
    STORED("current"),
    { .name = NULL },
};

static const snn_attribute pair_attributes[] = {
    { .name = "pos_current", .get = get_exponential, .set = set_exponential,
      .doc = "newest currents that decay by tc_decay, nA" },
    { .name = "neg_current", .get = get_exponential, .set = set_exponential,
      .doc = "newest currents that decay by tc_rise, subtracted, nA" },
    STORED("current"),
    STORED("rise"),
    { .name = NULL },
};

const snn_class snn_synapse_class = {
    .name = "Synapse",
    .summary = "The parent of all synapses.",
    .free = release,
    .snapshots = &snn_synapse_snapshots,
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
        bool is_pair = models[i]->parts > 1;
        classes[i] = (snn_class){ .name = models[i]->name,
                                  .parent = &snn_synapse_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .methods = is_pair ? pair_methods : NULL,
                                  .attributes = is_pair ? pair_attributes
                                                        : single_attributes,
                                  .model = models[i] };
        snn_open_model(L, &classes[i], "synapse", models[i]->equations,
                       models[i]->source, models[i]->fields);
    }
}
