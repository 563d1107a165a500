/* The bytes of a file from front to back, a gzip file's content (told by its
   first bytes, not by its name) unpacked on the way. Nothing is read ahead of
   the asker into memory, so a file that lies about its size costs none. */
#ifndef SNN_IO_SOURCE_H
#define SNN_IO_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "util/fail.h"

typedef struct snn_source snn_source;

/* A few bytes of packed zeros unpack to a thousand times as many. So what is
   packed may unpack to a multiple of its size, unless the asker allows more:
   pictures of digits unpack to 5 times, spikes of quiet neurons to some dozens.
   Little is free. */
enum { SNN_UNPACK_RATIO = 100, SNN_UNPACK_FREE = 1 << 26 };
/* The bytes that `packed` ones may unpack to. */
uint64_t snn_unpack_most(uint64_t packed, double ratio);
/* The end of the sentence where there are more. */
enum { SNN_UNPACK_TEXT = 160 };
const char *snn_unpack_text(uint64_t packed, double ratio,
                            char text[SNN_UNPACK_TEXT]);

/* Opens a regular file; `where` and `path` are borrowed until the source is
   closed and begin the texts of its failures. `ratio` bounds what it unpacks
   to. IOError, RuntimeError (memory); then *out is NULL. */
snn_status snn_source_open(const char *where, const char *path, double ratio,
                           snn_fail *fail, snn_source **out);
/* The same of a file's bytes as they are, whatever they begin with. */
snn_status snn_source_open_plain(const char *where, const char *path,
                                 snn_fail *fail, snn_source **out);
void snn_source_close(snn_source *source); /* NULL is fine */

/* The next `most` bytes; *got is less only at the end. IOError: the file
   cannot be read, or its gzip data is damaged, cut short or unpacks to too
   much. What else is behind the gzip data is left, with a warning. */
snn_status snn_source_read(snn_source *source, void *out, size_t most,
                           size_t *got, snn_fail *fail);

/* Skips to the end and counts on the way: where the source then stands is
   undefined until it is rewound. */
snn_status snn_source_count(snn_source *source, uint64_t *count,
                            snn_fail *fail);

/* Passes over bytes of a plain file, which are known to be there. */
snn_status snn_source_skip(snn_source *source, uint64_t bytes, snn_fail *fail);
snn_status snn_source_rewind(snn_source *source, snn_fail *fail);

#endif
