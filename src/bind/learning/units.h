/* When units record (lua/snn/trainer.lua). */
#ifndef SNN_BIND_LEARNING_UNITS_H
#define SNN_BIND_LEARNING_UNITS_H

#include "train/trainer.h"

/* Steps pass the unit by. */
void snn_unit_stop(snn_unit *unit);

#endif
