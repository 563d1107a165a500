/* Pairings are put together as they came at first, from events and traces: a
   trace that is scaled already is one of the scale 1, and so is a column's sum
   that of a sample of its own. All that is made new (lists of rows, bits of
   blocks) is so from the same numbers. */
#include "update/pending.h"

#include <inttypes.h>
#include <string.h>

#include "update/self.h"
#include "util/bits.h"
#include "util/mem.h"

void snn_pending_clear(snn_pending *p)
{
    snn_tensor_clear(&p->index);
    snn_tensor_clear(&p->sample);
    snn_tensor_clear(&p->value);
    snn_tensor_clear(&p->dirty_rows);
    snn_tensor_clear(&p->dirty_columns);
}

/* ---- reading ---- */

static const char *const reading = "accumulator";

static snn_status vector(int64_t n, snn_dtype dtype, snn_fail *fail,
                         snn_tensor *out)
{
    snn_shape shape = snn_shape_of(1, &n);
    return snn_tensor_new(&shape, dtype, reading, fail, out);
}

static snn_status matrix(int64_t rows, int64_t columns, snn_dtype dtype,
                         snn_fail *fail, snn_tensor *out)
{
    snn_shape shape = snn_shape_of(2, (int64_t[]){ rows, columns });
    return snn_tensor_zeros(&shape, dtype, reading, fail, out);
}

/* The data of a delta as saved: of compressed rows one row. */
static int64_t data_rows(const snn_delta *delta)
{
    return delta->pattern ? 1 : delta->rows;
}

static int64_t data_columns(const snn_delta *delta)
{
    return delta->pattern ? delta->pattern->count : delta->columns;
}

static snn_status read_indices(const int32_t *from, int64_t n, snn_fail *fail,
                               snn_tensor *out)
{
    snn_status status = vector(n, SNN_INT64, fail, out);
    if (status) return status;
    int64_t *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < n; i++) to[i] = from[i];
    return SNN_OK;
}

/* What an event of sample b adds to its row, without the lanes that blocks have in
   common (pairs.c). */
static void read_value(const snn_pairs *q, int64_t b, size_t real, char *to)
{
    int64_t blocks = snn_pairs_blocks(q->columns);
    const char *value = (const char *)q->value +
                        (size_t)(b * blocks * SNN_LANES) * real;
    for (int64_t k = 0; k < blocks; k++) {
        int64_t at = k * SNN_LANES, n = q->columns - at;
        int64_t skipped = at - snn_pairs_place(k, q->columns);
        if (n > SNN_LANES) n = SNN_LANES;
        memcpy(to + (size_t)at * real,
               value + (size_t)(at + skipped) * real, (size_t)n * real);
    }
}

static snn_status read_lines(const snn_delta *delta, snn_fail *fail,
                             snn_pending *out);

static snn_status read_rows(const snn_delta *delta, snn_fail *fail,
                            snn_pending *out)
{
    if (delta->pattern) return read_lines(delta, fail, out);
    const snn_pairs *q = &delta->pairs;
    size_t real = snn_dtype_size(delta->dtype);
    snn_status status = read_indices(q->row + 1, q->count, fail, &out->index);
    if (!status)
        status = read_indices(q->sample + 1, q->count, fail, &out->sample);
    if (!status)
        status = matrix(q->batch, q->columns, delta->dtype, fail, &out->value);
    if (status) return status;
    char *to = snn_tensor_edit(&out->value, true);
    for (int64_t b = 0; b < q->batch; b++, to += (size_t)q->columns * real)
        if (q->offset[b] < q->offset[b + 1]) read_value(q, b, real, to);
    return SNN_OK;
}

static snn_status read_columns(const snn_delta *delta, snn_fail *fail,
                               snn_pending *out)
{
    if (delta->pattern) return read_lines(delta, fail, out);
    const snn_pairs *q = &delta->pairs;
    snn_status status = read_indices(q->column, q->count, fail, &out->index);
    if (!status)
        status = matrix(q->count, q->rows, delta->dtype, fail, &out->value);
    if (!status && q->count > 0)
        memcpy(snn_tensor_edit(&out->value, true), q->sum,
               snn_tensor_bytes(&out->value));
    return status;
}

