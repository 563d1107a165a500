/* A ring of tensors that grows as it fills, so that a long duration costs
   memory only once it is there. */
#include "observe/history.h"

#include "util/mem.h"

static int64_t place_of(const snn_history *h, int64_t age)
{
    int64_t i = h->head - age;
    return i < 0 ? i + h->capacity : i;
}

snn_tensor *snn_history_at(const snn_history *history, int64_t age)
{
    return &history->slot[place_of(history, age)];
}

/* Slots double; the steps move to the front, oldest first. */
snn_status snn_history_reserve(snn_history *history, snn_fail *fail)
{
    enum { FIRST_SLOTS = 4 };
    snn_history *h = history;
    if (h->count < h->capacity || h->count == h->length) return SNN_OK;
    int64_t capacity = h->capacity ? 2 * h->capacity : FIRST_SLOTS;
    if (capacity > h->length) capacity = h->length;
    size_t bytes = SIZE_MAX;
    snn_tensor *slot = NULL;
    if (!snn_mem_mul((size_t)capacity, sizeof *slot, &bytes) ||
        !(slot = snn_mem_zeroed(bytes)))
        return snn_fail_memory(fail, "history", bytes);
    for (int64_t i = 0; i < h->count; i++)
        slot[h->count - 1 - i] = *snn_history_at(h, i);
    snn_mem_free(h->slot);
    h->slot = slot;
    h->capacity = capacity;
    h->head = h->count ? h->count - 1 : capacity - 1;
    return SNN_OK;
}

void snn_history_push(snn_history *history, snn_tensor *step)
{
    snn_history *h = history;
    if (h->count == h->length) {
        snn_tensor_clear(snn_history_at(h, h->count - 1));
        h->count--;
    }
    h->head = h->head + 1 == h->capacity ? 0 : h->head + 1;
    snn_tensor_move(step, &h->slot[h->head]);
    h->count++;
}

void snn_history_undo(snn_history *history, snn_tensor *oldest)
{
    snn_history *h = history;
    snn_tensor_clear(&h->slot[h->head]);
    h->head = h->head == 0 ? h->capacity - 1 : h->head - 1;
    h->count--;
    if (!oldest) return;
    h->count++;
    snn_tensor_move(oldest, snn_history_at(h, h->count - 1));
}

void snn_history_clear(snn_history *history)
{
    for (int64_t i = 0; i < history->count; i++)
        snn_tensor_clear(snn_history_at(history, i));
    snn_mem_free(history->slot);
    *history = (snn_history){ .length = history->length };
}

void snn_history_set_length(snn_history *history, int64_t length)
{
    while (history->count > length) {
        snn_tensor_clear(snn_history_at(history, history->count - 1));
        history->count--;
    }
    history->length = length;
}
