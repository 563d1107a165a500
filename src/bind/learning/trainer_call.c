/* The call of a trainer of the library, which runs at every step: what it is
   given is checked, units and accumulators are collected, the engine runs them
   (train/run.h), and functions of the script where it asks. */
#include "bind/learning/trainer_call.h"

#include <math.h>

#include "bind/learning/kernels.h"
#include "bind/learning/unit.h"
#include "bind/learning/updatable.h"
#include "bind/learning/updater.h"
#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"
#include "train/run.h"
#include "util/number.h"
#include "util/warn.h"

/* The stack of a call: the trainer, what it is given (or nil), the signal's
   values where it is a tensor, two links, room for many units; then a unit, its
   updater and its target (or nil), which hold what the engine borrows, for each
   that is called. */
enum {
    TRAINER = 1,
    SIGNAL,
    SCALE,
    TARGET,
    VALUES,
    UNIT_NAMES,
    UNIT_MAP,
    TRAINEES,
    FIRST
};
enum { FEW = 4, ROOM = 16, EACH = 3 };

/* ---- units ---- */

static lua_Integer count_units(lua_State *L)
{
    return (lua_Integer)lua_rawlen(L, UNIT_NAMES);
}

/* Pushes the unit i in the order of registration; NULL, and nothing is pushed,
   where it has gone. */
static snn_unit *push_unit(lua_State *L, lua_Integer i)
{
    lua_rawgeti(L, UNIT_NAMES, i);
    if (lua_rawget(L, UNIT_MAP) == LUA_TNIL) {
        lua_pop(L, 1);
        return NULL;
    }
    return snn_arg_object(L, -1, &snn_unit_class, "trainer", "unit")->self;
}

static int refuse_dead(lua_State *L, const snn_unit *unit, lua_Integer i)
{
    lua_rawgeti(L, UNIT_NAMES, i);
    const char *name = lua_tostring(L, -1);
    return snn_error(L, SNN_RUNTIME_ERROR, SNN_DEAD_CELL,
                     unit->model->name, name, name);
}

/* Replaces the top by the target of the unit at `unit`: that of the call, or of
   its arguments. */
static void read_target(lua_State *L, int unit, snn_given *given)
{
    lua_settop(L, unit + 1);
    lua_pushvalue(L, TARGET);
    if (lua_isnil(L, -1)) {
        snn_get_link(L, unit, "state");
        lua_getfield(L, -1, "target");
        lua_replace(L, unit + 2);
        lua_settop(L, unit + 2);
    }
    given->has_target = !lua_isnil(L, -1);
    given->number = lua_tonumber(L, -1);
    given->tensor = snn_test_tensor(L, -1);
}

/* The parameter has other elements since the accumulator was made, as synapses
   have come or gone: it follows. */
static void follow(lua_State *L, const snn_unit *unit, snn_accumulator *acc)
{
    snn_fail fail;
    snn_connection *connection = unit->cell->connection;
    const snn_param *param = snn_connection_param(
        connection, snn_trainer_trains(unit->model, unit->args));
    if (snn_accumulator_fits(acc, param)) return;
    snn_must(L, snn_accumulator_check_free(acc, unit->model->name, &fail), &fail);
    snn_accumulator_follow(acc, param);
}

/* The unit is on top; pushes its updater and its target. False, and all are
   popped, where it is not to be trained. */
static bool collect(lua_State *L, snn_unit *unit, snn_trainee *out)
{
    int at = lua_gettop(L);
    const snn_form *form = unit->model->form;
    *out = (snn_trainee){ .unit = unit };
    if (*unit->cell->is_active) {
        snn_push_links(L, at);
        lua_rawgeti(L, -1, SNN_LINK_CONNECTION);
        snn_push_updater(L, -1);
        lua_replace(L, at + 1);
        out->acc = snn_updater_find(
            L, at + 1, snn_trainer_trains(unit->model, unit->args));
    }
    lua_settop(L, out->acc ? at + EACH - 1 : at - 1);
    if (!out->acc) return false;
    if (snn_connection_rows_of(unit->cell->connection))
        follow(L, unit, out->acc);
    if (form->has_kernels) snn_read_kernels(L, at, out->given.kernel);
    if (form->has_target) read_target(L, at, &out->given);
    return true;
}

/* Those of the first n units that are to be trained; how many. A finalizer may
   register more meanwhile. */
static int collect_all(lua_State *L, lua_Integer n, snn_trainee *out)
{
    int count = 0;
    luaL_checkstack(L, EACH * (int)n + ROOM, "trainer");
    for (lua_Integer i = 1; i <= n; i++) {
        snn_unit *unit = push_unit(L, i);
        if (!unit) continue;
        if (unit->cell->is_dead) refuse_dead(L, unit, i);
        count += collect(L, unit, &out[count]);
    }
    return count;
}