static snn_status read_bits(const uint64_t *bits, int64_t n, snn_fail *fail,
                            snn_tensor *out)
{
    snn_status status = vector(n, SNN_BOOL, fail, out);
    if (status) return status;
    uint8_t *to = snn_tensor_edit(out, false);
    for (int64_t i = 0; i < n; i++) to[i] = snn_bits_test(bits, i);
    return SNN_OK;
}

/* Places that wait, into the zeros of a matrix. */
static void put_places(const snn_delta *delta, snn_pending *out)
{
    snn_pairs_settle(&delta->pairs, delta->dtype == SNN_FLOAT64,
                     snn_tensor_edit(&out->value, true));
    uint8_t *row = snn_tensor_edit(&out->dirty_rows, true);
    for (int64_t i = 0; i < delta->pairs.count; i++)
        row[delta->pairs.at[i] / delta->columns] = 1;
}

static snn_status read_matrix(const snn_delta *delta, snn_fail *fail,
                              snn_pending *out)
{
    snn_status status = matrix(data_rows(delta), data_columns(delta),
                               delta->dtype, fail, &out->value);
    if (!status && snn_tensor_count(&out->value) > 0)
        memcpy(snn_tensor_edit(&out->value, true), delta->data,
               snn_tensor_bytes(&out->value));
    if (status || delta->is_dense) return status;
    status = read_bits(delta->row_bits, delta->rows, fail, &out->dirty_rows);
    if (!status)
        status = read_bits(delta->column_bits, delta->columns, fail,
                           &out->dirty_columns);
    if (!status && delta->pairs.kind == SNN_PLACE_PAIRS) put_places(delta, out);
    return status;
}

/* A part or a row of what is lent, as a matrix that is lent whole. */
static snn_status read_part(const snn_delta *delta, snn_fail *fail,
                            snn_pending *out)
{
    snn_status status = matrix(data_rows(delta), data_columns(delta),
                               delta->dtype, fail, &out->value);
    if (status) return status;
    snn_delta_lent(delta, snn_tensor_edit(&out->value, true));
    out->factor = 1;
    return SNN_OK;
}

/* The memory of what is lent, in which its shape does not matter. */
static snn_status read_lent(const snn_delta *delta, snn_fail *fail,
                            snn_pending *out)
{
    if (delta->is_part || snn_delta_lends_row(delta))
        return read_part(delta, fail, out);
    snn_status status = snn_tensor_share(&delta->lent, false, fail, &out->value);
    if (status) return status;
    out->value.shape =
        snn_shape_of(2, (int64_t[]){ data_rows(delta), data_columns(delta) });
    snn_tensor_lay_out(&out->value);
    out->factor = delta->factor;
    return SNN_OK;
}

/* ---- writing ---- */

/* ValueError unless the tensor is contiguous, of that dtype and so many dimensions:
   sizes of -1 are free. */
static snn_status check(const snn_tensor *t, snn_dtype dtype, int ndim,
                        int64_t first, int64_t second, const char *where,
                        snn_fail *fail)
{
    bool fits = !snn_tensor_is_empty(t) && t->dtype == dtype &&
                t->shape.ndim == ndim && snn_tensor_is_contiguous(t);
    fits = fits && (first < 0 || t->shape.size[0] == first);
    fits = fits && (ndim < 2 || second < 0 || t->shape.size[1] == second);
    if (fits) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: what waits is not of this parameter", where);
}

/* Files count from 0. */
static snn_status refuse(const char *where, const char *what, int64_t i,
                         snn_fail *fail)
{
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: no %s has the index %" PRId64, where, what, i);
}

static snn_status check_indices(const snn_tensor *t, int64_t most,
                                const char *what, const char *where,
                                snn_fail *fail)
{
    const int64_t *index = snn_tensor_i64(t);
    for (int64_t i = 0; i < snn_tensor_count(t); i++)
        if (index[i] < 0 || index[i] >= most)
            return refuse(where, what, index[i], fail);
    return SNN_OK;
}

