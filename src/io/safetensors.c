/* The header is believed in nothing: every number in it is held against the
   size of the file, and the tensors, in the order of their places, must fill
   the rest of the file without gap or overlap, as the format asks. */
#include "io/safetensors.h"

#ifndef SNN_HAVE_JANSSON

static snn_status missing(const char *where, const char *path, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: cannot use '%s': snnlua was built without "
                        "jansson",
                        where, path);
}

snn_status snn_safetensors_open(const char *where, const char *path,
                                snn_fail *fail, snn_safetensors **out)
{
    *out = NULL;
    return missing(where, path, fail);
}

void snn_safetensors_close(snn_safetensors *s) { (void)s; }

int64_t snn_safetensors_count(const snn_safetensors *s)
{
    (void)s;
    return 0;
}

const char *snn_safetensors_name(const snn_safetensors *s, int64_t i)
{
    (void)s;
    (void)i;
    return "";
}

void snn_safetensors_describe(const snn_safetensors *s, int64_t i,
                              snn_safetensors_entry *out)
{
    (void)s;
    (void)i;
    *out = (snn_safetensors_entry){ .name = "", .dtype = "" };
}

snn_status snn_safetensors_next(snn_safetensors *s, snn_fail *fail,
                                snn_tensor *out)
{
    (void)s;
    *out = SNN_NO_TENSOR;
    return missing("load_safetensors", "", fail);
}

bool snn_safetensors_metadata(const snn_safetensors *s, int64_t i,
                              snn_metadata *out)
{
    (void)s;
    (void)i;
    (void)out;
    return false;
}

#else

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/elements.h"
#include "io/source.h"
#include "util/mem.h"

enum {
    LENGTH = 8,            /* bytes of the header's length */
    BLOCK = 1 << 16,       /* bytes converted at once; a multiple of 8 */
    NAME = 100,            /* bytes of a name in a message, at most */
    MOST_HEADER = 100000000 /* bytes: the format's own limit */
};

static const char METADATA[] = "__metadata__"; /* a name that is no tensor */

static const struct {
    const char *name;
    snn_element element;
} dtypes[] = {
    { "F64", { 'f', 8, false } }, { "F32", { 'f', 4, false } },
    { "F16", { 'f', 2, false } }, { "BF16", { 'h', 2, false } },
    { "I64", { 'i', 8, false } }, { "I32", { 'i', 4, false } },
    { "I16", { 'i', 2, false } }, { "I8", { 'i', 1, false } },
    { "U64", { 'u', 8, false } }, { "U32", { 'u', 4, false } },
    { "U16", { 'u', 2, false } }, { "U8", { 'u', 1, false } },
    { "BOOL", { 'b', 1, false } },
};

enum { DTYPES = sizeof dtypes / sizeof *dtypes };

typedef struct entry {
    const char *name, *dtype; /* in the header */
    snn_element element; /* of size 0: an unknown one */
    snn_shape shape;
    uint64_t begin, end; /* among the bytes of tensors */
} entry;

struct snn_safetensors {
    const char *where, *path;
    snn_source *source;
    json_t *header;
    entry *entries; /* (count), by place */
    int64_t count, next;
    snn_metadata *metadata; /* (pairs), in the header */
    int64_t pairs;
    uint64_t size; /* bytes of all tensors */
};

static snn_status refuse(const snn_safetensors *s, const char *what,
                         snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s' %s", s->where, s->path,
                        what);
}

static snn_status refuse_entry(const snn_safetensors *s, const char *name,
                               const char *what, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s': tensor '%.*s' %s",
                        s->where, s->path, NAME, name, what);
}

/* ---- one tensor of the header ---- */

static snn_status read_dtype(const snn_safetensors *s, const json_t *value,
                             entry *e, snn_fail *fail)
{
    const char *name = json_string_value(value);
    if (!name) return refuse_entry(s, e->name, "has no dtype", fail);
    e->dtype = name;
    for (int i = 0; i < DTYPES; i++) {
        if (strcmp(name, dtypes[i].name) != 0) continue;
        e->element = dtypes[i].element;
        return SNN_OK;
    }
    return SNN_OK;
}

static snn_status read_shape(const snn_safetensors *s, const json_t *value,
                             entry *e, snn_fail *fail)
{
    size_t n = json_array_size(value);
    if (!json_is_array(value))
        return refuse_entry(s, e->name, "has no shape", fail);
    if (n > SNN_MAX_DIMS)
        return refuse_entry(s, e->name, "has more than 8 dimensions", fail);
    e->shape.ndim = (int)n;
    for (size_t d = 0; d < n; d++) {
        const json_t *size = json_array_get(value, d);
        if (!json_is_integer(size) || json_integer_value(size) < 0)
            return refuse_entry(s, e->name, "has a shape of other things than "
                                            "sizes",
                                fail);
        e->shape.size[d] = json_integer_value(size);
    }
    if (snn_shape_check(&e->shape, snn_element_dtype(&e->element), s->where,
                        NULL))
        return refuse_entry(s, e->name, "has a shape that no memory holds",
                            fail);
    return SNN_OK;
}

