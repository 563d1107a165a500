/* A ring of entries, each of one state, encoded on its own: dropping the
   oldest and taking back the newest cost no copy. */
#include "observe/log.h"

#include <inttypes.h>
#include <string.h>

#include "kernel/nonzero.h"
#include "tensor/copy.h"
#include "util/mem.h"

static snn_log_entry *entry_at(const snn_log *log, int64_t age)
{
    int64_t i = log->head - age;
    return &log->entry[i < 0 ? i + log->capacity : i];
}

void snn_log_free_entry(snn_log_entry *entry)
{
    snn_tensor_clear(&entry->state);
    snn_mem_free(entry->bits);
    snn_mem_free(entry->events);
    *entry = (snn_log_entry){ .count = 0 };
}

static void drop_entry(snn_log *log, snn_log_entry *entry)
{
    log->bytes -= entry->bytes;
    snn_log_free_entry(entry);
}

/* The push before can be taken back no more. */
static void forget_push(snn_log *log)
{
    if (log->has_dropped) snn_log_free_entry(&log->dropped);
    log->has_dropped = log->can_undo = false;
}

void snn_log_clear(snn_log *log)
{
    forget_push(log);
    for (int64_t i = 0; i < log->count; i++) drop_entry(log, entry_at(log, i));
    snn_mem_free(log->entry);
    *log = (snn_log){ .most = log->most, .budget = log->budget };
}

/* ---- one entry ---- */

static void set_bits(const uint8_t *spikes, int64_t n, uint8_t *bits)
{
    memset(bits, 0, (size_t)(n + 7) / 8);
    for (int64_t i = 0; i < n; i++)
        bits[i / 8] |= (uint8_t)(spikes[i] << (i % 8));
}

/* The bytes that the contiguous state will take; *count: of its events, or -1
   for bits. */
static size_t bytes_of(const snn_tensor *state, int64_t *count)
{
    *count = -1;
    if (state->dtype != SNN_BOOL)
        return sizeof(snn_log_entry) + snn_tensor_bytes(state);
    int64_t n = snn_tensor_count(state);
    size_t bits = (size_t)(n + 7) / 8;
    int64_t events = snn_nonzero_count(snn_tensor_bool(state), n);
    size_t listed = (size_t)(events + SNN_NONZERO_SLACK) * sizeof(int32_t);
    bool fits = n <= INT32_MAX && listed < bits;
    if (fits) *count = events;
    return sizeof(snn_log_entry) + (fits ? listed : bits);
}

/* Of a contiguous state with all its storage. */
static snn_status encode(const snn_tensor *state, size_t bytes, int64_t count,
                         const char *where, snn_fail *fail, snn_log_entry *out)
{
    *out = (snn_log_entry){ .count = count, .bytes = bytes };
    if (state->dtype != SNN_BOOL)
        return snn_tensor_share(state, false, fail, &out->state);
    int64_t n = snn_tensor_count(state);
    const uint8_t *spikes = snn_tensor_bool(state);
    void *data = snn_mem_alloc(bytes - sizeof(snn_log_entry) + 1);
    if (!data) return snn_fail_memory(fail, where, bytes);
    if (count < 0) {
        out->bits = data;
        set_bits(spikes, n, data);
    } else {
        int32_t offset[2];
        out->events = data;
        snn_nonzero_columns(spikes, 1, n, offset, data);
    }
    return SNN_OK;
}

static void decode(const snn_log_entry *entry, int64_t n, size_t bytes, char *out)
{
    if (!snn_tensor_is_empty(&entry->state)) {
        memcpy(out, snn_tensor_data(&entry->state), bytes);
        return;
    }
    if (entry->bits) {
        for (int64_t i = 0; i < n; i++)
            out[i] = (char)(entry->bits[i / 8] >> (i % 8) & 1);
        return;
    }
    memset(out, 0, bytes);
    for (int64_t i = 0; i < entry->count; i++) out[entry->events[i]] = 1;
}

/* ---- all ---- */

static bool is_full(const snn_log *log)
{
    return log->most > 0 && log->count >= log->most;
}

static snn_status reserve(snn_log *log, const char *where, snn_fail *fail)
{
    enum { FIRST = 16 };
    if (log->count < log->capacity || is_full(log)) return SNN_OK;
    int64_t capacity = log->capacity ? 2 * log->capacity : FIRST;
    size_t bytes = SIZE_MAX;
    snn_log_entry *entry = NULL;
    if (!snn_mem_mul((size_t)capacity, sizeof *entry, &bytes) ||
        !(entry = snn_mem_zeroed(bytes)))
        return snn_fail_memory(fail, where, bytes);
    for (int64_t i = 0; i < log->count; i++)
        entry[log->count - 1 - i] = *entry_at(log, i);
    snn_mem_free(log->entry);
    log->entry = entry;
    log->capacity = capacity;
    log->head = log->count ? log->count - 1 : capacity - 1;
    return SNN_OK;
}

