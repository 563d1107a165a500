/* Writing a file anew, whole or not at all: the bytes go to a file beside it
   that takes its name only when everything is there and on the disk, so that a
   full disk, a killed process or a crash of the system leaves what was there
   before. */
#ifndef SNN_IO_REPLACE_H
#define SNN_IO_REPLACE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "util/fail.h"

/* At most so many good files stay, the new one among them. */
enum { SNN_REPLACE_MOST = 9999 };

typedef struct snn_replace {
    FILE *file;        /* to be written by the caller */
    const char *where; /* begins the texts of failures */
    const char *path;
    int keep;    /* files that stay: 1 (the new one alone) unless the caller
                    sets another: path, path.1 the one before, path.2 ... */
    bool direct; /* a device or a pipe: written in place */
    int fd;      /* of the new file, to read and write, */
    int folder;  /* and of its folder; -1: one that may not be read */
    int error;   /* errno of the first write that failed */
    uint64_t written, started; /* bytes, and those the disk has begun with */
    int top, low; /* files from `low` to `top` were moved on by one */
    enum {
        SNN_OLD_NONE,
        SNN_OLD_LINKED,
        SNN_OLD_MOVED,
        SNN_OLD_LOST /* it cannot be brought back */
    } old;
    char target[PATH_MAX]; /* path, links followed */
    char temp[PATH_MAX];
    char aside[PATH_MAX]; /* what goes when all is well */
    char buffer[1 << 16];
} snn_replace;

/* Begins, and removes what killed processes have left beside the file; `where`
   and `path` are borrowed until the end. IOError: no file can be made there;
   then nothing has to be ended. */
snn_status snn_replace_open(const char *where, const char *path,
                            snn_fail *fail, snn_replace *out);

/* Writes over what is at the begin of the file, which is no direct one. */
void snn_replace_begin(snn_replace *r, const void *data, size_t bytes);

/* Ends with the new file in place and on the disk, or with an IOError (also
   for writes that failed before) and the old one. */
snn_status snn_replace_commit(snn_replace *r, snn_fail *fail);

/* Ends with the old file. */
void snn_replace_abandon(snn_replace *r);

#endif
