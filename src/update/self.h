/* An accumulator from inside, for this folder alone. */
#ifndef SNN_UPDATE_SELF_H
#define SNN_UPDATE_SELF_H

#include "update/accumulator.h"
#include "util/warn.h"

enum { SNN_SIDES = 2 };

struct snn_accumulator {
    snn_layout layout;  /* of the terms, once it is known */
    bool is_free;       /* the layout is that of the first term */
    bool has_layout;
    snn_terms_reduction reduction;
    snn_terms terms[SNN_SIDES];
    snn_bound bound[SNN_SIDES];
    bool is_call[SNN_SIDES]; /* the bound is a function of the caller's */
    bool is_full;            /* the bounds came as one full bound */
    bool is_full_call;       /* that is a function of the caller's */
    bool is_updating;        /* an update of its parameter runs */
    int calls;               /* of trainers since the last update or clear */
    snn_told told;           /* warnings */
    snn_accumulator_snapshot *snapshot; /* the newest, or NULL; borrowed */
};

#endif
