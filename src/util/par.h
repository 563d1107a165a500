/* Parallel loops on a small pool of our own threads. The work is cut into
   parts by the caller, by shape alone, so that results do not depend on the
   number of threads; any thread may run any part. Nothing inside a part may
   allocate, fail or call Lua. */
#ifndef SNN_UTIL_PAR_H
#define SNN_UTIL_PAR_H

#include <stdint.h>

typedef void snn_par_fn(void *context, int64_t part);

/* Runs fn(context, 0 .. parts - 1); `cost` is the estimated work of the whole
   loop in nanoseconds of one thread: small loops run on the calling thread.
   A loop inside a part runs on that part's thread. */
void snn_par_run(int64_t parts, double cost, snn_par_fn *fn, void *context);

/* The same, but once an interrupt is wanted (util/interrupt.h) no other part
   begins: for results that are thrown away when snn_interrupt_check says so
   afterwards. */
void snn_par_attempt(int64_t parts, double cost, snn_par_fn *fn,
                     void *context);

/* Threads that share the work, the caller included; at first the number of
   processors. `n` is clipped to 1 .. SNN_PAR_MOST. */
enum { SNN_PAR_MOST = 256 };
int snn_par_threads(void);
void snn_par_set_threads(int n);

#endif
