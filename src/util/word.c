/* Compared letter by letter, without the locale's rules: of these a Turkish
   one would change what a script says. */
#include "util/word.h"

#include <string.h>

char snn_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (snn_lower(a[i]) != snn_lower(b[i])) return false;
    return true;
}

bool snn_word_equal(const char *a, const char *b)
{
    size_t n = strlen(a);
    return strlen(b) == n && is_same(a, b, n);
}

int snn_word_find(const char *choices, const char *word)
{
    size_t n = strlen(word);
    for (int i = 0; *choices; i++) {
        size_t length = strcspn(choices, " ");
        if (length == n && is_same(choices, word, n)) return i;
        choices += length;
        choices += strspn(choices, " ");
    }
    return -1;
}
