/* The bytes of a file from front to back, a gzip file's content (told by its
   first bytes, not by its name) unpacked on the way. Nothing is read ahead of
   the asker into memory, so a file that lies about its size costs none. */
#ifndef SNN_IO_SOURCE_H
#define SNN_IO_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "util/fail.h"

typedef struct snn_source snn_source;

/* Opens a regular file; `where` and `path` are borrowed until the source is
   closed and begin the texts of its failures. IOError, RuntimeError (memory);
   then *out is NULL. */
snn_status snn_source_open(const char *where, const char *path, snn_fail *fail,
                           snn_source **out);
/* The same of a file's bytes as they are, whatever they begin with. */
snn_status snn_source_open_plain(const char *where, const char *path,
                                 snn_fail *fail, snn_source **out);
void snn_source_close(snn_source *source); /* NULL is fine */

/* The next `most` bytes; *got is less only at the end. IOError: the file
   cannot be read, or its gzip data is damaged, cut short or followed by
   something else. */
snn_status snn_source_read(snn_source *source, void *out, size_t most,
                           size_t *got, snn_fail *fail);

/* Skips to the end and counts on the way, but stops at `enough` bytes: where
   the source then stands is undefined until it is rewound. */
snn_status snn_source_count(snn_source *source, uint64_t enough,
                            uint64_t *count, snn_fail *fail);

snn_status snn_source_rewind(snn_source *source, snn_fail *fail);

#endif
