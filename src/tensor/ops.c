/* An operation is planned, then run over a partition of its elements. The
   kernels know only runs of one dtype side by side: operands that are
   something else pass through a buffer of CHUNK elements that stays in the
   first cache. Operand 0 of a plan is the output. */
#include "tensor/ops.h"

#include <math.h>
#include <stdalign.h>
#include <string.h>

#include "kernel/compare.h"
#include "kernel/convert.h"
#include "kernel/stream.h"
#include "tensor/copy.h"
#include "tensor/reduce.h"
#include "tensor/walk.h"
#include "util/interrupt.h"
#include "util/isa.h"
#include "util/par.h"

/* ---- the list ---- */

typedef enum op_rule {
    KEEP, COUNT, NUMBER, BITS, REALS, ORDER, TRUTH, CHOOSE
} op_rule;

static const struct {
    int arity;
    op_rule rule;
    bool gives_bool;
} list[SNN_OPS] = {
#define UNARY(name, rule, ...) [SNN_OP_##name] = { 1, rule, false },
#define BINARY(name, rule, ...) [SNN_OP_##name] = { 2, rule, false },
#define TERNARY(name, rule, ...) [SNN_OP_##name] = { 3, rule, false },
#define T_UNARY(name, rule, ...) [SNN_OP_##name] = { 1, rule, true },
#define T_BINARY(name, rule, ...) [SNN_OP_##name] = { 2, rule, true },
#include "kernel/ops.h"
    [SNN_OP_WHERE] = { 3, CHOOSE, false },
};

/* ns for an element: memory decides for plain ones, SLEEF for the others */
static const double COST = 0.5;
static const double MATH_COST[SNN_OPS] = {
#define M_UNARY(name, vector) [SNN_OP_##name] = 2,
#define M_BINARY(name, vector) [SNN_OP_##name] = 8,
#include "kernel/ops.h"
    [SNN_OP_MOD] = 8,
    [SNN_OP_FLOOR_DIVIDE] = 8,
    [SNN_OP_GAMMAINCC] = 300,
    [SNN_OP_LOG_GAMMAINCC] = 300,
    [SNN_OP_LOG_POISSON] = 50,
    [SNN_OP_LOG_NDTR] = 50,
};

int snn_op_arity(snn_op op) { return list[op].arity; }

snn_operand snn_of_real(double v)
{
    if (v >= -0x1p63 && v < 0x1p63 && v == trunc(v))
        return snn_of_integer((int64_t)v);
    return (snn_operand){ .least = SNN_FLOAT32, .real = v };
}

/* ---- dtypes ---- */

/* The operands' common dtype; numbers alone are real unless they are
   booleans. */
static snn_dtype common_dtype(const snn_operand *in, int n)
{
    snn_dtype dtype = SNN_BOOL;
    bool has_tensor = false;
    for (int k = 0; k < n; k++) {
        dtype = snn_dtype_promote(dtype, in[k].tensor ? in[k].tensor->dtype
                                                      : in[k].least);
        has_tensor = has_tensor || in[k].tensor;
    }
    return !has_tensor && dtype == SNN_INT64 ? SNN_FLOAT32 : dtype;
}

/* A number as negative exponent has no integral result. */
static bool is_inverse_power(snn_op op, const snn_operand *in)
{
    return op == SNN_OP_POW && !in[1].tensor && in[1].real < 0;
}

