/* Trainers, generic over train/list.h: one class for each model below
   snn.IndependentCellTrainer, the call that runs at every step, and what
   lua/snn/trainer.lua needs for the rest: units and their monitors. */
#include "bind/learning/trainer.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/learning/eligibility.h"
#include "bind/lua/fields.h"
#include "bind/learning/kernels.h"
#include "bind/learning/snapshots.h"
#include "bind/network/layer.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/models/reducer.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "bind/learning/units.h"
#include "bind/learning/updatable.h"
#include "bind/learning/updater.h"
#include "tensor/copy.h"
#include "train/trainer.h"

/* ---- arguments ---- */

/* Pushes the model's struct, read from the table at `index`. */
static snn_trainer_args *push_args(lua_State *L, int index,
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
    static const char *const tables[] = { "unit_names", "unit_map" };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        lua_newtable(L);
        snn_set_link(L, 1, tables[i]);
    }
}

/* init(self) of the parents of scripts' trainers. */
static int init_parent(lua_State *L)
{
    snn_object *object = snn_init_self(L, &snn_cell_trainer_class);
    make_tables(L);
    snn_finish(L, object, object); /* the units are all there is */
    return 0;
}

/* init(self, args): the arguments are checked here and read again, with its
   overrides, for each cell. */
static int init(lua_State *L)
{
    lua_settop(L, 2);
    snn_object *object = snn_init_self(L, &snn_trainer_class);
    push_args(L, 2, object->cls->model);
    lua_newtable(L);
    for (lua_pushnil(L); lua_next(L, 2); lua_pop(L, 1)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, -5);
    }
    snn_set_link(L, 1, "args");
    make_tables(L);
    snn_finish(L, object, object); /* the units are all there is */
    return 0;
}

/* ---- the call ---- */

/* The accumulator of the parameter that the unit trains; NULL without an
   updater of its connection. */
static snn_accumulator *find_accumulator(lua_State *L, int unit,
                                         const char *name)
{
    snn_get_link(L, unit, "cell");
    snn_get_link(L, -1, "connection");
    snn_push_updater(L, -1);
    return snn_updater_find(L, -1, name);
}

/* The stack of a call: two links, a tensor that modulates, what reductions in
   Lua gave (unit -> a list of pos and neg), the unit in hand. */
enum { TRAINER = 1, UNIT_NAMES, UNIT_MAP, SIGNAL, REDUCED, UNIT };

typedef struct call {
    bool in_lua; /* some reductions need all samples side by side */
    double value;
    snn_signal signal; /* its values are `value` or those of SIGNAL */
} call;

/* links.call = { signal = a number or a tensor, scale = }, from the Lua half of
   the trainers that are modulated. */
static void read_signal(lua_State *L, call *c, const char *where)
{
    snn_fail fail;
    if (snn_get_link(L, TRAINER, "call") != LUA_TTABLE) return;
    int given = lua_gettop(L);
    lua_getfield(L, given, "scale");
    lua_getfield(L, given, "signal");
    c->signal.scale = lua_tonumber(L, given + 1);
    const snn_tensor *t = snn_test_tensor(L, given + 2);
    c->value = t ? 0 : lua_tonumber(L, given + 2);
    c->signal.value = &c->value;
    if (t) {
        snn_tensor *real = snn_push_tensor(L);
        snn_must(L, snn_tensor_to(t, SNN_FLOAT64, &fail, real), &fail);
        lua_replace(L, SIGNAL);
        c->signal.value = snn_tensor_f64(real);
        c->signal.samples = snn_tensor_count(real);
    }
    snn_must(L, snn_signal_check(&c->signal, where, &fail), &fail);
}

/* One of the passes over the units; acc is that of the unit's parameter. */
typedef void pass_fn(lua_State *L, call *c, const snn_unit *unit,
                     snn_accumulator *acc);

static bool is_in_lua(const snn_unit *unit) { return !snn_unit_steps(unit); }

static void check_unit(lua_State *L, const call *c, snn_unit *own)
{
    snn_fail fail;
    own->signal = c->signal;
    snn_status status = snn_unit_check(own, &fail);
    own->signal = (snn_signal){ .value = NULL };
    snn_must(L, status, &fail);
}

/* Again before a step in C: a finalizer of the script may have cleared since. */
static void check(lua_State *L, call *c, const snn_unit *unit,
                  snn_accumulator *acc)
{
    (void)acc;
    if (unit->model->needs_signal && !c->signal.value)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: 'signal' must be a number or a tensor (batch), got nil",
                  unit->model->name);
    snn_unit *own = snn_test_object(L, UNIT)->self;
    if (unit->model->has_kernels && lua_isnil(L, REDUCED))
        snn_read_kernels(L, UNIT, own->args);
    check_unit(L, c, own);
    c->in_lua = c->in_lua || is_in_lua(unit);
}

