/* A pool of blocks by size class: what a step gives back the next step takes,
   so that a steady simulation asks the system for nothing. Main thread only. */
#ifndef SNN_UTIL_POOL_H
#define SNN_UTIL_POOL_H

#include <stddef.h>

/* At least `bytes`, aligned to 64, undefined; NULL when memory is short. */
void *snn_pool_take(size_t bytes);
void snn_pool_give(void *block); /* NULL is fine */

/* Gives idle blocks back to the system. */
void snn_pool_trim(void);
/* Bytes of blocks in use, and of those that wait for their next use. */
size_t snn_pool_live(void);
size_t snn_pool_idle(void);
/* Bytes of all blocks that were ever taken: what has come in between is the
   difference. */
size_t snn_pool_taken(void);

#endif
