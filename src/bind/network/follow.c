/* Which connections' currents reached which neurons, for the text of a layer
   (lua/snn/show/layer.lua): known by following the tensors through one call of the
   wiring, the first after a change of the layer or of that function, and again where
   more connections run than then: steps that run some of them in turn are not followed
   each time. A hook sees each function in C begin and return: a tensor that is new
   there is made of those among its arguments. What is noted is links.followed,
   neuron -> list of connections. */
#include "bind/network/follow.h"

#include "bind/tensor/tensor.h"

enum { MOST = 62 }; /* connections: bits of an integer */

static const char masks_key; /* registry: tensor -> bits of connections, and
                               frame -> those of the arguments */

bool snn_follow_is_due(lua_State *L, const snn_step *step, int wiring)
{
    const snn_layer *layer = step->layer;
    bool is_known = layer->followed == layer->version &&
                    layer->followed_by == lua_topointer(L, wiring) &&
                    layer->followed_of >= step->connections;
    return !is_known && layer->parts[SNN_CONNECTIONS].count <= MOST &&
           !lua_gethook(L);
}

/* ---- the hook ---- */

/* The bits of the value on top, 0 of what is no such tensor; pops it. */
static lua_Integer bits_of(lua_State *L, int masks)
{
    lua_rawget(L, masks);
    lua_Integer bits = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return bits;
}

/* Of a value among the arguments: a tensor, or a list of some. */
static lua_Integer bits_of_argument(lua_State *L, int masks)
{
    enum { LONGEST = 64 };
    lua_Integer bits = 0;
    if (lua_type(L, -1) == LUA_TTABLE)
        for (int i = 1; i <= LONGEST; i++) {
            if (lua_rawgeti(L, -1, i) != LUA_TNIL) {
                bits |= bits_of(L, masks);
                continue;
            }
            lua_pop(L, 1);
            break;
        }
    if (lua_type(L, -1) != LUA_TUSERDATA) {
        lua_pop(L, 1);
        return bits;
    }
    return bits_of(L, masks);
}

/* Marks the result on top; one that was there already only where it is the first
   argument, which has been written to. */
static void mark(lua_State *L, int masks, const void *first, lua_Integer bits)
{
    if (!snn_test_tensor(L, -1)) return;
    lua_pushvalue(L, -1);
    lua_Integer has = bits_of(L, masks);
    if (has && lua_topointer(L, -1) != first) return;
    lua_pushvalue(L, -1);
    lua_pushinteger(L, has | bits);
    lua_rawset(L, masks);
}

/* A C function begins: its arguments' bits wait under its frame, as it may take
   them from its stack. */
static void see_call(lua_State *L, lua_Debug *ar, int masks)
{
    enum { SLOTS = 100 };
    lua_Integer bits = 0;
    for (int i = 1; i <= SLOTS && lua_getlocal(L, ar, i); i++)
        bits |= bits_of_argument(L, masks);
    lua_pushinteger(L, bits);
    lua_rawsetp(L, masks, ar->i_ci);
}

static void see_return(lua_State *L, lua_Debug *ar, int masks)
{
    const void *first = NULL;
    lua_rawgetp(L, masks, ar->i_ci);
    lua_Integer bits = lua_tointeger(L, -1);
    if (lua_getlocal(L, ar, 1)) first = lua_topointer(L, -1);
    for (int i = 0; i < ar->ntransfer && bits; i++) {
        if (!lua_getlocal(L, ar, ar->ftransfer + i)) break;
        mark(L, masks, first, bits);
        lua_pop(L, 1);
    }
}

static void see(lua_State *L, lua_Debug *ar);

void snn_follow_end(lua_State *L)
{
    if (lua_gethook(L) == see) lua_sethook(L, NULL, 0, 0);
}

static void see(lua_State *L, lua_Debug *ar)
{
    int top = lua_gettop(L);
    lua_getinfo(L, "Sr", ar);
    if (*ar->what != 'C') return;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &masks_key) == LUA_TTABLE)
        (ar->event == LUA_HOOKRET ? see_return : see_call)(L, ar, top + 1);
    else /* an interrupt has ended that call, then put the hook back */
        snn_follow_end(L);
    lua_settop(L, top);
}

/* ---- the call ---- */

/* The frame of snn_follow_wiring. */
enum { WIRING = 1, SELF, CURRENTS, KWARGS, MASKS, WIRED, EDGES };

/* How many there are. */
static int mark_currents(lua_State *L, const snn_layer *layer)
{
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    int count = 0;
    for (int i = 0; i < parts->count; i++) {
        lua_pushstring(L, parts->part[i]->name);
        if (lua_rawget(L, CURRENTS) != LUA_TNIL) {
            lua_pushinteger(L, (lua_Integer)1 << i);
            lua_rawset(L, MASKS);
            count++;
        } else {
            lua_pop(L, 1);
        }
    }
    return count;
}

/* Pushes the list of the names that the bits say. */
static void push_names(lua_State *L, const snn_layer *layer, lua_Integer bits)
{
    const snn_parts *parts = &layer->parts[SNN_CONNECTIONS];
    int n = 0;
    lua_newtable(L);
    for (int i = 0; i < parts->count; i++) {
        if (!((bits >> i) & 1)) continue;
        lua_pushstring(L, parts->part[i]->name);
        lua_rawseti(L, -2, ++n);
    }
}

static void note(lua_State *L, snn_layer *layer, int count)
{
    lua_newtable(L); /* EDGES */
    for (lua_pushnil(L); lua_next(L, WIRED);) {
        lua_Integer bits = bits_of(L, MASKS); /* takes the value */
        lua_pushvalue(L, -1);
        push_names(L, layer, bits);
        lua_rawset(L, EDGES);
    }
    snn_set_link(L, SELF, "followed");
    layer->followed = layer->version;
    layer->followed_of = count;
    layer->followed_by = lua_topointer(L, WIRING);
}

int snn_follow_wiring(lua_State *L)
{
    lua_settop(L, KWARGS);
    const snn_object *object = snn_test_object(L, SELF);
    snn_layer *layer = object->self;
    uint64_t version = layer->version;
    lua_newtable(L); /* MASKS */
    int count = mark_currents(L, layer);
    lua_pushvalue(L, MASKS);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &masks_key);
    for (int i = WIRING; i <= KWARGS; i++) lua_pushvalue(L, i);
    lua_sethook(L, see, LUA_MASKCALL | LUA_MASKRET, 0);
    lua_call(L, KWARGS - WIRING, 1);
    snn_follow_end(L);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &masks_key);
    bool is_same = object->self == layer && layer->version == version;
    if (is_same && lua_istable(L, WIRED)) note(L, layer, count);
    lua_settop(L, WIRED);
    return 1;
}
