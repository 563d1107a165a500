/* SpikeRecorder: it is on the list of a group (neuron/neuron.h), whose every step it
   records in C. What goes to a file goes there in blocks. */
#include <string.h>

#include "bind/lua/args.h"
#include "bind/lua/open.h"
#include "bind/lua/raise.h"
#include "bind/lua/tools.h"
#include "bind/models/neuron.h"
#include "bind/models/recorder.h"
#include "util/mem.h"

static snn_spike_recorder *self(lua_State *L, const char *where)
{
    return snn_self(L, &snn_recorder_class, where);
}

/* ---- the file ---- */

enum { BLOCK = 4096, CHUNK = 512, MOST_COLUMNS = 3 }; /* spikes */

snn_spike_cursor snn_spikes_since(const snn_spike_log *log, int64_t at)
{
    snn_spike_cursor c = { .log = log, .at = at };
    int64_t low = 0, high = log->runs; /* the last run that begins at `at` or before */
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (log->run[middle].first <= at)
            low = middle;
        else
            high = middle;
    }
    c.run = low;
    return c;
}

bool snn_spikes_next(snn_spike_cursor *c)
{
    const snn_spike_log *log = c->log;
    if (c->at >= log->count) return false;
    while (c->run + 1 < log->runs && log->run[c->run + 1].first <= c->at) c->run++;
    int64_t index = log->index[c->at++];
    c->step = log->run[c->run].step;
    c->sample = index / log->size;
    c->neuron = index % log->size;
    return true;
}

/* All that the file has not yet; what is in it is forgotten unless it is kept. */
static snn_status write_rest(snn_spike_recorder *r, snn_fail *fail)
{
    int64_t rows[CHUNK * MOST_COLUMNS];
    snn_spike_log *log = r->log;
    snn_spike_cursor c = snn_spikes_since(log, r->written - log->gone);
    snn_status status = snn_npy_stream_check(r->file, fail);
    for (int64_t n = 1; n > 0 && !status;) {
        int64_t *row = rows;
        for (n = 0; n < CHUNK && snn_spikes_next(&c); n++, row += r->columns) {
            row[0] = c.step;
            row[1] = c.neuron + 1;
            if (r->columns == MOST_COLUMNS) row[2] = c.sample + 1;
        }
        if (n > 0) status = snn_npy_stream_append_rows(r->file, rows, n, fail);
        if (!status) r->written += n;
    }
    if (!status && !r->keeps) snn_spike_log_forget(log);
    return status;
}

/* ---- steps ---- */

static snn_status prepare(void *self, const snn_neuron *neuron, snn_fail *fail)
{
    snn_spike_recorder *r = self;
    const snn_neuron_args *args = snn_neuron_args_of(neuron);
    snn_status status = SNN_OK;
    if (r->file) {
        if (r->columns < MOST_COLUMNS && args->batch_size > 1)
            return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                                "SpikeRecorder: its file has no column for the "
                                "sample, as the batch size was 1; make another for "
                                "this one");
        status = snn_npy_stream_check(r->file, fail);
        if (!status && r->log->gone + r->log->count - r->written >= BLOCK)
            status = write_rest(r, fail);
    }
    if (status) return status;
    return snn_spike_log_prepare(r->log, args->batch_size, args->step_time, fail);
}

static void record(void *self, const snn_neuron *neuron)
{
    snn_spike_log_record(((snn_spike_recorder *)self)->log, snn_neuron_spike(neuron));
}

static void undo(void *self) { snn_spike_log_undo(((snn_spike_recorder *)self)->log); }

/* ---- life ---- */

static void release(void *recorder)
{
    snn_spike_recorder *r = recorder;
    snn_fail unused;
    snn_neuron_unwatch(&r->watch);
    if (r->file) write_rest(r, &unused);
    snn_npy_stream_free(r->file);
    snn_spike_log_drop(r->log);
    snn_mem_free(r);
}

static snn_spike_recorder *new_recorder(snn_neuron *neuron, snn_fail *fail)
{
    snn_spike_recorder *r = snn_mem_zeroed(sizeof *r);
    if (!r) {
        snn_fail_memory(fail, "SpikeRecorder", sizeof *r);
        return NULL;
    }
    *r = (snn_spike_recorder){ .neuron = neuron, .keeps = true };
    r->watch = (snn_watch){ .self = r, .prepare = prepare, .record = record,
                            .undo = undo };
    int64_t size = snn_shape_count(&snn_neuron_args_of(neuron)->shape);
    if (!snn_spike_log_new(size, fail, &r->log)) return r;
    snn_mem_free(r);
    return NULL;
}