/* REDUCED[unit] = tools.reduce_unit(unit, name of the trainer) */
static void reduce(lua_State *L, call *c, const snn_unit *unit,
                   snn_accumulator *acc)
{
    (void)c, (void)acc;
    if (!is_in_lua(unit)) return;
    lua_pushvalue(L, UNIT);
    snn_push_tools(L);
    lua_getfield(L, -1, "reduce_unit");
    lua_replace(L, -2);
    lua_pushvalue(L, UNIT);
    lua_pushstring(L, unit->model->name);
    lua_call(L, 2, 1);
    lua_rawset(L, REDUCED);
}

static void add(lua_State *L, call *c, const snn_unit *unit,
                snn_accumulator *acc)
{
    snn_fail fail;
    if (!is_in_lua(unit)) {
        snn_unit *own = snn_test_object(L, UNIT)->self;
        check_unit(L, c, own); /* see check */
        own->signal = c->signal;
        snn_status status = unit->model->step(unit, acc, &fail);
        own->signal = (snn_signal){ .value = NULL };
        snn_must(L, status, &fail);
        return;
    }
    lua_pushvalue(L, UNIT);
    if (lua_rawget(L, REDUCED) != LUA_TTABLE) return;
    int list = lua_gettop(L);
    lua_rawgeti(L, list, 1);
    lua_rawgeti(L, list, 2);
    snn_must(L,
             snn_accumulator_append_both(acc, snn_test_tensor(L, list + 1),
                                         snn_test_tensor(L, list + 2),
                                         unit->model->name, &fail),
             &fail);
}

/* Both for an only unit, unless it is reduced in Lua first. */
static void add_alone(lua_State *L, call *c, const snn_unit *unit,
                      snn_accumulator *acc)
{
    check(L, c, unit, acc);
    if (!c->in_lua) add(L, c, unit, acc);
}

/* The unit at UNIT, unless its cell is not to be trained. */
static void visit(lua_State *L, call *c, pass_fn *pass)
{
    const snn_object *object =
        snn_arg_object(L, UNIT, &snn_unit_class, "trainer", "unit");
    const snn_unit *unit = object->self;
    snn_get_link(L, UNIT, "cell");
    const snn_object *cell =
        snn_arg_object(L, -1, &snn_cell_class, "trainer", "cell");
    if (!cell->training) return;
    snn_accumulator *acc =
        find_accumulator(L, UNIT, snn_trainer_trains(unit->model, unit->args));
    if (acc) pass(L, c, unit, acc);
}

static void each_unit(lua_State *L, call *c, pass_fn *pass)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, UNIT_NAMES);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, UNIT_NAMES, i);
        if (lua_rawget(L, UNIT_MAP) != LUA_TNIL) visit(L, c, pass);
        lua_settop(L, REDUCED);
    }
}

/* trainer(): adds to the updaters of its cells; nothing in evaluation mode.
   What can fail comes before the first addition. */
static int forward(lua_State *L)
{
    call c = { .in_lua = false };
    const snn_object *object =
        snn_arg_object(L, TRAINER, &snn_trainer_class, "trainer", "self");
    lua_settop(L, TRAINER);
    snn_get_link(L, TRAINER, "unit_names");
    snn_get_link(L, TRAINER, "unit_map");
    lua_settop(L, REDUCED);
    read_signal(L, &c, object->cls->name);
    lua_settop(L, REDUCED);
    if (!object->training) return 0;
    bool is_alone = lua_rawlen(L, UNIT_NAMES) == 1;
    each_unit(L, &c, is_alone ? add_alone : check);
    if (c.in_lua) {
        lua_newtable(L);
        lua_replace(L, REDUCED);
        each_unit(L, &c, reduce);
        each_unit(L, &c, check); /* its functions may have cleared */
    }
    if (c.in_lua || !is_alone) each_unit(L, &c, add);
    return 0;
}

static const luaL_Reg methods[] = {
    { "forward", forward },
    { NULL, NULL },
};

/* ---- units, monitors ---- */

/* Adds the unit at `unit` to the weak list cell.links.watches; places whose
   unit was collected are used again. */
static void add_watch(lua_State *L, int cell, int unit)
{
    if (snn_get_link(L, cell, "watches") == LUA_TNIL) {
        lua_pop(L, 1);
        lua_newtable(L);
        lua_newtable(L);
        lua_pushliteral(L, "v");
        lua_setfield(L, -2, "__mode");
        lua_setmetatable(L, -2);
        lua_pushvalue(L, -1);
        snn_set_link(L, cell, "watches");
    }
    lua_Integer i = 1;
    while (lua_rawgeti(L, -1, i) != LUA_TNIL) {
        lua_pop(L, 1);
        i++;
    }
    lua_pop(L, 1);
    lua_pushvalue(L, unit);
    lua_rawseti(L, -2, i);
    lua_pop(L, 1);
}

