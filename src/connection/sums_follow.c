/* A weight that changes corrects the sums at the outputs by change x current: an
   update that visits few rows and columns costs the sums about as much as the
   weight. Of compressed rows each change is met right after it was made; else what a
   row, an input, gave leaves before the change and what it gives enters after it, and
   a column, an output, is summed anew. Sums of many changes are left to the next step
   (connection/sums.c).

   Currents are read one by one from the trail, at the delay of the weight and as of
   the step that the sums are of: of one part they are grown back to it, as what has
   arrived since is. */
#include <math.h>

#include "connection/connection.h"
#include "connection/sums_run.h"
#include "util/bits.h"
#include "util/mem.h"

enum { SOME = SNN_TRAIL_SOME };

/* One sample of the change. */
typedef struct follower {
    const snn_connection *connection;
    const snn_pattern *rows; /* compressed rows, or NULL: a matrix */
    const void *weight;
    const void *delay; /* of each element, or shared; NULL: the lag of all */
    snn_trail_then then;
    double growth; /* of currents */
    int parts;
    bool is_f64;
    double *y[SNN_SUMS_MOST]; /* (outputs) */
} follower;

static double weight_at(const follower *f, int64_t k)
{
    return f->is_f64 ? ((const double *)f->weight)[k]
                     : (double)((const float *)f->weight)[k];
}

/* Places of elements: a list, or `step` apart. */
typedef struct places {
    const int32_t *list;
    const int64_t *wide; /* the same */
    int64_t first, step;
} places;

static int64_t place_of(const places *at, int64_t i)
{
    if (at->wide) return at->wide[i];
    return at->list ? at->list[i] : at->first + i * at->step;
}

static double delay_at(const follower *f, int64_t place)
{
    const snn_param *delay = &f->connection->delay;
    if (delay->codes) return snn_codes_at(delay->codes, place);
    if (snn_param_is_shared(delay)) place = 0;
    return f->is_f64 ? ((const double *)f->delay)[place]
                     : (double)((const float *)f->delay)[place];
}

/* How long ago the currents of n elements are read, and what part of them. */
static void look_up(const follower *f, const places *at, int64_t n, int32_t *age,
                    double *factor)
{
    const snn_synapse *synapse = f->connection->synapse;
    if (f->is_f64) {
        double time[SOME] = { 0 };
        for (int64_t i = 0; i < n; i++) time[i] = delay_at(f, place_of(at, i));
        snn_synapse_ages(synapse, false, time, n, age, factor, NULL);
    } else {
        float time[SOME] = { 0 }, share[SOME];
        for (int64_t i = 0; i < n; i++)
            time[i] = (float)delay_at(f, place_of(at, i));
        snn_synapse_ages(synapse, false, time, n, age, share, NULL);
        for (int64_t i = 0; i < n; i++) factor[i] = (double)share[i];
    }
}

/* Currents of n <= SOME inputs of the sample at the delays of these elements. */
static bool currents(const follower *f, const int32_t *input, const places *at,
                     int64_t n, double x[SNN_SUMS_MOST][SOME])
{
    double *const out[] = { x[0], x[1] };
    double factor[SOME];
    int32_t age[SOME];
    snn_trail_then then = f->then;
    if (f->delay) {
        look_up(f, at, n, age, factor);
        then.age = age;
    }
    if (!snn_synapse_some(f->connection->synapse, &then, input, n, out))
        return false;
    for (int64_t i = 0; i < n && f->delay; i++) x[0][i] *= factor[i];
    for (int64_t i = 0; i < n; i++) x[0][i] *= f->growth;
    return true;
}

static void add_row(const follower *f, int64_t row, double factor, double *y)
{
    const int64_t columns = f->connection->outputs;
    const size_t size = f->is_f64 ? sizeof(double) : sizeof(float);
    if (factor == 0) return;
    if (!f->rows) {
        const char *w = (const char *)f->weight + (size_t)(row * columns) * size;
        snn_sums_add(y, factor, w, columns, f->is_f64);
        return;
    }
    for (int64_t k = f->rows->first[row]; k < f->rows->first[row + 1]; k++)
        y[f->rows->post[k]] += factor * weight_at(f, k);
}

