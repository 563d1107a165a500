/* The table at the archive's end is the truth about members; every place and
   size in it is held against the size of the file before it is used. */
#include "io/npz.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "io/npy.h"
#include "io/source.h"
#include "util/interrupt.h"
#include "util/mem.h"
#include "util/warn.h"

enum {
    END = 22,            /* bytes of the end record, without its comment */
    END64_PLACE = 20,    /* of the locator of the 64-bit end record */
    END64 = 56,
    ENTRY = 46,          /* of a member in the table, without name and more */
    LOCAL = 30,          /* of the header before a member's data */
    COMMENT_MOST = 65535,
    BLOCK = 1 << 14,
    STORED = 0, DEFLATED = 8,
    ENCRYPTED = 1,       /* a flag */
    DEFLATE_MOST = 1040  /* one byte never unpacks to more */
};

typedef struct member {
    const char *name; /* in the table */
    size_t name_size;
    int method, flags;
    uint32_t sum;
    uint64_t packed, size, header; /* bytes in the file, unpacked; place */
} member;

struct snn_npz {
    const char *where, *path;
    int file;
    uint64_t size;
    uint8_t *table; /* (table_size) */
    uint64_t table_place, table_size, entries;
    member *members; /* (entries) */
    double ratio;
    uint64_t unpacked; /* bytes of the members that were read */
};

static snn_status refuse(const snn_npz *z, const char *what, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s' %s", z->where, z->path,
                        what);
}

static snn_status refuse_member(const snn_npz *z, const member *m,
                                const char *what, snn_fail *fail)
{
    int size = m->name_size < 200 ? (int)m->name_size : 200;
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: '%s': member '%.*s' %s",
                        z->where, z->path, size, m->name, what);
}

static uint64_t number(const uint8_t *at, int bytes)
{
    uint64_t v = 0;
    for (int i = bytes - 1; i >= 0; i--) v = v << 8 | at[i];
    return v;
}

/* ---- the file ---- */

static bool has(const snn_npz *z, uint64_t place, uint64_t bytes)
{
    return place <= z->size && bytes <= z->size - place;
}

static snn_status read_at(const snn_npz *z, uint64_t place, void *out,
                          size_t bytes, snn_fail *fail)
{
    for (size_t done = 0; done < bytes;) {
        ssize_t n = pread(z->file, (char *)out + done, bytes - done,
                          (off_t)(place + done));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return refuse(z, strerror(errno), fail);
        if (n == 0)
            return refuse(z, "became shorter while it was read", fail);
        done += (size_t)n;
    }
    return SNN_OK;
}

static snn_status open_file(snn_npz *z, snn_fail *fail)
{
    struct stat info;
    z->file = open(z->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (z->file < 0 || fstat(z->file, &info) != 0)
        return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot open '%s': %s",
                            z->where, z->path, strerror(errno));
    if (!S_ISREG(info.st_mode)) return refuse(z, "is no regular file", fail);
    z->size = (uint64_t)info.st_size;
    return SNN_OK;
}

/* ---- the table of members ---- */

/* Large archives have a second end record with 64-bit numbers. */
static snn_status read_end64(snn_npz *z, uint64_t end, snn_fail *fail)
{
    uint8_t at[END64];
    if (end < END64_PLACE) return refuse(z, "is a damaged archive", fail);
    snn_status status =
        read_at(z, end - END64_PLACE, at, END64_PLACE, fail);
    if (status) return status;
    uint64_t place = number(at + 8, 8);
    if (memcmp(at, "PK\6\7", 4) != 0 || !has(z, place, END64))
        return refuse(z, "is a damaged archive", fail);
    status = read_at(z, place, at, END64, fail);
    if (status) return status;
    if (memcmp(at, "PK\6\6", 4) != 0)
        return refuse(z, "is a damaged archive", fail);
    z->entries = number(at + 32, 8);
    z->table_size = number(at + 40, 8);
    z->table_place = number(at + 48, 8);
    return SNN_OK;
}

/* Whether an end record is at `at`, the place `from` in the file. It is exact
   where its comment ends with the file; else bytes follow, and more must be
   right: the archive is no part of several, and the table is before. */
static bool is_end(const snn_npz *z, const uint8_t *at, uint64_t from,
                   bool exact)
{
    if (memcmp(at, "PK\5\6", 4) != 0) return false;
    uint64_t end = from + END + number(at + 20, 2);
    if (exact) return end == z->size;
    uint64_t table_size = number(at + 12, 4), table = number(at + 16, 4);
    return end <= z->size && number(at + 4, 4) == 0 &&
           number(at + 8, 2) == number(at + 10, 2) &&
           (table == 0xffffffff || table + table_size <= from);
}

