/* What a SpikeRecorder has recorded, or a monitor with `events`, as tensors; that of
   recorders also to be saved. For lua/snn/{spike_recorder,monitor_events}.lua. */
#include <math.h>
#include <string.h>

#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/event_log.h"
#include "bind/models/recorder.h"
#include "bind/tensor/tensor.h"
#include "util/number.h"

static snn_spike_recorder *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_recorder_class, where);
}

/* That of a recorder or of a monitor's events, which has had a state; the steps of
   the latter count as 1 ms. */
static const snn_spike_log *log_at(lua_State *L, const char *where)
{
    snn_spike_log *const *events = luaL_testudata(L, 1, snn_event_log_type);
    return events ? *events : self(L, where)->log;
}

/* A new tensor (count), or (rows, columns), of zeros, to be filled. */
static void *push_new(lua_State *L, const char *where, int64_t rows, int64_t columns,
                      snn_dtype dtype)
{
    snn_fail fail;
    snn_shape shape = { .ndim = columns ? 2 : 1, .size = { rows, columns } };
    snn_tensor *t = snn_push_tensor(L);
    snn_must(L, snn_tensor_zeros(&shape, dtype, where, &fail, t), &fail);
    snn_tensor_done(L);
    return snn_tensor_edit(t, true);
}

/* The sample at 2, from 0; -1: all. */
static int64_t sample_at(lua_State *L)
{
    return lua_isnoneornil(L, 2) ? -1 : lua_tointeger(L, 2) - 1;
}

static bool next_of(snn_spike_cursor *c, int64_t sample)
{
    while (snn_spikes_next(c))
        if (sample < 0 || c->sample == sample) return true;
    return false;
}

static int64_t count_of(const snn_spike_log *log, int64_t sample)
{
    snn_spike_cursor c = snn_spikes_since(log, 0);
    int64_t n = 0;
    if (sample < 0) return log->count;
    while (next_of(&c, sample)) n++;
    return n;
}

/* recorder_spikes(log, sample or nil): times in ms, neurons, samples and steps of
   all spikes that are kept, in their order. */
static int spikes(lua_State *L)
{
    const snn_spike_log *log = log_at(L, "times");
    int64_t sample = sample_at(L), n = count_of(log, sample);
    double *time = push_new(L, "times", n, 0, SNN_FLOAT64);
    int64_t *neuron = push_new(L, "times", n, 0, SNN_INT64);
    int64_t *of = push_new(L, "times", n, 0, SNN_INT64);
    int64_t *step = push_new(L, "times", n, 0, SNN_INT64);
    snn_spike_cursor c = snn_spikes_since(log, 0);
    for (int64_t k = 0; k < n && next_of(&c, sample); k++) {
        time[k] = snn_spike_log_time(log, c.step);
        neuron[k] = c.neuron + 1;
        of[k] = c.sample + 1;
        step[k] = c.step;
    }
    return 4;
}

/* recorder_trains(log, sample): a list of the times of each neuron. */
static int trains(lua_State *L)
{
    enum { LIST = 3 };
    const snn_spike_log *log = log_at(L, "trains");
    int64_t sample = sample_at(L), size = log->size;
    lua_settop(L, 2);
    lua_createtable(L, (int)(size < INT32_MAX ? size : 0), 0);
    int64_t *count = push_new(L, "trains", size, 0, SNN_INT64);
    snn_spike_cursor c = snn_spikes_since(log, 0);
    while (next_of(&c, sample)) count[c.neuron]++;
    double **to = lua_newuserdatauv(L, (size_t)(size + 1) * sizeof *to, 0);
    for (int64_t i = 0; i < size; i++) {
        to[i] = push_new(L, "trains", count[i], 0, SNN_FLOAT64);
        lua_rawseti(L, LIST, (lua_Integer)i + 1);
    }
    c = snn_spikes_since(log, 0);
    while (next_of(&c, sample)) *to[c.neuron]++ = snn_spike_log_time(log, c.step);
    lua_settop(L, LIST);
    return 1;
}

/* recorder_rate(log, sample or nil, bin): spikes a second and neuron in each bin
   of so many ms, and where the bins begin, ms. A spike counts where its step has its
   middle; a last bin may be a shorter one. */
