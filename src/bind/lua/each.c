/* Each element is checked as a number would be. A value on the Lua stack,
   the anchor, keeps the tensors alive while the other arguments are read. */
#include "bind/lua/each.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/raise.h"
#include "bind/tensor/tensor.h"
#include "tensor/copy.h"
#include "util/number.h"

void snn_each_begin(lua_State *L, const snn_shape *shape, snn_each_list *list)
{
    lua_newtable(L);
    *list = (snn_each_list){ .anchor = lua_gettop(L), .shape = shape };
}

/* Keeps the value on top, and pops it. */
static void keep(lua_State *L, const snn_each_list *list)
{
    lua_rawseti(L, list->anchor, (lua_Integer)lua_rawlen(L, list->anchor) + 1);
}

static void append(lua_State *L, size_t offset, const snn_tensor *t,
                   snn_each_list *list)
{
    if (list->count == list->most) {
        int most = 2 * list->most + 8;
        snn_each *item = lua_newuserdatauv(L, (size_t)most * sizeof *item, 0);
        if (list->count > 0)
            memcpy(item, list->item, (size_t)list->count * sizeof *item);
        keep(L, list);
        list->item = item;
        list->most = most;
    }
    list->item[list->count++] = (snn_each){ .offset = offset, .value = *t };
}

static size_t size_of(const snn_field *f)
{
    return f->type == SNN_REALS ? sizeof(snn_reals) : sizeof(double);
}

void snn_each_take(lua_State *L, const snn_each *from, int count,
                   const snn_field *f, snn_each_list *list)
{
    for (int i = 0; i < count; i++)
        if (from[i].offset < f->offset ||
            from[i].offset >= f->offset + size_of(f))
            append(L, from[i].offset, &from[i].value, list);
}

/* "3", or "{2, 1}" in several dimensions: from 1. */
static const char *index_text(const snn_shape *shape, int64_t at,
                              char text[SNN_SHAPE_TEXT])
{
    int64_t index[SNN_MAX_DIMS] = { 0 };
    for (int d = shape->ndim - 1; d >= 0; d--) {
        index[d] = at % shape->size[d] + 1;
        at /= shape->size[d];
    }
    size_t used = 0;
    for (int d = 0; d < shape->ndim; d++)
        used += (size_t)snprintf(text + used, SNN_SHAPE_TEXT - used,
                                 "%s%" PRId64, d ? ", " : "{", index[d]);
    snprintf(text + used, SNN_SHAPE_TEXT - used, shape->ndim ? "}" : "{}");
    if (shape->ndim == 1)
        snprintf(text, SNN_SHAPE_TEXT, "%" PRId64, index[0]);
    return text;
}

static void check_shape(lua_State *L, const char *where, const snn_field *f,
                        const snn_tensor *t, const snn_shape *shape)
{
    if (t->dtype == SNN_BOOL)
        snn_error(L, SNN_TYPE_ERROR,
                  "%s: '%s' must be a number or a tensor of numbers, got a bool "
                  "tensor",
                  where, f->name);
    if (snn_shape_equal(&t->shape, shape)) return;
    char is[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    snn_error(L, SNN_VALUE_ERROR,
              "%s: '%s' has shape %s, must be a number or of the shape %s",
              where, f->name, snn_shape_text(&t->shape, is),
              snn_shape_text(shape, want));
}

double snn_each_add(lua_State *L, const char *where, const snn_field *f,
                    size_t offset, snn_each_list *list)
{
    snn_fail fail;
    char text[SNN_SHAPE_TEXT];
    luaL_checkstack(L, 3, NULL);
    const snn_tensor *t = snn_arg_tensor(L, lua_gettop(L), where, f->name);
    check_shape(L, where, f, t, list->shape);
    lua_pushvalue(L, -1);
    keep(L, list);
    append(L, offset, t, list);
    snn_tensor *wide = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(t, SNN_FLOAT64, &fail, wide), &fail);
    snn_tensor_done(L);
    const double *v = snn_tensor_data(wide);
    int64_t n = snn_tensor_count(wide);
    for (int64_t i = 0; i < n; i++)
        if (!snn_in_range(v[i], f->range))
            snn_error(L, SNN_VALUE_ERROR,
                      "%s: '%s' must be %s, element %s is %s", where,
                      f->name, snn_range_text(f->range),
                      index_text(list->shape, i, text), snn_real(v[i]).text);
    double first = n > 0 ? v[0] : 0;
    lua_pop(L, 1);
    return first;
}

/* The values of a field in doubles, one for all (stride 0) or of a tensor,
   which is pushed. */
static const double *values_of(lua_State *L, const snn_field *f,
                               const char *args, const snn_each_list *list,
                               int *stride)
{
    snn_fail fail;
    const snn_each *each = snn_each_find(list->item, list->count, f->offset);
    *stride = each != NULL;
    if (!each) return (const double *)(const void *)(args + f->offset);
    snn_tensor *wide = snn_push_tensor(L);
    snn_must(L, snn_tensor_to(&each->value, SNN_FLOAT64, &fail, wide), &fail);
    snn_tensor_done(L);
    return snn_tensor_data(wide);
}

void snn_each_check_order(lua_State *L, const char *where, const snn_field *f,
                          const snn_field *g, const char *args,
                          const snn_each_list *list)
{
    char text[SNN_SHAPE_TEXT];
    int of_f, of_g, top = lua_gettop(L);
    luaL_checkstack(L, 4, NULL);
    const double *a = values_of(L, f, args, list, &of_f);
    const double *b = values_of(L, g, args, list, &of_g);
    int64_t n = of_f || of_g ? snn_shape_count(list->shape) : 1;
    for (int64_t i = 0; i < n; i++) {
        double x = a[i * of_f], y = b[i * of_g];
        if (f->below ? x < y : x <= y) continue;
        const char *element = of_f || of_g ? ", element " : "";
        snn_error(L, SNN_VALUE_ERROR,
                  "%s: '%s' must be %s '%s'%s%s, got %s and %s", where, f->name,
                  f->below ? "less than" : "at most", g->name, element,
                  *element ? index_text(list->shape, i, text) : "",
                  snn_real(x).text, snn_real(y).text);
    }
    lua_settop(L, top);
}
