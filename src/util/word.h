/* Words that scripts choose among: case does not count. ASCII, whatever the
   locale. */
#ifndef SNN_UTIL_WORD_H
#define SNN_UTIL_WORD_H

#include <stdbool.h>
#include <stddef.h>

char snn_lower(char c);

bool snn_word_equal(const char *a, const char *b);
/* The index of the word in the list, "previous nearest", or -1. */
int snn_word_find(const char *choices, const char *word);

#endif
