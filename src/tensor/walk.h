/* Broadcast iteration: up to four operands seen in one shape, walked in rows.
   The shape's dimensions are reordered so that the first operand's strides
   fall, and dimensions that lie next to each other in all operands become one:
   contiguous operands make a single row. Elements are numbered in the walk's
   own order, so that a loop can be cut into parts by number. */
#ifndef SNN_TENSOR_WALK_H
#define SNN_TENSOR_WALK_H

#include "tensor/tensor.h"

enum { SNN_WALK_MOST = 4 };

typedef struct snn_walk {
    int operands;
    int ndim;      /* 1 or more */
    int64_t count; /* of elements */
    int64_t size[SNN_MAX_DIMS];
    int64_t stride[SNN_WALK_MOST][SNN_MAX_DIMS]; /* 0 where broadcast */
} snn_walk;

/* The shape that `a` and `b` broadcast to (NumPy's rules), which may be one of
   them; ValueError "where: shapes ..." when there is none. */
snn_status snn_shape_broadcast(const snn_shape *a, const snn_shape *b,
                               const char *where, snn_fail *fail,
                               snn_shape *out);
/* True when `from` broadcasts to exactly `to`. */
bool snn_shape_expands(const snn_shape *from, const snn_shape *to);

/* A walk over `shape`, without operands. */
void snn_walk_init(snn_walk *walk, const snn_shape *shape);
/* Adds an operand, which broadcasts to the shape. */
void snn_walk_add(snn_walk *walk, const snn_tensor *t);
/* Adds one whose every element is the same. */
void snn_walk_add_constant(snn_walk *walk);
/* Reorders and joins dimensions: once, after the last operand. */
void snn_walk_finish(snn_walk *walk);

/* A place in a walk. */
typedef struct snn_cursor {
    const snn_walk *walk;
    int64_t at[SNN_MAX_DIMS];
    int64_t left;                  /* elements until the end of the range */
    int64_t offset[SNN_WALK_MOST]; /* of the place, in elements */
} snn_cursor;

/* Before element `first` of the walk, to end at `last`. */
void snn_cursor_init(snn_cursor *cursor, const snn_walk *walk, int64_t first,
                     int64_t last);

/* Elements that follow in one row, with the strides walk->stride[k][ndim - 1];
   0 at the end. */
static inline int64_t snn_cursor_row(const snn_cursor *cursor)
{
    int inner = cursor->walk->ndim - 1;
    int64_t n = cursor->walk->size[inner] - cursor->at[inner];
    return n < cursor->left ? n : cursor->left;
}
/* Goes on by n elements, no more than the row has. */
void snn_cursor_advance(snn_cursor *cursor, int64_t n);

#endif
