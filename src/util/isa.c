/* The best level that the processor has, or the lower one that SNN_ISA asks
   for; worked out once. */
#include "util/isa.h"

#include <stdlib.h>
#include <string.h>

static const char *const names[] = { "v1", "v3", "v4" };

static int best(void)
{
#if defined(__x86_64__) && !defined(SNN_V1_ALONE)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
        __builtin_cpu_supports("bmi2"))
        return 1;
#endif
    return 0;
}

static int choose(void)
{
    int level = best();
    const char *asked = getenv("SNN_ISA");
    for (int i = 0; asked && i < level; i++)
        if (strcmp(asked, names[i]) == 0) level = i;
    return level;
}

int snn_isa(void)
{
    static int level = -1;
    if (level < 0) level = choose();
    return level;
}
