/* Arguments of models by name, as a script gives them: a model's struct is its
   own file's, its descriptor tells where what is. */
#ifndef SPEC_ENGINE_MODEL_H
#define SPEC_ENGINE_MODEL_H

#include <stddef.h>
#include <stdint.h>

#include "util/field.h"

/* One argument: a number, or the sizes of a shape, up to the first 0. */
typedef struct given {
    const char *name; /* NULL: the last one */
    double value;
    int64_t size[4];
} given;

/* A new struct of arguments by these fields: defaults, then what is given. To
   be freed with free(); ends the program when a name is unknown. */
void *make_args(const snn_field *fields, size_t bytes, const given *list);

#endif
