/* Spike trains in blocks of 64 inputs, as bits: for a window of steps a block
   notes its spikes as a matrix, a row of 64 lanes for each step. */
#ifndef SNN_ENCODE_TRAINS_H
#define SNN_ENCODE_TRAINS_H

#include "encode/encoder.h"
#include "encode/renewal_law.h"
#include "tensor/storage.h"

enum {
    SNN_TRAIN_WINDOW = 256, /* steps */
    SNN_TRAIN_DRAW = 4      /* intervals of one draw of random words */
};

/* Where the lanes of a block are in a step's tensor: apart from the rest, as
   it is all that a step looks at. */
typedef struct snn_train_places {
    int64_t first;
    uint64_t starts; /* lanes that begin another sample */
    int64_t sample, last; /* of lane 0, of the last lane */
    uint16_t behind[SNN_ENCODER_LANES + 1]; /* the first; of no lane: 0 */
} snn_train_places;

/* Invariant: a lane's draws were made up to that of `index`, the next one (see
   snn_renewal_law.intervals); `time` is the sum of all their intervals, in
   steps, and `step` the steps of the last draw's four spikes, the last of them
   not before the window's end. Lanes that are not in use are 0. */
typedef struct snn_train_block {
    int lanes; /* in use */
    uint64_t index[SNN_ENCODER_LANES];
    double scale[SNN_ENCODER_LANES];
    double time[SNN_ENCODER_LANES];
    double step[SNN_TRAIN_DRAW][SNN_ENCODER_LANES]; /* whole numbers */
} snn_train_block;

typedef struct snn_trains {
    const snn_renewal_law *law;
    const void *args; /* of the model */
    snn_rng_key key;
    int64_t steps; /* of the train */
    int64_t end;              /* of the window; 0: none is filled */
    int64_t count;            /* of blocks */
    snn_train_block *blocks;  /* (count) */
    snn_train_places *places; /* (count) */
    uint64_t *fired;          /* (WINDOW, count): bit i: lane i of the block
                                 spikes */
} snn_trains;

/* The window behind `end`. */
void snn_trains_fill(snn_trains *trains);

/* How many spikes a step has, whose words are these. */
int64_t snn_trains_count(const snn_trains *trains, const uint64_t *fired);
/* Lists them, as many as events->count, in the order of the places, and writes
   the step's bytes; a sample is a row. SNN_SPIKES_SLACK places behind the last
   event may be written. */
void snn_trains_list(const snn_trains *trains, const uint64_t *fired,
                     snn_events *events, uint8_t *bytes);

#endif
