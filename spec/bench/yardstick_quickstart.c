/* The yardstick of the quickstart's training: examples/quickstart.lua as one
   program that can do nothing else, on one thread, as fast as its author could
   make it. Prints one line of JSON; its spikes must be about as many as those
   of the example, not the same ones (other random numbers).

   What it does not do that a library does: no shape is checked, nothing may
   fail halfway, all sizes but three are constants, no state can be read between
   two steps, there is no other rule, model, type or thread. What it makes use of,
   knowing the numbers of this model (each gives the same result but for
   rounding):

   - Traces are kept times exp(t / tc), so that they need no decay: 250 steps
     are 8 time constants. A spike adds to one place.
   - Negative changes only lower weights, and the clamp is from below: it may
     follow each change, so that they need no sum. They come after the positive
     ones, whose bound looks at the weight of before.
   - Blocks of 16 neurons that have not fired in a sample have no trace there
     and are left out.
   - A neuron does not fire in its second step of a time step, in which it only
     gets what holds it back.
   - An inhibitory neuron is looked at when its partner fires; in between it
     decays by a power.
   - Thresholds decay by the number of samples whose neuron is free, times the
     same 1e-7, in one go for both steps.
   - exp and log are approximations in vectors (-ffast-math).

   The weight is (pixel, neuron), rows padded to whole blocks of 16. */
#include <math.h>
#include <string.h>

#include "support/quickstart.h"

enum { MOST_TILE = 25 };

typedef float vec __attribute__((vector_size(LANES * sizeof(float))));
typedef int32_t bits __attribute__((vector_size(LANES * sizeof(int32_t))));

typedef struct spike {
    int32_t sample, neuron;
} spike;

typedef struct net {
    int neurons, blocks, padded, batch; /* blocks of 16; padded: neurons */
    float *weight;                      /* (PIXELS, padded) */
    float *thresh, *adapt, *freed, *fires; /* (padded) */
    float *v, *hold;                    /* (batch, padded) */
    float *post;                        /* (batch, padded) trace exp(t/tc) */
    float *inhibitory;                  /* (batch, padded) mV */
    int32_t *seen;                      /* (batch, padded) step of that */
    float *pre;                         /* (batch, PIXELS) trace exp(t/tc) */
    float *count;                       /* (batch, padded) spikes */
    int32_t *traced, *traces;           /* (batch, blocks), (batch): blocks */
    trains trains;
    spike *fired;                       /* of a step */
    int64_t total;                      /* spikes */
} net;

/* ---- currents and neurons ---- */

/* The sum of the rows of the events, `blocks` wide: stays in registers. */
static inline __attribute__((always_inline)) void
add_rows(const float *weight, size_t padded, const uint16_t *event, int events,
         float *out, const int blocks)
{
    vec sum[MOST_TILE];
    for (int k = 0; k < blocks; k++) sum[k] = (vec){ 0 };
    for (int e = 0; e < events; e++) {
        const vec *row = (const vec *)(weight + event[e] * padded);
#pragma GCC unroll 32
        for (int k = 0; k < blocks; k++) sum[k] += row[k];
    }
#pragma GCC unroll 32
    for (int k = 0; k < blocks; k++) ((vec *)out)[k] = sum[k];
}

static void currents(const net *a, const uint16_t *event, int events,
                     float *out)
{
    size_t padded = (size_t)a->padded;
    int k = 0;
    if (a->blocks == 7) { /* 100 neurons */
        add_rows(a->weight, padded, event, events, out, 7);
        k = 7;
    }
    for (; k + MOST_TILE <= a->blocks; k += MOST_TILE) /* 400, 1600 */
        add_rows(a->weight + k * LANES, padded, event, events,
                 out + k * LANES, MOST_TILE);
    for (; k < a->blocks; k++)
        add_rows(a->weight + k * LANES, padded, event, events,
                 out + k * LANES, 1);
}

/* The first step of the excitatory neurons of a sample, with the current of
   its input; returns whether any fired. */
static int step_input(net *a, int b, const float *restrict current,
                      int32_t *restrict fires)
{
    const float decay = expf(-1 / E_TC), gain = (1 - decay) * IN_GAIN;
    float *restrict v = a->v + (size_t)b * (size_t)a->padded;
    float *restrict hold = a->hold + (size_t)b * (size_t)a->padded;
    float *restrict freed = a->freed;
    const float *restrict thresh = a->thresh;
    int32_t any = 0;
    for (int i = 0; i < a->padded; i++) {
        float h = hold[i] > 1 ? hold[i] - 1 : 0;
        float x = E_REST + ((v[i] - E_REST) * decay + current[i] * gain);
        x = h > 0 ? v[i] : x;
        int32_t s = h > 0 ? 0 : x >= thresh[i];
        v[i] = s ? E_RESET : x;
        h = s ? E_HOLD : h;
        hold[i] = h;
        freed[i] += h > 0 ? 0.0f : 1.0f;
        fires[i] = s;
        any |= s;
    }
    return any;
}

