/* Short runs: merge sort from the bottom up, over runs sorted by insertion.
   Longer ones: by radix, a byte of the key at a time from the lowest, where all
   keys do not share it. Both are stable, and the same bits everywhere.

   A rank is found without sorting (Floyd and Rivest, "Expected time bounds for
   selection", 1975): of a sorted sample two keys are taken that hold the rank
   between them with great likelihood, and what lies between is all that is
   looked at again. */
#include "kernel/sort.h"

#include <string.h>

#include "util/interrupt.h"

enum {
    SHORT = 16,      /* insertion sort is faster up to here */
    BY_RADIX = 400,  /* and merge sort up to here (measured) */
    DIGITS = 256,
    OFTEN = 1 << 20  /* elements between two looks for an interrupt */
};

static inline int is_stopped(int64_t i)
{
    return i % OFTEN == 0 && snn_interrupt_wanted();
}

/* ---- keys ---- */

/* The bits of a real number as a number that orders like it. */
static inline uint64_t key_f32(float x)
{
    uint32_t bits, sign = UINT32_C(1) << 31;
    float plain = x + 0.0f; /* -0 becomes 0 */
    memcpy(&bits, &plain, sizeof bits);
    uint32_t key = bits ^ (bits & sign ? UINT32_MAX : sign);
    return x != x ? UINT32_MAX : key;
}

static inline uint64_t key_f64(double x)
{
    uint64_t bits, sign = UINT64_C(1) << 63;
    double plain = x + 0.0;
    memcpy(&bits, &plain, sizeof bits);
    uint64_t key = bits ^ (bits & sign ? UINT64_MAX : sign);
    return x != x ? UINT64_MAX : key;
}

static inline uint64_t key_i64(int64_t x)
{
    return (uint64_t)x ^ UINT64_C(1) << 63;
}

static void load(int type, const void *x, int64_t step, int64_t from,
                 int64_t to, uint64_t flip, uint64_t *keys)
{
    const uint8_t *u8 = x;
    const int64_t *i64 = x;
    const float *f32 = x;
    const double *f64 = x;
    int64_t i = from;
    switch (type) {
    case 0:
        for (; i < to; i++) keys[i] = (u8[i * step] != 0) ^ flip;
        break;
    case 1:
        for (; i < to; i++) keys[i] = key_i64(i64[i * step]) ^ flip;
        break;
    case 2:
        for (; i < to; i++) keys[i] = key_f32(f32[i * step]) ^ flip;
        break;
    default:
        for (; i < to; i++) keys[i] = key_f64(f64[i * step]) ^ flip;
    }
}

void snn_sort_keys(int type, const void *x, int64_t step, int64_t n,
                   int descending, uint64_t *keys)
{
    uint64_t flip = descending ? UINT64_MAX : 0;
    for (int64_t i = 0; i < n && !is_stopped(i); i += OFTEN) {
        int64_t end = n - i < OFTEN ? n : i + OFTEN;
        if (step == 1)
            load(type, x, 1, i, end, flip, keys);
        else
            load(type, x, step, i, end, flip, keys);
    }
}

uint64_t snn_sort_nan(int type) { return type == 2 ? UINT32_MAX : UINT64_MAX; }

void snn_sort_number(const uint64_t *keys, int64_t n, snn_sort_item *items)
{
    for (int64_t i = 0; i < n; i++) items[i] = (snn_sort_item){ keys[i], i };
}

/* ---- short runs ---- */

static void insert(snn_sort_item *items, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        snn_sort_item item = items[i];
        int64_t j = i;
        for (; j > 0 && items[j - 1].key > item.key; j--)
            items[j] = items[j - 1];
        items[j] = item;
    }
}

