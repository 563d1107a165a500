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

/* Cuts 0 .. count - 1 into one contiguous range for each thread, whose ends
   are multiples of `align`, and runs fn once for each: alone, that is once for
   all of it. The ranges are the same in each loop of that count and align. So
   what several loops in turn work on, element by element, stays in the cache
   of the processor that has its range. Results must not depend on where the
   ranges end. `cost` is as above.

   Let the ranges be contiguous in memory: of samples, not of columns. Where
   they meet, each processor's prefetching takes lines that the other one
   writes; measured, that costs 50 to 250 ns for each array and meeting, and
   columns of a batch meet once a sample. */
typedef void snn_par_range_fn(void *context, int64_t first, int64_t end);
void snn_par_span(int64_t count, int64_t align, double cost,
                  snn_par_range_fn *fn, void *context);

/* Threads that share the work, the caller included; at first the number of
   processors. `n` is clipped to 1 .. SNN_PAR_MOST. */
enum { SNN_PAR_MOST = 256 };
int snn_par_threads(void);
void snn_par_set_threads(int n);

#endif
