/* Pairs are gathered into a block until it is full; what the function lets pass is
   kept in a chunk for each block, and these are joined in the end. The number of a
   pair is drawn by its place alone, so that blocks change nothing. */
#include "connect/filter.h"

#include <string.h>

#include "util/interrupt.h"
#include "util/mem.h"

enum { BLOCK = 1 << 16 }; /* pairs, 2 MB in all */

typedef struct chunk chunk;
struct chunk {
    chunk *next;
    int64_t count;
    int32_t pair[]; /* (count) inputs, (count) outputs */
};

typedef struct work {
    const snn_filter *filter;
    int64_t count; /* pairs in the block */
    int64_t *pre, *post;
    double *distance, *chance;
    chunk *first, **last; /* NULL: only how many are expected */
    int64_t kept;
    double sum; /* of chances */
} work;

static snn_status begin(const snn_filter *filter, snn_fail *fail, work *w)
{
    const size_t bytes = BLOCK * sizeof(int64_t);
    *w = (work){ .filter = filter, .pre = snn_mem_alloc(bytes),
                 .post = snn_mem_alloc(bytes),
                 .distance = snn_mem_alloc(bytes),
                 .chance = snn_mem_alloc(bytes) };
    w->last = &w->first;
    return w->pre && w->post && w->distance && w->chance
               ? SNN_OK
               : snn_fail_memory(fail, filter->where, 4 * bytes);
}

static void end(work *w)
{
    for (chunk *c = w->first, *next; c; c = next) {
        next = c->next;
        snn_mem_free(c);
    }
    snn_mem_free(w->pre);
    snn_mem_free(w->post);
    snn_mem_free(w->distance);
    snn_mem_free(w->chance);
}

/* Pairs of one chance or the other need no number. */
static bool is_drawn(const work *w, int64_t k)
{
    double p = w->chance[k];
    if (p <= 0 || p >= 1) return p >= 1;
    uint64_t at = ((uint64_t)(w->pre[k] - 1) << 32) | (uint64_t)(w->post[k] - 1);
    snn_rng_word word = snn_rng_draw(w->filter->key, at);
    return snn_rng_unit_f64(word.v[0], word.v[1]) < p;
}

static snn_status keep_drawn(work *w, snn_fail *fail)
{
    int64_t n = 0;
    for (int64_t k = 0; k < w->count; k++) {
        if (!is_drawn(w, k)) continue;
        w->pre[n] = w->pre[k] - 1;
        w->post[n++] = w->post[k] - 1;
    }
    if (n == 0) return SNN_OK;
    size_t bytes = sizeof(chunk) + 2 * (size_t)n * sizeof(int32_t);
    chunk *c = snn_mem_alloc(bytes);
    if (!c) return snn_fail_memory(fail, w->filter->where, bytes);
    c->next = NULL;
    c->count = n;
    for (int64_t k = 0; k < n; k++) {
        c->pair[k] = (int32_t)w->pre[k];
        c->pair[n + k] = (int32_t)w->post[k];
    }
    *w->last = c;
    w->last = &c->next;
    w->kept += n;
    return SNN_OK;
}

/* Asks for the block and empties it. */
static snn_status decide(work *w, snn_fail *fail)
{
    const snn_filter *f = w->filter;
    const snn_pair_block block = { w->count, w->pre, w->post,
                                   f->space ? w->distance : NULL };
    snn_status status = w->count ? snn_interrupt_check(f->where, fail) : SNN_OK;
    if (w->count && !status)
        status = f->decide(f->context, &block, w->chance, fail);
    if (status) return status;
    if (w->last) {
        status = keep_drawn(w, fail);
    } else {
        for (int64_t k = 0; k < w->count; k++) w->sum += w->chance[k];
    }
    w->count = 0;
    return status;
}

static snn_status add_row(work *w, int64_t i, snn_fail *fail)
{
    const snn_filter *f = w->filter;
    for (int64_t j = 0; j < f->outputs; j++) {
        if (f->no_self && i == j) continue;
        double d = f->space ? snn_space_distance(f->space, i, j) : 0;
        if (f->space && d > f->space->radius) continue;
        w->pre[w->count] = i + 1;
        w->post[w->count] = j + 1;
        w->distance[w->count] = d;
        if (++w->count < BLOCK) continue;
        snn_status status = decide(w, fail);
        if (status) return status;
    }
    return SNN_OK;
}

/* The chunks' pairs, in order already, as two arrays, which the caller frees. */
static snn_status join_chunks(work *w, snn_fail *fail, int32_t **pre,
                              int32_t **post)
{
    size_t bytes = (size_t)w->kept * sizeof **pre;
    *pre = snn_mem_alloc(bytes);
    *post = snn_mem_alloc(bytes);
    if (!*pre || !*post)
        return snn_fail_memory(fail, w->filter->where, 2 * bytes);
    int64_t at = 0;
    for (chunk *c = w->first, *next; c; c = next) {
        memcpy(*pre + at, c->pair, (size_t)c->count * sizeof **pre);
        memcpy(*post + at, c->pair + c->count, (size_t)c->count * sizeof **pre);
        at += c->count;
        next = c->next;
        snn_mem_free(c);
        w->first = next;
    }
    return SNN_OK;
}

static snn_status finish(work *w, snn_fail *fail, snn_pattern **out)
{
    const snn_filter *f = w->filter;
    int32_t *pre = NULL, *post = NULL;
    snn_status status = join_chunks(w, fail, &pre, &post);
    if (!status)
        status = snn_pattern_of_pairs(f->inputs, f->outputs, w->kept, pre, post,
                                      fail, out);
    snn_mem_free(pre);
    snn_mem_free(post);
    return status;
}

snn_status snn_filter_make(const snn_filter *filter, snn_fail *fail,
                           snn_pattern **out)
{
    work w;
    *out = NULL;
    snn_status status = begin(filter, fail, &w);
    for (int64_t i = 0; i < filter->inputs && !status; i++)
        status = add_row(&w, i, fail);
    if (!status) status = decide(&w, fail);
    if (!status) status = finish(&w, fail, out);
    end(&w);
    return status;
}

snn_status snn_filter_expected(const snn_filter *filter, snn_fail *fail,
                               double *out)
{
    enum { MOST = 1 << 20 }; /* pairs */
    int64_t step = 1, rows = 0;
    while (filter->inputs / step > 1 &&
           (double)(filter->inputs / step) * (double)filter->outputs > MOST)
        step *= 2;
    work w;
    snn_status status = begin(filter, fail, &w);
    w.last = NULL;
    for (int64_t i = step / 2; i < filter->inputs && !status; i += step, rows++)
        status = add_row(&w, i, fail);
    if (!status) status = decide(&w, fail);
    *out = rows ? w.sum * ((double)filter->inputs / (double)rows) : 0;
    end(&w);
    return status;
}
