/* The new file has a name of its own beside the old one, whose mode it
   takes, and takes its name by rename(). */
#include "io/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TRIES = 100 }; /* names of the file beside, before giving up */

static snn_status refuse(const snn_replace *r, int error, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_IO_ERROR, "%s: cannot write '%s': %s",
                        r->where, r->path, strerror(error));
}

/* Finds what `path` means; the mode of the file there, 0 when there is none.
   Returns an errno. */
static int find_target(snn_replace *r, mode_t *mode)
{
    struct stat info;
    *mode = 0;
    if (stat(r->path, &info) == 0) {
        r->direct = !S_ISREG(info.st_mode);
        *mode = info.st_mode & 0777;
        if (S_ISDIR(info.st_mode)) return EISDIR;
        return realpath(r->path, r->target) ? 0 : errno;
    }
    if (errno != ENOENT) return errno;
    if (strlen(r->path) >= sizeof r->target) return ENAMETOOLONG;
    strcpy(r->target, r->path);
    return 0;
}

/* Opens a new file beside the target; -1 with errno. */
static int open_beside(snn_replace *r, mode_t mode)
{
    for (int i = 0; i < TRIES; i++) {
        int n = snprintf(r->temp, sizeof r->temp, "%s.%ld-%d.new", r->target,
                         (long)getpid(), i);
        if (n < 0 || (size_t)n >= sizeof r->temp) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int file =
            open(r->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0 && mode) fchmod(file, mode);
        if (file >= 0 || errno != EEXIST) return file;
    }
    return -1;
}

snn_status snn_replace_open(const char *where, const char *path,
                            snn_fail *fail, snn_replace *out)
{
    mode_t mode = 0;
    *out = (snn_replace){ .where = where, .path = path };
    int error = find_target(out, &mode);
    if (error) return refuse(out, error, fail);
    int file = out->direct
                   ? open(out->target, O_WRONLY | O_TRUNC | O_CLOEXEC)
                   : open_beside(out, mode);
    if (file < 0) return refuse(out, errno, fail);
    out->file = fdopen(file, "wb");
    if (out->file) return SNN_OK;
    error = errno;
    close(file);
    if (!out->direct) unlink(out->temp);
    return refuse(out, error, fail);
}

snn_status snn_replace_commit(snn_replace *r, snn_fail *fail)
{
    bool written = !ferror(r->file) && fflush(r->file) == 0;
    int error = written ? 0 : errno;
    if (fclose(r->file) != 0 && error == 0) error = errno;
    if (!written && error == 0) error = EIO;
    if (error == 0 && !r->direct && rename(r->temp, r->target) != 0)
        error = errno;
    if (error == 0) return SNN_OK;
    if (!r->direct) unlink(r->temp);
    return refuse(r, error, fail);
}

void snn_replace_abandon(snn_replace *r)
{
    fclose(r->file);
    if (!r->direct) unlink(r->temp);
}
