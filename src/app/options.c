/* The command line: one table of options, one reader for its two passes
   (check all, then run -e and -l in their order). */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/nearest.h"
#include "util/par.h"

typedef struct option {
    char letter;
    const char *name; /* the long form; NULL: none */
    bool takes_value;
    bool only_long; /* the letter is just a mark */
} option;

static const option known[] = {
    { 'e', NULL, true, false },      { 'l', NULL, true, false },
    { 'i', NULL, false, false },     { 'v', "version", false, false },
    { 'E', NULL, false, false },     { 'W', NULL, false, false },
    { 'h', "help", false, false },   { 't', "threads", true, true },
    { 's', "seed", true, true },     { 'r', "resume", true, true },
    { 'c', "color", true, true },
};
enum { KNOWN = sizeof known / sizeof *known };

static const char usage[] = "usage: snnlua [options] [script [args]]\n"
                            "       snnlua inspect [--json] file\n";
static const char details[] =
    "  -e stat      execute string 'stat'\n"
    "  -l mod       require library 'mod' into global 'mod'\n"
    "  -l g=mod     require library 'mod' into global 'g'\n"
    "  -i           enter interactive mode after executing 'script'\n"
    "  --threads n  share work among n threads (results stay the same)\n"
    "  --seed n     fix all randomness, as snn.manual_seed(n)\n"
    "  --resume f   go on from the file f that the script's snn.checkpoint saved\n"
    "  --color w    colours always, never, or auto: on terminals that show them\n"
    "  -E           ignore environment variables\n"
    "  -W           turn warnings on\n"
    "  -v --version show version information\n"
    "  -h --help    show this list\n"
    "  --           stop handling options\n"
    "  -            stop handling options and execute stdin\n"
    "Without arguments: the prompt on a terminal, else a script from stdin.\n";

void snn_options_help(void) { printf("%s%s", usage, details); }

static const option *find_long(const char *name, size_t length)
{
    for (int i = 0; i < KNOWN; i++)
        if (known[i].name && strlen(known[i].name) == length &&
            strncmp(known[i].name, name, length) == 0)
            return &known[i];
    return NULL;
}

static const option *find_short(char letter)
{
    for (int i = 0; i < KNOWN; i++)
        if (known[i].letter == letter && !known[i].only_long) return &known[i];
    return NULL;
}

/* The option at argv[*i] and, if it takes one, its value: joined ("-efoo",
   "--seed=1") or the next word, which *i then moves behind. Value NULL: it is
   missing. */
static const option *split(char **argv, int *i, const char **value)
{
    const char *word = argv[*i];
    const option *found;
    *value = NULL;
    ++*i;
    if (word[1] == '-') {
        size_t length = strcspn(word + 2, "=");
        found = find_long(word + 2, length);
        if (word[2 + length]) *value = word + 2 + length + 1;
    } else {
        found = find_short(word[1]);
        if (word[2]) *value = word + 2;
    }
    if (!found) return NULL;
    if (found->takes_value && !*value && argv[*i]) *value = argv[(*i)++];
    return found;
}

snn_option_step snn_options_next(char **argv, int *i)
{
    snn_option_step step = { 0, NULL };
    const option *found = split(argv, i, &step.value);
    if (found) step.letter = found->letter;
    return step;
}

/* ---- the check ---- */

static bool refuse(const char *word, const char *what)
{
    fprintf(stderr, "snnlua: '%s' %s\n%s"
            "`snnlua --help` lists the options\n", word, what, usage);
    return false;
}

static bool refuse_unknown(const char *word)
{
    snn_nearest search;
    char what[64] = "is no option";
    snn_nearest_init(&search, word + (word[1] == '-' ? 2 : 1));
    for (int i = 0; i < KNOWN && word[1] == '-'; i++)
        if (known[i].name) snn_nearest_offer(&search, known[i].name);
    if (search.best)
        snprintf(what, sizeof what, "is no option (did you mean '--%s'?)",
                 search.best);
    return refuse(word, what);
}

/* A whole decimal number; false for anything else. */
static bool read_number(const char *text, long long *out)
{
    char *end;
    errno = 0;
    *out = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0;
}

static bool take_threads(const char *value, snn_options *out)
{
    long long n;
    char what[80];
    if (read_number(value, &n) && n >= 1 && n <= SNN_PAR_MOST) {
        out->threads = (int)n;
        return true;
    }
    snprintf(what, sizeof what, "needs a number from 1 to %d, got '%.20s'",
             SNN_PAR_MOST, value);
    return refuse("--threads", what);
}

static bool take_seed(const char *value, snn_options *out)
{
    char what[80];
    out->has_seed = read_number(value, &out->seed);
    if (out->has_seed) return true;
    snprintf(what, sizeof what, "needs a whole number, got '%.30s'", value);
    return refuse("--seed", what);
}

/* A file that can be read: told before hours of a script. */
static bool take_resume(const char *value, snn_options *out)
{
    char what[300];
    int file = open(value, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat about = { .st_mode = 0 };
    const char *why = file < 0 || fstat(file, &about) != 0 ? strerror(errno)
                      : S_ISDIR(about.st_mode)             ? "it is a folder"
                                                           : NULL;
    if (file >= 0) close(file);
    out->resume = value;
    if (!why) return true;
    snprintf(what, sizeof what, "cannot read '%.200s': %s", value, why);
    return refuse("--resume", what);
}

static bool take_color(const char *value, snn_options *out)
{
    static const char *const words[] = { "auto", "always", "never" };
    char what[80];
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(value, words[i]) != 0) continue;
        out->color = words[i];
        return true;
    }
    snprintf(what, sizeof what, "is auto, always or never, got '%.30s'", value);
    return refuse("--color", what);
}

static bool take(const option *o, const char *value, snn_options *out)
{
    switch (o->letter) {
    case 'e': out->executes = true; return true;
    case 'l': return true;
    case 'i': out->interactive = true; return true;
    case 'v': out->version = true; return true;
    case 'h': out->help = true; return true;
    case 'E': out->no_environment = true; return true;
    case 'W': return true;
    case 't': return take_threads(value, out);
    case 'r': return take_resume(value, out);
    case 'c': return take_color(value, out);
    default: return take_seed(value, out);
    }
}

bool snn_options_read(int argc, char **argv, snn_options *out)
{
    *out = (snn_options){ .script = argc };
    for (int i = 1; i < argc;) {
        const char *word = argv[i], *value;
        out->script = i;
        if (word[0] != '-') return true;
        if (word[1] == '\0') return out->from_stdin = true;
        if (strcmp(word, "--") == 0) {
            out->script = i + 1;
            return true;
        }
        const option *o = split(argv, &i, &value);
        if (!o) return refuse_unknown(word);
        if (o->takes_value && !value) return refuse(word, "needs an argument");
        if (!o->takes_value && value) return refuse_unknown(word);
        if (!take(o, value, out)) return false;
        out->script = i;
    }
    return true;
}
