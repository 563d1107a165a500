/* Includes the file named by SNN_EACH_REAL_FILE once per real type, with
     REAL      float or double
     FN(name)  name_f32_v1, name_f64_v3, ... for this type and level
     SNN_IS_F64 0 or 1
   defined: the template half of a file, between `#ifdef REAL` and `#else`.
   No include guard: this is a loop. */
#include "util/isa.h"

#define FN(name) SNN_CAT(name, SNN_SUFFIX, SNN_ISA)

#define REAL float
#define SNN_SUFFIX f32
#define SNN_IS_F64 0
#include SNN_EACH_REAL_FILE
#undef REAL
#undef SNN_SUFFIX
#undef SNN_IS_F64

#define REAL double
#define SNN_SUFFIX f64
#define SNN_IS_F64 1
#include SNN_EACH_REAL_FILE
#undef REAL
#undef SNN_SUFFIX
#undef SNN_IS_F64

#undef FN
