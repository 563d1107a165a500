/* Vectors of REAL and SLEEF's functions on them, for the template half of a
   kernel file (util/each_real.h, util/each_type.h): the same bits on every
   instruction set.

     VREAL          a vector of VLANES REALs; + - * / and comparisons work on
                    it, also with constants
     V(exp)(x)      SLEEF's exp of a vector: any function with an error of at
                    most 1.0 ULP that it has for one or two arguments
     V1(exp)(x)     the same of a single REAL
     VLOAD(p), VSTORE(p, v)   unaligned

   No include guard: it is read once per real type. */
#include <sleef.h>
#include <string.h>

#undef VREAL
#undef VLANES
#undef V
#undef V1
#undef VLOAD
#undef VSTORE

#if SNN_IS_F64
#define V1(fn) Sleef_cinz_##fn##d1_u10purec
#else
#define V1(fn) Sleef_cinz_##fn##f1_u10purec
#endif

#if defined(__AVX512F__) && SNN_IS_F64
#define VREAL __m512d
#define VLANES 8
#define V(fn) Sleef_cinz_##fn##d8_u10avx512fnofma
#define VLOAD(p) _mm512_loadu_pd(p)
#define VSTORE(p, v) _mm512_storeu_pd(p, v)
#elif defined(__AVX512F__)
#define VREAL __m512
#define VLANES 16
#define V(fn) Sleef_cinz_##fn##f16_u10avx512fnofma
#define VLOAD(p) _mm512_loadu_ps(p)
#define VSTORE(p, v) _mm512_storeu_ps(p, v)
#elif defined(__AVX__) && SNN_IS_F64
#define VREAL __m256d
#define VLANES 4
#define V(fn) Sleef_cinz_##fn##d4_u10avx
#define VLOAD(p) _mm256_loadu_pd(p)
#define VSTORE(p, v) _mm256_storeu_pd(p, v)
#elif defined(__AVX__)
#define VREAL __m256
#define VLANES 8
#define V(fn) Sleef_cinz_##fn##f8_u10avx
#define VLOAD(p) _mm256_loadu_ps(p)
#define VSTORE(p, v) _mm256_storeu_ps(p, v)
#elif defined(__SSE2__) && SNN_IS_F64
#define VREAL __m128d
#define VLANES 2
#define V(fn) Sleef_cinz_##fn##d2_u10sse2
#define VLOAD(p) _mm_loadu_pd(p)
#define VSTORE(p, v) _mm_storeu_pd(p, v)
#elif defined(__SSE2__)
#define VREAL __m128
#define VLANES 4
#define V(fn) Sleef_cinz_##fn##f4_u10sse2
#define VLOAD(p) _mm_loadu_ps(p)
#define VSTORE(p, v) _mm_storeu_ps(p, v)
#else
#define VREAL REAL
#define VLANES 1
#define V(fn) V1(fn)
#define VLOAD(p) (*(p))
#define VSTORE(p, v) (*(p) = (v))
#endif