/* to (n) = the sorted runs from (middle) and from + middle (n - middle). */
static void merge(const snn_sort_item *from, int64_t middle, int64_t n,
                  snn_sort_item *to)
{
    int64_t i = 0, j = middle, k = 0;
    while (i < middle && j < n) {
        int is_right = from[i].key > from[j].key;
        to[k++] = from[is_right ? j : i];
        i += !is_right;
        j += is_right;
    }
    memcpy(to + k, from + i, (size_t)(middle - i) * sizeof *to);
    memcpy(to + k + middle - i, from + j, (size_t)(n - j) * sizeof *to);
}

static void merge_sort(snn_sort_item *items, snn_sort_item *scratch, int64_t n)
{
    for (int64_t i = 0; i < n; i += SHORT)
        insert(items + i, n - i < SHORT ? n - i : SHORT);
    snn_sort_item *from = items, *to = scratch;
    for (int64_t width = SHORT; width < n; width *= 2) {
        for (int64_t i = 0; i < n; i += 2 * width) {
            int64_t both = n - i < 2 * width ? n - i : 2 * width;
            merge(from + i, width < both ? width : both, both, to + i);
        }
        snn_sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) memcpy(items, from, (size_t)n * sizeof *items);
}

/* ---- long runs ---- */

/* The bits in which keys differ. */
static uint64_t differing(const snn_sort_item *items, int64_t n)
{
    uint64_t all = items[0].key, any = all;
    for (int64_t i = 1; i < n; i++) {
        all &= items[i].key;
        any |= items[i].key;
    }
    return all ^ any;
}

/* to (n) = from, by the byte of the key at `shift`. */
static void distribute(const snn_sort_item *from, int64_t n, int shift,
                       snn_sort_item *to)
{
    int64_t place[DIGITS] = { 0 };
    for (int64_t i = 0; i < n; i++) place[from[i].key >> shift & 255]++;
    for (int64_t d = 0, sum = 0; d < DIGITS; d++) {
        int64_t count = place[d];
        place[d] = sum;
        sum += count;
    }
    for (int64_t i = 0; i < n && !is_stopped(i);) {
        int64_t end = n - i < OFTEN ? n : i + OFTEN;
        for (; i < end; i++) to[place[from[i].key >> shift & 255]++] = from[i];
    }
}

static void radix_sort(snn_sort_item *items, snn_sort_item *scratch, int64_t n)
{
    const uint64_t bits = differing(items, n);
    snn_sort_item *from = items, *to = scratch;
    for (int shift = 0; shift < 64 && !snn_interrupt_wanted(); shift += 8) {
        if (!(bits >> shift & 255)) continue;
        distribute(from, n, shift, to);
        snn_sort_item *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) memcpy(items, from, (size_t)n * sizeof *items);
}

void snn_sort(snn_sort_item *items, snn_sort_item *scratch, int64_t n)
{
    if (n <= BY_RADIX)
        merge_sort(items, scratch, n);
    else
        radix_sort(items, scratch, n);
}

/* ---- ranks ---- */

/* Up to FEW keys are put in order one by one. A sample has about the root of half
   of the keys, at most MOST_SAMPLED: 2 kB on the stack, and sorting it by insertion
   is at most a walk over the 33 thousand keys from which on it has so many. Measured
   at 10^4 and 10^6 elements beside NumPy: median 0.58 and 0.22 of its time. */
enum { FEW = 24, MOST_SAMPLED = 256 };

static void insert_keys(uint64_t *keys, int64_t n)
{
    for (int64_t i = 1; i < n; i++) {
        uint64_t key = keys[i];
        int64_t j = i;
        for (; j > 0 && keys[j - 1] > key; j--) keys[j] = keys[j - 1];
        keys[j] = key;
    }
}

/* Of n keys some, one out of each stretch, at a place in it that patterns in
   the keys do not know (splitmix64's last step), sorted. */
static int64_t take_sample(const uint64_t *keys, int64_t n, uint64_t *sample)
{
    int64_t count = 8;
    while (count < MOST_SAMPLED && count * count * 2 < n) count *= 2;
    const int64_t stretch = n / count;
    for (int64_t i = 0; i < count; i++) {
        uint64_t x = (uint64_t)(n + i) * UINT64_C(0x9e3779b97f4a7c15);
        x = (x ^ x >> 31) * UINT64_C(0x94d049bb133111eb);
        sample[i] = keys[i * stretch + (int64_t)((x >> 33) % (uint64_t)stretch)];
    }
    insert_keys(sample, count);
    return count;
}

