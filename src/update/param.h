/* A trainable parameter of a connection (weight, bias, delay): values and a
   pattern that says which inputs and outputs these are between (update/pattern.h).
   Users see its logical shape, e.g. (outputs, inputs); in memory it is one
   contiguous run, most often a (rows, columns) matrix, for a dense weight the
   transpose: row i holds the weights of input i, so that an input spike adds one
   row to all outputs. Compressed rows are such a matrix too, of which few elements
   are there. The connection owns it; borrowed by accumulators during an update. */
#ifndef SNN_UPDATE_PARAM_H
#define SNN_UPDATE_PARAM_H

#include "tensor/tensor.h"
#include "update/codes.h"
#include "update/pattern.h"

/* What is worked out of the values may follow a change of few rows and columns, in
   place of being worked out anew. `ready` comes before, where a failure is free, and
   says whether it will by `follows`; then what those elements were leaves, which may
   say that it does not after all, and after the change what they are enters. Of
   compressed rows it may be told lines that have changed in place of both
   (update/sparse_pairs.h), of any pattern some elements, ascending, with what they
   were. `done` comes last. */
struct snn_sparse_pairs;
typedef struct snn_param_watch {
    void *self;
    snn_status (*ready)(void *self, snn_fail *fail);
    void (*leave)(void *self);
    void (*enter)(void *self);
    void (*lines)(void *self, const struct snn_sparse_pairs *lines);
    void (*elements)(void *self, const int64_t *place, const void *was, int64_t n);
    void (*done)(void *self);
    bool follows;
    uint64_t *row_bits, *column_bits; /* of the change, for who leaves and enters */
} snn_param_watch;

typedef struct snn_param {
    snn_tensor value;      /* logical shape and strides over the memory; of a
                              number that all share one element, strides 0 */
    int64_t stride[SNN_MAX_DIMS]; /* of the memory, that value has or would have */
    bool may_code;         /* values of few kinds, when all are set, are held as */
    snn_codes *codes;      /* these, held; NULL: they are in `value`, which beside
                              codes is a NaN that all share */
    snn_pattern *pattern;  /* held */
    int64_t rows, columns; /* of the memory: what bits of dirty elements are of;
                              of a diagonal one row */
    uint64_t version;      /* another one after each write */
    /* all elements are known to be in [low, high], but for those that an
       update has made dirty since: see snn_param_clamp */
    struct {
        bool is_known;
        double low, high;
        uint64_t *row_bits;    /* (rows) dirty rows */
        uint64_t *column_bits; /* (columns) dirty columns */
        bool any, all;         /* something, everything is dirty */
        uint64_t updates;      /* those before the last clamp */
    } clamped;
    uint64_t updates;          /* by plans (update/plan.h) */
    /* whether all elements are in [low, high]: see snn_param_limit */
    struct {
        bool is_set;
        double low, high;
        bool may_be_out;       /* else they are in */
        uint64_t version;      /* that was looked at last */
    } limits;
    snn_param_watch *watch;    /* borrowed; NULL: nobody follows */
} snn_param;

/* Zeros, of one of two: a dense matrix, of which the logical shape is with
   `is_transposed` (columns, rows), else `logical` has rows * columns elements in
   the order of the memory; a pattern, which is shared: (outputs, inputs), of a
   diagonal (inputs), of compressed rows (count). */
snn_status snn_param_init(snn_param *param, const snn_shape *logical,
                          int64_t rows, int64_t columns, bool is_transposed,
                          snn_dtype dtype, snn_fail *fail);
snn_status snn_param_init_pattern(snn_param *param, snn_pattern *pattern,
                                  snn_dtype dtype, snn_fail *fail);
void snn_param_clear(snn_param *param);

/* What another parameter is, of one number that all its elements share: no
   memory is taken for them until one of them is written, by snn_param_edit. */
snn_status snn_param_init_shared(snn_param *param, const snn_param *other,
                                 double number, snn_fail *fail);
