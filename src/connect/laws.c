/* Each law is a function that makes a row (connect/rows.h) by a way of choosing
   places (connect/sample.h). In-degrees are rows of the network turned round; so
   is a mask, whose rows are outputs. A fixed total of different pairs is one
   choice among all of them, in the order of the rows. */
#include "connect/laws.h"

#include <inttypes.h>
#include <string.h>

#include "util/interrupt.h"
#include "util/mem.h"

const char *const snn_law_names[SNN_LAWS] = {
    [SNN_LAW_ALL_TO_ALL] = "connect.all_to_all",
    [SNN_LAW_ONE_TO_ONE] = "connect.one_to_one",
    [SNN_LAW_BERNOULLI] = "connect.bernoulli",
    [SNN_LAW_FIXED_IN_DEGREE] = "connect.fixed_in_degree",
    [SNN_LAW_FIXED_OUT_DEGREE] = "connect.fixed_out_degree",
    [SNN_LAW_FIXED_TOTAL] = "connect.fixed_total",
    [SNN_LAW_SMALL_WORLD] = "connect.small_world",
};

/* The law with the rows that it makes. */
typedef struct maker {
    snn_rows rows;
    const snn_law *law;
    snn_chances chances;
    const int64_t *lengths; /* of rows, where they are known before */
} maker;

static const maker *maker_of(const snn_rows *rows)
{
    return (const maker *)(const void *)rows;
}

/* ---- rows ---- */

static int64_t all_row(const snn_rows *rows, int64_t i, int32_t *out)
{
    int64_t n = snn_rows_width(rows, i);
    if (out)
        for (int64_t k = 0; k < n; k++) out[k] = snn_rows_output(rows, i, k);
    return n;
}

static int64_t one_row(const snn_rows *rows, int64_t i, int32_t *out)
{
    (void)rows;
    if (out) *out = (int32_t)i;
    return 1;
}

static int64_t bernoulli_row(const snn_rows *rows, int64_t i, int32_t *out)
{
    const snn_chances *chances = &maker_of(rows)->chances;
    snn_uniforms u = snn_uniforms_of_row(rows->key, i);
    int64_t width = snn_rows_width(rows, i), n = 0;
    for (int64_t k = 0;; k++, n++) {
        k += snn_chances_skip(chances, &u, width - k);
        if (k >= width) return n;
        if (out) out[n] = snn_rows_output(rows, i, k);
    }
}

/* n outputs, chosen. */
static int64_t chosen_row(const snn_rows *rows, int64_t i, int32_t *out)
{
    const maker *m = maker_of(rows);
    int64_t n = m->lengths ? m->lengths[i] : m->law->n;
    if (!out) return n;
    snn_uniforms u = snn_uniforms_of_row(rows->key, i);
    snn_choice c =
        snn_choice_of(n, snn_rows_width(rows, i), m->law->multiple);
    for (int64_t k = 0; k < n; k++)
        out[k] = snn_rows_output(rows, i, snn_choice_next(&c, &u));
    return n;
}

/* ---- a small world ---- */

/* Where a row is while its neighbours are moved one after the other: `moved`
   ascending numbers of outputs at its beginning, and from its end backwards those
   neighbours that stayed, as their numbers f: i + 1, i - 1, i + 2 and so on. */
typedef struct ring {
    int64_t i, n, k;
    int32_t *out;
    int64_t moved, kept;
} ring;

static int32_t neighbour(const ring *r, int64_t f)
{
    int64_t d = f / 2 + 1;
    return (int32_t)((f % 2 ? r->i + r->n - d : r->i + d) % r->n);
}

/* Which neighbour j is; k: none. */
static int64_t number_of(const ring *r, int64_t j)
{
    int64_t ahead = (j - r->i + r->n) % r->n, behind = r->n - ahead;
    int64_t f = ahead <= behind ? 2 * ahead - 2 : 2 * behind - 1;
    return f < r->k ? f : r->k;
}

