/* Writing a safetensors file. The checksums stand in the header, before the
   bytes that they are of: they are worked out while the disk takes the bytes,
   and the header is written a second time. A pipe goes one way alone: there
   they are worked out first. */
#include "io/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "io/checksum.h"
#include "io/json.h"
#include "io/replace.h"
#include "tensor/copy.h"
#include "util/interrupt.h"
#include "util/mem.h"

enum {
    LENGTH = 8,       /* bytes of the header's length */
    NAME = 100,       /* bytes of a text in a message, at most */
    PORTION = 1 << 20 /* bytes summed up, then written */
};

static const char METADATA[] = "__metadata__"; /* a name that is no tensor */

static const char *const written[] = {
    [SNN_BOOL] = "BOOL", [SNN_INT64] = "I64",
    [SNN_FLOAT32] = "F32", [SNN_FLOAT64] = "F64",
};

/* ---- text that grows ---- */

typedef struct text {
    char *data;
    size_t size, room;
    bool failed; /* memory is short */
} text;

static void put(text *t, const char *bytes, size_t n)
{
    if (!t->failed && t->size + n > t->room) {
        size_t room = (t->size + n) * 2;
        char *larger = snn_mem_alloc(room);
        t->failed = !larger;
        if (larger && t->size > 0) memcpy(larger, t->data, t->size);
        if (larger) snn_mem_free(t->data);
        if (larger) t->data = larger;
        if (larger) t->room = room;
    }
    if (t->failed) return;
    memcpy(t->data + t->size, bytes, n);
    t->size += n;
}

static void put_text(text *t, const char *bytes)
{
    put(t, bytes, strlen(bytes));
}

static void put_number(text *t, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%" PRIu64, number);
    put_text(t, digits);
}

/* The inside of a JSON string. */
static void put_inside(text *t, const char *bytes)
{
    static const char bare[] = "\"\\\b\f\n\r\t", names[] = "\"\\bfnrt";
    for (; *bytes; bytes++) {
        const char *found = strchr(bare, *bytes);
        char escape[8] = { *bytes };
        if (found) snprintf(escape, sizeof escape, "\\%c", names[found - bare]);
        else if ((unsigned char)*bytes < ' ')
            snprintf(escape, sizeof escape, "\\u%04x", (unsigned)*bytes);
        put_text(t, escape);
    }
}

static void put_string(text *t, const char *bytes)
{
    put_text(t, "\"");
    put_inside(t, bytes);
    put_text(t, "\"");
}

/* ---- the header ---- */

typedef struct header {
    text text;     /* its length, it, and spaces */
    size_t *place; /* (count): where the digits of a tensor's sum are */
} header;

/* The metadata: the header's own sum first, those of tensors, then the
   caller's. The digits come later. */
static void put_metadata(header *h, const snn_safetensors_content *c)
{
    text *t = &h->text;
    put_text(t, SNN_SUM_START "00000000\"");
    for (int64_t i = 0; i < c->count; i++) {
        put_text(t, ",\"" SNN_SUM_PREFIX);
        put_inside(t, c->tensors[i].name);
        put_text(t, "\":\"");
        h->place[i] = t->size;
        put_text(t, "00000000\"");
    }
    for (int64_t i = 0; i < c->pairs; i++) {
        put_text(t, ",");
        put_string(t, c->metadata[i].key);
        put_text(t, ":");
        put_string(t, c->metadata[i].value);
    }
    put_text(t, "}");
}

/* A tensor's description, `begin` its place. */
static void describe(text *t, const snn_named_tensor *n, uint64_t begin)
{
    const snn_shape *shape = &n->tensor->shape;
    put_text(t, ",");
    put_string(t, n->name);
    put_text(t, ":{\"dtype\":\"");
    put_text(t, written[n->tensor->dtype]);
    put_text(t, "\",\"shape\":[");
    for (int d = 0; d < shape->ndim; d++) {
        if (d > 0) put_text(t, ",");
        put_number(t, (uint64_t)shape->size[d]);
    }
    put_text(t, "],\"data_offsets\":[");
    put_number(t, begin);
    put_text(t, ",");
    put_number(t, begin + snn_tensor_bytes(n->tensor));
    put_text(t, "]}");
}

/* All but the sums; false when memory is short. Spaces behind the header, so
   that wide elements lie on multiples of 8. */
static bool make_header(const snn_safetensors_content *c, header *h)
{
    uint64_t at = 0;
    *h = (header){ .place = snn_mem_alloc((size_t)c->count * sizeof *h->place +
                                          1) };
    if (!h->place) return false;
    put(&h->text, "       ", LENGTH);
    put_metadata(h, c);
    for (int64_t i = 0; i < c->count; i++) {
        describe(&h->text, &c->tensors[i], at);
        at += snn_tensor_bytes(c->tensors[i].tensor);
    }
    put_text(&h->text, "}");
    put(&h->text, "       ", (LENGTH - h->text.size % LENGTH) % LENGTH);
    uint64_t length = h->text.size - LENGTH;
    for (int i = 0; i < LENGTH && !h->text.failed; i++)
        h->text.data[i] = (char)(length >> 8 * i & 0xff);
    return !h->text.failed;
}

