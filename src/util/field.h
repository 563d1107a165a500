/* Descriptors of arguments: one table per model is the single truth of its
   arguments. The constructor reads them into a struct by it, errors, tostring,
   help and the reference page are made from it. */
#ifndef SNN_UTIL_FIELD_H
#define SNN_UTIL_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "util/fail.h"

typedef enum snn_field_type {
    SNN_REAL,   /* double */
    SNN_REALS,  /* snn_reals: a number or a list of them */
    SNN_COUNT,  /* int64_t */
    SNN_FLAG,   /* bool */
    SNN_CHOICE, /* int: index into `choices` */
    SNN_SIZES,  /* snn_shape (tensor/tensor.h): an integer or a list */
    SNN_DTYPE,  /* snn_dtype: "float32" or "float64" */
    SNN_OTHER   /* not read here: the binding takes it from the table */
} snn_field_type;

typedef enum snn_range {
    SNN_ANY,          /* finite */
    SNN_POSITIVE,     /* > 0 */
    SNN_NOT_NEGATIVE, /* >= 0 */
    SNN_NOT_ZERO,
    SNN_FRACTION,     /* > 0, at most 1 */
    SNN_OR_HUGE       /* finite, or infinity (not minus infinity) */
} snn_range;

bool snn_in_range(double v, snn_range range);
/* "greater than 0", ... */
const char *snn_range_text(snn_range range);

enum { SNN_MOST_REALS = 32 };
typedef struct snn_reals {
    int count;
    double value[SNN_MOST_REALS];
} snn_reals;

typedef struct snn_field {
    const char *name; /* NULL ends a table */
    snn_field_type type;
    size_t offset;    /* in the struct of arguments */
    const char *unit; /* "ms", "mV", ...; NULL: none */
    const char *doc;
    const char *example; /* a legal value, a Lua expression in which snn is the
                            library: what specs and documents take */
    const char *other;   /* another one, legal beside the examples of others */
    bool optional;
    bool or_false;    /* of a number: false is as if it were absent */
    double otherwise; /* the default of an optional number, flag or choice */
    snn_range range;
    bool each; /* each number may be a tensor of the model's shape, which is the
                  first argument (tensor/each.h) */
    const char *below;   /* must be less than the argument of this name */
    const char *at_most; /* must not be greater than it */
    const char *choices; /* "previous nearest", by spaces; in any case */
    snn_status wrong_choice; /* kind of the error; SNN_OK: ValueError */
    bool fixed;         /* sizes and types: cannot be assigned once it is made */
    const char *set_as; /* nor this, but the field of this name can */
    const char *either; /* a number that is given in place of that of this name:
                           exactly one is, the other one's value is NaN. One of the
                           two is not `optional`: the usual one */
} snn_field;

/* "src/neuron/lif.c:92": where a descriptor stands, for who asks for its source. */
#define SNN_HERE __FILE__ ":" SNN_HERE_TEXT(__LINE__)
#define SNN_HERE_TEXT(line) SNN_HERE_QUOTED(line)
#define SNN_HERE_QUOTED(line) #line

/* The field of that name, NULL when there is none. */
const snn_field *snn_field_find(const snn_field *fields, const char *name);

/* Whether it cannot be assigned. */
static inline bool snn_field_is_fixed(const snn_field *f)
{
    return f->fixed || f->set_as || f->type == SNN_SIZES ||
           f->type == SNN_DTYPE;
}

/* Whether it is a number in whose place the other one is given. */
bool snn_field_is_replaced(const snn_field *f, const void *args);

/* The struct member of a field. */
#define SNN_AT(type, member) .offset = offsetof(type, member)

#endif
