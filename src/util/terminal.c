/* The environment's word comes first: COLUMNS, LINES, NO_COLOR, TERM, and the
   locale's name, as the program itself stays in the locale C. */
#include "util/terminal.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS = 80, ROWS = 24, MOST = 10000 };

/* A whole number from 1 on in a variable, else 0. */
static int number_in(const char *name)
{
    const char *text = getenv(name);
    char *end;
    if (!text || !*text) return 0;
    long n = strtol(text, &end, 10);
    return *end || n < 1 || n > MOST ? 0 : (int)n;
}

static struct winsize size_of_terminal(void)
{
    struct winsize size = { .ws_col = 0 };
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
        return (struct winsize){ .ws_col = 0 };
    return size;
}

int snn_terminal_known_columns(void)
{
    int n = number_in("COLUMNS");
    return n ? n : size_of_terminal().ws_col;
}

int snn_terminal_columns(void)
{
    int n = snn_terminal_known_columns();
    return n ? n : COLUMNS;
}

int snn_terminal_rows(void)
{
    int n = number_in("LINES");
    if (!n) n = size_of_terminal().ws_row;
    return n ? n : ROWS;
}

static bool is_set(const char *name)
{
    const char *text = getenv(name);
    return text && *text;
}

bool snn_terminal_has_color(void)
{
    return isatty(STDOUT_FILENO) && !is_set("NO_COLOR") && is_set("TERM") &&
           strcmp(getenv("TERM"), "dumb") != 0;
}

bool snn_terminal_is_utf8(void)
{
    static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!is_set(names[i])) continue; /* the first that is set counts */
        const char *point = strchr(getenv(names[i]), '.');
        return point && (strncasecmp(point + 1, "UTF-8", 5) == 0 ||
                         strncasecmp(point + 1, "UTF8", 4) == 0);
    }
    return false;
}