/* The dtype to compute in. */
static snn_status find_dtype(snn_op op, const char *where,
                             const snn_operand *in, snn_fail *fail,
                             snn_dtype *out)
{
    int skip = list[op].rule == CHOOSE; /* the condition */
    snn_dtype dtype = common_dtype(in + skip, list[op].arity - skip);
    switch (list[op].rule) {
    case KEEP:
    case ORDER:
    case CHOOSE: break;
    case COUNT:
        if (dtype == SNN_BOOL) dtype = SNN_INT64;
        if (is_inverse_power(op, in))
            dtype = snn_dtype_promote(dtype, SNN_FLOAT32);
        break;
    case NUMBER:
        if (dtype == SNN_BOOL)
            return snn_fail_set(fail, SNN_TYPE_ERROR,
                                "%s: bool tensors have no difference; use ne, "
                                "logical_not or to('int64')",
                                where);
        break;
    case BITS:
        if (snn_dtype_is_real(dtype))
            return snn_fail_set(fail, SNN_TYPE_ERROR,
                                "%s: needs bool or int64, got %s; compare "
                                "first (a:gt(0)) or use logical_and, "
                                "logical_or, logical_not",
                                where, snn_dtype_name(dtype));
        break;
    case REALS: dtype = snn_dtype_promote(dtype, SNN_FLOAT32); break;
    case TRUTH: dtype = SNN_BOOL; break;
    }
    *out = dtype;
    return SNN_OK;
}

/* Whether a tensor of int64 is compared with reals: which operand it is, or
   -1. */
static int mixed_order(snn_op op, const snn_operand *in)
{
    if (list[op].rule != ORDER) return -1;
    for (int k = 0; k < 2; k++) {
        const snn_tensor *t = in[k].tensor, *other = in[1 - k].tensor;
        snn_dtype beside = other ? other->dtype : in[1 - k].least;
        if (t && t->dtype == SNN_INT64 && snn_dtype_is_real(beside)) return k;
    }
    return -1;
}

/* Where the divisor of whole numbers is 0 there is neither quotient nor
   remainder. */
static snn_status check_divisor(snn_op op, const char *where,
                                const snn_operand *in, snn_dtype dtype,
                                snn_fail *fail)
{
    char text[SNN_SHAPE_TEXT];
    snn_tensor found;
    bool divides = op == SNN_OP_MOD || op == SNN_OP_FLOOR_DIVIDE;
    if (!divides || dtype != SNN_INT64) return SNN_OK;
    const snn_tensor *divisor = in[1].tensor;
    if (!divisor)
        return in[1].integer != 0
                   ? SNN_OK
                   : snn_fail_set(fail, SNN_VALUE_ERROR,
                                  "%s: the divisor of int64 is 0", where);
    snn_status status = snn_tensor_reduce(divisor, SNN_REDUCE_ALL,
                                          SNN_ALL_DIMS, false, 0, fail, &found);
    if (status) return status;
    bool has_zero = !snn_tensor_bool(&found)[0];
    snn_tensor_clear(&found);
    if (!has_zero) return SNN_OK;
    status = snn_tensor_to(divisor, SNN_BOOL, fail, &found);
    if (status) return status;
    int64_t i = 0;
    while (snn_tensor_bool(&found)[i]) i++;
    snn_tensor_clear(&found);
    return snn_fail_set(fail, SNN_VALUE_ERROR,
                        "%s: the divisor of int64 is 0 at index %s", where,
                        snn_shape_index_text(&divisor->shape, i, text));
}

/* Squares need no power; that of a real base has the same dtype. */
static bool is_square(snn_op op, const snn_operand *in)
{
    return op == SNN_OP_POW && !in[1].tensor && in[1].real == 2 &&
           in[0].tensor && snn_dtype_is_real(in[0].tensor->dtype);
}

/* ---- plan ---- */

/* A chunk of each operand in double is 4 kB: all of them lie in the first cache.
   A part is some 16 us by COST, of which a loop worth sharing has several. Rows
   shorter than SHORT_ROW, some vectors, are not gone along but across. */
enum { CHUNK = 512, PART = 1 << 15, SHORT_ROW = 64, MOST = 4 };
/* Streamed chunks are short, so that one is worked out while that before it is
   on its way. From 32 MiB on, as much as a processor's last cache, a result is
   out of it before it is read again: at 10^7 elements x + y takes 2.3 ms streamed
   and 2.9 without, x + 1 1.6 and 2.0, where 2.4 and 4.5. */
enum { STREAMED_BYTES = 32 << 20, STREAMED_CHUNK = 256 };

