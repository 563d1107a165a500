/* The command line: one table of options, which reads them, prints the help, the
   man page and what shells complete; one reader for its two passes (check all,
   then run -e and -l in their order). */
#include "app/app.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/nearest.h"
#include "util/par.h"

static const char usage[] = "usage: snnlua [options] [script [args]]\n"
                            "       snnlua command [args]\n";

static bool refuse(const char *word, const char *what)
{
    fprintf(stderr, "snnlua: '%s' %s\n%s"
            "`snnlua --help` lists the options\n", word, what, usage);
    return false;
}

/* ---- what options do: false after a message ---- */

static bool take_execute(const char *value, snn_options *out)
{
    (void)value;
    return out->executes = true;
}

static bool take_interactive(const char *value, snn_options *out)
{
    (void)value;
    return out->interactive = true;
}

static bool take_version(const char *value, snn_options *out)
{
    (void)value;
    return out->version = true;
}

static bool take_help(const char *value, snn_options *out)
{
    (void)value;
    return out->help = true;
}

static bool take_no_environment(const char *value, snn_options *out)
{
    (void)value;
    return out->no_environment = true;
}

static bool take_strict(const char *value, snn_options *out)
{
    (void)value;
    return out->strict = true;
}

/* Those that take effect in their order, -l and -W, when they are run. */
static bool take_later(const char *value, snn_options *out)
{
    (void)value;
    (void)out;
    return true;
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

/* A seed that is another in each run, short enough to be typed again, and told
   so that a run can be had again. */
static bool take_random_seed(snn_options *out)
{
    uint32_t seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        return refuse("--seed", "cannot be random: no entropy");
    out->has_seed = true;
    out->seed = seed;
    fprintf(stderr, "snnlua: --seed %lld\n", out->seed);
    return true;
}

static bool take_seed(const char *value, snn_options *out)
{
    char what[80];
    if (strcmp(value, "random") == 0) return take_random_seed(out);
    out->has_seed = read_number(value, &out->seed);
    if (out->has_seed) return true;
    snprintf(what, sizeof what, "needs a whole number or 'random', got '%.30s'",
             value);
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
    char what[80];
    out->color = value;
    for (const char *const *c = snn_colors; *c; c++)
        if (strcmp(value, *c) == 0) return true;
    snprintf(what, sizeof what, "needs auto, always or never, got '%.20s'", value);
    return refuse("--color", what);
}

/* ---- the table ---- */

const char *const snn_colors[] = { "auto", "always", "never", NULL };

const snn_option snn_known_options[] = {
    { 'e', NULL, "stat", "execute string 'stat'", take_execute },
    { 'l', NULL, "mod", "require library 'mod' into global 'mod' (g=mod: into 'g')",
      take_later },
    { 'i', NULL, NULL, "enter interactive mode after executing 'script'",
      take_interactive },
    { 0, "threads", "n", "share work among n threads (results stay the same)",
      take_threads },
    { 0, "seed", "n", "fix all randomness, as snn.manual_seed(n); 'random': another each run",
      take_seed },
    { 0, "resume", "file", "go on from the file that the script's snn.checkpoint saved",
      take_resume },
    { 0, "color", "when", "auto (the default: on a terminal), always or never", take_color },
    { 0, "strict", NULL, "make undeclared globals errors: assigned in functions, or read",
      take_strict },
    { 'E', NULL, NULL, "ignore environment variables and init.lua",
      take_no_environment },
    { 'W', NULL, NULL, "turn warnings on", take_later },
    { 'v', "version", NULL, "show version information", take_version },
    { 'h', "help", NULL, "show this list", take_help },
    { 0, NULL, NULL, NULL, NULL },
};

static void print_row(const char *word, const char *doc)
{
    printf("  %-15s %s\n", word, doc);
}

static void print_option(const snn_option *o)
{
    char word[32];
    snprintf(word, sizeof word, "%s%.1s%s%s%s%s%s", o->letter ? "-" : "",
             &o->letter, o->letter && o->name ? " " : "", o->name ? "--" : "",
             o->name ? o->name : "", o->value ? " " : "",
             o->value ? o->value : "");
    print_row(word, o->doc);
}

void snn_options_help(void)
{
    printf("%s\noptions:\n", usage);
    for (const snn_option *o = snn_known_options; o->doc; o++) print_option(o);
    print_row("--", "stop handling options");
    print_row("-", "stop handling options and execute stdin");
    puts("\ncommands, each with --help (a script of that name is ./name):");
    for (const snn_command *c = snn_commands; c->name; c++)
        print_row(c->name, c->doc);
    puts("\nWithout arguments: the prompt on a terminal, else a script from stdin.\n"
         "Exit codes: 0; 1 an error; 2 a wrong option; 130 an interrupt (Ctrl-C).");
}

/* ---- reading ---- */

static const snn_option *find_long(const char *name, size_t length)
{
    for (const snn_option *o = snn_known_options; o->doc; o++)
        if (o->name && strlen(o->name) == length &&
            strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

static const snn_option *find_short(char letter)
{
    for (const snn_option *o = snn_known_options; o->doc; o++)
        if (o->letter && o->letter == letter) return o;
    return NULL;
}

/* The option at argv[*i] and, if it takes one, its value: joined ("-efoo",
   "--seed=1") or the next word, which *i then moves behind. Value NULL: it is
   missing. */
static const snn_option *split(char **argv, int *i, const char **value)
{
    const char *word = argv[*i];
    const snn_option *found;
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
    if (found->value && !*value && argv[*i]) *value = argv[(*i)++];
    return found;
}

snn_option_step snn_options_next(char **argv, int *i)
{
    snn_option_step step = { 0, NULL };
    const snn_option *found = split(argv, i, &step.value);
    if (found) step.letter = found->letter;
    return step;
}

static bool refuse_unknown(const char *word)
{
    snn_nearest search;
    char what[64] = "is no option";
    snn_nearest_init(&search, word + (word[1] == '-' ? 2 : 1));
    for (const snn_option *o = snn_known_options; o->doc && word[1] == '-'; o++)
        if (o->name) snn_nearest_offer(&search, o->name);
    if (search.best)
        snprintf(what, sizeof what, "is no option (did you mean '--%s'?)",
                 search.best);
    return refuse(word, what);
}

/* Takes one option; false after a message. */
static bool take(char **argv, int *i, snn_options *out)
{
    const char *word = argv[*i], *value;
    const snn_option *o = split(argv, i, &value);
    if (!o) return refuse_unknown(word);
    if (o->value && !value) return refuse(word, "needs an argument");
    if (!o->value && value) return refuse_unknown(word);
    return o->take(value, out);
}

bool snn_options_read(int argc, char **argv, snn_options *out)
{
    *out = (snn_options){ .script = argc };
    for (int i = 1; i < argc;) {
        const char *word = argv[i];
        out->script = i;
        if (word[0] != '-') {
            out->command = snn_command_find(word);
            return true;
        }
        if (word[1] == '\0') return out->from_stdin = true;
        if (strcmp(word, "--") == 0) {
            out->script = i + 1;
            return true;
        }
        if (!take(argv, &i, out)) return false;
        out->script = i;
    }
    return true;
}
