/* The forward of layers, which runs at every step. It looks up what it will
   run, and holds it on the stack, before any function of the script runs: those
   may change the registry. All of it runs in one protected call; when that
   fails, the engine's transaction (layer/forward.h) takes the steps back. */
#include "bind/layer.h"

#include <string.h>

#include "bind/anomaly.h"
#include "bind/args.h"
#include "bind/callback.h"
#include "bind/connection.h"
#include "bind/neuron.h"
#include "bind/open.h"
#include "bind/raise.h"
#include "bind/recording.h"
#include "bind/synapse.h"
#include "bind/tensor.h"
#include "bind/tools.h"
#include "layer/cell.h"
#include "layer/forward.h"
#include "util/nearest.h"

/* The stack of a forward. */
enum {
    SELF = 1,
    INPUTS,
    OPTIONS,
    RUN, /* light userdata: the run */
    CONNECTION_NAMES,
    CONNECTION_MAP,
    NEURON_NAMES,
    NEURON_MAP,
    CELL_LIST,
    CONNECTION_KWARGS, /* nil or a table */
    NEURON_KWARGS,
    WIRING_KWARGS,
    CURRENTS, /* name -> tensor: what the connections gave */
    WIRED,    /* name -> tensor: what wiring returned */
    SPIKES,   /* name -> tensor: what the neurons gave */
    FIRST     /* links.following; then name, object, value of each that runs */
};
enum { ROOM = 24 }; /* what one of them needs beside that */

typedef struct run {
    snn_forward forward;
    bool is_begun;
    bool captures;
    bool follows;  /* a second stage */
    bool monitors; /* cells have monitors in Lua, which may fail */
    int most_connections, most_neurons;
} run;

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

/* All names in the table at `given` must be registered. */
static void check_names(lua_State *L, int given, int map, const char *what);

/* Without options wiring gets the table of the forward before, as long as
   nobody has written to it. */
static void push_no_kwargs(lua_State *L)
{
    if (snn_get_link(L, SELF, "no_kwargs") == LUA_TTABLE) {
        lua_pushnil(L);
        if (!lua_next(L, -2)) return;
        lua_pop(L, 2);
    }
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    snn_set_link(L, SELF, "no_kwargs");
}

static void read_options(lua_State *L, run *r)
{
    if (lua_isnil(L, OPTIONS)) {
        push_no_kwargs(L);
        lua_replace(L, WIRING_KWARGS);
        return;
    }
    lua_newtable(L);
    lua_replace(L, WIRING_KWARGS);
    if (!lua_istable(L, OPTIONS))
        snn_arg_error(L, "forward", "options", "a table", OPTIONS);
    take_table(L, "connection_kwargs", CONNECTION_KWARGS);
    take_table(L, "neuron_kwargs", NEURON_KWARGS);
    check_names(L, CONNECTION_KWARGS, CONNECTION_MAP, "connection");
    check_names(L, NEURON_KWARGS, NEURON_MAP, "neuron");
    r->captures = snn_option_bool(L, OPTIONS, "forward", "capture_intermediate",
                                  false);
    for (lua_pushnil(L); lua_next(L, OPTIONS); lua_pop(L, 1)) {
        if (is_own_option(L, lua_gettop(L) - 1)) continue;
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, WIRING_KWARGS);
    }
}

/* ---- names ---- */

static int unknown_name(lua_State *L, int map, const char *what)
{
    if (lua_type(L, -1) != LUA_TSTRING)
        return snn_error(L, SNN_TYPE_ERROR,
                         "forward: %ss are given by name, got the key %s", what,
                         snn_describe(L, -1));
    snn_nearest search;
    const char *name = lua_tostring(L, -1);
    luaL_Buffer b;
    snn_nearest_init(&search, name);
    int names = map == CONNECTION_MAP ? CONNECTION_NAMES : NEURON_NAMES;
    lua_Integer n = (lua_Integer)lua_rawlen(L, names);
    luaL_buffinit(L, &b);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, names, i);
        const char *known = lua_tostring(L, -1);
        luaL_addstring(&b, i > 1 ? ", '" : "'");
        lua_pop(L, 1); /* the list holds it */
        luaL_addstring(&b, known);
        luaL_addchar(&b, '\'');
        snn_nearest_offer(&search, known);
    }
    luaL_pushresult(&b);
    if (!search.best)
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "forward: '%s' is not a registered %s (registered: "
                         "%s)",
                         name, what, n ? lua_tostring(L, -1) : "none");
    return snn_error(L, SNN_ATTRIBUTE_ERROR,
                     "forward: '%s' is not a registered %s (registered: %s; "
                     "did you mean '%s'?)",
                     name, what, lua_tostring(L, -1), search.best);
}

