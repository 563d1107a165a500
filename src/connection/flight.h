/* Spikes on their way to targets that each have a delay: a calendar, in which a spike
   stands at the step in which it next arrives somewhere, with the place in its row of
   those targets. A step looks at what arrives in it, and puts that where it goes on.

   Elements of a row stand in the order of their ages, the steps that they take
   (delay_order.h). */
#ifndef SNN_CONNECTION_FLIGHT_H
#define SNN_CONNECTION_FLIGHT_H

#include "connection/delay_order.h"
#include "kernel/deliver.h"
#include "tensor/spikes.h"

/* A spike: the input as sample * stride + row, its next targets, and the step in
   which it was sent, by a count of steps. */
typedef struct snn_flyer {
    int32_t at, cursor;
    uint32_t sent;
} snn_flyer;

typedef struct snn_flyers snn_flyers; /* some of one step */

/* All zero: nobody flies. */
typedef struct snn_flight {
    int64_t batch, inputs, stride; /* stride: a multiple of 64, at least the inputs */
    uint32_t now;
    int64_t days;       /* steps that the calendar has, a power of two */
    snn_flyers **day;   /* (days) those that arrive then, step modulo days */
    snn_flyers *spare;
    int64_t spares;
    void **block;       /* memory of all */
    int64_t blocks, block_room;
    uint64_t *bits;     /* (B * stride / 64), all 0, to put inputs in order */
    int32_t *slot;      /* (B * stride), to work with */
    /* what arrives, and to work with: */
    int64_t room;
    snn_flyer *due;     /* (room) */
    int32_t *next;      /* (room) */
    int32_t *turn;      /* (room) */
    int32_t *index, *from, *to; /* (room) as of snn_arriving */
    int32_t *offset;    /* (B + 1) */
} snn_flight;

void snn_flight_clear(snn_flight *flight);
/* Nobody flies; ready for spikes of so many inputs, and ages below `steps`. */
snn_status snn_flight_begin(snn_flight *flight, int64_t batch, int64_t inputs,
                            int64_t steps, snn_fail *fail);
/* The spikes of `age` steps ago set out, as far as they have not arrived before now. */
snn_status snn_flight_send(snn_flight *flight, const snn_param *delay,
                           const snn_row_ages *ages, const snn_events *spikes,
                           int64_t age, snn_fail *fail);
/* What arrives now, in the order of samples, rows, ages; that is on its way to the
   next targets then. On failure it has to begin again. */
snn_status snn_flight_land(snn_flight *flight, const snn_param *delay,
                           const snn_row_ages *ages, snn_fail *fail,
                           snn_arriving *out);

#endif
