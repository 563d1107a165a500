#include "util/clock.h"

uint64_t snn_clock_changes = 1;
