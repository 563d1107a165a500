/* A product becomes a grid of blocks of c, and a block the sum over pieces of
   k, so that one call of OpenBLAS stays below some tens of milliseconds. A
   product with one row or column is gemv's, one with both is dot's. */
#ifdef REAL

/* A block of c by gemm. */
static void NAME(block)(const snn_product *p, const block *b)
{
    REAL *c = (REAL *)p->c + b->row * p->n + b->column;
    const REAL *x = (const REAL *)p->a.data + b->row * p->a.row_step;
    const REAL *y = (const REAL *)p->b.data + b->column * p->b.column_step;
    for (int64_t at = 0; at < p->k && !snn_interrupt_wanted(); at += DEPTH)
        snn_blas_get()->BLAS(gemm)(CblasRowMajor, b->a.order, b->b.order, (blasint)b->rows,
                   (blasint)b->columns, piece(p, at), 1,
                   x + at * p->a.column_step, b->a.lead,
                   y + at * p->b.row_step, b->b.lead, at > 0, c,
                   (blasint)p->n);
}

/* Rows of c, which has one column, by gemv. */
static void NAME(rows)(const snn_product *p, const block *b)
{
    REAL *c = (REAL *)p->c + b->row;
    const REAL *x = (const REAL *)p->a.data + b->row * p->a.row_step;
    const REAL *y = p->b.data;
    bool transposed = b->a.order == CblasTrans;
    blasint rows = (blasint)b->rows;
    memset(c, 0, (size_t)b->rows * sizeof *c);
    for (int64_t at = 0; at < p->k && !snn_interrupt_wanted(); at += DEPTH) {
        blasint depth = piece(p, at);
        snn_blas_get()->BLAS(gemv)(CblasRowMajor, b->a.order, transposed ? depth : rows,
                   transposed ? rows : depth, 1, x + at * p->a.column_step,
                   b->a.lead, y + at * p->b.row_step, vector_step(p), 1, c, 1);
    }
}

/* The only element of c; its pieces are summed in double. */
static void NAME(dot)(const snn_product *p)
{
    const REAL *x = p->a.data, *y = p->b.data;
    double sum = 0;
    for (int64_t at = 0; at < p->k && !snn_interrupt_wanted(); at += DEPTH)
        sum += (double)snn_blas_get()->BLAS(dot)(piece(p, at), x + at * p->a.column_step,
                                 (blasint)p->a.column_step,
                                 y + at * p->b.row_step,
                                 (blasint)p->b.row_step);
    *(REAL *)p->c = (REAL)sum;
}

#else

#include "kernel/matmul.h"

#include <string.h>

#include "util/blas.h"
#include "util/interrupt.h"
#include "util/par.h"

/* Measured on one thread: 20 x 784 x 100 in 41 us, 0.026 ns for a multiplication,
   1024^3 at 107 GF, 0.019 (COST is rounded up); a matrix and a vector are bound by
   memory (ROWS_COST: 4 bytes at 20 GB/s), whole numbers by the loop.
   LEAST_WORK is a third of a millisecond by COST, far more than a part costs to
   hand out. */
enum {
    DEPTH = 4096,          /* of k in one call */
    WIDEST = 512,          /* rows and columns of a block, */
    NARROWEST = 32,        /* which become fewer */
    ENOUGH = 8,            /* until there are so many blocks */
    LEAST_WORK = 1 << 23,  /* or so few multiplications in each */
    GEMV_WORK = 1 << 16    /* multiplications in a block of rows */
};
static const double COST = 0.04;     /* ns for a multiplication, with gemm */
static const double ROWS_COST = 0.2; /* with gemv */
static const double INT_COST = 1;

/* How OpenBLAS is told of a matrix. */
typedef struct layout {
    enum CBLAS_TRANSPOSE order;
    blasint lead;
} layout;

typedef struct block {
    int64_t row, column, rows, columns;
    layout a, b;
} block;

typedef struct grid {
    const snn_product *p;
    int64_t rows, columns; /* of a block */
    int64_t across;        /* blocks beside each other */
    layout a, b;
} grid;

/* ---- strides ---- */

static int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }
static int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }

/* False when OpenBLAS cannot read a matrix of these strides. */
static bool lay_out(const snn_matrix *x, int64_t rows, int64_t columns,
                    layout *out)
{
    int64_t across = rows > 1 ? x->row_step : most(columns, 1);
    int64_t down = columns > 1 ? x->column_step : most(rows, 1);
    bool by_rows = (x->column_step == 1 || columns <= 1) && across >= columns;
    bool by_columns = (x->row_step == 1 || rows <= 1) && down >= rows;
    int64_t lead = most(by_rows ? across : down, 1);
    out->order = by_rows ? CblasNoTrans : CblasTrans;
    out->lead = (blasint)lead;
    return (by_rows || by_columns) && lead <= INT32_MAX;
}

