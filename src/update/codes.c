/* Kinds are found by hashing, a pass over the values that gives up as soon as there
   are too many; then they are sorted, and the codes follow. */
#include "update/codes.h"

#include <stdlib.h>
#include <string.h>

#include "util/interrupt.h"
#include "util/mem.h"

/* Kinds are few if there are so many elements for each. */
enum { MOST_KINDS = 4096, SLOTS = 4 * MOST_KINDS, EACH = 8, OFTEN = 1 << 20 };

static const char where[] = "delay";

/* While kinds are found: in the order in which they come. */
typedef struct finder {
    const void *value;
    bool is_f64;
    int64_t most;
    uint16_t slot[SLOTS]; /* 1 + the kind that is there; 0: none */
    uint64_t bits[MOST_KINDS]; /* of the kinds, as doubles */
    snn_codes *codes;
} finder;

static double value_at(const finder *f, int64_t k)
{
    return f->is_f64 ? ((const double *)f->value)[k]
                     : (double)((const float *)f->value)[k];
}

/* The kind of this value; -1 where there are too many. */
static int64_t kind_of(finder *f, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    uint64_t at = (bits * UINT64_C(0x9e3779b97f4a7c15)) >> 50;
    for (;; at = (at + 1) % SLOTS) {
        int64_t k = (int64_t)f->slot[at] - 1;
        if (k >= 0 && f->bits[k] != bits) continue;
        if (k >= 0) return k;
        if (f->codes->kinds == f->most) return -1;
        k = f->codes->kinds++;
        f->slot[at] = (uint16_t)(k + 1);
        f->bits[k] = bits;
        f->codes->kind[k] = v;
        return k;
    }
}

/* Codes by the order in which kinds come; whether these are few. */
static snn_status find(finder *f, snn_fail *fail, bool *are_few)
{
    const double nothing = 0;
    snn_status status = SNN_OK;
    *are_few = true;
    for (int64_t i = 0; i < f->codes->count && !status; i++) {
        double v = value_at(f, i);
        bool is_plain = v > 0 || v < 0 || memcmp(&v, &nothing, sizeof v) == 0;
        int64_t k = is_plain ? kind_of(f, v) : -1;
        if (k < 0) {
            *are_few = false;
            return SNN_OK;
        }
        f->codes->code[i] = (uint16_t)k;
        if (i % OFTEN == 0) status = snn_interrupt_check(where, fail);
    }
    return status;
}

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Kinds ascend from now on. */
static void order(finder *f)
{
    snn_codes *c = f->codes;
    uint16_t place[MOST_KINDS] = { 0 };
    double as_found[MOST_KINDS];
    const size_t bytes = (size_t)c->kinds * sizeof *c->kind;
    memcpy(as_found, c->kind, bytes);
    qsort(c->kind, (size_t)c->kinds, sizeof *c->kind, by_value);
    for (int64_t k = 0; k < c->kinds; k++) {
        const double *at = bsearch(&as_found[k], c->kind, (size_t)c->kinds,
                                   sizeof *c->kind, by_value);
        place[k] = (uint16_t)(at ? at - c->kind : 0);
    }
    for (int64_t i = 0; i < c->count; i++) c->code[i] = place[c->code[i]];
}

static snn_codes *begin(int64_t count, int64_t kinds)
{
    snn_codes *c = snn_mem_zeroed(sizeof *c);
    if (!c) return NULL;
    *c = (snn_codes){ .holders = 1, .count = count,
                      .kind = snn_mem_alloc((size_t)kinds * sizeof *c->kind),
                      .code = snn_mem_alloc((size_t)count * sizeof *c->code) };
    if (c->kind && c->code) return c;
    snn_codes_free(c);
    return NULL;
}

snn_status snn_codes_of(const void *value, bool is_f64, int64_t count,
                        snn_fail *fail, snn_codes **out)
{
    const int64_t most = count / EACH < MOST_KINDS ? count / EACH : MOST_KINDS;
    bool are_few = false;
    *out = NULL;
    if (most == 0) return SNN_OK;
    finder *f = snn_mem_zeroed(sizeof *f);
    if (!f) return snn_fail_memory(fail, where, sizeof *f);
    f->value = value;
    f->is_f64 = is_f64;
    f->most = most;
    f->codes = begin(count, most);
    snn_status status = f->codes ? find(f, fail, &are_few)
                                 : snn_fail_memory(fail, where,
                                                   (size_t)count * 2);
    if (!status && are_few) {
        order(f);
        *out = f->codes;
    } else {
        snn_codes_free(f->codes);
    }
    snn_mem_free(f);
    return status;
}

snn_codes *snn_codes_share(snn_codes *codes)
{
    if (codes) codes->holders++;
    return codes;
}

void snn_codes_free(snn_codes *codes)
{
    if (!codes || --codes->holders > 0) return;
    snn_mem_free(codes->kind);
    snn_mem_free(codes->code);
    snn_mem_free(codes);
}

void snn_codes_fill(const snn_codes *codes, bool is_f64, void *value)
{
    double *wide = value;
    float *narrow = value;
    for (int64_t i = 0; i < codes->count; i++) {
        if (is_f64)
            wide[i] = snn_codes_at(codes, i);
        else
            narrow[i] = (float)snn_codes_at(codes, i);
    }
}

int64_t snn_codes_bytes(const snn_codes *codes)
{
    if (!codes) return 0;
    return (int64_t)sizeof *codes + codes->kinds * (int64_t)sizeof *codes->kind +
           codes->count * (int64_t)sizeof *codes->code;
}
