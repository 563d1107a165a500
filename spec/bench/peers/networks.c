/* CUBA and COBA (Vogels & Abbott 2005; Brette et al. 2007, benchmarks 1 and 2) as a plain
   C program: what the steps of such a network cost with nothing around them.

       networks cuba|coba NEURONS SECONDS DELAY_MS [stdp]

   prints the processor's seconds of the loop and the rate, Hz. float32, exact steps of 0.1 ms (of a
   conductance it is taken as constant in the step), compressed rows, one thread. With stdp the
   excitatory synapses among each other learn by pairs of spikes: rows at a spike that arrives,
   columns at one of the target, where the weight is changed in place. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { INPUTS = 80, HELD = 50 }; /* synapses onto each neuron; steps of 5 ms */
static const float RESET = -60, THRESH = -50;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double uniform(void) { return rand() / (RAND_MAX + 1.0); }

static float normal(void)
{
    return (float)(sqrt(-2 * log(1 - uniform())) * cos(6.283185307179586 * uniform()));
}

/* Each pair with the probability 80 / n: steps between targets are geometric. */
static int *connect_all(int n, int *first)
{
    double p = (double)INPUTS / n;
    int *post = malloc(sizeof *post * (size_t)(n * (INPUTS + 20.0) + 1000));
    int count = 0;
    for (int i = 0; i < n; i++) {
        first[i] = count;
        for (double j = -1;;) {
            j += 1 + floor(log(1 - uniform()) / log1p(-p));
            if (j >= n) break;
            post[count++] = (int)j;
        }
    }
    first[n] = count;
    return post;
}

static float *filled(int n, float value)
{
    float *out = malloc(sizeof *out * (size_t)n);
    for (int i = 0; i < n; i++) out[i] = value;
    return out;
}

/* Excitatory synapses onto excitatory neurons, each with a weight of its own. */
typedef struct learning {
    int n;                 /* neurons, the first ones */
    float rate, top, fade; /* of traces in a step */
    int *end;              /* (n) of a row: outputs ascend */
    int *column, *pre, *place; /* by output: where it begins, inputs, their places */
    float *weight;         /* by place of all synapses */
    float *sent, *received; /* (n) traces */
} learning;

static learning learn(int n, float w, float fade, const int *first, const int *post)
{
    learning l = { n, 0.01f * w, 2 * w, fade, malloc(sizeof(int) * (size_t)n),
                   calloc((size_t)n + 2, sizeof(int)), NULL, NULL,
                   filled(first[n], w), filled(n, 0), filled(n, 0) };
    for (int i = 0; i < n; i++) {
        int k = first[i];
        for (; k < first[i + 1] && post[k] < n; k++) l.column[post[k] + 2]++;
        l.end[i] = k;
    }
    for (int j = 0; j < n; j++) l.column[j + 2] += l.column[j + 1];
    l.pre = malloc(sizeof(int) * ((size_t)l.column[n + 1] + 1));
    l.place = malloc(sizeof(int) * ((size_t)l.column[n + 1] + 1));
    for (int i = 0; i < n; i++)
        for (int k = first[i]; k < l.end[i]; k++) {
            int at = l.column[post[k] + 1]++;
            l.pre[at] = i;
            l.place[at] = k;
        }
    return l;
}

/* A spike arrives at its targets and depresses; the others have the weight w. */
static void arrive(const learning *l, int i, const int *first, const int *post, float w,
                   float *g)
{
    int k = first[i];
    for (; k < l->end[i]; k++) {
        g[post[k]] += l->weight[k];
        float x = l->weight[k] - l->rate * l->received[post[k]];
        l->weight[k] = x < 0 ? 0 : x;
    }
    for (; k < first[i + 1]; k++) g[post[k]] += w;
    l->sent[i] += 1;
}

