/* The days of the calendar are lists of parts of so many spikes, which are taken and
   given back as wholes: spikes are copied from part to part, as reading and writing
   them in order costs less than to follow links through memory.

   Inputs are put in order by a bit for each. Spikes of one input that arrive in the
   same step hang together by `next`, the youngest first. What rows are read at is
   known some events before, and asked for then. */
#include "connection/flight.h"

#include <string.h>

#include "util/bits.h"
#include "util/mem.h"

enum { PART = 20, PARTS = 64, FIRST_ROOM = 64, AHEAD = 12 };

struct snn_flyers {
    snn_flyers *next;
    int64_t count;
    snn_flyer of[PART];
};

static const char where[] = "delay";

void snn_flight_clear(snn_flight *f)
{
    for (int64_t i = 0; i < f->blocks; i++) snn_mem_free(f->block[i]);
    snn_mem_free(f->block);
    snn_mem_free(f->day);
    snn_mem_free(f->bits);
    snn_mem_free(f->due);
    *f = (snn_flight){ .now = 0 };
}

/* ---- memory ---- */

static snn_status more_parts(snn_flight *f, snn_fail *fail)
{
    const size_t bytes = PARTS * sizeof(snn_flyers);
    if (f->blocks == f->block_room) {
        int64_t room = f->block_room > 0 ? 2 * f->block_room : 8;
        void **block = snn_mem_alloc((size_t)room * sizeof *block);
        if (!block) return snn_fail_memory(fail, where, (size_t)room * 8);
        if (f->blocks > 0)
            memcpy(block, f->block, (size_t)f->blocks * sizeof *block);
        snn_mem_free(f->block);
        f->block = block;
        f->block_room = room;
    }
    snn_flyers *part = snn_mem_alloc(bytes);
    if (!part) return snn_fail_memory(fail, where, bytes);
    f->block[f->blocks++] = part;
    for (int i = 0; i < PARTS; i++) {
        part[i].next = f->spare;
        f->spare = &part[i];
    }
    f->spares += PARTS;
    return SNN_OK;
}

/* Parts for so many spikes, wherever they go. */
static snn_status reserve_parts(snn_flight *f, int64_t spikes, snn_fail *fail)
{
    const int64_t begun = spikes < f->days ? spikes : f->days;
    snn_status status = SNN_OK;
    while (f->spares < spikes / PART + begun && !status)
        status = more_parts(f, fail);
    return status;
}

/* Room for so many that arrive. */
static snn_status reserve(snn_flight *f, int64_t count, snn_fail *fail)
{
    int64_t room = f->room > 0 ? f->room : FIRST_ROOM;
    if (f->due && count <= f->room) return SNN_OK;
    while (room < count) room *= 2;
    const size_t each = sizeof *f->due + 5 * sizeof(int32_t);
    snn_flyer *due =
        room < INT32_MAX ? snn_mem_alloc((size_t)room * each) : NULL;
    if (!due) return snn_fail_memory(fail, where, (size_t)room * each);
    snn_mem_free(f->due);
    f->due = due;
    f->room = room;
    f->next = (int32_t *)(void *)(due + room);
    f->turn = f->next + room;
    f->index = f->turn + room;
    f->from = f->index + room;
    f->to = f->from + room;
    return SNN_OK;
}

static snn_status reserve_places(snn_flight *f, snn_fail *fail)
{
    const int64_t words = f->batch * f->stride / 64;
    const size_t bits = (size_t)words * sizeof *f->bits;
    const size_t bytes =
        bits + ((size_t)(words * 64) + (size_t)f->batch + 1) * sizeof(int32_t);
    f->bits = snn_mem_alloc(bytes);
    if (!f->bits) return snn_fail_memory(fail, where, bytes);
    memset(f->bits, 0, bits);
    f->slot = (int32_t *)(void *)(f->bits + words);
    f->offset = f->slot + words * 64;
    return SNN_OK;
}

snn_status snn_flight_begin(snn_flight *f, int64_t batch, int64_t inputs,
                            int64_t steps, snn_fail *fail)
{
    const int64_t stride = (int64_t)snn_bits_words(inputs) * 64;
    int64_t days = 1;
    while (days < steps) days *= 2;
    if (!f->day || f->batch != batch || f->inputs != inputs || f->days != days) {
        snn_flight_clear(f);
        *f = (snn_flight){ .batch = batch, .inputs = inputs, .stride = stride,
                           .days = days };
        f->day = snn_mem_zeroed((size_t)days * sizeof *f->day);
        snn_status status =
            f->day ? reserve_places(f, fail)
                   : snn_fail_memory(fail, where, (size_t)days * sizeof *f->day);
        if (status) snn_flight_clear(f);
        return status;
    }
    f->now = 0;
    for (int64_t d = 0; d < days; d++)
        while (f->day[d]) {
            snn_flyers *part = f->day[d];
            f->day[d] = part->next;
            part->next = f->spare;
            f->spare = part;
            f->spares++;
        }
    memset(f->bits, 0, (size_t)(batch * stride / 64) * sizeof *f->bits);
    return SNN_OK;
}

/* ---- the calendar ---- */

/* There are parts. */
static void put(snn_flight *f, uint32_t step, snn_flyer flyer)
{
    snn_flyers **day = &f->day[step & (uint32_t)(f->days - 1)], *part = *day;
    if (!part || part->count == PART) {
        part = f->spare;
        f->spare = part->next;
        f->spares--;
        part->next = *day;
        part->count = 0;
        *day = part;
    }
    part->of[part->count++] = flyer;
}