typedef enum op_way {
    FLAT,     /* its elements lie side by side in the walk's order */
    ROW,      /* those of a row do */
    CONSTANT, /* one element for all, in a buffer filled once */
    STREAMED, /* FLAT, written from the buffer past the caches */
    BUFFERED
} op_way;

typedef struct plan {
    snn_op op;
    snn_op_fn *fn;
    int operands;
    snn_walk walk;
    bool is_new; /* nobody has the output yet */
    bool across; /* rows are short: chunks go across several */
    struct {
        char *data;
        int64_t size; /* of an element there, and in the buffer */
        int64_t buffered_size;
        snn_convert_fn *convert; /* into the buffer; of the output, from it */
        bool same;               /* no conversion is needed */
        op_way way;
    } at[MOST];
    int64_t value[MOST]; /* of numbers, in the dtype of the buffer */
} plan;

static void plan_operand(plan *p, int k, const void *data, snn_dtype has,
                         snn_dtype wanted)
{
    p->at[k].data = (char *)(uintptr_t)data;
    p->at[k].size = (int64_t)snn_dtype_size(has);
    p->at[k].buffered_size = (int64_t)snn_dtype_size(wanted);
    p->at[k].same = has == wanted;
    p->at[k].convert = k == 0 ? snn_convert((int)wanted, (int)has)
                              : snn_convert((int)has, (int)wanted);
}

static void plan_number(plan *p, int k, const snn_operand *number,
                        snn_dtype wanted)
{
    bool is_real = number->least == SNN_FLOAT32;
    const void *v = is_real ? (const void *)&number->real : &number->integer;
    snn_convert(is_real ? SNN_FLOAT64 : SNN_INT64, (int)wanted)
        (1, v, 1, &p->value[k], 1);
    plan_operand(p, k, &p->value[k], wanted, wanted);
}

static bool is_constant(const plan *p, int k)
{
    for (int i = 0; i < p->walk.ndim; i++)
        if (p->walk.stride[k][i] != 0) return false;
    return true;
}

static bool is_flat(const plan *p, int k)
{
    int64_t step = 1;
    for (int i = p->walk.ndim - 1; i >= 0; i--) {
        if (p->walk.stride[k][i] != step) return false;
        step *= p->walk.size[i];
    }
    return true;
}

/* Results that no cache would keep, of operations that wait for memory. */
static bool is_streamed(const plan *p)
{
    return SNN_STREAMS && p->is_new && p->at[0].way == FLAT &&
           MATH_COST[p->op] == 0 &&
           p->walk.count >= STREAMED_BYTES / p->at[0].size;
}

static void plan_ways(plan *p)
{
    int inner = p->walk.ndim - 1;
    p->across = inner > 0 && p->walk.size[inner] < SHORT_ROW;
    for (int k = 0; k < p->operands; k++) {
        bool side_by_side = p->at[k].same && p->walk.stride[k][inner] == 1;
        if (k > 0 && is_constant(p, k)) p->at[k].way = CONSTANT;
        else if (side_by_side && is_flat(p, k)) p->at[k].way = FLAT;
        else if (side_by_side && !p->across) p->at[k].way = ROW;
        else p->at[k].way = BUFFERED;
    }
    if (is_streamed(p)) p->at[0].way = STREAMED;
}

/* `data` is the first element of `out`, to write; `dtype` the one computed
   in. */
