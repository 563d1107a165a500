/* A train that is made step by step is a userdata of its own, which the iterator
   holds and which is the closing value of a generic `for`. It knows what it was
   made of, so that snn.save can tell how to make it again: by its stream of
   random numbers and the steps that it has given, or, where that is not all there
   is to it (trains of a script's class, an encoder whose arguments have changed
   since), by the steps that are left.

   Ticks count what iterators do, trains and loaders (lua/snn/data.lua), so that
   it is known what came first. */
#include "bind/models/train.h"

#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/generator.h"
#include "bind/tensor/tensor.h"
#include "encode/models.h"
#include "tensor/copy.h"
#include "tensor/hash.h"

static const char train_key; /* registry: the metatable of trains */

static lua_Integer ticks;

/* Uservalues of a train; WHOLE is a tensor of all its steps where it has such a
   one in place of `made`, else nil. */
enum { ENCODER = 1, WHOLE, USER_VALUES = WHOLE };

typedef struct train {
    snn_train *made; /* NULL: it has a whole, or is over */
    snn_tensor x;    /* the intensities as they were */
    snn_rng_key key; /* its stream */
    int64_t given;   /* steps of the whole that have come */
    lua_Integer begun, latest; /* ticks: when it was made, of the last step */
    bool is_over;    /* it has ended, or was closed */
    double args[]; /* of the model, settled, as it was made of */
} train;

/* ---- steps ---- */

static int end_train(lua_State *L, train *t)
{
    t->is_over = true;
    lua_pushnil(L);
    return 1;
}

/* The next step of the whole of the train at upvalue 1. */
static int next_of_whole(lua_State *L, train *t)
{
    lua_getiuservalue(L, lua_upvalueindex(1), WHOLE);
    lua_pushinteger(L, t->given + 1);
    lua_gettable(L, -2); /* nil behind the last */
    if (lua_isnil(L, -1)) return end_train(L, t);
    t->given++;
    t->latest = ++ticks;
    return 1;
}

/* The iterator; its train is its upvalue, so that it needs no argument: the next
   step's spikes, or nil. */
static int train_next(lua_State *L)
{
    snn_fail fail;
    train *t = lua_touserdata(L, lua_upvalueindex(1));
    if (t->is_over) return end_train(L, t);
    if (!t->made) return next_of_whole(L, t);
    snn_tensor *out = snn_push_tensor(L);
    if (t->made) snn_must(L, snn_train_next(t->made, &fail, out), &fail);
    if (snn_tensor_is_empty(out)) return end_train(L, t);
    t->latest = ++ticks;
    return snn_tensor_done(L);
}

static train *test_train(lua_State *L, int index)
{
    void *at = lua_touserdata(L, index);
    if (!at || !lua_getmetatable(L, index)) return NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, &train_key);
    bool same = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return same ? at : NULL;
}

/* __close and __gc, which scripts reach through debug alone. */
static int train_close(lua_State *L)
{
    train *t = test_train(L, 1);
    if (!t)
        return snn_error(L, SNN_TYPE_ERROR,
                         "steps_of: 'self' must be what steps_of returned, got "
                         "%s", snn_describe(L, 1));
    snn_train_free(t->made);
    t->made = NULL;
    t->is_over = true;
    snn_tensor_clear(&t->x);
    lua_pushnil(L);
    lua_setiuservalue(L, 1, WHOLE);
    return 0;
}

/* ---- beginning ---- */

/* Stack of snn_encoder_steps; PLACE is the list of places that a file has given
   (lua/snn/encoder.lua): a table { seed, stream, step, rest, intensities, next },
   or nil. */
enum { SELF = 1, X, PLACE, TRAIN, NEXT };

static train *push_train(lua_State *L, const snn_encoder *e)
{
    snn_fail fail;
    size_t bytes = sizeof(train) + e->model->args_size;
    train *t = lua_newuserdatauv(L, bytes, USER_VALUES);
    memset(t, 0, bytes);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &train_key);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, SELF);
    lua_setiuservalue(L, -2, ENCODER);
    snn_must(L, snn_tensor_share(snn_test_tensor(L, X), false, &fail, &t->x),
             &fail);
    return t;
}

static int64_t hash_of(lua_State *L, const snn_tensor *t)
{
    snn_fail fail;
    uint64_t hash;
    snn_must(L, snn_tensor_hash(t, &fail, &hash), &fail);
    return (int64_t)hash;
}

