/* Memory: every allocation of the engine goes through here, so that sizes are
   checked for overflow, live blocks are counted and a test can make the k-th
   allocation fail. Main thread only: kernels and parallel regions allocate
   nothing. */
#ifndef SNN_UTIL_MEM_H
#define SNN_UTIL_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* NULL when memory is short. Blocks are aligned to 64 bytes. */
void *snn_mem_alloc(size_t bytes);
void *snn_mem_zeroed(size_t bytes);
/* Gives the pages of bytes that are all 0 back to the system, until they are
   written: for large ones that are likely to be set as a whole later. */
void snn_mem_forget_zeros(void *zeros, size_t bytes);
void snn_mem_free(void *block); /* NULL is fine */

/* a * b in *out; false when the product does not fit. */
bool snn_mem_mul(size_t a, size_t b, size_t *out);
bool snn_mem_mul_i64(int64_t a, int64_t b, int64_t *out);

/* Blocks that are live now, and what they take. */
size_t snn_mem_live(void);
size_t snn_mem_bytes(void);

/* Lets the k-th allocation from now and the n - 1 that follow it fail (k = 0:
   none). */
void snn_mem_fail_at(size_t k, size_t n);
/* Allocations until then. */
size_t snn_mem_until_failure(void);
/* True when that has happened since. */
bool snn_mem_failed(void);
/* For allocators outside (Lua's): counts one, true when it must fail. */
bool snn_mem_refuse(void);

#endif
