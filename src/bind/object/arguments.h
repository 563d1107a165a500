/* Arguments of constructors as fields of objects: read as they were given, and
   assigned with the checks of the constructor. One part for all families: each
   says in an snn_arguments where its objects keep them and how they take others. */
#ifndef SNN_BIND_OBJECT_ARGUMENTS_H
#define SNN_BIND_OBJECT_ARGUMENTS_H

#include "bind/object/object.h"
#include "tensor/each.h"
#include "util/field.h"

typedef struct snn_arguments {
    const snn_field *fields;
    size_t size; /* of the struct that they are read into */
    /* the struct of an object; of the tensors among them there are `count` */
    const void *(*args)(const void *self);
    const snn_each *(*each)(const void *self, int *count); /* NULL: none */
    /* Takes `args`, of which the field `changed` has another value: in effect at
       the next step, with the state kept, or refused and nothing has changed.
       Does not call Lua. NULL: they are assigned one by one */
    snn_status (*set)(void *self, const void *args, const snn_field *changed,
                      const snn_each *each, int count, snn_fail *fail);
    /* bytes that an object holds, which the collector is told of; NULL: few */
    size_t (*bytes)(const void *self);
    /* Of an argument of type SNN_OTHER, which is kept as the object's link of its
       name (snn.none: no link): checks the value at the index, and puts into
       `args` what the engine knows of it. `get` pushes it; NULL: the link */
    void (*take)(lua_State *L, int index, const char *where,
                 const snn_field *f, void *args);
    void (*get)(lua_State *L, const snn_object *object, const snn_field *f);
} snn_arguments;

/* The field `f` as an attribute of the class whose `arguments` it is in. */
snn_attribute snn_argument(const snn_field *f);
/* The field `name` as an attribute that is called so, and can be assigned. */
snn_attribute snn_argument_as(const snn_field *fields, const char *name,
                              const char *as);
/* Those of all fields, at most `most` and the end. */
void snn_argument_list(const snn_field *fields, int most, snn_attribute *out);

/* Whether two objects of one class have the same value of f: of tensors and
   functions the very same. */
bool snn_argument_same(lua_State *L, const snn_object *a, const snn_object *b,
                       const snn_field *f);

/* Getter and setter of these attributes. */
void snn_argument_get(lua_State *L, snn_object *object,
                      const snn_attribute *a);
void snn_argument_set(lua_State *L, snn_object *object,
                      const snn_attribute *a);
/* AttributeError of one that cannot be assigned, with what to do. */
void snn_argument_refuse(lua_State *L, snn_object *object,
                         const snn_attribute *a);

/* Pushes the arguments of the object's class in C as a list of tables, name and
   more; nil where it has none. */
void snn_push_arguments(lua_State *L, const snn_object *object);

#endif
