/* A row is written behind the others, then the header with the new count: a
   reader sees the rows that the header or the file's size vouches for. */
#include "io/npy_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

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
    bool has_more; /* rows of another run lie behind these: cut off before
                      the next one is written */
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
    s->file = fcntl(file.fd, F_DUPFD_CLOEXEC, 0);
    if (s->file >= 0) return snn_replace_commit(&file, fail);
    int error = errno;
    snn_replace_abandon(&file);
    return refuse(s, error, fail);
}

/* A stream without a file. */
static snn_status new_stream(const char *where, const char *path,
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
    if (!s->path) {
        snn_npy_stream_free(s);
        return snn_fail_memory(fail, where, length);
    }
    memcpy(s->path, path, length);
    *out = s;
    return SNN_OK;
}

/* Gives the stream away, or frees it. */
static snn_status finish(snn_npy_stream *s, snn_status status,
                         snn_npy_stream **out)
{
    *out = status ? NULL : s;
    if (status) snn_npy_stream_free(s);
    return status;
}

snn_status snn_npy_stream_open(const char *where, const char *path,
                               const snn_shape *row, snn_dtype dtype,
                               snn_fail *fail, snn_npy_stream **out)
{
    snn_npy_stream *s;
    snn_status status = new_stream(where, path, row, dtype, fail, &s);
    *out = NULL;
    return status ? status : finish(s, make_file(s, fail), out);
}

void snn_npy_stream_free(snn_npy_stream *stream)
{
    if (!stream) return;
    if (stream->file >= 0) close(stream->file);
    snn_mem_free(stream->path);
    snn_mem_free(stream);
}

/* ---- a file to go on with ---- */

static off_t end_of(const snn_npy_stream *s)
{
    return (off_t)(sizeof s->header + (size_t)s->rows * s->row_bytes);
}

/* Up to so many of the last bytes tell one file's rows from another's. */
enum { TAIL = 1 << 16 };

/* Of the end of the rows: an errno, or 0. */
static int sum_tail(const snn_npy_stream *s, uint32_t *out)
{
    unsigned char buffer[4096];
    off_t end = end_of(s), at = (off_t)sizeof s->header;
    if (end - at > TAIL) at = end - TAIL;
    uLong sum = crc32(0, NULL, 0);
    while (at < end) {
        size_t most = sizeof buffer;
        if (end - at < (off_t)most) most = (size_t)(end - at);
        ssize_t n = pread(s->file, buffer, most, at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n < 0 ? errno : EIO;
        sum = crc32(sum, buffer, (uInt)n);
        at += n;
    }
    *out = (uint32_t)sum;
    return 0;
}

snn_status snn_npy_stream_tell(snn_npy_stream *s, snn_fail *fail,
                               snn_npy_written *out)
{
    snn_status status = snn_npy_stream_check(s, fail);
    if (status) return status;
    if (fsync(s->file) != 0) return refuse(s, errno, fail);
    *out = (snn_npy_written){ .row = s->row, .dtype = s->dtype,
                              .rows = s->rows };
    int error = sum_tail(s, &out->sum);
    return error ? refuse(s, error, fail) : SNN_OK;
}

/* Reads the header, which is as a stream writes it: how many rows it counts. */
static snn_status read_header(snn_npy_stream *s, snn_fail *fail, int64_t *rows)
{
    char text[SNN_NPY_HEADER_MOST];
    snn_npy_header header;
    snn_npy_fault fault = { .text = "" };
    size_t begin, length;
    ssize_t got = pread(s->file, text, sizeof text, 0);
    if (got < 0) return refuse(s, errno, fail);
    bool is_whole =
        snn_npy_start((unsigned char *)text, (size_t)got, &begin, &length,
                      &fault) &&
        (size_t)got == sizeof text && begin + length == sizeof text &&
        snn_npy_parse(text + begin, length, &header, &fault);
    if (is_whole && header.shape.ndim == s->row.ndim + 1) {
        *rows = header.shape.size[0];
        format(s, *rows);
        if (memcmp(s->header, text, sizeof text) == 0) return SNN_OK;
    }
    char want[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the file '%s' is no file of a monitor with rows of "
                        "%s, shape %s",
                        s->where, s->path, snn_dtype_name(s->dtype),
                        snn_shape_text(&s->row, want));
}

/* As many rows as were written, and the same at their end. */
static snn_status check_file(snn_npy_stream *s, const snn_npy_written *written,
                             snn_fail *fail)
{
    int64_t rows = 0;
    struct stat of;
    uint32_t sum;
    if (fstat(s->file, &of) != 0) return refuse(s, errno, fail);
    if (!S_ISREG(of.st_mode))
        return snn_fail_set(fail, SNN_IO_ERROR,
                            "%s: '%s' is no regular file", s->where, s->path);
    snn_status status = read_header(s, fail, &rows);
    if (status) return status;
    int64_t there = rows;
    size_t room = (size_t)of.st_size - sizeof s->header;
    if (s->row_bytes > 0 && room / s->row_bytes < (size_t)rows)
        there = (int64_t)(room / s->row_bytes);
    if (there < written->rows)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: the file '%s' has %" PRId64 " rows, %" PRId64
                            " were written",
                            s->where, s->path, there, written->rows);
    s->rows = written->rows;
    format(s, s->rows);
    s->has_more = rows > s->rows || of.st_size > end_of(s);
    int error = sum_tail(s, &sum);
    if (error) return refuse(s, error, fail);
    if (sum == written->sum) return SNN_OK;
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the file '%s' has other rows than were written",
                        s->where, s->path);
}

