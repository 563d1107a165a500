/* What was entered at the prompt, kept over sessions in a file: a first line
   that says whose it is, then a line for each entry, in which a newline is \n,
   a backslash \\ and another control character \xHH. Each entry is appended
   when it is entered, so that a process that is killed loses none, and several
   sessions share the file; one that has grown too long is written anew. */
#include "app/edit.h"

#ifdef SNN_HAVE_EDIT
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "util/escape.h"

static const char HEADER[] = "# history of snnlua\n";

enum {
    ENTRIES = 10000,
    SLACK = 2000,          /* more than ENTRIES by this: written anew */
    LONGEST = 1 << 20,     /* bytes of an entry in the file */
    MOST_READ = 8 << 20,   /* bytes of the file, from its end */
    AGAIN = 1000,          /* entries between two looks at the file's length */
};

static char *path;       /* of the file; NULL: none is kept */
static char *newest;     /* the last entry, escaped, with its line's end */
static size_t newest_length;
static int appended;     /* by this session */
static bool is_read;     /* the file */

/* Told once: nothing is kept from then on. */
static void give_up(const char *reason)
{
    char plain[PATH_MAX];
    size_t n = snn_escape(path, strlen(path), plain, sizeof plain);
    if (n > sizeof plain) n = sizeof plain;
    fflush(stdout);
    fprintf(stderr, "snnlua: warning: the history is not kept: %.*s: %s\n",
            (int)n, plain, reason);
    free(path);
    path = NULL;
}

/* ---- where the file is ---- */

static char *join(const char *folder, const char *rest)
{
    char *name = malloc(strlen(folder) + strlen(rest) + 1);
    if (name) strcat(strcpy(name, folder), rest);
    return name;
}

static const char *home(void)
{
    const char *folder = getenv("HOME");
    if (folder && *folder) return folder;
    const struct passwd *user = getpwuid(getuid());
    return user ? user->pw_dir : NULL;
}

/* New, or NULL: none is wanted or there is no place for it. */
static char *find_path(void)
{
    const char *named = getenv("SNNLUA_HISTORY");
    if (named) return *named ? join(named, "") : NULL;
    const char *state = getenv("XDG_STATE_HOME");
    if (state && state[0] == '/') return join(state, "/snnlua/history");
    const char *folder = home();
    return folder ? join(folder, "/.local/state/snnlua/history") : NULL;
}

/* Makes the folders that the file is to lie in. */
static void make_folders(void)
{
    for (char *end = path + 1; (end = strchr(end, '/')); end++) {
        *end = 0;
        mkdir(path, 0700);
        *end = '/';
    }
}

/* ---- entries as lines ---- */

/* New: the line with its end, its length in *n; NULL without memory. */
static char *to_line(const char *text, size_t length, size_t *n)
{
    char *line = malloc(length * 4 + 2), *out = line;
    if (!line) return NULL;
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '\n')
            out = stpcpy(out, "\\n");
        else if (c == '\\')
            out = stpcpy(out, "\\\\");
        else if ((c < 0x20 && c != '\t') || c == 0x7F)
            out += sprintf(out, "\\x%02X", c);
        else
            *out++ = (char)c;
    }
    *out++ = '\n';
    *n = (size_t)(out - line);
    return line;
}

