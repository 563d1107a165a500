/* What a file holds, as a short text: to tell later whether it is the same. */
#ifndef SNN_IO_DIGEST_H
#define SNN_IO_DIGEST_H

#include <stdbool.h>

enum { SNN_DIGEST_TEXT = 65 }; /* bytes of the longest, with its zero */

/* "sha256", or "crc32" where the build has no library for that. */
const char *snn_digest_kind(void);

/* Writes the digest in hexadecimal. False when there is no such file, it cannot
   be read, or it is no regular file: what comes from a pipe comes once. */
bool snn_digest_file(const char *path, char out[SNN_DIGEST_TEXT]);

#endif