bool snn_matmul_takes(const snn_matrix *matrix, int64_t rows, int64_t columns)
{
    layout unused;
    return lay_out(matrix, rows, columns, &unused);
}

/* Elements of k from `at` on that one call takes. */
static blasint piece(const snn_product *p, int64_t at)
{
    return (blasint)least(p->k - at, DEPTH);
}

/* Of the vector b of a product with one column. */
static blasint vector_step(const snn_product *p)
{
    return p->k > 1 ? (blasint)p->b.row_step : 1;
}

/* ---- the two real types and int64 ---- */

#define REAL float
#define NAME(name) name##_f32
#define BLAS(name) s##name
#include "kernel/matmul.c"
#undef REAL
#undef NAME
#undef BLAS

#define REAL double
#define NAME(name) name##_f64
#define BLAS(name) d##name
#include "kernel/matmul.c"
#undef REAL
#undef NAME
#undef BLAS

static void block_i64(const snn_product *p, const block *b)
{
    for (int64_t i = b->row; i < b->row + b->rows; i++) {
        uint64_t *c = (uint64_t *)p->c + i * p->n + b->column;
        memset(c, 0, (size_t)b->columns * sizeof *c);
        for (int64_t l = 0; l < p->k && !snn_interrupt_wanted(); l++) {
            uint64_t x = ((const uint64_t *)p->a.data)[i * p->a.row_step +
                                                       l * p->a.column_step];
            const uint64_t *y = (const uint64_t *)p->b.data +
                                l * p->b.row_step +
                                b->column * p->b.column_step;
            for (int64_t j = 0; j < b->columns; j++)
                c[j] += x * y[j * p->b.column_step];
        }
    }
}

/* ---- the grid ---- */

static void run_block(void *context, int64_t part)
{
    const grid *g = context;
    const snn_product *p = g->p;
    block b = { .row = part / g->across * g->rows,
                .column = part % g->across * g->columns,
                .a = g->a, .b = g->b };
    b.rows = least(p->m - b.row, g->rows);
    b.columns = least(p->n - b.column, g->columns);
    if (p->type == SNN_MATMUL_INT64) block_i64(p, &b);
    else if (p->type == SNN_MATMUL_FLOAT32)
        (p->n == 1 ? rows_f32 : block_f32)(p, &b);
    else
        (p->n == 1 ? rows_f64 : block_f64)(p, &b);
}

static int64_t blocks_of(const grid *g)
{
    return (g->p->m + g->rows - 1) / g->rows * g->across;
}

static grid cut(const snn_product *p)
{
    grid g = { .p = p, .rows = least(p->m, WIDEST),
               .columns = least(p->n, WIDEST) };
    if (p->n == 1)
        g.rows = least(p->m, most(GEMV_WORK / p->k, NARROWEST));
    for (;;) {
        g.across = (p->n + g.columns - 1) / g.columns;
        int64_t *longer = g.rows > g.columns ? &g.rows : &g.columns;
        if (p->n == 1 || blocks_of(&g) >= ENOUGH || *longer < 2 * NARROWEST ||
            g.rows * g.columns < LEAST_WORK / p->k)
            return g;
        *longer = (*longer + 1) / 2;
    }
}

/* With one row: the same elements as one column. */
static snn_product transposed(const snn_product *p)
{
    snn_product t = *p;
    t.m = p->n;
    t.n = 1;
    t.a = (snn_matrix){ p->b.data, p->b.column_step, p->b.row_step };
    t.b = (snn_matrix){ p->a.data, p->a.column_step, p->a.row_step };
    return t;
}

static double cost_of(const snn_product *p)
{
    double work = (double)p->m * (double)p->n * (double)p->k;
    if (p->type == SNN_MATMUL_INT64) return INT_COST * work;
    return (p->n == 1 ? ROWS_COST : COST) * work;
}

void snn_matmul(const snn_product *product)
{
    snn_product p = *product;
    if (p.m == 0 || p.n == 0) return;
    if (p.k == 0) {
        size_t size = p.type == SNN_MATMUL_FLOAT32 ? 4 : 8;
        memset(p.c, 0, (size_t)p.m * (size_t)p.n * size);
        return;
    }
    if (p.m == 1 && p.n > 1) p = transposed(&p);
    if (p.m == 1 && p.type != SNN_MATMUL_INT64) {
        (p.type == SNN_MATMUL_FLOAT32 ? dot_f32 : dot_f64)(&p);
        return;
    }
    grid g = cut(&p);
    if (p.type != SNN_MATMUL_INT64) {
        lay_out(&p.a, p.m, p.k, &g.a);
        lay_out(&p.b, p.k, p.n, &g.b);
    }
    snn_par_attempt(blocks_of(&g), cost_of(&p), run_block, &g);
}

#endif