static int hex(char c)
{
    const char *digits = "0123456789ABCDEF", *at = c ? strchr(digits, c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The way back, in place; what is no escape stays. Returns the length. */
static size_t from_line(char *line, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++) {
        char next = i + 1 < n ? line[i + 1] : 0;
        if (line[i] == '\\' && (next == 'n' || next == '\\')) {
            line[out++] = next == 'n' ? '\n' : '\\';
            i++;
        } else if (line[i] == '\\' && next == 'x' && i + 3 < n
                   && hex(line[i + 2]) >= 0 && hex(line[i + 3]) >= 0) {
            line[out++] = (char)(hex(line[i + 2]) * 16 + hex(line[i + 3]));
            i += 3;
        } else {
            line[out++] = line[i];
        }
    }
    return out;
}

static void remember(HistoryW *past, const char *text, size_t length)
{
    HistEventW event;
    wchar_t *wide = snn_wide_new(text, length);
    if (wide) history_w(past, &event, H_ENTER, wide);
    free(wide);
}

/* ---- the file's descriptor ---- */

/* Waits a moment for a lock: who holds it writes a few bytes. */
static bool lock(int file)
{
    struct timespec moment = { .tv_nsec = 2000000 };
    for (int tries = 0; tries < 100; tries++) {
        if (flock(file, LOCK_EX | LOCK_NB) == 0) return true;
        nanosleep(&moment, NULL);
    }
    return false;
}

/* Opens the file and locks it, the one that has the name now: another session
   may have written it anew. Returns -1 with errno. */
static int open_locked(int how)
{
    struct stat here, named;
    for (int tries = 0; tries < 10; tries++) {
        int file = open(path, how | O_CLOEXEC | O_NONBLOCK, 0600);
        if (file < 0) return -1;
        lock(file);
        if (fstat(file, &here) == 0 && stat(path, &named) == 0
            && here.st_ino == named.st_ino && here.st_dev == named.st_dev)
            return file;
        close(file);
    }
    errno = EBUSY;
    return -1;
}

static bool write_all(int file, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t written = write(file, bytes, n);
        if (written < 0 && errno != EINTR) return false;
        if (written > 0) bytes += written, n -= (size_t)written;
    }
    return true;
}

/* New: the end of the file from the first whole line on; NULL with errno. */
static char *read_end(int file, size_t *n)
{
    struct stat about;
    if (fstat(file, &about) != 0) return NULL;
    off_t skipped = about.st_size > MOST_READ ? about.st_size - MOST_READ : 0;
    size_t size = (size_t)(about.st_size - skipped), got = 0;
    char *bytes = malloc(size + 1);
    while (bytes && got < size) {
        ssize_t more = pread(file, bytes + got, size - got, skipped + (off_t)got);
        if (more < 0 && errno == EINTR) continue;
        if (more <= 0) break;
        got += (size_t)more;
    }
    char *line = skipped && bytes ? memchr(bytes, '\n', got) : NULL;
    if (line) {
        got -= (size_t)(line + 1 - bytes);
        memmove(bytes, line + 1, got);
    }
    *n = got;
    return bytes;
}

/* Is it a file of ours, or an empty one? Else says why not. */
static bool is_ours(int file, const char **reason)
{
    struct stat about;
    char begin[sizeof HEADER - 1];
    *reason = strerror(errno);
    if (fstat(file, &about) != 0) return false;
    *reason = "it is no file";
    if (!S_ISREG(about.st_mode)) return false;
    *reason = "it is not a history of snnlua";
    return about.st_size == 0
        || (pread(file, begin, sizeof begin, 0) == (ssize_t)sizeof begin
            && memcmp(begin, HEADER, sizeof begin) == 0);
}

/* ---- reading ---- */

/* Where the last ENTRIES lines of n bytes begin; in *lines how many there are. */
static char *last_lines(char *bytes, size_t n, int *lines)
{
    char *end = bytes + n, *begin = end;
    for (*lines = 0; end > bytes;) {
        char *stop = end[-1] == '\n' ? end - 1 : end;
        char *before = memrchr(bytes, '\n', (size_t)(stop - bytes));
        end = before ? before + 1 : bytes;
        if (++*lines <= ENTRIES) begin = end;
    }
    return begin;
}

static void load_lines(HistoryW *past, char *line, const char *end)
{
    while (line < end) {
        char *stop = memchr(line, '\n', (size_t)(end - line));
        size_t n = stop ? (size_t)(stop - line) : (size_t)(end - line);
        if (n > 0 && !memchr(line, 0, n) && strncmp(line, HEADER, n) != 0)
            remember(past, line, from_line(line, n));
        line += n + 1;
    }
}

