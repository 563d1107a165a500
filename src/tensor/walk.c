/* Dimensions are sorted and joined once when a walk is finished, so that the
   loops over it see as few and as long rows as there are. */
#include "tensor/walk.h"

/* ---- shapes ---- */

snn_status snn_shape_broadcast(const snn_shape *a, const snn_shape *b,
                               const char *where, snn_fail *fail,
                               snn_shape *out)
{
    const snn_shape *more = a->ndim >= b->ndim ? a : b;
    const snn_shape *less = more == a ? b : a;
    snn_shape shape = *more;
    int shift = more->ndim - less->ndim;
    for (int i = 0; i < less->ndim; i++) {
        int64_t n = less->size[i], *m = &shape.size[i + shift];
        if (n == *m || n == 1) continue;
        if (*m == 1) {
            *m = n;
            continue;
        }
        char ta[SNN_SHAPE_TEXT], tb[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: shapes %s and %s do not broadcast", where,
                            snn_shape_text(a, ta), snn_shape_text(b, tb));
    }
    *out = shape;
    return SNN_OK;
}

bool snn_shape_expands(const snn_shape *from, const snn_shape *to)
{
    int shift = to->ndim - from->ndim;
    if (shift < 0) return false;
    for (int i = 0; i < from->ndim; i++)
        if (from->size[i] != 1 && from->size[i] != to->size[i + shift])
            return false;
    return true;
}

/* ---- building ---- */

void snn_walk_init(snn_walk *walk, const snn_shape *shape)
{
    walk->operands = 0;
    walk->ndim = shape->ndim;
    walk->count = snn_shape_count(shape);
    for (int i = 0; i < shape->ndim; i++) walk->size[i] = shape->size[i];
}

void snn_walk_add(snn_walk *walk, const snn_tensor *t)
{
    int64_t *stride = walk->stride[walk->operands++];
    int shift = walk->ndim - t->shape.ndim;
    for (int i = 0; i < walk->ndim; i++) {
        bool same = i >= shift && t->shape.size[i - shift] > 1;
        stride[i] = same ? t->stride[i - shift] : 0;
    }
}

void snn_walk_add_constant(snn_walk *walk)
{
    int64_t *stride = walk->stride[walk->operands++];
    for (int i = 0; i < walk->ndim; i++) stride[i] = 0;
}

static void swap(int64_t *a, int64_t *b)
{
    int64_t kept = *a;
    *a = *b;
    *b = kept;
}

static void swap_dims(snn_walk *walk, int i, int j)
{
    swap(&walk->size[i], &walk->size[j]);
    for (int k = 0; k < walk->operands; k++)
        swap(&walk->stride[k][i], &walk->stride[k][j]);
}

/* Sizes of 1 go: their strides mean nothing. */
static void drop_ones(snn_walk *walk)
{
    int kept = 0;
    for (int i = 0; i < walk->ndim; i++) {
        if (walk->size[i] == 1) continue;
        if (kept != i) swap_dims(walk, kept, i);
        kept++;
    }
    walk->ndim = kept;
}

/* Insertion sort by the first operand's strides: stable and at home in eight
   places. Strides of 0 stay where they are, so that equal layouts keep the
   order of their shape. */
static void sort_dims(snn_walk *walk)
{
    const int64_t *key = walk->stride[0];
    for (int i = 1; i < walk->ndim; i++)
        for (int j = i; j > 0 && key[j] > key[j - 1] && key[j - 1] > 0; j--)
            swap_dims(walk, j - 1, j);
}

static bool joins(const snn_walk *walk, int outer, int inner)
{
    for (int k = 0; k < walk->operands; k++)
        if (walk->stride[k][outer] !=
            walk->stride[k][inner] * walk->size[inner])
            return false;
    return true;
}

static void join_dims(snn_walk *walk)
{
    int last = 0; /* the joined dimension that may still grow */
    for (int i = 1; i < walk->ndim; i++) {
        if (!joins(walk, last, i)) {
            if (++last != i) swap_dims(walk, last, i);
            continue;
        }
        walk->size[last] *= walk->size[i];
        for (int k = 0; k < walk->operands; k++)
            walk->stride[k][last] = walk->stride[k][i];
    }
    walk->ndim = last + 1;
}

void snn_walk_finish(snn_walk *walk)
{
    drop_ones(walk);
    if (walk->ndim == 0) {
        walk->ndim = 1;
        walk->size[0] = 1;
        for (int k = 0; k < walk->operands; k++) walk->stride[k][0] = 1;
        return;
    }
    if (walk->ndim == 1) return;
    sort_dims(walk);
    join_dims(walk);
}

/* ---- walking ---- */

void snn_cursor_init(snn_cursor *cursor, const snn_walk *walk, int64_t first,
                     int64_t last)
{
    cursor->walk = walk;
    cursor->left = last - first;
    for (int k = 0; k < walk->operands; k++) cursor->offset[k] = 0;
    if (cursor->left <= 0) return;
    for (int i = walk->ndim - 1; i >= 0; i--) {
        cursor->at[i] = first % walk->size[i];
        first /= walk->size[i];
        for (int k = 0; k < walk->operands; k++)
            cursor->offset[k] += cursor->at[i] * walk->stride[k][i];
    }
}

static void step_dim(snn_cursor *cursor, int dim, int64_t n)
{
    const snn_walk *walk = cursor->walk;
    cursor->at[dim] += n;
    for (int k = 0; k < walk->operands; k++)
        cursor->offset[k] += n * walk->stride[k][dim];
}

void snn_cursor_advance(snn_cursor *cursor, int64_t n)
{
    const snn_walk *walk = cursor->walk;
    cursor->left -= n;
    if (cursor->left <= 0) return;
    int dim = walk->ndim - 1;
    step_dim(cursor, dim, n);
    for (; cursor->at[dim] == walk->size[dim]; dim--) {
        step_dim(cursor, dim, -walk->size[dim]);
        step_dim(cursor, dim - 1, 1);
    }
}
