/* The second yardstick of the quickstart's training: the steps of
   examples/quickstart.lua one after the other, as they are written there, in
   one program for this model alone. All states are what they should be after
   each step, in float32, without -ffast-math. It is what to expect of a careful
   program by hand; yardstick_quickstart.c is what can be had from the model by
   rearranging it. Its spikes are those of that one, but for rounding; its
   options: support/quickstart.h.

   Shortcuts: no shape is checked, nothing may fail halfway, there is no other
   rule, model, type or thread. Input spikes come as lists; currents and changes
   of weights are summed over spikes only; an update visits the columns of
   neurons that fired and the rows of inputs that spiked, and a row only where
   its sample has had a spike of a neuron.

   The weight is (pixel, neuron), rows padded to whole blocks of 16. */
#include <math.h>
#include <string.h>

#include "support/quickstart.h"

typedef struct net {
    int neurons, padded, batch;
    float *weight, *up, *down;      /* (PIXELS, padded) */
    float *thresh, *adapt, *change; /* (padded); adapt is a mean of samples */
    float *v, *hold, *post;         /* (batch, padded) */
    float *inh_v, *inh_hold;        /* (batch, padded) */
    float *current, *fires;         /* (batch, padded) */
    float *pre;                     /* (batch, PIXELS) */
    int *is_traced;                 /* (batch) a neuron has fired */
    int *is_up, *is_down;           /* (padded), (PIXELS) */
    trains trains;
    int64_t total;                  /* spikes */
} net;

static size_t row_of(const net *a, int b) { return (size_t)b * (size_t)a->padded; }

/* ---- currents ---- */

static void currents_of_input(net *a, int t)
{
    const uint16_t *event = events_of(&a->trains, t);
    const int32_t *first = first_of(&a->trains, t);
    memset(a->current, 0, row_of(a, a->batch) * sizeof *a->current);
    for (int b = 0; b < a->batch; b++) {
        float *restrict current = a->current + row_of(a, b);
        for (int e = first[b]; e < first[b + 1]; e++) {
            const float *restrict w = a->weight + row_of(a, event[e]);
            for (int i = 0; i < a->padded; i++) current[i] += w[i];
        }
        for (int i = 0; i < a->padded; i++) current[i] *= IN_GAIN;
    }
}

/* Each inhibitory neuron that fired holds all back but its partner. */
static void currents_of_others(net *a)
{
    for (int b = 0; b < a->batch; b++) {
        const float *restrict fires = a->fires + row_of(a, b);
        float *restrict current = a->current + row_of(a, b);
        float all = 0;
        for (int i = 0; i < a->neurons; i++) all += fires[i];
        for (int i = 0; i < a->padded; i++)
            current[i] = LATERAL * (all - fires[i]);
    }
}

/* ---- neurons ---- */

static void step_excitatory(net *a)
{
    const float decay = expf(-1 / E_TC), gain = 1 - decay;
    const float loss = 1 - expf(-1 / ADAPT_TC);
    memset(a->change, 0, (size_t)a->padded * sizeof *a->change);
    for (int b = 0; b < a->batch; b++) {
        float *restrict v = a->v + row_of(a, b);
        float *restrict hold = a->hold + row_of(a, b);
        float *restrict fires = a->fires + row_of(a, b);
        const float *restrict current = a->current + row_of(a, b);
        float *restrict change = a->change;
        const float *restrict thresh = a->thresh, *restrict adapt = a->adapt;
        for (int i = 0; i < a->padded; i++) {
            float h = hold[i] > 1 ? hold[i] - 1 : 0;
            float x = E_REST + (v[i] - E_REST) * decay + current[i] * gain;
            x = h > 0 ? v[i] : x;
            float s = h > 0 ? 0.0f : x >= thresh[i] ? 1.0f : 0.0f;
            v[i] = s > 0 ? E_RESET : x;
            h = s > 0 ? E_HOLD : h;
            hold[i] = h;
            fires[i] = s;
            change[i] += INCREMENT * s - (h > 0 ? 0 : loss * adapt[i]);
        }
    }
    for (int i = 0; i < a->neurons; i++) {
        a->adapt[i] += a->change[i] / (float)a->batch;
        a->thresh[i] = E_THRESH + a->adapt[i];
    }
}

/* Driven by its partner's spikes, in place of which its own come. */
static void step_inhibitory(net *a)
{
    const float decay = expf(-1 / I_TC), gain = TRIG * (1 - decay);
    float *restrict v = a->inh_v, *restrict hold = a->inh_hold;
    float *restrict fires = a->fires;
    for (size_t i = 0; i < row_of(a, a->batch); i++) {
        float h = hold[i] > 1 ? hold[i] - 1 : 0;
        float x = I_REST + (v[i] - I_REST) * decay + gain * fires[i];
        x = h > 0 ? v[i] : x;
        float s = h > 0 ? 0.0f : x >= I_THRESH ? 1.0f : 0.0f;
        v[i] = s > 0 ? I_RESET : x;
        hold[i] = s > 0 ? I_HOLD : h;
        fires[i] = s;
    }
}

/* ---- learning ---- */

static void trace(net *a, int t)
{
    const uint16_t *event = events_of(&a->trains, t);
    const int32_t *first = first_of(&a->trains, t);
    const float decay = expf(-1 / TRACE_TC);
    for (size_t i = 0; i < (size_t)a->batch * PIXELS; i++) a->pre[i] *= decay;
    for (int b = 0; b < a->batch; b++)
        for (int e = first[b]; e < first[b + 1]; e++)
            a->pre[b * PIXELS + event[e]] += 1;
    for (size_t i = 0; i < row_of(a, a->batch); i++)
        a->post[i] = a->post[i] * decay + a->fires[i];
}