static int64_t integer_of(lua_State *L, int table, const char *name)
{
    lua_getfield(L, table, name);
    int64_t value = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return value;
}

static void check_intensities(lua_State *L, const snn_tensor *x)
{
    if (integer_of(L, PLACE, "intensities") != hash_of(L, x))
        snn_error(L, SNN_VALUE_ERROR,
                  "steps_of: a train goes on that was saved in the middle of its "
                  "steps, and was of other 'intensities' than these (give "
                  "it those, or forget its place with encoder:clear())");
}

/* By a fresh stream, or by `key`; the steps before `step` are left out. */
static void make(lua_State *L, train *t, const snn_encoder *e, snn_rng_key *key,
                 int64_t step)
{
    snn_fail fail;
    snn_get_link(L, SELF, "generator");
    memcpy(t->args, e->args, e->model->args_size);
    snn_rng_key *before = key ? snn_rng_use(key) : snn_use_generator(L, -1);
    t->key = snn_rng_place();
    snn_status status = snn_train_new(e, &t->x, &fail, &t->made);
    snn_rng_use(before);
    lua_pop(L, 1);
    if (!status) status = snn_train_skip(t->made, step, &fail);
    snn_must(L, status, &fail);
    snn_feel_bytes(L, t->made->bytes);
}

/* At the place of PLACE. */
static void make_again(lua_State *L, train *t, const snn_encoder *e)
{
    if (lua_getfield(L, PLACE, "rest") != LUA_TNIL) {
        lua_setiuservalue(L, TRAIN, WHOLE);
        return;
    }
    lua_pop(L, 1);
    if (e->model == &snn_encoder_scripted)
        snn_error(L, SNN_VALUE_ERROR,
                  "steps_of: the steps that are left of a train were not saved");
    snn_rng_key key = { .seed = (uint64_t)integer_of(L, PLACE, "seed"),
                        .stream = (uint64_t)integer_of(L, PLACE, "stream") };
    int64_t step = integer_of(L, PLACE, "step");
    make(L, t, e, &key, step);
}

/* Of a script's class: all that its forward gives. */
static void make_whole(lua_State *L)
{
    lua_pushvalue(L, SELF);
    lua_pushvalue(L, X);
    lua_call(L, 1, 1);
    lua_setiuservalue(L, TRAIN, WHOLE);
}

int snn_encoder_steps(lua_State *L, const snn_encoder *e)
{
    lua_settop(L, X);
    bool again = snn_get_link(L, SELF, "places") != LUA_TNIL;
    train *t = push_train(L, e);
    if (again) check_intensities(L, &t->x);
    lua_pushvalue(L, TRAIN);
    lua_pushcclosure(L, train_next, 1);
    if (again)
        make_again(L, t, e);
    else if (e->model == &snn_encoder_scripted)
        make_whole(L);
    else
        make(L, t, e, NULL, 0);
    if (again) {
        lua_getfield(L, PLACE, "next");
        snn_set_link(L, SELF, "places");
    }
    t->begun = t->latest = ++ticks;
    lua_settop(L, NEXT);
    lua_pushnil(L);
    lua_pushnil(L);
    lua_pushvalue(L, TRAIN);
    return 4;
}

/* ---- places ---- */

/* How many steps it has given and, where they are known, will have. */
static int64_t step_of(const train *t)
{
    return t->made ? t->made->step : t->given;
}

static bool is_full(lua_State *L, int index, const train *t)
{
    if (t->made) return t->made->step == t->made->steps;
    lua_getiuservalue(L, index, WHOLE);
    const snn_tensor *whole = snn_test_tensor(L, -1);
    bool full = whole && t->given >= whole->shape.size[0];
    lua_pop(L, 1);
    return full;
}

/* Puts the train on top whose iterator is on top, if it is one. */
static train *train_of_top(lua_State *L)
{
    if (lua_tocfunction(L, -1) == train_next) {
        lua_getupvalue(L, -1, 1);
        lua_replace(L, -2);
    }
    return test_train(L, -1);
}

/* train(value): of a train or its iterator a table { train, of = its encoder,
   begun, latest, is_over, is_full }, else nil. */
static int train_of(lua_State *L)
{
    lua_settop(L, 1);
    const train *t = train_of_top(L);
    if (!t) return 0;
    lua_createtable(L, 0, 6);
    lua_pushvalue(L, 1);
    lua_setfield(L, 2, "train");
    lua_getiuservalue(L, 1, ENCODER);
    lua_setfield(L, 2, "of");
    lua_pushinteger(L, t->begun);
    lua_setfield(L, 2, "begun");
    lua_pushinteger(L, t->latest);
    lua_setfield(L, 2, "latest");
    lua_pushboolean(L, t->is_over);
    lua_setfield(L, 2, "is_over");
    lua_pushboolean(L, is_full(L, 1, t));
    lua_setfield(L, 2, "is_full");
    return 1;
}

