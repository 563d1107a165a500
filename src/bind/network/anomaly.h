/* snn.detect_anomaly: while it is on, the forward of a layer raises at the
   first NaN that it meets. */
#ifndef SNN_BIND_NETWORK_ANOMALY_H
#define SNN_BIND_NETWORK_ANOMALY_H

#include <lua.h>
#include <stdbool.h>

/* Whether it is on (calls.finds_nan of a step, layer/step.h). */
bool snn_detects_anomaly(void);

#endif