static snn_status open_file(snn_spike_recorder *r, const char *path, snn_fail *fail)
{
    bool is_batch = snn_neuron_args_of(r->neuron)->batch_size > 1;
    snn_shape row = { .ndim = 1, .size = { is_batch ? MOST_COLUMNS : 2 } };
    r->columns = (int)row.size[0];
    return snn_npy_stream_open("SpikeRecorder", path, &row, SNN_INT64, fail, &r->file);
}

/* init(self, neurons, path or nil, keeps): of lua/snn/spike_recorder.lua, which has
   checked them. */
static int init(lua_State *L)
{
    enum { SELF = 1, GROUP, FILE_PATH, KEEPS };
    snn_fail fail;
    snn_object *object = snn_init_self(L, &snn_recorder_class);
    lua_settop(L, KEEPS);
    const snn_object *group =
        snn_arg_object(L, GROUP, &snn_neuron_class, "SpikeRecorder", "group");
    const char *path = lua_isnil(L, FILE_PATH)
                           ? NULL
                           : snn_arg_path(L, FILE_PATH, "SpikeRecorder", "file");
    lua_pushvalue(L, GROUP);
    snn_set_link(L, SELF, "group");
    lua_pushvalue(L, FILE_PATH);
    snn_set_link(L, SELF, "file");
    snn_check_unfinished(L, object);
    snn_spike_recorder *r = new_recorder(group->self, &fail);
    if (!r) return snn_raise(L, &fail);
    snn_status status = path ? open_file(r, path, &fail) : SNN_OK;
    r->keeps = !path || lua_toboolean(L, KEEPS);
    if (status) release(r);
    snn_must(L, status, &fail);
    snn_neuron_watch(r->neuron, &r->watch);
    object->needs = group;
    snn_finish(L, object, r);
    return 0;
}

/* ---- what scripts do with it ---- */

/* recorder_attach(recorder) */
static int attach(lua_State *L)
{
    snn_spike_recorder *r = self(L, "attach");
    bool is_closed = snn_get_link(L, 1, "file") != LUA_TNIL && !r->file;
    if (is_closed)
        snn_error(L, SNN_RUNTIME_ERROR,
                  "attach: the file of the recorder is closed; make another");
    if (!r->watch.link) snn_neuron_watch(r->neuron, &r->watch);
    return 0;
}

static void must_write(lua_State *L, snn_spike_recorder *r)
{
    snn_fail fail;
    if (r->file) snn_must(L, write_rest(r, &fail), &fail);
}

/* recorder_detach(recorder) */
static int detach(lua_State *L)
{
    snn_spike_recorder *r = self(L, "detach");
    must_write(L, r);
    snn_neuron_unwatch(&r->watch);
    return 0;
}

/* recorder_flush(recorder) */
static int flush(lua_State *L)
{
    snn_fail fail;
    snn_spike_recorder *r = self(L, "flush");
    must_write(L, r);
    if (r->file) snn_must(L, snn_npy_stream_sync(r->file, &fail), &fail);
    return 0;
}

/* recorder_close(recorder) */
static int close_file(lua_State *L)
{
    snn_spike_recorder *r = self(L, "close");
    must_write(L, r);
    snn_neuron_unwatch(&r->watch);
    snn_npy_stream_free(r->file);
    r->file = NULL;
    return 0;
}

/* recorder_clear(recorder) */
static int clear(lua_State *L)
{
    snn_fail fail;
    snn_spike_recorder *r = self(L, "clear");
    snn_spike_log *fresh;
    if (r->file) {
        snn_npy_stream_resume(r->file);
        must_write(L, r);
    }
    snn_must(L, snn_spike_log_new(r->log->size, &fail, &fresh), &fail);
    snn_spike_log_drop(r->log);
    r->log = fresh;
    r->written = 0;
    return 0;
}

/* recorder_tell(recorder): rows, columns and checksum of its file, in which all is
   now; nothing without one. */
static int tell(lua_State *L)
{
    snn_fail fail;
    snn_npy_written written;
    snn_spike_recorder *r = self(L, "save");
    if (!r->file) return 0;
    must_write(L, r);
    snn_must(L, snn_npy_stream_tell(r->file, &fail, &written), &fail);
    lua_pushinteger(L, written.rows);
    lua_pushinteger(L, r->columns);
    lua_pushinteger(L, written.sum);
    return 3;
}

/* recorder_reopen(recorder, rows, columns, sum, looks): goes on behind these rows of
   its file, or only looks whether it could. */
