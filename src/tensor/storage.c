/* A block and its data are one piece of the pool. Writing to a block that
   others hold takes a new one (copy on write); the events of spikes are kept
   with the block until then. */
#include "tensor/storage.h"

#include <string.h>

#include "util/interrupt.h"
#include "util/pool.h"

enum {
    ALIGNMENT = 64, /* of data, behind its block in one piece */
    PIECE = 1 << 23 /* bytes that are copied between two looks for an interrupt */
};

/* Large blocks begin at huge pages: were their data all at the same place in
   these, loops over more arrays than a cache has ways would find the lines of
   one in the place of the other's (a step of 4 10^6 ALIF: 4 times as slow). */
static size_t place_of(size_t bytes)
{
    enum { LARGE = 1 << 20, PLACES = 15, APART = 4096 + 4 * ALIGNMENT };
    static unsigned turn;
    return bytes < LARGE ? 0 : turn++ % PLACES * APART;
}

static snn_block *block_new(size_t bytes)
{
    if (bytes > SIZE_MAX / 2) return NULL;
    _Static_assert(sizeof(snn_block) <= ALIGNMENT, "data starts at 64");
    size_t place = ALIGNMENT + place_of(bytes);
    snn_block *block = snn_pool_take(place + bytes);
    if (!block) return NULL;
    *block = (snn_block){ .holders = 1, .bytes = bytes,
                          .data = (char *)block + place };
    return block;
}

static void forget_events(snn_block *block)
{
    if (!block->events) return;
    snn_pool_give(block->events);
    block->events = NULL;
}

static void block_drop(snn_block *block)
{
    if (--block->holders > 0) return;
    forget_events(block);
    snn_pool_give(block);
}

static snn_storage *storage_over(snn_block *block)
{
    snn_storage *storage = snn_pool_take(sizeof *storage);
    if (storage) *storage = (snn_storage){ .holders = 1, .block = block };
    return storage;
}

snn_storage *snn_storage_new(size_t bytes)
{
    snn_block *block = block_new(bytes);
    if (!block) return NULL;
    snn_storage *storage = storage_over(block);
    if (!storage) block_drop(block);
    return storage;
}

snn_storage *snn_storage_hold(snn_storage *storage)
{
    storage->holders++;
    return storage;
}

void snn_storage_drop(snn_storage *storage)
{
    if (!storage || --storage->holders > 0) return;
    if (storage->block) block_drop(storage->block);
    snn_pool_give(storage);
}

snn_storage *snn_storage_spare(void) { return storage_over(NULL); }

void snn_storage_fill(snn_storage *spare, snn_storage *storage)
{
    spare->block = storage->block;
    storage->block->holders++;
}

snn_storage *snn_storage_share(snn_storage *storage)
{
    snn_storage *twin = storage_over(storage->block);
    if (twin) storage->block->holders++;
    return twin;
}

/* False: an interrupt is wanted. */
static bool copy_data(const snn_block *from, snn_block *to)
{
    const char *in = from->data;
    char *out = to->data;
    size_t at = 0;
    for (; from->bytes - at > PIECE; at += PIECE) {
        if (snn_interrupt_wanted()) return false;
        memcpy(out + at, in + at, PIECE);
    }
    memcpy(out + at, in + at, from->bytes - at);
    return true;
}

bool snn_storage_own(snn_storage *storage, bool keep)
{
    snn_block *block = storage->block;
    if (block->holders == 1) {
        forget_events(block);
        return true;
    }
    snn_block *fresh = block_new(block->bytes);
    if (!fresh) return false;
    if (keep && !copy_data(block, fresh)) {
        block_drop(fresh);
        return false;
    }
    storage->block = fresh;
    block_drop(block);
    return true;
}
