/* Random numbers from a generator of the script's, for what takes one. */
#ifndef SNN_BIND_MODELS_GENERATOR_H
#define SNN_BIND_MODELS_GENERATOR_H

#include "bind/object/object.h"
#include "util/rng.h"

extern const snn_class snn_generator_class;

/* TypeError unless the value at the index is a generator, or nil or snn.none,
   which are the library's own. */
void snn_arg_generator(lua_State *L, int index, const char *where,
                       const char *name);
/* From here on all is drawn from the value at the index, one that the check
   above lets pass, until snn_rng_use takes what this returns. Between the two
   no Lua runs and nothing is raised. */
snn_rng_key *snn_use_generator(lua_State *L, int index);

#endif