/* An event's lists in the form of the kernels', one block of memory. */
static snn_status make_events(const snn_tensor *index, int64_t batch,
                              const char *where, snn_fail *fail, snn_pair *p,
                              int32_t **offset)
{
    int64_t n = snn_tensor_count(index);
    size_t bytes;
    if (n >= INT32_MAX || batch >= INT32_MAX ||
        !snn_mem_mul((size_t)(n + batch + 1), sizeof(int32_t), &bytes))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: too many events wait", where);
    *offset = snn_mem_alloc(bytes);
    if (!*offset) return snn_fail_memory(fail, where, bytes);
    int32_t *to = *offset + batch + 1;
    for (int64_t i = 0; i < n; i++) to[i] = (int32_t)snn_tensor_i64(index)[i];
    p->batch = batch;
    p->offset = *offset;
    p->index = to;
    return SNN_OK;
}

static snn_status no_room(const char *where, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: the pairings that wait do not fit into memory",
                        where);
}

/* The events come sample by sample, each row once in a sample. */
static snn_status check_order(const snn_pending *p, const char *where,
                              snn_fail *fail)
{
    const int64_t *row = snn_tensor_i64(&p->index);
    const int64_t *sample = snn_tensor_i64(&p->sample);
    for (int64_t i = 1; i < snn_tensor_count(&p->index); i++)
        if (sample[i] < sample[i - 1] ||
            (sample[i] == sample[i - 1] && row[i] <= row[i - 1]))
            return snn_fail_set(fail, SNN_VALUE_ERROR,
                                "%s: event %" PRId64 " is out of order", where,
                                i + 1);
    return SNN_OK;
}

static snn_status check_rows(const snn_delta *delta, const snn_pending *p,
                             const char *where, snn_fail *fail)
{
    snn_status status =
        check(&p->value, delta->dtype, 2, -1, delta->columns, where, fail);
    if (!status) status = check(&p->index, SNN_INT64, 1, -1, 0, where, fail);
    if (!status)
        status = check(&p->sample, SNN_INT64, 1, p->index.shape.size[0], 0,
                       where, fail);
    if (!status)
        status = check_indices(&p->index, delta->rows, "row", where, fail);
    if (!status)
        status = check_indices(&p->sample, p->value.shape.size[0], "sample",
                               where, fail);
    return status ? status : check_order(p, where, fail);
}

static bool is_for_pairs(const snn_delta *delta, int64_t batch)
{
    return delta->columns <= SNN_PAIRS_MOST && batch <= SNN_PAIRS_SAMPLES;
}

static snn_status write_lines(snn_delta *delta, snn_pairs_kind kind,
                              const snn_pending *p, const char *where,
                              snn_fail *fail);

static snn_status write_rows(snn_delta *delta, const snn_pending *p,
                             const char *where, snn_fail *fail)
{
    if (delta->pattern)
        return write_lines(delta, SNN_ROW_PAIRS, p, where, fail);
    int32_t *offset;
    snn_status status = check_rows(delta, p, where, fail);
    if (status) return status;
    int64_t batch = p->value.shape.size[0], n = snn_tensor_count(&p->index);
    if (!is_for_pairs(delta, batch))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: so many samples do not wait", where);
    snn_pair pair = { .rows = delta->rows, .columns = delta->columns,
                      .trace = snn_tensor_data(&p->value), .scale = 1 };
    status = make_events(&p->index, batch, where, fail, &pair, &offset);
    if (status) return status;
    const int64_t *sample = snn_tensor_i64(&p->sample);
    for (int64_t b = 0, e = 0; b <= batch; b++) {
        while (e < n && sample[e] < b) e++;
        offset[b] = (int32_t)e;
    }
    bool taken = snn_pairs_take_rows(&delta->pairs, &pair,
                                     delta->dtype == SNN_FLOAT64);
    snn_mem_free(offset);
    if (!taken) return no_room(where, fail);
    delta->is_dirty = true;
    return SNN_OK;
}