/* The target spikes, and potentiates. */
static void potentiate(const learning *l, int j)
{
    for (int c = l->column[j]; c < l->column[j + 1]; c++) {
        float x = l->weight[l->place[c]] + l->rate * l->sent[l->pre[c]];
        l->weight[l->place[c]] = x > l->top ? l->top : x;
    }
    l->received[j] += 1;
}

int main(int argc, char **argv)
{
    int is_coba = argc > 1 && !strcmp(argv[1], "coba");
    int n = argc > 2 ? atoi(argv[2]) : 4000, excitatory = n / 5 * 4;
    int steps = (int)((argc > 3 ? atof(argv[3]) : 1) * 10000 + 0.5);
    int delay = (int)((argc > 4 ? atof(argv[4]) : 0) * 10 + 0.5);
    const float dt = 0.1f, tm = 20, te = 5, ti = 10, rest = is_coba ? -60 : -49;
    const float we = is_coba ? 0.6f : 1.62f, wi = is_coba ? 6.7f : -9;
    const float pm = expf(-dt / tm), pe = expf(-dt / te), pi = expf(-dt / ti);
    const float me = te / (te - tm) * (pe - pm), mi = ti / (ti - tm) * (pi - pm);
    int *first = malloc(sizeof *first * (size_t)(n + 1)), *post = connect_all(n, first);
    float *v = filled(n, 0), *ge = filled(n, 0), *gi = filled(n, 0);
    int *held = calloc((size_t)n, sizeof *held), kept = delay + 1;
    int *spike = malloc(sizeof *spike * (size_t)n * (size_t)kept);
    int *spikes = calloc((size_t)kept, sizeof *spikes);
    long total = 0;
    for (int i = 0; i < n; i++) v[i] = RESET + (float)uniform() * (THRESH - RESET);
    for (int i = 0; is_coba && i < n; i++) { /* or it stays silent */
        v[i] = rest + 5 * normal() - 5;
        ge[i] = 4 + 1.5f * normal();
        gi[i] = 20 + 12 * normal();
    }
    int learns = argc > 5;
    learning l = learn(learns ? excitatory : 0, we, pm, first, post);
    double start = now();
    for (int t = 0; t < steps; t++) {
        int *fired = spike + (size_t)(t % kept) * (size_t)n, count = 0;
        if (is_coba)
            for (int i = 0; i < n; i++) { /* v goes to `to` at the rate `rate` */
                float rate = 1 + ge[i] + gi[i], to = (rest - 80 * gi[i]) / rate;
                float next = to + (v[i] - to) * expf(-dt / tm * rate);
                v[i] = held[i] > 0 ? v[i] : next;
                ge[i] *= pe;
                gi[i] *= pi;
            }
        else
            for (int i = 0; i < n; i++) {
                float next = rest + (v[i] - rest) * pm + ge[i] * me + gi[i] * mi;
                v[i] = held[i] > 0 ? v[i] : next;
                ge[i] *= pe;
                gi[i] *= pi;
            }
        for (int i = 0; i < n; i++) held[i] -= held[i] > 0;
        for (int i = 0; i < n; i++)
            if (v[i] > THRESH) fired[count++] = i, v[i] = RESET, held[i] = HELD;
        spikes[t % kept] = count;
        total += count;
        for (int i = 0; i < l.n; i++) l.sent[i] *= l.fade, l.received[i] *= l.fade;
        for (int k = 0; k < count && learns; k++)
            if (fired[k] < l.n) potentiate(&l, fired[k]);
        if (t < delay) continue;
        const int *arrived = spike + (size_t)((t - delay) % kept) * (size_t)n;
        for (int k = 0; k < spikes[(t - delay) % kept]; k++) {
            int i = arrived[k];
            float *g = i < excitatory ? ge : gi, w = i < excitatory ? we : wi;
            if (i < l.n) {
                arrive(&l, i, first, post, w, g);
                continue;
            }
            for (int s = first[i]; s < first[i + 1]; s++) g[post[s]] += w;
        }
    }
    printf("%.6f %.3f\n", now() - start, (double)total / n / (steps * 1e-4));
    return 0;
}
