/* Trainers and their units as Lua values: the classes, and where they keep what
   belongs to them. */
#ifndef SNN_BIND_LEARNING_UNIT_H
#define SNN_BIND_LEARNING_UNIT_H

#include "bind/object/arguments.h"
#include "util/warn.h"

/* Numbered links, beside those with names: of trainers; of units. */
enum { SNN_LINK_UNIT_NAMES = 1, SNN_LINK_UNIT_MAP };
enum { SNN_LINK_CONNECTION = 1 };

struct snn_trainer_args;
struct snn_trainer_model;

/* The parent of all trainers: links.unit_names, a list, and links.unit_map,
   name -> unit. */
extern const snn_class snn_cell_trainer_class;
/* The parent of those of the library, whose units are Units. */
extern const snn_class snn_trainer_class;
/* The part of an object of a trainer of the library: the model's struct. */
typedef struct snn_trainer_self {
    snn_told told; /* of changed arguments, once for all cells */
    size_t size;   /* of the struct */
    void *args;
} snn_trainer_self;
/* Pushes a model's struct, read from the table at `index`: an error for what the
   constructor refuses. */
struct snn_trainer_args *snn_push_trainer_args(lua_State *L, int index,
                                               const struct snn_trainer_model *model);
/* The attributes of a trainer's class: arguments, which reach all cells without
   an override (bind/learning/settings.c). */
void snn_trainer_attributes(const struct snn_trainer_model *model, int most,
                            snn_attribute *attributes, snn_arguments *arguments);

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
