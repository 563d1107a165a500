/* A trainer that is called: trainer(...), trainer:forward(...). */
#ifndef SNN_BIND_LEARNING_TRAINER_CALL_H
#define SNN_BIND_LEARNING_TRAINER_CALL_H

#include <lauxlib.h>
#include <lua.h>

#include "train/trainer.h"

/* The RuntimeError of a call on a cell that was deleted: trainer, name, name. */
#define SNN_DEAD_CELL                                                         \
    "%s: the cell '%s' was deleted from its layer, or its connection or "    \
    "neuron was; take it from the trainer too: trainer:del_cell(\"%s\")"

/* The method forward of the model's class. */
const luaL_Reg *snn_trainer_methods(const snn_trainer_model *model);
/* tools.call_trainer(trainer, target): a call of one that has targets. */
int snn_trainer_call(lua_State *L);

#endif
