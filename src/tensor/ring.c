/* Slots share a tensor at first: one fill stands for all steps, and each
   gets bytes of its own when it is written. */
#include "tensor/ring.h"

#include "util/mem.h"

/* A ring whose slot i shares from[i * step]. */
static snn_status make(int64_t length, const snn_tensor *from, int64_t step,
                       const char *where, snn_fail *fail, snn_ring *out)
{
    *out = (snn_ring){ .length = length };
    size_t bytes = SIZE_MAX;
    if (!snn_mem_mul((size_t)length + 1, sizeof(snn_tensor), &bytes) ||
        !(out->slot = snn_mem_zeroed(bytes)))
        return snn_fail_memory(fail, where, bytes);
    snn_status status = SNN_OK;
    for (int64_t i = 0; i <= length && !status; i++)
        if (!snn_tensor_is_empty(from + i * step))
            status = snn_tensor_share(from + i * step, false, fail, &out->slot[i]);
    if (status) snn_ring_clear(out);
    return status;
}

snn_status snn_ring_init(snn_ring *ring, int64_t length,
                         const snn_tensor *fill, const char *where,
                         snn_fail *fail)
{
    return make(length, fill, 0, where, fail, ring);
}

snn_status snn_ring_copy(const snn_ring *ring, const char *where,
                         snn_fail *fail, snn_ring *out)
{
    snn_status status = make(ring->length, ring->slot, 1, where, fail, out);
    if (status == SNN_OK) out->head = ring->head;
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