/* Looks for the last end record, from the back; takes a copy. */
static bool search_end(const snn_npz *z, bool exact, uint8_t record[END],
                       uint64_t *place, snn_fail *fail, snn_status *status)
{
    uint8_t block[BLOCK];
    uint64_t most = END + COMMENT_MOST, tail = z->size < most ? z->size : most;
    uint64_t from = z->size - tail, to = z->size;
    while (to - from >= END) { /* blocks from the end, END - 1 bytes in common */
        uint64_t first = to - from > BLOCK ? to - BLOCK : from;
        *status = read_at(z, first, block, (size_t)(to - first), fail);
        if (*status) return false;
        for (uint64_t i = to - first - END + 1; i-- > 0;) {
            if (!is_end(z, block + i, first + i, exact)) continue;
            memcpy(record, block + i, END);
            *place = first + i;
            return true;
        }
        if (first == from) break;
        to = first + END - 1;
    }
    return false;
}

/* The end record: the last one whose comment ends with the file, else the last
   one with bytes behind, which are left. */
static snn_status find_end(const snn_npz *z, uint8_t record[END],
                           uint64_t *place, snn_fail *fail)
{
    snn_status status = SNN_OK;
    if (search_end(z, true, record, place, fail, &status) || status)
        return status;
    bool found = search_end(z, false, record, place, fail, &status);
    if (status) return status;
    if (!found)
        return refuse(z, "is no NPZ file (or is cut short: it has no end "
                         "record)",
                      fail);
    return snn_warn(NULL, 0, fail,
                    "%s: '%s' has bytes behind its archive: %" PRIu64
                    " are left",
                    z->where, z->path,
                    z->size - *place - END - number(record + 20, 2));
}

static snn_status find_table(snn_npz *z, snn_fail *fail)
{
    uint8_t at[END];
    uint64_t place;
    snn_status status = find_end(z, at, &place, fail);
    if (status) return status;
    z->entries = number(at + 10, 2);
    z->table_size = number(at + 12, 4);
    z->table_place = number(at + 16, 4);
    if (z->entries == 0xffff || z->table_size == 0xffffffff ||
        z->table_place == 0xffffffff)
        status = read_end64(z, place, fail);
    if (status) return status;
    if (!has(z, z->table_place, z->table_size) ||
        z->entries > z->table_size / ENTRY)
        return refuse(z, "is a damaged archive (its table of members lies "
                         "outside)",
                      fail);
    return SNN_OK;
}

/* Numbers that do not fit 32 bits follow in a field of their own. */
static void read_wide(const uint8_t *more, size_t size, member *m)
{
    uint64_t *wide[] = { &m->size, &m->packed, &m->header };
    while (size >= 4) {
        size_t length = (size_t)number(more + 2, 2);
        if (length > size - 4) return;
        const uint8_t *at = more + 4, *end = at + length;
        for (int i = 0; number(more, 2) == 1 && i < 3; i++) {
            if (*wide[i] != 0xffffffff || end - at < 8) continue;
            *wide[i] = number(at, 8);
            at += 8;
        }
        more += 4 + length;
        size -= 4 + length;
    }
}

/* Whether the member is such a file, by its name. */
static bool is_npy(const member *m)
{
    return m->name_size > 4 &&
           memcmp(m->name + m->name_size - 4, ".npy", 4) == 0;
}

static snn_status check_method(const snn_npz *z, const member *m,
                               snn_fail *fail)
{
    char text[120];
    if (m->flags & ENCRYPTED)
        return refuse_member(z, m, "is encrypted", fail);
    if (m->method == STORED || m->method == DEFLATED) return SNN_OK;
    snprintf(text, sizeof text,
             "is packed in an unknown way: method %d of zip files, known are 0 "
             "(stored) and 8 (deflated)",
             m->method);
    return refuse_member(z, m, text, fail);
}

/* Members that share their bytes may be small one by one. */
static snn_status check_ratio(const snn_npz *z, const member *m,
                              snn_fail *fail)
{
    char text[SNN_UNPACK_TEXT];
    if (m->size > snn_unpack_most(m->packed, z->ratio))
        return refuse_member(
            z, m, snn_unpack_text(m->packed, z->ratio, text), fail);
    if (m->size > snn_unpack_most(z->size, z->ratio) - z->unpacked)
        return refuse(z, snn_unpack_text(z->size, z->ratio, text), fail);
    return SNN_OK;
}

