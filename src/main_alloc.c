/* Lua's memory in the program. A step of a simulation makes and drops some
   dozens of small objects (tables, userdata), and the collector drops them by
   the thousand, more than the C library's caches hold. Here blocks of up to
   LARGEST bytes lie in one reserved range of addresses, cut into classes of
   GRAIN bytes, and a freed block waits in its class's list. Lua tells the size
   of what it frees, so that blocks need no header; all else is told from them
   by its address and goes to the C library, as small blocks do when the range
   is full or was not to be had. The range is of addresses: memory comes with
   the first use of a piece, and stays for the next objects. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "main.h"
#include "util/sanitise.h"

enum { GRAIN = 16, LARGEST = 512, CLASSES = LARGEST / GRAIN + 1 };
enum { CHUNK = 1 << 14 }; /* the range is cut in pieces of so many bytes */
static const size_t RANGE = (size_t)1 << (sizeof(void *) > 4 ? 32 : 26);

typedef struct waiting {
    struct waiting *next;
} waiting;

typedef struct arena {
    char *start, *end; /* the range; nothing in it yet from `next` on */
    char *next;
    waiting *list[CLASSES];
} arena;

static size_t class_of(size_t bytes) { return (bytes + GRAIN - 1) / GRAIN; }

static bool is_inside(const arena *a, const void *block)
{
    return (uintptr_t)block - (uintptr_t)a->start <
           (uintptr_t)a->end - (uintptr_t)a->start;
}

/* Cuts a new piece into blocks of one class; false at the end of the range. */
static bool refill(arena *a, size_t class)
{
    size_t size = class * GRAIN;
    if ((size_t)(a->end - a->next) < CHUNK) return false;
    for (size_t at = 0; at + size <= CHUNK; at += size) {
        waiting *block = (waiting *)(void *)(a->next + at);
        block->next = a->list[class];
        a->list[class] = block;
    }
    a->next += CHUNK;
    return true;
}

static void *take(arena *a, size_t bytes)
{
    size_t class = class_of(bytes);
    if (bytes > LARGEST || (!a->list[class] && !refill(a, class)))
        return malloc(bytes);
    waiting *block = a->list[class];
    a->list[class] = block->next;
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

/* The lua_Alloc. */
static void *allocate(void *context, void *block, size_t old, size_t new)
{
    arena *a = context;
    if (new == 0) {
        if (block) give(a, block, old);
        return NULL;
    }
    if (!block) return take(a, new);
    bool is_small = is_inside(a, block);
    if (!is_small && new > LARGEST) return realloc(block, new);
    if (is_small && class_of(old) == class_of(new)) return block;
    void *moved = take(a, new);
    if (!moved) return new <= old ? block : NULL; /* to shrink never fails */
    memcpy(moved, block, old < new ? old : new);
    give(a, block, old);
    return moved;
}

void snn_main_alloc(lua_State *L)
{
    static arena only;
    if (SNN_SANITISED) return; /* which looks at each block by itself */
    void *range = mmap(NULL, RANGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (range == MAP_FAILED) return;
    only = (arena){ .start = range, .next = range,
                    .end = (char *)range + RANGE };
    lua_setallocf(L, allocate, &only);
}
