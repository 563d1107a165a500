/* Instruction sets. A file with kernels is compiled once per level under
   another suffix (the Makefile passes -DSNN_ISA=v3 -march=x86-64-v3 and so
   on); the first level, v1, also holds what the file has only once. At start
   the best level the processor has is chosen, once; the environment variable
   SNN_ISA=v1|v3|v4 lowers it. All levels give the same bits: no contraction,
   no reassociation, fixed lanes.

   A file with kernels for both real types reads

     #ifdef REAL
     void FN(scale)(const REAL *a, REAL k, REAL *out, int64_t n) { ... }
     #else
     (includes, types)
     typedef void scale_fn(...);       -- float and double differ: use void *
     SNN_DECLARE_EACH(scale_fn, scale);
     #define SNN_EACH_REAL_FILE "kernel/scale.c"
     #include "util/each_real.h"
     #ifdef SNN_ONCE
     static scale_fn *const scale_table[SNN_ISAS][2] = SNN_EACH(scale);
     (what exists once: the public function, the descriptor)
     #endif
     #endif

   and a call is scale_table[snn_isa()][dtype == SNN_FLOAT64](...). */
#ifndef SNN_UTIL_ISA_H
#define SNN_UTIL_ISA_H

#define SNN_CAT_(a, b, c) a##_##b##_##c
#define SNN_CAT(a, b, c) SNN_CAT_(a, b, c)

#ifndef SNN_ISA
#define SNN_ISA v1
#define SNN_ONCE 1 /* this pass also compiles what exists once */
#endif

/* For the inner functions of kernels: instantiated where their arguments are
   constants. */
#define SNN_INLINE inline __attribute__((always_inline))
/* Before a loop: no iteration reads what another one writes. Output and an
   operand may be the same run. */
#if defined(__clang__)
#define SNN_INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#else
#define SNN_INDEPENDENT _Pragma("GCC ivdep")
#endif

/* Before a loop over lanes: GCC vectorises it only where it stays a loop. */
#if defined(__clang__)
#define SNN_KEEP_LOOP
#else
#define SNN_KEEP_LOOP _Pragma("GCC unroll 1")
#endif

#if defined(__x86_64__) && !defined(SNN_V1_ALONE)
enum { SNN_ISAS = 3 };
/* A function type's instances, [level][float64?]: SNN_DECLARE_EACH declares
   them, SNN_EACH is the initialiser of a table of them. */
#define SNN_DECLARE_EACH(type, fn) \
    type fn##_f32_v1, fn##_f64_v1, fn##_f32_v3, fn##_f64_v3, fn##_f32_v4, \
        fn##_f64_v4
#define SNN_EACH(fn) \
    { { fn##_f32_v1, fn##_f64_v1 }, { fn##_f32_v3, fn##_f64_v3 }, \
      { fn##_f32_v4, fn##_f64_v4 } }
/* The same for the four element types (util/each_type.h): [level][dtype]. */
#define SNN_DECLARE_TYPES(type, fn) \
    type fn##_u8_v1, fn##_i64_v1, fn##_f32_v1, fn##_f64_v1, fn##_u8_v3, \
        fn##_i64_v3, fn##_f32_v3, fn##_f64_v3, fn##_u8_v4, fn##_i64_v4, \
        fn##_f32_v4, fn##_f64_v4
#define SNN_TYPES(fn) \
    { { fn##_u8_v1, fn##_i64_v1, fn##_f32_v1, fn##_f64_v1 }, \
      { fn##_u8_v3, fn##_i64_v3, fn##_f32_v3, fn##_f64_v3 }, \
      { fn##_u8_v4, fn##_i64_v4, fn##_f32_v4, fn##_f64_v4 } }
/* The same for a function without a real type: name_v1, name_v3, name_v4. */
#define SNN_DECLARE_ISAS(type, fn) type fn##_v1, fn##_v3, fn##_v4
#define SNN_ISA_TABLE(fn) { fn##_v1, fn##_v3, fn##_v4 }
#else
enum { SNN_ISAS = 1 };
#define SNN_DECLARE_EACH(type, fn) type fn##_f32_v1, fn##_f64_v1
#define SNN_EACH(fn) { { fn##_f32_v1, fn##_f64_v1 } }
#define SNN_DECLARE_TYPES(type, fn) \
    type fn##_u8_v1, fn##_i64_v1, fn##_f32_v1, fn##_f64_v1
#define SNN_TYPES(fn) \
    { { fn##_u8_v1, fn##_i64_v1, fn##_f32_v1, fn##_f64_v1 } }
#define SNN_DECLARE_ISAS(type, fn) type fn##_v1
#define SNN_ISA_TABLE(fn) { fn##_v1 }
#endif

/* `name` with this pass's level: SNN_ISA_NAME(spmm) -> spmm_v3. */
#define SNN_ISA_NAME_(a, b) a##_##b
#define SNN_ISA_NAME__(a, b) SNN_ISA_NAME_(a, b)
#define SNN_ISA_NAME(name) SNN_ISA_NAME__(name, SNN_ISA)

/* Index of the chosen level: 0 v1, 1 v3, 2 v4. */
int snn_isa(void);

#endif
