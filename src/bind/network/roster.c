#include "bind/network/roster.h"

#include "bind/network/layer.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "util/nearest.h"

/* ---- a roster ---- */

/* The stack of a build, above the links. */
enum { LINKS = 1, ROSTER, OBJECTS, NAMES, LIST, MAP, TOP = MAP };

/* A roster in the making has room for so many. Finalizers of scripts may run
   meanwhile, and register more. */
typedef struct making {
    snn_roster *roster;
    int count, most;
} making;

/* The names of one registry and their objects; how many. */
static int add_named(lua_State *L, making *m, int links, const char *names,
                     const char *map)
{
    int base = links - LINKS, found = 0;
    lua_getfield(L, links, names);
    lua_getfield(L, links, map);
    lua_Integer n = (lua_Integer)lua_rawlen(L, base + LIST);
    for (lua_Integer i = 1; i <= n && m->count < m->most; i++) {
        lua_rawgeti(L, base + LIST, i);
        lua_pushvalue(L, -1);
        lua_rawget(L, base + MAP);
        const snn_object *object = snn_test_object(L, -1);
        if (object) { /* without one an addition has failed halfway */
            snn_member *member = &m->roster->member[m->count++];
            *member = (snn_member){ object, lua_tostring(L, -2) };
            lua_rawseti(L, base + OBJECTS, m->count);
            lua_rawseti(L, base + NAMES, m->count);
            found++;
        }
        lua_settop(L, base + TOP);
    }
    lua_settop(L, base + NAMES);
    return found;
}

static int add_cells(lua_State *L, making *m, int links)
{
    int base = links - LINKS, found = 0;
    lua_getfield(L, links, "cell_list");
    lua_Integer n = (lua_Integer)lua_rawlen(L, base + LIST);
    for (lua_Integer i = 1; i <= n && m->count < m->most; i++) {
        lua_rawgeti(L, base + LIST, i);
        const snn_object *object = snn_test_object(L, -1);
        if (object) {
            m->roster->member[m->count++] = (snn_member){ object, NULL };
            lua_rawseti(L, base + OBJECTS, m->count);
            found++;
        }
        lua_settop(L, base + LIST);
    }
    lua_settop(L, base + NAMES);
    return found;
}

static size_t length(lua_State *L, int links, const char *list)
{
    lua_getfield(L, links, list);
    size_t n = lua_rawlen(L, -1);
    lua_pop(L, 1);
    return n;
}

/* Pushes a new roster; the links are at the top. */
static snn_roster *build(lua_State *L)
{
    int links = lua_gettop(L);
    luaL_checkstack(L, 16, "layer");
    size_t most = length(L, links, "connection_names") +
                  length(L, links, "neuron_names") +
                  length(L, links, "cell_list");
    snn_roster *roster = lua_newuserdatauv(
        L, sizeof *roster + most * sizeof(snn_member), SNN_ROSTER_FOLLOWING);
    making m = { roster, 0, (int)most };
    int at = lua_gettop(L);
    lua_newtable(L);
    lua_newtable(L);
    roster->connections =
        add_named(L, &m, links, "connection_names", "connection_map");
    roster->neurons = add_named(L, &m, links, "neuron_names", "neuron_map");
    roster->cells = add_cells(L, &m, links);
    lua_setiuservalue(L, at, SNN_ROSTER_NAMES);
    lua_setiuservalue(L, at, SNN_ROSTER_OBJECTS);
    lua_newtable(L);
    lua_setiuservalue(L, at, SNN_ROSTER_KWARGS);
    lua_getfield(L, links, "following");
    lua_setiuservalue(L, at, SNN_ROSTER_FOLLOWING);
    return roster;
}

const snn_roster *snn_push_roster(lua_State *L, int index)
{
    snn_layer *layer = snn_test_object(L, index)->self;
    snn_push_links(L, index);
    if (layer->roster) {
        lua_rawgeti(L, -1, SNN_LINK_ROSTER);
    } else {
        int links = lua_gettop(L);
        int64_t before;
        const snn_roster *roster;
        do {
            lua_settop(L, links);
            before = layer->changes;
            roster = build(L);
        } while (layer->changes != before);
        /* not before: a finalizer may have made one meanwhile */
        lua_pushvalue(L, -1);
        lua_rawseti(L, links, SNN_LINK_ROSTER);
        layer->roster = roster;
    }
    lua_replace(L, -2);
    return layer->roster;
}

