/* Lua's memory in the program. A step of a simulation makes and drops some
   dozens of small objects (tables, userdata), and the collector drops them by
   the thousand, more than the C library's caches hold. Here blocks of up to
   LARGEST bytes lie in one reserved range of addresses, cut into classes of
   GRAIN bytes, and a freed block waits in its class's list. Lua tells the size
   of what it frees, so that blocks need no header; all else is told from them
   by its address and goes to the C library, as small blocks do when the range
   is full or was not to be had. The range is of addresses, which are opened as
   they are needed: memory comes with the first use of a piece, and stays for
   the next objects. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "app/app.h"
#include "util/sanitise.h"

/* Measured: a sample of 250 steps of the quickstart's network at batch 1 takes 26.4
   million instructions, 30.4 before there were these lists (with what else came
   then). Userdata, tables and their parts of a step have up to LARGEST bytes. */
enum { GRAIN = 16, LARGEST = 512, CLASSES = LARGEST / GRAIN + 1 };
/* The range is cut in pieces of so many bytes, and opened by so many. */
enum { CHUNK = 1 << 14, OPENED = 1 << 21 };
static const size_t RANGE = (size_t)1 << (sizeof(void *) > 4 ? 32 : 26);
enum { SHARE = 8 }; /* the part of a limit of addresses that it may be */

typedef struct waiting {
    struct waiting *next;
} waiting;

typedef struct arena {
    char *start, *end; /* the range; nothing in it yet from `next` on, and no
                          use of it from `opened` on */
    char *next, *opened;
    waiting *list[CLASSES];
} arena;

static size_t class_of(size_t bytes) { return (bytes + GRAIN - 1) / GRAIN; }

static bool is_inside(const arena *a, const void *block)
{
    return (uintptr_t)block - (uintptr_t)a->start <
           (uintptr_t)a->end - (uintptr_t)a->start;
}

/* Makes the next addresses of use; false at the end of the range. */
static bool open_more(arena *a)
{
    if (a->opened == a->end ||
        mprotect(a->opened, OPENED, PROT_READ | PROT_WRITE) != 0)
        return false;
    a->opened += OPENED;
    return true;
}

/* What is rare is kept out of the ways that run some ninety times in a step of a
   simulation: these save no registers for it then (34 to 20 instructions). */
#define RARE __attribute__((noinline))

/* Cuts a new piece into blocks of one class; false when there is none. */
static RARE bool refill(arena *a, size_t class)
{
    size_t size = class * GRAIN;
    if (a->next == a->opened && !open_more(a)) return false;
    for (size_t at = 0; at + size <= CHUNK; at += size) {
        waiting *block = (waiting *)(void *)(a->next + at);
        block->next = a->list[class];
        a->list[class] = block;
    }
    a->next += CHUNK;
    return true;
}

static RARE void *take_rare(arena *a, size_t bytes)
{
    size_t class = class_of(bytes);
    if (bytes > LARGEST || !refill(a, class)) return malloc(bytes);
    waiting *block = a->list[class];
    a->list[class] = block->next;
    return block;
}

static void *take(arena *a, size_t bytes)
{
    waiting *block = bytes <= LARGEST ? a->list[class_of(bytes)] : NULL;
    if (!block) return take_rare(a, bytes);
    a->list[class_of(bytes)] = block->next;
    return block;
}

static void give(arena *a, void *block, size_t bytes)
{
    if (!is_inside(a, block)) {
        free(block);
        return;
    }
    waiting *freed = block;
    freed->next = a->list[class_of(bytes)];
    a->list[class_of(bytes)] = freed;
}

static RARE void *resize(arena *a, void *block, size_t old, size_t new)
{
    bool is_small = is_inside(a, block);
    if (!is_small && new > LARGEST) return realloc(block, new);
    if (is_small && class_of(old) == class_of(new)) return block;
    void *moved = take(a, new);
    if (!moved) return new <= old ? block : NULL; /* to shrink never fails */
    memcpy(moved, block, old < new ? old : new);
    give(a, block, old);
    return moved;
}

/* The lua_Alloc. */
static void *allocate(void *context, void *block, size_t old, size_t new)
{
    if (block && new > 0) return resize(context, block, old, new);
    if (new > 0) return take(context, new);
    if (block) give(context, block, old);
    return NULL;
}

/* A whole number of OPENED bytes; 0 where addresses are scarce. */
static size_t size_of_range(void)
{
    struct rlimit most;
    if (getrlimit(RLIMIT_AS, &most) != 0 || most.rlim_cur == RLIM_INFINITY ||
        most.rlim_cur / SHARE >= RANGE)
        return RANGE;
    return (size_t)most.rlim_cur / SHARE / OPENED * OPENED;
}

void snn_app_alloc(lua_State *L)
{
    static arena only;
    if (SNN_SANITISED) return; /* which looks at each block by itself */
    size_t size = size_of_range();
    void *range = mmap(NULL, size, PROT_NONE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) return;
    only = (arena){ .start = range, .end = (char *)range + size,
                    .next = range, .opened = range };
    lua_setallocf(L, allocate, &only);
}
