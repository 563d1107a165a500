#include "util/mem.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static size_t live;
static size_t countdown; /* allocations until the first that fails; 0: none */
static size_t failures;  /* how many fail from there on */
static bool failed;

bool snn_mem_refuse(void)
{
    if (countdown == 0) return false;
    if (countdown > 1) {
        countdown--;
        return false;
    }
    if (--failures == 0) countdown = 0;
    failed = true;
    return true;
}

void *snn_mem_alloc(size_t bytes)
{
    if (snn_mem_refuse() || bytes > SIZE_MAX - ALIGNMENT) return NULL;
    size_t rounded = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *block = aligned_alloc(ALIGNMENT, rounded ? rounded : ALIGNMENT);
    if (block) live++;
    return block;
}

void *snn_mem_zeroed(size_t bytes)
{
    void *block = snn_mem_alloc(bytes);
    if (block) memset(block, 0, bytes);
    return block;
}

void snn_mem_free(void *block)
{
    if (!block) return;
    live--;
    free(block);
}

bool snn_mem_mul(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

bool snn_mem_mul_i64(int64_t a, int64_t b, int64_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

size_t snn_mem_live(void) { return live; }

void snn_mem_fail_at(size_t k, size_t n)
{
    countdown = n > 0 ? k : 0;
    failures = n;
    failed = false;
}

bool snn_mem_failed(void) { return failed; }
