/* Whether sharing a loop among threads pays, measured: it depends on what else
   the machine does, since a worker that has a part and loses its processor holds
   all up. Main thread only. */
#ifndef SNN_UTIL_TUNE_H
#define SNN_UTIL_TUNE_H

#include <stdbool.h>
#include <stdint.h>

/* A kind of loop: what it runs and how much, to a power of two. */
typedef struct snn_tune_site snn_tune_site;

/* The site of a loop of that estimated cost (ns), and whether to share it. */
typedef void snn_tune_fn(void *context, int64_t part); /* a loop of util/par.h */
snn_tune_site *snn_tune_begin(snn_tune_fn *fn, double cost, bool *shares);
/* It has taken `ns`. */
void snn_tune_end(snn_tune_site *site, double cost, bool shares, double ns);

/* Whether to share the next loop of ranges (snn_par_span), of that estimated
   cost. They are judged together: what one of them leaves in the caches of two
   processors is what the others, and all else, work with. */
bool snn_tune_shares(double cost);

double snn_tune_now(void); /* ns */

/* Forgets all, as the number of threads changes. */
void snn_tune_forget(void);

#endif
