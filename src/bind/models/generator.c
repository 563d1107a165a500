/* Generator. */
#include "bind/models/generator.h"

#include "bind/lua/args.h"
#include "bind/lua/fields.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/object/arguments.h"
#include "bind/tensor/tensor.h"
#include "tensor/generator.h"
#include "tensor/random.h"
#include "util/mem.h"

static int init(lua_State *L)
{
    snn_generator_args args = { 0 };
    snn_object *object = snn_init_self(L, &snn_generator_class);
    lua_settop(L, 2);
    if (lua_isnil(L, 2)) {
        lua_newtable(L);
        lua_replace(L, 2);
    }
    snn_read_fields(L, 2, snn_generator_class.name, snn_generator_fields,
                    &args);
    snn_generator *made = snn_mem_alloc(sizeof *made);
    if (!made) snn_error(L, SNN_RUNTIME_ERROR, "Generator: memory is short");
    snn_generator_seed(made, args.seed);
    snn_finish(L, object, made);
    return 0;
}

static void release(void *generator) { snn_mem_free(generator); }

/* manual_seed(n): begins anew from n; returns the generator */
static int manual_seed(lua_State *L)
{
    snn_generator *g = snn_self(L, &snn_generator_class, "manual_seed");
    snn_generator_seed(g, snn_arg_integer(L, 2, "manual_seed", "n", INT64_MIN,
                                          INT64_MAX));
    lua_settop(L, 1);
    return 1;
}

static int initial_seed(lua_State *L)
{
    const snn_generator *g =
        snn_self(L, &snn_generator_class, "initial_seed");
    lua_pushinteger(L, g->args.seed);
    return 1;
}

static int to_text(lua_State *L)
{
    const snn_generator *g = snn_self(L, &snn_generator_class, "tostring");
    snn_push_fields_text(L, snn_generator_class.name, snn_generator_fields,
                         &g->args);
    return 1;
}

static const luaL_Reg methods[] = {
    { "manual_seed", manual_seed }, { "initial_seed", initial_seed },
    { "__tostring", to_text },      { NULL, NULL },
};

/* ---- fields ---- */

static const void *args_of(const void *self)
{
    return &((const snn_generator *)self)->args;
}

/* Another seed is a new beginning. */
static snn_status set_args(void *self, const void *args,
                           const snn_field *changed, const snn_each *each,
                           int count, snn_fail *fail)
{
    (void)changed, (void)each, (void)count, (void)fail;
    snn_generator_seed(self, ((const snn_generator_args *)args)->seed);
    return SNN_OK;
}

static const snn_arguments arguments = { .fields = snn_generator_fields,
                                         .size = sizeof(snn_generator_args),
                                         .args = args_of, .set = set_args };

static snn_status take(void *self, void *out, snn_fail *fail)
{
    (void)fail;
    *(snn_generator *)out = *(const snn_generator *)self;
    return SNN_OK;
}

static void restore(void *self, void *snapshot)
{
    *(snn_generator *)self = *(const snn_generator *)snapshot;
}

static void drop(void *self, void *snapshot) { (void)self, (void)snapshot; }

static const snn_snapshots snapshots = { sizeof(snn_generator), take, restore,
                                         drop };

static snn_attribute attributes[2]; /* the seed, and the end */

const snn_class snn_generator_class = {
    .where = SNN_HERE,
    .name = "Generator",
    .summary = "Random numbers of its own, from a seed.",
    .init = init,
    .free = release,
    .snapshots = &snapshots,
    .methods = methods,
    .attributes = attributes,
    .arguments = &arguments,
    .state = snn_generator_state,
};

/* ---- for others ---- */

static bool is_own(lua_State *L, int index)
{
    return lua_isnoneornil(L, index) || snn_is_none(L, index);
}

void snn_arg_generator(lua_State *L, int index, const char *where,
                       const char *name)
{
    if (!is_own(L, index))
        snn_arg_object(L, index, &snn_generator_class, where, name);
}

snn_rng_key *snn_use_generator(lua_State *L, int index)
{
    if (is_own(L, index)) return snn_rng_use(NULL);
    const snn_object *object = snn_test_object(L, index);
    return snn_rng_use(&((snn_generator *)object->self)->key);
}

/* tools.bernoulli(p, generator): a bool tensor, true with the probability p. */
static int bernoulli(lua_State *L)
{
    snn_fail fail;
    lua_settop(L, 2);
    const snn_tensor *p = snn_arg_tensor(L, 1, "bernoulli", "p");
    snn_arg_generator(L, 2, "bernoulli", "generator");
    snn_tensor *out = snn_push_tensor(L);
    snn_rng_key *before = snn_use_generator(L, 2);
    snn_status status =
        snn_tensor_bernoulli(p, &p->shape, SNN_BOOL, &fail, out);
    snn_rng_use(before);
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

static const luaL_Reg tool_functions[] = { { "bernoulli", bernoulli },
                                           { NULL, NULL } };

void snn_open_generator(lua_State *L)
{
    snn_argument_list(snn_generator_fields, 1, attributes);
    snn_open_class(L, &snn_generator_class);
    snn_push_class(L, &snn_generator_class);
    snn_push_fields_list(L, snn_generator_fields);
    lua_setfield(L, -2, "arguments");
    lua_pop(L, 1);
    snn_push_tools(L);
    luaL_setfuncs(L, tool_functions, 0);
    lua_pop(L, 1);
}
