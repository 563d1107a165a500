/* What rules of trainers remember (train/eligibility.h) as monitors, whose
   state is what is kept and its scale. */
#include "bind/learning/eligibility.h"

#include <math.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "bind/learning/snapshots.h"
#include "bind/learning/unit.h"
#include "train/trainer.h"

static const snn_class eligible_class;

int snn_push_eligible(lua_State *L, snn_unit *unit, const char *name)
{
    snn_eligible *side = snn_eligibility_find(unit->eligibility, name);
    if (!side) return 0;
    snn_object *object = snn_push_object(L, &eligible_class);
    lua_pushvalue(L, 1);
    snn_set_link(L, -2, "unit");
    object->self = side; /* held by links.unit */
    return 1;
}

static snn_eligible *side_at(lua_State *L, const char *where)
{
    return snn_self(L, &eligible_class, where);
}

/* ---- methods ---- */

/* Pushes an empty tensor for a query; nil, and NULL is returned, where there is
   nothing to see. That is asked last: as the tensor is pushed a finalizer of
   the script may clear. */
static snn_tensor *push_query(lua_State *L, const snn_eligible *side)
{
    if (!snn_tensor_is_empty(&side->kept)) {
        snn_tensor *out = snn_push_tensor(L);
        if (!snn_tensor_is_empty(&side->kept)) return out;
        lua_pop(L, 1);
    }
    lua_pushnil(L);
    return NULL;
}

/* Pushes the newest values, or nil; returns 1. */
static int push_value(lua_State *L, const snn_eligible *side)
{
    snn_fail fail;
    snn_tensor *out = push_query(L, side);
    if (!out) return 1;
    snn_must(L, snn_eligible_value(side, &fail, out), &fail);
    return snn_tensor_done(L);
}

static int peek(lua_State *L) { return push_value(L, side_at(L, "peek")); }

/* view(time [, tolerance]): only the newest values are kept. */
static int view(lua_State *L)
{
    snn_fail fail;
    const snn_eligible *side = side_at(L, "view");
    double tolerance = lua_isnoneornil(L, 3)
                           ? 1e-7
                           : snn_arg_number(L, 3, "view", "tolerance");
    const snn_tensor *at = snn_test_tensor(L, 2);
    double time = at ? 0 : snn_arg_number(L, 2, "view", "time");
    snn_tensor *out = push_query(L, side);
    if (!out) return 1;
    snn_reducer now;
    snn_status status = snn_eligible_reducer(side, &fail, &now);
    if (status == SNN_OK) {
        status = at ? snn_reducer_view_at(&now, at, tolerance, NULL, &fail, out)
                    : snn_reducer_view(&now, time, tolerance, &fail, out);
        snn_reducer_clear(&now, false);
    }
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

static int dump(lua_State *L)
{
    snn_fail fail;
    const snn_eligible *side = side_at(L, "dump");
    snn_tensor *out = push_query(L, side);
    if (!out) return 1;
    snn_reducer now;
    snn_status status = snn_eligible_reducer(side, &fail, &now);
    if (status == SNN_OK) {
        status = snn_reducer_dump(&now, &fail, out);
        snn_reducer_clear(&now, false);
    }
    snn_must(L, status, &fail);
    return snn_tensor_done(L);
}

static int clear(lua_State *L)
{
    snn_eligible_clear(side_at(L, "clear"));
    return 0;
}

static const luaL_Reg methods[] = {
    { "peek", peek },   { "view", view }, { "dump", dump },
    { "clear", clear }, { NULL, NULL },
};

/* ---- fields ---- */

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_eligible *side = object->self;
    lua_pushnumber(L, snn_connection_common(side->connection)->step_time);
}

static const snn_attribute attributes[] = {
    { .name = "registered", .get = snn_get_registered,
      .doc = "records the steps of its cell" },
    { .name = "dt", .get = get_dt, .is_const = true,
      .doc = "time between two steps of its cell, ms" },
    { .name = NULL },
};

static const snn_class eligible_class = {
    .where = SNN_HERE,
    .name = "EligibilityMonitor",
    .summary = "Records eligibility traces; made by trainers.",
    .snapshots = &snn_eligible_snapshots,
    .methods = methods,
    .attributes = attributes,
    .state = snn_eligible_rows,
};

void snn_open_eligibility(lua_State *L)
{
    snn_open_class(L, &eligible_class);
    lua_pushnil(L); /* not for scripts */
    lua_setfield(L, -2, eligible_class.name);
}
