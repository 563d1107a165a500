/* Trains that encoders give step by step: what encoder:steps_of(x) returns. */
#ifndef SNN_BIND_MODELS_TRAIN_H
#define SNN_BIND_MODELS_TRAIN_H

#include <lua.h>

#include "encode/encoder.h"

/* Of the encoder at 1 and the intensities at 2: pushes the four values of a
   generic `for`, of which the last gives the memory back when the loop is left
   early, and returns 4. Where a file was loaded in which a train goes on, this is
   that train, once; ValueError: other intensities than its. */
int snn_encoder_steps(lua_State *L, const snn_encoder *encoder);

#endif
