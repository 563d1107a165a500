#include "util/blas.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char LIBRARY[] = "libopenblas.so.0";
static const char THREADS[] = "OPENBLAS_NUM_THREADS";

static snn_blas blas;
static bool is_loaded;

/* Opens the library, which looks at the environment for its threads then. */
static void *open_library(void)
{
    bool is_set = getenv(THREADS) != NULL;
    if (!is_set) setenv(THREADS, "1", 0);
    void *library = dlopen(LIBRARY, RTLD_LAZY | RTLD_LOCAL);
    if (!is_set) unsetenv(THREADS);
    return library;
}

/* Puts the function where `to` points; by memcpy, since C has no cast from an
   object's pointer to that of a function. */
static bool find(void *library, const char *name, void *to)
{
    void *function = dlsym(library, name);
    memcpy(to, &function, sizeof function);
    return function != NULL;
}

static bool find_all(void *library, snn_blas *out)
{
    static const struct {
        const char *name;
        size_t at;
    } functions[] = {
        { "cblas_sgemm", offsetof(snn_blas, sgemm) },
        { "cblas_dgemm", offsetof(snn_blas, dgemm) },
        { "cblas_sgemv", offsetof(snn_blas, sgemv) },
        { "cblas_dgemv", offsetof(snn_blas, dgemv) },
        { "cblas_sdot", offsetof(snn_blas, sdot) },
        { "cblas_ddot", offsetof(snn_blas, ddot) },
    };
    bool found = true;
    for (size_t i = 0; i < sizeof functions / sizeof *functions && found; i++)
        found = find(library, functions[i].name,
                     (char *)out + functions[i].at);
    return found;
}

snn_status snn_blas_load(const char *where, snn_fail *fail)
{
    if (is_loaded) return SNN_OK;
    __typeof__(openblas_set_num_threads) *set_threads;
    void *library = open_library();
    if (!library || !find_all(library, &blas) ||
        !find(library, "openblas_set_num_threads", &set_threads)) {
        const char *why = dlerror();
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "%s: a dense product needs OpenBLAS, which cannot "
                            "be loaded (Debian: package libopenblas0): %s",
                            where, why ? why : LIBRARY);
    }
    set_threads(1); /* where someone else in the process has loaded it */
    is_loaded = true;
    return SNN_OK;
}

const snn_blas *snn_blas_get(void) { return &blas; }