static snn_status check_budget(const snn_log *log, size_t bytes,
                               const char *where, snn_fail *fail)
{
    size_t kept = log->bytes;
    if (is_full(log)) kept -= entry_at(log, log->count - 1)->bytes;
    if (bytes <= log->budget && kept <= log->budget - bytes) return SNN_OK;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: %" PRId64 " rows fill the budget of %zu bytes; "
                        "give a larger 'budget', a smaller 'last', 'every' = k "
                        "to keep one of k, or 'file' to write to disk",
                        where, log->count, log->budget);
}

static snn_status check(const snn_log *log, const snn_tensor *state,
                        size_t bytes, const char *where, snn_fail *fail)
{
    if (log->has_shape && (state->dtype != log->dtype ||
                           !snn_shape_equal(&state->shape, &log->shape))) {
        char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: the state is %s, shape %s, those before are "
                            "%s, shape %s (clear() forgets them)",
                            where, snn_dtype_name(state->dtype),
                            snn_shape_text(&state->shape, got),
                            snn_dtype_name(log->dtype),
                            snn_shape_text(&log->shape, want));
    }
    return check_budget(log, bytes, where, fail);
}

snn_status snn_log_check(const snn_log *log, const char *where, snn_fail *fail)
{
    if (!log->has_shape) return SNN_OK;
    size_t n = (size_t)snn_shape_count(&log->shape);
    size_t most = log->dtype == SNN_BOOL ? (n + 7) / 8
                                         : n * snn_dtype_size(log->dtype);
    return check_budget(log, sizeof(snn_log_entry) + most, where, fail);
}

void snn_log_take(snn_log *log, const snn_tensor *state, snn_log_entry *encoded)
{
    forget_push(log);
    if (is_full(log)) {
        snn_log_entry *oldest = entry_at(log, log->count - 1);
        log->bytes -= oldest->bytes;
        log->dropped = *oldest;
        log->has_dropped = true;
        *oldest = (snn_log_entry){ .count = 0 };
        log->count--;
    }
    log->can_undo = true;
    log->pushes++;
    log->head = log->head + 1 == log->capacity ? 0 : log->head + 1;
    log->entry[log->head] = *encoded;
    log->count++;
    log->bytes += encoded->bytes;
    log->has_shape = true;
    log->shape = state->shape;
    log->dtype = state->dtype;
}

void snn_log_undo(snn_log *log)
{
    if (!log->can_undo) return;
    drop_entry(log, &log->entry[log->head]);
    log->head = log->head == 0 ? log->capacity - 1 : log->head - 1;
    log->count--;
    if (log->has_dropped) {
        log->count++;
        *entry_at(log, log->count - 1) = log->dropped;
        log->bytes += log->dropped.bytes;
    }
    log->has_shape = log->count > 0;
    log->has_dropped = log->can_undo = false;
}

snn_status snn_log_encode(snn_log *log, const snn_tensor *state,
                          const char *where, snn_fail *fail, snn_log_entry *out)
{
    snn_tensor dense = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    if (snn_tensor_is_contiguous(state) && snn_tensor_is_whole(state))
        snn_tensor_alias(state, &dense);
    else
        status = snn_tensor_clone(state, fail, &dense);
    if (status) return status;
    int64_t count;
    size_t bytes = bytes_of(&dense, &count);
    status = check(log, &dense, bytes, where, fail);
    if (status == SNN_OK) status = reserve(log, where, fail);
    if (status == SNN_OK)
        status = encode(&dense, bytes, count, where, fail, out);
    snn_tensor_clear(&dense);
    return status;
}

snn_status snn_log_push(snn_log *log, const snn_tensor *state, const char *where,
                        snn_fail *fail)
{
    snn_log_entry encoded;
    snn_status status = snn_log_encode(log, state, where, fail, &encoded);
    if (status == SNN_OK) snn_log_take(log, state, &encoded);
    return status;
}

snn_status snn_log_dump(const snn_log *log, const char *where, snn_fail *fail,
                        snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (log->count == 0) return SNN_OK;
    if (log->shape.ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: states of %d dimensions leave no room for "
                            "that of time",
                            where, SNN_MAX_DIMS);
    snn_shape shape = snn_shape_prepend(log->count, &log->shape);
    snn_status status = snn_tensor_new(&shape, log->dtype, where, fail, out);
    if (status) return status;
    char *data = snn_tensor_edit(out, false);
    int64_t n = snn_shape_count(&log->shape);
    size_t bytes = (size_t)n * snn_dtype_size(log->dtype);
    for (int64_t i = 0; i < log->count; i++)
        decode(entry_at(log, i), n, bytes, data + (size_t)i * bytes);
    return SNN_OK;
}