/* The second step, with what holds it back; `current` NULL: nothing. */
static void step_inhibited(net *a, int b, const float *restrict current)
{
    const float decay = expf(-1 / E_TC), gain = 1 - decay;
    float *restrict v = a->v + (size_t)b * (size_t)a->padded;
    float *restrict hold = a->hold + (size_t)b * (size_t)a->padded;
    float *restrict freed = a->freed;
    for (int i = 0; i < a->padded; i++) {
        float h = hold[i] > 1 ? hold[i] - 1 : 0;
        float x = E_REST + (v[i] - E_REST) * decay;
        if (current) x += current[i] * gain;
        v[i] = h > 0 ? v[i] : x;
        hold[i] = h;
        freed[i] += h > 0 ? 0.0f : 1.0f;
    }
}

/* Whether the inhibitory partner of a neuron that fired fires too. */
static int step_partner(net *a, size_t at, int t)
{
    const float decay = expf(-1 / I_TC);
    int since = t - a->seen[at];
    float v = a->inhibitory[at];
    if (v > I_THRESH) { /* it has fired: held, then on its way from reset */
        if (since < I_HOLD) return 0;
        since -= (int)I_HOLD - 1;
        v = I_RESET;
    }
    v = I_REST + (v - I_REST) * powf(decay, (float)since) + TRIG * (1 - decay);
    a->inhibitory[at] = v;
    a->seen[at] = t;
    return v >= I_THRESH;
}

/* Lists who fired in a sample and makes what holds the others back. */
static int note_fired(net *a, int b, int t, const int32_t *fires, float *back,
                      int n)
{
    size_t row = (size_t)b * (size_t)a->padded;
    float grown = LR_PRE / (float)a->batch * expf((float)t / TRACE_TC);
    float all = 0;
    for (int i = 0; i < a->neurons; i++) {
        if (!fires[i]) continue;
        int32_t *traced = a->traced + b * a->blocks, block = i / LANES, k = 0;
        while (k < a->traces[b] && traced[k] != block) k++;
        if (k == a->traces[b]) traced[a->traces[b]++] = block;
        a->post[row + (size_t)i] += grown;
        a->count[row + (size_t)i] += 1;
        a->fires[i] += 1;
        a->fired[n++] = (spike){ b, i };
        if (step_partner(a, row + (size_t)i, t)) {
            all += LATERAL;
            back[i] -= LATERAL;
        }
    }
    for (int i = 0; i < a->padded; i++) back[i] += all;
    return n;
}

/* All samples; returns how many fired. */
static int step_neurons(net *a, int t)
{
    float current[MOST_TILE * 4 * LANES] __attribute__((aligned(64)));
    int32_t fires[MOST_TILE * 4 * LANES] __attribute__((aligned(64)));
    const uint16_t *event = events_of(&a->trains, t);
    const int32_t *first = first_of(&a->trains, t);
    int n = 0;
    for (int b = 0; b < a->batch; b++) {
        currents(a, event + first[b], first[b + 1] - first[b], current);
        if (!step_input(a, b, current, fires)) {
            step_inhibited(a, b, NULL);
            continue;
        }
        memset(current, 0, (size_t)a->padded * sizeof *current);
        n = note_fired(a, b, t, fires, current, n);
        step_inhibited(a, b, current);
    }
    return n;
}

static void adapt(net *a)
{
    const float loss = 1 / ADAPT_TC, share = 1 / (float)a->batch;
    for (int i = 0; i < a->neurons; i++) {
        a->adapt[i] += share * (INCREMENT * a->fires[i] -
                                loss * a->freed[i] * a->adapt[i]);
        a->thresh[i] = E_THRESH + a->adapt[i];
        a->freed[i] = a->fires[i] = 0;
    }
}

/* ---- learning ---- */

static void trace_inputs(net *a, int t)
{
    const uint16_t *event = events_of(&a->trains, t);
    const int32_t *first = first_of(&a->trains, t);
    float grown = LR_POST / (float)a->batch * expf((float)t / TRACE_TC);
    for (int b = 0; b < a->batch; b++) {
        float *pre = a->pre + (size_t)b * PIXELS;
        for (int e = first[b]; e < first[b + 1]; e++) pre[event[e]] += grown;
    }
}

/* A neuron that fired in one sample: the pixels that are on in that. */
static void raise_one(net *a, spike s, float now)
{
    const uint16_t *pixel = a->trains.pixel + (size_t)s.sample * PIXELS;
    const float *pre = a->pre + (size_t)s.sample * PIXELS;
    float *column = a->weight + s.neuron;
    for (int k = 0; k < a->trains.pixels[s.sample]; k++) {
        float *w = column + (size_t)pixel[k] * (size_t)a->padded;
        *w += (1 - *w) * (now * pre[pixel[k]]);
    }
}

/* One that fired in several: the bound sees the sum of the changes. */
static void raise_many(net *a, int first, int n, float now)
{
    float sum[PIXELS] = { 0 };
    int neuron = a->fired[first].neuron;
    for (int k = first; k < n; k++) {
        if (a->fired[k].neuron != neuron) continue;
        const float *pre = a->pre + (size_t)a->fired[k].sample * PIXELS;
        for (int i = 0; i < PIXELS; i++) sum[i] += pre[i];
        a->fired[k].sample = -1;
    }
    float *w = a->weight + neuron;
    for (int i = 0; i < PIXELS; i++, w += a->padded)
        if (sum[i] > 0) *w += (1 - *w) * (now * sum[i]);
}