/* All elements become that number, shared where there are several. */
snn_status snn_param_share(snn_param *param, double number, snn_fail *fail);
static inline bool snn_param_is_shared(const snn_param *param)
{
    return param->value.shape.ndim > 0 && param->value.stride[0] == 0 &&
           !param->codes;
}
/* Whether each element has memory of its own, in `value`. */
static inline bool snn_param_is_laid(const snn_param *param)
{
    return !param->codes && !snn_param_is_shared(param);
}
/* Elements that have none get memory; nothing else changes. */
snn_status snn_param_spread(snn_param *param, snn_fail *fail);
/* The values as a tensor of the logical shape: shares bytes where it can, of codes
   it is new. Empty where there is no parameter. */
snn_status snn_param_read(const snn_param *param, snn_fail *fail,
                          snn_tensor *out);
/* Values of few kinds, of elements that have memory, become codes where they may. */
snn_status snn_param_pack(snn_param *param, snn_fail *fail);
/* Bytes of the values. */
int64_t snn_param_bytes(const snn_param *param);

/* Elements in memory, or that would be. */
static inline int64_t snn_param_count(const snn_param *param)
{
    return param->pattern ? param->pattern->count : 0;
}

/* Takes the values of a tensor of the same logical shape (else ValueError that
   names `where` and both shapes), any dtype; the zero diagonal stays zero. */
snn_status snn_param_set(snn_param *param, const snn_tensor *value,
                         const char *where, snn_fail *fail);

/* The memory, to read (one element where it is shared; not where there are codes)
   and to write (values kept and spread; NULL when memory is short).
   A writer says what it made dirty: by one of these three, of which the last is
   for who has set clamped.*_bits itself. */
const void *snn_param_data(const snn_param *param);
void *snn_param_edit(snn_param *param);
void snn_param_mark_all(snn_param *param);
void snn_param_mark(snn_param *param, const uint64_t *row_bits,
                    const uint64_t *column_bits);
void snn_param_note(snn_param *param);
/* After a write of the memory, which must be the parameter's alone: sets to
   zero again what always is (the diagonal). */
void snn_param_restore(snn_param *param);

/* Shares the values, none where there are none, and goes back to them: that
   cannot fail, and takes what was shared. */
typedef struct snn_param_saved {
    snn_tensor value;
    snn_codes *codes;
} snn_param_saved;
snn_status snn_param_save(const snn_param *param, snn_fail *fail,
                          snn_param_saved *out);
void snn_param_back(snn_param *param, snn_param_saved *saved);
void snn_param_drop(snn_param_saved *saved);

/* From now on snn_param_is_inside tells whether all elements are in [low, high]
   (NaN is not): a plan looks at what it made dirty, another write at all. */
void snn_param_limit(snn_param *param, double low, double high);
bool snn_param_is_inside(snn_param *param);
/* The first element outside, in the order of the logical shape; -1: none. */
int64_t snn_param_outside(const snn_param *param);
/* For plans: what one has changed, as bits; both NULL: all. */
void snn_param_updated(snn_param *param, const uint64_t *row_bits,
                       const uint64_t *column_bits);
/* The value of an element, by its place in the logical shape. */
double snn_param_at(const snn_param *param, int64_t at);

/* The calls of a watch, of which there may be none; snn_param_follow clears its
   bits. */
snn_status snn_param_prepare(const snn_param *param, snn_fail *fail);
static inline bool snn_param_is_followed(const snn_param *param)
{
    return param->watch && param->watch->follows;
}
void snn_param_follow(const snn_param *param);
static inline void snn_param_leave(const snn_param *param)
{
    if (snn_param_is_followed(param)) param->watch->leave(param->watch->self);
}
static inline void snn_param_enter(const snn_param *param)
{
    if (snn_param_is_followed(param)) param->watch->enter(param->watch->self);
}
static inline void snn_param_done(const snn_param *param)
{
    if (snn_param_is_followed(param)) param->watch->done(param->watch->self);
}

/* Every element into [low, high] (infinite: no limit). Visits only what was
   dirty since the last call with the same limits. NaN stays. */
snn_status snn_param_clamp(snn_param *param, double low, double high,
                           snn_fail *fail);

#endif