static snn_status read_place(const snn_safetensors *s, const json_t *value,
                             entry *e, snn_fail *fail)
{
    const json_t *begin = json_array_get(value, 0);
    const json_t *end = json_array_get(value, 1);
    if (json_array_size(value) != 2 || !json_is_integer(begin) ||
        !json_is_integer(end) || json_integer_value(begin) < 0 ||
        json_integer_value(end) < json_integer_value(begin))
        return refuse_entry(s, e->name, "has no place (data_offsets)", fail);
    e->begin = (uint64_t)json_integer_value(begin);
    e->end = (uint64_t)json_integer_value(end);
    if (e->element.size == 0) return SNN_OK;
    uint64_t needed =
        (uint64_t)snn_shape_count(&e->shape) * (uint64_t)e->element.size;
    if (e->end - e->begin == needed) return SNN_OK;
    char shape[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT + 120];
    snprintf(text, sizeof text,
             "has %" PRIu64 " bytes, its shape %s needs %" PRIu64,
             e->end - e->begin, snn_shape_text(&e->shape, shape), needed);
    return refuse_entry(s, e->name, text, fail);
}

static snn_status read_entry(const snn_safetensors *s, const char *name,
                             const json_t *value, entry *out, snn_fail *fail)
{
    *out = (entry){ .name = name };
    if (!json_is_object(value))
        return refuse_entry(s, name, "is no JSON object", fail);
    snn_status status =
        read_dtype(s, json_object_get(value, "dtype"), out, fail);
    if (status) return status;
    if (out->element.size > 0)
        status = read_shape(s, json_object_get(value, "shape"), out, fail);
    if (status) return status;
    return read_place(s, json_object_get(value, "data_offsets"), out, fail);
}

/* ---- the header ---- */

static int by_place(const void *a, const void *b)
{
    const entry *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static snn_status check_places(const snn_safetensors *s, snn_fail *fail)
{
    uint64_t at = 0;
    for (int64_t i = 0; i < s->count; i++) {
        const entry *e = &s->entries[i];
        if (e->begin != at)
            return refuse_entry(s, e->name,
                                e->begin < at ? "overlaps another one"
                                              : "lies behind a gap",
                                fail);
        at = e->end;
    }
    if (at == s->size) return SNN_OK;
    char text[160];
    snprintf(text, sizeof text,
             "%s: its header tells of %" PRIu64 " bytes of tensors, %" PRIu64
             " are there",
             at > s->size ? "is cut short" : "has bytes too many", at, s->size);
    return refuse(s, text, fail);
}

static snn_status read_metadata(snn_safetensors *s, const json_t *object,
                                snn_fail *fail)
{
    const char *key;
    json_t *value;
    size_t bytes = json_object_size(object) * sizeof *s->metadata;
    s->metadata = snn_mem_alloc(bytes + 1);
    if (!s->metadata) return snn_fail_memory(fail, s->where, bytes);
    if (!json_is_object(object))
        return refuse(s, "has metadata that are no JSON object", fail);
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        if (!json_is_string(value))
            return refuse(s, "has metadata other than strings", fail);
        s->metadata[s->pairs++] = (snn_metadata){ key, json_string_value(value) };
    }
    return SNN_OK;
}

static snn_status read_entries(snn_safetensors *s, snn_fail *fail)
{
    const char *name;
    json_t *value;
    size_t bytes = json_object_size(s->header) * sizeof *s->entries;
    s->entries = snn_mem_alloc(bytes + 1);
    if (!s->entries) return snn_fail_memory(fail, s->where, bytes);
    json_object_foreach(s->header, name, value) {
        bool is_tensor = strcmp(name, METADATA) != 0;
        snn_status status =
            is_tensor
                ? read_entry(s, name, value, &s->entries[s->count], fail)
                : read_metadata(s, value, fail);
        if (status) return status;
        s->count += is_tensor;
    }
    qsort(s->entries, (size_t)s->count, sizeof *s->entries, by_place);
    return check_places(s, fail);
}

static snn_status parse(snn_safetensors *s, const char *text, size_t length,
                        snn_fail *fail)
{
    json_error_t error;
    s->header = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!s->header && json_error_code(&error) == json_error_out_of_memory)
        return snn_fail_memory(fail, s->where, length);
    if (!s->header) {
        char what[JSON_ERROR_TEXT_LENGTH + 80];
        snprintf(what, sizeof what, "is no safetensors file: its header is "
                                    "no JSON (%s)",
                 error.text);
        return refuse(s, what, fail);
    }
    if (!json_is_object(s->header))
        return refuse(s, "is no safetensors file: its header is no JSON object",
                      fail);
    return read_entries(s, fail);
}

