/* Events of bool states for monitors: userdata that scripts do not see, over a log of
   spikes (observe/spike_log.h). */
#include <lauxlib.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/event_log.h"
#include "bind/models/recorder.h"
#include "bind/tensor/tensor.h"
#include "tensor/spikes.h"

const char snn_event_log_type[] = "snn.EventLog";

static snn_spike_log **push_log(lua_State *L)
{
    snn_spike_log **log = lua_newuserdatauv(L, sizeof *log, 0);
    *log = NULL;
    luaL_setmetatable(L, snn_event_log_type);
    return log;
}

static snn_spike_log **at(lua_State *L, int index)
{
    return luaL_checkudata(L, index, snn_event_log_type);
}

/* new_events(): of the size of the first state. */
static int new_events(lua_State *L)
{
    push_log(L);
    return 1;
}

static snn_status check_state(const snn_tensor *state, const char *name,
                              snn_fail *fail)
{
    if (state->dtype != SNN_BOOL)
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: 'events' are those of bool states, got %s", name,
                            snn_dtype_name(state->dtype));
    if (state->shape.ndim < 2)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: 'events' are those of states (samples, ...), got one "
                            "of %d dimensions", name, state->shape.ndim);
    return SNN_OK;
}

static snn_status record(snn_spike_log *log, const snn_tensor *state,
                         const char *name, snn_fail *fail)
{
    snn_tensor spikes;
    int64_t samples = state->shape.size[0];
    int64_t size = samples ? snn_tensor_count(state) / samples : 0;
    if (samples > 0 && log->size != size)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: the state has %d elements of a sample, those before "
                            "had %d (clear() forgets them)", name, (int)size,
                            (int)log->size);
    snn_status status = snn_spike_log_prepare(log, samples, 1, fail);
    if (status == SNN_OK) status = snn_spikes_from(state, fail, &spikes);
    if (status) return status;
    snn_spike_log_record(log, &spikes);
    snn_tensor_clear(&spikes);
    return SNN_OK;
}

snn_status snn_event_log_push(snn_spike_log **log, const snn_tensor *state,
                              const char *name, snn_fail *fail)
{
    snn_status status = check_state(state, name, fail);
    if (status) return status;
    int64_t samples = state->shape.size[0];
    int64_t size = samples ? snn_tensor_count(state) / samples : 0;
    if (!*log) status = snn_spike_log_new(size, fail, log);
    return status ? status : record(*log, state, name, fail);
}

static int columns_of(const snn_spike_log *log) { return log->samples > 1 ? 3 : 2; }

static void put(int64_t *row, int columns, const snn_spike_cursor *c)
{
    row[0] = c->step;
    row[1] = c->neuron + 1;
    if (columns == 3) row[2] = c->sample + 1;
}

/* events:dump(): (n, 2) of step and element from 1, (n, 3) with the sample where
   there were several; nil before a state. */
static int dump(lua_State *L)
{
    snn_fail fail;
    const snn_spike_log *log = *at(L, 1);
    if (!log || log->steps == 0) return 0;
    int columns = columns_of(log);
    snn_shape shape = { .ndim = 2, .size = { log->count, columns } };
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_new(&shape, SNN_INT64, "dump", &fail, out), &fail);
    int64_t *to = snn_tensor_edit(out, false);
    snn_spike_cursor c = snn_spikes_since(log, 0);
    for (; snn_spikes_next(&c); to += columns) put(to, columns, &c);
    return snn_tensor_done(L);
}

/* events:row(state, name): what the file of such states has rows like. */
static int row(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *state = snn_arg_tensor(L, 2, "monitor", "state");
    snn_must(L, check_state(state, luaL_checkstring(L, 3), &fail), &fail);
    snn_shape shape = { .ndim = 1, .size = { state->shape.size[0] > 1 ? 3 : 2 } };
    snn_tensor *out = snn_push_tensor(L);
    snn_must(L, snn_tensor_zeros(&shape, SNN_INT64, "monitor", &fail, out), &fail);
    return snn_tensor_done(L);
}