/* A row whose elements have delays of their own. */
static bool add_delayed_row(const follower *f, int64_t row, double sign)
{
    const int64_t columns = f->connection->outputs;
    const int64_t first = f->rows ? f->rows->first[row] : row * columns;
    const int64_t end = f->rows ? f->rows->first[row + 1] : first + columns;
    double x[SNN_SUMS_MOST][SOME], *y = f->y[0];
    int32_t input[SOME];
    for (int i = 0; i < SOME; i++) input[i] = (int32_t)row;
    for (int64_t k = first; k < end; k += SOME) {
        const int64_t n = end - k < SOME ? end - k : SOME;
        if (!currents(f, input, &(places){ .first = k, .step = 1 }, n, x))
            return false;
        for (int64_t i = 0; i < n; i++)
            if (x[0][i] != 0)
                y[f->rows ? f->rows->post[k + i] : k + i - first] +=
                    sign * x[0][i] * weight_at(f, k + i);
    }
    return true;
}

static bool add_rows(const follower *f, const uint64_t *bits, double sign)
{
    int64_t at = 0, list[SOME];
    int32_t input[SOME];
    double x[SNN_SUMS_MOST][SOME];
    for (;;) {
        int n = snn_bits_list(bits, NULL, f->connection->inputs, &at, list, SOME);
        if (n == 0) return true;
        for (int i = 0; i < n; i++) input[i] = (int32_t)list[i];
        for (int i = 0; i < n && f->delay; i++)
            if (!add_delayed_row(f, list[i], sign)) return false;
        if (f->delay) continue;
        if (!currents(f, input, NULL, n, x)) return false;
        for (int i = 0; i < n; i++)
            for (int p = 0; p < f->parts; p++)
                add_row(f, list[i], sign * x[p][i], f->y[p]);
    }
}

/* Adds to a column what n inputs give, of these elements. */
static void add_to(const follower *f, int64_t column, const places *at, int64_t n,
                   double x[SNN_SUMS_MOST][SOME])
{
    for (int p = 0; p < f->parts; p++) {
        double sum = f->y[p][column];
        for (int64_t i = 0; i < n; i++)
            if (x[p][i] != 0) sum += x[p][i] * weight_at(f, place_of(at, i));
        f->y[p][column] = sum;
    }
}

/* Inputs ascend, as in a matrix. */
static bool sum_sparse_column(const follower *f, int64_t column)
{
    const snn_pattern *of = f->rows;
    double x[SNN_SUMS_MOST][SOME];
    const int64_t end = of->column_first[column + 1];
    for (int64_t c = of->column_first[column]; c < end; c += SOME) {
        const int64_t n = end - c < SOME ? end - c : SOME;
        const places at = { .list = of->place + c };
        if (!currents(f, of->pre + c, &at, n, x)) return false;
        add_to(f, column, &at, n, x);
    }
    return true;
}

/* Of a matrix the currents are worked out once for all columns, unless they have
   delays of their own. */
static bool sum_matrix_columns(const follower *f, const uint64_t *bits)
{
    const int64_t inputs = f->connection->inputs, outputs = f->connection->outputs;
    int64_t column;
    int32_t input[SOME];
    double x[SNN_SUMS_MOST][SOME];
    for (int64_t first = 0; first < inputs; first += SOME) {
        const int64_t n = inputs - first < SOME ? inputs - first : SOME;
        for (int64_t i = 0; i < n; i++) input[i] = (int32_t)(first + i);
        if (!f->delay && !currents(f, input, NULL, n, x)) return false;
        int64_t next = 0;
        while (snn_bits_list(bits, NULL, outputs, &next, &column, 1)) {
            const places at = { .first = first * outputs + column, .step = outputs };
            if (f->delay && !currents(f, input, &at, n, x)) return false;
            add_to(f, column, &at, n, x);
        }
    }
    return true;
}