static void raise_weights(net *a, int n, int t)
{
    float now = expf(-(float)t / TRACE_TC);
    for (int k = 0; k < n; k++) {
        if (a->fired[k].sample < 0) continue;
        int others = 0;
        for (int j = k + 1; j < n && !others; j++)
            others = a->fired[j].sample >= 0 &&
                     a->fired[j].neuron == a->fired[k].neuron;
        if (others)
            raise_many(a, k, n, now);
        else
            raise_one(a, a->fired[k], now);
    }
}

static void lower_weights(net *a, int t)
{
    const uint16_t *event = events_of(&a->trains, t);
    const int32_t *first = first_of(&a->trains, t);
    float now = expf(-(float)t / TRACE_TC);
    for (int b = 0; b < a->batch; b++) {
        const int32_t *traced = a->traced + b * a->blocks;
        for (int j = 0; j < a->traces[b]; j++) {
            size_t at = (size_t)traced[j] * LANES;
            const float *post = a->post + (size_t)b * (size_t)a->padded + at;
            vec trace = *(const vec *)post * now;
            for (int e = first[b]; e < first[b + 1]; e++) {
                vec *w = (vec *)(a->weight + event[e] * (size_t)a->padded + at);
                vec x = *w - trace;
                *w = (vec)((bits)x & (x > 0)); /* the clamp */
            }
        }
    }
}

static void normalize(net *a)
{
    vec *w = (vec *)a->weight;
    for (int k = 0; k < a->blocks; k++) {
        vec sum = { 0 };
        for (int r = 0; r < PIXELS; r++) sum += w[r * a->blocks + k];
        for (int i = 0; i < LANES; i++) sum[i] = sum[i] > 0 ? SUM / sum[i] : 0;
        for (int r = 0; r < PIXELS; r++) w[r * a->blocks + k] *= sum;
    }
}

/* ---- the run ---- */

static void present(void *state, const uint8_t *images)
{
    net *a = state;
    size_t cells = (size_t)a->batch * (size_t)a->padded;
    for (size_t i = 0; i < cells; i++) {
        a->v[i] = E_REST;
        a->inhibitory[i] = I_REST;
        a->hold[i] = a->post[i] = a->count[i] = 0;
        a->seen[i] = 0;
    }
    memset(a->pre, 0, (size_t)a->batch * PIXELS * sizeof *a->pre);
    memset(a->traces, 0, (size_t)a->batch * sizeof *a->traces);
    encode(&a->trains, images);
    for (int t = 0; t < STEPS; t++) {
        int n = step_neurons(a, t);
        adapt(a);
        trace_inputs(a, t);
        raise_weights(a, n, t);
        lower_weights(a, t);
        a->total += n;
    }
    normalize(a);
}

static void *make(const option *o)
{
    int n = o->side * o->side, B = o->batch;
    net *a = room(1, sizeof *a);
    *a = (net){ .neurons = n, .blocks = (n + LANES - 1) / LANES, .batch = B };
    a->padded = a->blocks * LANES;
    size_t P = (size_t)a->padded, cells = P * (size_t)B;
    size_t inputs = (size_t)B * PIXELS;
    a->weight = room(P * PIXELS, sizeof(float));
    a->thresh = room(P, sizeof(float));
    a->adapt = room(P, sizeof(float));
    a->freed = room(P, sizeof(float));
    a->fires = room(P, sizeof(float));
    a->v = room(cells, sizeof(float));
    a->hold = room(cells, sizeof(float));
    a->post = room(cells, sizeof(float));
    a->inhibitory = room(cells, sizeof(float));
    a->seen = room(cells, sizeof(int32_t));
    a->count = room(cells, sizeof(float));
    a->fired = room(cells, sizeof(spike));
    a->traced = room((size_t)B * (size_t)a->blocks, sizeof(int32_t));
    a->traces = room((size_t)B, sizeof(int32_t));
    a->pre = room(inputs, sizeof(float));
    trains_init(&a->trains, o);
    for (int i = 0; i < a->padded; i++) a->thresh[i] = i < n ? E_THRESH : 1e30f;
    for (int r = 0; r < PIXELS; r++)
        for (int i = 0; i < n; i++)
            a->weight[(size_t)r * P + (size_t)i] = 0.3f * uniform(a->trains.seed);
    normalize(a);
    return a;
}

static result look(const void *state)
{
    const net *a = state;
    result r = { .spikes = a->total };
    for (size_t i = 0; i < (size_t)a->padded * PIXELS; i++)
        r.weight_sum += a->weight[i];
    return r;
}

int main(int argc, char **argv)
{
    static const yardstick rearranged = { "yardstick_quickstart", make, present,
                                          look };
    return run(argc, argv, &rearranged);
}
