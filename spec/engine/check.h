/* Checks of the engine alone, without Lua: spec/engine/main.c runs the tests of
   list.h and counts as the other specs do. A test goes on after a failed check,
   which is told with its place, but not after a failed NEED. */
#ifndef SPEC_ENGINE_CHECK_H
#define SPEC_ENGINE_CHECK_H

#include <stdbool.h>

#include "util/fail.h"

#define CHECK(condition) check((condition), #condition, __FILE__, __LINE__)
/* Within `most` of each other. */
#define NEAR(want, got, most) \
    check_near((want), (got), (most), #got, __FILE__, __LINE__)
/* A call of the engine, whose failure is told with its reason: NEED(f(..., fail))
   with `fail` as it is here. */
#define NEED(call) need((call), #call, __FILE__, __LINE__)
/* A call that must fail with this kind, and this in its text. */
#define FAILS(kind, text, call) \
    check_fails((kind), (text), (call), #call, __FILE__, __LINE__)

extern snn_fail *const fail;

void check(bool ok, const char *what, const char *file, int line);
void check_near(double want, double got, double most, const char *what,
                const char *file, int line);
void check_fails(snn_status kind, const char *text, snn_status status,
                 const char *what, const char *file, int line);
void need(snn_status status, const char *what, const char *file, int line);

#define TEST(name) void test_##name(void);
#include "list.h"
#undef TEST

#endif
