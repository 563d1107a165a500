/* The ranges of arguments: what is in them, and how errors call them. */
#include "util/field.h"

#include <math.h>
#include <string.h>

static const char *const range_text[] = {
    [SNN_ANY] = "finite",
    [SNN_POSITIVE] = "greater than 0",
    [SNN_NOT_NEGATIVE] = "at least 0",
    [SNN_NOT_ZERO] = "not 0",
    [SNN_FRACTION] = "greater than 0 and at most 1",
    [SNN_OR_HUGE] = "finite or math.huge",
};

const char *snn_range_text(snn_range range) { return range_text[range]; }

const snn_field *snn_field_find(const snn_field *fields, const char *name)
{
    for (; fields->name; fields++)
        if (strcmp(fields->name, name) == 0) return fields;
    return NULL;
}

bool snn_field_is_replaced(const snn_field *f, const void *args)
{
    const char *at = (const char *)args + f->offset;
    return f->either && isnan(*(const double *)(const void *)at);
}

bool snn_in_range(double v, snn_range range)
{
    if (!isfinite(v)) return range == SNN_OR_HUGE && v > 0;
    switch (range) {
    case SNN_POSITIVE: return v > 0;
    case SNN_NOT_NEGATIVE: return v >= 0;
    case SNN_NOT_ZERO: return v != 0;
    case SNN_FRACTION: return v > 0 && v <= 1;
    default: return true;
    }
}
