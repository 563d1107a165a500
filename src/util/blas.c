/* The library is opened with dlopen at the first product, and its functions
   are kept in one table; what they need of memory is asked for before, as
   OpenBLAS waits for ever where there is none. */
#include "util/blas.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "util/par.h"

static const char LIBRARY[] = "libopenblas.so.0";
static const char THREADS[] = "OPENBLAS_NUM_THREADS";
/* Of each thread in a product: OpenBLAS's BUFFER_SIZE, 32 << 22 on x86-64 and
   arm64 and less elsewhere. */
static const size_t BUFFER = (size_t)128 << 20;

static snn_blas blas;
/* Its own allocator of buffers, which keeps those that are given back. */
static void *(*take_buffer)(int unused);
static void (*give_buffer)(void *buffer);
static bool is_loaded;
static char kernel[120]; /* its name */
static int taken;    /* buffers that it has */
static int reserved; /* threads that a product may have */
/* It complains of more than it is built for: 128 in Debian. */
enum { TAKEN_MOST = 64 };

/* ---- the library ---- */

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

/* The first two words of the text of its build are its name and version. */
static void note_kernel(void *library)
{
    __typeof__(openblas_get_config) *get_config;
    __typeof__(openblas_get_corename) *get_core;
    int width = 0;
    const char *build = "OpenBLAS", *core = "";
    if (find(library, "openblas_get_config", &get_config)) build = get_config();
    if (find(library, "openblas_get_corename", &get_core)) core = get_core();
    sscanf(build, "%*s%*s%n", &width);
    if (width == 0) width = (int)strcspn(build, " ");
    snprintf(kernel, sizeof kernel, "%.*s %s", width, build, core);
}

static snn_status load(const char *where, snn_fail *fail)
{
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
    if (!find(library, "blas_memory_alloc", &take_buffer) ||
        !find(library, "blas_memory_free", &give_buffer))
        take_buffer = NULL;
    note_kernel(library);
    is_loaded = true;
    return SNN_OK;
}

/* ---- its memory ---- */

/* OpenBLAS asks the system for a buffer again and again until it gets one: so
   it is asked for here before, and given back. */
static bool has_room(int buffers)
{
    void *room[SNN_PAR_MOST];
    int n = 0;
    for (; n < buffers; n++) { /* one by one: all at once may be refused */
        room[n] = mmap(NULL, BUFFER, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (room[n] == MAP_FAILED) break;
    }
    for (int i = n; i-- > 0;) munmap(room[i], BUFFER);
    return n == buffers;
}

static snn_status refuse(const char *where, int threads, snn_fail *fail)
{
    return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                        "%s: not enough memory: for a dense product OpenBLAS "
                        "asks for %zu bytes in each thread, of which there "
                        "are %d (snn.set_num_threads)",
                        where, BUFFER, threads);
}

/* Lets OpenBLAS take the buffers of so many threads at once, which it keeps,
   so that no product has to ask for one. For those beyond the most that it
   takes, or of a build that does not let it, there is room now. */
static snn_status reserve(const char *where, int threads, snn_fail *fail)
{
    void *held[TAKEN_MOST];
    int wanted = threads < TAKEN_MOST ? threads : TAKEN_MOST, n = 0;
    if (!take_buffer) wanted = 0;
    for (; n < wanted && (n < taken || has_room(1)); n++)
        held[n] = take_buffer(0);
    for (int i = n; i-- > 0;) give_buffer(held[i]);
    if (n > taken) taken = n;
    if (n < wanted || !has_room(threads - n))
        return refuse(where, threads, fail);
    reserved = threads;
    return SNN_OK;
}

snn_status snn_blas_load(const char *where, snn_fail *fail)
{
    int threads = snn_par_threads();
    if (threads <= reserved) return SNN_OK;
    if (!is_loaded) {
        if (!has_room(1)) return refuse(where, threads, fail);
        snn_status status = load(where, fail);
        if (status) return status;
    }
    return reserve(where, threads, fail);
}

const snn_blas *snn_blas_get(void) { return &blas; }

const char *snn_blas_kernel(bool loads)
{
    snn_fail fail;
    if (!is_loaded && loads && has_room(1)) load("blas", &fail);
    return is_loaded ? kernel : NULL;
}