static bool sum_columns(const follower *f, const uint64_t *bits)
{
    const int64_t outputs = f->connection->outputs;
    int64_t at = 0, column;
    bool is_any = false;
    while (snn_bits_list(bits, NULL, outputs, &at, &column, 1)) {
        for (int p = 0; p < f->parts; p++) f->y[p][column] = 0;
        if (f->rows && !sum_sparse_column(f, column)) return false;
        is_any = true;
    }
    return f->rows || !is_any || sum_matrix_columns(f, bits);
}

static bool are_finite(const follower *f)
{
    int others = 0;
    for (int p = 0; p < f->parts; p++)
        for (int64_t j = 0; j < f->connection->outputs; j++)
            others |= f->y[p][j] * 0 != 0;
    return !others;
}

/* ---- the watch of the weight ---- */

static double *edit(snn_connection *c, int part)
{
    return snn_tensor_edit(&c->sums.y[c->sums.now.slot][part], true);
}

static follower open_sample(snn_connection *c, int64_t sample)
{
    const int parts = snn_synapse_stored(c->synapse);
    const int64_t age = c->sums.now.age, lag = c->sums.now.lag;
    follower f = {
        .connection = c,
        .rows = snn_pattern_is_rows(c->weight.pattern) ? c->weight.pattern : NULL,
        .weight = snn_param_data(&c->weight),
        .delay = lag == SNN_SUMS_BY_ARRIVALS ? snn_param_data(&c->delay) : NULL,
        .then = { .sample = sample, .lag = lag > 0 ? lag : 0,
                  .quiet = parts > 1 ? age : 0 },
        .growth = parts > 1 ? 1 : snn_sums_growth(c->synapse, age),
        .parts = parts,
        .is_f64 = c->weight.value.dtype == SNN_FLOAT64,
    };
    for (int p = 0; p < f.parts; p++) /* its own already: no failure */
        f.y[p] = edit(c, p) + sample * c->outputs;
    return f;
}

static snn_status ready(void *self, snn_fail *fail)
{
    snn_connection *c = self;
    snn_param_watch *watch = &c->follow;
    const size_t rows = snn_bits_words(c->weight.rows);
    const size_t bytes =
        (rows + snn_bits_words(c->weight.columns)) * sizeof(uint64_t);
    watch->follows = false;
    snn_status status = snn_sums_ready(c, fail); /* an update before the first step */
    if (status) return status;
    if (c->weight.pattern->kind == SNN_PATTERN_ONE_TO_ONE || !snn_sums_newest(c))
        return SNN_OK; /* of a diagonal to sum anew costs no more */
    if (!watch->row_bits) watch->row_bits = snn_mem_alloc(bytes);
    if (!watch->row_bits) return snn_fail_memory(fail, c->model->name, bytes);
    watch->column_bits = watch->row_bits + rows;
    for (int p = 0; p < snn_synapse_stored(c->synapse); p++)
        if (!edit(c, p))
            return snn_fail_memory(fail, c->model->name, sizeof(double));
    watch->follows = true;
    return SNN_OK;
}

static int64_t count(const uint64_t *bits, int64_t n)
{
    int64_t set = 0;
    for (size_t w = 0; w < snn_bits_words(n); w++) set += snn_bits_count(bits[w]);
    return set;
}

/* Where a good part of the lines change, to sum anew costs less. */
static bool are_few(const snn_connection *c)
{
    const int64_t rows = count(c->follow.row_bits, c->inputs);
    const int64_t columns = count(c->follow.column_bits, c->outputs);
    const snn_pattern *of = c->weight.pattern;
    if (snn_pattern_is_rows(of) && columns > 0 && !of->column_first) return false;
    return 2.0 * (double)rows / (double)c->inputs +
               (double)columns / (double)c->outputs < 0.5;
}

/* The sums take part no more: the next step makes them anew. */
static void give_up(snn_connection *c)
{
    c->follow.follows = false;
    c->sums.now.is_held = false;
}

