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
    snn_accumulator_settings how;
    snn_terms terms[SNN_SIDES];
    bool is_updating;        /* an update of its parameter runs, */
    bool has_retired;        /* and its plan may point into terms that were */
    snn_terms retired[SNN_SIDES]; /* cleared since: here until it ends */
    int calls;               /* of trainers since the last update or clear */
    snn_told told;           /* warnings */
    snn_accumulator_snapshot *snapshot; /* the newest, or NULL; borrowed */
};

#endif
