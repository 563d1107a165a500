/* The common step of a layer that feeds connections and has no wiring of a script's:
   members of the library without hooks, tensors as inputs, no options. No function
   of Lua is called, and currents are no values of Lua. Whatever else comes goes the
   general way (inputs.c, wiring.c), where the wiring is a function of
   lua/snn/layer_connect.lua that comes to the same. */
#include "bind/lua/raise.h"
#include "bind/network/running.h"
#include "bind/tensor/tensor.h"
#include "layer/connect.h"
#include "util/pool.h"

enum { MADE = SNN_RUN_TOP + 1 }; /* tensors of spikes, then the neurons' names */

typedef struct summed {
    snn_run *run;
    snn_tensor *out; /* of the pool: currents, one for each connection */
    int used;
} summed;

/* ---- before ---- */

/* Whether the wiring is the library's. Of a layer of no script's class it is a
   field, or that of the class. */
static bool has_own_wiring(lua_State *L)
{
    int top = lua_gettop(L);
    if (((const snn_object *)lua_touserdata(L, SNN_RUN_SELF))->is_scripted) {
        lua_getfield(L, SNN_RUN_SELF, "wiring");
    } else {
        snn_push_fields(L, SNN_RUN_SELF);
        lua_pushliteral(L, "wiring");
        if (lua_rawget(L, -2) == LUA_TNIL) {
            lua_rawgetp(L, LUA_REGISTRYINDEX, &snn_layer_key);
            lua_pushliteral(L, "wiring");
            lua_rawget(L, -2);
        }
    }
    lua_rawgetp(L, LUA_REGISTRYINDEX, &snn_wiring_key);
    bool is_own = lua_rawequal(L, -1, -2);
    lua_settop(L, top);
    return is_own;
}

static bool is_plain(const snn_part *part, snn_part_kind kind)
{
    if (!snn_part_is_ready(part)) return false;
    const snn_object *object = part->owner;
    if (!snn_is_plain(object)) return false;
    return kind == SNN_CONNECTIONS ? snn_is_plain(object->needs)
                                   : !snn_neuron_calls(object->self);
}

static bool are_plain(const snn_layer *layer)
{
    const snn_parts *neurons = &layer->parts[SNN_NEURONS];
    const snn_parts *connections = &layer->parts[SNN_CONNECTIONS];
    for (int i = 0; i < neurons->count; i++)
        if (!is_plain(neurons->part[i], SNN_NEURONS)) return false;
    for (int i = 0; i < connections->count; i++)
        if (connections->part[i]->source &&
            !is_plain(connections->part[i], SNN_CONNECTIONS))
            return false;
    return true;
}

/* Makes what the step needs of Lua's memory. False where a finalizer has changed
   the registry meanwhile. */
static bool make(lua_State *L, const snn_layer *layer, uint64_t version)
{
    const snn_parts *neurons = &layer->parts[SNN_NEURONS];
    int count = neurons->count;
    lua_settop(L, SNN_RUN_CURRENTS);
    luaL_checkstack(L, 2 * count + SNN_RUN_ROOM, "forward");
    lua_createtable(L, 0, count); /* SNN_RUN_SPIKES */
    for (int i = 0; i < count; i++) snn_push_tensor(L);
    for (int i = 0; i < count && layer->version == version; i++) {
        lua_pushstring(L, neurons->part[i]->name);
        lua_pushvalue(L, -1);
        lua_pushboolean(L, false);
        lua_rawset(L, SNN_RUN_SPIKES); /* a place, which spikes take later */
    }
    return layer->version == version && are_plain(layer);
}

/* ---- inputs ---- */

static bool add_given(summed *s)
{
    lua_State *L = s->run->L;
    snn_step *step = &s->run->step;
    for (lua_pushnil(L); lua_next(L, SNN_RUN_INPUTS); lua_pop(L, 1)) {
        const snn_tensor *t = snn_test_tensor(L, -1);
        if (!t || lua_type(L, -2) != LUA_TSTRING) return false;
        snn_part *part = snn_layer_find(step->layer, SNN_CONNECTIONS,
                                        lua_tostring(L, -2));
        if (!part || !is_plain(part, SNN_CONNECTIONS)) return false;
        *snn_step_add_connection(step, part) = (snn_step_input){
            .only = t, .tensors = 1, .out = &s->out[s->used++]
        };
    }
    return true;
}