/* tools.new_unit(trainer, args, cell) */
static int new_unit(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 3);
    snn_object *trainer =
        snn_arg_object(L, 1, &snn_trainer_class, "register_cell", "self");
    const snn_object *cell =
        snn_arg_object(L, 3, &snn_cell_class, "register_cell", "cell");
    const snn_trainer_args *args = push_args(L, 2, trainer->cls->model);
    snn_object *object = snn_push_object(L, &snn_unit_class);
    lua_pushvalue(L, 1);
    snn_set_link(L, -2, "trainer");
    lua_pushvalue(L, 3);
    snn_set_link(L, -2, "cell");
    snn_unit *unit;
    snn_must(L,
             snn_unit_new(trainer->cls->model, args, cell->self, &fail, &unit),
             &fail);
    object->self = unit;
    object->needs = cell;
    ((snn_cell *)cell->self)->is_watched = true;
    if (unit->eligibility) ((snn_cell *)cell->self)->is_followed = true;
    snn_unit_stop(unit); /* until tools.start_unit */
    add_watch(L, 3, lua_gettop(L));
    return 1;
}

static snn_unit *unit_at(lua_State *L)
{
    return snn_arg_object(L, 1, &snn_unit_class, "trainer", "unit")->self;
}

/* tools.unit_monitors(unit): the names of its recorders, and of what its rule
   remembers. */
static int unit_monitors(lua_State *L)
{
    const snn_unit *unit = unit_at(L);
    const snn_recorders *watch = &unit->watch;
    lua_createtable(L, watch->count + SNN_ELIGS, 0);
    for (int i = 0; i < watch->count; i++) {
        lua_pushstring(L, watch->recorder[i].name);
        lua_rawseti(L, -2, i + 1);
    }
    for (int i = 0; unit->eligibility && i < SNN_ELIGS; i++) {
        lua_pushstring(L, unit->eligibility->side[i].name);
        lua_rawseti(L, -2, watch->count + i + 1);
    }
    return 1;
}

static const snn_class monitor_class;

/* tools.unit_monitor(unit, name): a Monitor of that name, or nil. */
static int unit_monitor(lua_State *L)
{
    snn_unit *unit = unit_at(L);
    snn_recorder *recorder =
        snn_recorders_find(&unit->watch, luaL_checkstring(L, 2));
    if (!recorder) return snn_push_eligible(L, unit, lua_tostring(L, 2));
    snn_object *object = snn_push_object(L, &monitor_class);
    lua_pushvalue(L, 1);
    snn_set_link(L, -2, "unit");
    object->self = recorder; /* held by links.unit */
    return 1;
}

static snn_recorder *recorder_at(lua_State *L, const char *where)
{
    return snn_self(L, &monitor_class, where);
}

static int monitor_peek(lua_State *L)
{
    return snn_push_latest(L, &recorder_at(L, "peek")->reducer, false);
}

/* view(time [, tolerance]): the state `time` ms ago, a number or a tensor. */
static int monitor_view(lua_State *L)
{
    snn_fail fail;
    const snn_reducer *reducer = &recorder_at(L, "view")->reducer;
    double tolerance =
        lua_isnoneornil(L, 3) ? 0 : snn_arg_number(L, 3, "view", "tolerance");
    const snn_tensor *at = snn_test_tensor(L, 2);
    double time = at ? 0 : snn_arg_number(L, 2, "view", "time");
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L,
             at ? snn_reducer_view_at(reducer, at, tolerance, NULL, &fail, out)
                : snn_reducer_view(reducer, time, tolerance, &fail, out),
             &fail);
    return snn_tensor_done(L);
}

