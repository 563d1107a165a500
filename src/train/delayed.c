/* A sample's spikes of the last steps are put together by input: bits of the ages
   at which it spiked. A row is looked through once, whatever it has of them. */
#include "train/delayed.h"

#include <math.h>
#include <string.h>

#include "observe/states.h"
#include "tensor/spikes.h"
#include "util/bits.h"
#include "util/pool.h"

/* ---- ages ---- */

static const snn_reducer *spikes_of(const snn_unit *unit)
{
    return &snn_unit_recorder(unit, "spike_pre")->reducer;
}

static snn_moments moments_of(const snn_unit *unit, const snn_reducer *r)
{
    const snn_connection *connection = unit->cell->connection;
    return snn_states_moments(r, connection->delay.value.dtype == SNN_FLOAT32,
                              snn_unit_args(unit)->interp_tolerance,
                              snn_connection_delayed_by(connection));
}

/* Rows of inputs, all outputs or compressed, whose records are as they were sent. */
static bool has_rows(const snn_unit *unit)
{
    const snn_connection *c = unit->cell->connection;
    const snn_recorder *spikes = snn_unit_recorder(unit, "spike_pre");
    snn_pattern_kind kind = c->weight.pattern->kind;
    return snn_unit_args(unit)->delayed &&
           snn_unit_delay(unit) > 0 && spikes->source == SNN_PRE &&
           spikes->reducer.history.length <= SNN_MOMENTS_OLDEST &&
           kind != SNN_PATTERN_ONE_TO_ONE && c->weight.rows == c->inputs &&
           (kind == SNN_PATTERN_ROWS || c->weight.columns == c->outputs) &&
           snn_param_count(&c->weight) < INT32_MAX / snn_unit_samples(unit);
}

static snn_status find_ages(const snn_unit *unit, snn_fail *fail, bool *ready)
{
    const snn_moments by = moments_of(unit, spikes_of(unit));
    snn_status status = snn_ages_update(unit->ages,
                                        &unit->cell->connection->delay, &by,
                                        unit->model->name, fail);
    *ready = !status && unit->ages->fits;
    return status;
}

snn_status snn_delayed_ready(const snn_unit *unit, snn_fail *fail, bool *ready)
{
    *ready = has_rows(unit) && spikes_of(unit)->dtype == SNN_BOOL;
    return *ready ? find_ages(unit, fail, ready) : SNN_OK;
}

/* ---- spikes ---- */

/* One sample's spikes within what is kept. */
typedef struct window {
    int64_t rows, words; /* of bits of ages */
    uint64_t *active;    /* inputs that have spiked, */
    uint64_t *ages;      /* (rows, words) when; of the others not set */
    uint16_t *which;     /* the same of a row as a list */
    const snn_events **step; /* events by age */
    int64_t steps;
} window;

static snn_status open_window(const snn_unit *unit, snn_fail *fail, window *w)
{
    const snn_history *history = &spikes_of(unit)->history;
    *w = (window){ .rows = unit->cell->connection->inputs,
                   .words = (int64_t)snn_bits_words(history->length),
                   .steps = history->count };
    size_t active = snn_bits_words(w->rows), words = (size_t)(w->rows * w->words);
    size_t length = (size_t)history->length;
    size_t bytes = (active + words) * sizeof(uint64_t) +
                   length * (sizeof *w->step + sizeof *w->which);
    w->active = snn_pool_take(bytes);
    if (!w->active) return snn_fail_memory(fail, unit->model->name, bytes);
    w->ages = w->active + active;
    w->step = (const snn_events **)(w->ages + words);
    w->which = (uint16_t *)(w->step + length);
    snn_status status = SNN_OK;
    for (int64_t age = 0; age < w->steps && !status; age++)
        status = snn_spikes_events(snn_history_at(history, age), fail,
                                   &w->step[age]);
    if (status) snn_pool_give(w->active);
    return status;
}

