/* Trainers, generic over train/list.h: one class for each model below
   snn.IndependentCellTrainer, and what lua/snn/trainer.lua needs for their
   units. The call that runs at every step: bind/learning/trainer_call.c. */
#include "bind/learning/unit.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/network/layer.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/learning/snapshots.h"
#include "bind/learning/trainer_call.h"
#include "bind/learning/updatable.h"
#include "train/trainer.h"
#include "util/mem.h"

/* ---- arguments ---- */

snn_trainer_args *snn_push_trainer_args(lua_State *L, int index,
                                        const snn_trainer_model *model)
{
    snn_trainer_args *args = lua_newuserdatauv(L, model->args_size, 0);
    memset(args, 0, model->args_size); /* models share structs */
    snn_read_fields(L, index, model->name, model->fields, args);
    const snn_field *f = model->fields;
    while (strcmp(f->name, "batch_reduction") != 0) f++;
    args->batch_reduction = (snn_batch_reduction)f->otherwise;
    if (lua_getfield(L, index, f->name) != LUA_TNIL)
        args->batch_reduction =
            snn_read_batch_reduction(L, index, model->name, f);
    lua_pop(L, 1);
    return args;
}

/* The tables of cells. */
static void make_tables(lua_State *L)
{
    static const struct {
        const char *name;
        int number;
    } tables[] = { { "unit_names", SNN_LINK_UNIT_NAMES },
                   { "unit_map", SNN_LINK_UNIT_MAP } };
    snn_push_links(L, 1);
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        lua_newtable(L);
        lua_pushvalue(L, -1);
        lua_setfield(L, -3, tables[i].name);
        lua_rawseti(L, -2, tables[i].number);
    }
    lua_pop(L, 1);
}

/* init(self) of the parents of scripts' trainers. */
static int init_parent(lua_State *L)
{
    snn_object *object = snn_init_self(L, &snn_cell_trainer_class);
    make_tables(L);
    snn_finish(L, object, object); /* the units are all there is */
    return 0;
}

static void release(void *self)
{
    snn_trainer_self *trainer = self;
    snn_mem_free(trainer->args);
    snn_mem_free(trainer);
}

/* Takes a copy of the model's struct. */
static snn_trainer_self *new_self(lua_State *L, const snn_trainer_model *model,
                                  const void *args)
{
    snn_fail fail;
    snn_trainer_self *self = snn_mem_zeroed(sizeof *self);
    void *copy = snn_mem_alloc(model->args_size);
    if (self && copy) {
        self->size = model->args_size;
        self->args = memcpy(copy, args, model->args_size);
        return self;
    }
    snn_mem_free(copy);
    snn_mem_free(self);
    snn_must(L, snn_fail_memory(&fail, model->name, model->args_size), &fail);
    return NULL;
}

/* init(self, args): the arguments are checked here and read again, with its
   overrides, for each cell. */
static int init(lua_State *L)
{
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_trainer_class);
    const snn_trainer_model *model = object->cls->model;
    const void *args = snn_push_trainer_args(L, 2, model);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    snn_set_link(L, 1, "args");
    make_tables(L);
    snn_finish(L, object, new_self(L, model, args));
    return 0;
}

/* ---- what composite calls keep of a trainer: its arguments ---- */

static snn_status take_args(void *self, void *out, snn_fail *fail)
{
    const snn_trainer_self *trainer = self;
    void **copy = out;
    *copy = snn_mem_alloc(trainer->size);
    if (!*copy) return snn_fail_memory(fail, "trainer", trainer->size);
    memcpy(*copy, trainer->args, trainer->size);
    return SNN_OK;
}

static void drop_args(void *self, void *snapshot)
{
    (void)self;
    snn_mem_free(*(void **)snapshot);
}

static void restore_args(void *self, void *snapshot)
{
    snn_trainer_self *trainer = self;
    memcpy(trainer->args, *(void **)snapshot, trainer->size);
    drop_args(self, snapshot);
}

static const snn_snapshots snapshots = { sizeof(void *), take_args, restore_args,
                                         drop_args };

/* ---- units ---- */