static void make_plan(plan *p, snn_op op, const snn_operand *in,
                      snn_dtype dtype, const snn_tensor *out, void *data,
                      bool is_new)
{
    op_rule rule = list[op].rule;
    int whole = mixed_order(op, in);
    snn_operand swapped[2];
    if (whole == 1) {
        swapped[0] = in[1];
        swapped[1] = in[0];
        in = swapped;
        op = snn_compare_swapped(op);
    }
    p->op = op;
    p->is_new = is_new;
    p->fn = whole >= 0 ? snn_compare_kernel() : snn_op_kernel(op, (int)dtype);
    p->operands = 1 + list[op].arity;
    snn_walk_init(&p->walk, &out->shape);
    snn_walk_add(&p->walk, out);
    plan_operand(p, 0, data, out->dtype,
                 list[op].gives_bool ? SNN_BOOL : dtype);
    for (int k = 1; k < p->operands; k++) {
        const snn_operand *operand = &in[k - 1];
        snn_dtype wanted = rule == CHOOSE && k == 1 ? SNN_BOOL : dtype;
        if (whole >= 0) wanted = k == 1 ? SNN_INT64 : SNN_FLOAT64;
        if (operand->tensor) {
            const snn_tensor *t = operand->tensor;
            snn_walk_add(&p->walk, t);
            plan_operand(p, k, snn_tensor_data(t), t->dtype, wanted);
        } else {
            snn_walk_add_constant(&p->walk);
            plan_number(p, k, operand, wanted);
        }
    }
    snn_walk_finish(&p->walk);
    plan_ways(p);
}

/* ---- run ---- */

typedef struct run {
    const plan *plan;
    snn_cursor cursor;
    int64_t at;  /* of the cursor, in elements of the walk */
    int64_t most; /* elements in a chunk */
    char *run[MOST]; /* the chunk of each operand */
    alignas(64) char buffer[MOST][CHUNK * sizeof(double)];
} run;

static void fill_constants(run *r, int64_t n)
{
    const plan *p = r->plan;
    r->most = p->at[0].way == STREAMED ? STREAMED_CHUNK : INT64_MAX;
    for (int k = 0; k < p->operands; k++) {
        op_way way = p->at[k].way;
        if (way == FLAT || way == ROW) continue;
        if (r->most > CHUNK) r->most = CHUNK;
        r->run[k] = r->buffer[k];
        if (way == CONSTANT)
            p->at[k].convert(n, p->at[k].data, 0, r->buffer[k], 1);
    }
}

static void point_at_runs(run *r)
{
    const plan *p = r->plan;
    for (int k = 0; k < p->operands; k++) {
        if (p->at[k].way == FLAT)
            r->run[k] = p->at[k].data + r->at * p->at[k].size;
        else if (p->at[k].way == ROW)
            r->run[k] = p->at[k].data + r->cursor.offset[k] * p->at[k].size;
    }
}

/* Brings the next elements into the buffers; returns how many. */
static int64_t gather(run *r)
{
    const plan *p = r->plan;
    int inner = p->walk.ndim - 1;
    int64_t most = p->across ? CHUNK : snn_cursor_row(&r->cursor), done = 0;
    if (most > r->most) most = r->most;
    while (done < most && r->cursor.left > 0) {
        int64_t n = snn_cursor_row(&r->cursor);
        if (n > most - done) n = most - done;
        for (int k = 1; k < p->operands; k++) {
            if (p->at[k].way != BUFFERED) continue;
            p->at[k].convert(
                n, p->at[k].data + r->cursor.offset[k] * p->at[k].size,
                p->walk.stride[k][inner],
                r->buffer[k] + done * p->at[k].buffered_size, 1);
        }
        snn_cursor_advance(&r->cursor, n);
        done += n;
    }
    return done;
}

/* Takes n results from the buffer to where the cursor stood. */
static void scatter(const run *r, snn_cursor cursor, int64_t n)
{
    const plan *p = r->plan;
    int64_t stride = p->walk.stride[0][p->walk.ndim - 1];
    for (int64_t done = 0; done < n;) {
        int64_t row = snn_cursor_row(&cursor);
        if (row > n - done) row = n - done;
        p->at[0].convert(row, r->buffer[0] + done * p->at[0].buffered_size, 1,
                         p->at[0].data + cursor.offset[0] * p->at[0].size,
                         stride);
        snn_cursor_advance(&cursor, row);
        done += row;
    }
}

/* Asks for operands of the n elements from `at` on, which need not exist: the
   processor's own prefetching loses track where one writes past the caches or
   reads arrays of different widths. */
