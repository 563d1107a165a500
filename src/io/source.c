/* One block of bytes is ahead of the reader at most; how much a packed file
   has unpacked is judged as it comes. */
#include "io/source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "util/interrupt.h"
#include "util/mem.h"
#include "util/number.h"
#include "util/warn.h"

enum {
    BLOCK = 1 << 16, /* bytes asked of the system at once: packed ones, */
    PORTION = 1 << 24, /* plain ones */
    GZIP_BITS = 16 + MAX_WBITS /* inflate: a gzip header, the widest window */
};

struct snn_source {
    const char *where;
    const char *path;
    int file;
    bool packed;      /* gzip */
    bool in_member;   /* packed: a gzip member has begun and not ended */
    bool later;       /* packed: a member has ended before */
    bool at_end;      /* the file has no more bytes than those in `block` */
    uint64_t size;    /* of the file */
    double ratio;     /* packed: unpacked bytes to those of the file, most, */
    uint64_t most;    /* and so the unpacked bytes */
    uint64_t unpacked; /* packed: bytes handed out */
    snn_told told;
    z_stream inflate; /* packed: next_in, avail_in are the rest of `block` */
    uint8_t block[BLOCK];
};

static snn_status refuse(const snn_source *s, const char *what, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s' %s", s->where, s->path,
                        what);
}

static snn_status refuse_errno(const char *where, const char *path,
                               const char *verb, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot %s '%s': %s", where,
                        verb, path, strerror(errno));
}

/* ---- the file ---- */

/* Up to `most` bytes; 0 at the end, -1 when that fails. */
static ssize_t read_some(snn_source *s, void *out, size_t most)
{
    ssize_t n;
    do n = read(s->file, out, most);
    while (n < 0 && errno == EINTR);
    return n;
}

static snn_status read_plain(snn_source *s, uint8_t *out, size_t most,
                             size_t *got, snn_fail *fail)
{
    for (*got = 0; *got < most;) {
        snn_status status = snn_interrupt_check(s->where, fail);
        if (status) return status;
        size_t left = most - *got;
        ssize_t n = read_some(s, out + *got, left < PORTION ? left : PORTION);
        if (n < 0) return refuse_errno(s->where, s->path, "read", fail);
        if (n == 0) break;
        *got += (size_t)n;
    }
    return SNN_OK;
}

/* ---- gzip ---- */

static void *take(void *unused, unsigned count, unsigned size)
{
    (void)unused;
    size_t bytes;
    return snn_mem_mul(count, size, &bytes) ? snn_mem_alloc(bytes) : NULL;
}

static void give(void *unused, void *block)
{
    (void)unused;
    snn_mem_free(block);
}

static snn_status start_inflate(snn_source *s, snn_fail *fail)
{
    s->inflate.zalloc = take;
    s->inflate.zfree = give;
    if (inflateInit2(&s->inflate, GZIP_BITS) != Z_OK)
        return snn_fail_memory(fail, s->where, sizeof s->inflate);
    s->packed = true;
    return SNN_OK;
}

static bool is_gzip(const uint8_t *bytes, size_t count)
{
    return count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b;
}

static snn_status fill_block(snn_source *s, snn_fail *fail)
{
    if (s->at_end || s->inflate.avail_in > 0) return SNN_OK;
    ssize_t n = read_some(s, s->block, BLOCK);
    if (n < 0) return refuse_errno(s->where, s->path, "read", fail);
    s->at_end = n == 0;
    s->inflate.next_in = s->block;
    s->inflate.avail_in = (unsigned)n;
    return SNN_OK;
}

