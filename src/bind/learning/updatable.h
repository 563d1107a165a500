/* What modules with trainable parameters have in Lua: the field `updater`
   (links[SNN_LINK_UPDATER]) and methods, for the tables of their class. */
#ifndef SNN_BIND_LEARNING_UPDATABLE_H
#define SNN_BIND_LEARNING_UPDATABLE_H

#include "bind/learning/updater.h"

enum { SNN_LINK_UPDATER = 2 };
/* Pushes the updater of the module at `index`, or nil; returns its type. */
int snn_push_updater(lua_State *L, int index);

/* Getters and setter of attributes: nil without an updater; a new one must
   have been made for this module (ValueError). */
void snn_get_updater(lua_State *L, snn_object *object, const snn_attribute *a);
void snn_set_updater(lua_State *L, snn_object *object, const snn_attribute *a);
void snn_get_updatable(lua_State *L, snn_object *object,
                       const snn_attribute *a);

/* update{ clear = true }: applies the updater, then clears it; nothing
   without an updater. */
int snn_updatable_update(lua_State *L);
/* updatesome(names..., { clear = true }): the same for some parameters; a
   RuntimeError without an updater. */
int snn_updatable_update_some(lua_State *L);

/* Whether an update may be more than nothing. */
bool snn_may_update(const snn_object *object);

/* Updates the `n` modules from the place `first` of the stack on, all or none.
   Where there are scripts' classes or hooks, update(options) is called one by
   one. `given` is the place of the options or of nil. */
void snn_update_modules(lua_State *L, int first, int n, int given);

#define SNN_UPDATABLE_ATTRIBUTES                                              \
    { .name = "updater", .get = snn_get_updater, .set = snn_set_updater,      \
      .doc = "its updater, or nil" },                                         \
    { .name = "updatable", .get = snn_get_updatable,                          \
      .doc = "has an updater" }
#define SNN_UPDATABLE_METHODS                                                 \
    { "defaultupdater", snn_updater_default },                                \
    { "update", snn_updatable_update },                                       \
    { "updatesome", snn_updatable_update_some }

#endif
