/* Encoders, all by their descriptors (encode/list.h): classes below
   snn.Encoder, which differ in their models only. Trains that are made step by step
   are train.c. */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/models/scripted.h"
#include "bind/object/arguments.h"
#include "bind/object/scripted.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/models/generator.h"
#include "bind/models/train.h"
#include "bind/tensor/tensor.h"
#include "encode/models.h"
#include "util/mem.h"

static const snn_encoder_model *const models[] = {
#define ENCODER(name) &snn_encoder_##name,
#include "encode/list.h"
#undef ENCODER
    &snn_encoder_scripted /* of scripts' classes */
};

enum { MODELS = sizeof models / sizeof *models - 1 };
static snn_class classes[MODELS + 1];
static const snn_class encoder_class;

static const snn_encoder_model *model_of(const snn_object *object)
{
    return object->cls->model;
}

static int encoder_init(lua_State *L)
{
    snn_fail fail;
    snn_object *object = snn_init_self(L, &encoder_class);
    const snn_encoder_model *model = model_of(object);
    void *args = lua_newuserdatauv(L, model->args_size, 0);
    memset(args, 0, model->args_size);
    snn_read_fields(L, 2, model->name, model->fields, args);
    if (snn_field_find(model->fields, "generator")) {
        lua_getfield(L, 2, "generator");
        snn_arg_generator(L, -1, model->name, "generator");
        snn_set_link(L, 1, "generator");
    }
    snn_encoder *self;
    snn_must(L, snn_encoder_new(model, args, &fail, &self), &fail);
    snn_finish(L, object, self);
    return 0;
}

static void encoder_free(void *self)
{
    snn_encoder_free(self);
}

/* ---- fields ---- */

static void get_duration(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)a;
    const snn_encoder_args *args = snn_encoder_common(object->self);
    lua_pushnumber(L, (double)args->steps * args->step_time);
}

/* The arguments as they are in effect: refrac may follow step_time. */
static void get_settled(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    snn_push_field(L, a->field, ((const snn_encoder *)object->self)->args);
}

static const void *args_of(const void *self)
{
    return ((const snn_encoder *)self)->given;
}

static snn_status set_args(void *self, const void *args,
                           const snn_field *changed, const snn_each *each,
                           int count, snn_fail *fail)
{
    (void)changed, (void)each, (void)count;
    return snn_encoder_set(self, args, fail);
}

/* Of the arguments only the generator is none of the engine's. */
static void take_other(lua_State *L, int index, const char *where,
                       const snn_field *f, void *args)
{
    (void)args;
    snn_arg_generator(L, index, where, f->name);
}

static void get_other(lua_State *L, const snn_object *object,
                      const snn_field *f)
{
    (void)object;
    snn_get_link(L, 1, f->name);
    if (snn_is_none(L, -1)) lua_pushnil(L);
}

static const snn_attribute attributes[] = {
    { .name = "duration", .get = get_duration, .is_const = true,
      .doc = "length of a train, ms" },
    { .name = NULL },
};

enum { MOST_ATTRIBUTES = 24 };
static snn_attribute own_attributes[MODELS + 1][MOST_ATTRIBUTES + 3];
static snn_arguments arguments[MODELS + 1];

/* The arguments, two of them also under other names. */
static void fill_attributes(const snn_field *fields, snn_attribute *out)
{
    snn_argument_list(fields, MOST_ATTRIBUTES, out);
    for (; out->name; out++) {
        out->is_child = out->field->type == SNN_OTHER;
        if (!out->is_child) out->get = get_settled;
    }
    *out++ = snn_argument_as(fields, "step_time", "dt");
    if (snn_field_find(fields, "compensate"))
        *out++ = snn_argument_as(fields, "compensate", "compensated");
    *out = (snn_attribute){ .name = NULL };
}

/* ---- trains ---- */

static snn_encoder *self_of(lua_State *L, const char *where)
{
    return snn_self(L, &encoder_class, where);
}

/* encoder(intensities): (B, N...) -> spikes (steps, B, N...) */
static int encoder_forward(lua_State *L)
{
    snn_fail fail;
    const snn_encoder *e = self_of(L, "forward");
    snn_scripted_refuse(L, 1);
    const snn_tensor *x = snn_arg_tensor(L, 2, e->model->name, "intensities");
    snn_tensor *out = snn_push_tensor(L);
    snn_get_link(L, 1, "generator");
    snn_rng_key *before = snn_use_generator(L, -1);
    snn_status status = snn_encoder_run(e, x, &fail, out);
    snn_rng_use(before);
    lua_pop(L, 1);
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

/* for spikes in encoder:steps_of(intensities) do */
static int encoder_steps_of(lua_State *L)
{
    const snn_encoder *e = self_of(L, "steps_of");
    snn_arg_tensor(L, 2, "steps_of", "intensities");
    return snn_encoder_steps(L, e);
}

static int encoder_text(lua_State *L)
{
    const snn_encoder *e = self_of(L, "tostring");
    snn_push_fields_text(L, e->model->name, e->model->fields, e->args);
    return 1;
}

static const luaL_Reg methods[] = {
    { "forward", encoder_forward },
    { "steps_of", encoder_steps_of },
    { "__tostring", encoder_text },
    { NULL, NULL },
};

/* ---- snapshots ---- */

/* The arguments, given and settled. */
static snn_status take(void *self, void *out, snn_fail *fail)
{
    const snn_encoder *e = self;
    size_t size = e->model->args_size;
    char *kept = snn_mem_alloc(2 * size);
    *(char **)out = kept;
    if (!kept) return snn_fail_memory(fail, e->model->name, 2 * size);
    memcpy(kept, e->given, size);
    memcpy(kept + size, e->args, size);
    return SNN_OK;
}

static void drop(void *self, void *snapshot)
{
    (void)self;
    snn_mem_free(*(char **)snapshot);
}

static void restore(void *self, void *snapshot)
{
    const snn_encoder *e = self;
    const char *kept = *(char **)snapshot;
    memcpy(e->given, kept, e->model->args_size);
    memcpy(e->args, kept + e->model->args_size, e->model->args_size);
    drop(self, snapshot);
}

static const snn_snapshots snapshots = { sizeof(char *), take, restore, drop };

static const snn_class encoder_class = {
    .where = SNN_HERE,
    .name = "Encoder",
    .summary = "The base of all encoders.",
    .init = encoder_init,
    .free = encoder_free,
    .snapshots = &snapshots,
    .methods = methods,
    .attributes = attributes,
    .own = &classes[MODELS],
    .family = &snn_encoder_family,
};

void snn_open_encoder(lua_State *L)
{
    for (int i = MODELS; i >= 0; i--) {
        fill_attributes(models[i]->fields, own_attributes[i]);
        arguments[i] = (snn_arguments){ .fields = models[i]->fields,
                                        .size = models[i]->args_size,
                                        .args = args_of, .set = set_args,
                                        .take = take_other, .get = get_other };
        classes[i] = (snn_class){ .where = models[i]->where,
                                  .name = models[i]->name,
                                  .parent = &encoder_class,
                                  .summary = models[i]->summary,
                                  .init = encoder_init,
                                  .attributes = own_attributes[i],
                                  .arguments = &arguments[i],
                                  .model = models[i] };
    }
    snn_own_class(&classes[MODELS]);
    snn_open_class(L, &encoder_class);
    for (int i = 0; i < MODELS; i++) {
        snn_open_model(L, &classes[i], "encoder", models[i]->equations,
                       models[i]->source, models[i]->example,
                       models[i]->fields);
    }
}
