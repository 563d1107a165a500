#include "quickstart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>

static const float RATE = 0.128f; /* spikes a ms of a white pixel */

void *room(size_t count, size_t each)
{
    size_t bytes = (count * each + 63) / 64 * 64 + 64;
    void *p = aligned_alloc(64, bytes);
    if (!p) exit(1);
    return memset(p, 0, bytes);
}

/* ---- random numbers: xoshiro256+ (Blackman and Vigna 2018) ---- */

static inline uint64_t next(uint64_t s[4])
{
    uint64_t sum = s[0] + s[3], t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = s[3] << 45 | s[3] >> 19;
    return sum;
}

float uniform(uint64_t s[4])
{
    return (float)(next(s) >> 40) * 0x1p-24f;
}

/* splitmix64 */
static void seed_by(uint64_t s[4], uint64_t x)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = x += 0x9E3779B97F4A7C15u;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
        z = (z ^ z >> 27) * 0x94D049BB133111EBu;
        s[i] = z ^ z >> 31;
    }
}

/* ---- spike trains ---- */

/* -log of n uniform numbers, in vectors. */
static void exponential(uint64_t s[4], float *out, int n)
{
    for (int i = 0; i < n; i += 2) {
        uint64_t r = next(s);
        out[i] = (float)(int32_t)((r >> 8 & 0xFFFFFF) + 1) * 0x1p-24f;
        out[i + 1] = (float)(int32_t)((r >> 40) + 1) * 0x1p-24f;
    }
    for (int i = 0; i < n; i++) {
        int32_t x;
        float m;
        memcpy(&x, &out[i], sizeof x);
        int32_t e = (x - 0x3F3504F3) >> 23; /* mantissa from sqrt(1/2) */
        x -= (int32_t)((uint32_t)e << 23);
        memcpy(&m, &x, sizeof m);
        float q = (m - 1) / (m + 1), p = q * q; /* log m = 2 atanh q */
        out[i] = -(0.69314718f * (float)e +
                   2 * q * (1 + p * (0.33333333f + p * (0.2f + p * 0.14285714f))));
    }
}

/* Appends the spikes of a sample to the lists of the steps: all its pixels
   make their next spike, those that go on make another. An interval is 1 ms
   and what is exponential. */
static void encode_sample(trains *a, const uint8_t *image, int b, int32_t *fill)
{
    float time[PIXELS + 1], scale[PIXELS + 1], draw[PIXELS + 1];
    int32_t last[PIXELS];
    uint16_t who[PIXELS], *pixel = a->pixel + (size_t)b * PIXELS;
    int n = 0;
    for (int i = 0; i < PIXELS; i++) {
        if (!image[i]) continue;
        scale[n] = 255.0f / (RATE * (float)image[i]) - 1;
        time[n] = 0;
        last[n] = -1;
        pixel[n] = (uint16_t)i;
        who[n++] = (uint16_t)i;
    }
    a->pixels[b] = (uint16_t)n;
    size_t row = (size_t)a->batch * PIXELS;
    while (n > 0) {
        int left = 0;
        exponential(a->seed, draw, n);
        for (int i = 0; i < n; i++) time[i] += 1 + scale[i] * draw[i];
        for (int i = 0; i < n; i++) {
            int32_t step = time[i] < STEPS ? (int32_t)time[i] : STEPS;
            step = step > last[i] ? step : last[i] + 1;
            if (step >= STEPS) continue;
            a->event[(size_t)step * row + (size_t)fill[step]++] = who[i];
            time[left] = time[i];
            scale[left] = scale[i];
            last[left] = step;
            who[left++] = who[i];
        }
        n = left;
    }
}

void encode(trains *a, const uint8_t *images)
{
    int32_t fill[STEPS] = { 0 };
    int ends = a->batch + 1;
    for (int t = 0; t < STEPS; t++) a->first[t * ends] = 0;
    for (int b = 0; b < a->batch; b++) {
        encode_sample(a, images + (size_t)b * PIXELS, b, fill);
        for (int t = 0; t < STEPS; t++) a->first[t * ends + b + 1] = fill[t];
    }
}