static SNN_INLINE void ask_ahead(const plan *p, int64_t at, int64_t n)
{
    enum { LINE = 64 };
    for (int64_t i = at; i < at + n; i += LINE) {
        for (int k = 1; k < p->operands; k++) {
            if (p->at[k].way != FLAT) continue;
            uintptr_t size = (uintptr_t)p->at[k].size;
            uintptr_t from = (uintptr_t)p->at[k].data + (uintptr_t)i * size;
            for (uintptr_t j = 0; j < size; j++)
                __builtin_prefetch((const void *)(from + j * LINE));
        }
    }
}

static void run_range(const plan *p, int64_t first, int64_t last)
{
    run r;
    r.plan = p;
    r.at = first;
    snn_cursor_init(&r.cursor, &p->walk, first, last);
    fill_constants(&r, last - first < CHUNK ? last - first : CHUNK);
    while (r.at < last) {
        point_at_runs(&r);
        snn_cursor start = r.cursor;
        int64_t n = gather(&r);
        const void *const in[3] = { r.run[1], p->operands > 2 ? r.run[2] : NULL,
                                    p->operands > 3 ? r.run[3] : NULL };
        if (p->at[0].way == STREAMED) ask_ahead(p, r.at + 2 * n, n);
        p->fn(p->op, n, in, r.run[0]);
        if (p->at[0].way == BUFFERED) scatter(&r, start, n);
        if (p->at[0].way == STREAMED)
            snn_stream(n * p->at[0].size, r.run[0],
                       p->at[0].data + r.at * p->at[0].size);
        r.at += n;
    }
    if (p->at[0].way == STREAMED) snn_stream_end();
}

static void run_part(void *context, int64_t part)
{
    const plan *p = context;
    int64_t first = part * PART, last = first + PART;
    run_range(p, first, last < p->walk.count ? last : p->walk.count);
}

static int64_t parts_of(const plan *p)
{
    return (p->walk.count + PART - 1) / PART;
}

static double cost_of(const plan *p)
{
    return (COST + MATH_COST[p->op]) * (double)p->walk.count;
}

/* ---- new tensors ---- */

static snn_status broadcast_all(const snn_operand *in, int n,
                                const char *where, snn_fail *fail,
                                snn_shape *out)
{
    out->ndim = 0;
    for (int k = 0; k < n; k++) {
        if (!in[k].tensor) continue;
        snn_status status = snn_shape_broadcast(out, &in[k].tensor->shape,
                                                where, fail, out);
        if (status) return status;
    }
    return SNN_OK;
}

