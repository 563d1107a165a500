/* snn.Updater. links.parent is the module, links[name] the accumulator of each
   parameter. They lie on the stack while the engine runs an update
   (update/updater.h), so that bounds in Lua are found. */
#include "bind/learning/updater.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bind/learning/accumulator.h"
#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/object/self.h"
#include "bind/tensor/tensor.h"
#include "bind/lua/tools.h"
#include "bind/learning/update_calls.h"
#include "connection/connection.h"
#include "util/mem.h"
#include "util/nearest.h"

typedef struct updater {
    const snn_updatable *kind;
    int count;
    const char *name[SNN_MOST_PARAMS];     /* static, from the kind */
    snn_accumulator *acc[SNN_MOST_PARAMS]; /* of the objects in the links */
} updater;

/* Links have numbers too, which an update looks them up by. */
enum { PARENT_LINK = 1, FIRST_LINK };

enum { MOST_KINDS = 8 };
static const snn_updatable *kinds[MOST_KINDS];

void snn_register_updatable(const snn_updatable *kind)
{
    for (int i = 0; i < MOST_KINDS; i++) {
        if (kinds[i] == kind) return;
        if (kinds[i]) continue;
        kinds[i] = kind;
        return;
    }
}

/* The kind of the object at `index`, NULL for modules without parameters. */
static const snn_updatable *kind_of(lua_State *L, int index)
{
    for (int i = 0; i < MOST_KINDS && kinds[i]; i++)
        if (snn_test_instance(L, index, kinds[i]->cls)) return kinds[i];
    return NULL;
}

static updater *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_updater_class, where);
}

/* ---- names ---- */

static int find(const updater *u, const char *name)
{
    for (int i = 0; i < u->count; i++)
        if (strcmp(u->name[i], name) == 0) return i;
    return -1;
}