/* Puts a sample's spikes together. */
static void look_at(window *w, int64_t sample)
{
    snn_bits_clear(w->active, w->rows);
    for (int64_t age = 0; age < w->steps; age++) {
        const snn_events *e = w->step[age];
        for (int32_t k = e->offset[sample]; k < e->offset[sample + 1]; k++) {
            int64_t row = e->index[k];
            uint64_t bit = UINT64_C(1) << (row & 63);
            uint64_t *ages = w->ages + row * w->words;
            if (!(w->active[row >> 6] & bit))
                memset(ages, 0, (size_t)w->words * sizeof *ages);
            w->active[row >> 6] |= bit;
            ages[age >> 6] |= UINT64_C(1) << (age & 63);
        }
    }
}

static int ages_of(const window *w, int64_t row)
{
    int n = 0;
    for (int64_t i = 0; i < w->words; i++)
        for (uint64_t m = w->ages[row * w->words + i]; m; m &= m - 1)
            w->which[n++] = (uint16_t)(64 * i + __builtin_ctzll(m));
    return n;
}

/* Where the places of a row begin, and how many it has. */
static int64_t first_of(const snn_param *weight, int64_t row, int64_t *length)
{
    const int64_t *first = weight->pattern->first;
    *length = first ? first[row + 1] - first[row] : weight->columns;
    return first ? first[row] : row * weight->columns;
}

/* Those of a sample, behind `out`; returns the end. */
static int32_t *list(const snn_unit *unit, const window *w, int32_t *out)
{
    const snn_param *weight = &unit->cell->connection->weight;
    int64_t at = 0, row[64], length;
    for (int n; (n = snn_bits_list(w->active, NULL, w->rows, &at, row, 64)) > 0;)
        for (int i = 0; i < n; i++) {
            int64_t first = first_of(weight, row[i], &length);
            out = snn_ages_list(unit->ages, row[i], first, length, w->which,
                                ages_of(w, row[i]), out);
        }
    return out;
}

/* At most so many arrive in a step: at each place one of a sample. */
static int64_t most_of(const window *w, const snn_param *weight, int64_t batch)
{
    int64_t reached = 0, all = batch * snn_param_count(weight), length;
    for (int64_t age = 0; age < w->steps && reached < all; age++) {
        const snn_events *e = w->step[age];
        if (!weight->pattern->first) reached += e->count * weight->columns;
        for (int32_t k = 0; weight->pattern->first && k < e->count; k++) {
            first_of(weight, e->index[k], &length);
            reached += length;
        }
    }
    return reached < all ? reached : all;
}

snn_status snn_delayed_spikes(const snn_unit *unit, snn_fail *fail,
                              snn_delayed_events *out)
{
    window w;
    *out = (snn_delayed_events){ .memory = NULL };
    snn_status status = open_window(unit, fail, &w);
    if (status) return status;
    const snn_connection *connection = unit->cell->connection;
    snn_ages_use(unit->ages, &connection->delay);
    int64_t batch = snn_unit_samples(unit);
    int64_t places = snn_param_count(&connection->weight);
    int64_t most = most_of(&w, &connection->weight, batch);
    size_t bytes = (size_t)(batch + 1 + most) * sizeof(int32_t);
    int32_t *offset = snn_pool_take(bytes);
    if (!offset) {
        snn_pool_give(w.active);
        return snn_fail_memory(fail, unit->model->name, bytes);
    }
    int32_t *index = offset + batch + 1, *end = index;
    for (int64_t b = 0; b < batch; b++) {
        offset[b] = (int32_t)(end - index);
        look_at(&w, b);
        end = list(unit, &w, end);
    }
    offset[batch] = (int32_t)(end - index);
    snn_pool_give(w.active);
    out->memory = offset;
    out->events = (snn_events){ .rows = batch, .columns = places,
                                .count = offset[batch], .offset = offset,
                                .index = index };
    return SNN_OK;
}

void snn_delayed_events_clear(snn_delayed_events *events)
{
    if (events->memory) snn_pool_give(events->memory);
    *events = (snn_delayed_events){ .memory = NULL };
}

/* ---- traces ---- */

enum { RUN = 64 };

