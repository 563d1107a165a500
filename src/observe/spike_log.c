/* Room is made before a step, for all neurons spiking; what is not written to is no
   memory yet. */
#include "observe/spike_log.h"

#include <string.h>

#include "kernel/nonzero.h"
#include "tensor/spikes.h"
#include "util/mem.h"

snn_status snn_spike_log_new(int64_t size, snn_fail *fail, snn_spike_log **out)
{
    *out = snn_mem_zeroed(sizeof **out);
    if (!*out) return snn_fail_memory(fail, "SpikeRecorder", sizeof **out);
    **out = (snn_spike_log){ .holders = 1, .size = size, .samples = 1 };
    return SNN_OK;
}

snn_spike_log *snn_spike_log_hold(snn_spike_log *log)
{
    log->holders++;
    return log;
}

void snn_spike_log_drop(snn_spike_log *log)
{
    if (!log || --log->holders > 0) return;
    snn_mem_free(log->index);
    snn_mem_free(log->run);
    snn_mem_free(log->span);
    snn_mem_free(log);
}

/* ---- room ---- */

/* The list with room for `more` behind `count`; NULL when memory is short. */
static void *grow(void *list, int64_t count, int64_t more, size_t size,
                  int64_t *room)
{
    enum { FIRST = 64 };
    size_t bytes;
    if (count + more <= *room) return list;
    int64_t wants = count + more;
    if (wants < *room + *room / 2) wants = *room + *room / 2;
    if (wants < FIRST) wants = FIRST;
    if (!snn_mem_mul((size_t)wants, size, &bytes)) return NULL;
    void *larger = snn_mem_alloc(bytes);
    if (!larger) return NULL;
    if (count > 0) memcpy(larger, list, (size_t)count * size);
    snn_mem_free(list);
    *room = wants;
    return larger;
}

snn_status snn_spike_log_reserve(snn_spike_log *log, int64_t spikes, int64_t runs,
                                 int64_t spans, snn_fail *fail)
{
    spikes += SNN_NONZERO_SLACK;
    void *index = grow(log->index, log->count, spikes, sizeof *log->index, &log->room);
    if (index) log->index = index;
    void *run = grow(log->run, log->runs, runs, sizeof *log->run, &log->run_room);
    if (run) log->run = run;
    void *span = grow(log->span, log->spans, spans, sizeof *log->span, &log->span_room);
    if (span) log->span = span;
    if (index && (run || !runs) && (span || !spans)) return SNN_OK;
    return snn_fail_memory(fail, "SpikeRecorder", (size_t)spikes * sizeof *log->index);
}

/* ---- steps ---- */

/* From here on steps are of dt ms. */
static void begin_span(snn_spike_log *log, double dt)
{
    const snn_spike_span next = { .after = log->steps,
                                  .since = snn_spike_log_time(log, log->steps),
                                  .dt = dt };
    if (log->spans > 0 && log->span[log->spans - 1].after == log->steps) {
        log->span[log->spans - 1].dt = dt; /* none was of the other length */
        return;
    }
    log->span[log->spans++] = next;
}

snn_status snn_spike_log_prepare(snn_spike_log *log, int64_t samples, double dt,
                                 snn_fail *fail)
{
    int64_t most;
    if (!snn_mem_mul_i64(samples, log->size, &most) || most > INT32_MAX)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "SpikeRecorder: a batch of more than 2147483647 neurons "
                            "cannot be recorded");
    snn_status status = snn_spike_log_reserve(log, most, 1, 1, fail);
    if (status) return status;
    if (log->spans == 0 || log->span[log->spans - 1].dt != dt) begin_span(log, dt);
    return SNN_OK;
}

/* The events behind the others, from the list that the spikes have already or
   that others will want to have; without memory for one, from the bytes. */
static int64_t copy_events(const snn_tensor *spikes, int64_t size, int32_t *index)
{
    snn_fail unused;
    const snn_events *events;
    int64_t n = 0;
    if (snn_spikes_events(spikes, &unused, &events) == SNN_OK &&
        events->columns == size) {
        for (int64_t b = 0; b < events->rows; b++)
            for (int32_t k = events->offset[b]; k < events->offset[b + 1]; k++)
                index[n++] = (int32_t)(b * size + events->index[k]);
        return n;
    }
    int32_t offset[2];
    snn_nonzero_columns(snn_tensor_bool(spikes), 1, snn_tensor_count(spikes), offset,
                        index);
    return offset[1];
}

void snn_spike_log_record(snn_spike_log *log, const snn_tensor *spikes)
{
    int64_t samples = spikes->shape.size[0];
    int64_t n = copy_events(spikes, log->size, log->index + log->count);
    log->steps++;
    if (samples > log->samples) log->samples = samples;
    if (n == 0) return;
    log->run[log->runs++] =
        (snn_spike_run){ .step = log->steps, .first = log->count };
    log->count += n;
}

void snn_spike_log_undo(snn_spike_log *log)
{
    if (log->steps == 0) return;
    if (log->runs > 0 && log->run[log->runs - 1].step == log->steps)
        log->count = log->run[--log->runs].first;
    log->steps--;
}

void snn_spike_log_forget(snn_spike_log *log)
{
    log->gone += log->count;
    log->count = log->runs = 0;
}

double snn_spike_log_time(const snn_spike_log *log, int64_t step)
{
    int64_t low = 0, high = log->spans; /* the last span that begins before it */
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (log->span[middle].after < step)
            low = middle;
        else
            high = middle;
    }
    if (log->spans == 0) return 0;
    const snn_spike_span *s = &log->span[low];
    return s->since + (double)(step - s->after) * s->dt;
}
