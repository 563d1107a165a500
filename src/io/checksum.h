/* CRC-32 (that of zlib, gzip, PNG) of the parts of a safetensors file, as eight
   hexadecimal digits in its metadata: "snnlua.crc32.NAME" of the bytes of a
   tensor, and, first of all, "snnlua.crc32" of the header itself, white space
   behind it included, with these eight digits as zeros. */
#ifndef SNN_IO_CHECKSUM_H
#define SNN_IO_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SNN_SUM_KEY "snnlua.crc32"
#define SNN_SUM_PREFIX SNN_SUM_KEY "." /* the name of the tensor follows */
/* What a header with checksums begins with, up to the digits of its own. */
#define SNN_SUM_START "{\"__metadata__\":{\"" SNN_SUM_KEY "\":\""
enum { SNN_SUM_DIGITS = 8 };

/* The sum of what has `sum` with these bytes behind it; 0 of nothing. */
uint32_t snn_checksum(uint32_t sum, const void *data, size_t bytes);

/* That of a header that begins with SNN_SUM_START. */
uint32_t snn_checksum_header(const char *header, size_t length);

void snn_checksum_put(uint32_t sum, char digits[SNN_SUM_DIGITS]);
/* False: they are not such digits. */
bool snn_checksum_get(const char digits[SNN_SUM_DIGITS], uint32_t *out);

#endif