void trains_init(trains *t, const option *o)
{
    size_t inputs = (size_t)o->batch * PIXELS;
    *t = (trains){ .batch = o->batch };
    t->pixel = room(inputs, sizeof(uint16_t));
    t->pixels = room((size_t)o->batch, sizeof(uint16_t));
    t->event = room(inputs * STEPS, sizeof(uint16_t));
    t->first = room((size_t)(o->batch + 1) * STEPS, sizeof(int32_t));
    seed_by(t->seed, (uint64_t)o->seed);
}

/* ---- pictures ---- */

/* A blurred stroke along x or y. */
static void draw(uint64_t s[4], uint8_t *image)
{
    int along = uniform(s) < 0.5f, where = 6 + (int)(16 * uniform(s));
    int from = 3 + (int)(4 * uniform(s)), to = 20 + (int)(5 * uniform(s));
    for (int i = from; i < to; i++)
        for (int d = -2; d <= 2; d++) {
            int x = along ? i : where + d, y = along ? where + d : i;
            int grey = 255 - 60 * abs(d);
            if (image[28 * y + x] < grey) image[28 * y + x] = (uint8_t)grey;
        }
}

static uint8_t *made_up(int n, uint64_t seed)
{
    uint64_t s[4];
    uint8_t *images = room((size_t)n, PIXELS);
    seed_by(s, seed);
    for (int k = 0; k < n; k++) {
        draw(s, images + (size_t)k * PIXELS);
        if (uniform(s) < 0.5f) draw(s, images + (size_t)k * PIXELS);
    }
    return images;
}

/* n images from the first of MNIST's files that is there; NULL when none. */
static uint8_t *read_images(const char *folder, int n)
{
    static const char *const names[] = {
        "train-images-idx3-ubyte.gz", "train-images-idx3-ubyte",
        "t10k-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte",
    };
    uint8_t *images = room((size_t)n, PIXELS);
    char path[4096];
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[k]);
        gzFile file = gzopen(path, "rb");
        if (!file) continue;
        unsigned bytes = (unsigned)n * PIXELS;
        int whole = gzseek(file, 16, SEEK_SET) == 16 &&
                    gzread(file, images, bytes) == (int)bytes;
        gzclose(file);
        if (whole) return images;
    }
    free(images);
    return NULL;
}

static int read_options(int argc, char **argv, option *o)
{
    const struct {
        const char *name;
        int *value;
    } known[] = { { "--side", &o->side }, { "--batch", &o->batch },
                  { "--samples", &o->samples }, { "--seed", &o->seed } };
    for (int i = 1; i + 1 < argc; i += 2) {
        size_t k = 0;
        while (k < 4 && strcmp(argv[i], known[k].name) != 0) k++;
        if (k < 4)
            *known[k].value = atoi(argv[i + 1]);
        else if (strcmp(argv[i], "--data") == 0)
            o->data = argv[i + 1];
        else
            return 0;
    }
    return argc % 2 == 1 && o->side >= 1 && o->side <= 40 && o->batch >= 1 &&
           o->samples >= o->batch;
}

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

int run(int argc, char **argv, const yardstick *y)
{
    option o = { .side = 10, .batch = 20, .samples = 1000, .seed = 1 };
    if (!read_options(argc, argv, &o)) {
        fprintf(stderr, "side from 1 to 40, samples at least a batch: see the "
                        "top of spec/bench/support/quickstart.h\n");
        return 1;
    }
    o.samples -= o.samples % o.batch;
    uint8_t *images = o.data ? read_images(o.data, o.samples)
                             : made_up(o.samples, (uint64_t)o.seed);
    if (!images) {
        fprintf(stderr, "no %d images of MNIST in %s\n", o.samples, o.data);
        return 1;
    }
    void *state = y->make(&o);
    double start = now_ms();
    for (int k = 0; k < o.samples; k += o.batch)
        y->present(state, images + (size_t)k * PIXELS);
    double ms = now_ms() - start;
    result r = y->look(state);
    printf("{\"program\": \"%s\", \"side\": %d, \"batch\": %d, "
           "\"samples\": %d, \"data\": \"%s\", \"ms_per_sample\": %.6f, "
           "\"spikes\": %lld, \"weight_sum\": %.3f}\n",
           y->name, o.side, o.batch, o.samples, o.data ? "mnist" : "made up",
           ms / o.samples, (long long)r.spikes, r.weight_sum);
    return 0;
}
