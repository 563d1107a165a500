/* The arithmetic of a reducer's queries (observe/query.c), in double whatever the
   real type, so that all say the same state. */
#ifdef REAL

bool FN(snn_moments_part)(const snn_moments *m, const void *time, int64_t n,
                          uint16_t *age)
{
    const REAL *x = time;
    const snn_moments own = *m;
    int is_in = 1;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        double t = clipped(&own, (double)x[i]);
        double steps = steps_of(&own, t);
        is_in &= is_kept(&own, t);
        age[i] = (uint16_t)(int32_t)ceil(steps);
    }
    return is_in;
}

#else

#include "kernel/moments.h"

#include <math.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

enum { BLOCK = SNN_MOMENTS_SLACK };

static SNN_INLINE double clipped(const snn_moments *m, double t)
{
    t = t < m->end ? t : m->end; /* NaN: the end, as delay indices say */
    return (t > 0 ? t : 0) + m->ago;
}

static SNN_INLINE double slack_of(const snn_moments *m, double t)
{
    double rounding = m->rounding * fabs(t);
    return rounding > m->slack ? rounding : m->slack;
}

static SNN_INLINE int is_kept(const snn_moments *m, double t)
{
    double slack = slack_of(m, t);
    return (t >= -slack) & (t <= m->oldest * m->dt + slack);
}

/* The time as an age, within what is kept. */
static SNN_INLINE double steps_of(const snn_moments *m, double t)
{
    double steps = t / m->dt, nearest = rint(steps);
    double age = fabs(t - nearest * m->dt) <= slack_of(m, t) ? nearest : steps;
    age = age > 0 ? age : 0;
    return age < m->oldest ? age : m->oldest;
}

#define SNN_EACH_REAL_FILE "kernel/moments.c"
#include "util/each_real.h"

bool SNN_ISA_NAME(moments_find)(const snn_moments *m, const double *time,
                                int64_t n, int32_t *older, double *since)
{
    const snn_moments own = *m;
    int is_in = 1;
    SNN_INDEPENDENT
    for (int64_t i = 0; i < n; i++) {
        double t = clipped(&own, time[i]), age = steps_of(&own, t);
        double before = ceil(age);
        is_in &= is_kept(&own, t);
        older[i] = (int32_t)before;
        since[i] = (before - age) * own.dt;
    }
    return is_in;
}

/* Bits of those of a block that are equal to `which`. */
#if defined(__AVX512BW__)

static inline uint32_t equal(const uint16_t *age, uint16_t which)
{
    return _mm512_cmpeq_epi16_mask(_mm512_loadu_si512(age),
                                   _mm512_set1_epi16((short)which));
}

#elif defined(__AVX2__)

static inline uint32_t equal(const uint16_t *age, uint16_t which)
{
    const __m256i w = _mm256_set1_epi16((short)which);
    __m256i a = _mm256_loadu_si256((const __m256i *)age);
    __m256i b = _mm256_loadu_si256((const __m256i *)(age + 16));
    a = _mm256_packs_epi16(_mm256_cmpeq_epi16(a, w), _mm256_cmpeq_epi16(b, w));
    return (uint32_t)_mm256_movemask_epi8(_mm256_permute4x64_epi64(a, 0xD8));
}

#elif defined(__SSE2__)

static inline uint32_t equal(const uint16_t *age, uint16_t which)
{
    const __m128i w = _mm_set1_epi16((short)which);
    uint32_t mask = 0;
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i a = _mm_loadu_si128((const __m128i *)(age + i));
        __m128i b = _mm_loadu_si128((const __m128i *)(age + i + 8));
        a = _mm_packs_epi16(_mm_cmpeq_epi16(a, w), _mm_cmpeq_epi16(b, w));
        mask |= (uint32_t)_mm_movemask_epi8(a) << i;
    }
    return mask;
}

#else

static inline uint32_t equal(const uint16_t *age, uint16_t which)
{
    uint32_t mask = 0;
    for (int i = 0; i < BLOCK; i++) mask |= (uint32_t)(age[i] == which) << i;
    return mask;
}

#endif

int32_t *SNN_ISA_NAME(moments_list)(const uint16_t *age, int64_t n,
                                    const uint16_t *which, int count,
                                    int32_t base, int32_t *out)
{
    for (int64_t i = 0; i < n; i += BLOCK, base += BLOCK) {
        uint32_t hit = 0;
        for (int k = 0; k < count; k++) hit |= equal(age + i, which[k]);
        if (n - i < BLOCK) hit &= (UINT32_C(1) << (n - i)) - 1;
        for (; hit; hit &= hit - 1) *out++ = base + __builtin_ctz(hit);
    }
    return out;
}

#ifdef SNN_ONCE

bool snn_moments_find(const snn_moments *m, const double *time, int64_t n,
                      int32_t *older, double *since)
{
    static snn_moments_find_fn *const table[SNN_ISAS] =
        SNN_ISA_TABLE(moments_find);
    return table[snn_isa()](m, time, n, older, since);
}

bool snn_moments_ages(const snn_moments *m, const void *time, bool is_f64,
                      int64_t n, uint16_t *age)
{
    static snn_moments_fn *const table[SNN_ISAS][2] = SNN_EACH(snn_moments_part);
    return table[snn_isa()][is_f64](m, time, n, age);
}

int32_t *snn_moments_list(const uint16_t *age, int64_t n, const uint16_t *which,
                          int count, int32_t base, int32_t *out)
{
    static snn_moments_list_fn *const table[SNN_ISAS] =
        SNN_ISA_TABLE(moments_list);
    return table[snn_isa()](age, n, which, count, base, out);
}

#endif
#endif