static void check_names(lua_State *L, int given, int map, const char *what)
{
    if (lua_isnil(L, given)) return;
    for (lua_pushnil(L); lua_next(L, given);) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        bool known = lua_rawget(L, map) != LUA_TNIL;
        lua_pop(L, 1);
        if (!known) unknown_name(L, map, what);
    }
}

/* Pushes (name, object, given[name]) for each registered name that `given`
   has, in the order of registration; returns how many. */
static int collect(lua_State *L, int names, int map, int given)
{
    int found = 0;
    lua_Integer n = (lua_Integer)lua_rawlen(L, names);
    for (lua_Integer i = 1; i <= n; i++) {
        luaL_checkstack(L, 8, "forward");
        lua_rawgeti(L, names, i);
        lua_pushvalue(L, -1);
        if (lua_rawget(L, given) == LUA_TNIL) {
            lua_pop(L, 2);
            continue;
        }
        lua_pushvalue(L, -2);
        lua_rawget(L, map);
        lua_insert(L, -2);
        found++;
    }
    return found;
}

/* kwargs[name], pushed; nil where there are none. */
static void push_kwargs(lua_State *L, int kwargs, const char *what, int name)
{
    if (lua_isnil(L, kwargs)) {
        lua_pushnil(L);
        return;
    }
    lua_pushvalue(L, name);
    if (lua_rawget(L, kwargs) != LUA_TNIL && !lua_istable(L, -1))
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: '%s.%s' must be a table of options, got %s", what,
                  lua_tostring(L, name), snn_describe(L, -1));
}

/* to[name] exists: putting a result there cannot fail for want of memory. */
static void make_place(lua_State *L, int to, int name)
{
    lua_pushvalue(L, name);
    lua_pushboolean(L, 0);
    lua_rawset(L, to);
}

/* The result on top, which must be a tensor, becomes to[name]. */
static void keep_result(lua_State *L, int to, int name, const char *what)
{
    if (!snn_test_tensor(L, -1))
        snn_error(L, SNN_TYPE_ERROR,
                  "forward: %s '%s' must give a tensor, got %s", what,
                  lua_tostring(L, name), snn_describe(L, -1));
    lua_pushvalue(L, name);
    lua_insert(L, -2);
    lua_rawset(L, to);
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
    luaL_checkstack(L, n + 8, "forward");
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, value, i);
        snn_arg_tensor(L, -1, "forward", name);
    }
    return n;
}

/* Notes the connection at `at` + 1 as the next to step. Its synapse takes the
   place of its inputs: so it lives on when a function of the script gives the
   connection another one. */
static void note_connection(lua_State *L, run *r, int at,
                            const snn_connection *connection)
{
    snn_fail fail;
    const char *name = lua_tostring(L, at);
    snn_get_link(L, at + 1, "synapse");
    lua_replace(L, at + 2);
    must(L, snn_forward_note_connection(&r->forward, connection, &fail), &fail,
         "connection", name);
}

static void run_connection(lua_State *L, run *r, int at)
{
    snn_fail fail;
    const char *name = lua_tostring(L, at);
    const snn_object *object = snn_arg_object(L, at + 1, &snn_connection_class,
                                              "forward", name);
    snn_connection *connection = object->self;
    push_kwargs(L, CONNECTION_KWARGS, "connection_kwargs", at);
    int kwargs = lua_gettop(L);
    if (snn_is_plain(object) && lua_isnil(L, kwargs) &&
        !snn_synapse_is_hooked(L, at + 1)) {
        int n = push_inputs(L, at + 2, name);
        const snn_tensor *one;
        const snn_tensor *const *input =
            snn_arg_inputs(L, kwargs + 1, kwargs + n, name, &one);
        snn_tensor *out = snn_push_tensor(L);
        note_connection(L, r, at, connection);
        must(L,
             snn_connection_step(connection, input, n, name, &fail, out),
             &fail, "connection", name);
        snn_tensor_done(L);
    } else {
        lua_pushvalue(L, at + 1);
        int n = push_inputs(L, at + 2, name);
        if (!lua_isnil(L, kwargs)) {
            lua_pushvalue(L, kwargs);
            n++;
        }
        note_connection(L, r, at, connection);
        lua_call(L, n, 1);
        snn_forward_called(&r->forward);
    }
    snn_look_at_current(L, SELF, name, snn_test_tensor(L, -1));
    keep_result(L, CURRENTS, at, "connection");
    lua_settop(L, kwargs - 1);
}