/* A spike of a neuron raises the weights by the traces of the inputs. */
static void pair_outputs(net *a)
{
    const float rate = LR_POST / (float)a->batch;
    for (int b = 0; b < a->batch; b++)
        for (int i = 0; i < a->neurons; i++) {
            if (a->fires[row_of(a, b) + (size_t)i] == 0) continue;
            const float *pre = a->pre + b * PIXELS;
            float *up = a->up + i;
            for (int r = 0; r < PIXELS; r++) up[row_of(a, r)] += rate * pre[r];
            a->is_traced[b] = a->is_up[i] = 1;
            a->total++;
        }
}

/* A spike of an input lowers them by the traces of the neurons. */
static void pair_inputs(net *a, int t)
{
    const uint16_t *event = events_of(&a->trains, t);
    const int32_t *first = first_of(&a->trains, t);
    const float rate = LR_PRE / (float)a->batch;
    for (int b = 0; b < a->batch; b++) {
        const float *restrict post = a->post + row_of(a, b);
        if (!a->is_traced[b]) continue;
        for (int e = first[b]; e < first[b + 1]; e++) {
            float *restrict down = a->down + row_of(a, event[e]);
            for (int i = 0; i < a->padded; i++) down[i] += rate * post[i];
            a->is_down[event[e]] = 1;
        }
    }
}

static void update(net *a)
{
    for (int i = 0; i < a->neurons; i++) {
        if (!a->is_up[i]) continue;
        for (int r = 0; r < PIXELS; r++) {
            size_t at = row_of(a, r) + (size_t)i;
            a->weight[at] += (1 - a->weight[at]) * a->up[at];
            a->up[at] = 0;
        }
        a->is_up[i] = 0;
    }
    for (int r = 0; r < PIXELS; r++) {
        if (!a->is_down[r]) continue;
        float *restrict w = a->weight + row_of(a, r);
        float *restrict down = a->down + row_of(a, r);
        for (int i = 0; i < a->padded; i++) {
            float x = w[i] - down[i];
            w[i] = x > 0 ? x : 0;
            down[i] = 0;
        }
        a->is_down[r] = 0;
    }
}

static void normalize(net *a)
{
    float *restrict sum = a->change, *restrict w = a->weight;
    memset(sum, 0, (size_t)a->padded * sizeof *sum);
    for (int r = 0; r < PIXELS; r++)
        for (int i = 0; i < a->padded; i++) sum[i] += w[row_of(a, r) + (size_t)i];
    for (int i = 0; i < a->padded; i++) sum[i] = sum[i] > 0 ? SUM / sum[i] : 0;
    for (int r = 0; r < PIXELS; r++)
        for (int i = 0; i < a->padded; i++) w[row_of(a, r) + (size_t)i] *= sum[i];
}

/* ---- the run ---- */

static void clear(net *a)
{
    size_t cells = row_of(a, a->batch);
    for (size_t i = 0; i < cells; i++) {
        a->v[i] = E_REST;
        a->inh_v[i] = I_REST;
        a->hold[i] = a->inh_hold[i] = a->post[i] = 0;
    }
    memset(a->pre, 0, (size_t)a->batch * PIXELS * sizeof *a->pre);
    memset(a->is_traced, 0, (size_t)a->batch * sizeof *a->is_traced);
}

static void present(void *state, const uint8_t *images)
{
    net *a = state;
    clear(a);
    encode(&a->trains, images);
    for (int t = 0; t < STEPS; t++) {
        currents_of_input(a, t);
        step_excitatory(a);
        trace(a, t);
        pair_outputs(a);
        pair_inputs(a, t);
        step_inhibitory(a);
        currents_of_others(a);
        step_excitatory(a);
        update(a);
    }
    normalize(a);
}

static void *make(const option *o)
{
    net *a = room(1, sizeof *a);
    int n = o->side * o->side;
    a->neurons = n;
    a->padded = (n + LANES - 1) / LANES * LANES;
    a->batch = o->batch;
    size_t P = (size_t)a->padded, cells = row_of(a, o->batch);
    float **of_weight[] = { &a->weight, &a->up, &a->down };
    float **of_neuron[] = { &a->thresh, &a->adapt, &a->change };
    float **of_cell[] = { &a->v, &a->hold, &a->post, &a->inh_v, &a->inh_hold,
                          &a->current, &a->fires };
    for (int i = 0; i < 3; i++) *of_weight[i] = room(P * PIXELS, sizeof(float));
    for (int i = 0; i < 3; i++) *of_neuron[i] = room(P, sizeof(float));
    for (int i = 0; i < 7; i++) *of_cell[i] = room(cells, sizeof(float));
    a->pre = room((size_t)o->batch * PIXELS, sizeof(float));
    a->is_traced = room((size_t)o->batch, sizeof(int));
    a->is_up = room(P, sizeof(int));
    a->is_down = room(PIXELS, sizeof(int));
    trains_init(&a->trains, o);
    for (int i = 0; i < a->padded; i++) a->thresh[i] = i < n ? E_THRESH : 1e30f;
    for (int r = 0; r < PIXELS; r++)
        for (int i = 0; i < n; i++)
            a->weight[row_of(a, r) + (size_t)i] = 0.3f * uniform(a->trains.seed);
    normalize(a);
    return a;
}

static result look(const void *state)
{
    const net *a = state;
    result r = { .spikes = a->total };
    for (size_t i = 0; i < row_of(a, PIXELS); i++) r.weight_sum += a->weight[i];
    return r;
}

int main(int argc, char **argv)
{
    static const yardstick plain = { "yardstick_plain", make, present, look };
    return run(argc, argv, &plain);
}
