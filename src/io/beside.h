/* The names of files that are written beside others, and those that killed
   processes have left there. */
#ifndef SNN_IO_BESIDE_H
#define SNN_IO_BESIDE_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* "target.PID-N.ending": PID is this process. False: too long. */
bool snn_beside_name(const char *target, int n, const char *ending,
                     char out[PATH_MAX]);

/* What `path` means, links followed, also one to a file that is not there yet.
   0 or an errno. */
int snn_beside_follow(const char *path, char out[PATH_MAX]);

/* Opens the folder that `path` is in; -1 with errno. */
int snn_beside_folder(const char *path);

/* Removes the files beside `target` that belong to no process any more. What
   cannot be removed stays; an errno where the folder cannot be read, or 0. */
int snn_beside_sweep(int folder, const char *target);

#endif