/* ---- neurons ---- */

/* Checks all that wiring gave; true when a step may have to be taken back: a
   single step of a plain group fails whole or not at all. */
static bool check_neurons(lua_State *L, int from, int count)
{
    static const snn_neuron_options plain = { .refrac_lock = true };
    bool saves = count > 1;
    for (int i = 0; i < count; i++) {
        int at = from + 3 * i;
        snn_fail fail;
        const char *name = lua_tostring(L, at);
        const snn_object *object =
            snn_arg_object(L, at + 1, &snn_neuron_class, "forward", name);
        if (!snn_test_tensor(L, at + 2))
            snn_error(L, SNN_TYPE_ERROR,
                      "forward: wiring must give a tensor for neuron '%s', got "
                      "%s",
                      name, snn_describe(L, at + 2));
        must(L,
             snn_neuron_check(object->self, snn_test_tensor(L, at + 2), &plain,
                              name, &fail),
             &fail, "neuron", name);
        saves = saves || !snn_is_plain(object) ||
                snn_neuron_calls(object->self);
    }
    return saves;
}

/* All neurons that are to step, before the first does. True when they can be
   taken back; if not, nothing may fail once they have stepped. */
static bool note_neurons(lua_State *L, run *r, int from, int count)
{
    bool saves = check_neurons(L, from, count) || r->follows || r->monitors ||
                 snn_detects_anomaly();
    snn_fail fail;
    for (int i = 0; i < count; i++) {
        snn_neuron *neuron = snn_test_object(L, from + 3 * i + 1)->self;
        snn_must(L,
                 snn_forward_note_neuron(&r->forward, neuron, saves, &fail),
                 &fail);
    }
    return saves;
}

static void run_neuron(lua_State *L, int at)
{
    const char *name = lua_tostring(L, at);
    const snn_object *object = snn_test_object(L, at + 1);
    push_kwargs(L, NEURON_KWARGS, "neuron_kwargs", at);
    int kwargs = lua_gettop(L);
    bool has_kwargs = !lua_isnil(L, kwargs);
    make_place(L, SPIKES, at);
    if (snn_is_plain(object)) {
        snn_neuron_options options;
        snn_fail fail;
        if (has_kwargs || snn_neuron_calls(object->self)) /* for errors in Lua */
            name = lua_pushfstring(L, "forward: neuron '%s'", name);
        snn_read_neuron_options(L, has_kwargs ? kwargs : 0, object, name,
                                &options);
        must(L,
             snn_push_step(L, at + 1, snn_test_tensor(L, at + 2), &options,
                           name, &fail),
             &fail, "neuron", lua_tostring(L, at));
    } else {
        lua_pushvalue(L, at + 1);
        lua_pushvalue(L, at + 2);
        if (has_kwargs) lua_pushvalue(L, kwargs);
        lua_call(L, has_kwargs ? 2 : 1, 1);
    }
    keep_result(L, SPIKES, at, "neuron");
    snn_look_at_neuron(L, SELF, name, object->self,
                       snn_test_tensor(L, at + 2));
    lua_settop(L, kwargs - 1);
}

/* ---- the forward ---- */

static void set_up(lua_State *L)
{
    luaL_checkstack(L, FIRST + 16, "forward");
    snn_push_links(L, SELF);
    for (int i = SNN_CONNECTION_NAMES; i <= SNN_CELL_LIST; i++)
        lua_rawgeti(L, RUN + 1, i);
    lua_remove(L, RUN + 1);
    lua_settop(L, WIRING_KWARGS);
    lua_createtable(L, 0, 2);
    lua_pushnil(L);
    lua_createtable(L, 0, 2);
}

