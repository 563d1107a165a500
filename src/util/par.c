/* A pool of detached workers that share one loop at a time. A loop is
   published under the lock with a new generation number; workers and caller
   take parts from an atomic counter; the caller waits until every worker that
   joined has left. Workers spin for a bounded while on the generation, then
   sleep on a condition. The pool is never torn down: at exit the workers are
   asleep or spinning on memory that stays mapped. */
#include "util/par.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "util/interrupt.h"

enum {
    SPINS = 4000,     /* about 10 us: shorter than a sleep and a wake-up */
    LEAST_COST = 8000 /* ns: below it waking a worker costs more than it saves */
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t wake;
    atomic_uint generation;
    atomic_int inside;       /* workers that hold the current loop */
    atomic_llong next;       /* part to take */
    int64_t parts;
    snn_par_fn *fn;
    void *context;
    bool stops;              /* at an interrupt */
    int open;                /* workers that may still join this loop */
    int workers;             /* started so far */
    int threads;             /* 0: not asked yet */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
           .wake = PTHREAD_COND_INITIALIZER };

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
    while (atomic_load(&pool.generation) == seen)
        pthread_cond_wait(&pool.wake, &pool.lock);
    pthread_mutex_unlock(&pool.lock);
}

static void *work(void *unused)
{
    (void)unused;
    unsigned seen = 0;
    for (;;) {
        wait_for_loop(seen);
        pthread_mutex_lock(&pool.lock);
        seen = atomic_load(&pool.generation);
        bool join = pool.open > 0;
        snn_par_fn *fn = pool.fn;
        void *context = pool.context;
        int64_t parts = pool.parts;
        bool stops = pool.stops;
        if (join) {
            pool.open--;
            atomic_fetch_add(&pool.inside, 1);
        }
        pthread_mutex_unlock(&pool.lock);
        if (!join) continue;
        take_parts(fn, context, parts, stops);
        atomic_fetch_sub(&pool.inside, 1);
    }
    return NULL;
}

/* A fork has only the calling thread: the child starts anew. */
static void forget_workers(void)
{
    pthread_mutex_init(&pool.lock, NULL);
    pthread_cond_init(&pool.wake, NULL);
    atomic_store(&pool.inside, 0);
    pool.open = 0;
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
    pool.threads = n < 1 ? 1 : n > SNN_PAR_MOST ? SNN_PAR_MOST : n;
}

static void run_shared(int64_t parts, snn_par_fn *fn, void *context,
                       bool stops)
{
    int helpers = pool.threads - 1;
    if (helpers > parts - 1) helpers = (int)(parts - 1);
    start_workers(helpers);
    pthread_mutex_lock(&pool.lock);
    pool.fn = fn;
    pool.context = context;
    pool.parts = parts;
    pool.stops = stops;
    pool.open = helpers < pool.workers ? helpers : pool.workers;
    atomic_store(&pool.next, 0);
    atomic_fetch_add(&pool.generation, 1);
    pthread_cond_broadcast(&pool.wake);
    pthread_mutex_unlock(&pool.lock);

    take_parts(fn, context, parts, stops);

    pthread_mutex_lock(&pool.lock);
    pool.open = 0; /* who has not joined by now stays out */
    pthread_mutex_unlock(&pool.lock);
    for (int i = 0; atomic_load(&pool.inside) > 0; i++) {
        if (i < SPINS) relax();
        else sched_yield();
    }
}

static void run(int64_t parts, double cost, snn_par_fn *fn, void *context,
                bool stops)
{
    if (parts <= 1 || cost < LEAST_COST || in_part || snn_par_threads() == 1)
        for (int64_t i = 0; i < parts && !is_stopped(stops); i++)
            fn(context, i);
    else
        run_shared(parts, fn, context, stops);
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
