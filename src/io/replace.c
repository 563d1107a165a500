/* The new file has a name of its own beside the old one, whose mode it takes.
   When it is on the disk, the old one gets a second name, and the new one takes
   the first by rename(): there is a whole file of that name at any time. Until
   the folder is on the disk too, all of it can be taken back. */
#include "io/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/beside.h"

enum {
    TRIES = 100, /* names of the file beside, before giving up */
    /* bytes after which the disk is told to begin: it writes while the next
       ones are made */
    PORTION = 1 << 24
};

static snn_status refuse(const snn_replace *r, int error, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot write '%s': %s",
                        r->where, r->path, strerror(error));
}

/* ---- bytes ---- */

/* All bytes, or an errno. */
static int write_all(int fd, const char *data, size_t bytes)
{
    while (bytes > 0) {
        ssize_t n = write(fd, data, bytes < PORTION ? bytes : PORTION);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n < 0 ? errno : EIO;
        data += n;
        bytes -= (size_t)n;
    }
    return 0;
}

/* For fopencookie(): stdio's own writes do not say which one failed and take
   an interrupted one for a failure. */
static ssize_t take_bytes(void *cookie, const char *data, size_t bytes)
{
    snn_replace *r = cookie;
    for (size_t done = 0; done < bytes && !r->error;) {
        size_t n = bytes - done < PORTION ? bytes - done : PORTION;
        r->error = write_all(r->fd, data + done, n);
        done += n;
        r->written += n;
        if (r->direct || r->written - r->started < PORTION) continue;
        sync_file_range(r->fd, (off_t)r->started,
                        (off_t)(r->written - r->started),
                        SYNC_FILE_RANGE_WRITE);
        r->started = r->written;
    }
    return r->error ? 0 : (ssize_t)bytes;
}

void snn_replace_begin(snn_replace *r, const void *data, size_t bytes)
{
    if (fflush(r->file) != 0 || r->error) return;
    if (lseek(r->fd, 0, SEEK_SET) < 0) r->error = errno;
    else r->error = write_all(r->fd, data, bytes);
}

/* ---- the begin ---- */

/* Finds what `path` means; the mode of the file there, 0 when there is none.
   Returns an errno. Links below /proc lead to files that have no name. */
static int find_target(snn_replace *r, mode_t *mode)
{
    struct stat info, named;
    bool exists = stat(r->path, &info) == 0;
    *mode = exists ? info.st_mode & 0777 : 0;
    if (!exists && errno != ENOENT) return errno;
    if (exists && S_ISDIR(info.st_mode)) return EISDIR;
    int error = snn_beside_follow(r->path, r->target);
    if (error || !exists) return error;
    bool has_name = stat(r->target, &named) == 0 &&
                    named.st_ino == info.st_ino && named.st_dev == info.st_dev;
    r->direct = !S_ISREG(info.st_mode) || !has_name;
    if (!has_name) strcpy(r->target, r->path);
    return 0;
}

/* Opens a new file beside the target; -1 with errno. */
static int open_beside(snn_replace *r, mode_t mode)
{
    struct stat info;
    for (int i = 0; i < TRIES; i++) {
        if (!snn_beside_name(r->target, i, "new", r->temp) ||
            !snn_beside_name(r->target, i, "old", r->aside)) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int file =
            open(r->temp, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file < 0 && errno == EEXIST) continue;
        if (file < 0) return -1;
        flock(file, LOCK_EX | LOCK_NB);
        /* before it was locked another process may have removed it */
        bool is_there = fstat(file, &info) != 0 || info.st_nlink > 0;
        if (is_there && mode) fchmod(file, mode);
        if (is_there) return file;
        close(file);
    }
    errno = EEXIST;
    return -1;
}

/* The folder, without what killed processes left there. A folder that may be
   written and not read is fine; an errno where anything else is amiss. */
static int open_folder(snn_replace *r)
{
    r->folder = snn_beside_folder(r->target);
    if (r->folder < 0) return errno == EACCES ? 0 : errno;
    return snn_beside_sweep(r->folder, r->target);
}

static void close_all(snn_replace *r)
{
    if (r->file) fclose(r->file);
    if (r->fd >= 0) close(r->fd);
    if (r->folder >= 0) close(r->folder);
}

snn_status snn_replace_open(const char *where, const char *path,
                            snn_fail *fail, snn_replace *out)
{
    static const cookie_io_functions_t functions = { .write = take_bytes };
    snn_replace *r = out;
    mode_t mode = 0;
    r->file = NULL; /* not all of it: it holds a large buffer */
    r->where = where;
    r->path = path;
    r->keep = 1;
    r->direct = false;
    r->fd = r->folder = -1;
    r->error = r->top = r->low = 0;
    r->written = r->started = 0;
    r->old = SNN_OLD_NONE;
    int error = find_target(r, &mode);
    if (error == 0 && !r->direct) error = open_folder(r);
    if (error == 0) {
        r->fd = r->direct ? open(r->target, O_WRONLY | O_TRUNC | O_CLOEXEC)
                          : open_beside(r, mode);
        if (r->fd < 0) error = errno;
    }
    if (error == 0) {
        r->file = fopencookie(r, "wb", functions);
        if (r->file) setvbuf(r->file, r->buffer, _IOFBF, sizeof r->buffer);
        else error = ENOMEM;
    }
    if (error == 0) return SNN_OK;
    if (r->fd >= 0 && !r->direct) unlink(r->temp);
    close_all(r);
    return refuse(r, error, fail);
}

