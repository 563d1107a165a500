/* Checks of values that should be objects: the userdata's tag first, then
   its class and those above it. */
#include "bind/object/object.h"

#include <stdio.h>
#include <string.h>

#include "bind/lua/args.h"
#include "bind/object/instance.h"
#include "bind/lua/raise.h"
#include "bind/object/self.h"

enum { FIELDS = 1, LINKS = 2 }; /* uservalues */

/* The first word of every object: tells it without a look into tables. */
static const char object_tag;

snn_object *snn_test_object(lua_State *L, int index)
{
    /* a light one has no length */
    snn_object *object = lua_touserdata(L, index);
    if (!object || lua_rawlen(L, index) != sizeof *object) return NULL;
    return object->tag == &object_tag ? object : NULL;
}

const snn_class *snn_class_parent(const snn_class *cls)
{
    if (cls->parent || cls == &snn_module_class) return cls->parent;
    return &snn_module_class;
}

static bool is_below(const snn_class *cls, const snn_class *ancestor)
{
    for (; cls; cls = snn_class_parent(cls))
        if (cls == ancestor) return true;
    return false;
}

bool snn_is_ready(const snn_object *object)
{
    for (; object; object = object->needs)
        if (!object->self) return false;
    return true;
}

snn_object *snn_test_instance(lua_State *L, int index, const snn_class *cls)
{
    snn_object *object = snn_test_object(L, index);
    return object && snn_is_ready(object) && is_below(object->cls, cls)
               ? object
               : NULL;
}

const char *snn_class_article(const snn_class *cls)
{
    return strchr("AEIOU", cls->name[0]) ? "an" : "a";
}

snn_object *snn_arg_object(lua_State *L, int index, const snn_class *cls,
                           const char *where, const char *name)
{
    snn_object *object = snn_test_object(L, index);
    if (!object || !is_below(object->cls, cls)) {
        char wanted[64]; /* not pushed: it would stand where an argument is missing */
        snprintf(wanted, sizeof wanted, "%s %s", snn_class_article(cls), cls->name);
        if (strcmp(name, "self") == 0)
            snn_error_self(L, index, where, wanted, cls);
        snn_arg_error(L, where, name, wanted, index);
    }
    if (!snn_is_ready(object))
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s: '%s' is not finished: its init has not called the "
                  "init of %s (or it was deleted)",
                  where, name, object->cls->name);
    return object;
}

void *snn_self(lua_State *L, const snn_class *cls, const char *where)
{
    return snn_arg_object(L, 1, cls, where, "self")->self;
}

void snn_check_unfinished(lua_State *L, const snn_object *object)
{
    if (object->self)
        snn_error(L, SNN_RUNTIME_ERROR, "%s.init: called twice on one object",
                  object->cls->name);
}

snn_object *snn_init_self(lua_State *L, const snn_class *cls)
{
    snn_object *object = snn_test_object(L, 1);
    if (!object || !is_below(object->cls, cls))
        snn_error(L, SNN_TYPE_ERROR, "%s.init: 'self' must be %s %s, got %s",
                  cls->name, snn_class_article(cls), cls->name, snn_describe(L, 1));
    snn_check_unfinished(L, object);
    if (!object->cls->init || object->cls->own)
        snn_error(L, SNN_TYPE_ERROR, "%s: cannot be made, its subclasses can",
                  object->cls->name);
    if (cls == &snn_module_class && object->cls != cls)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "%s.init: this object is %s %s and needs the init of that",
                  cls->name, snn_class_article(object->cls), object->cls->name);
    return object;
}

void snn_finish(lua_State *L, snn_object *object, void *self)
{
    if (object->self) snn_instance_release(object->cls, self);
    snn_check_unfinished(L, object);
    object->self = self;
}

void snn_push_fields(lua_State *L, int index)
{
    lua_getiuservalue(L, index, FIELDS);
}

void snn_push_links(lua_State *L, int index)
{
    lua_getiuservalue(L, index, LINKS);
}

int snn_get_field(lua_State *L, int index, const char *key)
{
    snn_push_fields(L, index);
    lua_pushstring(L, key);
    int type = lua_rawget(L, -2);
    lua_replace(L, -2);
    return type;
}

int snn_get_link(lua_State *L, int index, const char *key)
{
    snn_push_links(L, index);
    int type = lua_getfield(L, -1, key);
    lua_replace(L, -2);
    return type;
}

void snn_set_link(lua_State *L, int index, const char *key)
{
    index = lua_absindex(L, index);
    snn_push_links(L, index);
    lua_insert(L, -2);
    lua_setfield(L, -2, key);
    lua_pop(L, 1);
}

snn_object *snn_instance_new(lua_State *L, const snn_class *cls)
{
    snn_object *object = lua_newuserdatauv(L, sizeof *object, SNN_INSTANCE_VALUES);
    *object =
        (snn_object){ .tag = &object_tag, .cls = cls, .training = true };
    lua_newtable(L);
    lua_setiuservalue(L, -2, FIELDS);
    lua_newtable(L);
    lua_setiuservalue(L, -2, LINKS);
    return object;
}