/* AttributeError with the names there are and the nearest one. */
static int unknown_name(lua_State *L, const char *where, const char *name,
                        const char *const *names, int count)
{
    snn_nearest search;
    snn_nearest_init(&search, name);
    luaL_Buffer b;
    luaL_buffinit(L, &b);
    for (int i = 0; i < count; i++) {
        snn_nearest_offer(&search, names[i]);
        lua_pushfstring(L, i ? ", '%s'" : "'%s'", names[i]);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    if (search.best) {
        lua_pushfstring(L, "; did you mean '%s'?", search.best);
        lua_concat(L, 2);
    }
    return snn_error(L, SNN_ATTRIBUTE_ERROR,
                     "%s: '%s' is not a trainable parameter (trainable: %s)",
                     where, name, lua_tostring(L, -1));
}

static int arg_entry(lua_State *L, int index, const updater *u,
                     const char *where)
{
    const char *name = snn_arg_string(L, index, where, "name");
    int i = find(u, name);
    if (i < 0) unknown_name(L, where, name, u->name, u->count);
    return i;
}

/* ---- construction ---- */

/* The kind's own string of that name among the module's parameters. */
static const char *own_name(lua_State *L, const snn_updatable *kind,
                            const snn_object *module, int index)
{
    const char *names[SNN_MOST_PARAMS];
    int count = kind->names(module->self, names);
    const char *name = snn_arg_string(L, index, "Updater", "name");
    for (int i = 0; i < count; i++)
        if (strcmp(names[i], name) == 0) return names[i];
    unknown_name(L, "Updater", name, names, count);
    return NULL;
}

/* Fills the unfinished Updater at `index` for the module at `parent`. */
static void fill(lua_State *L, int index, int parent,
                 const snn_updatable *kind, const char *const *names,
                 int count)
{
    snn_object *object = snn_test_object(L, index);
    const snn_object *module = snn_test_object(L, parent);
    updater u = { .kind = kind, .count = count };
    luaL_checkstack(L, SNN_MOST_PARAMS + 4, NULL);
    for (int i = 0; i < count; i++) {
        u.name[i] = names[i];
        u.acc[i] = snn_push_accumulator(
            L, kind->param(module->self, names[i]));
    }
    /* from here on no finalizer of a script's can run */
    snn_check_unfinished(L, object);
    object->needs = snn_test_object(L, -1);
    snn_push_links(L, index);
    lua_insert(L, -count - 1);
    int links = lua_gettop(L) - count;
    for (int i = count - 1; i >= 0; i--) {
        lua_pushvalue(L, -1);
        lua_setfield(L, links, names[i]);
        lua_rawseti(L, links, FIRST_LINK + i);
    }
    lua_pushvalue(L, parent);
    lua_setfield(L, links, "parent");
    lua_pushvalue(L, parent);
    lua_rawseti(L, links, PARENT_LINK);
    lua_pop(L, 1);
    updater *made = snn_mem_alloc(sizeof *made);
    if (!made) {
        snn_fail fail;
        snn_fail_memory(&fail, "Updater", sizeof *made);
        snn_raise(L, &fail);
    }
    *made = u;
    object->self = made;
}

/* Names at the places first .. last of the stack, none: the default ones. */
static int arg_names(lua_State *L, int first, int last,
                     const snn_updatable *kind, const snn_object *module,
                     const char *names[SNN_MOST_PARAMS])
{
    if (last < first) return kind->names(module->self, names);
    int count = 0;
    for (int i = first; i <= last; i++) {
        const char *name = own_name(L, kind, module, i);
        for (int k = 0; k < count; k++)
            if (names[k] == name)
                snn_error(L, SNN_VALUE_ERROR, "Updater: '%s' is named twice",
                          name);
        names[count++] = name;
    }
    return count;
}

int snn_updater_default(lua_State *L)
{
    int top = lua_gettop(L);
    const snn_updatable *kind = kind_of(L, 1);
    if (!kind)
        snn_error_self(L, 1, "defaultupdater",
                       "a module with trainable parameters", &snn_module_class);
    const char *names[SNN_MOST_PARAMS];
    int count = arg_names(L, 2, top, kind, snn_test_object(L, 1), names);
    snn_push_object(L, &snn_updater_class);
    fill(L, top + 1, 1, kind, names, count);
    return 1;
}

/* tools.trainable(module): a list of the names of its trainable parameters. */
static int trainable(lua_State *L)
{
    const snn_updatable *kind = kind_of(L, 1);
    const char *names[SNN_MOST_PARAMS];
    int count = kind ? kind->names(snn_test_object(L, 1)->self, names) : 0;
    lua_createtable(L, count, 0);
    for (int i = 0; i < count; i++) {
        lua_pushstring(L, names[i]);
        lua_rawseti(L, -2, i + 1);
    }
    return 1;
}

/* Updater{ module = , params = { names... } }: all of the module's without
   params. */
static int init(lua_State *L)
{
    lua_settop(L, 2);
    snn_init_self(L, &snn_updater_class);
    if (!lua_istable(L, 2))
        snn_error(L, SNN_TYPE_ERROR, "Updater: 'args' must be a table of names, got %s "
                  "(connection:defaultupdater() makes one)", snn_describe(L, 2));
    lua_getfield(L, 2, "module");
    const snn_updatable *kind = kind_of(L, 3);
    if (!kind)
        snn_arg_error(L, "Updater", "module",
                      "a module with trainable parameters", 3);
    int first = 5, last = 4;
    if (lua_getfield(L, 2, "params") != LUA_TNIL) {
        if (!lua_istable(L, 4))
            snn_arg_error(L, "Updater", "params", "a list of names", 4);
        for (lua_Unsigned i = 1; i <= lua_rawlen(L, 4); i++) {
            luaL_checkstack(L, 2, NULL);
            lua_rawgeti(L, 4, (lua_Integer)i);
            last++;
        }
    }
    const char *names[SNN_MOST_PARAMS];
    int count = arg_names(L, first, last, kind, snn_test_object(L, 3), names);
    fill(L, 1, 3, kind, names, count);
    return 0;
}

static void release(void *self_) { snn_mem_free(self_); }

/* ---- applying ---- */

enum { ALL = (1 << SNN_MOST_PARAMS) - 1 }; /* the mask of all entries */
enum { FEW = 4 };

/* Pushes the parent of the updater at `index` and its accumulators, so that
   they live until the update has ended; its entries of the mask are the
   engine's updater. */
static void collect(lua_State *L, int index, unsigned mask, bool clears,
                    snn_updater *out)
{
    const snn_object *object =
        snn_arg_object(L, index, &snn_updater_class, "update", "updater");
    const updater *u = object->self;
    luaL_checkstack(L, SNN_MOST_PARAMS + 4, NULL);
    snn_push_links(L, index);
    int links = lua_gettop(L);
    lua_rawgeti(L, links, PARENT_LINK);
    const snn_object *parent =
        snn_arg_object(L, -1, u->kind->cls, "Updater", "parent");
    *out = (snn_updater){ .clears = clears, .owner = parent->self };
    /* behind another's come hooks that may change the parameters again */
    if (snn_is_plain(object)) out->updated = u->kind->updated;
    for (int i = 0; i < u->count; i++) {
        if (!(mask >> i & 1)) continue;
        lua_rawgeti(L, links, FIRST_LINK + i);
        int n = out->count++;
        out->acc[n] = u->acc[i];
        out->param[n] = u->kind->param(parent->self, u->name[i]);
        if (!out->param[n])
            snn_error(L, SNN_RUNTIME_ERROR,
                      "Updater: the parent has no '%s' any more", u->name[i]);
    }
}

/* Applies the entries of the mask of the `n` updaters from the place `first`
   on, of all or of none. */
static void apply(lua_State *L, int first, int n, unsigned mask, bool clears)
{
    snn_fail fail;
    int top = lua_gettop(L);
    snn_updater few[FEW], *all = few;
    if (n > FEW) all = lua_newuserdatauv(L, (size_t)n * sizeof *all, 0);
    for (int k = 0; k < n; k++) collect(L, first + k, mask, clears, &all[k]);
    snn_call_context context = { L, top + 1, lua_gettop(L) };
    snn_update_calls calls = snn_update_calls_of(&context);
    snn_must(L, snn_update_run(all, n, &calls, &fail), &fail);
    lua_settop(L, top);
}

static unsigned arg_mask(lua_State *L, int first, int last, const updater *u,
                         const char *where)
{
    unsigned mask = 0;
    for (int i = first; i <= last; i++)
        mask |= 1u << arg_entry(L, i, u, where);
    return mask;
}

static void clear_some(const updater *u, unsigned mask)
{
    for (int i = 0; i < u->count; i++)
        if (mask >> i & 1) snn_accumulator_clear(u->acc[i]);
}

/* forward(names...): all without names. */
static int forward(lua_State *L)
{
    const updater *u = self(L, "Updater");
    int top = lua_gettop(L);
    unsigned mask = top > 1 ? arg_mask(L, 2, top, u, "Updater") : ALL;
    lua_settop(L, 1);
    apply(L, 1, 1, mask, false);
    return 0;
}

static int clear(lua_State *L)
{
    const updater *u = self(L, "clear");
    clear_some(u, ALL);
    return 0;
}

/* ---- what composite calls keep: the terms of all entries ---- */

static snn_status take_updater(void *self, void *out, snn_fail *fail)
{
    const updater *u = self;
    snn_accumulator_snapshot *s = out;
    (void)fail;
    for (int i = 0; i < u->count; i++)
        snn_accumulator_snapshot_take(u->acc[i], &s[i]);
    return SNN_OK;
}

static void restore_updater(void *self, void *snapshot)
{
    const updater *u = self;
    snn_accumulator_snapshot *s = snapshot;
    for (int i = 0; i < u->count; i++)
        snn_accumulator_snapshot_restore(u->acc[i], &s[i]);
}

static void drop_updater(void *self, void *snapshot)
{
    const updater *u = self;
    snn_accumulator_snapshot *s = snapshot;
    for (int i = 0; i < u->count; i++)
        snn_accumulator_snapshot_drop(u->acc[i], &s[i]);
}

static const snn_snapshots snapshots = {
    SNN_MOST_PARAMS * sizeof(snn_accumulator_snapshot), take_updater,
    restore_updater, drop_updater
};

/* ---- for the modules ---- */

/* Calls the updater as a script would, with the names. */
static void call(lua_State *L, int index, int first, int last)
{
    luaL_checkstack(L, last - first + 3, NULL);
    lua_pushvalue(L, index);
    for (int i = first; i <= last; i++) lua_pushvalue(L, i);
    lua_call(L, last >= first ? last - first + 1 : 0, 0);
}

/* After the hooks of the updater at `index` have run. */
static void call_is_over(lua_State *L, int index, const updater *u)
{
    snn_get_link(L, index, "parent");
    const snn_object *parent = snn_test_instance(L, -1, u->kind->cls);
    if (parent && u->kind->updated) u->kind->updated(parent->self);
    lua_pop(L, 1);
    snn_must(L, SNN_OK, NULL);
}

void snn_updater_update_some(lua_State *L, int index, int first, int last,
                             bool clear_too)
{
    index = lua_absindex(L, index);
    const snn_object *object = snn_arg_object(L, index, &snn_updater_class,
                                              "update", "updater");
    const updater *u = object->self;
    unsigned mask = arg_mask(L, first, last, u, "update");
    if (snn_is_plain(object)) {
        apply(L, index, 1, mask, clear_too);
        return;
    }
    for (int i = first; i <= last; i++) call(L, index, i, i);
    call_is_over(L, index, u);
    if (clear_too) clear_some(u, mask);
}

void snn_updater_update(lua_State *L, int index, bool clear_too)
{
    index = lua_absindex(L, index);
    const snn_object *object = snn_arg_object(L, index, &snn_updater_class,
                                              "update", "updater");
    const updater *u = object->self;
    if (snn_is_direct(object)) {
        snn_updater_update_all(L, index, 1, clear_too);
        return;
    }
    call(L, index, 0, -1);
    call_is_over(L, index, u);
    if (!clear_too) return;
    if (!object->is_scripted) {
        clear_some(u, ALL);
        return;
    }
    lua_getfield(L, index, "clear");
    lua_pushvalue(L, index);
    lua_call(L, 1, 0);
}

void snn_updater_update_all(lua_State *L, int first, int n, bool clear_too)
{
    apply(L, first, n, ALL, clear_too);
    for (int i = first; i < first + n; i++) {
        const snn_object *object = snn_test_object(L, i);
        if (!object->has_hooks) continue;
        snn_call_bare_hooks(L, i);
        call_is_over(L, i, object->self);
    }
}

int snn_push_accumulators(lua_State *L, int index)
{
    const updater *u = snn_arg_object(L, index, &snn_updater_class, "updater",
                                      "updater")->self;
    luaL_checkstack(L, u->count + 1, NULL);
    snn_push_links(L, index);
    int links = lua_gettop(L), count = u->count;
    for (int i = 0; i < count; i++) lua_rawgeti(L, links, FIRST_LINK + i);
    lua_remove(L, links);
    return count;
}

snn_accumulator *snn_updater_find(lua_State *L, int index, const char *name)
{
    const snn_object *object =
        snn_test_instance(L, index, &snn_updater_class);
    if (!object) return NULL;
    const updater *u = object->self;
    int i = find(u, name);
    return i < 0 ? NULL : u->acc[i];
}

/* ---- fields ---- */

static void get_accumulator(lua_State *L, snn_object *object,
                            const snn_attribute *a)
{
    const updater *u = object->self;
    if (find(u, a->name) < 0)
        unknown_name(L, "Updater", a->name, u->name, u->count);
    snn_get_link(L, 1, a->name);
}

/* The element of the table at 3 for a side: a tensor or nil. */
static const snn_tensor *arg_part(lua_State *L, const char *where, snn_side side)
{
    if (lua_rawgeti(L, 3, side + 1) == LUA_TNIL) return NULL;
    return snn_arg_tensor(L, -1, where, snn_accumulator_rows[side].name);
}

/* updater.NAME = { pos, neg }, or pos alone. */
static void append(lua_State *L, snn_object *object, const snn_attribute *a)
{
    snn_fail fail;
    const updater *u = object->self;
    int i = find(u, a->name);
    if (i < 0) unknown_name(L, "Updater", a->name, u->name, u->count);
    const char *where = lua_pushfstring(L, "updater.%s", a->name);
    const snn_tensor *pos = snn_test_tensor(L, 3), *neg = NULL;
    if (lua_isnil(L, 3)) return;
    if (!pos && !lua_istable(L, 3))
        snn_arg_error(L, "Updater", a->name, "a list { pos, neg } of tensors",
                      3);
    if (!pos) {
        pos = arg_part(L, where, SNN_POS);
        neg = arg_part(L, where, SNN_NEG);
    }
    snn_must(L,
             snn_accumulator_append_both(u->acc[i], pos, neg, where, &fail),
             &fail);
}

static void get_names(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)a;
    const updater *u = object->self;
    lua_createtable(L, u->count, 0);
    for (int i = 0; i < u->count; i++) {
        lua_pushstring(L, u->name[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

static void get_parent(lua_State *L, snn_object *object,
                       const snn_attribute *a)
{
    (void)object;
    snn_get_link(L, 1, a->name);
}

static const snn_attribute others[] = {
    { .name = "names", .get = get_names, .doc = "of the parameters, in order" },
    { .name = "parent", .get = get_parent, .doc = "the module" },
};
enum { OTHERS = sizeof others / sizeof *others };
static snn_attribute attributes[SNN_CONNECTION_PARAMS + OTHERS + 1];

/* An accumulator for each parameter that there may be, and the others. */
static void fill_attributes(void)
{
    enum { LONGEST = 96 };
    static char docs[SNN_CONNECTION_PARAMS][LONGEST];
    snn_attribute *out = attributes;
    for (const snn_state_row *row = snn_connection_rows; row->name; row++) {
        char *doc = docs[out - attributes];
        if (!snn_connection_is_param(row)) continue;
        snprintf(doc, LONGEST, "gathers changes of the %s; setting { pos, neg } appends",
                 row->name);
        *out++ = (snn_attribute){ .name = row->name, .get = get_accumulator,
                                  .set = append, .doc = doc };
    }
    memcpy(out, others, sizeof others);
}

static const luaL_Reg methods[] = {
    { "forward", forward },
    { "clear", clear },
    { NULL, NULL },
};

const snn_class snn_updater_class = {
    .where = SNN_HERE,
    .name = "Updater",
    .summary = "Gathers and applies the updates of a module's parameters.",
    .init = init,
    .free = release,
    .snapshots = &snapshots,
    .methods = methods,
    .attributes = attributes,
};

snn_param *snn_updatable_param(lua_State *L, int index, const char *name)
{
    const snn_updatable *kind = kind_of(L, index);
    return kind ? kind->param(snn_test_object(L, index)->self, name) : NULL;
}

snn_param *snn_updater_param(lua_State *L, int index, const char *name)
{
    const snn_object *object =
        snn_test_instance(L, index, &snn_updater_class);
    if (!object) return NULL;
    const snn_updatable *kind = ((const updater *)object->self)->kind;
    snn_get_link(L, index, "parent");
    const snn_object *parent = snn_test_instance(L, -1, kind->cls);
    lua_pop(L, 1);
    return parent ? kind->param(parent->self, name) : NULL;
}

void snn_open_updater(lua_State *L)
{
    fill_attributes();
    snn_open_class(L, &snn_updater_class);
    snn_push_tools(L);
    lua_pushcfunction(L, trainable);
    lua_setfield(L, -2, "trainable");
    lua_pop(L, 1);
}
