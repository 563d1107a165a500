/* What Conv2D offers besides its model. */
#ifndef SNN_CONNECTION_CONV2D_H
#define SNN_CONNECTION_CONV2D_H

#include "connection/connection.h"

/* New tensors: inputs (B, C, H, W) as patches (B, K, L), any dtype; patches as
   inputs, the mean over the patches that an input is part of (NaN, in a bool
   tensor false, where it is part of none). ValueError for another shape, which
   names `where`; B may be any. The connection is a Conv2D. */
snn_status snn_conv2d_unfold(const snn_connection *connection,
                             const snn_tensor *input, const char *where,
                             snn_fail *fail, snn_tensor *out);
snn_status snn_conv2d_fold(const snn_connection *connection,
                           const snn_tensor *patches, const char *where,
                           snn_fail *fail, snn_tensor *out);

#endif