static void wire(lua_State *L)
{
    if (lua_getfield(L, SELF, "wiring") != LUA_TFUNCTION)
        snn_arg_error(L, "forward", "wiring", "a function", -1);
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

/* Each connection and each neuron runs once in a forward, in the room that was
   made for them. */
static void check_new(lua_State *L, int from, int count, int results,
                      bool fits, const char *what)
{
    for (int i = 0; i < count; i++) {
        lua_pushvalue(L, from + 3 * i);
        if (lua_rawget(L, results) != LUA_TNIL)
            snn_error(L, SNN_RUNTIME_ERROR,
                      "forward: %s '%s' has already run in this forward", what,
                      lua_tostring(L, from + 3 * i));
        lua_pop(L, 1);
    }
    if (!fits)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "forward: a %s was added in the middle of the step", what);
}

/* The connections named in INPUTS. */
static void run_connections(lua_State *L, run *r)
{
    check_names(L, INPUTS, CONNECTION_MAP, "connection");
    int from = lua_gettop(L) + 1;
    int count = collect(L, CONNECTION_NAMES, CONNECTION_MAP, INPUTS);
    check_new(L, from, count, CURRENTS,
              r->forward.connections + count <= r->most_connections,
              "connection");
    luaL_checkstack(L, ROOM, "forward");
    for (int i = 0; i < count; i++) run_connection(L, r, from + 3 * i);
}

/* The neurons named by wiring. */
static void run_neurons(lua_State *L, run *r)
{
    snn_fail fail;
    check_names(L, WIRED, NEURON_MAP, "neuron");
    int from = lua_gettop(L) + 1;
    int count = collect(L, NEURON_NAMES, NEURON_MAP, WIRED);
    luaL_checkstack(L, ROOM, "forward");
    if (!r->forward.neuron) {
        r->most_neurons = r->follows ? (int)lua_rawlen(L, NEURON_NAMES) : count;
        snn_must(L,
                 snn_forward_neurons(&r->forward, r->most_neurons, &fail),
                 &fail);
    }
    check_new(L, from, count, SPIKES,
              r->forward.neurons + count <= r->most_neurons, "neuron");
    bool saves = note_neurons(L, r, from, count);
    if (!saves) snn_cells_prepare(L, CELL_LIST, &r->forward);
    for (int i = 0; i < count; i++) run_neuron(L, from + 3 * i);
    if (saves) snn_cells_prepare(L, CELL_LIST, &r->forward);
}

static void run_stage(lua_State *L, run *r)
{
    run_connections(L, r);
    wire(L);
    run_neurons(L, r);
}

/* links.following(self, spikes), below: the inputs of the second stage of a
   layer whose spikes run on within the step. */
static void follow(lua_State *L)
{
    lua_pushvalue(L, FIRST);
    lua_pushvalue(L, SELF);
    lua_pushvalue(L, SPIKES);
    lua_call(L, 2, 1);
    lua_replace(L, INPUTS);
}

static int body(lua_State *L)
{
    run *r = lua_touserdata(L, RUN);
    snn_fail fail;
    set_up(L);
    read_options(L, r);
    r->monitors = snn_cells_begin(L, CELL_LIST);
    r->most_connections = (int)lua_rawlen(L, CONNECTION_NAMES);
    snn_must(L, snn_forward_begin(&r->forward, r->most_connections, &fail),
             &fail);
    r->is_begun = true;
    r->follows = snn_get_link(L, SELF, "following") == LUA_TFUNCTION;
    run_stage(L, r);
    if (r->follows) {
        follow(L);
        run_stage(L, r);
    }
    if (r->monitors) {
        snn_cells_end(L, CELL_LIST, &r->forward);
        snn_cells_prepare(L, CELL_LIST, &r->forward);
    }
    snn_cells_record(L, CELL_LIST, &r->forward);
    ((snn_layer *)snn_test_object(L, SELF)->self)->steps++;
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
    snn_self(L, &snn_layer_class, "forward");
    if (!lua_istable(L, INPUTS))
        snn_arg_error(L, "forward", "inputs",
                      "a table of tensors by the names of connections", INPUTS);
    lua_pushlightuserdata(L, &r);
    lua_pushcfunction(L, body);
    lua_insert(L, 1);
    snn_status status = snn_callback(L, 4, LUA_MULTRET, &fail);
    if (r.is_begun) {
        if (status)
            snn_forward_undo(&r.forward);
        else
            snn_forward_commit(&r.forward);
    }
    snn_must(L, status, &fail);
    return lua_gettop(L);
}
