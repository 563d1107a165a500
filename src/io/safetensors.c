/* Reading: the header tells what follows (io/safetensors_header.h); the tensors
   are read one after the other, each with its checksum where it has one. */
#include "io/safetensors.h"

#include <string.h>

#include "io/checksum.h"
#include "io/safetensors_header.h"
#include "io/source.h"
#include "util/mem.h"

enum {
    LENGTH = 8,             /* bytes of the header's length */
    BLOCK = 1 << 16,        /* bytes converted at once; a multiple of 8 */
    PORTION = 1 << 20,      /* bytes read at once, then summed up */
    MOST_HEADER = 100000000 /* bytes: the format's own limit */
};

struct snn_safetensors {
    snn_source *source;
    char *text; /* of the header */
    snn_header header;
    int64_t next;
};

/* ---- the header ---- */

static snn_status read_bytes(const snn_safetensors *s, void *out, size_t bytes,
                             snn_fail *fail)
{
    size_t got;
    snn_status status = snn_source_read(s->source, out, bytes, &got, fail);
    if (status == SNN_OK && got < bytes)
        return snn_header_refuse(&s->header, "became shorter while it was read",
                                 fail);
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
        return snn_header_refuse(&s->header, "is no safetensors file: it is "
                                             "too short",
                                 fail);
    status = read_bytes(s, start, LENGTH, fail);
    if (status) return status;
    for (int i = LENGTH - 1; i >= 0; i--) length = length << 8 | start[i];
    if (length > all - LENGTH || length > MOST_HEADER)
        return snn_header_refuse(&s->header, "is no safetensors file, or is "
                                             "cut short: its header would be "
                                             "longer than it",
                                 fail);
    s->text = snn_mem_alloc((size_t)length + 1);
    if (!s->text)
        return snn_fail_memory(fail, s->header.where, (size_t)length);
    status = read_bytes(s, s->text, (size_t)length, fail);
    if (status) return status;
    return snn_header_read(&s->header, s->text, (size_t)length,
                           all - LENGTH - length, fail);
}

/* ---- life ---- */

snn_status snn_safetensors_open(const char *where, const char *path,
                                snn_fail *fail, snn_safetensors **out)
{
    *out = NULL;
    snn_safetensors *s = snn_mem_zeroed(sizeof *s);
    if (!s) return snn_fail_memory(fail, where, sizeof *s);
    s->header.where = where;
    s->header.path = path;
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
    snn_header_clear(&s->header);
    snn_mem_free(s->text);
    snn_mem_free(s);
}

int64_t snn_safetensors_count(const snn_safetensors *s)
{
    return s->header.count;
}

bool snn_safetensors_is_sealed(const snn_safetensors *s)
{
    return s->header.sealed;
}

const char *snn_safetensors_name(const snn_safetensors *s, int64_t i)
{
    return s->header.entries[i].name;
}

void snn_safetensors_describe(const snn_safetensors *s, int64_t i,
                              snn_safetensors_entry *out)
{
    const snn_header_entry *e = &s->header.entries[i];
    *out = (snn_safetensors_entry){ .name = e->name,
                                    .dtype = e->dtype,
                                    .bytes = e->end - e->begin };
    if (e->element.size > 0) out->shape = &e->shape;
}

bool snn_safetensors_metadata(const snn_safetensors *s, int64_t i,
                              snn_metadata *out)
{
    if (i >= s->header.pairs) return false;
    *out = s->header.metadata[i];
    return true;
}

/* ---- tensors ---- */

/* Bytes into a tensor as they are; *sum goes on. */
static snn_status read_plain(const snn_safetensors *s, char *out, size_t bytes,
                             uint32_t *sum, snn_fail *fail)
{
    while (bytes > 0) {
        size_t n = bytes < PORTION ? bytes : PORTION;
        snn_status status = read_bytes(s, out, n, fail);
        if (status) return status;
        if (s->header.sealed) *sum = snn_checksum(*sum, out, n);
        out += n;
        bytes -= n;
    }
    return SNN_OK;
}

static snn_status convert(const snn_safetensors *s, const snn_header_entry *e,
                          snn_tensor *t, uint32_t *sum, snn_fail *fail)
{
    uint8_t block[BLOCK];
    char *out = snn_tensor_edit(t, false);
    int64_t n = snn_tensor_count(t), width = (int64_t)snn_dtype_size(t->dtype);
    for (int64_t done = 0, count; done < n; done += count) {
        count = BLOCK / e->element.size;
        if (count > n - done) count = n - done;
        size_t bytes = (size_t)(count * e->element.size);
        snn_status status = read_bytes(s, block, bytes, fail);
        if (status) return status;
        if (s->header.sealed) *sum = snn_checksum(*sum, block, bytes);
        if (!snn_elements_convert(&e->element, block, count,
                                  out + done * width))
            return snn_header_refuse_entry(
                &s->header, e->name,
                "holds an unsigned integer above 2^63 - 1, which int64 does "
                "not hold",
                fail);
    }
    return SNN_OK;
}

/* Passes over a tensor of an unknown dtype. */
static snn_status pass(const snn_safetensors *s, const snn_header_entry *e,
                       uint32_t *sum, snn_fail *fail)
{
    uint8_t block[BLOCK];
    uint64_t left = e->end - e->begin;
    if (!s->header.sealed) return snn_source_skip(s->source, left, fail);
    while (left > 0) {
        size_t n = left < BLOCK ? (size_t)left : BLOCK;
        snn_status status = read_bytes(s, block, n, fail);
        if (status) return status;
        *sum = snn_checksum(*sum, block, n);
        left -= n;
    }
    return SNN_OK;
}

static snn_status read_elements(const snn_safetensors *s,
                                const snn_header_entry *e, snn_tensor *t,
                                snn_fail *fail)
{
    uint32_t sum = 0;
    snn_status status =
        e->element.size == 0 ? pass(s, e, &sum, fail)
        : snn_element_is_same(&e->element, t->dtype)
            ? read_plain(s, snn_tensor_edit(t, false), snn_tensor_bytes(t),
                         &sum, fail)
            : convert(s, e, t, &sum, fail);
    if (status == SNN_OK && s->header.sealed && sum != e->sum)
        return snn_header_refuse_entry(&s->header, e->name,
                                       "is damaged: its bytes do not fit their "
                                       "checksum",
                                       fail);
    return status;
}

snn_status snn_safetensors_next(snn_safetensors *s, snn_fail *fail,
                                snn_tensor *out)
{
    snn_tensor t = SNN_NO_TENSOR;
    snn_status status = SNN_OK;
    const snn_header_entry *e = &s->header.entries[s->next];
    *out = SNN_NO_TENSOR;
    if (e->element.size > 0)
        status = snn_tensor_new(&e->shape, snn_element_dtype(&e->element),
                                s->header.where, fail, &t);
    if (status) return status;
    status = read_elements(s, e, &t, fail);
    if (status == SNN_OK) {
        s->next++;
        snn_tensor_move(&t, out);
    }
    snn_tensor_clear(&t);
    return status;
}
