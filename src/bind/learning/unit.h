/* Trainers and their units as Lua values: the classes, and where they keep what
   belongs to them. */
#ifndef SNN_BIND_LEARNING_UNIT_H
#define SNN_BIND_LEARNING_UNIT_H

#include "bind/object/object.h"

/* Numbered links, beside those with names: of trainers; of units. */
enum { SNN_LINK_UNIT_NAMES = 1, SNN_LINK_UNIT_MAP };
enum { SNN_LINK_CONNECTION = 1 };

/* The parent of all trainers: links.unit_names, a list, and links.unit_map,
   name -> unit. */
extern const snn_class snn_cell_trainer_class;
/* The parent of those of the library, whose units are Units. */
extern const snn_class snn_trainer_class;
/* One trainer on one cell, `self` an snn_unit; not offered to scripts.
   links.trainer, links.cell, links.monitors. */
extern const snn_class snn_unit_class;

/* The unit at index 1. */
struct snn_unit *snn_unit_at(lua_State *L);

/* Getter of the attribute `registered` of monitors of units, whose links.unit is
   theirs. */
void snn_get_registered(lua_State *L, snn_object *object,
                        const snn_attribute *a);

#endif