static snn_status write_columns(snn_delta *delta, const snn_pending *p,
                                const char *where, snn_fail *fail)
{
    if (delta->pattern)
        return write_lines(delta, SNN_COLUMN_PAIRS, p, where, fail);
    int32_t *offset;
    snn_status status = check(&p->index, SNN_INT64, 1, -1, 0, where, fail);
    if (!status)
        status = check(&p->value, delta->dtype, 2, p->index.shape.size[0],
                       delta->rows, where, fail);
    if (!status)
        status = check_indices(&p->index, delta->columns, "column", where, fail);
    if (status) return status;
    int64_t n = snn_tensor_count(&p->index);
    if (!is_for_pairs(delta, 1) || n > delta->columns)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: so many columns do not wait", where);
    snn_pair pair = { .rows = delta->rows, .columns = delta->columns,
                      .trace = snn_tensor_data(&p->value), .scale = 1 };
    status = make_events(&p->index, n, where, fail, &pair, &offset);
    if (status) return status;
    for (int64_t i = 0; i <= n; i++) offset[i] = (int32_t)i;
    bool taken = snn_pairs_take_columns(&delta->pairs, &pair,
                                        delta->dtype == SNN_FLOAT64,
                                        delta->column_bits);
    snn_mem_free(offset);
    if (!taken) return no_room(where, fail);
    delta->is_dirty = true;
    return SNN_OK;
}

static snn_status write_lent(snn_delta *delta, const snn_pending *p,
                             const char *where, snn_fail *fail)
{
    snn_status status = check(&p->value, delta->dtype, 2, data_rows(delta),
                              data_columns(delta), where, fail);
    if (!status) status = snn_delta_room(delta, fail);
    return status ? status : snn_delta_lend(delta, &p->value, p->factor, fail);
}

static void write_bits(const snn_tensor *t, uint64_t *bits)
{
    const uint8_t *from = snn_tensor_bool(t);
    for (int64_t i = 0; i < snn_tensor_count(t); i++)
        if (from[i]) bits[i >> 6] |= UINT64_C(1) << (i & 63);
}

static snn_status refuse_clean(int64_t row, int64_t column, const char *where,
                               snn_fail *fail)
{
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: element (%" PRId64 ", %" PRId64
                        ") is not 0, in no dirty row or column",
                        where, row + 1, column + 1);
}

/* Outside of what is dirty nobody clears. */
static snn_status check_zero(const snn_delta *delta, const snn_pending *p,
                             const char *where, snn_fail *fail)
{
    static const char zero[sizeof(double)];
    size_t real = snn_dtype_size(delta->dtype);
    const uint8_t *row = snn_tensor_bool(&p->dirty_rows);
    const uint8_t *column = snn_tensor_bool(&p->dirty_columns);
    const char *at = snn_tensor_data(&p->value);
    const snn_pattern *of = delta->pattern;
    for (int64_t r = 0; of && r < delta->rows; r++)
        for (int64_t k = of->first[r]; k < of->first[r + 1]; k++)
            if (!row[r] && !column[of->post[k]] &&
                memcmp(at + (size_t)k * real, zero, real) != 0)
                return refuse_clean(r, of->post[k], where, fail);
    for (int64_t r = 0; !of && r < delta->rows; r++)
        for (int64_t c = 0; c < delta->columns; c++, at += real)
            if (!row[r] && !column[c] && memcmp(at, zero, real) != 0)
                return refuse_clean(r, c, where, fail);
    return SNN_OK;
}

