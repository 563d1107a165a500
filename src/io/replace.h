/* Writing a file anew, whole or not at all: the bytes go to a file beside it
   that takes its name only when everything is there, so that a full disk or a
   crash leaves what was there before. */
#ifndef SNN_IO_REPLACE_H
#define SNN_IO_REPLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "util/fail.h"

typedef struct snn_replace {
    FILE *file;        /* to be written by the caller */
    const char *where; /* begins the texts of failures */
    const char *path;
    bool direct;       /* a device or a pipe: written in place */
    char target[PATH_MAX]; /* path, links followed */
    char temp[PATH_MAX];
} snn_replace;

/* Begins; `where` and `path` are borrowed until the end. IOError: no file can
   be made there; then nothing has to be ended. */
snn_status snn_replace_open(const char *where, const char *path,
                            snn_fail *fail, snn_replace *out);

/* Ends with the new file in place, or with an IOError (also for writes that
   failed before) and the old one. */
snn_status snn_replace_commit(snn_replace *r, snn_fail *fail);

/* Ends with the old file. */
void snn_replace_abandon(snn_replace *r);

#endif