/* tools.end_roster(layer): its registry has changed. */
static int end_roster(lua_State *L)
{
    snn_layer *layer = snn_self(L, &snn_layer_class, "layer");
    layer->roster = NULL;
    layer->changes++;
    layer->same_clock = 0;
    snn_push_links(L, 1);
    lua_pushnil(L);
    lua_rawseti(L, -2, SNN_LINK_ROSTER);
    return 0;
}

void snn_open_roster(lua_State *L)
{
    snn_push_tools(L);
    lua_pushcfunction(L, end_roster);
    lua_setfield(L, -2, "end_roster");
    lua_pop(L, 1);
}

/* ---- tables by name ---- */

typedef struct search {
    const snn_member *member;
    int names;        /* the place of the names of the whole roster */
    int first, count; /* the members that are meant */
    const char *what;
} search;

static search search_of(const snn_roster *roster, int names, snn_members which)
{
    if (which == SNN_CONNECTIONS)
        return (search){ roster->member, names, 0, roster->connections,
                         "connection" };
    return (search){ roster->member, names, roster->connections,
                     roster->neurons, "neuron" };
}

/* Raises: the key on top names no member. */
static int unknown_name(lua_State *L, const search *s)
{
    if (lua_type(L, -1) != LUA_TSTRING)
        return snn_error(L, SNN_TYPE_ERROR,
                         "forward: %ss are given by name, got the key %s",
                         s->what, snn_describe(L, -1));
    snn_nearest nearest;
    const char *name = lua_tostring(L, -1);
    luaL_Buffer b;
    snn_nearest_init(&nearest, name);
    luaL_buffinit(L, &b);
    for (int i = 0; i < s->count; i++) {
        const char *known = s->member[s->first + i].name;
        luaL_addstring(&b, i > 0 ? ", '" : "'");
        luaL_addstring(&b, known);
        luaL_addchar(&b, '\'');
        snn_nearest_offer(&nearest, known);
    }
    luaL_pushresult(&b);
    if (!nearest.best)
        return snn_error(L, SNN_ATTRIBUTE_ERROR,
                         "forward: '%s' is not a registered %s (registered: "
                         "%s)",
                         name, s->what, s->count ? lua_tostring(L, -1) : "none");
    return snn_error(L, SNN_ATTRIBUTE_ERROR,
                     "forward: '%s' is not a registered %s (registered: %s; "
                     "did you mean '%s'?)",
                     name, s->what, lua_tostring(L, -1), nearest.best);
}

/* Is the key on top the name of a member? */
static bool is_name(lua_State *L, const search *s)
{
    bool found = false;
    for (int i = 0; i < s->count && !found; i++) {
        lua_rawgeti(L, s->names, s->first + i + 1);
        found = lua_rawequal(L, -1, -2);
        lua_pop(L, 1);
    }
    return found;
}

/* Has the table more keys than that? */
static bool has_more(lua_State *L, int table, int keys)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        if (keys-- > 0) continue;
        lua_pop(L, 1);
        return true;
    }
    return false;
}

/* So many keys of the table are names: all have to be. */
static void check_rest(lua_State *L, const search *s, int given, int known)
{
    if (!has_more(L, given, known)) return;
    for (lua_pushnil(L); lua_next(L, given);) {
        lua_pop(L, 1);
        if (!is_name(L, s)) unknown_name(L, s);
    }
}

void snn_roster_check(lua_State *L, const snn_roster *roster, int names,
                      snn_members which, int given)
{
    if (lua_isnil(L, given)) return;
    search s = search_of(roster, names, which);
    check_rest(L, &s, given, 0);
}

int snn_roster_collect(lua_State *L, const snn_roster *roster, int names,
                       snn_members which, int given)
{
    search s = search_of(roster, names, which);
    int found = 0;
    for (int i = s.first; i < s.first + s.count; i++) {
        lua_rawgeti(L, names, i + 1);
        if (lua_rawget(L, given) == LUA_TNIL) {
            lua_pop(L, 1);
            continue;
        }
        lua_pushinteger(L, i);
        luaL_checkstack(L, SNN_ROSTER_ROOM, "forward");
        found++;
    }
    check_rest(L, &s, given, found);
    return found;
}