/* Whether the bytes of such a row can be counted. */
static bool is_countable(const snn_shape *row, snn_dtype dtype)
{
    int64_t bytes = (int64_t)snn_dtype_size(dtype);
    for (int i = 0; i < row->ndim; i++)
        if (row->size[i] > 0 && !snn_mem_mul_i64(bytes, row->size[i], &bytes))
            return false;
    return true;
}

snn_status snn_npy_stream_reopen(const char *where, const char *path,
                                 const snn_npy_written *written, snn_fail *fail,
                                 snn_npy_stream **out)
{
    snn_npy_stream *s;
    *out = NULL;
    if (!is_countable(&written->row, written->dtype))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: no file has rows of that size", where);
    snn_status status =
        new_stream(where, path, &written->row, written->dtype, fail, &s);
    if (status) return status;
    s->file = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (s->file < 0) return finish(s, refuse(s, errno, fail), out);
    return finish(s, check_file(s, written, fail), out);
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

/* Takes away what lies behind the rows; the header first counts no more than
   these, so that a reader never takes others for them. An errno, or 0. */
static int cut(snn_npy_stream *s)
{
    format(s, s->rows);
    int error = write_at(s, s->header, sizeof s->header, 0);
    if (error == 0 && ftruncate(s->file, end_of(s)) != 0) error = errno;
    if (error == 0) s->has_more = false;
    return error;
}

/* The rows behind the others first, then the header that counts them: an errno,
   and the file as it was, or 0. */
static int write_rows(snn_npy_stream *s, const void *rows, int64_t count)
{
    off_t end = end_of(s);
    int error = s->has_more ? cut(s) : 0;
    if (error) return error;
    error = write_at(s, rows, (size_t)count * s->row_bytes, end);
    if (error == 0) {
        format(s, s->rows + count);
        error = write_at(s, s->header, sizeof s->header, 0);
    }
    if (error) { /* where this fails too, readers leave what is no whole row */
        int unused = ftruncate(s->file, end);
        (void)unused;
    }
    return error;
}

snn_status snn_npy_stream_check_row(const snn_npy_stream *s, const snn_shape *row,
                                    snn_dtype dtype, snn_fail *fail)
{
    if (dtype == s->dtype && snn_shape_equal(row, &s->row)) return SNN_OK;
    char got[SNN_SHAPE_TEXT], want[SNN_SHAPE_TEXT];
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the file '%s' has rows of %s, shape %s, got %s, "
                        "shape %s",
                        s->where, s->path, snn_dtype_name(s->dtype),
                        snn_shape_text(&s->row, want),
                        snn_dtype_name(dtype), snn_shape_text(row, got));
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
    if (status == SNN_OK)
        status = snn_npy_stream_check_row(s, &row->shape, row->dtype, fail);
    if (status == SNN_OK) status = snn_tensor_contiguous(row, fail, &dense);
    if (status) return status;
    status = snn_npy_stream_append_rows(s, snn_tensor_data(&dense), 1, fail);
    snn_tensor_clear(&dense);
    return status;
}

snn_status snn_npy_stream_append_rows(snn_npy_stream *stream, const void *rows,
                                      int64_t count, snn_fail *fail)
{
    snn_status status = snn_npy_stream_check(stream, fail);
    if (status) return status;
    stream->error = write_rows(stream, rows, count);
    if (stream->error) return snn_npy_stream_check(stream, fail);
    stream->rows += count;
    return SNN_OK;
}

snn_status snn_npy_stream_sync(snn_npy_stream *s, snn_fail *fail)
{
    snn_status status = snn_npy_stream_check(s, fail);
    if (status) return status;
    int error = s->has_more ? cut(s) : 0;
    if (error) return refuse(s, error, fail);
    return fsync(s->file) != 0 ? refuse(s, errno, fail) : SNN_OK;
}