static snn_status write_matrix(snn_delta *delta, const snn_pending *p,
                               const char *where, snn_fail *fail)
{
    bool is_dense = snn_tensor_is_empty(&p->dirty_rows) &&
                    snn_tensor_is_empty(&p->dirty_columns);
    snn_status status = check(&p->value, delta->dtype, 2, data_rows(delta),
                              data_columns(delta), where, fail);
    if (!status) status = snn_delta_room(delta, fail);
    if (!status && delta->pattern)
        status = snn_pattern_columns(delta->pattern, fail);
    if (!status && !is_dense) {
        status = check(&p->dirty_rows, SNN_BOOL, 1, delta->rows, 0, where, fail);
        if (!status)
            status = check(&p->dirty_columns, SNN_BOOL, 1, delta->columns, 0,
                           where, fail);
        if (!status) status = check_zero(delta, p, where, fail);
    }
    if (status) return status;
    if (snn_tensor_count(&p->value) > 0)
        memcpy(delta->data, snn_tensor_data(&p->value),
               snn_tensor_bytes(&p->value));
    if (!is_dense) {
        write_bits(&p->dirty_rows, delta->row_bits);
        write_bits(&p->dirty_columns, delta->column_bits);
    }
    delta->is_dirty = true;
    delta->is_dense = is_dense;
    return SNN_OK;
}

/* ---- lines of compressed rows ---- */

/* `index` (n), the lines, `value` (1, elements) of all of them. */
static snn_status read_lines(const snn_delta *delta, snn_fail *fail,
                             snn_pending *out)
{
    const snn_sparse_pairs *q = &delta->lines;
    snn_status status = read_indices(q->line, q->count, fail, &out->index);
    if (!status)
        status = matrix(1, q->elements, delta->dtype, fail, &out->value);
    if (!status && q->elements > 0)
        memcpy(snn_tensor_edit(&out->value, true), q->value,
               snn_tensor_bytes(&out->value));
    return status;
}

/* Each line once, and as many values as they have elements. */
static snn_status check_lines(const snn_delta *delta, snn_pairs_kind kind,
                              const snn_pending *p, const char *where,
                              snn_fail *fail)
{
    bool is_row = kind == SNN_ROW_PAIRS;
    int64_t lines = is_row ? delta->rows : delta->columns, elements = 0, first;
    snn_status status = check(&p->index, SNN_INT64, 1, -1, 0, where, fail);
    if (!status)
        status = check_indices(&p->index, lines, is_row ? "row" : "column", where,
                               fail);
    if (status) return status;
    const int64_t *line = snn_tensor_i64(&p->index);
    size_t bytes = snn_bits_words(lines) * sizeof(uint64_t);
    uint64_t *seen = snn_mem_zeroed(bytes);
    if (!seen) return snn_fail_memory(fail, where, bytes);
    bool is_once = true;
    for (int64_t k = 0; k < snn_tensor_count(&p->index); k++) {
        is_once = is_once && !snn_bits_test(seen, line[k]);
        seen[line[k] >> 6] |= UINT64_C(1) << (line[k] & 63);
        elements += snn_sparse_line(delta->pattern, kind, line[k], &first);
    }
    snn_mem_free(seen);
    if (!is_once)
        return snn_fail_set(fail, SNN_VALUE_ERROR, "%s: a line waits twice", where);
    return check(&p->value, delta->dtype, 2, 1, elements, where, fail);
}

static snn_status write_lines(snn_delta *delta, snn_pairs_kind kind,
                              const snn_pending *p, const char *where,
                              snn_fail *fail)
{
    snn_status status = snn_pattern_columns(delta->pattern, fail);
    if (!status) status = check_lines(delta, kind, p, where, fail);
    if (status) return status;
    if (!snn_sparse_pairs_put(&delta->lines, delta->pattern, kind,
                              snn_tensor_i64(&p->index),
                              snn_tensor_count(&p->index),
                              snn_tensor_data(&p->value),
                              snn_tensor_count(&p->value),
                              delta->dtype == SNN_FLOAT64))
        return no_room(where, fail);
    delta->is_dirty = true;
    return SNN_OK;
}

/* ---- by form ---- */

typedef struct form {
    snn_status (*read)(const snn_delta *delta, snn_fail *fail, snn_pending *out);
    snn_status (*write)(snn_delta *delta, const snn_pending *p,
                        const char *where, snn_fail *fail);
} form;

static const form forms[] = {
    [SNN_PENDING_ROWS] = { read_rows, write_rows },
    [SNN_PENDING_COLUMNS] = { read_columns, write_columns },
    [SNN_PENDING_LENT] = { read_lent, write_lent },
    [SNN_PENDING_MATRIX] = { read_matrix, write_matrix },
};

