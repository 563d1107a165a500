/* What the yardsticks of the quickstart's training share: its numbers, the
   command line, the pictures, their spike trains and the run.

     PROGRAM [--side 10] [--batch 20] [--samples 1000] [--seed 1] [--data DIR]

   DIR has MNIST's images (idx, .gz or not). Without them pictures are made up:
   a blurred stroke or two each, of MNIST's mean intensity (0.13). A line of
   JSON is printed. */
#ifndef BENCH_QUICKSTART_H
#define BENCH_QUICKSTART_H

#include <stddef.h>
#include <stdint.h>

enum { PIXELS = 784, STEPS = 250, LANES = 16 };

/* of the example: ms, mV, nA */
static const float E_REST = -65, E_RESET = -60, E_THRESH = -52, E_HOLD = 5;
static const float I_REST = -60, I_RESET = -45, I_THRESH = -40, I_HOLD = 2;
static const float E_TC = 100, I_TC = 75, TRACE_TC = 30;
static const float ADAPT_TC = 1e7f, INCREMENT = 0.05f;
static const float IN_GAIN = 100, TRIG = 75 * 22.5f, LATERAL = -100 * 180.0f;
static const float LR_POST = 5e-4f, LR_PRE = 5e-6f; /* mean over samples */
static const float SUM = 78.4f; /* of a neuron's weights */

typedef struct option {
    int side, batch, samples, seed;
    const char *data;
} option;

/* The spikes of a batch of pictures: of sample b at step t they are
   event[first[b]] .. event[first[b + 1] - 1] of what is told below. */
typedef struct trains {
    int batch;
    uint16_t *pixel, *pixels; /* (batch, PIXELS), (batch): those that are on */
    uint16_t *event;          /* (STEPS, batch * PIXELS) */
    int32_t *first;           /* (STEPS, batch + 1) in event */
    uint64_t seed[4];
} trains;

typedef struct result {
    int64_t spikes;
    double weight_sum;
} result;

/* One program: `make` gives its state, which `present` changes by a batch. */
typedef struct yardstick {
    const char *name;
    void *(*make)(const option *o);
    void (*present)(void *state, const uint8_t *images);
    result (*look)(const void *state);
} yardstick;

/* Zeroed, aligned to 64 bytes; ends the program when there is none. */
void *room(size_t count, size_t each);
void trains_init(trains *t, const option *o);
void encode(trains *t, const uint8_t *images);
float uniform(uint64_t seed[4]);

static inline const uint16_t *events_of(const trains *t, int step)
{
    return t->event + (size_t)step * (size_t)t->batch * PIXELS;
}

static inline const int32_t *first_of(const trains *t, int step)
{
    return t->first + step * (t->batch + 1);
}

/* main. */
int run(int argc, char **argv, const yardstick *y);

#endif
