/* The Lua sources inside the program (made by src/embed.lua). */
#ifndef SNN_BIND_EMBEDDED_H
#define SNN_BIND_EMBEDDED_H

#include <stddef.h>

typedef struct snn_chunk {
    const char *name; /* "snn.class"; NULL ends the list */
    const char *text;
    size_t size;
} snn_chunk;

extern const snn_chunk snn_chunks[];

/* NULL when there is none of this name. */
const snn_chunk *snn_find_chunk(const char *name);

#endif
