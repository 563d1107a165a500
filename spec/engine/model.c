#include "model.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tensor/tensor.h"

static void set(const snn_field *field, char *args, double value,
                const int64_t *size)
{
    void *at = args + field->offset;
    int ndim = 0;
    switch (field->type) {
    case SNN_REAL: *(double *)at = value; break;
    case SNN_COUNT: *(int64_t *)at = (int64_t)value; break;
    case SNN_FLAG: *(bool *)at = value != 0; break;
    case SNN_CHOICE: *(int *)at = (int)value; break;
    case SNN_DTYPE: *(snn_dtype *)at = (snn_dtype)(int)value; break;
    case SNN_SIZES:
        while (ndim < 4 && size[ndim]) ndim++;
        *(snn_shape *)at = snn_shape_of(ndim, size);
        break;
    default: break; /* the binding's own */
    }
}

static const snn_field *find(const snn_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0) return fields;
    fprintf(stderr, "no argument '%s'\n", name);
    exit(2);
}

void *make_args(const snn_field *fields, size_t bytes, const given *list)
{
    static const int64_t none[4];
    char *args = calloc(1, bytes);
    if (!args) exit(2);
    for (const snn_field *f = fields; f->name; f++)
        if (f->type == SNN_DTYPE)
            set(f, args, SNN_FLOAT32, none);
        else if (f->optional && f->type != SNN_SIZES)
            set(f, args, f->otherwise, none);
    for (; list->name; list++)
        set(find(fields, list->name), args, list->value, list->size);
    return args;
}