/* tools.new_unit(trainer, args, cell) */
static int new_unit(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 3);
    const snn_object *trainer =
        snn_arg_object(L, 1, &snn_trainer_class, "register_cell", "self");
    const snn_object *cell =
        snn_arg_object(L, 3, &snn_cell_class, "register_cell", "cell");
    const snn_trainer_args *args = snn_push_trainer_args(L, 2, trainer->cls->model);
    snn_object *object = snn_push_object(L, &snn_unit_class);
    lua_pushvalue(L, 1);
    snn_set_link(L, -2, "trainer");
    lua_pushvalue(L, 3);
    snn_set_link(L, -2, "cell");
    snn_push_links(L, -1);
    snn_get_link(L, 3, "connection");
    lua_rawseti(L, -2, SNN_LINK_CONNECTION);
    lua_pop(L, 1);
    snn_unit *unit;
    snn_must(L,
             snn_unit_new(trainer->cls->model, args, cell->self, &fail, &unit),
             &fail);
    object->self = unit;
    object->needs = cell;
    return 1; /* tools.start_unit lets it record */
}

snn_unit *snn_unit_at(lua_State *L)
{
    return snn_arg_object(L, 1, &snn_unit_class, "trainer", "unit")->self;
}

void snn_get_registered(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    (void)object, (void)a;
    snn_get_link(L, 1, "unit");
    const snn_object *of = snn_test_instance(L, -1, &snn_unit_class);
    bool is_kept = snn_get_link(L, -1, "is_dropped") == LUA_TNIL;
    lua_pushboolean(L, is_kept && of &&
                           !((const snn_unit *)of->self)->cell->is_dead);
}

static void release_unit(void *unit) { snn_unit_free(unit); }

const snn_class snn_unit_class = {
    .where = SNN_HERE,
    .name = "Unit",
    .summary = "One trainer on one cell.",
    .free = release_unit,
    .snapshots = &snn_unit_snapshots,
};

const snn_class snn_cell_trainer_class = {
    .where = SNN_HERE,
    .name = "CellTrainer",
    .summary = "The parent of all trainers.",
    .init = init_parent,
    .takes_nothing = true,
};

const snn_class snn_trainer_class = {
    .where = SNN_HERE,
    .name = "IndependentCellTrainer",
    .parent = &snn_cell_trainer_class,
    .summary = "The parent of trainers that treat each cell by itself.",
    .init = init_parent,
    .takes_nothing = true,
};

/* ---- opening ---- */

static const snn_trainer_model *const models[] = {
#define TRAINER(name) &snn_trainer_##name,
#include "train/list.h"
#undef TRAINER
};
enum { MODELS = sizeof models / sizeof *models };
enum { MOST_ATTRIBUTES = 24 };
static snn_class classes[MODELS];
static snn_attribute attributes[MODELS][MOST_ATTRIBUTES + 1];
static snn_arguments arguments[MODELS];

/* tools.trained(trainer, args): the name of the parameter that it trains with
   these arguments, which are checked. */
static int trained(lua_State *L)
{
    const snn_object *object =
        snn_arg_object(L, 1, &snn_trainer_class, "trainer", "self");
    const snn_trainer_model *model = object->cls->model;
    const snn_trainer_args *args = snn_push_trainer_args(L, 2, model);
    lua_pushstring(L, snn_trainer_trains(model, args));
    return 1;
}

/* tools.update_modules(options, modules...) */
static int update_modules(lua_State *L)
{
    snn_update_modules(L, 2, lua_gettop(L) - 1, 1);
    return 0;
}

static const luaL_Reg tool_functions[] = {
    { "trained", trained },             { "update_modules", update_modules },
    { "new_unit", new_unit },           { "call_trainer", snn_trainer_call },
    { NULL, NULL },
};

void snn_open_trainer(lua_State *L)
{
    snn_open_class(L, &snn_cell_trainer_class);
    snn_open_class(L, &snn_trainer_class);
    snn_open_class(L, &snn_unit_class);
    lua_pushnil(L); /* not for scripts */
    lua_setfield(L, -2, snn_unit_class.name);
    for (int i = 0; i < MODELS; i++) {
        snn_trainer_attributes(models[i], MOST_ATTRIBUTES, attributes[i],
                               &arguments[i]);
        classes[i] = (snn_class){ .where = models[i]->where,
                                  .name = models[i]->name,
                                  .parent = &snn_trainer_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .free = release,
                                  .snapshots = &snapshots,
                                  .attributes = attributes[i],
                                  .arguments = &arguments[i],
                                  .methods = snn_trainer_methods(models[i]),
                                  .model = models[i] };
        snn_open_model(L, &classes[i], "trainer", models[i]->equations,
                       models[i]->source, models[i]->example,
                       models[i]->fields);
    }
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
