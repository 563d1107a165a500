/* Runs the tests of the engine and prints what busted would. */
#include <math.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "check.h"

static snn_fail reason;
snn_fail *const fail = &reason;

static jmp_buf end_of_test;
static bool has_failed;

static void tell(const char *what, const char *file, int line)
{
    printf("\nFailure -> %s @ %d\n%s\n", file, line, what);
    has_failed = true;
}

void check(bool ok, const char *what, const char *file, int line)
{
    if (!ok) tell(what, file, line);
}

void check_near(double want, double got, double most, const char *what,
                const char *file, int line)
{
    if (fabs(want - got) <= most) return;
    tell(what, file, line);
    printf("wanted %.9g, got %.9g\n", want, got);
}

void check_fails(snn_status kind, const char *text, snn_status status,
                 const char *what, const char *file, int line)
{
    if (status == kind && strstr(fail->text, text)) return;
    tell(what, file, line);
    printf("wanted %s '%s', got %s\n", snn_status_name(kind), text,
           status ? fail->text : "no failure");
}

void need(snn_status status, const char *what, const char *file, int line)
{
    if (!status) return;
    tell(what, file, line);
    printf("%s: %s\n", snn_status_name(status), fail->text);
    longjmp(end_of_test, 1);
}

typedef struct test {
    const char *name;
    void (*run)(void);
} test;

static const test tests[] = {
#define TEST(name) { #name, test_##name },
#include "list.h"
#undef TEST
};

/* True when all of its checks hold. */
static bool passes(const test *t)
{
    has_failed = false;
    if (setjmp(end_of_test) == 0) t->run();
    if (has_failed) printf("in %s\n", t->name);
    return !has_failed;
}

int main(void)
{
    enum { COUNT = sizeof tests / sizeof *tests };
    int good = 0;
    clock_t begin = clock();
    for (int i = 0; i < COUNT; i++) good += passes(&tests[i]);
    int bad = COUNT - good;
    printf("%d success%s / %d failure%s / 0 errors / 0 pending : %f seconds\n",
           good, good == 1 ? "" : "es", bad, bad == 1 ? "" : "s",
           (double)(clock() - begin) / CLOCKS_PER_SEC);
    return bad > 0;
}