static double delay_at(const snn_param *delay, const void *data, int64_t place)
{
    if (delay->codes) return snn_codes_at(delay->codes, place);
    if (snn_param_is_shared(delay)) place = 0;
    return delay->value.dtype == SNN_FLOAT64 ? ((const double *)data)[place]
                                             : (double)((const float *)data)[place];
}

/* States that are read, a run at a time. */
typedef struct reading {
    const snn_connection *connection;
    const void *delay;
    snn_states states;
    snn_moments by;
    int64_t n;
    double time[RUN], value[RUN];
    int32_t element[RUN];
} reading;

static snn_status open_reading(const snn_unit *unit, const char *name, double ago,
                               snn_fail *fail, reading *r)
{
    const snn_reducer *reducer = &snn_unit_recorder(unit, name)->reducer;
    r->connection = unit->cell->connection;
    r->delay = snn_param_data(&r->connection->delay);
    r->by = moments_of(unit, reducer);
    r->by.ago = ago;
    r->n = 0;
    return snn_states_open(reducer, fail, &r->states);
}

/* The next one: of an input, at a place. */
static inline void add(reading *r, int64_t sample, int64_t input, int64_t place)
{
    r->element[r->n] = (int32_t)(sample * r->connection->inputs + input);
    r->time[r->n++] = delay_at(&r->connection->delay, r->delay, place);
}

/* False where one is no longer kept. */
static bool read(reading *r)
{
    bool is_kept = snn_states_read(&r->states, &r->by, r->time, r->element, r->n,
                                   r->value);
    r->n = 0;
    return is_kept;
}

static inline void put(const snn_tensor *out, void *to, int64_t at, double value)
{
    if (out->dtype == SNN_FLOAT64)
        ((double *)to)[at] = value;
    else
        ((float *)to)[at] = (float)value;
}

/* Those of a column, of one sample, from `at` on. */
static void read_column(reading *r, int64_t sample, int64_t column,
                        snn_tensor *out, int64_t at)
{
    const snn_connection *c = r->connection;
    void *to = snn_tensor_edit(out, false);
    for (int64_t first = 0, n; first < c->inputs; first += n) {
        n = c->inputs - first < RUN ? c->inputs - first : RUN;
        for (int64_t i = 0; i < n; i++)
            add(r, sample, first + i, (first + i) * c->outputs + column);
        read(r);
        for (int64_t i = 0; i < n; i++) put(out, to, at + first + i, r->value[i]);
    }
}

/* The same of compressed rows, each at its place, from `at` on. */
static void read_places(reading *r, int64_t sample, int64_t column,
                        snn_tensor *out, int64_t at)
{
    const snn_pattern *of = r->connection->weight.pattern;
    void *to = snn_tensor_edit(out, false);
    int64_t end = of->column_first[column + 1];
    for (int64_t k = of->column_first[column], n; k < end; k += n) {
        n = end - k < RUN ? end - k : RUN;
        for (int64_t i = 0; i < n; i++) add(r, sample, of->pre[k + i], of->place[k + i]);
        read(r);
        for (int64_t i = 0; i < n; i++) put(out, to, at + of->place[k + i], r->value[i]);
    }
}

snn_status snn_delayed_traces(const snn_unit *unit, const char *name,
                              const snn_events *post, snn_fail *fail,
                              snn_tensor *out)
{
    const snn_connection *connection = unit->cell->connection;
    const snn_pattern *rows = snn_connection_rows_of(connection);
    int64_t sizes[] = { rows ? post->rows : post->count,
                        rows ? rows->count : connection->inputs };
    snn_shape shape = snn_shape_of(2, sizes);
    reading r;
    *out = SNN_NO_TENSOR;
    snn_status status = open_reading(unit, name, 0, fail, &r);
    if (status) return status;
    status = snn_tensor_new(&shape, snn_connection_common(connection)->dtype,
                            unit->model->name, fail, out);
    for (int64_t b = 0; b < post->rows && !status; b++)
        for (int32_t e = post->offset[b]; e < post->offset[b + 1]; e++)
            if (rows)
                read_places(&r, b, post->index[e], out, b * rows->count);
            else
                read_column(&r, b, post->index[e], out, e * connection->inputs);
    snn_states_close(&r.states);
    return status;
}