/* The first place of a row whose age is at least that. */
static int64_t first_from(const snn_row_ages *ages, int64_t first,
                          int64_t length, int64_t age)
{
    int64_t low = 0, high = length;
    while (low < high) {
        int64_t middle = (low + high) / 2;
        if (snn_row_age(ages, first + middle, 0) < age)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

snn_status snn_flight_send(snn_flight *f, const snn_param *delay,
                           const snn_row_ages *ages, const snn_events *e,
                           int64_t age, snn_fail *fail)
{
    snn_status status = reserve_parts(f, e->count, fail);
    if (status) return status;
    const uint32_t sent = f->now - (uint32_t)age;
    for (int64_t b = 0; b < e->rows; b++)
        for (int32_t k = e->offset[b]; k < e->offset[b + 1]; k++) {
            int64_t length, first = snn_delay_row(delay, e->index[k], &length);
            int64_t at = age > 0 ? first_from(ages, first, length, age) : 0;
            if (at >= length) continue;
            put(f, sent + (uint32_t)snn_row_age(ages, first + at, age),
                (snn_flyer){ .at = (int32_t)(b * f->stride) + e->index[k],
                             .cursor = (int32_t)at, .sent = sent });
        }
    return SNN_OK;
}

/* ---- what arrives ---- */

/* Those of today, into `due`, their parts back. */
static snn_status take_today(snn_flight *f, snn_fail *fail, int64_t *count)
{
    snn_flyers **day = &f->day[f->now & (uint32_t)(f->days - 1)];
    *count = 0;
    for (const snn_flyers *p = *day; p; p = p->next) *count += p->count;
    snn_status status = reserve(f, *count, fail);
    if (!status) status = reserve_parts(f, *count, fail);
    for (int64_t at = 0; *day && !status;) {
        snn_flyers *part = *day;
        memcpy(f->due + at, part->of, (size_t)part->count * sizeof *f->due);
        at += part->count;
        *day = part->next;
        part->next = f->spare;
        f->spare = part;
        f->spares++;
    }
    return status;
}

/* Younger ones come first: steps are counted modulo 2^32. */
static bool is_younger(const snn_flight *f, int32_t i, int32_t k)
{
    return f->now - f->due[i].sent < f->now - f->due[k].sent;
}

static void hang(snn_flight *f, int32_t i, int32_t *head)
{
    while (*head >= 0 && !is_younger(f, i, *head)) head = &f->next[*head];
    f->next[i] = *head;
    *head = i;
}

/* Puts what is due where its inputs' bits are. */
static void mark(snn_flight *f, int64_t due)
{
    uint64_t *bits = f->bits;
    for (int32_t i = 0; i < due; i++) {
        const int32_t at = f->due[i].at;
        const uint64_t bit = (uint64_t)1 << (at & 63);
        if (!(bits[at >> 6] & bit)) f->slot[at] = -1;
        bits[at >> 6] |= bit;
        hang(f, i, &f->slot[at]);
    }
}

/* Which is whose turn, with where each sample begins. */
static void line_up(snn_flight *f, int64_t due)
{
    const int64_t words = f->stride / 64;
    int32_t e = 0;
    for (int64_t b = 0; b < f->batch; b++) {
        f->offset[b] = e;
        for (int64_t w = b * words; due > e && w < (b + 1) * words; w++) {
            uint64_t left = f->bits[w];
            f->bits[w] = 0;
            for (; left; left &= left - 1) {
                int64_t at = w * 64 + __builtin_ctzll(left);
                for (int32_t i = f->slot[at]; i >= 0; i = f->next[i])
                    f->turn[e++] = i;
            }
        }
    }
    f->offset[f->batch] = e;
}

/* What will be read of element `at`. */
static void ask_for(const snn_row_ages *a, int64_t at)
{
    const char *of = a->ages  ? (const char *)(a->ages + at)
                     : a->code ? (const char *)(a->code + at)
                               : (const char *)a->time + at * (a->is_f64 ? 8 : 4);
    __builtin_prefetch(of);
}

/* Event e: the run of one age at the cursor of a spike, which flies on if there are
   others. How many targets it has. */
static int64_t take_run(snn_flight *f, const snn_param *delay,
                        const snn_row_ages *ages, int64_t row, int32_t e)
{
    snn_flyer *flyer = &f->due[f->turn[e]];
    const int64_t age = (int64_t)(f->now - flyer->sent);
    int64_t length, first = snn_delay_row(delay, row, &length);
    int64_t from = flyer->cursor, to = from + 1;
    while (to < length && !snn_row_is_older(ages, first + to, age)) to++;
    f->index[e] = (int32_t)row;
    f->from[e] = (int32_t)from;
    f->to[e] = (int32_t)to;
    flyer->cursor = (int32_t)to;
    if (to < length)
        put(f, flyer->sent + (uint32_t)snn_row_age(ages, first + to, age),
            *flyer);
    return to - from;
}

snn_status snn_flight_land(snn_flight *f, const snn_param *delay,
                           const snn_row_ages *ages, snn_fail *fail,
                           snn_arriving *out)
{
    int64_t due, targets = 0, length;
    snn_status status = take_today(f, fail, &due);
    if (status) return status;
    mark(f, due);
    line_up(f, due);
    for (int64_t b = 0; b < f->batch; b++)
        for (int32_t e = f->offset[b]; e < f->offset[b + 1]; e++) {
            if (e + AHEAD < due) {
                const snn_flyer *later = &f->due[f->turn[e + AHEAD]];
                ask_for(ages, snn_delay_row(delay, later->at % f->stride,
                                            &length) + later->cursor);
            }
            targets += take_run(f, delay, ages,
                                f->due[f->turn[e]].at - b * f->stride, e);
        }
    *out = (snn_arriving){ .batch = f->batch, .targets = targets,
                           .offset = f->offset, .index = f->index,
                           .from = f->from, .to = f->to };
    return SNN_OK;
}
