/* Copies of what is not read again soon. */
#ifndef SNN_KERNEL_STREAM_H
#define SNN_KERNEL_STREAM_H

#include <stdint.h>

/* Whether the compiler knows how to write past the caches here. */
#if defined(__SSE2__)
enum { SNN_STREAMS = 1 };
#else
enum { SNN_STREAMS = 0 };
#endif

/* Copies n bytes past the caches where SNN_STREAMS, so that the processor need
   not read what is overwritten. Other threads see them after snn_stream_end. */
void snn_stream(int64_t n, const void *src, void *dst);
void snn_stream_end(void);

#endif
