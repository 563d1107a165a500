#include "bind/network/recording.h"

#include "bind/network/layer.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/learning/trainer.h"
#include "train/trainer.h"

/* The cell i of the roster, which must be finished, or NULL. */
static const snn_cell *cell_at(const snn_roster *roster, int i,
                               const snn_object **object)
{
    *object = roster->member[roster->connections + roster->neurons + i].object;
    return snn_is_ready(*object) ? (*object)->self : NULL;
}

static void push_cell(lua_State *L, const snn_roster *roster, int objects,
                      int i)
{
    lua_rawgeti(L, objects, roster->connections + roster->neurons + i + 1);
}

/* Whether a rule of a trainer records a step of it in Lua. */
static bool has_followers(const snn_cell *cell)
{
    return cell->is_followed && !snn_eligibility_has_events(cell->connection);
}

/* ---- watches ---- */

typedef void visit_fn(lua_State *L, snn_unit *unit, const snn_cell *cell);

static void visit_watches(lua_State *L, const snn_cell *cell, visit_fn *visit)
{
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        const snn_object *object = snn_test_instance(L, -1, &snn_unit_class);
        snn_unit *unit = object ? object->self : NULL;
        if (unit && *unit->watch.is_active) visit(L, unit, cell);
    }
}

/* Returns true when a cell that counts has followers. */
static bool each_watch(lua_State *L, const snn_roster *roster, int objects,
                       const snn_forward *forward, visit_fn *visit)
{
    bool is_followed = false;
    for (int i = 0; i < roster->cells; i++) {
        const snn_object *object;
        const snn_cell *cell = cell_at(roster, i, &object);
        if (!cell || !cell->is_watched || !object->training ||
            !snn_forward_has(forward, cell->connection, cell->neuron))
            continue;
        int top = lua_gettop(L);
        push_cell(L, roster, objects, i);
        if (snn_get_link(L, -1, "watches") == LUA_TTABLE) {
            is_followed |= has_followers(cell);
            visit_watches(L, cell, visit);
        }
        lua_settop(L, top);
    }
    return is_followed;
}

static void prepare(lua_State *L, snn_unit *unit, const snn_cell *cell)
{
    snn_fail fail;
    (void)cell;
    snn_must(L, snn_unit_prepare(unit, &fail), &fail);
}

static void record(lua_State *L, snn_unit *unit, const snn_cell *cell)
{
    (void)L, (void)cell;
    snn_unit_record_step(unit);
}

/* tools.follow_unit(unit), the unit being on top, where its rule records a step
   in Lua. */
static void follow(lua_State *L, snn_unit *unit, const snn_cell *cell)
{
    (void)cell;
    if (!snn_unit_follows(unit)) return;
    snn_push_tools(L);
    lua_getfield(L, -1, "follow_unit");
    lua_pushvalue(L, -3);
    lua_call(L, 1, 0);
    lua_pop(L, 1);
}

void snn_cells_prepare(lua_State *L, const snn_roster *roster, int objects,
                       const snn_forward *forward)
{
    each_watch(L, roster, objects, forward, prepare);
}

void snn_cells_record(lua_State *L, const snn_roster *roster, int objects,
                      const snn_forward *forward)
{
    if (each_watch(L, roster, objects, forward, record))
        each_watch(L, roster, objects, forward, follow);
}

/* ---- monitors in Lua ---- */

/* Pushes a list of the cells that have monitors and, with a forward, count in
   it; nil when there are none. True when there are some, or when a cell has
   followers. */
static bool push_monitored(lua_State *L, const snn_roster *roster, int objects,
                           const snn_forward *forward)
{
    bool is_followed = false;
    lua_Integer found = 0;
    lua_pushnil(L);
    int list = lua_gettop(L);
    for (int i = 0; i < roster->cells; i++) {
        const snn_object *object;
        const snn_cell *cell = cell_at(roster, i, &object);
        is_followed |= cell && has_followers(cell);
        if (!cell || !cell->is_monitored) continue;
        if (forward &&
            !snn_forward_has(forward, cell->connection, cell->neuron))
            continue;
        if (found++ == 0) {
            lua_newtable(L);
            lua_replace(L, list);
        }
        push_cell(L, roster, objects, i);
        lua_rawseti(L, list, found);
    }
    return found > 0 || is_followed;
}

/* Calls tools[name] with each cell of the list on top, which it pops: the
   script may change the layer's list meanwhile. */
static void call_monitors(lua_State *L, const char *name)
{
    int list = lua_gettop(L);
    lua_Integer n = lua_istable(L, list) ? (lua_Integer)lua_rawlen(L, list) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        snn_push_tools(L);
        lua_getfield(L, -1, name);
        lua_rawgeti(L, list, i);
        lua_call(L, 1, 0);
        lua_settop(L, list);
    }
    lua_settop(L, list - 1);
}

bool snn_cells_begin(lua_State *L, const snn_roster *roster, int objects)
{
    bool has_scripts = push_monitored(L, roster, objects, NULL);
    call_monitors(L, "begin_cell");
    return has_scripts;
}

void snn_cells_end(lua_State *L, const snn_roster *roster, int objects,
                   const snn_forward *forward)
{
    push_monitored(L, roster, objects, forward);
    call_monitors(L, "end_cell");
}
