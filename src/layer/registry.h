/* The registry of a layer: its connections and its groups of neurons under
   their names, in the order of registration, and its cells. It is the only one
   there is. Members are borrowed: their owner keeps them alive while they are
   registered. A change fails whole, or not at all. */
#ifndef SNN_LAYER_REGISTRY_H
#define SNN_LAYER_REGISTRY_H

#include <stdint.h>

#include "connection/connection.h"
#include "layer/time.h"
#include "neuron/neuron.h"
#include "util/warn.h"

typedef enum snn_part_kind {
    SNN_CONNECTIONS,
    SNN_NEURONS,
    SNN_PART_KINDS
} snn_part_kind;

/* A member under its name. It lives on while a step holds it. */
typedef struct snn_part {
    void *self;  /* an snn_connection or an snn_neuron, borrowed */
    void *owner; /* whoever keeps that alive; the engine does not look at it */
    int number;  /* place in the registration order, from 0; -1: taken out */
    int holds;
    int64_t last; /* the number of the last step that ran it, from 1; 0: none */
    const void *fed;  /* of a connection: the block of its last input */
    const void *gave; /* of neurons: that of their spikes before the last step; both
                         are compared, never read */
    const char *alias; /* the owner's own copy of the name, which is found by its
                          address alone; NULL: none */
    struct snn_cell *cells; /* of a connection: its cells, by next_of */
    struct snn_part *source, *target; /* of one that the layer feeds (connect.h): the
                                         neurons whose spikes it takes, and those
                                         that its currents are for; else NULL */
    int64_t from;  /* the first neuron of the source that it takes, from 0 */
    bool is_idle;  /* of neurons of a layer that feeds some: its last step did not
                      run them */
    char name[];
} snn_part;

typedef struct snn_parts {
    snn_part **part; /* (count) in the order of registration */
    int count, room;
    int32_t *slot;   /* (slots) hash of names: number + 1; 0: free */
    int slots;       /* a power of 2, more than count */
} snn_parts;

typedef struct snn_layer {
    snn_parts parts[SNN_PART_KINDS];
    struct snn_cell *first, *last; /* cells in the order of creation */
    int cells;
    uint64_t version;    /* changes of the registry */
    int ran[SNN_PART_KINDS]; /* members that the last step ran */
    uint64_t followed;   /* the version at which a wiring was followed last */
    const void *followed_by; /* which function, compared only; NULL: none was */
    int followed_of;         /* with so many connections, or fewer */
    int64_t steps;       /* that were made */
    int connected;       /* connections with a source */
    snn_told told;       /* kinds of warnings, see step.c */
    snn_time time;       /* that they took */
    uint64_t same_clock; /* snn_clock_changes when all step times were the
                            same */
} snn_layer;

snn_status snn_layer_new(snn_fail *fail, snn_layer **out);
/* Cells live on without it. NULL is fine. */
void snn_layer_free(snn_layer *layer);

/* "connection", "neuron" */
const char *snn_part_word(snn_part_kind kind);

/* The member of that name, or NULL. */
snn_part *snn_layer_find(const snn_layer *layer, snn_part_kind kind,
                         const char *name);
/* Fills `fail` with the error of a name that is not registered: what is, and
   what may have been meant. Returns `status`. */
snn_status snn_layer_unknown(const snn_layer *layer, snn_part_kind kind,
                             const char *name, const char *where,
                             snn_status status, snn_fail *fail);

/* Registers a connection or a neuron; RuntimeError for a name that is taken. */
snn_status snn_layer_add(snn_layer *layer, snn_part_kind kind,
                         const char *name, void *self, void *owner,
                         const char *where, snn_fail *fail);
/* Takes a member out, and its cells, which are dead from now on. */
void snn_layer_remove(snn_layer *layer, snn_part_kind kind, snn_part *part);

/* The layer feeds the connection no more (layer/connect.h); nothing where it has
   not. */
void snn_layer_disconnect(snn_layer *layer, snn_part *connection);

/* A member that a step runs stays readable until it is let go. */
static inline snn_part *snn_part_hold(snn_part *part)
{
    part->holds++;
    return part;
}
void snn_part_let_go(snn_part *part);

#endif