/* ---- functions of the script ---- */

/* A function among the arguments of a unit, of a tensor, and what it gave. */
typedef struct request {
    const char *name;
    const snn_tensor *t;
    bool is_kernel; /* has options; else the dimension follows */
    snn_tensor *out;
} request;

/* Pushes the options of the kernel, an empty table without. */
static void push_options(lua_State *L, int state, const char *name)
{
    lua_pushfstring(L, "%s_kwargs", name);
    if (lua_rawget(L, state) != LUA_TNIL) return;
    lua_pop(L, 1);
    lua_newtable(L);
}

/* (request, unit) */
static int protected_request(lua_State *L)
{
    const request *r = lua_touserdata(L, 1);
    const snn_unit *unit = snn_test_object(L, 2)->self;
    snn_get_link(L, 2, "state");
    lua_getfield(L, 3, r->name);
    snn_push_shared(L, r->t, false);
    if (r->is_kernel)
        push_options(L, 3, r->name);
    else
        lua_pushinteger(L, 1);
    lua_call(L, 2, 1);
    const snn_tensor *result = snn_test_tensor(L, -1);
    if (!result)
        snn_error(L, SNN_TYPE_ERROR, "%s: '%s' must return a tensor, got %s",
                  unit->model->name, r->name, snn_describe(L, -1));
    snn_tensor_alias(result, r->out);
    return 0;
}

static snn_status ask(lua_State *L, int i, request r, snn_fail *fail)
{
    if (!lua_checkstack(L, ROOM))
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "trainer: stack overflow");
    lua_pushcfunction(L, protected_request);
    lua_pushlightuserdata(L, &r);
    lua_pushvalue(L, FIRST + EACH * i);
    return snn_callback(L, 2, 0, fail);
}

static snn_status reduce(void *context, int i, const snn_tensor *t,
                         snn_fail *fail, snn_tensor *out)
{
    return ask(context, i, (request){ .name = "batch_reduction", .t = t,
                                      .out = out }, fail);
}

static snn_status kernel(void *context, int i, int kernel, const snn_tensor *t,
                         snn_fail *fail, snn_tensor *out)
{
    const char *name = kernel == 0 ? "kernel_post" : "kernel_pre";
    return ask(context, i,
               (request){ .name = name, .t = t, .is_kernel = true, .out = out },
               fail);
}

/* ---- the call ---- */

/* The signal of the call, whose values are `one` or those of VALUES. */
static snn_signal read_signal(lua_State *L, const char *where, double *one)
{
    snn_fail fail;
    snn_signal signal = { .value = NULL };
    if (lua_isnil(L, SIGNAL)) return signal;
    signal.scale = lua_tonumber(L, SCALE);
    signal.value = one;
    *one = lua_tonumber(L, SIGNAL);
    const snn_tensor *t = snn_test_tensor(L, SIGNAL);
    if (t) {
        snn_tensor *real = snn_push_tensor(L);
        snn_must(L, snn_tensor_to(t, SNN_FLOAT64, &fail, real), &fail);
        lua_replace(L, VALUES);
        signal.value = snn_tensor_f64(real);
        signal.given = t;
        signal.samples = snn_tensor_count(real);
    }
    snn_must(L, snn_signal_check(&signal, where, &fail), &fail);
    return signal;
}

enum { IN_EVALUATION, NO_CELLS }; /* kinds of warnings */

/* Warns where there are no cells: the call does nothing. */
static void warn_of_none(lua_State *L, snn_object *object)
{
    snn_fail fail;
    snn_must(L,
             snn_warn(&object->told, NO_CELLS, &fail,
                      "%s: it has no cells, and nothing is learned; "
                      "trainer:register_cell(name, layer:add_cell(connection, "
                      "neuron)) gives it one",
                      object->cls->name),
             &fail);
}

/* Warns where cells are there and all are in evaluation mode: the trainer is not, and
   the script means to learn. */
static void warn_of_mode(lua_State *L, lua_Integer n, snn_object *object)
{
    snn_fail fail;
    int waiting = 0;
    if (n == 0) warn_of_none(L, object);
    if (object->told & 1u << IN_EVALUATION) return;
    for (lua_Integer i = 1; i <= n; i++) {
        const snn_unit *unit = push_unit(L, i);
        lua_settop(L, TRAINEES);
        if (unit && *unit->cell->is_active) return;
        if (unit && !unit->cell->is_dead) waiting++;
    }
    if (waiting == 0) return;
    snn_must(L,
             snn_warn(&object->told, IN_EVALUATION, &fail,
                      "%s: its cells are in evaluation mode and learn nothing; "
                      "layer:train() ends that, trainer:eval() or no call says "
                      "that it is meant",
                      object->cls->name),
             &fail);
}

