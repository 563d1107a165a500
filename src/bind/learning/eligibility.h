/* Monitors of what rules of trainers remember (train/eligibility.h). */
#ifndef SNN_BIND_LEARNING_ELIGIBILITY_H
#define SNN_BIND_LEARNING_ELIGIBILITY_H

#include "bind/object/object.h"
#include "train/trainer.h"

/* Pushes a monitor of that name of the unit at 1 and returns 1; 0 where there
   is none. */
int snn_push_eligible(lua_State *L, snn_unit *unit, const char *name);

#endif