/* Writes the newest entries under the file's name; the file is locked. */
static void shorten(const char *begin, size_t n)
{
    char *real = realpath(path, NULL);
    char *other = real ? join(real, ".XXXXXX") : NULL;
    int file = other ? mkstemp(other) : -1; /* 0600 */
    if (file >= 0) {
        bool well = write_all(file, HEADER, sizeof HEADER - 1)
            && write_all(file, begin, n) && fsync(file) == 0;
        if (close(file) != 0 || !well || rename(other, real) != 0) unlink(other);
    }
    free(other);
    free(real);
}

/* Reads the file into `past` (NULL: only looks whether it is too long). */
static void read_file(int file, HistoryW *past)
{
    size_t n;
    int lines;
    bool locked = flock(file, LOCK_EX | LOCK_NB) == 0; /* or is by us */
    char *bytes = read_end(file, &n);
    if (!bytes) return;
    char *begin = last_lines(bytes, n, &lines);
    size_t kept = (size_t)(bytes + n - begin);
    bool long_one = lines > ENTRIES + SLACK || lseek(file, 0, SEEK_END) > MOST_READ;
    if (long_one && locked) shorten(begin, kept);
    if (past) load_lines(past, begin, begin + kept);
    free(bytes);
}

/* Opens the file as it is; -1: there is none, or it is told why not. */
static int open_ours(void)
{
    const char *reason;
    int file = path ? open_locked(O_RDONLY) : -1;
    if (file < 0) {
        if (path && errno != ENOENT) give_up(strerror(errno));
        return -1; /* made with the first entry */
    }
    if (is_ours(file, &reason)) return file;
    give_up(reason);
    close(file);
    return -1;
}

void snn_history_open(HistoryW *past)
{
    HistEventW event;
    history_w(past, &event, H_SETSIZE, ENTRIES);
    history_w(past, &event, H_SETUNIQUE, 1);
    is_read = false;
    path = find_path();
    if (path && strcmp(path, "/dev/null") == 0) snn_history_end();
    int file = open_ours();
    if (file >= 0) close(file);
}

void snn_history_read(HistoryW *past)
{
    if (is_read) return;
    is_read = true;
    int file = open_ours();
    if (file < 0) return;
    read_file(file, past);
    close(file);
}

/* ---- adding ---- */

/* Appends a line to the file that is open and locked. */
static bool append(int file, const char *line, size_t n)
{
    char last = '\n';
    off_t size = lseek(file, 0, SEEK_END);
    if (size == 0 && !write_all(file, HEADER, sizeof HEADER - 1)) return false;
    /* what a full disk has cut is no part of this entry */
    if (size > 0 && pread(file, &last, 1, size - 1) == 1 && last != '\n'
        && !write_all(file, "\n", 1))
        return false;
    return write_all(file, line, n);
}

static void keep(const char *line, size_t n)
{
    const char *reason;
    if (access(path, F_OK) != 0 && !getenv("SNNLUA_HISTORY")) make_folders();
    int file = open_locked(O_RDWR | O_APPEND | O_CREAT);
    if (file < 0) {
        give_up(strerror(errno));
        return;
    }
    if (!is_ours(file, &reason))
        give_up(reason);
    else if (!append(file, line, n))
        give_up(strerror(errno));
    else if (++appended % AGAIN == 0)
        read_file(file, NULL);
    close(file);
}

void snn_history_add(HistoryW *past, const char *text, size_t length)
{
    size_t n;
    while (length > 0 && strchr(" \t\n", text[length - 1])) length--;
    if (length == 0) return;
    char *line = to_line(text, length, &n);
    if (!line) return;
    snn_history_read(past);
    remember(past, text, length);
    bool again = newest && n == newest_length && memcmp(line, newest, n) == 0;
    free(newest);
    newest = line;
    newest_length = n;
    if (path && !again && n <= LONGEST) keep(line, n);
}

void snn_history_end(void)
{
    free(path);
    free(newest);
    path = newest = NULL;
}
#endif