/* Behind a member another one may begin; what else is there is left. */
static snn_status look_behind(snn_source *s, snn_fail *fail)
{
    z_stream *z = &s->inflate;
    if (z->avail_in == 1) { /* a member begins with two bytes */
        s->block[0] = *z->next_in;
        ssize_t n = read_some(s, s->block + 1, BLOCK - 1);
        if (n < 0) return refuse_errno(s->where, s->path, "read", fail);
        z->next_in = s->block;
        z->avail_in += (unsigned)n;
    }
    if (z->avail_in == 0 || is_gzip(z->next_in, z->avail_in)) return SNN_OK;
    off_t here = lseek(s->file, 0, SEEK_CUR);
    if (here < 0) return refuse_errno(s->where, s->path, "read", fail);
    uint64_t read = (uint64_t)here, unread = s->size > read ? s->size - read : 0;
    unread += z->avail_in;
    z->avail_in = 0;
    s->at_end = true;
    return snn_warn(&s->told, 0, fail,
                    "%s: '%s' has bytes behind its gzip data: %" PRIu64
                    " are left",
                    s->where, s->path, unread);
}

uint64_t snn_unpack_most(uint64_t packed, double ratio)
{
    double most = (double)packed * ratio;
    if (!(most < 0x1p63)) return UINT64_MAX;
    return most < SNN_UNPACK_FREE ? SNN_UNPACK_FREE : (uint64_t)most;
}

const char *snn_unpack_text(uint64_t packed, double ratio,
                            char text[SNN_UNPACK_TEXT])
{
    snprintf(text, SNN_UNPACK_TEXT,
             "unpacks to more than %" PRIu64 " bytes from %" PRIu64
             " (max_ratio is %s; { max_ratio = math.huge } takes all)",
             snn_unpack_most(packed, ratio), packed, snn_real(ratio).text);
    return text;
}

static snn_status check_unpacked(const snn_source *s, snn_fail *fail)
{
    char text[SNN_UNPACK_TEXT];
    if (s->unpacked <= s->most) return SNN_OK;
    return refuse(s, snn_unpack_text(s->size, s->ratio, text), fail);
}

/* What zlib answered to one step of inflate. */
static snn_status judge(snn_source *s, int answer, snn_fail *fail)
{
    switch (answer) {
    case Z_OK:
        return SNN_OK;
    case Z_STREAM_END: /* another member may follow */
        s->in_member = false;
        s->later = true;
        inflateReset(&s->inflate);
        return SNN_OK;
    case Z_BUF_ERROR: /* no progress: for want of input alone */
        return refuse(s, "is cut short: its gzip data has no end", fail);
    case Z_MEM_ERROR:
        return snn_fail_memory(fail, s->where, sizeof s->inflate);
    default:
        return refuse(s, "is damaged: its gzip data does not unpack", fail);
    }
}

static snn_status read_packed(snn_source *s, uint8_t *out, size_t most,
                              size_t *got, snn_fail *fail)
{
    for (*got = 0; *got < most;) {
        snn_status status = snn_interrupt_check(s->where, fail);
        if (status == SNN_OK) status = fill_block(s, fail);
        if (status == SNN_OK && s->later && !s->in_member)
            status = look_behind(s, fail);
        if (status) return status;
        if (s->at_end && !s->in_member) break;
        size_t room = most - *got < BLOCK ? most - *got : BLOCK;
        s->inflate.next_out = out + *got;
        s->inflate.avail_out = (unsigned)room;
        s->in_member = true;
        int answer = inflate(&s->inflate, Z_NO_FLUSH);
        *got += room - s->inflate.avail_out;
        s->unpacked += room - s->inflate.avail_out;
        status = judge(s, answer, fail);
        if (status == SNN_OK) status = check_unpacked(s, fail);
        if (status) return status;
    }
    return SNN_OK;
}

/* ---- life ---- */

