/* The name a user may have meant: edit distance for "did you mean", at most a
   third of the length of the longer name. */
#ifndef SNN_UTIL_NEAREST_H
#define SNN_UTIL_NEAREST_H

#include <stdbool.h>

typedef struct snn_nearest {
    const char *word;
    const char *best; /* NULL while nothing is near enough */
    int distance;
} snn_nearest;

/* Starts a search for `word` (borrowed). */
void snn_nearest_init(snn_nearest *search, const char *word);
/* Offers a candidate, borrowed until the search is read. */
void snn_nearest_offer(snn_nearest *search, const char *candidate);

/* Is one edit all between two words: a letter put in, left out, another, or two
   neighbours swapped; not one that makes a plural. Takes no table of distances:
   for checks of each new name. */
bool snn_is_slip(const char *word, const char *meant);

#endif
