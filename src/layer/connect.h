/* Connections that a layer feeds by itself: each takes the spikes that a group of
   the layer made in the step before, or a range of its neurons. Where no wiring is
   written, a group gets the sum of the currents that lead to it. */
#ifndef SNN_LAYER_CONNECT_H
#define SNN_LAYER_CONNECT_H

#include "layer/step.h"

/* Neurons of a group in the order of its elements, from 0. */
typedef struct snn_span_of {
    int64_t first, count; /* count 0: all */
} snn_span_of;

/* From now on the connection takes the source's last spikes; both groups are of
   the layer. ValueError: the range is not within the group, or not as long as the
   connection has inputs; step times differ; unless `is_wired`, its output has not
   the target's shape. RuntimeError: it is connected already. */
snn_status snn_layer_connect(snn_layer *layer, snn_part *connection,
                             snn_part *source, snn_part *target,
                             snn_span_of from, bool is_wired, snn_fail *fail);

/* How many there are. */
int64_t snn_part_inputs(const snn_part *connection);
int64_t snn_part_size(const snn_part *neuron);

/* Whether the current of the connection is for these neurons: it is connected to
   them, or, where it is not connected, has a cell with them. */
bool snn_part_leads_to(const snn_part *connection, const snn_part *neuron);
/* RuntimeError unless it leads to neurons of the layer. */
snn_status snn_part_check_led(const snn_layer *layer, const snn_part *connection,
                              snn_fail *fail);

/* A view, (B, in...) of the connection, of the spikes of the group's last step; new
   zeros where that was not the layer's last. */
snn_status snn_part_last_spikes(const snn_part *connection, snn_fail *fail,
                                snn_tensor *out);

/* Adds a connected connection with these spikes; its currents go to `out`. */
snn_status snn_step_feed(snn_step *step, snn_part *connection, snn_tensor *out,
                         snn_fail *fail);
/* ValueError for a current that cannot be added: its shape is not the neurons'. */
snn_status snn_step_check_current(const snn_step_connection *c,
                                  const snn_part *neuron, snn_fail *fail);
/* Adds a group with the sum of the currents of the step that lead to it, in the
   order of registration, zeros where there are none; its spikes go to `out`. The
   sum may be made in place of the first current that leads to no other group. */
snn_status snn_step_sum(snn_step *step, snn_part *neuron, bool adapts,
                        snn_tensor *out, snn_fail *fail);

#endif
