/* The forward of layers, which runs at every step. It looks up what it will
   run, and holds it on the stack, before any function of the script runs: those
   may change the registry. All of it runs in one protected call; when that
   fails, the engine's transaction (layer/forward.h) takes the steps back. */
#include "bind/network/layer.h"

#include <string.h>

#include "bind/network/anomaly.h"
#include "bind/lua/args.h"
#include "bind/lua/callback.h"
#include "bind/network/clocks.h"
#include "bind/models/connection.h"
#include "bind/models/neuron.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/network/recording.h"
#include "bind/network/roster.h"
#include "bind/models/synapse.h"
#include "bind/tensor/tensor.h"
#include "bind/tensor/value.h"
#include "bind/lua/tools.h"
#include "layer/cell.h"
#include "layer/forward.h"

/* The stack of a forward. */
enum {
    SELF = 1,
    INPUTS,
    OPTIONS,
    RUN, /* light userdata: the run */
    CONNECTION_KWARGS, /* nil or a table */
    NEURON_KWARGS,
    WIRING_KWARGS,
    CURRENTS, /* name -> tensor: what the connections gave */
    WIRED,    /* name -> tensor: what wiring returned */
    SPIKES,   /* name -> tensor: what the neurons gave */
    FIRST     /* rosters; of each that runs its value, then its number */
};
enum { ROOM = SNN_ROSTER_ROOM }; /* what one of them needs beside that */

typedef struct run {
    snn_forward forward;
    snn_layer *layer;
    const snn_roster *roster; /* as the registry was when last looked at */
    int objects, names;       /* places of its tables */
    bool is_begun;
    bool captures;
    bool follows;  /* has a second stage */
    bool is_second;
    bool is_mixed; /* of step times */
    bool monitors; /* cells have monitors in Lua, which may fail */
    int most_connections, most_neurons;
} run;

/* Looks at the registry again. A roster stays on the stack until the end, and
   holds what ran by it. */
static void look(lua_State *L, run *r)
{
    if (r->roster && r->roster == r->layer->roster) return;
    luaL_checkstack(L, ROOM, "forward");
    r->roster = snn_push_roster(L, SELF);
    r->objects = lua_gettop(L) + 1;
    r->names = r->objects + 1;
    lua_getiuservalue(L, r->objects - 1, SNN_ROSTER_OBJECTS);
    lua_getiuservalue(L, r->objects - 1, SNN_ROSTER_NAMES);
}

/* Raises a failure of the part called `name`, which its text begins with. */
static void must(lua_State *L, snn_status status, snn_fail *fail,
                 const char *what, const char *name)
{
    if (status == SNN_OK) return;
    if (status == SNN_CALLBACK || strncmp(fail->text, "forward: ", 9) == 0)
        snn_raise(L, fail);
    size_t n = strlen(name);
    const char *text = fail->text;
    if (strncmp(text, name, n) == 0 && text[n] == ':') text += n + 2;
    snn_error(L, status, "forward: %s '%s': %s", what, name, text);
}

/* ---- options ---- */

/* OPTIONS[key] at `to`: nil or a table. */
static void take_table(lua_State *L, const char *key, int to)
{
    if (lua_getfield(L, OPTIONS, key) != LUA_TNIL && !lua_istable(L, -1))
        snn_arg_error(L, "forward", key, "a table", -1);
    lua_replace(L, to);
}

static bool is_own_option(lua_State *L, int key)
{
    static const char *const own[] = { "connection_kwargs", "neuron_kwargs",
                                       "capture_intermediate" };
    bool found = false;
    for (size_t i = 0; i < sizeof own / sizeof *own && !found; i++) {
        lua_pushstring(L, own[i]);
        found = lua_rawequal(L, -1, key);
        lua_pop(L, 1);
    }
    return found;
}

/* Without options wiring gets the table of the forward before, as long as
   nobody has written to it. */