/* ---- the files before ---- */

/* Place 0 is the target, 1 to keep - 1 are those before it; what stands in
   place `keep` goes at the end. False: the name is too long. */
static bool place(const snn_replace *r, int i, char out[PATH_MAX])
{
    int length = i == 0         ? snprintf(out, PATH_MAX, "%s", r->target)
                 : i < r->keep ? snprintf(out, PATH_MAX, "%s.%d", r->target, i)
                               : snprintf(out, PATH_MAX, "%s", r->aside);
    return length > 0 && length < PATH_MAX;
}

/* An errno. */
static int move(const snn_replace *r, int from, int to)
{
    char old[PATH_MAX], new[PATH_MAX];
    if (!place(r, from, old) || !place(r, to, new)) return ENAMETOOLONG;
    return rename(old, new) == 0 ? 0 : errno;
}

static void drop(const snn_replace *r, int i)
{
    char name[PATH_MAX];
    if (place(r, i, name)) unlink(name);
}

static bool is_there(const snn_replace *r, int i, struct stat *info)
{
    char name[PATH_MAX];
    return place(r, i, name) && lstat(name, info) == 0;
}

/* File systems without links, and files of other owners. */
static bool is_refusal_of_links(int error)
{
    return error == EPERM || error == EACCES || error == EOPNOTSUPP ||
           error == ENOSYS || error == EMLINK || error == EXDEV;
}

/* The old file gets its second name. Where there are no links, it is moved if
   it has to stay: then there is none under its own name for a moment. */
static int save_old(snn_replace *r)
{
    char name[PATH_MAX];
    if (!place(r, 1, name)) return ENAMETOOLONG;
    if (link(r->target, name) == 0) {
        r->old = SNN_OLD_LINKED;
        return 0;
    }
    if (errno == ENOENT) return 0;
    if (!is_refusal_of_links(errno)) return errno;
    int error = r->keep > 1 ? move(r, 0, 1) : 0;
    if (error == 0) r->old = r->keep > 1 ? SNN_OLD_MOVED : SNN_OLD_LOST;
    return error;
}

/* Moves the files before by one, up to the first gap, so that a save that was
   killed costs no file; an errno. */
static int make_room(snn_replace *r)
{
    struct stat old, first;
    r->top = r->low = 1;
    if (!is_there(r, 0, &old)) return 0;
    if (is_there(r, 1, &first) && first.st_ino == old.st_ino &&
        first.st_dev == old.st_dev)
        drop(r, 1); /* killed right before its end: the same file */
    while (r->top < r->keep && is_there(r, r->top, &first)) r->top++;
    for (r->low = r->top; r->low > 1; r->low--) {
        int error = move(r, r->low - 1, r->low);
        if (error) return error;
    }
    return save_old(r);
}

/* Takes back what make_room() has done, and the new file's place. */
static void undo(snn_replace *r, bool placed)
{
    if (r->old == SNN_OLD_MOVED || (placed && r->old == SNN_OLD_LINKED))
        move(r, 1, 0);
    else if (r->old == SNN_OLD_LINKED)
        drop(r, 1);
    else if (placed && r->old == SNN_OLD_NONE)
        unlink(r->target);
    for (int i = r->low + 1; i <= r->top; i++) move(r, i, i - 1);
}

/* ---- the end ---- */

/* Waits for the disk; an errno. Some file systems have no such wait for
   folders. */
static int sync_folder(const snn_replace *r)
{
    if (r->folder < 0 || fsync(r->folder) == 0) return 0;
    return errno == EINVAL || errno == EOPNOTSUPP ? 0 : errno;
}

/* Closes the file and its folder; an errno. */
static int close_both(snn_replace *r)
{
    flock(r->fd, LOCK_UN); /* others may have the same open file */
    int error = close(r->fd) != 0 ? errno : 0;
    if (r->folder >= 0 && close(r->folder) != 0 && error == 0) error = errno;
    r->fd = r->folder = -1;
    return error;
}

/* Gives the new file its name; an errno, and all is as it was. */
static int take_place(snn_replace *r)
{
    int error = fsync(r->fd) == 0 ? make_room(r) : errno;
    bool placed = false;
    if (error == 0) {
        placed = rename(r->temp, r->target) == 0;
        if (!placed) error = errno;
    }
    if (error == 0) error = sync_folder(r);
    if (error == 0) error = close_both(r);
    if (error) undo(r, placed);
    else if (r->top == r->keep && r->old != SNN_OLD_NONE) drop(r, r->keep);
    if (error && !placed) unlink(r->temp);
    return error;
}

snn_status snn_replace_commit(snn_replace *r, snn_fail *fail)
{
    if (fflush(r->file) != 0 && r->error == 0) r->error = EIO;
    if (fclose(r->file) != 0 && r->error == 0) r->error = EIO;
    r->file = NULL;
    if (r->error && !r->direct) unlink(r->temp);
    if (r->error == 0)
        r->error = r->direct ? close_both(r) : take_place(r);
    close_all(r);
    return r->error ? refuse(r, r->error, fail) : SNN_OK;
}

void snn_replace_abandon(snn_replace *r)
{
    if (!r->direct) unlink(r->temp);
    close_all(r);
}
