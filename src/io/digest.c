/* SHA-256 by libmd, which `sha256sum` computes too, or else the CRC-32 of
   zlib; block by block, so that a long file takes no memory. */
#include "io/digest.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef SNN_HAVE_MD

#include <sha2.h>

typedef SHA2_CTX digest;

const char *snn_digest_kind(void) { return "sha256"; }

static void begin(digest *d) { SHA256Init(d); }

static void add(digest *d, const uint8_t *bytes, size_t n)
{
    SHA256Update(d, bytes, n);
}

static void end(digest *d, char out[SNN_DIGEST_TEXT])
{
    uint8_t bytes[SHA256_DIGEST_LENGTH];
    SHA256Final(bytes, d);
    for (int i = 0; i < SHA256_DIGEST_LENGTH; i++)
        snprintf(out + 2 * i, 3, "%02x", bytes[i]);
}

#else

#include <zlib.h>

typedef uLong digest;

const char *snn_digest_kind(void) { return "crc32"; }

static void begin(digest *d) { *d = crc32(0, NULL, 0); }

static void add(digest *d, const uint8_t *bytes, size_t n)
{
    *d = crc32(*d, bytes, (uInt)n);
}

static void end(digest *d, char out[SNN_DIGEST_TEXT])
{
    snprintf(out, SNN_DIGEST_TEXT, "%08lx", *d);
}

#endif

static bool add_all(int file, digest *d)
{
    uint8_t block[4096];
    ssize_t n;
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) return false;
    while ((n = read(file, block, sizeof block)) > 0) add(d, block, (size_t)n);
    return n == 0;
}

bool snn_digest_file(const char *path, char out[SNN_DIGEST_TEXT])
{
    digest d;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return false;
    begin(&d);
    bool is_whole = add_all(file, &d);
    close(file);
    if (is_whole) end(&d, out);
    return is_whole;
}