static void push_no_kwargs(lua_State *L, const run *r)
{
    lua_getiuservalue(L, r->objects - 1, SNN_ROSTER_KWARGS);
    lua_pushnil(L);
    if (!lua_next(L, -2)) return;
    lua_pop(L, 3);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, r->objects - 1, SNN_ROSTER_KWARGS);
}

static void read_options(lua_State *L, run *r)
{
    if (lua_isnil(L, OPTIONS)) {
        push_no_kwargs(L, r);
        lua_replace(L, WIRING_KWARGS);
        return;
    }
    lua_newtable(L);
    lua_replace(L, WIRING_KWARGS);
    if (!lua_istable(L, OPTIONS))
        snn_arg_error(L, "forward", "options", "a table", OPTIONS);
    take_table(L, "connection_kwargs", CONNECTION_KWARGS);
    take_table(L, "neuron_kwargs", NEURON_KWARGS);
    snn_roster_check(L, r->roster, r->names, SNN_CONNECTIONS, CONNECTION_KWARGS);
    snn_roster_check(L, r->roster, r->names, SNN_NEURONS, NEURON_KWARGS);
    r->captures = snn_option_bool(L, OPTIONS, "forward", "capture_intermediate",
                                  false);
    for (lua_pushnil(L); lua_next(L, OPTIONS); lua_pop(L, 1)) {
        if (is_own_option(L, lua_gettop(L) - 1)) continue;
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, WIRING_KWARGS);
    }
}

/* ---- members ---- */

/* A member that is to run: its value is at `at` on the stack, and behind it
   its number. */
typedef struct part {
    int at, number;
    const snn_object *object;
    const char *name;
} part;

static part part_at(lua_State *L, const run *r, int at)
{
    int number = (int)lua_tointeger(L, at + 1);
    const snn_member *member = &r->roster->member[number];
    return (part){ at, number, member->object, member->name };
}

static void push_object(lua_State *L, const run *r, const part *p)
{
    lua_rawgeti(L, r->objects, p->number + 1);
}

static void push_name(lua_State *L, const run *r, const part *p)
{
    lua_rawgeti(L, r->names, p->number + 1);
}

/* RuntimeError for a member that was deleted. */
static void check_ready(lua_State *L, const run *r, const part *p,
                        const snn_class *cls)
{
    if (snn_is_ready(p->object)) return;
    push_object(L, r, p);
    snn_arg_object(L, -1, cls, "forward", p->name);
}

/* Pushes kwargs[name] of the member; false, and nothing, where there are
   none. */
static bool push_kwargs(lua_State *L, const run *r, int kwargs,
                        const char *what, const part *p)
{
    if (lua_isnil(L, kwargs)) return false;
    push_name(L, r, p);
    if (lua_rawget(L, kwargs) == LUA_TTABLE) return true;
    if (!lua_isnil(L, -1))
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: '%s.%s' must be a table of options, got %s", what,
                  p->name, snn_describe(L, -1));
    lua_pop(L, 1);
    return false;
}

/* What a function of the script gave must be a tensor. */
static void check_result(lua_State *L, const char *what, const char *name)
{
    if (snn_test_tensor(L, -1)) return;
    const char *advice = snn_list_advice(L, -1);
    snn_error(L, SNN_TYPE_ERROR, "forward: %s '%s' must give a tensor, got %s%s",
              what, name, snn_describe(L, -1), advice);
}

/* ---- connections ---- */

/* Pushes the input tensors of `value`: itself or a list; returns how many. */
static int push_inputs(lua_State *L, int value, const char *name)
{
    if (!lua_istable(L, value)) {
        snn_arg_tensor(L, value, "forward", name);
        lua_pushvalue(L, value);
        return 1;
    }
    int n = (int)lua_rawlen(L, value);
    if (n == 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "forward: the list of inputs of '%s' is empty", name);
    luaL_checkstack(L, n + ROOM, "forward");
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, value, i);
        if (snn_is_element(L, -1))
            snn_error(L, SNN_TYPE_ERROR,
                      "forward: '%s' must be a tensor, got %s (a list holds "
                      "tensors, one for each argument: snn.tensor{...} makes one "
                      "of numbers)",
                      name, snn_describe(L, -1));
        snn_arg_tensor(L, -1, "forward", name);
    }
    return n;
}

