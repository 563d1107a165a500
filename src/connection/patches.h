/* Patches of images, by their events where they are spikes. */
#ifndef SNN_CONNECTION_PATCHES_H
#define SNN_CONNECTION_PATCHES_H

#include "kernel/conv.h"
#include "tensor/tensor.h"

/* out (B, K, L), new memory, of in (B, C, H, W), contiguous; of few spikes with the
   list of its events. It is cleared on failure. */
snn_status snn_patches_unfold(const snn_conv_shape *shape, const snn_tensor *in,
                              const char *where, snn_fail *fail, snn_tensor *out);

#endif
