#include "bind/network/clocks.h"

#include "bind/lua/raise.h"
#include "layer/cell.h"

/* The engine's part of a member; NULL: it is of no use any more. */
static const void *part_of(const snn_member *member)
{
    return snn_is_ready(member->object) ? member->object->self : NULL;
}

static void refuse(lua_State *L, const snn_connection *connection,
                   const char *connection_name, const snn_member *neuron)
{
    snn_fail fail;
    snn_must(L,
             snn_clocks_check(connection, connection_name, part_of(neuron),
                              neuron->name, "forward", &fail),
             &fail);
}

static bool is_cell(const snn_roster *roster, const snn_connection *connection,
                    const snn_neuron *neuron)
{
    const snn_member *cells =
        roster->member + roster->connections + roster->neurons;
    for (int i = 0; i < roster->cells; i++) {
        const snn_cell *cell = part_of(&cells[i]);
        if (cell && cell->connection == connection && cell->neuron == neuron)
            return true;
    }
    return false;
}

/* It must fit some neuron, and those of its cells, or all. True where there are
   others. */
static bool check(lua_State *L, const snn_roster *roster,
                  const snn_member *member, bool fits_all)
{
    const snn_connection *connection = part_of(member);
    const snn_member *neurons = roster->member + roster->connections;
    const snn_member *other = NULL;
    bool fits = false;
    for (int i = 0; connection && i < roster->neurons; i++) {
        const snn_neuron *neuron = part_of(&neurons[i]);
        if (!neuron) continue;
        if (snn_clocks_equal(connection, neuron)) {
            fits = true;
            continue;
        }
        if (fits_all || is_cell(roster, connection, neuron))
            refuse(L, connection, member->name, &neurons[i]);
        if (!other) other = &neurons[i];
    }
    if (!fits && other) refuse(L, connection, member->name, other);
    return other != NULL;
}

static const snn_member *collected(lua_State *L, const snn_roster *roster,
                                   int from, int i)
{
    return &roster->member[lua_tointeger(L, from + 2 * i + 1)];
}

/* Whether all connections and neurons have one step time. */
static bool are_same(const snn_roster *roster)
{
    const snn_member *neurons = roster->member + roster->connections;
    for (int i = 0; i < roster->connections; i++)
        for (int j = 0; j < roster->neurons; j++) {
            const snn_connection *connection = part_of(&roster->member[i]);
            const snn_neuron *neuron = part_of(&neurons[j]);
            if (!connection || !neuron || !snn_clocks_equal(connection, neuron))
                return false;
        }
    return true;
}

bool snn_clocks_begin(lua_State *L, snn_layer *layer, int from, int count,
                      bool runs_all)
{
    const snn_roster *roster = layer->roster;
    bool is_mixed = false;
    if (are_same(roster)) {
        layer->same_clock = snn_clock_changes;
        return false;
    }
    for (int i = 0; i < roster->connections && runs_all; i++)
        check(L, roster, &roster->member[i], true);
    for (int i = 0; i < count && !runs_all; i++)
        is_mixed |= check(L, roster, collected(L, roster, from, i), false);
    return is_mixed;
}

/* Of a connection that ran; it may have been deleted since. */
static const char *name_of(const snn_roster *roster,
                           const snn_connection *connection)
{
    for (int i = 0; i < roster->connections; i++)
        if (part_of(&roster->member[i]) == connection)
            return roster->member[i].name;
    return "?";
}

void snn_clocks_wired(lua_State *L, const snn_roster *roster,
                      const snn_forward *forward, int from, int count)
{
    for (int i = 0; i < count; i++) {
        const snn_member *member = collected(L, roster, from, i);
        const snn_neuron *neuron = part_of(member);
        for (int k = 0; neuron && k < forward->connections; k++) {
            const snn_ran_connection *ran = &forward->connection[k];
            if (ran->dt != snn_neuron_dt(neuron))
                refuse(L, ran->connection, name_of(roster, ran->connection),
                       member);
        }
    }
}