/* Notes a connection as the next to step. Its synapse takes the place of its
   number: so it lives on when a function of the script gives the connection
   another one. */
static void note_connection(lua_State *L, run *r, const part *p)
{
    snn_fail fail;
    push_object(L, r, p);
    snn_push_synapse(L, -1);
    lua_replace(L, p->at + 1);
    lua_pop(L, 1);
    must(L,
         snn_forward_note_connection(&r->forward, p->object->self, &fail),
         &fail, "connection", p->name);
}

/* Pushes the name and the currents of a connection without hooks. */
static void step_plain(lua_State *L, run *r, const part *p)
{
    snn_fail fail;
    int n = 1;
    const snn_tensor *one = snn_test_tensor(L, p->at);
    const snn_tensor *const *input = &one;
    if (!one) {
        int first = lua_gettop(L) + 1;
        n = push_inputs(L, p->at, p->name);
        input = snn_arg_inputs(L, first, first + n - 1, p->name, &one);
    }
    push_name(L, r, p);
    snn_tensor *out = snn_push_tensor(L);
    note_connection(L, r, p);
    must(L,
         snn_connection_step(p->object->self, input, n, p->name, &fail, out),
         &fail, "connection", p->name);
    snn_tensor_done(L);
}

static void run_connection(lua_State *L, run *r, int at)
{
    int top = lua_gettop(L);
    const part p = part_at(L, r, at);
    check_ready(L, r, &p, &snn_connection_class);
    bool has_kwargs =
        push_kwargs(L, r, CONNECTION_KWARGS, "connection_kwargs", &p);
    if (snn_is_plain(p.object) && snn_is_plain(p.object->needs) &&
        !has_kwargs) {
        step_plain(L, r, &p);
    } else {
        push_name(L, r, &p);
        push_object(L, r, &p);
        int n = push_inputs(L, at, p.name);
        if (has_kwargs) lua_pushvalue(L, top + 1);
        note_connection(L, r, &p);
        lua_call(L, n + has_kwargs, 1);
        snn_forward_called(&r->forward);
        check_result(L, "connection", p.name);
    }
    snn_look_at_current(L, SELF, p.name, -1);
    lua_rawset(L, CURRENTS);
    lua_settop(L, top);
}

/* ---- neurons ---- */

/* Checks all that wiring gave; true when a step may have to be taken back: a
   single step of a plain group fails whole or not at all. */
static bool check_neurons(lua_State *L, const run *r, int from, int count)
{
    static const snn_neuron_options plain = { .refrac_lock = true };
    bool saves = count > 1;
    for (int i = 0; i < count; i++) {
        int at = from + 2 * i;
        snn_fail fail;
        const part p = part_at(L, r, at);
        check_ready(L, r, &p, &snn_neuron_class);
        const snn_tensor *current = snn_test_tensor(L, at);
        if (!current) {
            const char *advice = snn_list_advice(L, at);
            snn_error(L, SNN_TYPE_ERROR,
                      "forward: wiring must give a tensor for neuron '%s', got "
                      "%s%s",
                      p.name, snn_describe(L, at), advice);
        }
        must(L,
             snn_neuron_check(p.object->self, current, &plain, p.name, &fail),
             &fail, "neuron", p.name);
        saves = saves || !snn_is_plain(p.object) ||
                snn_neuron_calls(p.object->self);
    }
    return saves;
}

/* All neurons that are to step, before the first does. True when they can be
   taken back; if not, nothing may fail once they have stepped. */
static bool note_neurons(lua_State *L, run *r, int from, int count)
{
    bool saves = check_neurons(L, r, from, count) || r->follows ||
                 r->monitors || snn_detects_anomaly();
    snn_fail fail;
    for (int i = 0; i < count; i++) {
        snn_neuron *neuron = part_at(L, r, from + 2 * i).object->self;
        snn_must(L,
                 snn_forward_note_neuron(&r->forward, neuron, saves, &fail),
                 &fail);
    }
    return saves;
}