static int rate(lua_State *L)
{
    const snn_spike_log *log = log_at(L, "rate");
    int64_t sample = sample_at(L);
    double bin = luaL_checknumber(L, 3);
    double all = snn_spike_log_time(log, log->steps);
    double bins = ceil(all / bin - 1e-9);
    if (!(bins <= 1e9))
        snn_error(L, SNN_VALUE_ERROR, "rate: %s ms are more bins than memory holds",
                  snn_real(all).text);
    int64_t n = (int64_t)bins;
    double *out = push_new(L, "rate", n, 0, SNN_FLOAT64);
    double *begin = push_new(L, "rate", n, 0, SNN_FLOAT64);
    snn_spike_cursor c = snn_spikes_since(log, 0);
    while (next_of(&c, sample)) {
        double middle = (snn_spike_log_time(log, c.step - 1) +
                         snn_spike_log_time(log, c.step)) / 2;
        int64_t i = (int64_t)(middle / bin);
        out[i < n ? i : n - 1]++;
    }
    double members = (double)log->size * (sample < 0 ? (double)log->samples : 1);
    for (int64_t i = 0; i < n; i++) {
        begin[i] = (double)i * bin;
        double width = i + 1 < n ? bin : all - begin[i];
        out[i] *= 1000 / (width * members);
    }
    return 2;
}

/* Of `size` places in n parts (data.part of lua/snn/plot/data.lua) that of place k. */
static int64_t part_of(int64_t k, int64_t n, int64_t size)
{
    return ((k + 1) * n - 1) / size;
}

/* recorder_counts(log, sample, columns, rows): spikes in so many parts of the
   steps and of the neurons. */
static int counts(lua_State *L)
{
    const snn_spike_log *log = log_at(L, "raster");
    int64_t sample = sample_at(L);
    int64_t columns = luaL_checkinteger(L, 3), rows = luaL_checkinteger(L, 4);
    int64_t *out = push_new(L, "raster", columns, rows, SNN_INT64);
    snn_spike_cursor c = snn_spikes_since(log, 0);
    while (next_of(&c, sample)) {
        int64_t i = part_of(c.step - 1, columns, log->steps);
        out[i * rows + part_of(c.neuron, rows, log->size)]++;
    }
    return 1;
}

/* ---- saved ---- */

/* recorder_size(recorder): neurons, the most samples, and spikes that are gone. */
static int sizes(lua_State *L)
{
    const snn_spike_log *log = self(L, "save")->log;
    lua_pushinteger(L, (lua_Integer)log->size);
    lua_pushinteger(L, (lua_Integer)log->samples);
    lua_pushinteger(L, (lua_Integer)log->gone);
    return 3;
}

/* recorder_state(recorder): places of the spikes, (runs, 2) of step and first spike,
   (spans, 3) of steps before, time and step time. */
static int state(lua_State *L)
{
    const snn_spike_log *log = self(L, "save")->log;
    int64_t *index = push_new(L, "save", log->count, 0, SNN_INT64);
    for (int64_t i = 0; i < log->count; i++) index[i] = log->index[i];
    int64_t *run = push_new(L, "save", log->runs, 2, SNN_INT64);
    for (int64_t i = 0; i < log->runs; i++) {
        run[2 * i] = log->run[i].step;
        run[2 * i + 1] = log->run[i].first;
    }
    double *span = push_new(L, "save", log->spans, 3, SNN_FLOAT64);
    for (int64_t i = 0; i < log->spans; i++) {
        span[3 * i] = (double)log->span[i].after;
        span[3 * i + 1] = log->span[i].since;
        span[3 * i + 2] = log->span[i].dt;
    }
    return 3;
}

static const snn_tensor *saved_at(lua_State *L, int index, snn_dtype dtype, int ndim,
                                  int64_t columns)
{
    const snn_tensor *t = snn_arg_tensor(L, index, "load", "spikes");
    if (t->dtype != dtype || t->shape.ndim != ndim || !snn_tensor_is_contiguous(t) ||
        (ndim == 2 && t->shape.size[1] != columns && t->shape.size[0] > 0))
        snn_error(L, SNN_VALUE_ERROR, "SpikeRecorder: the saved spikes are none");
    return t;
}

