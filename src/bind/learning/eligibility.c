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

static void get_latest(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)a;
    push_value(L, object->self);
    snn_tensor *out = snn_test_tensor(L, -1);
    if (out) out->storage->is_field = true;
}

/* One of the tensors that are the state. */
static snn_tensor *state_of(const snn_object *object, const snn_attribute *a)
{
    return (snn_tensor *)((char *)object->self + a->offset);
}

static void get_state(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    const snn_tensor *t = state_of(object, a);
    snn_tensor *out = snn_push_tensor(L); /* a finalizer may clear */
    if (snn_tensor_is_empty(t)) {
        lua_pushnil(L);
        return;
    }
    snn_must(L, snn_tensor_share(t, true, &fail, out), &fail);
    snn_tensor_done(L);
}

static void set_state(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    const snn_tensor *t =
        lua_isnil(L, 3) ? NULL
                        : snn_arg_tensor(L, 3, object->cls->name, a->name);
    snn_must(L,
             a->offset == offsetof(snn_eligible, kept)
                 ? snn_eligible_set(object->self, t, &fail)
                 : snn_eligible_set_total(object->self, t, &fail),
             &fail);
}

/* A new tensor without dimensions on the stack. */
static snn_tensor *push_one(lua_State *L, snn_dtype dtype, const char *name)
{
    snn_fail fail;
    snn_shape one = snn_shape_of(0, NULL);
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&one, dtype, name, &fail, out), &fail);
    out->storage->is_field = true;
    return out;
}

/* The tensor that a field is set to. */
static const snn_tensor *arg_one(lua_State *L, const snn_object *object,
                                 const snn_attribute *a, snn_dtype dtype)
{
    const snn_tensor *t = snn_arg_tensor(L, 3, object->cls->name, a->name);
    if (t->dtype != dtype || t->shape.ndim != 0)
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: '%s' must be a tensor of %s without dimensions",
                  object->cls->name, a->name, snn_dtype_name(dtype));
    return t;
}

static void get_scale(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_eligible *side = object->self;
    snn_tensor *out = push_one(L, SNN_FLOAT64, a->name);
    *(double *)snn_tensor_edit(out, false) = side->scale;
    snn_tensor_done(L);
}

static void set_scale(lua_State *L, snn_object *object, const snn_attribute *a)
{
    double scale = *snn_tensor_f64(arg_one(L, object, a, SNN_FLOAT64));
    if (!(scale > 0 && isfinite(scale)))
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be greater than 0",
                  object->cls->name, a->name);
    snn_eligible *side = object->self;
    side->scale = scale;
}

static void get_observed(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    const snn_eligible *side = object->self;
    snn_tensor *out = push_one(L, SNN_INT64, a->name);
    *(int64_t *)snn_tensor_edit(out, false) = side->age;
    snn_tensor_done(L);
}

static void set_observed(lua_State *L, snn_object *object,
                         const snn_attribute *a)
{
    int64_t age = *snn_tensor_i64(arg_one(L, object, a, SNN_INT64));
    if (age < 0)
        snn_error(L, SNN_VALUE_ERROR, "%s: '%s' must be a count",
                  object->cls->name, a->name);
    snn_eligible *side = object->self;
    side->age = age;
}

static void get_dt(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const snn_eligible *side = object->self;
    lua_pushnumber(L, snn_connection_common(side->connection)->step_time);
}

static const snn_attribute attributes[] = {
    { .name = "registered", .get = snn_get_registered,
      .doc = "records the steps of its cell" },
    { .name = "latest", .get = get_latest,
      .doc = "the newest values, or nil" },
    { .name = "kept", .get = get_state, .set = set_state, .is_state = true,
      .is_open = true, .is_const = true,
      .offset = offsetof(snn_eligible, kept),
      .doc = "the newest values over the scale, or nil" },
    { .name = "total", .get = get_state, .set = set_state, .is_state = true,
      .is_open = true, .is_const = true,
      .offset = offsetof(snn_eligible, total),
      .doc = "their sum over the batch over the scale, or nil" },
    { .name = "scale", .get = get_scale, .set = set_scale, .is_state = true,
      .is_const = true, .doc = "what they decay by" },
    { .name = "dt", .get = get_dt, .is_const = true,
      .doc = "time between two steps of its cell, ms" },
    { .name = "observed", .get = get_observed, .set = set_observed,
      .is_state = true, .is_const = true,
      .doc = "steps recorded since the clear" },
    { .name = NULL },
};

static const snn_class eligible_class = {
    .name = "EligibilityMonitor",
    .summary = "Records eligibility traces; made by trainers.",
    .snapshots = &snn_eligible_snapshots,
    .methods = methods,
    .attributes = attributes,
};

void snn_open_eligibility(lua_State *L)
{
    snn_open_class(L, &eligible_class);
    lua_pushnil(L); /* not for scripts */
    lua_setfield(L, -2, eligible_class.name);
}
