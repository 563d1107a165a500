/* Rows lie in a hash of fixed size, so that nothing is allocated while a network
   steps; what finds no place in it counts for what it runs in. So do frames that
   are deeper than DEEPEST. */
#include "util/profile.h"

#include <stdio.h>
#include <time.h>

#include "util/mem.h"

enum { PLACES = 4096, MOST_ROWS = PLACES / 4 * 3, DEEPEST = 128 };

typedef struct frame {
    snn_profile_row *row;
    const char *stack; /* an address of C's stack: what is called lies below */
    int64_t from, inside; /* ns */
    uint32_t serial;
} frame;

bool snn_profile_on;
static snn_profile_row *rows; /* (PLACES) or NULL */
static int count;
static frame frames[DEEPEST];
static int depth;
static uint32_t serial;

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

bool snn_profile_start(void)
{
    snn_profile_drop();
    rows = snn_mem_zeroed(PLACES * sizeof *rows);
    snn_profile_on = rows != NULL;
    return snn_profile_on;
}

void snn_profile_stop(void)
{
    snn_profile_on = false;
    depth = 0;
}

void snn_profile_drop(void)
{
    snn_profile_stop();
    snn_mem_free(rows);
    rows = NULL;
    count = 0;
}

const snn_profile_row *snn_profile_rows(int *places)
{
    *places = rows ? PLACES : 0;
    return rows;
}

/* The row of a key, a new one where there is none; NULL: there is no place. */
static snn_profile_row *row_of(snn_profile_kind kind, const void *key,
                               const void *of, const char *name)
{
    uint64_t hash = ((uintptr_t)key >> 4 ^ (uint64_t)kind) * 0x9E3779B97F4A7C15u;
    size_t at = (size_t)(hash >> 32) % PLACES;
    while (rows[at].calls) {
        if (rows[at].key == key && rows[at].kind == kind) return &rows[at];
        at = (at + 1) % PLACES;
    }
    if (count == MOST_ROWS) return NULL;
    count++;
    rows[at] = (snn_profile_row){ .kind = kind, .key = key, .of = of };
    snprintf(rows[at].name, sizeof rows[at].name, "%s", name);
    return &rows[at];
}

/* Ends the frame on top. */
static void pop(int64_t at)
{
    const frame *f = &frames[--depth];
    int64_t all = at - f->from;
    f->row->ns += all - f->inside;
    if (depth > 0) frames[depth - 1].inside += all;
}

snn_profile_mark snn_profile_begin(snn_profile_kind kind, const void *key,
                                   const void *of, const char *name)
{
    char here;
    snn_profile_mark mark = { .depth = -1 };
    int64_t at = now();
    /* what an error has jumped out of lies where this does, or below */
    while (depth > 0 && frames[depth - 1].stack <= &here) pop(at);
    bool is_same = depth > 0 && frames[depth - 1].row->key == key;
    if (!snn_profile_on || depth == DEEPEST || is_same) return mark;
    snn_profile_row *row = row_of(kind, key, of, name);
    if (!row) return mark;
    mark.is_first = row->calls++ == 0;
    serial++;
    frames[depth] = (frame){ .row = row, .stack = &here, .from = at,
                             .serial = serial };
    mark.depth = depth++;
    mark.serial = serial;
    return mark;
}

void snn_profile_end(snn_profile_mark mark)
{
    if (mark.depth < 0 || mark.depth >= depth ||
        frames[mark.depth].serial != mark.serial)
        return;
    int64_t at = now();
    while (depth > mark.depth) pop(at);
}
