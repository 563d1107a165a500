/* Vectors of REAL and SLEEF's functions on them, for the template half of a
   kernel file (util/each_real.h, util/each_type.h): the same bits on every
   instruction set.

     VREAL          a vector of VLANES REALs; + - * / and comparisons work on
                    it, also with constants
     V(exp)(x)      SLEEF's exp of a vector: any function with an error of at
                    most 1.0 ULP that it has for one or two arguments
     V15(erfc)(x)   the same of those that it has with 1.5 ULP
     V1(exp)(x)     the same of a single REAL
     VLOAD(p), VSTORE(p, v)   unaligned

   No include guard: it is read once per real type. */
#include <sleef.h>
#include <string.h>

#undef VREAL
#undef VLANES
#undef V
#undef V15
#undef VFN
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
#define VFN(fn, units) Sleef_cinz_##fn##d8_##units##avx512fnofma
#define VLOAD(p) _mm512_loadu_pd(p)
#define VSTORE(p, v) _mm512_storeu_pd(p, v)
#elif defined(__AVX512F__)
#define VREAL __m512
#define VLANES 16
#define VFN(fn, units) Sleef_cinz_##fn##f16_##units##avx512fnofma
#define VLOAD(p) _mm512_loadu_ps(p)
#define VSTORE(p, v) _mm512_storeu_ps(p, v)
#elif defined(__AVX__) && SNN_IS_F64
#define VREAL __m256d
#define VLANES 4
#define VFN(fn, units) Sleef_cinz_##fn##d4_##units##avx
#define VLOAD(p) _mm256_loadu_pd(p)
#define VSTORE(p, v) _mm256_storeu_pd(p, v)
#elif defined(__AVX__)
#define VREAL __m256
#define VLANES 8
#define VFN(fn, units) Sleef_cinz_##fn##f8_##units##avx
#define VLOAD(p) _mm256_loadu_ps(p)
#define VSTORE(p, v) _mm256_storeu_ps(p, v)
#elif defined(__SSE2__) && SNN_IS_F64
#define VREAL __m128d
#define VLANES 2
#define VFN(fn, units) Sleef_cinz_##fn##d2_##units##sse2
#define VLOAD(p) _mm_loadu_pd(p)
#define VSTORE(p, v) _mm_storeu_pd(p, v)
#elif defined(__SSE2__)
#define VREAL __m128
#define VLANES 4
#define VFN(fn, units) Sleef_cinz_##fn##f4_##units##sse2
#define VLOAD(p) _mm_loadu_ps(p)
#define VSTORE(p, v) _mm_storeu_ps(p, v)
#else
#define VREAL REAL
#define VLANES 1
#if SNN_IS_F64
#define VFN(fn, units) Sleef_cinz_##fn##d1_##units##purec
#else
#define VFN(fn, units) Sleef_cinz_##fn##f1_##units##purec
#endif
#define VLOAD(p) (*(p))
#define VSTORE(p, v) (*(p) = (v))
#endif

#define V(fn) VFN(fn, u10)
#define V15(fn) VFN(fn, u15)
