/* Idle blocks lie in a list for each class, which gives back what was given
   last; a header in front of a block says of which class it is. */
#include "util/pool.h"

#include <stdalign.h>

#include "util/mem.h"
#include "util/sanitise.h"

/* Classes step by a quarter of a power of two, so that at most a fifth of a
   block is unused. Idle blocks may take FREELY_IDLE bytes in all, or as much
   as those in use: a step of ten million neurons takes again what the step
   before gave back, pages that the system need not clear anew, and yet a burst
   is not held for ever: when use falls, the largest idle blocks go, and large
   ones that nobody wanted for an epoch go anyway. A sanitised build keeps none,
   to see who reads what was given back.

   Measured with as much idle as in use, at 10^7 elements, before and after: x + y
   4.1 to 2.8 ms, a step of LIF 4.4 to 4.0. FREELY_IDLE is what any program may
   waste; an epoch is as many takes as some steps of a network make. */
enum { LEAST_SHIFT = 6, QUARTERS = 4, CLASSES = (48 - LEAST_SHIFT) * QUARTERS };
static const size_t LARGEST = (size_t)1 << 47;
static const size_t FREELY_IDLE = (size_t)16 << 20;
static const size_t LARGE = (size_t)1 << 20;
enum { EPOCH = 256 }; /* takes */

typedef struct header {
    alignas(64) size_t capacity; /* without the header */
    int class;
    unsigned epoch; /* in which it was given back */
    struct header *next;
} header;

static header *idle[CLASSES];
static int top; /* no class above it has idle blocks */
static size_t idle_bytes;
static size_t taken_bytes, given_bytes; /* ever, modulo 2^64: in use is the rest */
static unsigned takes, epoch;

/* Class of the smallest blocks of at least `bytes`, and its capacity. */
static int class_of(size_t bytes, size_t *capacity)
{
    int shift = LEAST_SHIFT;
    if (bytes > (size_t)1 << LEAST_SHIFT)
        shift = 63 - __builtin_clzll((unsigned long long)(bytes - 1));
    size_t base = (size_t)1 << shift, quarter = base / QUARTERS;
    size_t steps = bytes <= base ? 0 : (bytes - base + quarter - 1) / quarter;
    *capacity = base + steps * quarter;
    return (shift - LEAST_SHIFT) * QUARTERS + (int)steps;
}

/* What is rare is kept out of the ways that each tensor takes: these save no
   registers for it then. */
#define RARE __attribute__((noinline))

/* Frees large idle blocks that were given back before the last epoch. */
static RARE void forget_old(void)
{
    for (int class = top; class >= 0; class--) {
        header **at = &idle[class];
        if (*at && (*at)->capacity < LARGE) return;
        while (*at) {
            header *block = *at;
            if (epoch - block->epoch < 2) {
                at = &block->next;
                continue;
            }
            *at = block->next;
            idle_bytes -= block->capacity;
            snn_mem_free(block);
        }
    }
}

static RARE header *block_new(int class, size_t capacity)
{
    header *block = snn_mem_alloc(sizeof *block + capacity);
    if (!block) return NULL;
    block->capacity = capacity;
    block->class = class;
    return block;
}

void *snn_pool_take(size_t bytes)
{
    if (bytes > LARGEST) return NULL;
    if (++takes % EPOCH == 0) {
        epoch++;
        forget_old();
    }
    size_t capacity;
    int class = class_of(bytes, &capacity);
    header *block = idle[class];
    if (block) {
        idle[class] = block->next;
        idle_bytes -= capacity;
    } else {
        block = block_new(class, capacity);
        if (!block) return NULL;
    }
    taken_bytes += capacity;
    snn_poison((char *)(block + 1) + bytes, capacity - bytes);
    return block + 1;
}

static size_t most_idle(void)
{
    if (SNN_SANITISED) return 0;
    size_t live = snn_pool_live();
    return live > FREELY_IDLE ? live : FREELY_IDLE;
}

/* Frees the largest idle blocks until the others take `most` bytes. */
static RARE void shrink(size_t most)
{
    while (idle_bytes > most) {
        header *block = idle[top];
        if (!block) {
            top--;
            continue;
        }
        idle[top] = block->next;
        idle_bytes -= block->capacity;
        snn_mem_free(block);
    }
}

void snn_pool_give(void *data)
{
    if (!data) return;
    header *block = (header *)data - 1;
    given_bytes += block->capacity;
    idle_bytes += block->capacity;
    block->epoch = epoch;
    block->next = idle[block->class];
    idle[block->class] = block;
    if (top < block->class) top = block->class;
    if (idle_bytes > most_idle()) shrink(most_idle());
}

void snn_pool_trim(void) { shrink(0); }

size_t snn_pool_live(void) { return taken_bytes - given_bytes; }

size_t snn_pool_taken(void) { return taken_bytes; }

size_t snn_pool_idle(void) { return idle_bytes; }