static void free_header(header *h)
{
    snn_mem_free(h->text.data);
    snn_mem_free(h->place);
}

/* The header's own sum, when all others are there. */
static void seal(header *h)
{
    char *start = h->text.data + LENGTH;
    uint32_t sum = snn_checksum_header(start, h->text.size - LENGTH);
    snn_checksum_put(sum, start + strlen(SNN_SUM_START));
}

/* ---- texts ---- */

static bool is_utf8(const char *bytes)
{
    return snn_utf8_check(bytes, strlen(bytes));
}

static snn_status check_texts(const char *where,
                              const snn_safetensors_content *c, snn_fail *fail)
{
    for (int64_t i = 0; i < c->count; i++) {
        const char *name = c->tensors[i].name;
        if (is_utf8(name) && strcmp(name, METADATA) != 0) continue;
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: a name must be UTF-8 and not '%s', got '%.*s'",
                            where, METADATA, NAME, name);
    }
    for (int64_t i = 0; i < c->pairs; i++) {
        if (is_utf8(c->metadata[i].key) && is_utf8(c->metadata[i].value))
            continue;
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: metadata must be UTF-8, got '%.*s' of '%.*s'",
                            where, NAME, c->metadata[i].value, NAME,
                            c->metadata[i].key);
    }
    return SNN_OK;
}

/* ---- the file ---- */

/* Puts the tensor's sum into the header, and its bytes into `file`, if there is
   one. */
static snn_status put_tensor(const char *where,
                             const snn_safetensors_content *c, int64_t i,
                             header *h, FILE *file, snn_fail *fail)
{
    snn_tensor dense;
    uint32_t sum = 0;
    snn_status status =
        snn_tensor_contiguous(c->tensors[i].tensor, fail, &dense);
    if (status) return status;
    const char *data = snn_tensor_data(&dense);
    for (size_t left = snn_tensor_bytes(&dense); left > 0;) {
        size_t n = left < PORTION ? left : PORTION;
        status = snn_interrupt_check(where, fail);
        if (status) break;
        sum = snn_checksum(sum, data, n);
        if (file && fwrite(data, 1, n, file) < n) break;
        data += n;
        left -= n;
    }
    snn_checksum_put(sum, h->text.data + h->place[i]);
    snn_tensor_clear(&dense);
    return status;
}

static snn_status put_all(const char *where, const snn_safetensors_content *c,
                          header *h, FILE *file, snn_fail *fail)
{
    snn_status status = SNN_OK;
    for (int64_t i = 0; status == SNN_OK && i < c->count; i++)
        status = put_tensor(where, c, i, h, file, fail);
    return status;
}

static snn_status write_file(const char *where, const char *path, header *h,
                             const snn_safetensors_content *c, snn_fail *fail)
{
    snn_replace r;
    snn_status status = snn_replace_open(where, path, fail, &r);
    if (status) return status;
    r.keep = c->keep;
    if (r.direct) status = put_all(where, c, h, NULL, fail);
    if (r.direct) seal(h);
    fwrite(h->text.data, 1, h->text.size, r.file);
    if (status == SNN_OK) status = put_all(where, c, h, r.file, fail);
    if (!r.direct) {
        seal(h);
        snn_replace_begin(&r, h->text.data, h->text.size);
    }
    if (status == SNN_OK) return snn_replace_commit(&r, fail);
    snn_replace_abandon(&r);
    return status;
}

static int by_width_and_name(const void *a, const void *b)
{
    const snn_named_tensor *x = a, *y = b;
    size_t m = snn_dtype_size(x->tensor->dtype);
    size_t n = snn_dtype_size(y->tensor->dtype);
    return m != n ? (m > n ? -1 : 1) : strcmp(x->name, y->name);
}

snn_status snn_safetensors_write(const char *where, const char *path,
                                 const snn_safetensors_content *content,
                                 snn_fail *fail)
{
    header h;
    const snn_safetensors_content *c = content;
    snn_status status = check_texts(where, c, fail);
    if (status) return status;
    qsort(c->tensors, (size_t)c->count, sizeof *c->tensors, by_width_and_name);
    snn_metadata_sort(c->metadata, c->pairs);
    if (make_header(c, &h)) status = write_file(where, path, &h, c, fail);
    else status = snn_fail_memory(fail, where, h.text.size);
    free_header(&h);
    return status;
}