static snn_status check_member(const snn_npz *z, const member *m,
                               snn_fail *fail)
{
    snn_status status = check_method(z, m, fail);
    if (status) return status;
    bool stored = m->method == STORED;
    if (!has(z, m->header, LOCAL) || !has(z, m->header + LOCAL, m->packed) ||
        (stored && m->packed != m->size) || m->size / DEFLATE_MOST > m->packed)
        return refuse_member(z, m, "tells of bytes that are not there", fail);
    return check_ratio(z, m, fail);
}

static snn_status read_entry(const snn_npz *z, uint64_t *at, member *m,
                             snn_fail *fail)
{
    const uint8_t *e = z->table + *at;
    uint64_t left = z->table_size - *at;
    if (left < ENTRY || memcmp(e, "PK\1\2", 4) != 0)
        return refuse(z, "is a damaged archive (its table of members ends "
                         "early)",
                      fail);
    uint64_t name = number(e + 28, 2), more = number(e + 30, 2);
    uint64_t all = ENTRY + name + more + number(e + 32, 2);
    if (left < all)
        return refuse(z, "is a damaged archive (its table of members ends "
                         "early)",
                      fail);
    *m = (member){ .name = (const char *)e + ENTRY, .name_size = (size_t)name,
                   .flags = (int)number(e + 8, 2),
                   .method = (int)number(e + 10, 2),
                   .sum = (uint32_t)number(e + 16, 4),
                   .packed = number(e + 20, 4), .size = number(e + 24, 4),
                   .header = number(e + 42, 4) };
    read_wide(e + ENTRY + name, (size_t)more, m);
    *at += all;
    return SNN_OK;
}

static snn_status read_table(snn_npz *z, snn_fail *fail)
{
    snn_status status = find_table(z, fail);
    if (status) return status;
    size_t bytes = (size_t)z->entries * sizeof *z->members;
    z->table = snn_mem_alloc((size_t)z->table_size);
    z->members = snn_mem_alloc(bytes);
    if (!z->table || !z->members)
        return snn_fail_memory(fail, z->where, z->table_size + bytes);
    status =
        read_at(z, z->table_place, z->table, (size_t)z->table_size, fail);
    uint64_t at = 0;
    for (uint64_t i = 0; status == SNN_OK && i < z->entries; i++)
        status = read_entry(z, &at, &z->members[i], fail);
    return status;
}

/* ---- life ---- */

snn_status snn_npz_open(const char *where, const char *path, double ratio,
                        snn_fail *fail, snn_npz **out)
{
    *out = NULL;
    snn_npz *z = snn_mem_zeroed(sizeof *z);
    if (!z) return snn_fail_memory(fail, where, sizeof *z);
    z->where = where;
    z->path = path;
    z->file = -1;
    z->ratio = ratio;
    snn_status status = open_file(z, fail);
    if (status == SNN_OK) status = read_table(z, fail);
    if (status == SNN_OK) *out = z;
    else snn_npz_close(z);
    return status;
}

void snn_npz_close(snn_npz *z)
{
    if (!z) return;
    if (z->file >= 0) close(z->file);
    snn_mem_free(z->table);
    snn_mem_free(z->members);
    snn_mem_free(z);
}

int64_t snn_npz_count(const snn_npz *z) { return (int64_t)z->entries; }

const char *snn_npz_name(const snn_npz *z, int64_t i, size_t *size)
{
    const member *m = &z->members[i];
    *size = m->name_size - (is_npy(m) ? 4 : 0);
    return m->name;
}

bool snn_npz_is_folder(const snn_npz *z, int64_t i)
{
    const member *m = &z->members[i];
    return m->name_size > 0 && m->name[m->name_size - 1] == '/';
}

/* ---- a member's bytes ---- */

typedef struct stream {
    const snn_npz *z;
    const member *m;
    uint64_t place, left; /* of packed bytes in the file */
    uint64_t done;        /* bytes handed out */
    uint32_t sum;
    z_stream inflate;
    uint8_t block[BLOCK];
} stream;

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

static snn_status fill_block(stream *s, snn_fail *fail)
{
    size_t n = s->left < BLOCK ? (size_t)s->left : BLOCK;
    snn_status status = read_at(s->z, s->place, s->block, n, fail);
    if (status) return status;
    s->place += n;
    s->left -= n;
    s->inflate.next_in = s->block;
    s->inflate.avail_in = (unsigned)n;
    return SNN_OK;
}