static bool is_added(const snn_step *step, int given, const snn_part *part)
{
    for (int i = 0; i < given; i++)
        if (step->connection[i].part == part) return true;
    return false;
}

static snn_status add_fed(summed *s, snn_fail *fail)
{
    snn_step *step = &s->run->step;
    const snn_parts *parts = &step->layer->parts[SNN_CONNECTIONS];
    snn_status status = SNN_OK;
    int given = step->connections;
    for (int i = 0; i < parts->count && !status; i++) {
        snn_part *part = parts->part[i];
        if (!part->source || is_added(step, given, part)) continue;
        status = snn_step_feed(step, part, &s->out[s->used++], fail);
    }
    return status;
}

/* ---- neurons ---- */

static snn_status wire(void *context, snn_step *step, snn_fail *fail)
{
    const snn_run *run = context;
    lua_State *L = run->L;
    const snn_parts *neurons = &step->layer->parts[SNN_NEURONS];
    int count = neurons->count, name = MADE + count;
    if (step->layer->version != run->version) /* a monitor has */
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "forward: the layer's registry has changed as the step "
                            "began");
    snn_status status = snn_step_room(step, SNN_NEURONS, count, fail);
    for (int i = 0; i < step->connections && !status; i++)
        status = snn_part_check_led(step->layer, step->connection[i].part, fail);
    for (int i = 0; i < count && !status; i++) {
        snn_part *part = neurons->part[i];
        const snn_object *object = part->owner;
        status = snn_step_sum(step, part, object->training,
                              snn_test_empty_tensor(L, MADE + i), fail);
        lua_pushvalue(L, name + i);
        lua_pushvalue(L, MADE + i);
        lua_rawset(L, SNN_RUN_SPIKES);
    }
    return status;
}

/* ---- the step ---- */

/* Room for the currents; NULL when memory is short. */
static snn_tensor *make_currents(int count, snn_fail *fail)
{
    size_t bytes = (size_t)count * sizeof(snn_tensor);
    snn_tensor *out = snn_pool_take(bytes);
    if (!out) snn_fail_memory(fail, "forward", bytes);
    for (int i = 0; out && i < count; i++) out[i] = SNN_NO_TENSOR;
    return out;
}

static void drop_currents(summed *s)
{
    for (int i = 0; i < s->used; i++) snn_tensor_clear(&s->out[i]);
    snn_pool_give(s->out);
}

/* Makes it, with everything in place. False: some input asks for more. */
static bool run_simple(summed *s, snn_layer *layer, snn_status *status,
                       snn_fail *fail)
{
    snn_run *run = s->run;
    int count = layer->parts[SNN_CONNECTIONS].count;
    s->out = make_currents(count, fail);
    *status = s->out ? SNN_OK : SNN_RUNTIME_ERROR;
    if (*status) return true;
    snn_step_begin(&run->step, layer, &run->calls);
    *status = snn_step_room(&run->step, SNN_CONNECTIONS, count, fail);
    bool is_simple = *status || add_given(s);
    if (!*status && is_simple) *status = add_fed(s, fail);
    for (int i = 0; i < run->step.connections; i++)
        run->step.connection[i].input.is_summed = true;
    if (is_simple)
        *status = snn_run_step(run, *status, fail);
    else
        snn_step_end(&run->step);
    drop_currents(s);
    return is_simple;
}

bool snn_summed_step(snn_run *run, snn_layer *layer, snn_status *status,
                     snn_fail *fail)
{
    lua_State *L = run->L;
    summed s = { .run = run };
    if (!layer->connected || !lua_isnil(L, SNN_RUN_OPTIONS) || run->calls.follow)
        return false;
    luaL_checkstack(L, SNN_RUN_ROOM, "forward");
    run->version = layer->version;
    run->calls.wire = wire;
    run->gives_currents = false;
    if (has_own_wiring(L) && make(L, layer, run->version) &&
        run_simple(&s, layer, status, fail))
        return true;
    run->calls.wire = snn_run_wire;
    run->gives_currents = true;
    lua_settop(L, SNN_RUN_NEURON_KWARGS);
    return false;
}