typedef struct range {
    uint64_t low, high; /* both inside */
} range;

/* Two keys of the sample that hold the rank with great likelihood: its place
   in the sample is off by about the root of the sample's size. */
static range choose(const uint64_t *keys, int64_t n, int64_t rank,
                    uint64_t *pivot)
{
    uint64_t sample[MOST_SAMPLED];
    const int64_t count = take_sample(keys, n, sample);
    int64_t off = 1, at = (int64_t)((double)rank / (double)n * (double)count);
    while (off * off < count) off++;
    if (at >= count) at = count - 1;
    *pivot = sample[at];
    return (range){ at > off ? sample[at - off] : 0,
                    at + off < count ? sample[at + off] : UINT64_MAX };
}

/* to = the keys in the range; returns how many there are. */
static int64_t narrow(const uint64_t *keys, int64_t n, range r, uint64_t *to,
                      int64_t *below)
{
    const uint64_t width = r.high - r.low;
    int64_t inside = 0, less = 0;
    for (int64_t i = 0; i < n && !is_stopped(i);) {
        int64_t end = n - i < OFTEN ? n : i + OFTEN;
        for (; i < end; i++) {
            uint64_t key = keys[i];
            less += key < r.low;
            to[inside] = key;
            inside += key - r.low <= width;
        }
    }
    *below = less;
    return inside;
}

/* Each turn keeps fewer keys: those of the range or of one side of it, or,
   where all are in the range, those that are one key or of one side of it. */
uint64_t snn_sort_select(const uint64_t *keys, int64_t n, int64_t rank,
                         uint64_t *scratch, int64_t *less)
{
    uint64_t few[FEW], pivot, *to = scratch;
    const int64_t whole = n;
    int64_t below = 0;
    *less = 0;
    while (n > FEW && !snn_interrupt_wanted()) {
        range r = choose(keys, n, rank, &pivot);
        int64_t inside = narrow(keys, n, r, to, &below);
        if (inside == n) {
            r = (range){ pivot, pivot };
            inside = narrow(keys, n, r, to, &below);
        }
        const int64_t up_to = below + inside;
        if (rank < below) {
            n = narrow(keys, n, (range){ 0, r.low - 1 }, to, &below);
        } else if (rank >= up_to) {
            n = narrow(keys, n, (range){ r.high + 1, UINT64_MAX }, to, &below);
            *less += up_to;
            rank -= up_to;
        } else {
            *less += below;
            if (r.low == r.high) return r.low;
            n = inside;
            rank -= below;
        }
        keys = to;
        to = to == scratch ? scratch + whole : scratch;
    }
    if (n > FEW || rank >= n) return 0; /* interrupted */
    memcpy(few, keys, (size_t)n * sizeof *few);
    insert_keys(few, n);
    for (int64_t i = 0; i < n; i++) *less += few[i] < few[rank];
    return few[rank];
}

void snn_sort_collect(const uint64_t *keys, int64_t n, uint64_t last,
                      int64_t keep, snn_sort_item *items)
{
    int64_t count = 0;
    for (int64_t i = 0; i < n && count < keep; i++) {
        items[count] = (snn_sort_item){ keys[i], i };
        count += keys[i] < last;
    }
    for (int64_t i = 0; i < n && count < keep; i++) {
        items[count] = (snn_sort_item){ keys[i], i };
        count += keys[i] == last;
    }
}

int64_t snn_sort_place(const uint64_t *keys, int64_t n, uint64_t key,
                       int64_t skip)
{
    int64_t i = 0;
    for (; i < n; i++)
        if (keys[i] == key && skip-- == 0) break;
    return i;
}