static snn_status open_file(snn_source *s, snn_fail *fail)
{
    struct stat info;
    /* nonblocking: a pipe is refused, not waited for */
    s->file = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (s->file < 0) return refuse_errno(s->where, s->path, "open", fail);
    if (fstat(s->file, &info) != 0)
        return refuse_errno(s->where, s->path, "open", fail);
    if (S_ISDIR(info.st_mode))
        return refuse(s, "is a directory, expected a file", fail);
    if (!S_ISREG(info.st_mode))
        return refuse(s, "is no regular file", fail);
    s->size = (uint64_t)info.st_size;
    s->most = snn_unpack_most(s->size, s->ratio);
    return SNN_OK;
}

/* Unpacks a gzip file from here on. */
static snn_status look_for_gzip(snn_source *s, snn_fail *fail)
{
    uint8_t magic[2];
    size_t got;
    snn_status status = read_plain(s, magic, sizeof magic, &got, fail);
    if (status == SNN_OK && is_gzip(magic, got))
        status = start_inflate(s, fail);
    return status == SNN_OK ? snn_source_rewind(s, fail) : status;
}

/* Ratio 0: what looks packed is not. */
static snn_status open_source(const char *where, const char *path,
                              double ratio, snn_fail *fail, snn_source **out)
{
    *out = NULL;
    snn_source *s = snn_mem_zeroed(sizeof *s);
    if (!s) return snn_fail_memory(fail, where, sizeof *s);
    s->where = where;
    s->path = path;
    s->file = -1;
    s->ratio = ratio;
    snn_status status = open_file(s, fail);
    if (status == SNN_OK && ratio > 0) status = look_for_gzip(s, fail);
    if (status == SNN_OK) *out = s;
    else snn_source_close(s);
    return status;
}

snn_status snn_source_open(const char *where, const char *path, double ratio,
                           snn_fail *fail, snn_source **out)
{
    return open_source(where, path, ratio, fail, out);
}

snn_status snn_source_open_plain(const char *where, const char *path,
                                 snn_fail *fail, snn_source **out)
{
    return open_source(where, path, 0, fail, out);
}

void snn_source_close(snn_source *s)
{
    if (!s) return;
    if (s->packed) inflateEnd(&s->inflate);
    if (s->file >= 0) close(s->file);
    snn_mem_free(s);
}

/* ---- reading ---- */

snn_status snn_source_read(snn_source *s, void *out, size_t most, size_t *got,
                           snn_fail *fail)
{
    return s->packed ? read_packed(s, out, most, got, fail)
                     : read_plain(s, out, most, got, fail);
}

/* A plain file's rest is told by the system. */
static snn_status count_plain(snn_source *s, uint64_t *count, snn_fail *fail)
{
    off_t here = lseek(s->file, 0, SEEK_CUR), end = lseek(s->file, 0, SEEK_END);
    if (here < 0 || end < 0)
        return refuse_errno(s->where, s->path, "read", fail);
    *count = end > here ? (uint64_t)(end - here) : 0;
    return SNN_OK;
}

snn_status snn_source_count(snn_source *s, uint64_t *count, snn_fail *fail)
{
    uint8_t unused[BLOCK / 4];
    size_t got = sizeof unused;
    *count = 0;
    if (!s->packed) return count_plain(s, count, fail);
    while (got == sizeof unused) {
        snn_status status =
            snn_source_read(s, unused, sizeof unused, &got, fail);
        if (status) return status;
        *count += got;
    }
    return SNN_OK;
}

snn_status snn_source_skip(snn_source *s, uint64_t bytes, snn_fail *fail)
{
    if (lseek(s->file, (off_t)bytes, SEEK_CUR) < 0)
        return refuse_errno(s->where, s->path, "read", fail);
    return SNN_OK;
}

snn_status snn_source_rewind(snn_source *s, snn_fail *fail)
{
    if (lseek(s->file, 0, SEEK_SET) < 0)
        return refuse_errno(s->where, s->path, "read", fail);
    s->at_end = s->in_member = s->later = false;
    s->inflate.avail_in = 0;
    s->unpacked = 0;
    if (s->packed) inflateReset(&s->inflate);
    return SNN_OK;
}
