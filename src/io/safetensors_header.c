/* Where there are checksums the header's own is looked at first: what does not
   fit it is not read at all. */
#include "io/safetensors_header.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/checksum.h"
#include "io/json.h"
#include "util/mem.h"

enum { NAME = 100 }; /* bytes of a name in a message, at most */

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

snn_status snn_header_refuse(const snn_header *h, const char *what,
                             snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s' %s", h->where, h->path,
                        what);
}

snn_status snn_header_refuse_entry(const snn_header *h, const char *name,
                                   const char *what, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s': tensor '%.*s' %s",
                        h->where, h->path, NAME, name, what);
}

static snn_status refuse_json(const snn_header *h, const snn_json *j,
                              snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR,
                        "%s: '%s' is no safetensors file: its header is no "
                        "JSON (%s, byte %td)",
                        h->where, h->path, j->fault, j->at - j->begin);
}

/* ---- lists that grow ---- */

/* Room for one more; false when memory is short. Half as many again: at their
   largest the old and the new list take 14 times the text of tensors with the
   shortest names. */
static bool grow(void **list, int64_t count, int64_t *room, size_t each)
{
    if (count < *room) return true;
    int64_t wanted = count + count / 2 + 8;
    void *larger = snn_mem_alloc((size_t)wanted * each);
    if (!larger) return false;
    if (count > 0) memcpy(larger, *list, (size_t)count * each);
    snn_mem_free(*list);
    *list = larger;
    *room = wanted;
    return true;
}

static snn_header_entry *add_entry(snn_header *h)
{
    void *list = h->entries;
    bool fits = grow(&list, h->count, &h->entries_room, sizeof *h->entries);
    h->entries = list;
    return fits ? &h->entries[h->count++] : NULL;
}

static snn_metadata *add_pair(snn_header *h)
{
    void *list = h->metadata;
    bool fits = grow(&list, h->pairs, &h->metadata_room, sizeof *h->metadata);
    h->metadata = list;
    return fits ? &h->metadata[h->pairs++] : NULL;
}

/* ---- one tensor ---- */

/* A list of integers, or what stands in its place. */
typedef struct integers {
    bool is_list, whole; /* and of integers from 0 on alone */
    int64_t count;       /* of which the first ones are here */
    int64_t value[SNN_MAX_DIMS];
} integers;

static void read_integers(snn_json *j, integers *out)
{
    bool first = true;
    *out = (integers){ .is_list = snn_json_peek(j) == '[', .whole = true };
    if (!out->is_list) {
        snn_json_skip(j);
        return;
    }
    snn_json_take(j, '[');
    for (; snn_json_more(j, ']', first); first = false) {
        int64_t value = 0;
        bool whole = false;
        char c = snn_json_peek(j);
        if (c == '-' || (c >= '0' && c <= '9'))
            snn_json_number(j, &value, &whole);
        else snn_json_skip(j);
        out->whole = out->whole && whole && value >= 0;
        if (out->count < SNN_MAX_DIMS) out->value[out->count] = value;
        out->count++;
    }
}

typedef struct fields {
    const char *dtype; /* NULL: none */
    integers shape, place;
} fields;

static void read_fields(snn_json *j, fields *out)
{
    bool first = true, seen[3] = { false };
    *out = (fields){ .dtype = NULL };
    snn_json_take(j, '{');
    for (; snn_json_more(j, '}', first); first = false) {
        const char *key = snn_json_key(j);
        if (!key) return;
        int known = strcmp(key, "dtype") == 0          ? 0
                    : strcmp(key, "shape") == 0        ? 1
                    : strcmp(key, "data_offsets") == 0 ? 2
                                                       : -1;
        if (known >= 0 && seen[known]) j->fault = "duplicate keys";
        if (known >= 0) seen[known] = true;
        if (known == 0 && snn_json_peek(j) == '"')
            out->dtype = snn_json_string(j);
        else if (known > 0)
            read_integers(j, known == 1 ? &out->shape : &out->place);
        else snn_json_skip(j);
    }
}

static snn_status check_shape(const snn_header *h, const integers *shape,
                              snn_header_entry *e, snn_fail *fail)
{
    const char *what = NULL;
    if (!shape->is_list) what = "has no shape";
    else if (shape->count > SNN_MAX_DIMS) what = "has more than 8 dimensions";
    else if (!shape->whole) what = "has a shape of other things than sizes";
    if (what) return snn_header_refuse_entry(h, e->name, what, fail);
    e->shape.ndim = (int)shape->count;
    memcpy(e->shape.size, shape->value, sizeof e->shape.size);
    if (snn_shape_check(&e->shape, snn_element_dtype(&e->element), h->where,
                        NULL))
        return snn_header_refuse_entry(
            h, e->name, "has a shape that no memory holds", fail);
    return SNN_OK;
}