static void run_neuron(lua_State *L, const run *r, int at)
{
    int top = lua_gettop(L);
    const part p = part_at(L, r, at);
    bool has_kwargs = push_kwargs(L, r, NEURON_KWARGS, "neuron_kwargs", &p);
    push_object(L, r, &p);
    int neuron = lua_gettop(L);
    const char *name = p.name;
    if (has_kwargs || snn_neuron_calls(p.object->self)) /* for errors in Lua */
        name = lua_pushfstring(L, "forward: neuron '%s'", name);
    push_name(L, r, &p);
    if (snn_is_plain(p.object)) {
        snn_neuron_options options;
        snn_fail fail;
        snn_read_neuron_options(L, has_kwargs ? top + 1 : 0, p.object, name,
                                &options);
        must(L,
             snn_push_step(L, neuron, snn_test_tensor(L, at), &options, name,
                           &fail),
             &fail, "neuron", p.name);
    } else {
        lua_pushvalue(L, neuron);
        lua_pushvalue(L, at);
        if (has_kwargs) lua_pushvalue(L, top + 1);
        lua_call(L, has_kwargs ? 2 : 1, 1);
        check_result(L, "neuron", p.name);
    }
    lua_rawset(L, SPIKES);
    snn_look_at_neuron(L, SELF, p.name, p.object->self, at);
    lua_settop(L, top);
}

/* ---- the forward ---- */

/* The function wiring: the layer's own, else its class's. */
static void push_wiring(lua_State *L)
{
    snn_push_fields(L, SELF);
    lua_pushliteral(L, "wiring");
    if (lua_rawget(L, -2) == LUA_TFUNCTION) return;
    if (lua_getfield(L, SELF, "wiring") != LUA_TFUNCTION)
        snn_arg_error(L, "forward", "wiring", "a function", -1);
}

static void wire(lua_State *L)
{
    push_wiring(L);
    lua_pushvalue(L, SELF);
    lua_pushvalue(L, CURRENTS);
    lua_pushvalue(L, WIRING_KWARGS);
    lua_call(L, 3, 1);
    if (!lua_istable(L, -1))
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: wiring must return a table of tensors by the names "
                  "of neurons, got %s",
                  snn_describe(L, -1));
    lua_replace(L, WIRED);
}

/* In a second stage: each connection and each neuron runs once in a forward,
   in the room that was made for them. */
static void check_new(lua_State *L, const run *r, int from, int count,
                      int results, bool fits, const char *what)
{
    for (int i = 0; i < count; i++) {
        const part p = part_at(L, r, from + 2 * i);
        push_name(L, r, &p);
        if (lua_rawget(L, results) != LUA_TNIL)
            snn_error(L, SNN_RUNTIME_ERROR,
                      "forward: %s '%s' has already run in this forward", what,
                      p.name);
        lua_pop(L, 1);
    }
    if (!fits)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "forward: a %s was added in the middle of the step", what);
}

/* A table with places for so many results: filling them cannot fail. */
static void make_results(lua_State *L, int count, int at)
{
    lua_createtable(L, 0, count);
    lua_replace(L, at);
}

/* The connections named in INPUTS. */
static void run_connections(lua_State *L, run *r)
{
    snn_fail fail;
    int from = lua_gettop(L) + 1;
    int count = snn_roster_collect(L, r->roster, r->names, SNN_CONNECTIONS,
                                   INPUTS);
    if (!r->is_second) {
        if (!snn_clocks_known(r->layer))
            r->is_mixed =
                snn_clocks_begin(L, r->layer, from, count, r->follows);
        r->most_connections = r->follows ? r->roster->connections : count;
        make_results(L, r->most_connections, CURRENTS);
        snn_must(L,
                 snn_forward_begin(&r->forward, r->most_connections, &fail),
                 &fail);
        r->is_begun = true;
    } else {
        check_new(L, r, from, count, CURRENTS,
                  r->forward.connections + count <= r->most_connections,
                  "connection");
    }
    for (int i = 0; i < count; i++) run_connection(L, r, from + 2 * i);
}