static snn_status read_bytes(const snn_safetensors *s, void *out, size_t bytes,
                             snn_fail *fail)
{
    size_t got;
    snn_status status = snn_source_read(s->source, out, bytes, &got, fail);
    if (status == SNN_OK && got < bytes)
        return refuse(s, "became shorter while it was read", fail);
    return status;
}

static snn_status read_header(snn_safetensors *s, snn_fail *fail)
{
    uint8_t start[LENGTH];
    uint64_t all, length = 0;
    snn_status status = snn_source_count(s->source, &all, fail);
    if (status == SNN_OK) status = snn_source_rewind(s->source, fail);
    if (status) return status;
    if (all < LENGTH)
        return refuse(s, "is no safetensors file: it is too short", fail);
    status = read_bytes(s, start, LENGTH, fail);
    if (status) return status;
    for (int i = LENGTH - 1; i >= 0; i--) length = length << 8 | start[i];
    if (length > all - LENGTH || length > MOST_HEADER)
        return refuse(s, "is no safetensors file, or is cut short: its header "
                         "would be longer than it",
                      fail);
    s->size = all - LENGTH - length;
    char *text = snn_mem_alloc((size_t)length + 1);
    if (!text) return snn_fail_memory(fail, s->where, (size_t)length);
    status = read_bytes(s, text, (size_t)length, fail);
    if (status == SNN_OK) status = parse(s, text, (size_t)length, fail);
    snn_mem_free(text);
    return status;
}

/* ---- reading ---- */

snn_status snn_safetensors_open(const char *where, const char *path,
                                snn_fail *fail, snn_safetensors **out)
{
    *out = NULL;
    snn_safetensors *s = snn_mem_zeroed(sizeof *s);
    if (!s) return snn_fail_memory(fail, where, sizeof *s);
    s->where = where;
    s->path = path;
    snn_status status = snn_source_open_plain(where, path, fail, &s->source);
    if (status == SNN_OK) status = read_header(s, fail);
    if (status == SNN_OK) *out = s;
    else snn_safetensors_close(s);
    return status;
}

void snn_safetensors_close(snn_safetensors *s)
{
    if (!s) return;
    snn_source_close(s->source);
    json_decref(s->header);
    snn_mem_free(s->entries);
    snn_mem_free(s->metadata);
    snn_mem_free(s);
}

int64_t snn_safetensors_count(const snn_safetensors *s) { return s->count; }

const char *snn_safetensors_name(const snn_safetensors *s, int64_t i)
{
    return s->entries[i].name;
}

void snn_safetensors_describe(const snn_safetensors *s, int64_t i,
                              snn_safetensors_entry *out)
{
    const entry *e = &s->entries[i];
    *out = (snn_safetensors_entry){ .name = e->name,
                                    .dtype = e->dtype,
                                    .bytes = e->end - e->begin };
    if (e->element.size > 0) out->shape = &e->shape;
}

bool snn_safetensors_metadata(const snn_safetensors *s, int64_t i,
                              snn_metadata *out)
{
    if (i >= s->pairs) return false;
    *out = s->metadata[i];
    return true;
}

static snn_status read_elements(const snn_safetensors *s, const entry *e,
                                snn_tensor *t, snn_fail *fail)
{
    uint8_t block[BLOCK];
    char *out = snn_tensor_edit(t, false);
    int64_t n = snn_tensor_count(t), width = (int64_t)snn_dtype_size(t->dtype);
    if (snn_element_is_same(&e->element, t->dtype))
        return read_bytes(s, out, snn_tensor_bytes(t), fail);
    for (int64_t done = 0, count; done < n; done += count) {
        count = BLOCK / e->element.size;
        if (count > n - done) count = n - done;
        snn_status status =
            read_bytes(s, block, (size_t)(count * e->element.size), fail);
        if (status) return status;
        if (!snn_elements_convert(&e->element, block, count,
                                  out + done * width))
            return refuse_entry(s, e->name, "holds an unsigned integer above "
                                            "2^63 - 1, which int64 does not "
                                            "hold",
                                fail);
    }
    return SNN_OK;
}

snn_status snn_safetensors_next(snn_safetensors *s, snn_fail *fail,
                                snn_tensor *out)
{
    snn_tensor t;
    const entry *e = &s->entries[s->next];
    *out = SNN_NO_TENSOR;
    if (e->element.size == 0) {
        s->next++;
        return snn_source_skip(s->source, e->end - e->begin, fail);
    }
    snn_status status = snn_tensor_new(
        &e->shape, snn_element_dtype(&e->element), s->where, fail, &t);
    if (status) return status;
    status = read_elements(s, e, &t, fail);
    if (status == SNN_OK) {
        s->next++;
        snn_tensor_move(&t, out);
    }
    snn_tensor_clear(&t);
    return status;
}

#endif