static snn_status check_place(const snn_header *h, const integers *place,
                              snn_header_entry *e, snn_fail *fail)
{
    if (!place->is_list || place->count != 2 || !place->whole ||
        place->value[1] < place->value[0])
        return snn_header_refuse_entry(
            h, e->name, "has no place (data_offsets)", fail);
    e->begin = (uint64_t)place->value[0];
    e->end = (uint64_t)place->value[1];
    if (e->element.size == 0) return SNN_OK;
    uint64_t needed =
        (uint64_t)snn_shape_count(&e->shape) * (uint64_t)e->element.size;
    if (e->end - e->begin == needed) return SNN_OK;
    char shape[SNN_SHAPE_TEXT], text[SNN_SHAPE_TEXT + 120];
    snprintf(text, sizeof text,
             "has %" PRIu64 " bytes, its shape %s needs %" PRIu64,
             e->end - e->begin, snn_shape_text(&e->shape, shape), needed);
    return snn_header_refuse_entry(h, e->name, text, fail);
}

static snn_status read_entry(snn_header *h, snn_json *j, const char *name,
                             snn_fail *fail)
{
    fields f;
    if (snn_json_peek(j) != '{')
        return snn_header_refuse_entry(h, name, "is no JSON object", fail);
    read_fields(j, &f);
    if (j->fault) return refuse_json(h, j, fail);
    if (!f.dtype)
        return snn_header_refuse_entry(h, name, "has no dtype", fail);
    snn_header_entry *e = add_entry(h);
    if (!e) return snn_fail_memory(fail, h->where, sizeof *e);
    *e = (snn_header_entry){ .name = name, .dtype = f.dtype };
    for (int i = 0; i < DTYPES; i++)
        if (strcmp(f.dtype, dtypes[i].name) == 0) e->element = dtypes[i].element;
    snn_status status =
        e->element.size > 0 ? check_shape(h, &f.shape, e, fail) : SNN_OK;
    return status ? status : check_place(h, &f.place, e, fail);
}

/* ---- the header's object ---- */

static snn_status read_metadata(snn_header *h, snn_json *j, snn_fail *fail)
{
    bool first = true;
    if (snn_json_peek(j) != '{')
        return snn_header_refuse(h, "has metadata that are no JSON object",
                                 fail);
    snn_json_take(j, '{');
    for (; snn_json_more(j, '}', first); first = false) {
        const char *key = snn_json_key(j);
        if (key && snn_json_peek(j) != '"')
            return snn_header_refuse(h, "has metadata other than strings",
                                     fail);
        const char *value = key ? snn_json_string(j) : NULL;
        if (!value) break;
        snn_metadata *pair = add_pair(h);
        if (!pair) return snn_fail_memory(fail, h->where, sizeof *pair);
        *pair = (snn_metadata){ key, value };
    }
    return j->fault ? refuse_json(h, j, fail) : SNN_OK;
}

static snn_status read_object(snn_header *h, snn_json *j, snn_fail *fail)
{
    bool first = true, seen = false;
    char begin = snn_json_peek(j);
    if (begin == '[')
        return snn_header_refuse(h, "is no safetensors file: its header is no "
                                    "JSON object",
                                 fail);
    snn_json_take(j, '{');
    for (; snn_json_more(j, '}', first); first = false) {
        const char *name = snn_json_key(j);
        if (!name) break;
        bool is_tensor = strcmp(name, METADATA) != 0;
        if (!is_tensor && seen) {
            j->fault = "duplicate metadata";
            break;
        }
        snn_status status = is_tensor ? read_entry(h, j, name, fail)
                                      : read_metadata(h, j, fail);
        if (status) return status;
        seen = seen || !is_tensor;
    }
    if (!j->fault && snn_json_peek(j) != '\0') j->fault = "text behind it";
    if (!j->fault && j->at < j->end) j->fault = "an unexpected byte";
    return j->fault ? refuse_json(h, j, fail) : SNN_OK;
}

/* ---- names ---- */

static int by_name(const void *a, const void *b)
{
    const snn_header_entry *x = a, *y = b;
    return strcmp(x->name, y->name);
}

static snn_status check_names(snn_header *h, snn_fail *fail)
{
    if (h->count > 1)
        qsort(h->entries, (size_t)h->count, sizeof *h->entries, by_name);
    for (int64_t i = 1; i < h->count; i++)
        if (by_name(&h->entries[i - 1], &h->entries[i]) == 0)
            return snn_header_refuse_entry(h, h->entries[i].name,
                                           "is a duplicate", fail);
    snn_metadata_sort(h->metadata, h->pairs);
    for (int64_t i = 1; i < h->pairs; i++)
        if (strcmp(h->metadata[i - 1].key, h->metadata[i].key) == 0)
            return snn_header_refuse(h, "has metadata with duplicate keys",
                                     fail);
    return SNN_OK;
}

