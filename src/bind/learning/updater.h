/* Updaters: the accumulators of a module's trainable parameters. Which
   parameters a module has, its binding says in an snn_updatable. */
#ifndef SNN_BIND_LEARNING_UPDATER_H
#define SNN_BIND_LEARNING_UPDATER_H

#include "bind/object/object.h"
#include "update/updater.h"

typedef struct snn_updatable {
    const snn_class *cls; /* of the modules, or a parent of theirs */
    /* the module's parameter, NULL when it has none of that name; `self` is
       the module's engine part */
    snn_param *(*param)(void *self, const char *name);
    /* names that a default updater has, in order; returns how many */
    int (*names)(const void *self, const char *names[SNN_MOST_PARAMS]);
    /* after an update of the module's parameters; may warn. NULL: nothing */
    void (*updated)(void *self);
} snn_updatable;

/* `kind` is static; once, when the class is opened. */
void snn_register_updatable(const snn_updatable *kind);

/* Its `self` is no business of others. */
extern const snn_class snn_updater_class;

/* Method defaultupdater(self, names...) of such a class: pushes an Updater. */
int snn_updater_default(lua_State *L);

/* Applies the updater at `index` to its parent and then, with `clear`, clears
   it; hooks run. The second for the parameters that are named at the places
   first .. last of the stack only. Raise; on a failure no parameter has
   changed. */
void snn_updater_update(lua_State *L, int index, bool clear);
void snn_updater_update_some(lua_State *L, int index, int first, int last,
                             bool clear);

/* Applies the `n` updaters, whose hooks are bare if they have any, from the place
   `first` of the stack on, all or none; then runs these hooks. */
void snn_updater_update_all(lua_State *L, int first, int n, bool clear);

/* Pushes the accumulators of the updater at `index`; how many. */
int snn_push_accumulators(lua_State *L, int index);

/* The accumulator of a parameter; NULL when the value at `index` is no
   updater or does not have it. Borrowed from the updater. */
snn_accumulator *snn_updater_find(lua_State *L, int index, const char *name);

/* The parameter of that name of the module at `index`; of the parent of the
   updater there. NULL when the value is none, or has no such parameter. */
snn_param *snn_updatable_param(lua_State *L, int index, const char *name);
snn_param *snn_updater_param(lua_State *L, int index, const char *name);

#endif
