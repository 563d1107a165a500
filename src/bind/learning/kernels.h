/* Kernels of trainers: functions of the script, of which some are known. */
#ifndef SNN_BIND_LEARNING_KERNELS_H
#define SNN_BIND_LEARNING_KERNELS_H

#include <lua.h>

#include "train/call.h"

/* The kernels (post, pre) as the arguments of the unit at `unit` have them now:
   those of snn.functional with numbers, tc 0 for all others. */
void snn_read_kernels(lua_State *L, int unit, snn_event_kernel kernel[2]);

#endif
