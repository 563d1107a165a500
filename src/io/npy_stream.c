#include "io/npy_stream.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "io/npy_header.h"
#include "io/replace.h"
#include "tensor/copy.h"
#include "util/mem.h"

enum { FLUSH_BYTES = 1 << 20 }; /* rows that a crash may cost, at most */

struct snn_npy_stream {
    const char *where;
    char *path;
    FILE *file;
    snn_shape row;
    snn_dtype dtype;
    int64_t rows;    /* appended */
    int64_t flushed; /* of them counted by the header */
    size_t row_bytes;
};

static snn_status refuse(const snn_npy_stream *s, int error, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot write '%s': %s",
                        s->where, s->path, strerror(error ? error : EIO));
}

static void format(const snn_npy_stream *s, char header[SNN_NPY_HEADER_MOST])
{
    snn_shape shape = snn_shape_prepend(s->rows, &s->row);
    snn_npy_format(&shape, s->dtype, SNN_NPY_HEADER_MOST, header);
}

/* The file with its header comes into its place at once. */
static snn_status make_file(snn_npy_stream *s, snn_fail *fail)
{
    char header[SNN_NPY_HEADER_MOST];
    snn_replace file;
    snn_status status = snn_replace_open(s->where, s->path, fail, &file);
    if (status) return status;
    if (file.direct) {
        snn_replace_abandon(&file);
        return snn_fail_set(fail, SNN_IO_ERROR,
                            "%s: '%s' is no regular file", s->where, s->path);
    }
    format(s, header);
    fwrite(header, 1, sizeof header, file.file);
    status = snn_replace_commit(&file, fail);
    if (status) return status;
    s->file = fopen(s->path, "r+be");
    if (!s->file || fseeko(s->file, 0, SEEK_END) != 0)
        return refuse(s, errno, fail);
    return SNN_OK;
}

snn_status snn_npy_stream_open(const char *where, const char *path,
                               const snn_shape *row, snn_dtype dtype,
                               snn_fail *fail, snn_npy_stream **out)
{
    *out = NULL;
    if (row->ndim == SNN_MAX_DIMS)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: rows of %d dimensions leave no room for that "
                            "of time",
                            where, SNN_MAX_DIMS);
    size_t length = strlen(path) + 1;
    snn_npy_stream *s = snn_mem_zeroed(sizeof *s);
    if (s) s->path = snn_mem_alloc(length);
    if (!s || !s->path) {
        snn_npy_stream_free(s);
        return snn_fail_memory(fail, where, sizeof *s + length);
    }
    memcpy(s->path, path, length);
    s->where = where;
    s->row = *row;
    s->dtype = dtype;
    s->row_bytes = (size_t)snn_shape_count(row) * snn_dtype_size(dtype);
    snn_status status = make_file(s, fail);
    if (status)
        snn_npy_stream_free(s);
    else
        *out = s;
    return status;
}

/* Back to the last flush. */
static snn_status give_up(snn_npy_stream *s, snn_fail *fail)
{
    int error = errno;
    off_t end = (off_t)(SNN_NPY_HEADER_MOST +
                        (size_t)s->flushed * s->row_bytes);
    clearerr(s->file);
    s->rows = s->flushed;
    if (fseeko(s->file, end, SEEK_SET) != 0 ||
        ftruncate(fileno(s->file), end) != 0)
        clearerr(s->file);
    return refuse(s, error, fail);
}

snn_status snn_npy_stream_flush(snn_npy_stream *stream, snn_fail *fail)
{
    snn_npy_stream *s = stream;
    char header[SNN_NPY_HEADER_MOST];
    if (s->rows == s->flushed) return SNN_OK;
    format(s, header);
    if (fflush(s->file) != 0) return give_up(s, fail);
    if (pwrite(fileno(s->file), header, sizeof header, 0) !=
        (ssize_t)sizeof header)
        return give_up(s, fail);
    s->flushed = s->rows;
    return SNN_OK;
}

static snn_status check_row(const snn_npy_stream *s, const snn_tensor *row,
                            snn_fail *fail)
{
    if (row->dtype == s->dtype && snn_shape_equal(&row->shape, &s->row))
        return SNN_OK;
    char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the file '%s' has rows of %s, shape %s, got %s, "
                        "shape %s",
                        s->where, s->path, snn_dtype_name(s->dtype),
                        snn_shape_text(&s->row, want),
                        snn_dtype_name(row->dtype),
                        snn_shape_text(&row->shape, got));
}

snn_status snn_npy_stream_append(snn_npy_stream *stream, const snn_tensor *row,
                                 snn_fail *fail)
{
    snn_npy_stream *s = stream;
    snn_tensor dense;
    snn_status status = check_row(s, row, fail);
    if (status == SNN_OK) status = snn_tensor_contiguous(row, fail, &dense);
    if (status) return status;
    size_t written =
        fwrite(snn_tensor_data(&dense), 1, s->row_bytes, s->file);
    snn_tensor_clear(&dense);
    if (written != s->row_bytes) return give_up(s, fail);
    s->rows++;
    if ((size_t)(s->rows - s->flushed) * s->row_bytes < FLUSH_BYTES)
        return SNN_OK;
    return snn_npy_stream_flush(s, fail);
}

void snn_npy_stream_free(snn_npy_stream *stream)
{
    if (!stream) return;
    if (stream->file) {
        snn_npy_stream_flush(stream, NULL);
        fclose(stream->file);
    }
    snn_mem_free(stream->path);
    snn_mem_free(stream);
}