/* ---- checksums ---- */

/* Whether there are checksums; those of a damaged header are refused. */
static snn_status check_seal(snn_header *h, const char *text, size_t length,
                             snn_fail *fail)
{
    uint32_t sum;
    size_t start = strlen(SNN_SUM_START);
    h->sealed = length >= start + SNN_SUM_DIGITS &&
                memcmp(text, SNN_SUM_START, start) == 0;
    if (!h->sealed) return SNN_OK;
    if (snn_checksum_get(text + start, &sum) &&
        sum == snn_checksum_header(text, length))
        return SNN_OK;
    return snn_header_refuse(h, "is damaged: its header does not fit its "
                                "checksum",
                             fail);
}

/* A tensor's name against a key of the metadata. */
static int by_sum(const void *name, const void *pair)
{
    const char *key = ((const snn_metadata *)pair)->key;
    size_t prefix = strlen(SNN_SUM_PREFIX);
    int order = strncmp(SNN_SUM_PREFIX, key, prefix);
    return order ? order : strcmp(name, key + prefix);
}

static snn_status take_sum(const snn_header *h, snn_header_entry *e,
                           snn_fail *fail)
{
    const snn_metadata *pair =
        h->pairs > 0 ? bsearch(e->name, h->metadata, (size_t)h->pairs,
                               sizeof *h->metadata, by_sum)
                     : NULL;
    if (pair && strlen(pair->value) == SNN_SUM_DIGITS &&
        snn_checksum_get(pair->value, &e->sum))
        return SNN_OK;
    return snn_header_refuse_entry(h, e->name, "has no checksum, others have",
                                   fail);
}

/* Moves the checksums from the metadata to the tensors. */
static snn_status take_sums(snn_header *h, snn_fail *fail)
{
    int64_t left = 0;
    for (int64_t i = 0; i < h->pairs; i++)
        if (!h->sealed && snn_metadata_is_own(h->metadata[i].key))
            return snn_header_refuse(h, "is damaged, or another program has "
                                        "changed it: its header does not begin "
                                        "with its checksum",
                                     fail);
    for (int64_t i = 0; h->sealed && i < h->count; i++) {
        snn_status status = take_sum(h, &h->entries[i], fail);
        if (status) return status;
    }
    for (int64_t i = 0; i < h->pairs; i++) {
        const char *key = h->metadata[i].key;
        if (strcmp(key, SNN_SUM_KEY) != 0 &&
            strncmp(key, SNN_SUM_PREFIX, strlen(SNN_SUM_PREFIX)) != 0)
            h->metadata[left++] = h->metadata[i];
    }
    h->pairs = left;
    return SNN_OK;
}

/* ---- places ---- */

static int by_place(const void *a, const void *b)
{
    const snn_header_entry *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

static snn_status check_places(snn_header *h, uint64_t size, snn_fail *fail)
{
    uint64_t at = 0;
    if (h->count > 1)
        qsort(h->entries, (size_t)h->count, sizeof *h->entries, by_place);
    for (int64_t i = 0; i < h->count; i++) {
        const snn_header_entry *e = &h->entries[i];
        if (e->begin != at)
            return snn_header_refuse_entry(h, e->name,
                                           e->begin < at
                                               ? "overlaps another one"
                                               : "lies behind a gap",
                                           fail);
        at = e->end;
    }
    if (at == size) return SNN_OK;
    char text[160];
    snprintf(text, sizeof text,
             "%s: its header tells of %" PRIu64 " bytes of tensors, %" PRIu64
             " are there",
             at > size ? "is cut short" : "has bytes too many", at, size);
    return snn_header_refuse(h, text, fail);
}

/* ---- all of it ---- */

snn_status snn_header_read(snn_header *h, char *text, size_t length,
                           uint64_t size, snn_fail *fail)
{
    snn_json json = { .begin = text, .at = text, .end = text + length };
    snn_status status = check_seal(h, text, length, fail);
    if (status == SNN_OK) status = read_object(h, &json, fail);
    if (status == SNN_OK) status = check_names(h, fail);
    if (status == SNN_OK) status = take_sums(h, fail);
    if (status == SNN_OK) status = check_places(h, size, fail);
    return status;
}

void snn_header_clear(snn_header *h)
{
    snn_mem_free(h->entries);
    snn_mem_free(h->metadata);
    h->entries = NULL;
    h->metadata = NULL;
    h->count = h->pairs = 0;
}
