/* Each block is counted, with its bytes; large ones are aligned to huge
   pages, and the bytes up to a block's end are closed to a sanitised build.
   A countdown makes allocations fail where a spec wants it. */
#include "util/mem.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util/ceiling.h"
#include "util/pool.h"
#include "util/sanitise.h"

/* Large blocks come in huge pages where the system gives some: a fresh block of
   40 MB is written in 13 ms instead of 47, of which page faults were most. Their end
   comes in such a page only if it fills half of one. */
enum { ALIGNMENT = 64, LARGE = 4 << 20, HUGE_PAGE = 2 << 20 };

static size_t live, live_bytes;
static size_t countdown; /* allocations until the first that fails; 0: none */
static size_t failures;  /* how many fail from there on */
static bool failed;
static size_t ceiling; /* of live_bytes; 0: none */

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

/* Blocks that wait for their next use are given back before it is told that
   memory is short. */
static void *take_aligned(size_t unit, size_t bytes)
{
    void *block = aligned_alloc(unit, bytes);
    if (block || snn_pool_idle() == 0) return block;
    snn_pool_trim();
    return aligned_alloc(unit, bytes);
}

static void *system_alloc(size_t bytes)
{
    size_t unit = bytes < LARGE ? ALIGNMENT : HUGE_PAGE;
    if (bytes > SIZE_MAX - unit) return NULL;
    size_t rounded = (bytes + unit - 1) / unit * unit;
    void *block = take_aligned(unit, rounded ? rounded : unit);
#ifdef MADV_HUGEPAGE
    if (block && unit == HUGE_PAGE)
        madvise(block, (bytes + HUGE_PAGE / 2) / HUGE_PAGE * HUGE_PAGE,
                MADV_HUGEPAGE);
#endif
    if (block) snn_poison((char *)block + bytes, rounded - bytes);
    return block;
}

static bool is_above_ceiling(size_t bytes)
{
    return ceiling > 0 &&
           (live_bytes > ceiling || bytes > ceiling - live_bytes);
}

void *snn_mem_alloc(size_t bytes)
{
    if (snn_mem_refuse() || is_above_ceiling(bytes)) return NULL;
    void *block = system_alloc(bytes);
    if (!block) return NULL;
    live++;
    live_bytes += malloc_usable_size(block);
    return block;
}

/* Zeroes a large block by giving its pages back: they come again, as zeros,
   where they are used. */
static bool forget(void *block, size_t bytes)
{
#ifdef __linux__
    size_t rounded = (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE;
    return bytes >= LARGE && madvise(block, rounded, MADV_DONTNEED) == 0;
#else
    (void)block, (void)bytes;
    return false;
#endif
}

void snn_mem_forget_zeros(void *zeros, size_t bytes)
{
#ifdef __linux__
    const uintptr_t page = 4096, begin = ((uintptr_t)zeros + page - 1) / page * page;
    const uintptr_t end = ((uintptr_t)zeros + bytes) / page * page;
    if (bytes >= LARGE && end > begin)
        (void)madvise((char *)zeros + (begin - (uintptr_t)zeros), end - begin,
                      MADV_DONTNEED);
#else
    (void)zeros, (void)bytes;
#endif
}

void *snn_mem_zeroed(size_t bytes)
{
    void *block = snn_mem_alloc(bytes);
    if (block && !forget(block, bytes)) memset(block, 0, bytes);
    return block;
}

void snn_mem_free(void *block)
{
    if (!block) return;
    live--;
    live_bytes -= malloc_usable_size(block);
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

size_t snn_mem_ceiling(size_t bytes)
{
    size_t before = ceiling;
    ceiling = bytes;
    return before;
}

size_t snn_mem_live(void) { return live; }

size_t snn_mem_bytes(void) { return live_bytes; }

void snn_mem_fail_at(size_t k, size_t n)
{
    countdown = n > 0 ? k : 0;
    failures = n;
    failed = false;
}

size_t snn_mem_until_failure(void) { return countdown; }

bool snn_mem_failed(void) { return failed; }
