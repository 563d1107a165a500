/* The counter of util/clock.h. Invariant: it is never 0, which stands for
   "not yet compared". */
#include "util/clock.h"

uint64_t snn_clock_changes = 1;
