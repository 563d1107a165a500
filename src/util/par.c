/* A pool of detached workers that share one loop at a time. The caller writes
   the loop down, opens it and counts the generation up; then it closes the loop
   and waits until every worker inside has left. Each has a range of the parts of
   its own, the same one in each loop of that many parts, so that what it worked
   on in one loop is in its processor's cache in the next; who is done takes what
   is left of the others'. A worker counts itself in before it looks
   whether the loop is open, so that either it sees the loop closed or the
   caller sees the worker. Workers spin for a bounded while on the generation,
   then sleep on a condition. The pool is never torn down: at exit the workers
   are asleep or spinning on memory that stays mapped.

   Short loops are shared where that is measured to pay (util/tune.h). Only the
   time depends on that: the results are the same. */
#include "util/par.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "util/interrupt.h"
#include "util/tune.h"

enum {
    SPINS = 4000,       /* some 10 to 60 us: a sleep and a wake-up cost as much */
    LEAST_COST = 16000, /* ns: below it fetching what another processor wrote
                           costs more than sharing saves */
    LEAST_SPAN = 8000,  /* ns: the same where each keeps to its own; below it
                           no more was won than lost (400 neurons by 20) */
    MOST_TUNED = 1000000 /* ns: above it loops are shared unmeasured */
};

static struct {
    pthread_mutex_t lock;    /* for sleep only */
    pthread_cond_t wake;
    atomic_uint generation;
    atomic_int sleepers;
    atomic_int inside;       /* workers that look at the loop or hold it */
    atomic_bool open;
    int members;             /* the caller, 0, and workers 1 .. members - 1 */
    snn_par_fn *fn;
    void *context;
    bool stops;              /* at an interrupt */
    int workers;             /* started so far */
    int threads;             /* 0: not asked yet */
} pool = { .lock = PTHREAD_MUTEX_INITIALIZER,
           .wake = PTHREAD_COND_INITIALIZER };

/* The parts of one member; a line of the cache each. */
typedef struct range {
    _Alignas(64) atomic_llong next;
    int64_t end;
} range;

static range ranges[SNN_PAR_MOST];
static _Thread_local bool in_part;

static void relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static bool is_stopped(bool stops) { return stops && snn_interrupt_wanted(); }

/* Parts of the open loop: first one's own. */
static void take_parts(int self)
{
    snn_par_fn *fn = pool.fn;
    void *context = pool.context;
    int members = pool.members;
    in_part = true;
    for (int k = 0; k < members; k++) {
        range *r = &ranges[(self + k) % members];
        while (!is_stopped(pool.stops)) {
            long long i = atomic_fetch_add(&r->next, 1);
            if (i >= r->end) break;
            fn(context, i);
        }
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

static void *work(void *number)
{
    int self = (int)(intptr_t)number;
    unsigned seen = 0;
    for (;;) {
        wait_for_loop(seen);
        seen = atomic_load(&pool.generation);
        atomic_fetch_add(&pool.inside, 1);
        if (atomic_load(&pool.open) && self < pool.members) take_parts(self);
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
        void *number = (void *)(intptr_t)(pool.workers + 1);
        if (pthread_create(&thread, NULL, work, number) != 0) break;
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
    snn_tune_forget();
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
    pool.stops = stops;
    pool.members = helpers + 1;
    for (int k = 0; k <= helpers; k++) {
        atomic_store(&ranges[k].next, parts * k / pool.members);
        ranges[k].end = parts * (k + 1) / pool.members;
    }
    atomic_store(&pool.open, true);
    call_workers();
    take_parts(0);
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

static void run_measured(int64_t parts, double cost, snn_par_fn *fn,
                         void *context, bool stops)
{
    bool shares;
    snn_tune_site *site = snn_tune_begin(fn, cost, &shares);
    double start = snn_tune_now();
    (shares ? run_shared : run_alone)(parts, fn, context, stops);
    snn_tune_end(site, cost, shares, snn_tune_now() - start);
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

/* A span has as many parts as members: each takes its own, and one who is done
   that of a member that has not come yet. */
typedef struct span {
    snn_par_range_fn *fn;
    void *context;
    int64_t count, align, blocks, parts;
} span;

static int64_t span_end(const span *s, int64_t part)
{
    int64_t end = s->blocks * part / s->parts * s->align;
    return end < s->count ? end : s->count;
}

static void span_part(void *context, int64_t part)
{
    const span *s = context;
    s->fn(s->context, span_end(s, part), span_end(s, part + 1));
}

void snn_par_span(int64_t count, int64_t align, double cost,
                  snn_par_range_fn *fn, void *context)
{
    span s = { fn, context, count, align, (count + align - 1) / align,
               snn_par_threads() };
    if (s.parts > s.blocks) s.parts = s.blocks;
    bool alone = s.parts <= 1 || cost < LEAST_SPAN || in_part;
    if (alone || (cost < MOST_TUNED && !snn_tune_shares(cost)))
        fn(context, 0, count);
    else
        run_shared(s.parts, span_part, &s, false);
}
