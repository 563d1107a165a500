/* The Lua sources inside the program (made by src/embed.lua). */
#ifndef SNN_BIND_LUA_EMBEDDED_H
#define SNN_BIND_LUA_EMBEDDED_H

#include <lua.h>
#include <stddef.h>

typedef struct snn_chunk_form {
    const char *data;
    size_t size;
} snn_chunk_form;

typedef struct snn_chunk {
    const char *name;    /* "snn.class"; NULL ends the list */
    snn_chunk_form code; /* compiled: for a Lua that is built alike; of
                            annotations nothing */
    snn_chunk_form text;
} snn_chunk;

extern const snn_chunk snn_chunks[];

/* Pushes the chunk of that name as a function and returns LUA_OK, or a message
   and another status. Its code, or its text where this Lua cannot read that. */
int snn_push_chunk(lua_State *L, const char *name);

#endif