/* The neurons named by wiring. */
static void run_neurons(lua_State *L, run *r)
{
    snn_fail fail;
    look(L, r);
    int from = lua_gettop(L) + 1;
    int count = snn_roster_collect(L, r->roster, r->names, SNN_NEURONS,
                                   WIRED);
    if (!r->is_second) {
        r->most_neurons = r->follows ? r->roster->neurons : count;
        make_results(L, r->most_neurons, SPIKES);
        snn_must(L,
                 snn_forward_neurons(&r->forward, r->most_neurons, &fail),
                 &fail);
    } else {
        check_new(L, r, from, count, SPIKES,
                  r->forward.neurons + count <= r->most_neurons, "neuron");
    }
    if (r->is_mixed) snn_clocks_wired(L, r->roster, &r->forward, from, count);
    bool saves = note_neurons(L, r, from, count);
    if (!saves) snn_cells_prepare(L, r->roster, r->objects, &r->forward);
    for (int i = 0; i < count; i++) run_neuron(L, r, from + 2 * i);
    if (!saves) return;
    look(L, r);
    snn_cells_prepare(L, r->roster, r->objects, &r->forward);
}

static void run_stage(lua_State *L, run *r)
{
    run_connections(L, r);
    wire(L);
    run_neurons(L, r);
}

/* links.following(self, spikes): the inputs of the second stage of a layer
   whose spikes run on within the step. */
static void follow(lua_State *L, run *r)
{
    lua_getiuservalue(L, r->objects - 1, SNN_ROSTER_FOLLOWING);
    lua_pushvalue(L, SELF);
    lua_pushvalue(L, SPIKES);
    lua_call(L, 2, 1);
    lua_replace(L, INPUTS);
    look(L, r);
}

static bool has_following(lua_State *L, const run *r)
{
    int type = lua_getiuservalue(L, r->objects - 1, SNN_ROSTER_FOLLOWING);
    lua_pop(L, 1);
    return type == LUA_TFUNCTION;
}

static int body(lua_State *L)
{
    run *r = lua_touserdata(L, RUN);
    luaL_checkstack(L, FIRST + ROOM, "forward");
    lua_settop(L, SPIKES);
    look(L, r);
    read_options(L, r);
    r->monitors = snn_cells_begin(L, r->roster, r->objects);
    r->follows = has_following(L, r);
    run_stage(L, r);
    if (r->follows) {
        follow(L, r);
        r->is_second = true;
        run_stage(L, r);
    }
    if (r->monitors) {
        snn_cells_end(L, r->roster, r->objects, &r->forward);
        look(L, r);
        snn_cells_prepare(L, r->roster, r->objects, &r->forward);
    }
    snn_cells_record(L, r->roster, r->objects, &r->forward);
    r->layer->steps++;
    lua_pushvalue(L, SPIKES);
    if (!r->captures) return 1;
    lua_pushvalue(L, CURRENTS);
    return 2;
}

/* forward(inputs, options): spikes by neuron name [, currents by name]. */
int snn_layer_forward(lua_State *L)
{
    run r = { .is_begun = false };
    snn_fail fail;
    lua_settop(L, 3);
    r.layer = snn_self(L, &snn_layer_class, "forward");
    if (!lua_istable(L, INPUTS))
        snn_arg_error(L, "forward", "inputs",
                      "a table of tensors by the names of connections", INPUTS);
    snn_callback_begin(L);
    int begin = lua_gettop(L);
    lua_pushcfunction(L, body);
    for (int i = SELF; i < begin; i++) lua_pushvalue(L, i);
    lua_pushlightuserdata(L, &r);
    snn_status status = snn_callback_from(L, begin, 4, LUA_MULTRET, &fail);
    if (r.is_begun) {
        if (status)
            snn_forward_undo(&r.forward);
        else
            snn_forward_commit(&r.forward);
    }
    snn_must(L, status, &fail);
    return lua_gettop(L) - begin;
}