static int reopen(lua_State *L)
{
    snn_fail fail;
    snn_spike_recorder *r = self(L, "load");
    snn_npy_stream *file;
    snn_npy_written written = {
        .row = { .ndim = 1,
                 .size = { snn_arg_integer(L, 3, "load", "columns", 2, MOST_COLUMNS) } },
        .dtype = SNN_INT64,
        .rows = snn_arg_integer(L, 2, "load", "rows", 0, INT64_MAX),
        .sum = (uint32_t)snn_arg_integer(L, 4, "load", "sum", 0, UINT32_MAX),
    };
    bool looks = lua_toboolean(L, 5);
    snn_get_link(L, 1, "file");
    const char *path = snn_arg_path(L, -1, "SpikeRecorder", "file");
    snn_must(L,
             snn_npy_stream_reopen("SpikeRecorder", path, &written, &fail, &file),
             &fail);
    if (looks) {
        snn_npy_stream_free(file);
        return 0;
    }
    snn_npy_stream_free(r->file);
    r->file = file;
    r->columns = (int)written.row.size[0];
    return 0;
}

/* ---- there and back ---- */

typedef struct taken {
    snn_spike_log *log;
    snn_spike_log counts; /* as they were */
    int64_t written;
} taken;

static snn_status take(void *recorder, void *out, snn_fail *fail)
{
    const snn_spike_recorder *r = recorder;
    (void)fail;
    *(taken *)out = (taken){ snn_spike_log_hold(r->log), *r->log, r->written };
    return SNN_OK;
}

static void restore(void *recorder, void *snapshot)
{
    snn_spike_recorder *r = recorder;
    const taken *then = snapshot;
    snn_spike_log_drop(r->log);
    r->log = then->log;
    if (r->log->gone != then->counts.gone) return; /* they are in the file */
    r->log->steps = then->counts.steps;
    r->log->count = then->counts.count;
    r->log->runs = then->counts.runs;
    r->log->spans = then->counts.spans;
    r->log->samples = then->counts.samples;
    r->written = then->written;
}

static void drop(void *recorder, void *snapshot)
{
    (void)recorder;
    snn_spike_log_drop(((taken *)snapshot)->log);
}

static const snn_snapshots snapshots = { sizeof(taken), take, restore, drop };

/* ---- fields ---- */

static void get_count(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_spike_recorder *r = object->self;
    (void)a;
    lua_pushinteger(L, (lua_Integer)(r->log->gone + r->log->count));
}

static void get_steps(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_spike_recorder *r = object->self;
    (void)a;
    lua_pushinteger(L, (lua_Integer)r->log->steps);
}

static void get_duration(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_spike_recorder *r = object->self;
    (void)a;
    lua_pushnumber(L, snn_spike_log_time(r->log, r->log->steps));
}

static void get_attached(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_spike_recorder *r = object->self;
    (void)a;
    lua_pushboolean(L, r->watch.link != NULL);
}

static void get_keep(lua_State *L, snn_object *object, const snn_attribute *a)
{
    const snn_spike_recorder *r = object->self;
    (void)a;
    lua_pushboolean(L, r->keeps);
}

static void get_of_links(lua_State *L, snn_object *object, const snn_attribute *a)
{
    (void)object;
    snn_get_link(L, 1, a->name);
}

static const snn_attribute attributes[] = {
    { .name = "count", .get = get_count, .is_const = true,
      .doc = "spikes that were recorded since it was made, or cleared" },
    { .name = "steps", .get = get_steps, .is_const = true,
      .doc = "steps of the group that were seen since then" },
    { .name = "duration", .get = get_duration, .is_const = true,
      .doc = "what these steps have taken, ms" },
    { .name = "attached", .get = get_attached, .is_const = true,
      .doc = "whether it records the steps of its group" },
    { .name = "keep", .get = get_keep, .is_const = true,
      .doc = "whether spikes that are in the file stay in memory" },
    { .name = "file", .get = get_of_links, .is_const = true,
      .doc = "path of the NPY file that the spikes go to, or nil" },
    { .name = "group", .get = get_of_links, .is_const = true,
      .doc = "the neurons whose spikes it records" },
    { .name = NULL },
};

const snn_class snn_recorder_class = {
    .where = SNN_HERE,
    .name = "SpikeRecorder",
    .summary = "Records which neurons of a group spike in which step.",
    .init = init,
    .free = release,
    .snapshots = &snapshots,
    .attributes = attributes,
};

void snn_open_spike_recorder(lua_State *L)
{
    static const luaL_Reg functions[] = {
        { "recorder_attach", attach }, { "recorder_detach", detach },
        { "recorder_flush", flush },   { "recorder_close", close_file },
        { "recorder_clear", clear },   { "recorder_tell", tell },
        { "recorder_reopen", reopen }, { NULL, NULL },
    };
    snn_open_class(L, &snn_recorder_class);
    snn_push_tools(L);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