/* dump(): all states that are kept, newest first. */
static int monitor_dump(lua_State *L)
{
    snn_fail fail;
    const snn_reducer *reducer = &recorder_at(L, "dump")->reducer;
    snn_tensor *out = snn_push_query(L, reducer);
    if (!out) return 1;
    snn_must(L, snn_reducer_dump(reducer, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int monitor_clear(lua_State *L)
{
    snn_reducer_clear(&recorder_at(L, "clear")->reducer, false);
    return 0;
}

void snn_get_registered(lua_State *L, snn_object *object,
                        const snn_attribute *a)
{
    (void)object, (void)a;
    snn_get_link(L, 1, "unit");
    lua_pushboolean(L, snn_get_link(L, -1, "is_dropped") == LUA_TNIL);
}

static void get_latest(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)a;
    const snn_recorder *recorder = object->self;
    snn_push_latest(L, &recorder->reducer, true);
}

static const luaL_Reg monitor_methods[] = {
    { "peek", monitor_peek },
    { "view", monitor_view },
    { "dump", monitor_dump },
    { "clear", monitor_clear },
    { NULL, NULL },
};

/* The states that are there, newest first, and how many were recorded: what
   state_dict has of a monitor. */
static void get_data(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_recorder *recorder = object->self;
    snn_push_stored(L, &recorder->reducer);
}

static void set_data(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    snn_recorder *recorder = object->self;
    const snn_tensor *data =
        lua_isnil(L, 3) ? NULL
                        : snn_arg_tensor(L, 3, object->cls->name, a->name);
    snn_must(L, snn_recorder_restore(recorder, data, &fail), &fail);
}

static void get_observed(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)a;
    const snn_recorder *recorder = object->self;
    snn_push_observed(L, &recorder->reducer);
}

static void set_observed(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)a;
    snn_recorder *recorder = object->self;
    snn_take_observed(L, &recorder->reducer, object->cls->name);
}

static void get_fine(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_recorder *recorder = object->self;
    snn_push_fine(L, &recorder->reducer);
}

static void set_fine(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    snn_recorder *recorder = object->self;
    snn_take_fine(L, &recorder->reducer, object->cls->name);
}

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_recorder *recorder = object->self;
    lua_pushnumber(L, recorder->reducer.args.step_time);
}

static const snn_attribute monitor_attributes[] = {
    { .name = "registered", .get = snn_get_registered,
      .doc = "records the steps of its cell" },
    { .name = "latest", .get = get_latest, .doc = "the newest value, or nil" },
    { .name = "data", .get = get_data, .set = set_data, .is_state = true,
      .is_open = true,
      .doc = "the values that are there, newest first, or nil" },
    { .name = "fine", .get = get_fine, .set = set_fine, .is_state = true,
      .is_open = true,
      .doc = "what rounding left of the newest value, of times the steps, or "
             "nil" },
    { .name = "dt", .get = get_dt, .is_const = true, .doc = "between values, ms" },
    { .name = "observed", .get = get_observed, .set = set_observed,
      .is_state = true, .doc = "steps recorded since the clear" },
    { .name = NULL },
};

static const snn_class monitor_class = {
    .name = "StateMonitor",
    .summary = "Records a state of a cell at each step; made by trainers.",
    .snapshots = &snn_recorder_snapshots,
    .methods = monitor_methods,
    .attributes = monitor_attributes,
};

static void release_unit(void *unit) { snn_unit_free(unit); }

const snn_class snn_unit_class = {
    .name = "Unit",
    .summary = "One trainer on one cell.",
    .free = release_unit,
};

const snn_class snn_cell_trainer_class = {
    .name = "CellTrainer",
    .summary = "The parent of all trainers.",
    .init = init_parent,
};

const snn_class snn_trainer_class = {
    .name = "IndependentCellTrainer",
    .parent = &snn_cell_trainer_class,
    .summary = "The parent of trainers that treat each cell by itself.",
    .init = init_parent,
};

/* ---- opening ---- */

static const snn_trainer_model *const models[] = {
#define TRAINER(name) &snn_trainer_##name,
#include "train/list.h"
#undef TRAINER
};
enum { MODELS = sizeof models / sizeof *models };
static snn_class classes[MODELS];

/* tools.trained(trainer, args): the name of the parameter that it trains with
   these arguments, which are checked. */
static int trained(lua_State *L)
{
    const snn_object *object =
        snn_arg_object(L, 1, &snn_trainer_class, "trainer", "self");
    const snn_trainer_model *model = object->cls->model;
    const snn_trainer_args *args = push_args(L, 2, model);
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
    { "new_unit", new_unit },           { "unit_monitors", unit_monitors },
    { "unit_monitor", unit_monitor },   { NULL, NULL },
};

void snn_open_trainer(lua_State *L)
{
    snn_open_class(L, &snn_cell_trainer_class);
    snn_open_class(L, &snn_trainer_class);
    snn_open_class(L, &monitor_class);
    snn_open_class(L, &snn_unit_class);
    lua_pushnil(L); /* not for scripts */
    lua_setfield(L, -2, snn_unit_class.name);
    for (int i = 0; i < MODELS; i++) {
        classes[i] = (snn_class){ .name = models[i]->name,
                                  .parent = &snn_trainer_class,
                                  .summary = models[i]->summary,
                                  .init = init,
                                  .methods = methods,
                                  .model = models[i] };
        snn_open_model(L, &classes[i], "trainer", models[i]->equations,
                       models[i]->source, models[i]->fields);
    }
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
