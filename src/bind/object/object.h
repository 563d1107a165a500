/* Modules as Lua values. Every object of the engine that a script can hold is
   one userdata, an snn_object: a class and a pointer to the engine's part,
   which is NULL before init has run and after collection. Links between
   objects are values in its two tables (so cycles are collected): `fields`,
   what the script sets on it, and `links`, what the library keeps there.
   A C pointer beside such a link is borrowed; `free` never follows it.

   A class of the library is an snn_class below; a script's class
   (snn.class) is a table whose parent is one of them, at last Module. */
#ifndef SNN_BIND_OBJECT_OBJECT_H
#define SNN_BIND_OBJECT_OBJECT_H

#include <lauxlib.h>
#include <lua.h>
#include <stdbool.h>

#include "util/fail.h"
#include "util/field.h"

typedef struct snn_class snn_class;
typedef struct snn_family snn_family;
typedef struct snn_attribute snn_attribute;

typedef struct snn_object {
    const void *tag;      /* tells these userdata from all others */
    const snn_class *cls; /* the nearest class of the library */
    void *self;           /* the engine's part */
    const struct snn_object *needs; /* or NULL: an object that `self` points
                             into and that the collector may end first: this
                             one is of no use then */
    bool training;
    bool is_scripted;     /* of a script's class, or has a forward or update of
                             its own */
    bool has_setters;     /* its class in Lua sets fields by __set */
    bool has_hooks;
    bool hooks_are_bare;  /* they come after its calls, are the library's, and
                             take no arguments */
    unsigned told;        /* kinds of warnings, a bit each (util/warn.h) */
    bool had_updater;     /* one was set, which may have gone again */
    bool is_resized;      /* its batch size was assigned since it was made */
    struct snn_declared *declared; /* states that its class declares
                             (declared.h), or NULL */
} snn_object;

/* A field of a class: `get` pushes one value; `set` takes the value at the
   top. The object is at index 1 of the stack in both. */
struct snn_attribute {
    const char *name;
    void (*get)(lua_State *L, snn_object *object, const snn_attribute *a);
    void (*set)(lua_State *L, snn_object *object, const snn_attribute *a);
    bool is_child;  /* a module (or nil) below this one */
    bool is_const;  /* scripts may not set it */
    const char *doc;
    size_t offset;  /* for getters that several attributes share */
    const struct snn_field *field; /* of an argument (bind/object/arguments.h) */
    const struct snn_state_row *row; /* of a state (bind/object/rows.h) */
};

/* How the engine's part of an object is kept and taken back, for calls of which a
   failure changes nothing (bind/object/atomic.c). `take` may fail; each of the
   others ends the snapshot, of `size` bytes, and cannot. */
typedef struct snn_snapshots {
    size_t size;
    snn_status (*take)(void *self, void *out, snn_fail *fail);
    void (*restore)(void *self, void *snapshot);
    void (*drop)(void *self, void *snapshot);
} snn_snapshots;

struct snn_class {
    const char *where; /* SNN_HERE: its descriptor in the sources */
    const char *name;
    const snn_class *parent;  /* NULL: Module */
    const char *summary;      /* one sentence */
    lua_CFunction init;       /* (self, args): fills object->self */
    void (*free)(void *self); /* NULL: nothing to free */
    const snn_snapshots *snapshots; /* NULL: those of the parent */
    const luaL_Reg *methods;  /* may be NULL; "forward" is what a call runs */
    const snn_attribute *attributes; /* ends with a NULL name; may be NULL */
    const struct snn_state_row *state; /* its rows (tensor/state.h), fields too; or
                                 NULL */
    bool takes_nothing;       /* its init, in C, takes no arguments */
    bool is_container;        /* scripts may give its objects fields of their own */
    const void *model;        /* the engine's descriptor, where there is one */
    const struct snn_arguments *arguments; /* as fields; NULL: none */
    const snn_class *own;     /* of one that has no model: what its subclasses of
                                 scripts are of (scripted.h) */
    const snn_family *family; /* of such a one and of `own` (declared.h) */
    bool is_own;
};

/* The root of all classes. */
extern const snn_class snn_module_class;
/* NULL for Module. */
const snn_class *snn_class_parent(const snn_class *cls);
/* "a" or "an", for messages. */
const char *snn_class_article(const snn_class *cls);

/* Makes the class and sets snn[name]; snn is on top of the stack. */
void snn_open_class(lua_State *L, const snn_class *cls);
/* Pushes the table of a class; a list of the tables of all. */
void snn_push_class(lua_State *L, const snn_class *cls);
void snn_push_classes(lua_State *L);
/* All classes that there are now are the library's and complete: from here on a
   name that one has not is an AttributeError for scripts. */
void snn_close_classes(lua_State *L);

/* Pushes a list of all fields of the class table at the positive `index`: tables of
   name, doc and whether it is fixed. */
void snn_push_attribute_list(lua_State *L, int index);

/* The nearest class of the library of the class table at `index`. */
const snn_class *snn_class_at(lua_State *L, int index);

/* Pushes a new, half-made object of a class of the library. */
snn_object *snn_push_object(lua_State *L, const snn_class *cls);

/* Its init has run, and neither it nor what it needs has been collected. */
bool snn_is_ready(const snn_object *object);

/* NULL when the value is no module at all. */
snn_object *snn_test_object(lua_State *L, int index);
/* NULL when it is no finished object of the class (or of one below it). */
snn_object *snn_test_instance(lua_State *L, int index, const snn_class *cls);
/* TypeError "where: 'name' must be a <class>, got ..."; a half-made or deleted
   object is a RuntimeError. */
snn_object *snn_arg_object(lua_State *L, int index, const snn_class *cls,
                           const char *where, const char *name);
/* The engine's part of the object at index 1 of a method. */
void *snn_self(lua_State *L, const snn_class *cls, const char *where);
/* In init: the object at 1, which must be of a class below `cls` and not yet
   finished (init twice is a RuntimeError). */
snn_object *snn_init_self(lua_State *L, const snn_class *cls);

/* RuntimeError when the object is finished already: a script may have run since
   its init began. */
void snn_check_unfinished(lua_State *L, const snn_object *object);
/* Ends an init: the object takes `self`, which the same error frees. */
void snn_finish(lua_State *L, snn_object *object, void *self);

static inline bool snn_is_plain(const snn_object *object)
{
    return !object->is_scripted && !object->has_hooks;
}

/* Whether the library may do what a call does by itself, and then call the bare
   hooks, if there are any. */
static inline bool snn_is_direct(const snn_object *object)
{
    return !object->is_scripted &&
           (!object->has_hooks || object->hooks_are_bare);
}
void snn_call_bare_hooks(lua_State *L, int index);

/* Push the tables of the object at `index`. */
void snn_push_fields(lua_State *L, int index);
void snn_push_links(lua_State *L, int index);
/* fields[key] of the object at `index`, what the script has set: pushes it. */
int snn_get_field(lua_State *L, int index, const char *key);
/* links[key] of the object at `index`: pushes the value; sets the value on top
   and pops it. */
int snn_get_link(lua_State *L, int index, const char *key);
void snn_set_link(lua_State *L, int index, const char *key);

#endif
