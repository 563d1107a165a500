/* Damerau's distance by three rows of its table, case apart, over words of
   bounded length: no memory is needed to say what is near. */
#include "util/nearest.h"

#include <stddef.h>
#include <string.h>

#include "util/word.h"

enum { LONGEST = 64 };

static int least(int a, int b) { return a < b ? a : b; }

/* Edits (insert, delete, replace, swap of neighbours) between a and b; case
   counts for nothing. Words over LONGEST letters are never near. */
static int distance(const char *a, const char *b)
{
    int row[3][LONGEST + 1];
    int n = (int)strlen(a), m = (int)strlen(b);
    for (int j = 0; j <= m; j++) row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *up = row[(i + 2) % 3], *up2 = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int x = snn_lower(a[i - 1]);
            int y = snn_lower(b[j - 1]);
            now[j] = least(up[j - 1] + (x != y),
                           least(up[j] + 1, now[j - 1] + 1));
            if (i > 1 && j > 1 && x == snn_lower(b[j - 2]) &&
                snn_lower(a[i - 2]) == y)
                now[j] = least(now[j], up2[j - 2] + 1);
        }
    }
    return row[n % 3][m];
}

void snn_nearest_init(snn_nearest *search, const char *word)
{
    size_t n = strlen(word);
    search->word = n <= LONGEST ? word : "";
    search->best = NULL;
    search->distance = LONGEST; /* must be less */
}

void snn_nearest_offer(snn_nearest *search, const char *candidate)
{
    size_t n = strlen(search->word), m = strlen(candidate);
    if (n == 0 || m > LONGEST) return;
    int d = distance(search->word, candidate), longer = (int)(n > m ? n : m);
    if (d >= search->distance || 3 * d > longer) return;
    search->distance = d;
    search->best = candidate;
}

/* Is `longer` the other word with one letter put in, which is no s at its end? */
static bool is_letter_more(const char *longer, const char *shorter)
{
    size_t i = 0;
    while (shorter[i] && longer[i] == shorter[i]) i++;
    if (!shorter[i] && longer[i] == 's') return false;
    return strcmp(longer + i + 1, shorter + i) == 0;
}

bool snn_is_slip(const char *word, const char *meant)
{
    size_t n = strlen(word), m = strlen(meant), i = 0;
    if (n == m + 1) return is_letter_more(word, meant);
    if (m == n + 1) return is_letter_more(meant, word);
    if (n != m) return false;
    while (i < n && word[i] == meant[i]) i++;
    if (i == n) return false;
    if (strcmp(word + i + 1, meant + i + 1) == 0) return true;
    return word[i] == meant[i + 1] && word[i + 1] == meant[i] &&
           strcmp(word + i + 2, meant + i + 2) == 0;
}