snn_status snn_event_log_write(const snn_spike_log *log, snn_npy_stream *stream,
                               snn_fail *fail)
{
    enum { CHUNK = 512, MOST_COLUMNS = 3 };
    int64_t rows[CHUNK * MOST_COLUMNS], runs = log->runs;
    const int columns = columns_of(log);
    const snn_shape shape = { .ndim = 1, .size = { columns } };
    snn_status status = snn_npy_stream_check_row(stream, &shape, SNN_INT64, fail);
    if (runs == 0 || log->run[runs - 1].step != log->steps) return status;
    snn_spike_cursor c = snn_spikes_since(log, log->run[runs - 1].first);
    for (int64_t n = 1; n > 0 && !status;) {
        for (n = 0; n < CHUNK && snn_spikes_next(&c); n++)
            put(rows + n * columns, columns, &c);
        if (n > 0) status = snn_npy_stream_append_rows(stream, rows, n, fail);
    }
    return status;
}

/* events:size(): steps, elements of a sample, samples; nothing before a state. */
static int size(lua_State *L)
{
    const snn_spike_log *log = *at(L, 1);
    if (!log || log->steps == 0) return 0;
    lua_pushinteger(L, (lua_Integer)log->steps);
    lua_pushinteger(L, (lua_Integer)log->size);
    lua_pushinteger(L, (lua_Integer)log->samples);
    return 3;
}

static const int64_t MOST = (int64_t)1 << 52;

/* Whether the rows of a dump can follow one another. */
static bool is_good(const int64_t *row, int64_t count, int64_t columns,
                    const snn_spike_log *log)
{
    int64_t step = 1, last = -1;
    for (int64_t i = 0; i < count; i++, row += columns) {
        int64_t sample = columns == 3 ? row[2] : 1;
        if (row[0] < step || row[0] > log->steps || row[1] < 1 || row[1] > log->size ||
            sample < 1 || sample > log->samples)
            return false;
        int64_t place = (sample - 1) * log->size + row[1] - 1;
        if (row[0] == step && place <= last) return false;
        step = row[0];
        last = place;
    }
    return true;
}

static void fill(snn_spike_log *log, const int64_t *row, int64_t count, int64_t columns)
{
    for (int64_t i = 0; i < count; i++, row += columns) {
        int64_t sample = columns == 3 ? row[2] : 1;
        log->index[i] = (int32_t)((sample - 1) * log->size + row[1] - 1);
        if (log->runs == 0 || log->run[log->runs - 1].step != row[0])
            log->run[log->runs++] = (snn_spike_run){ row[0], i };
    }
    log->count = count;
    log->span[log->spans++] = (snn_spike_span){ .dt = 1 };
}

/* read_events(rows, steps, size, samples): a log of what dump and size gave. */
static int read_events(lua_State *L)
{
    snn_fail fail;
    const snn_tensor *rows = snn_arg_tensor(L, 1, "monitor", "events");
    int64_t steps = snn_arg_integer(L, 2, "monitor", "steps", 0, MOST);
    int64_t elements = snn_arg_integer(L, 3, "monitor", "size", 0, INT32_MAX);
    int64_t samples = snn_arg_integer(L, 4, "monitor", "samples", 1,
                                      elements ? INT32_MAX / elements : INT32_MAX);
    int64_t columns = samples > 1 ? 3 : 2;
    bool good = rows->dtype == SNN_INT64 && rows->shape.ndim == 2 &&
                rows->shape.size[1] == columns && snn_tensor_is_contiguous(rows);
    snn_spike_log **log = push_log(L);
    snn_must(L, snn_spike_log_new(elements, &fail, log), &fail);
    (*log)->steps = steps;
    (*log)->samples = samples;
    int64_t count = good ? rows->shape.size[0] : 0;
    if (!good || !is_good(snn_tensor_i64(rows), count, columns, *log))
        snn_error(L, SNN_VALUE_ERROR, "monitor: the saved events are none");
    snn_must(L, snn_spike_log_reserve(*log, count, count, 1, &fail), &fail);
    fill(*log, snn_tensor_i64(rows), count, columns);
    return 1;
}

static int end(lua_State *L)
{
    snn_spike_log **log = at(L, 1);
    snn_spike_log_drop(*log);
    *log = NULL;
    return 0;
}

void snn_open_event_log(lua_State *L)
{
    static const luaL_Reg functions[] = { { "new_events", new_events },
                                          { "read_events", read_events },
                                          { NULL, NULL } };
    static const luaL_Reg methods[] = { { "dump", dump }, { "row", row },
                                        { "size", size },
                                        { NULL, NULL } };
    luaL_newmetatable(L, snn_event_log_type);
    lua_newtable(L);
    luaL_setfuncs(L, methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, end);
    lua_setfield(L, -2, "__gc");
    lua_pop(L, 1);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
