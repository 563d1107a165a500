/* The lanes of a step's words become a list, and bytes. How many of them spike
   is random: as in kernel/nonzero.c, some places are always written, so that most
   words need no branch. In place of lanes that are not there it is lane 0 whose
   byte is written once more, as it is. */
#include <string.h>

#include "encode/trains.h"
#include "tensor/spikes.h"
#include "util/bits.h"
#include "util/isa.h"

enum {
    LANES = SNN_ENCODER_LANES,
    FEW = 4, /* places that are always written; */
    MANY = SNN_SPIKES_SLACK
};

typedef int64_t count_fn(const snn_trains *t, const uint64_t *fired);
typedef void list_fn(const snn_trains *t, const uint64_t *fired,
                     snn_events *events, uint8_t *bytes);
SNN_DECLARE_ISAS(count_fn, trains_count);
SNN_DECLARE_ISAS(list_fn, trains_list);

int64_t SNN_ISA_NAME(trains_count)(const snn_trains *t, const uint64_t *fired)
{
    int64_t count = 0;
    for (int64_t i = 0; i < t->count; i++) count += snn_bits_count(fired[i]);
    return count;
}

/* A list that grows in the order of the places. */
typedef struct list {
    snn_events *events;
    int64_t sample; /* that it is at */
    int32_t *out;   /* behind the last event */
    uint8_t *bytes; /* of the step */
} list;

static SNN_INLINE void go_to(list *to, int64_t sample)
{
    while (to->sample < sample)
        to->events->offset[++to->sample] =
            (int32_t)(to->out - to->events->index);
}

/* The places of the block's lanes; `is_first`: lane 0 spikes, be it one of
   these or not. */
static SNN_INLINE void put(list *to, const snn_train_places *p, uint64_t lanes,
                           bool is_first, const int slots)
{
    int32_t *out = to->out;
    int32_t first = (int32_t)(p->first - to->sample * to->events->columns);
    uint8_t *bytes = to->bytes + p->first;
    to->out += snn_bits_count(lanes);
#pragma GCC unroll 8
    for (int k = 0; k < slots; k++, lanes &= lanes - 1) {
        int behind = p->behind[lanes ? __builtin_ctzll(lanes) : LANES];
        out[k] = first + behind;
        bytes[behind] = lanes != 0 || is_first;
    }
    for (int k = slots; lanes; k++, lanes &= lanes - 1) {
        int behind = p->behind[__builtin_ctzll(lanes)];
        out[k] = first + behind;
        bytes[behind] = 1;
    }
}

static SNN_INLINE void list_words(const snn_trains *t, const uint64_t *fired,
                                  list *to, const int slots)
{
    for (int64_t i = 0; i < t->count; i++) {
        const snn_train_places *p = t->places + i;
        uint64_t lanes = fired[i];
        bool is_first = lanes & 1;
        go_to(to, p->sample);
        for (uint64_t starts = p->starts; starts; starts &= starts - 1) {
            int l = __builtin_ctzll(starts);
            uint64_t before = (UINT64_C(1) << l) - 1;
            put(to, p, lanes & before, is_first, slots);
            lanes &= ~before;
            go_to(to, (p->first + p->behind[l]) / to->events->columns);
        }
        put(to, p, lanes, is_first, slots);
    }
}

void SNN_ISA_NAME(trains_list)(const snn_trains *t, const uint64_t *fired,
                               snn_events *events, uint8_t *bytes)
{
    list to = { .events = events, .out = events->index, .bytes = bytes };
    memset(bytes, 0, (size_t)(events->rows * events->columns));
    events->offset[0] = 0;
    if (events->count < FEW / 2 * t->count)
        list_words(t, fired, &to, FEW);
    else
        list_words(t, fired, &to, MANY);
    go_to(&to, events->rows);
}

#ifdef SNN_ONCE

int64_t snn_trains_count(const snn_trains *trains, const uint64_t *fired)
{
    static count_fn *const counts[SNN_ISAS] = SNN_ISA_TABLE(trains_count);
    return counts[snn_isa()](trains, fired);
}

void snn_trains_list(const snn_trains *trains, const uint64_t *fired,
                     snn_events *events, uint8_t *bytes)
{
    static list_fn *const lists[SNN_ISAS] = SNN_ISA_TABLE(trains_list);
    lists[snn_isa()](trains, fired, events, bytes);
}

#endif
