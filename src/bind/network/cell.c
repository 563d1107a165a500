/* Cell: made by a layer for one of its connections and one of its neurons. Its
   fields are those of the two. */
#include <string.h>

#include "bind/models/connection.h"
#include "bind/network/layer.h"
#include "bind/models/neuron.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "layer/cell.h"

static int forward(lua_State *L)
{
    return snn_error(L, SNN_RUNTIME_ERROR,
                     "forward: a cell cannot be called, its layer is");
}

static const luaL_Reg methods[] = {
    { "forward", forward },
    { NULL, NULL },
};

/* ---- fields ---- */

static void get_link(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)object;
    snn_get_link(L, 1, a->name);
}

/* A field of its connection or neuron, by the path that is its doc:
   "connection.synspike". */
static void get_path(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)object;
    const char *dot = strchr(a->doc, '.');
    lua_pushlstring(L, a->doc, (size_t)(dot - a->doc));
    snn_get_link(L, 1, lua_tostring(L, -1));
    if (!snn_test_instance(L, -1, &snn_connection_class) &&
        !snn_test_instance(L, -1, &snn_neuron_class))
        snn_get_link(L, -1, SNN_LINK_OF_NEURON); /* any module, as a neuron */
    lua_getfield(L, -1, dot + 1);
}

/* A new table of the monitors that were added under a name, by tools. */
static void get_monitors(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    (void)object, (void)a;
    snn_push_tools(L);
    lua_getfield(L, -1, "cell_monitors");
    lua_pushvalue(L, 1);
    lua_call(L, 1, 1);
}

static const snn_attribute attributes[] = {
    { .name = "connection", .get = get_link, .doc = "its connection" },
    { .name = "neuron", .get = get_link, .doc = "its neuron" },
    { .name = "synapse", .get = get_path, .doc = "connection.synapse" },
    { .name = "updater", .get = get_path, .doc = "connection.updater" },
    { .name = "precurrent", .get = get_path,
      .doc = "connection.syncurrent" },
    { .name = "prespike", .get = get_path,
      .doc = "connection.synspike" },
    { .name = "postvoltage", .get = get_path, .doc = "neuron.voltage" },
    { .name = "monitors", .get = get_monitors, .doc = "monitors by name" },
    { .name = "postspike", .get = get_path, .doc = "neuron.spike" },
    { .name = NULL },
};

static void release(void *cell) { snn_cell_free(cell); }

/* Of a cell a composite call changes whether scripts' monitors watch it. */
static snn_status take_cell(void *cell, void *out, snn_fail *fail)
{
    (void)fail;
    *(bool *)out = ((const snn_cell *)cell)->is_monitored;
    return SNN_OK;
}

static void restore_cell(void *cell, void *snapshot)
{
    ((snn_cell *)cell)->is_monitored = *(const bool *)snapshot;
}

static void drop_cell(void *cell, void *snapshot) { (void)cell, (void)snapshot; }

static const snn_snapshots snapshots = { sizeof(bool), take_cell, restore_cell,
                                         drop_cell };

const snn_class snn_cell_class = {
    .where = SNN_HERE,
    .name = "Cell",
    .summary = "A connection and a neuron of a layer, to be trained together.",
    .free = release,
    .snapshots = &snapshots,
    .methods = methods,
    .attributes = attributes,
};

/* tools.is_cell(value) */
static int is_cell(lua_State *L)
{
    lua_pushboolean(L, snn_test_instance(L, 1, &snn_cell_class) != NULL);
    return 1;
}

/* tools.set_monitored(cell, is_monitored) */
static int set_monitored(lua_State *L)
{
    snn_cell *cell = snn_self(L, &snn_cell_class, "monitor");
    cell->is_monitored = lua_toboolean(L, 2);
    return 0;
}

/* tools.is_dead(value): a cell that its layer has deleted. */
static int is_dead(lua_State *L)
{
    const snn_object *object = snn_test_instance(L, 1, &snn_cell_class);
    lua_pushboolean(L, object && ((const snn_cell *)object->self)->is_dead);
    return 1;
}

/* tools.cell_names(cell): of its connection and its neuron in the layer; nothing
   of one that its layer has deleted. */
static int cell_names(lua_State *L)
{
    const snn_cell *cell = snn_self(L, &snn_cell_class, "cell");
    if (!cell->layer) return 0;
    lua_pushstring(L, cell->from->name);
    lua_pushstring(L, cell->to->name);
    return 2;
}

void snn_open_cell(lua_State *L)
{
    static const luaL_Reg functions[] = { { "cell_names", cell_names },
                                          { "is_cell", is_cell },
                                          { "is_dead", is_dead },
                                          { "set_monitored", set_monitored },
                                          { NULL, NULL } };
    snn_open_class(L, &snn_cell_class);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