static void leave(void *self)
{
    snn_connection *c = self;
    const int64_t batch = snn_connection_common(c)->batch_size;
    if (!are_few(c)) give_up(c);
    for (int64_t b = 0; b < batch && c->follow.follows; b++) {
        follower f = open_sample(c, b);
        if (!add_rows(&f, c->follow.row_bits, -1)) give_up(c);
    }
}

static void enter(void *self)
{
    snn_connection *c = self;
    const int64_t batch = snn_connection_common(c)->batch_size;
    for (int64_t b = 0; b < batch && c->follow.follows; b++) {
        follower f = open_sample(c, b);
        if (!add_rows(&f, c->follow.row_bits, 1) ||
            !sum_columns(&f, c->follow.column_bits) || !are_finite(&f))
            give_up(c);
    }
}

/* ---- lines of compressed rows ---- */

static snn_sums_change change_of(const follower *f, const snn_sparse_pairs *q,
                                 int64_t line, int64_t *end)
{
    int64_t first;
    const int64_t n = snn_sparse_line(f->rows, q->kind, q->line[line], &first);
    const size_t size = f->is_f64 ? sizeof(double) : sizeof(float);
    *end = first + n;
    return (snn_sums_change){
        .weight = f->weight,
        .was = (const char *)q->result + (size_t)q->start[line] * size,
        .first = first,
        .n = n,
    };
}

static bool follow_rows(const follower *f, const snn_sparse_pairs *q)
{
    double x[SNN_SUMS_MOST][SOME];
    bool is_finite = true;
    int64_t end;
    for (int64_t k = 0; k < q->count; k += SOME) {
        const int64_t n = q->count - k < SOME ? q->count - k : SOME;
        if (!currents(f, q->line + k, NULL, n, x)) return false;
        for (int64_t i = 0; i < n; i++) {
            const snn_sums_change change = change_of(f, q, k + i, &end);
            const int32_t *output = f->rows->post + change.first;
            for (int p = 0; p < f->parts; p++)
                if (x[p][i] != 0)
                    is_finite &= snn_sums_row(&change, &x[p][i], false, output,
                                              f->y[p], f->is_f64);
        }
    }
    return is_finite;
}

/* A row whose elements have delays of their own. */
static bool follow_delayed_row(const follower *f, const snn_sparse_pairs *q,
                               int64_t k)
{
    const size_t size = f->is_f64 ? sizeof(double) : sizeof(float);
    double x[SNN_SUMS_MOST][SOME];
    int32_t input[SOME];
    bool is_finite = true;
    int64_t end;
    snn_sums_change change = change_of(f, q, k, &end);
    for (int i = 0; i < SOME; i++) input[i] = q->line[k];
    for (; change.first < end; change.first += change.n) {
        const places at = { .first = change.first, .step = 1 };
        change.n = end - change.first < SOME ? end - change.first : SOME;
        if (!currents(f, input, &at, change.n, x)) return false;
        is_finite &= snn_sums_row(&change, x[0], true, f->rows->post + change.first,
                                  f->y[0], f->is_f64);
        change.was = (const char *)change.was + (size_t)change.n * size;
    }
    return is_finite;
}

static bool follow_column(const follower *f, const snn_sparse_pairs *q, int64_t k)
{
    const size_t size = f->is_f64 ? sizeof(double) : sizeof(float);
    double x[SNN_SUMS_MOST][SOME];
    bool is_finite = true;
    int64_t end;
    snn_sums_change change = change_of(f, q, k, &end);
    for (int64_t at = change.first; at < end; at += change.n) {
        change.n = end - at < SOME ? end - at : SOME;
        change.place = f->rows->place + at;
        if (!currents(f, f->rows->pre + at, &(places){ .list = change.place },
                      change.n, x))
            return false;
        for (int p = 0; p < f->parts; p++) {
            double *y = &f->y[p][q->line[k]];
            *y += snn_sums_column(&change, x[p], f->is_f64);
            is_finite &= *y * 0 == 0;
        }
        change.was = (const char *)change.was + (size_t)change.n * size;
    }
    return is_finite;
}

