#include "tensor/ring.h"

#include "util/mem.h"

static snn_status fill_all(snn_ring *ring, const snn_tensor *fill,
                           snn_fail *fail)
{
    for (int64_t i = 0; i <= ring->length; i++) {
        snn_status status =
            snn_tensor_share(fill, false, fail, &ring->slot[i]);
        if (status) return status;
    }
    return SNN_OK;
}

snn_status snn_ring_init(snn_ring *ring, int64_t length,
                         const snn_tensor *fill, const char *where,
                         snn_fail *fail)
{
    *ring = (snn_ring){ .length = length };
    size_t bytes = SIZE_MAX;
    if (!snn_mem_mul((size_t)length + 1, sizeof(snn_tensor), &bytes) ||
        !(ring->slot = snn_mem_zeroed(bytes)))
        return snn_fail_memory(fail, where, bytes);
    snn_status status = fill_all(ring, fill, fail);
    if (status) snn_ring_clear(ring);
    return status;
}

void snn_ring_clear(snn_ring *ring)
{
    for (int64_t i = 0; ring->slot && i <= ring->length; i++)
        snn_tensor_clear(&ring->slot[i]);
    snn_mem_free(ring->slot);
    *ring = (snn_ring){ .length = 0 };
}

void snn_ring_push(snn_ring *ring, snn_tensor *step)
{
    ring->head = ring->head == ring->length ? 0 : ring->head + 1;
    snn_tensor_move(step, &ring->slot[ring->head]);
}

void snn_ring_undo(snn_ring *ring)
{
    ring->head = ring->head == 0 ? ring->length : ring->head - 1;
}

const snn_tensor *snn_ring_at(const snn_ring *ring, int64_t age)
{
    int64_t i = ring->head - age;
    return &ring->slot[i < 0 ? i + ring->length + 1 : i];
}