/* How many of the first n that ascend are less than a value. */
static int64_t less_than(const int32_t *v, int64_t n, int64_t value)
{
    int64_t low = 0;
    for (int64_t high = n; low < high;) {
        int64_t middle = (low + high) / 2;
        if (v[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool has_stayed(const ring *r, int64_t f)
{
    int64_t low = 0;
    for (int64_t high = r->kept; low < high;) {
        int64_t middle = (low + high) / 2;
        if (r->out[r->k - 1 - middle] < f)
            low = middle + 1;
        else
            high = middle;
    }
    return low < r->kept && r->out[r->k - 1 - low] == f;
}

/* Whether the row has j; neighbours from number `next` on are where they were. */
static bool has(const ring *r, int64_t next, int64_t j)
{
    int64_t f = number_of(r, j), at = less_than(r->out, r->moved, j);
    if (f < r->k && (f >= next || has_stayed(r, f))) return true;
    return at < r->moved && r->out[at] == j;
}

static void put_moved(ring *r, int32_t j)
{
    int64_t at = less_than(r->out, r->moved, j);
    memmove(r->out + at + 1, r->out + at,
            (size_t)(r->moved++ - at) * sizeof *r->out);
    r->out[at] = j;
}

/* The k nearest on a ring; each is moved with the probability p to one that is
   neither the input itself nor reached already. */
static int64_t small_world_row(const snn_rows *rows, int64_t i, int32_t *out)
{
    const snn_law *law = maker_of(rows)->law;
    ring r = { .i = i, .n = rows->outputs, .k = law->n, .out = out };
    if (!out) return r.k;
    snn_uniforms u = snn_uniforms_of_row(rows->key, i);
    for (int64_t f = 0; f < r.k; f++) {
        if (!(snn_uniforms_next(&u) < law->p) || r.k == r.n - 1) {
            out[r.k - 1 - r.kept++] = (int32_t)f;
            continue;
        }
        int64_t j;
        do
            j = (int64_t)(snn_uniforms_next(&u) * (double)r.n);
        while ((j == i || has(&r, f, j)) && !snn_interrupt_wanted());
        put_moved(&r, (int32_t)j);
    }
    for (int64_t m = r.moved; m < r.k; m++) out[m] = neighbour(&r, out[m]);
    snn_rows_sort(out, r.k);
    return r.k;
}

/* ---- a fixed total ---- */

/* How many of law->n pairs fall into each row: with repetition each is drawn from
   all pairs, else they are chosen together. */
static snn_status spread_total(const snn_law *law, const snn_rows *rows,
                               int64_t pairs, int64_t *lengths,
                               snn_fail *fail)
{
    enum { OFTEN = 1 << 16 };
    snn_uniforms u = snn_uniforms_of_row(rows->key, rows->inputs);
    snn_choice c = snn_choice_of(law->n, pairs, law->multiple);
    int64_t row = 0, begin = 0;
    snn_status status = SNN_OK;
    for (int64_t k = 0; k < law->n && !status; k++) {
        int64_t at = snn_choice_next(&c, &u);
        while (at - begin >= snn_rows_width(rows, row))
            begin += snn_rows_width(rows, row++);
        lengths[row]++;
        if (k % OFTEN == 0) status = snn_interrupt_check(rows->where, fail);
    }
    return status;
}

static double pairs_of(const snn_law *law)
{
    double all = (double)law->inputs * (double)law->outputs;
    int64_t same =
        law->inputs < law->outputs ? law->inputs : law->outputs;
    return law->no_self ? all - (double)same : all;
}

/* Of the rows' numbers in a choice of all pairs, each row chooses its own anew:
   given how many, which ones are equally likely. */
static snn_status make_total(maker *m, snn_fail *fail, snn_pattern **out)
{
    size_t bytes = ((size_t)m->law->inputs + 1) * sizeof(int64_t);
    int64_t *lengths = snn_mem_zeroed(bytes);
    if (!lengths) return snn_fail_memory(fail, m->rows.where, bytes);
    snn_status status = spread_total(m->law, &m->rows, (int64_t)pairs_of(m->law),
                                     lengths, fail);
    m->lengths = lengths;
    if (!status) status = snn_rows_make(&m->rows, fail, out);
    snn_mem_free(lengths);
    return status;
}

/* ---- all laws ---- */

static snn_status refuse_many(const snn_law *law, int64_t most,
                              const char *what, snn_fail *fail)
{
    if (law->multiple ? most > 0 || law->n == 0 : law->n <= most) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: 'n' is %" PRId64 ", there are %" PRId64 " %s%s",
                        snn_law_names[law->kind], law->n, most, what,
                        most > 0 ? " (multiple = true lets a pair come more "
                                   "than once)"
                                 : "");
}

static snn_status check_same(const snn_law *law, snn_fail *fail)
{
    if (law->inputs == law->outputs) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: there must be as many inputs as outputs, got %"
                        PRId64 " and %" PRId64,
                        snn_law_names[law->kind], law->inputs, law->outputs);
}

/* Of the least that a neuron can choose from. */
static int64_t others(const snn_law *law, int64_t of, int64_t choosing)
{
    return of - (law->no_self && choosing > 0 && of > 0);
}

snn_status snn_law_check(const snn_law *law, snn_fail *fail)
{
    switch (law->kind) {
    case SNN_LAW_ONE_TO_ONE: return check_same(law, fail);
    case SNN_LAW_FIXED_IN_DEGREE:
        return refuse_many(law, others(law, law->inputs, law->outputs),
                           "inputs for an output", fail);
    case SNN_LAW_FIXED_OUT_DEGREE:
        return refuse_many(law, others(law, law->outputs, law->inputs),
                           "outputs for an input", fail);
    case SNN_LAW_FIXED_TOTAL: {
        double pairs = pairs_of(law);
        int64_t most = pairs < 0x1p62 ? (int64_t)pairs : INT64_MAX;
        return refuse_many(law, most, "pairs", fail);
    }
    case SNN_LAW_SMALL_WORLD:
        if (law->n < law->inputs || law->inputs == 0)
            return check_same(law, fail);
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'k' must be less than the %" PRId64
                            " neurons of the ring, got %" PRId64,
                            snn_law_names[law->kind], law->inputs, law->n);
    default: return SNN_OK;
    }
}

double snn_law_expected(const snn_law *law)
{
    switch (law->kind) {
    case SNN_LAW_ONE_TO_ONE: return (double)law->inputs;
    case SNN_LAW_BERNOULLI: return law->p * pairs_of(law);
    case SNN_LAW_FIXED_IN_DEGREE: return (double)law->n * (double)law->outputs;
    case SNN_LAW_FIXED_TOTAL: return (double)law->n;
    case SNN_LAW_FIXED_OUT_DEGREE:
    case SNN_LAW_SMALL_WORLD: return (double)law->n * (double)law->inputs;
    default: return pairs_of(law);
    }
}

static int64_t (*const row_of[SNN_LAWS])(const snn_rows *, int64_t, int32_t *) = {
    [SNN_LAW_ALL_TO_ALL] = all_row,
    [SNN_LAW_ONE_TO_ONE] = one_row,
    [SNN_LAW_BERNOULLI] = bernoulli_row,
    [SNN_LAW_FIXED_IN_DEGREE] = chosen_row,
    [SNN_LAW_FIXED_OUT_DEGREE] = chosen_row,
    [SNN_LAW_FIXED_TOTAL] = chosen_row,
    [SNN_LAW_SMALL_WORLD] = small_world_row,
};

snn_status snn_law_make(const snn_law *law, snn_fail *fail, snn_pattern **out)
{
    bool by_output = law->kind == SNN_LAW_FIXED_IN_DEGREE;
    maker m = {
        .rows = { .inputs = by_output ? law->outputs : law->inputs,
                  .outputs = by_output ? law->inputs : law->outputs,
                  .key = law->key, .no_self = law->no_self, .cost = 50,
                  .expected = snn_law_expected(law),
                  .where = snn_law_names[law->kind],
                  .row = row_of[law->kind] },
        .law = law,
        .chances = snn_chances_of(law->p),
    };
    *out = NULL;
    snn_status status = snn_law_check(law, fail);
    if (status) return status;
    if (m.rows.expected > 0x1p31 - 1)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: it makes 2^31 synapses or more", m.rows.where);
    if (law->kind == SNN_LAW_FIXED_TOTAL) return make_total(&m, fail, out);
    return by_output ? snn_rows_make_turned(&m.rows, fail, out)
                     : snn_rows_make(&m.rows, fail, out);
}

/* ---- masks ---- */

typedef struct mask_rows {
    snn_rows rows;
    const uint8_t *mask;
} mask_rows;

static int64_t mask_row(const snn_rows *rows, int64_t j, int32_t *out)
{
    const uint8_t *mask = ((const mask_rows *)(const void *)rows)->mask;
    int64_t n = 0;
    mask += j * rows->outputs;
    for (int64_t i = 0; i < rows->outputs; i++) {
        if (!mask[i]) continue;
        if (out) out[n] = (int32_t)i;
        n++;
    }
    return n;
}

snn_status snn_law_mask(int64_t inputs, int64_t outputs, const uint8_t *mask,
                        snn_fail *fail, snn_pattern **out)
{
    const mask_rows m = {
        .rows = { .inputs = outputs, .outputs = inputs, .cost = 1,
                  .expected = (double)inputs * (double)outputs,
                  .where = "connect.mask", .row = mask_row },
        .mask = mask,
    };
    return snn_rows_make_turned(&m.rows, fail, out);
}
