/* A row is written behind the others, then the header with the new count: a
   reader sees the rows that the header or the file's size vouches for. */
#include "io/npy_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "io/npy_header.h"
#include "io/replace.h"
#include "tensor/copy.h"
#include "util/mem.h"

struct snn_npy_stream {
    const char *where;
    char *path;
    int file;
    int error; /* of the write that failed; 0: none did */
    snn_shape row;
    snn_dtype dtype;
    int64_t rows;
    size_t row_bytes;
    char header[SNN_NPY_HEADER_MOST];
    char *count; /* in it: where the number of rows stands, */
    int digits;  /* and how long it is */
};

static snn_status refuse(const snn_npy_stream *s, int error, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot write '%s': %s",
                        s->where, s->path, strerror(error));
}

/* Makes the header that counts so many rows. */
static void format(snn_npy_stream *s, int64_t rows)
{
    char text[24];
    int digits = snprintf(text, sizeof text, "%" PRId64, rows);
    if (digits == s->digits) { /* a step's time: all else stays */
        memcpy(s->count, text, (size_t)digits);
        return;
    }
    snn_shape shape = snn_shape_prepend(rows, &s->row);
    snn_npy_format(&shape, s->dtype, sizeof s->header, s->header);
    s->count = (char *)memchr(s->header, '(', sizeof s->header) + 1;
    s->digits = digits;
}

/* ---- life ---- */

/* The file with its header comes into its place at once. */
static snn_status make_file(snn_npy_stream *s, snn_fail *fail)
{
    snn_replace file;
    snn_status status = snn_replace_open(s->where, s->path, fail, &file);
    if (status) return status;
    if (file.direct) {
        snn_replace_abandon(&file);
        return snn_fail_set(fail, SNN_IO_ERROR,
                            "%s: '%s' is no regular file", s->where, s->path);
    }
    format(s, 0);
    fwrite(s->header, 1, sizeof s->header, file.file);
    status = snn_replace_commit(&file, fail);
    if (status) return status;
    s->file = open(s->path, O_WRONLY | O_CLOEXEC);
    return s->file < 0 ? refuse(s, errno, fail) : SNN_OK;
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
    if (!s) return snn_fail_memory(fail, where, sizeof *s);
    *s = (snn_npy_stream){ .where = where, .file = -1, .row = *row,
                           .dtype = dtype,
                           .row_bytes = (size_t)snn_shape_count(row) *
                                        snn_dtype_size(dtype) };
    s->path = snn_mem_alloc(length);
    snn_status status = SNN_OK;
    if (!s->path) {
        status = snn_fail_memory(fail, where, length);
    } else {
        memcpy(s->path, path, length);
        status = make_file(s, fail);
    }
    if (status)
        snn_npy_stream_free(s);
    else
        *out = s;
    return status;
}

void snn_npy_stream_free(snn_npy_stream *stream)
{
    if (!stream) return;
    if (stream->file >= 0) close(stream->file);
    snn_mem_free(stream->path);
    snn_mem_free(stream);
}

/* ---- rows ---- */

/* An errno, or 0. */
static int write_at(const snn_npy_stream *s, const char *data, size_t bytes,
                    off_t place)
{
    while (bytes > 0) {
        ssize_t n = pwrite(s->file, data, bytes, place);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n < 0 ? errno : EIO;
        data += n;
        bytes -= (size_t)n;
        place += n;
    }
    return 0;
}

/* The row behind the others first, then the header that counts it: an errno,
   and the file as it was, or 0. */
static int write_row(snn_npy_stream *s, const snn_tensor *row)
{
    off_t end = (off_t)(sizeof s->header + (size_t)s->rows * s->row_bytes);
    int error = write_at(s, snn_tensor_data(row), s->row_bytes, end);
    if (error == 0) {
        format(s, s->rows + 1);
        error = write_at(s, s->header, sizeof s->header, 0);
    }
    if (error) { /* where this fails too, readers leave what is no whole row */
        int unused = ftruncate(s->file, end);
        (void)unused;
    }
    return error;
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

snn_status snn_npy_stream_check(const snn_npy_stream *s, snn_fail *fail)
{
    if (s->error == 0) return SNN_OK;
    return snn_fail_set(fail, SNN_IO_ERROR,
                        "%s: cannot write '%s': %s; its %" PRId64 " rows stay, "
                        "and it takes no others until clear()",
                        s->where, s->path, strerror(s->error), s->rows);
}

void snn_npy_stream_resume(snn_npy_stream *stream) { stream->error = 0; }

snn_status snn_npy_stream_append(snn_npy_stream *stream, const snn_tensor *row,
                                 snn_fail *fail)
{
    snn_npy_stream *s = stream;
    snn_tensor dense;
    snn_status status = snn_npy_stream_check(s, fail);
    if (status == SNN_OK) status = check_row(s, row, fail);
    if (status == SNN_OK) status = snn_tensor_contiguous(row, fail, &dense);
    if (status) return status;
    s->error = write_row(s, &dense);
    snn_tensor_clear(&dense);
    if (s->error) return snn_npy_stream_check(s, fail);
    s->rows++;
    return SNN_OK;
}

snn_status snn_npy_stream_sync(const snn_npy_stream *s, snn_fail *fail)
{
    snn_status status = snn_npy_stream_check(s, fail);
    if (status) return status;
    return fsync(s->file) != 0 ? refuse(s, errno, fail) : SNN_OK;
}
