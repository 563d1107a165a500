#include "tensor/storage.h"

#include <string.h>

#include "util/pool.h"

enum { ALIGNMENT = 64 }; /* of data, behind its block in one piece */

static snn_block *block_new(size_t bytes)
{
    if (bytes > SIZE_MAX / 2) return NULL;
    _Static_assert(sizeof(snn_block) <= ALIGNMENT, "data starts at 64");
    snn_block *block = snn_pool_take(ALIGNMENT + bytes);
    if (!block) return NULL;
    *block = (snn_block){ .holders = 1, .bytes = bytes,
                          .data = (char *)block + ALIGNMENT };
    return block;
}

static void forget_events(snn_block *block)
{
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

bool snn_storage_own(snn_storage *storage, bool keep)
{
    snn_block *block = storage->block;
    if (block->holders == 1) {
        forget_events(block);
        return true;
    }
    snn_block *fresh = block_new(block->bytes);
    if (!fresh) return false;
    if (keep) memcpy(fresh->data, block->data, block->bytes);
    storage->block = fresh;
    block_drop(block);
    return true;
}
