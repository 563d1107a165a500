/* Whole cache lines are stored past the caches; the ends of a run, which
   share lines with others, in the plain way. */
#include "kernel/stream.h"

#include <string.h>
#if defined(__SSE2__)
#include <immintrin.h>
#endif

#include "util/isa.h"

enum { LINE = 64 };

/* One line, dst is aligned to it. */
static inline void stream_line(const char *src, char *dst)
{
#if defined(__AVX512F__)
    _mm512_stream_si512((void *)dst, _mm512_loadu_si512(src));
#elif defined(__AVX__)
    for (int k = 0; k < LINE; k += 32)
        _mm256_stream_si256((void *)(dst + k),
                            _mm256_loadu_si256((const void *)(src + k)));
#elif defined(__SSE2__)
    for (int k = 0; k < LINE; k += 16)
        _mm_stream_si128((void *)(dst + k),
                         _mm_loadu_si128((const void *)(src + k)));
#else
    memcpy(dst, src, LINE);
#endif
}

typedef void stream_fn(int64_t n, const void *src, void *dst);
SNN_DECLARE_ISAS(stream_fn, stream);

void SNN_ISA_NAME(stream)(int64_t n, const void *source, void *target)
{
    const char *src = source;
    char *dst = target;
    int64_t head = (int64_t)(-(uintptr_t)dst % LINE);
    if (head > n) head = n;
    memcpy(dst, src, (size_t)head);
    int64_t i = head;
    for (; i + LINE <= n; i += LINE) stream_line(src + i, dst + i);
    memcpy(dst + i, src + i, (size_t)(n - i));
}

#ifdef SNN_ONCE

static stream_fn *const streams[SNN_ISAS] = SNN_ISA_TABLE(stream);

void snn_stream(int64_t n, const void *src, void *dst)
{
    streams[snn_isa()](n, src, dst);
}

void snn_stream_end(void)
{
#if defined(__SSE2__)
    _mm_sfence();
#endif
}

#endif
