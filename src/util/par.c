/* A pool of detached workers that share one loop at a time. The caller writes
   the loop down, opens it and counts the generation up; workers and caller take
   parts from an atomic counter; then the caller closes the loop and waits until
   every worker inside has left. A worker counts itself in before it looks
   whether the loop is open, so that either it sees the loop closed or the
   caller sees the worker. Workers spin for a bounded while on the generation,
   then sleep on a condition. The pool is never torn down: at exit the workers
   are asleep or spinning on memory that stays mapped.

   Whether sharing pays is measured, since it depends on what else the machine
   does: a worker that has a part and loses its processor holds all up. For each
   kind of loop the time of sharing and of doing without is kept, the better one
   is taken and the other one tried now and then. Only the time depends on that:
   the parts, and so the results, are the same. */
#include "util/par.h"

#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/interrupt.h"

enum {
    SPINS = 4000,      /* about 10 us: shorter than a sleep and a wake-up */
    LEAST_COST = 4000, /* ns: below it sharing costs more than it saves */
    MOST_TUNED = 1000000 /* ns: above it loops are always shared */
};

static struct {
    pthread_mutex_t lock;    /* for sleep only */
    pthread_cond_t wake;
    atomic_uint generation;
    atomic_int sleepers;
    atomic_int inside;       /* workers that look at the loop or hold it */
    atomic_bool open;
    atomic_int seats;        /* workers that may still join this loop */
    atomic_llong next;       /* part to take */
    int64_t parts;
    snn_par_fn *fn;
    void *context;
    bool stops;              /* at an interrupt */
    int workers;             /* started so far */
    int threads;             /* 0: not asked yet */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
           .wake = PTHREAD_COND_INITIALIZER };

/* A kind of loop: what it runs and how much, to a power of two. Times are in
   units of the loop's estimated cost, averages that forget. */
typedef struct site {
    snn_par_fn *fn;
    int size;
    unsigned calls;
    double alone, shared;
} site;

enum { SITES = 256, FIRST_TRIES = 8, OFTEN = 256, SELDOM = 2048 };
static const double WEIGHT = 0.125, MOST_RATIO = 32;

static site sites[SITES];
static _Thread_local bool in_part;

static void relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static bool is_stopped(bool stops) { return stops && snn_interrupt_wanted(); }

static void take_parts(snn_par_fn *fn, void *context, int64_t parts,
                       bool stops)
{
    in_part = true;
    while (!is_stopped(stops)) {
        long long i = atomic_fetch_add(&pool.next, 1);
        if (i >= parts) break;
        fn(context, i);
    }
    in_part = false;
}

static void wait_for_loop(unsigned seen)
{
    for (int i = 0; i < SPINS; i++) {
        if (atomic_load(&pool.generation) != seen) return;
        relax();
    }
    pthread_mutex_lock(&pool.lock);
    atomic_fetch_add(&pool.sleepers, 1);
    while (atomic_load(&pool.generation) == seen)
        pthread_cond_wait(&pool.wake, &pool.lock);
    atomic_fetch_sub(&pool.sleepers, 1);
    pthread_mutex_unlock(&pool.lock);
}

static void *work(void *unused)
{
    (void)unused;
    unsigned seen = 0;
    for (;;) {
        wait_for_loop(seen);
        seen = atomic_load(&pool.generation);
        atomic_fetch_add(&pool.inside, 1);
        if (atomic_load(&pool.open) && atomic_fetch_sub(&pool.seats, 1) > 0)
            take_parts(pool.fn, pool.context, pool.parts, pool.stops);
        atomic_fetch_sub(&pool.inside, 1);
    }
    return NULL;
}

/* A fork has only the calling thread: the child starts anew. */
static void forget_workers(void)
{
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.wake, NULL);
    atomic_store(&pool.sleepers, 0);
    atomic_store(&pool.inside, 0);
    atomic_store(&pool.open, false);
    pool.workers = 0;
}

