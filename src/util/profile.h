/* What the parts of a network cost: a row for each, with the calls and the time
   that it took itself, without what ran inside of it and has a row too. Off but
   while somebody asks; whoever may be measured looks at snn_profile_on first:

       if (snn_profile_on) {
           snn_profile_mark mark = snn_profile_begin(kind, key, of, name);
           ...
           snn_profile_end(mark);
       }

   An end that is jumped over by an error of Lua is made up for by the next
   begin or end. Main thread only. */
#ifndef SNN_UTIL_PROFILE_H
#define SNN_UTIL_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum snn_profile_kind {
    SNN_PROFILE_CONNECTION,
    SNN_PROFILE_NEURON,
    SNN_PROFILE_WIRING,
    SNN_PROFILE_RECORD, /* observers of a cell */
    SNN_PROFILE_CALL,   /* of an object */
    SNN_PROFILE_UPDATE
} snn_profile_kind;

enum { SNN_PROFILE_NAME = 96 };

typedef struct snn_profile_row {
    snn_profile_kind kind;
    const void *key, *of; /* whose row it is, in what; compared, never read */
    int64_t calls;        /* 0: there is no such row */
    int64_t ns;
    char name[SNN_PROFILE_NAME];
} snn_profile_row;

typedef struct snn_profile_mark {
    int depth; /* -1: nothing is measured */
    uint32_t serial;
    bool is_first; /* of its row */
} snn_profile_mark;

extern bool snn_profile_on;

/* Begins anew, without rows; false when memory is short. */
bool snn_profile_start(void);
/* From here on nothing is measured; rows stay until they are dropped. */
void snn_profile_stop(void);
void snn_profile_drop(void);
/* All places of rows, some without one. */
const snn_profile_row *snn_profile_rows(int *count);

/* The name is copied at the first call. Where the same key is measured already
   nothing is. */
snn_profile_mark snn_profile_begin(snn_profile_kind kind, const void *key,
                                   const void *of, const char *name);
void snn_profile_end(snn_profile_mark mark);

#endif
