/* A bound of the engine's memory for a while: what a file asks for is not worth
   more than the file. */
#ifndef SNN_UTIL_CEILING_H
#define SNN_UTIL_CEILING_H

#include <stddef.h>

/* Blocks are refused that would take the engine above so many bytes, 0: none;
   returns the bound before. */
size_t snn_mem_ceiling(size_t bytes);

#endif