/* What the trainer was given is in its places; nothing in evaluation mode. */
static int run(lua_State *L)
{
    snn_fail fail;
    double one;
    snn_object *object = snn_test_object(L, TRAINER);
    const snn_trainer_model *model = object->cls->model;
    const snn_call given = { .signal = read_signal(L, model->name, &one) };
    if (!object->training) return 0;
    snn_trainee few[FEW], *trainees = few;
    lua_Integer n = count_units(L);
    if (n > FEW) {
        trainees = lua_newuserdatauv(L, (size_t)n * sizeof *trainees, 0);
        lua_replace(L, TRAINEES);
    }
    const snn_train_calls calls = { .reduce = reduce, .kernel = kernel,
                                    .context = L };
    int count = collect_all(L, n, trainees);
    if (count == 0) warn_of_mode(L, n, object);
    snn_must(L, snn_trainer_run(trainees, count, &given, &calls, &fail),
             &fail);
    return 0;
}

/* The places behind the arguments, of which the last is at `last`. */
static void begin(lua_State *L, int last)
{
    lua_settop(L, last);
    luaL_checkstack(L, FIRST + ROOM, "trainer");
    lua_settop(L, VALUES);
    snn_push_links(L, TRAINER);
    lua_rawgeti(L, UNIT_NAMES, SNN_LINK_UNIT_MAP);
    lua_rawgeti(L, UNIT_NAMES, SNN_LINK_UNIT_NAMES);
    lua_replace(L, UNIT_NAMES);
    lua_settop(L, TRAINEES);
}

static const snn_object *self(lua_State *L)
{
    return snn_arg_object(L, TRAINER, &snn_trainer_class, "trainer", "self");
}

/* trainer(): adds to the updaters of its cells. What can fail comes before the
   first addition. */
static int forward(lua_State *L)
{
    const snn_object *object = self(L);
    const snn_trainer_model *model = object->cls->model;
    snn_check_surplus(L, model ? model->name : "trainer", 1, lua_gettop(L), 1);
    begin(L, TRAINER);
    return run(L);
}

int snn_trainer_call(lua_State *L)
{
    self(L);
    lua_settop(L, TARGET);
    lua_rotate(L, SIGNAL, -1); /* the target was at SIGNAL */
    begin(L, TARGET);
    return run(L);
}

/* ---- modulated ---- */

/* A tensor must have a value for each sample of each cell. */
static void check_samples(lua_State *L, const char *where)
{
    const snn_tensor *t = snn_test_tensor(L, SIGNAL);
    if (!t) return;
    for (lua_Integer i = 1, n = count_units(L); i <= n; i++) {
        const snn_unit *unit = push_unit(L, i);
        lua_settop(L, TRAINEES);
        if (!unit || unit->cell->is_dead) continue;
        snn_shape want = snn_shape_of(
            1, &snn_connection_common(unit->cell->connection)->batch_size);
        if (snn_shape_equal(&t->shape, &want)) continue;
        char got[SNN_SHAPE_TEXT], wanted[SNN_SHAPE_TEXT];
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: 'signal' has shape %s, allowed are a number and a tensor "
                  "of shape %s, one for each sample",
                  where, snn_shape_text(&t->shape, got),
                  snn_shape_text(&want, wanted));
    }
}

/* The options at SCALE become the scale. */
static void read_scale(lua_State *L, const char *where)
{
    static const char *const known[] = { "scale", NULL };
    int options = snn_arg_options(L, SCALE, where, known);
    double scale = snn_option_number(L, options, where, "scale", 1);
    if (!isfinite(scale))
        snn_error(L, SNN_VALUE_ERROR, "%s: 'scale' must be finite, got %s",
                  where, snn_real(scale).text);
    lua_pushnumber(L, scale);
    lua_replace(L, SCALE);
}

/* trainer(signal, { scale = }): the same, modulated. */
static int forward_modulated(lua_State *L)
{
    const snn_object *object = self(L);
    const char *where = ((const snn_trainer_model *)object->cls->model)->name;
    snn_check_surplus(L, where, SCALE, lua_gettop(L), 1);
    lua_settop(L, SCALE);
    read_scale(L, where);
    if (lua_type(L, SIGNAL) != LUA_TNUMBER && !snn_test_tensor(L, SIGNAL))
        snn_arg_error(L, where, "signal", "a number or a tensor (batch)",
                      SIGNAL);
    begin(L, SCALE);
    check_samples(L, where);
    return run(L);
}

static const luaL_Reg plain_methods[] = {
    { "forward", forward },
    { NULL, NULL },
};

static const luaL_Reg modulated_methods[] = {
    { "forward", forward_modulated },
    { NULL, NULL },
};

const luaL_Reg *snn_trainer_methods(const snn_trainer_model *model)
{
    return model->needs_signal ? modulated_methods : plain_methods;
}