/* Where so many elements change, to sum anew costs less. */
static bool are_most(const snn_connection *c, const snn_sparse_pairs *q)
{
    return q->elements > c->weight.pattern->count / 2;
}

static void lines(void *self, const snn_sparse_pairs *q)
{
    snn_connection *c = self;
    const int64_t batch = snn_connection_common(c)->batch_size;
    if (are_most(c, q)) give_up(c);
    for (int64_t b = 0; b < batch && c->follow.follows; b++) {
        const follower f = open_sample(c, b);
        const bool of_rows = q->kind == SNN_ROW_PAIRS;
        bool is_finite = !of_rows || f.delay || follow_rows(&f, q);
        for (int64_t k = 0; k < q->count && is_finite; k++)
            if (!of_rows)
                is_finite = follow_column(&f, q, k);
            else if (f.delay)
                is_finite = follow_delayed_row(&f, q, k);
        if (!is_finite) give_up(c);
    }
}

/* ---- some elements ---- */

/* The input that an element of compressed rows is of, which is `row` or a later one. */
static int64_t row_of(const snn_pattern *rows, int64_t place, int64_t row)
{
    int64_t end = rows->inputs;
    while (end - row > 1) {
        const int64_t middle = row + (end - row) / 2;
        if (rows->first[middle] <= place)
            row = middle;
        else
            end = middle;
    }
    return row;
}

static void find_ends(const follower *f, const int64_t *place, int64_t n,
                      int32_t *input, int32_t *output)
{
    const int64_t columns = f->connection->outputs;
    int64_t row = 0;
    for (int64_t i = 0; i < n; i++) {
        row = f->rows ? row_of(f->rows, place[i], row) : place[i] / columns;
        input[i] = (int32_t)row;
        output[i] = f->rows ? f->rows->post[place[i]]
                            : (int32_t)(place[i] - row * columns);
    }
}

/* n <= SOME of them. */
static bool follow_some(const follower *f, const int64_t *place, const void *was,
                        int64_t n)
{
    double x[SNN_SUMS_MOST][SOME];
    int32_t input[SOME] = { 0 }, output[SOME];
    bool is_finite = true;
    find_ends(f, place, n, input, output);
    if (!currents(f, input, &(places){ .wide = place }, n, x)) return false;
    for (int64_t i = 0; i < n; i++) {
        const double old = f->is_f64 ? ((const double *)was)[i]
                                     : (double)((const float *)was)[i];
        const double change = weight_at(f, place[i]) - old;
        for (int p = 0; p < f->parts; p++) {
            double *y = &f->y[p][output[i]];
            if (x[p][i] != 0) *y += x[p][i] * change;
            is_finite &= *y * 0 == 0;
        }
    }
    return is_finite;
}

static void elements(void *self, const int64_t *place, const void *was, int64_t n)
{
    snn_connection *c = self;
    const int64_t batch = snn_connection_common(c)->batch_size;
    const size_t size = snn_dtype_size(c->weight.value.dtype);
    for (int64_t b = 0; b < batch && c->follow.follows; b++) {
        const follower f = open_sample(c, b);
        for (int64_t k = 0; k < n && c->follow.follows; k += SOME) {
            const int64_t some = n - k < SOME ? n - k : SOME;
            const char *from = (const char *)was + (size_t)k * size;
            if (!follow_some(&f, place + k, from, some)) give_up(c);
        }
    }
}

static void done(void *self)
{
    snn_connection *c = self;
    c->sums.now.version = c->weight.version;
    c->follow.follows = false;
}

void snn_sums_follow(snn_connection *connection)
{
    if (connection->weight.pattern->kind == SNN_PATTERN_ONE_TO_ONE ||
        connection->model->has_patches)
        return; /* the next step sums anew */
    connection->follow = (snn_param_watch){ .self = connection, .ready = ready,
                                            .leave = leave, .enter = enter,
                                            .lines = lines,
                                            .elements = elements, .done = done };
    connection->weight.watch = &connection->follow;
}
