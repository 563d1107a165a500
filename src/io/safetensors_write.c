/* Writing a safetensors file: the header is made as a JSON value, the bytes of
   the tensors follow in its order. */
#include "io/safetensors.h"

#include <string.h>

bool snn_safetensors_is_own(const char *key)
{
    return strncmp(key, SNN_SAFETENSORS_OWN, strlen(SNN_SAFETENSORS_OWN)) == 0;
}

#ifndef SNN_HAVE_JANSSON

snn_status snn_safetensors_write(const char *where, const char *path,
                                 const snn_safetensors_content *content,
                                 snn_fail *fail)
{
    (void)content;
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: cannot use '%s': snnlua was built without "
                        "jansson",
                        where, path);
}

#else

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "io/replace.h"
#include "tensor/copy.h"

enum {
    LENGTH = 8, /* bytes of the header's length */
    NAME = 100  /* bytes of a text in a message, at most */
};

static const char METADATA[] = "__metadata__"; /* a name that is no tensor */

static const char *const written[] = {
    [SNN_BOOL] = "BOOL", [SNN_INT64] = "I64",
    [SNN_FLOAT32] = "F32", [SNN_FLOAT64] = "F64",
};

static int by_width_and_name(const void *a, const void *b)
{
    const snn_named_tensor *x = a, *y = b;
    size_t m = snn_dtype_size(x->tensor->dtype);
    size_t n = snn_dtype_size(y->tensor->dtype);
    return m != n ? (m > n ? -1 : 1) : strcmp(x->name, y->name);
}

/* Adds a tensor's description, `begin` its place; false when memory is
   short. */
static bool describe(json_t *header, const snn_named_tensor *t, uint64_t begin)
{
    json_t *shape = json_array();
    bool is_whole = shape;
    for (int d = 0; is_whole && d < t->tensor->shape.ndim; d++)
        is_whole = !json_array_append_new(
            shape, json_integer(t->tensor->shape.size[d]));
    uint64_t end = begin + snn_tensor_bytes(t->tensor);
    json_t *value = json_pack("{s:s, s:o, s:[I, I]}", "dtype",
                              written[t->tensor->dtype], "shape", shape,
                              "data_offsets", (json_int_t)begin,
                              (json_int_t)end);
    return json_object_set_new(header, t->name, value) == 0 && is_whole;
}

/* Adds the metadata where there are some; false when memory is short. */
static bool add_metadata(json_t *header, const snn_safetensors_content *c)
{
    if (c->pairs == 0) return true;
    json_t *object = json_object();
    bool is_whole = object;
    for (int64_t i = 0; is_whole && i < c->pairs; i++)
        is_whole = !json_object_set_new(object, c->metadata[i].key,
                                        json_string(c->metadata[i].value));
    return json_object_set_new(header, METADATA, object) == 0 && is_whole;
}

static bool is_utf8(const char *text)
{
    json_t *string = json_string(text);
    json_decref(string);
    return string;
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

/* The header as text, to be freed with free(); NULL when memory is short. */
static char *make_header(const snn_safetensors_content *c)
{
    json_t *header = json_object();
    uint64_t at = 0;
    bool is_made = header && add_metadata(header, c);
    for (int64_t i = 0; is_made && i < c->count; i++) {
        is_made = describe(header, &c->tensors[i], at);
        at += snn_tensor_bytes(c->tensors[i].tensor);
    }
    char *text = is_made ? json_dumps(header, JSON_COMPACT) : NULL;
    json_decref(header);
    return text;
}

/* Spaces behind the header, so that wide elements lie on multiples of 8. */
static void write_header(FILE *file, const char *text)
{
    size_t length = strlen(text), padded = (length + 7) / 8 * 8;
    uint8_t start[LENGTH];
    for (int i = 0; i < LENGTH; i++)
        start[i] = (uint8_t)((uint64_t)padded >> 8 * i);
    fwrite(start, 1, LENGTH, file);
    fwrite(text, 1, length, file);
    fwrite("       ", 1, padded - length, file);
}

static snn_status write_file(const char *where, const char *path,
                             const char *text,
                             const snn_safetensors_content *c, snn_fail *fail)
{
    snn_replace r;
    snn_status status = snn_replace_open(where, path, fail, &r);
    if (status) return status;
    r.keep = c->keep;
    write_header(r.file, text);
    for (int64_t i = 0; status == SNN_OK && i < c->count; i++) {
        snn_tensor dense;
        status = snn_tensor_contiguous(c->tensors[i].tensor, fail, &dense);
        if (status) break;
        fwrite(snn_tensor_data(&dense), 1, snn_tensor_bytes(&dense), r.file);
        snn_tensor_clear(&dense);
    }
    if (status == SNN_OK) return snn_replace_commit(&r, fail);
    snn_replace_abandon(&r);
    return status;
}

static int by_key(const void *a, const void *b)
{
    const snn_metadata *x = a, *y = b;
    return strcmp(x->key, y->key);
}

snn_status snn_safetensors_write(const char *where, const char *path,
                                 const snn_safetensors_content *content,
                                 snn_fail *fail)
{
    const snn_safetensors_content *c = content;
    snn_status status = check_texts(where, c, fail);
    if (status) return status;
    qsort(c->tensors, (size_t)c->count, sizeof *c->tensors, by_width_and_name);
    qsort(c->metadata, (size_t)c->pairs, sizeof *c->metadata, by_key);
    char *text = make_header(c);
    if (!text) return snn_fail_memory(fail, where, (size_t)c->count);
    status = write_file(where, path, text, c, fail);
    free(text);
    return status;
}

#endif