/* Pushes what is left of the whole of the train at 1 from a step on (from 0). */
static void push_rest_of_whole(lua_State *L, int64_t step)
{
    snn_fail fail;
    lua_getiuservalue(L, 1, WHOLE);
    const snn_tensor *whole = snn_test_tensor(L, -1);
    if (!whole)
        snn_error(L, SNN_VALUE_ERROR,
                  "steps_of: a train that is no tensor cannot be saved in the "
                  "middle of its steps");
    snn_tensor *out = snn_push_tensor(L);
    snn_tensor view = *whole;
    view.shape.size[0] -= step;
    view.offset += step * view.stride[0];
    snn_must(L, snn_tensor_clone(&view, &fail, out), &fail);
    snn_tensor_done(L);
}

/* The same of one that is made step by step, by one like it. */
static void push_rest(lua_State *L, train *t, int64_t step)
{
    snn_fail fail;
    snn_train *made;
    snn_tensor *out = snn_push_tensor(L);
    if (t->is_over) /* a finalizer may have closed it */
        snn_error(L, SNN_RUNTIME_ERROR, "steps_of: a train ended meanwhile");
    snn_encoder was = { .model = t->made->model, .args = t->args };
    snn_rng_key key = t->key, *before = snn_rng_use(&key);
    snn_status status = snn_train_new(&was, &t->x, &fail, &made);
    snn_rng_use(before);
    snn_must(L, status, &fail);
    status = snn_train_skip(made, step, &fail);
    if (!status) status = snn_train_rest(made, &fail, out);
    snn_train_free(made);
    snn_must(L, status, &fail);
    snn_tensor_done(L);
}

static void set_integer(lua_State *L, const char *name, int64_t value)
{
    lua_pushinteger(L, value);
    lua_setfield(L, 2, name);
}

/* Sets how the stream of random numbers and the step are in the table at 2. */
static void set_key(lua_State *L, const train *t, int64_t step)
{
    if (snn_field_find(t->made->model->fields, "generator")) {
        set_integer(L, "seed", (int64_t)t->key.seed);
        set_integer(L, "stream", (int64_t)t->key.stream);
    }
    set_integer(L, "step", step);
}

/* train_place(train, again): how it goes on, as encoder.lua saves it; with
   `again` the step that it gave last comes again. */
static int train_place(lua_State *L)
{
    lua_settop(L, 2);
    train *t = test_train(L, 1);
    if (!t || t->is_over) return 0;
    int64_t step = step_of(t);
    if (lua_toboolean(L, 2) && step > 0) step--;
    lua_newtable(L);
    lua_replace(L, 2);
    set_integer(L, "intensities", hash_of(L, &t->x));
    lua_getiuservalue(L, 1, ENCODER);
    const snn_encoder *e = snn_test_object(L, -1)->self;
    lua_pop(L, 1);
    bool same = t->made && e && e->model == t->made->model &&
                memcmp(e->args, t->args, e->model->args_size) == 0;
    if (same) {
        set_key(L, t, step);
    } else {
        if (t->made)
            push_rest(L, t, step);
        else
            push_rest_of_whole(L, step);
        lua_setfield(L, 2, "rest");
    }
    lua_settop(L, 2);
    return 1;
}

/* tick(): a number that is larger each time, also than those of trains. */
static int tick(lua_State *L)
{
    lua_pushinteger(L, ++ticks);
    return 1;
}

/* hash(tensor): an integer of its dtype, shape and bits. */
static int hash(lua_State *L)
{
    lua_pushinteger(L, hash_of(L, snn_arg_tensor(L, 1, "hash", "t")));
    return 1;
}

static const luaL_Reg tool_functions[] = {
    { "hash", hash },
    { "tick", tick },
    { "train", train_of },
    { "train_place", train_place },
    { NULL, NULL },
};

static const luaL_Reg metamethods[] = {
    { "__gc", train_close },
    { "__close", train_close },
    { NULL, NULL },
};

void snn_open_train(lua_State *L)
{
    lua_newtable(L);
    luaL_setfuncs(L, metamethods, 0);
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &train_key);
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