/* Fills `out` with up to `most` bytes, fewer only at the end. */
static snn_status unpack(stream *s, uint8_t *out, size_t most, size_t *got,
                         snn_fail *fail)
{
    for (*got = 0; *got < most;) {
        if (snn_interrupt_check(s->z->where, fail)) return fail->status;
        if (s->inflate.avail_in == 0 && s->left > 0) {
            snn_status status = fill_block(s, fail);
            if (status) return status;
        }
        size_t room = most - *got < BLOCK ? most - *got : BLOCK;
        s->inflate.next_out = out + *got;
        s->inflate.avail_out = (unsigned)room;
        int answer = inflate(&s->inflate, Z_NO_FLUSH);
        *got += room - s->inflate.avail_out;
        if (answer == Z_STREAM_END) break;
        if (answer == Z_MEM_ERROR)
            return snn_fail_memory(fail, s->z->where, BLOCK);
        if (answer != Z_OK)
            return refuse_member(s->z, s->m, "is damaged: it does not unpack",
                                 fail);
    }
    return SNN_OK;
}

static snn_status read_member(void *self, void *out, size_t most, size_t *got,
                              snn_fail *fail)
{
    stream *s = self;
    snn_status status = SNN_OK;
    uint64_t left = s->m->size - s->done;
    if (most > left) most = (size_t)left;
    if (s->m->method == DEFLATED) {
        status = unpack(s, out, most, got, fail);
        if (status == SNN_OK && *got < most)
            status = refuse_member(s->z, s->m,
                                   "is damaged: it unpacks to fewer bytes "
                                   "than it tells of",
                                   fail);
    } else {
        status = read_at(s->z, s->place, out, most, fail);
        s->place += most;
        *got = most;
    }
    if (status) return status;
    s->done += *got;
    for (size_t at = 0; at < *got; at += BLOCK) {
        size_t n = *got - at < BLOCK ? *got - at : BLOCK;
        s->sum = (uint32_t)crc32(s->sum, (const uint8_t *)out + at,
                                 (unsigned)n);
    }
    return SNN_OK;
}

static snn_status stream_open(const snn_npz *z, const member *m,
                              snn_fail *fail, stream *out)
{
    uint8_t at[LOCAL];
    snn_status status = read_at(z, m->header, at, LOCAL, fail);
    if (status) return status;
    uint64_t place =
        m->header + LOCAL + number(at + 26, 2) + number(at + 28, 2);
    if (memcmp(at, "PK\3\4", 4) != 0 || !has(z, place, m->packed))
        return refuse_member(z, m, "tells of bytes that are not there", fail);
    out->z = z;
    out->m = m;
    out->place = place;
    out->left = m->packed;
    out->sum = (uint32_t)crc32(0, NULL, 0);
    out->inflate.zalloc = take;
    out->inflate.zfree = give;
    if (m->method == DEFLATED &&
        inflateInit2(&out->inflate, -MAX_WBITS) != Z_OK)
        return snn_fail_memory(fail, z->where, sizeof out->inflate);
    return SNN_OK;
}

/* The sum is that of all bytes, also those behind the array. */
static snn_status check_sum(stream *s, snn_fail *fail)
{
    uint8_t unused[BLOCK];
    size_t got;
    while (s->done < s->m->size) {
        snn_status status = read_member(s, unused, sizeof unused, &got, fail);
        if (status) return status;
    }
    if (s->sum == s->m->sum) return SNN_OK;
    return refuse_member(s->z, s->m, "is damaged: its check sum differs", fail);
}

static snn_status read_tensor(stream *s, bool *is_foreign, snn_fail *fail,
                              snn_tensor *out)
{
    char name[256];
    size_t size = s->m->name_size - 4;
    if (size >= sizeof name) size = sizeof name - 1;
    memcpy(name, s->m->name, size);
    name[size] = 0;
    snn_npy_input in = { .where = s->z->where, .path = s->z->path,
                         .member = name, .left = s->m->size,
                         .read = read_member, .self = s };
    snn_status status = snn_npy_read_from(&in, is_foreign, fail, out);
    if (status == SNN_OK && !*is_foreign) status = check_sum(s, fail);
    if (status == SNN_OK && !*is_foreign) status = snn_npy_leave(&in, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

snn_status snn_npz_read(snn_npz *z, int64_t i, bool *is_foreign,
                        snn_fail *fail, snn_tensor *out)
{
    const member *m = &z->members[i];
    *out = SNN_NO_TENSOR;
    *is_foreign = !is_npy(m);
    if (*is_foreign) return SNN_OK;
    snn_status status = check_member(z, m, fail);
    if (status) return status;
    stream *s = snn_mem_zeroed(sizeof *s);
    if (!s) return snn_fail_memory(fail, z->where, sizeof *s);
    status = stream_open(z, m, fail, s);
    if (status == SNN_OK) {
        status = read_tensor(s, is_foreign, fail, out);
        if (m->method == DEFLATED) inflateEnd(&s->inflate);
    }
    if (status == SNN_OK && !*is_foreign) z->unpacked += m->size;
    snn_mem_free(s);
    return status;
}