/* Whether the values are those of a log. */
static bool is_good(const snn_spike_log *log)
{
    int64_t most = log->size * log->samples;
    bool good = (log->runs == 0) == (log->count == 0);
    for (int64_t i = 0; i < log->count; i++)
        good = good && log->index[i] >= 0 && log->index[i] < most;
    for (int64_t i = 0; i < log->runs; i++) {
        const snn_spike_run *r = &log->run[i];
        good = good && r->step > (i ? r[-1].step : 0) && r->step <= log->steps &&
               (i ? r->first > r[-1].first : r->first == 0) && r->first < log->count;
    }
    for (int64_t i = 0; i < log->spans; i++) {
        const snn_spike_span *s = &log->span[i];
        good = good && s->dt > 0 && isfinite(s->dt) && isfinite(s->since) &&
               (i ? s->after > s[-1].after : s->after >= 0) && s->after <= log->steps;
    }
    return good && (log->spans > 0 || log->steps == 0);
}

static void fill(snn_spike_log *log, const snn_tensor *index, const snn_tensor *run,
                 const snn_tensor *span)
{
    log->count = index->shape.size[0];
    log->runs = run->shape.size[0];
    log->spans = span->shape.size[0];
    for (int64_t i = 0; i < log->count; i++)
        log->index[i] = (int32_t)snn_tensor_i64(index)[i];
    for (int64_t i = 0; i < log->runs; i++)
        log->run[i] = (snn_spike_run){ snn_tensor_i64(run)[2 * i],
                                       snn_tensor_i64(run)[2 * i + 1] };
    for (int64_t i = 0; i < log->spans; i++) {
        const double *s = snn_tensor_f64(span) + 3 * i;
        log->span[i] = (snn_spike_span){ s[0] >= 0 && s[0] < 1e15 ? (int64_t)s[0] : -1,
                                         s[1], s[2] };
    }
}

/* set_recorder_state(recorder, steps, samples, gone, index, runs, spans, written). */
static int set_state(lua_State *L)
{
    enum { STEPS = 2, SAMPLES, GONE, INDEX, RUNS, SPANS, WRITTEN };
    static const int64_t MOST = (int64_t)1 << 52;
    snn_fail fail;
    snn_spike_recorder *r = self(L, "load");
    const snn_tensor *index = saved_at(L, INDEX, SNN_INT64, 1, 0);
    const snn_tensor *run = saved_at(L, RUNS, SNN_INT64, 2, 2);
    const snn_tensor *span = saved_at(L, SPANS, SNN_FLOAT64, 2, 3);
    int64_t steps = snn_arg_integer(L, STEPS, "load", "steps", 0, MOST);
    int64_t samples =
        snn_arg_integer(L, SAMPLES, "load", "samples", 1, INT32_MAX / r->log->size);
    int64_t gone = snn_arg_integer(L, GONE, "load", "gone", 0, MOST);
    int64_t written = snn_arg_integer(L, WRITTEN, "load", "written", 0, MOST);
    for (int64_t i = 0; i < index->shape.size[0]; i++)
        if (snn_tensor_i64(index)[i] > INT32_MAX)
            snn_error(L, SNN_VALUE_ERROR, "SpikeRecorder: the saved spikes are none");
    snn_spike_log *log;
    snn_must(L, snn_spike_log_new(r->log->size, &fail, &log), &fail);
    snn_status status =
        snn_spike_log_reserve(log, index->shape.size[0], run->shape.size[0],
                              span->shape.size[0], &fail);
    if (!status) {
        log->steps = steps;
        log->samples = samples;
        log->gone = gone;
        fill(log, index, run, span);
        if (!is_good(log) || written > gone + log->count || written < gone)
            status = snn_fail_set(&fail, SNN_VALUE_ERROR,
                                  "SpikeRecorder: the saved spikes do not fit "
                                  "together");
    }
    if (status) snn_spike_log_drop(log);
    snn_must(L, status, &fail);
    snn_spike_log_drop(r->log);
    r->log = log;
    r->written = written;
    return 0;
}

void snn_open_recorded(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "recorder_spikes", spikes }, { "recorder_trains", trains },
        { "recorder_rate", rate },     { "recorder_counts", counts },
        { "recorder_sizes", sizes },   { "recorder_state", state },
        { "set_recorder_state", set_state }, { NULL, NULL },
    };
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
