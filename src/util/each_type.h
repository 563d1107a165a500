/* Includes the file named by SNN_EACH_TYPE_FILE once per element type, in the
   order of the dtypes (bool, int64, float32, float64), with
     T          uint8_t, int64_t, float or double
     FN(name)   name_u8_v1, name_i64_v3, ... for this type and level
     SNN_IS_REAL, SNN_IS_INT, SNN_IS_BOOL, SNN_IS_F64   0 or 1
   defined: the template half of a file, between `#ifdef T` and `#else`.
   No include guard: this is a loop. */
#include "util/isa.h"

#define FN(name) SNN_CAT(name, SNN_SUFFIX, SNN_ISA)

#define T uint8_t
#define SNN_SUFFIX u8
#define SNN_IS_BOOL 1
#define SNN_IS_INT 0
#define SNN_IS_REAL 0
#define SNN_IS_F64 0
#include SNN_EACH_TYPE_FILE
#undef T
#undef SNN_SUFFIX
#undef SNN_IS_BOOL
#undef SNN_IS_INT

#define T int64_t
#define SNN_SUFFIX i64
#define SNN_IS_BOOL 0
#define SNN_IS_INT 1
#include SNN_EACH_TYPE_FILE
#undef T
#undef SNN_SUFFIX
#undef SNN_IS_INT
#undef SNN_IS_REAL

#define T float
#define SNN_SUFFIX f32
#define SNN_IS_INT 0
#define SNN_IS_REAL 1
#include SNN_EACH_TYPE_FILE
#undef T
#undef SNN_SUFFIX
#undef SNN_IS_F64

#define T double
#define SNN_SUFFIX f64
#define SNN_IS_F64 1
#include SNN_EACH_TYPE_FILE
#undef T
#undef SNN_SUFFIX
#undef SNN_IS_BOOL
#undef SNN_IS_INT
#undef SNN_IS_REAL
#undef SNN_IS_F64

#undef FN