snn_status snn_apply(snn_op op, const char *where, const snn_operand *in,
                     snn_fail *fail, snn_tensor *out)
{
    if (is_square(op, in))
        return snn_apply(SNN_OP_MUL, where, (snn_operand[]){ in[0], in[0] },
                         fail, out);
    snn_shape shape;
    snn_dtype dtype;
    *out = SNN_NO_TENSOR;
    snn_status status = broadcast_all(in, list[op].arity, where, fail, &shape);
    if (!status) status = find_dtype(op, where, in, fail, &dtype);
    if (!status) status = check_divisor(op, where, in, dtype, fail);
    if (!status)
        status = snn_tensor_new(&shape, list[op].gives_bool ? SNN_BOOL : dtype,
                                where, fail, out);
    if (status) return status;
    plan p;
    make_plan(&p, op, in, dtype, out, snn_tensor_edit(out, false), true);
    snn_par_attempt(parts_of(&p), cost_of(&p), run_part, &p);
    status = snn_interrupt_check(where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* ---- in place ---- */

static int kind_of(snn_dtype dtype)
{
    return dtype == SNN_FLOAT64 ? SNN_FLOAT32 : (int)dtype;
}

static snn_status check_into(snn_op op, const char *where,
                             const snn_operand *in, snn_dtype gives,
                             const snn_tensor *target, snn_fail *fail)
{
    if (kind_of(gives) > kind_of(target->dtype))
        return snn_fail_set(fail, SNN_TYPE_ERROR,
                            "%s: the result is %s and does not fit into a "
                            "tensor of %s",
                            where, snn_dtype_name(gives),
                            snn_dtype_name(target->dtype));
    for (int k = 0; k < list[op].arity; k++) {
        if (!in[k].tensor ||
            snn_shape_expands(&in[k].tensor->shape, &target->shape))
            continue;
        char from[SNN_SHAPE_TEXT], to[SNN_SHAPE_TEXT];
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: shape %s does not broadcast to %s", where,
                            snn_shape_text(&in[k].tensor->shape, from),
                            snn_shape_text(&target->shape, to));
    }
    return snn_tensor_check_target(target, where, fail);
}

/* Operands that overlap the target elsewhere than in place, copied. */
typedef struct overlap {
    snn_operand in[3];
    snn_tensor copy[3];
    bool shares; /* some operand reads the target's storage */
} overlap;

static void drop_copies(overlap *kept, int n)
{
    for (int k = 0; k < n; k++) snn_tensor_clear(&kept->copy[k]);
}

static snn_status keep_overlapping(const snn_operand *in, int n,
                                   const snn_tensor *target, snn_fail *fail,
                                   overlap *kept)
{
    kept->shares = false;
    for (int k = 0; k < n; k++) {
        kept->in[k] = in[k];
        kept->copy[k] = SNN_NO_TENSOR;
    }
    for (int k = 0; k < n; k++) {
        const snn_tensor *t = in[k].tensor;
        if (!t || !snn_tensor_shares(target, t)) continue;
        kept->shares = true;
        if (snn_tensor_same_view(target, t)) continue;
        snn_status status = snn_tensor_clone(t, fail, &kept->copy[k]);
        if (status) {
            drop_copies(kept, n);
            return status;
        }
        kept->in[k].tensor = &kept->copy[k];
    }
    return SNN_OK;
}

static const double LONG = 5e7; /* ns: computed anew, as it may be interrupted */

static bool takes_long(snn_op op, const snn_operand *in, const snn_tensor *target)
{
    snn_shape shape; /* of the result */
    return (COST + MATH_COST[op]) * (double)snn_tensor_count(target) > LONG &&
           broadcast_all(in, list[op].arity, "", NULL, &shape) == SNN_OK &&
           snn_shape_equal(&shape, &target->shape);
}

static snn_status apply_aside(snn_op op, const char *where, const snn_operand *in,
                              snn_tensor *target, snn_fail *fail)
{
    snn_tensor new;
    snn_status status = snn_apply(op, where, in, fail, &new);
    if (!status) status = snn_tensor_copy_into(target, &new, fail);
    snn_tensor_clear(&new);
    return status;
}

snn_status snn_apply_into(snn_op op, const char *where, const snn_operand *in,
                          snn_tensor *target, snn_fail *fail)
{
    if (is_square(op, in))
        return snn_apply_into(SNN_OP_MUL, where, (snn_operand[]){ in[0], in[0] }, target, fail);
    snn_dtype dtype;
    snn_status status = find_dtype(op, where, in, fail, &dtype);
    if (status) return status;
    snn_dtype gives = list[op].gives_bool ? SNN_BOOL : dtype;
    status = check_divisor(op, where, in, dtype, fail);
    if (!status) status = check_into(op, where, in, gives, target, fail);
    if (status) return status;
    if (takes_long(op, in, target)) return apply_aside(op, where, in, target, fail);
    overlap kept;
    status = keep_overlapping(in, list[op].arity, target, fail, &kept);
    if (status) return status;
    void *data = snn_tensor_edit(target, kept.shares ||
                                             !snn_tensor_is_whole(target));
    if (data) {
        plan p;
        make_plan(&p, op, kept.in, dtype, target, data, false);
        snn_par_run(parts_of(&p), cost_of(&p), run_part, &p);
    } else {
        status = snn_fail_memory(fail, where, target->storage->block->bytes);
    }
    drop_copies(&kept, list[op].arity);
    return status;
}