/* The next events of a sample, whose places ascend from row *row on. */
static void add_events(reading *r, const snn_events *arrived, int64_t sample,
                       int32_t from, int32_t to, int64_t *row)
{
    const snn_param *weight = &r->connection->weight;
    int64_t length, first = first_of(weight, *row, &length);
    for (int32_t e = from; e < to; e++) {
        while (arrived->index[e] >= first + length)
            first = first_of(weight, ++*row, &length);
        add(r, sample, *row, arrived->index[e]);
    }
}

snn_status snn_delayed_own(const snn_unit *unit, const char *name, double ago,
                           const snn_events *arrived, snn_fail *fail, double *out,
                           bool *are_kept)
{
    reading r;
    snn_status status = open_reading(unit, name, ago, fail, &r);
    *are_kept = true;
    if (status) return status;
    for (int64_t b = 0; b < arrived->rows; b++) {
        int64_t row = 0;
        int32_t end = arrived->offset[b + 1];
        for (int32_t e = arrived->offset[b], n; e < end; e += n) {
            n = end - e < RUN ? end - e : RUN;
            add_events(&r, arrived, b, e, e + n, &row);
            *are_kept &= read(&r);
            memcpy(out + e, r.value, (size_t)n * sizeof *out);
        }
    }
    snn_states_close(&r.states);
    return status;
}

/* ---- steps since the last spike that has arrived ---- */

/* Of one input: by age, so that its places only look there. */
static void find_steps(const snn_states *s, double step_time, int64_t element,
                       int64_t width, double *steps)
{
    const snn_reducer *r = s->reducer;
    for (int64_t age = 0; age < width; age++) {
        double t = s->fill;
        if (age < r->history.count)
            t = r->dtype == SNN_FLOAT64 ? ((const double *)s->data[age])[element]
                                        : (double)((const float *)s->data[age])[element];
        steps[age] = t / step_time;
    }
}

static void read_steps(const snn_unit *unit, const snn_states *s, int64_t samples,
                       double *steps, double *to)
{
    const snn_connection *c = unit->cell->connection;
    const int64_t width = s->reducer->history.length;
    for (int64_t b = 0; b < samples; b++, to += snn_param_count(&c->weight))
        for (int64_t row = 0, length; row < c->inputs; row++) {
            int64_t first = first_of(&c->weight, row, &length);
            const uint16_t *age = unit->ages->of + first;
            find_steps(s, unit->step_time, b * c->inputs + row, width, steps);
            for (int64_t i = 0; i < length; i++) to[first + i] = steps[age[i]];
        }
}

snn_status snn_delayed_steps(const snn_unit *unit, snn_fail *fail, bool *ready,
                             snn_tensor *out)
{
    const snn_connection *c = unit->cell->connection;
    const snn_reducer *r = spikes_of(unit);
    const int64_t samples = snn_unit_samples(unit);
    const snn_tensor *latest = snn_reducer_latest(r);
    *out = SNN_NO_TENSOR;
    *ready = has_rows(unit) && snn_dtype_is_real(r->dtype) &&
             snn_tensor_count(latest) == samples * c->inputs;
    snn_status status = *ready ? find_ages(unit, fail, ready) : SNN_OK;
    if (status || !*ready) return status;
    *ready = snn_ages_are_on_steps(unit->ages, &c->delay);
    if (!*ready) return SNN_OK;
    const int64_t sizes[] = { samples, snn_param_count(&c->weight) };
    const snn_shape shape = snn_shape_of(2, sizes);
    size_t bytes = (size_t)r->history.length * sizeof(double);
    double *steps = snn_pool_take(bytes);
    if (!steps) return snn_fail_memory(fail, unit->model->name, bytes);
    snn_states states;
    status = snn_tensor_new(&shape, SNN_FLOAT64, unit->model->name, fail, out);
    if (!status) status = snn_states_open(r, fail, &states);
    if (!status) {
        read_steps(unit, &states, samples, steps, snn_tensor_edit(out, false));
        snn_states_close(&states);
    } else {
        snn_tensor_clear(out);
    }
    snn_pool_give(steps);
    return status;
}