static void start_workers(int wanted)
{
    static bool told;
    if (!told) told = pthread_atfork(NULL, NULL, forget_workers) == 0;
    sigset_t all, old;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old); /* signals are the caller's */
    while (pool.workers < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, NULL) != 0) break;
        pthread_detach(thread);
        pool.workers++; /* fewer workers: slower, the same results */
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
}

int snn_par_threads(void)
{
    if (pool.threads == 0) {
        long n = sysconf(_SC_NPROCESSORS_ONLN);
        snn_par_set_threads(n < 1 ? 1 : n > SNN_PAR_MOST ? SNN_PAR_MOST : (int)n);
    }
    return pool.threads;
}

void snn_par_set_threads(int n)
{
    memset(sites, 0, sizeof sites);
    pool.threads = n < 1 ? 1 : n > SNN_PAR_MOST ? SNN_PAR_MOST : n;
}

/* The next generation: workers that spin see it, the others are woken. */
static void call_workers(void)
{
    atomic_fetch_add(&pool.generation, 1);
    if (atomic_load(&pool.sleepers) == 0) return;
    pthread_mutex_lock(&pool.lock);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);
}

static void run_shared(int64_t parts, snn_par_fn *fn, void *context,
                       bool stops)
{
    int helpers = pool.threads - 1;
    if (helpers > parts - 1) helpers = (int)(parts - 1);
    if (helpers > pool.workers) start_workers(helpers);
    pool.fn = fn;
    pool.context = context;
    pool.parts = parts;
    pool.stops = stops;
    atomic_store(&pool.seats, helpers);
    atomic_store(&pool.next, 0);
    atomic_store(&pool.open, true);
    call_workers();
    take_parts(fn, context, parts, stops);
    atomic_store(&pool.open, false); /* who has not joined stays out */
    for (int i = 0; atomic_load(&pool.inside) > 0; i++) {
        if (i < SPINS) relax();
        else sched_yield();
    }
}

static void run_alone(int64_t parts, snn_par_fn *fn, void *context,
                      bool stops)
{
    for (int64_t i = 0; i < parts && !is_stopped(stops); i++) fn(context, i);
}

/* ---- does sharing pay? ---- */

static site *site_of(snn_par_fn *fn, double cost)
{
    int size = ilogb(cost);
    size_t at = ((size_t)(uintptr_t)fn / 16 * 31 + (size_t)size) % SITES;
    site *s = &sites[at];
    if (s->fn != fn || s->size != size) *s = (site){ .fn = fn, .size = size };
    return s;
}

/* The better way, and now and then the other: seldom where it is far off. */
static bool chooses_sharing(site *s)
{
    unsigned n = s->calls++;
    if (n < FIRST_TRIES) return n % 2 == 0;
    bool shares = s->shared < s->alone;
    double ratio = shares ? s->alone / s->shared : s->shared / s->alone;
    return n % (ratio > 2 ? SELDOM : OFTEN) == 0 ? !shares : shares;
}

static double now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void learn(double *average, double ratio)
{
    if (*average == 0) *average = ratio;
    if (ratio > MOST_RATIO * *average) ratio = MOST_RATIO * *average;
    *average += WEIGHT * (ratio - *average);
}

static void run_measured(int64_t parts, double cost, snn_par_fn *fn,
                         void *context, bool stops)
{
    site *s = site_of(fn, cost);
    bool shares = chooses_sharing(s);
    double start = now_ns();
    (shares ? run_shared : run_alone)(parts, fn, context, stops);
    learn(shares ? &s->shared : &s->alone, (now_ns() - start) / cost);
}

static void run(int64_t parts, double cost, snn_par_fn *fn, void *context,
                bool stops)
{
    if (parts <= 1 || cost < LEAST_COST || in_part || snn_par_threads() == 1)
        run_alone(parts, fn, context, stops);
    else if (cost > MOST_TUNED)
        run_shared(parts, fn, context, stops);
    else
        run_measured(parts, cost, fn, context, stops);
}

void snn_par_run(int64_t parts, double cost, snn_par_fn *fn, void *context)
{
    run(parts, cost, fn, context, false);
}

void snn_par_attempt(int64_t parts, double cost, snn_par_fn *fn,
                     void *context)
{
    run(parts, cost, fn, context, true);
}
