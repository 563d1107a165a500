/* Copies of what is not read again soon. */
#ifndef SNN_KERNEL_STREAM_H
#define SNN_KERNEL_STREAM_H

#include <stdint.h>

/* Copies n bytes past the caches where the processor can, so that it need not
   read what is overwritten. Other threads see them after snn_stream_end. */
void snn_stream(int64_t n, const void *src, void *dst);
void snn_stream_end(void);

#endif