static snn_pending_form form_of(const snn_delta *delta)
{
    if (!delta->is_dirty) return SNN_PENDING_ZERO;
    snn_pairs_kind kind = delta->pattern ? delta->lines.kind : delta->pairs.kind;
    if (kind == SNN_ROW_PAIRS) return SNN_PENDING_ROWS;
    if (kind == SNN_COLUMN_PAIRS) return SNN_PENDING_COLUMNS;
    return snn_tensor_is_empty(&delta->lent) ? SNN_PENDING_MATRIX
                                             : SNN_PENDING_LENT;
}

snn_status snn_pending_read(const snn_delta *delta, snn_fail *fail,
                            snn_pending *out)
{
    *out = (snn_pending){ .form = form_of(delta) };
    if (out->form == SNN_PENDING_ZERO) return SNN_OK;
    snn_status status = forms[out->form].read(delta, fail, out);
    if (status) snn_pending_clear(out);
    return status;
}

snn_status snn_pending_write(snn_delta *delta, const snn_pending *p,
                             const char *where, snn_fail *fail)
{
    if (p->form == SNN_PENDING_ZERO) return SNN_OK;
    return forms[p->form].write(delta, p, where, fail);
}

/* ---- of an accumulator ---- */

const snn_terms *snn_accumulator_side(const snn_accumulator *acc, snn_side side)
{
    return &acc->terms[side];
}

int snn_accumulator_calls(const snn_accumulator *acc) { return acc->calls; }

snn_status snn_pending_begin(const snn_accumulator *acc, snn_fail *fail,
                             snn_pending_terms *out)
{
    *out = (snn_pending_terms){ .has_layout = !acc->is_free };
    if (acc->is_updating)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "load: an update of this parameter runs");
    if (!acc->is_free) out->layout = acc->layout;
    return SNN_OK;
}

snn_status snn_pending_add_tensor(snn_pending_terms *p, snn_side side,
                                  const snn_tensor *term, const char *where,
                                  snn_fail *fail)
{
    if (!p->has_layout) p->layout = snn_layout_flat(&term->shape, term->dtype);
    snn_tensor brought;
    snn_status status = snn_layout_check(&p->layout, term, where, fail);
    if (!status && term->dtype != p->layout.dtype)
        status = snn_fail_set(fail, SNN_VALUE_ERROR,
                              "%s: a tensor of %s, must be of %s", where,
                              snn_dtype_name(term->dtype),
                              snn_dtype_name(p->layout.dtype));
    if (!status) status = snn_terms_reserve(&p->terms[side], fail);
    if (!status)
        status = snn_layout_bring(&p->layout, term, where, fail, &brought);
    if (status) return status;
    p->has_layout = true;
    snn_terms_push(&p->terms[side], &brought);
    return SNN_OK;
}

snn_status snn_pending_add_delta(snn_pending_terms *p, snn_side side,
                                 const snn_pending *term, const char *where,
                                 snn_fail *fail)
{
    if (!p->has_layout)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: no parameter is known that this term is of",
                            where);
    snn_terms *terms = &p->terms[side];
    snn_status status = snn_terms_ready(terms, &p->layout, false, fail);
    return status ? status
                  : snn_pending_write(snn_terms_delta(terms, false), term,
                                      where, fail);
}

void snn_pending_end(snn_accumulator *acc, snn_pending_terms *p, int calls)
{
    snn_accumulator_clear(acc);
    for (int i = 0; i < SNN_SIDES; i++) {
        snn_terms_free(&acc->terms[i]);
        acc->terms[i] = p->terms[i];
    }
    if (acc->is_free) {
        acc->has_layout = p->has_layout;
        acc->layout = p->layout;
    }
    acc->calls = calls;
    *p = (snn_pending_terms){ .has_layout = false };
}

void snn_pending_free(snn_pending_terms *p)
{
    for (int i = 0; i < SNN_SIDES; i++) snn_terms_free(&p->terms[i]);
}
