/* A node of the tree is a box around a run of outputs, in the order of the tree.
   An input visits it from the top. Where the kernel differs much within a box, the
   two halves are visited; where it does not, or hardly any output is to be
   expected, the outputs of the run are passed over by the most that the kernel is
   in the box, and each that is met is taken with what its own chance is of that
   (thinning; Lewis & Shedler 1979). So the result does not depend on the tree. */
#include "connect/space.h"

#include <math.h>
#include <sleef.h>
#include <string.h>

#include "util/mem.h"

static const char where[] = "connect.distance";

enum { DIMS = SNN_SPACE_DIMS, LEAF = 8, MOST_DEPTH = 48 };

typedef struct node {
    double middle[DIMS], half[DIMS]; /* the box */
    int32_t first, end;              /* in the order of the tree */
    int32_t right;                   /* the node of the second half; the first half's
                                        is the next node; 0: a leaf */
} node;

typedef struct tree {
    const snn_space *space;
    int32_t *order; /* (outputs) */
    node *nodes;
    int32_t count;
} tree;

/* ---- distances ---- */

/* The least difference of two places of a dimension that begins again. */
static inline double apart(double a, double b, double period)
{
    double d = fabs(a - b);
    return period > 0 ? fabs(d - period * nearbyint(d / period)) : d;
}

double snn_space_distance(const snn_space *s, int64_t input, int64_t output)
{
    const double *a = s->pre + input * s->dims, *b = s->post + output * s->dims;
    double sum = 0;
    for (int d = 0; d < s->dims; d++) {
        double x = apart(a[d], b[d], s->period[d]);
        sum += x * x;
    }
    return sqrt(sum);
}

/* The logarithm of the kernel. */
static inline double fall(const snn_space *s, double distance)
{
    double x = distance / s->sigma;
    if (distance > s->radius) return -INFINITY;
    return s->kernel == SNN_SPACE_GAUSSIAN      ? -x * x / 2
           : s->kernel == SNN_SPACE_EXPONENTIAL ? -x
                                                : 0;
}

double snn_space_chance(const snn_space *s, double distance)
{
    double x = fall(s, distance);
    return x == 0 ? s->p : s->p * Sleef_cinz_expd1_u10purec(x);
}

/* The least and the greatest distance from an input to a box, with what rounding
   may take. */
static void reach(const snn_space *s, const double *at, const node *box,
                  double *least, double *most)
{
    const double slack = 1e-12;
    double low = 0, high = 0;
    for (int d = 0; d < s->dims; d++) {
        double x = apart(at[d], box->middle[d], s->period[d]);
        double near = x - box->half[d], far = x + box->half[d];
        if (near > 0) low += near * near;
        high += far * far;
    }
    *least = sqrt(low) * (1 - slack);
    *most = sqrt(high) * (1 + slack);
}

/* ---- the tree ---- */

static void fit_box(const tree *t, node *n)
{
    const snn_space *s = t->space;
    for (int d = 0; d < s->dims; d++) {
        double low = INFINITY, high = -INFINITY;
        for (int32_t k = n->first; k < n->end; k++) {
            double x = s->post[(int64_t)t->order[k] * s->dims + d];
            low = fmin(low, x);
            high = fmax(high, x);
        }
        n->middle[d] = low + (high - low) / 2;
        n->half[d] = (high - low) / 2 * (1 + 1e-12);
    }
}

/* Orders the run so that the first half of it has the lesser places of dimension
   d (Hoare 1961). */
static void halve(const tree *t, int32_t first, int32_t end, int d)
{
    const snn_space *s = t->space;
    const double *x = s->post + d;
    int32_t *order = t->order, middle = first + (end - first) / 2;
    int32_t low = first, high = end - 1;
    while (low < high) {
        double pivot = x[(int64_t)order[low + (high - low) / 2] * s->dims];
        int32_t i = low, j = high;
        while (i <= j) {
            while (x[(int64_t)order[i] * s->dims] < pivot) i++;
            while (x[(int64_t)order[j] * s->dims] > pivot) j--;
            if (i > j) break;
            int32_t swap = order[i];
            order[i++] = order[j];
            order[j--] = swap;
        }
        if (middle <= j)
            high = j;
        else if (middle >= i)
            low = i;
        else
            break;
    }
}

static int32_t grow(tree *t, int32_t first, int32_t end, int depth)
{
    int32_t at = t->count++, widest = 0;
    node *n = &t->nodes[at];
    *n = (node){ .first = first, .end = end };
    fit_box(t, n);
    for (int d = 1; d < t->space->dims; d++)
        if (n->half[d] > n->half[widest]) widest = d;
    if (end - first <= LEAF || depth == MOST_DEPTH) return at;
    int32_t middle = first + (end - first) / 2;
    halve(t, first, end, widest);
    grow(t, first, middle, depth + 1);
    t->nodes[at].right = grow(t, middle, end, depth + 1);
    return at;
}

static void drop(tree *t)
{
    snn_mem_free(t->order);
    snn_mem_free(t->nodes);
}

static snn_status plant(const snn_space *space, snn_fail *fail, tree *t)
{
    /* halves of more than LEAF have more than LEAF / 2 */
    size_t most = (size_t)space->outputs / (LEAF / 2) * 2 + 1;
    size_t bytes = (size_t)space->outputs * sizeof *t->order;
    *t = (tree){ .space = space, .order = snn_mem_alloc(bytes),
                 .nodes = snn_mem_alloc(most * sizeof *t->nodes) };
    if (!t->order || !t->nodes) {
        drop(t);
        return snn_fail_memory(fail, where, bytes + most * sizeof *t->nodes);
    }
    for (int64_t j = 0; j < space->outputs; j++) t->order[j] = (int32_t)j;
    if (space->outputs > 0) grow(t, 0, (int32_t)space->outputs, 0);
    return SNN_OK;
}

/* ---- a row ---- */

typedef struct visit {
    const tree *tree;
    int64_t input;
    snn_uniforms u;
    bool no_self;
    int32_t *out; /* NULL: count */
    int64_t n;
} visit;

/* The outputs of a run, of which none is likelier than `most`. */
static void thin(visit *v, const node *run, double most)
{
    const snn_space *s = v->tree->space;
    snn_chances chances = snn_chances_of(most);
    for (int64_t k = run->first;; k++) {
        k += snn_chances_skip(&chances, &v->u, run->end - k);
        if (k >= run->end) return;
        int32_t j = v->tree->order[k];
        double p = snn_space_chance(s, snn_space_distance(s, v->input, j));
        if (p < most && !(snn_uniforms_next(&v->u) * most < p)) continue;
        if (v->no_self && j == v->input) continue;
        if (v->out) v->out[v->n] = j;
        v->n++;
    }
}

/* The halves of a box are visited where chances within it are more than e to this
   times apart: measured, from 1 to 2 the time is the same. Chances below e to
   MOST_FALL are 0 for numbers of 53 bits. */
static const double ALIKE = 1.5, MOST_FALL = -60;

static void visit_node(visit *v, int32_t at)
{
    const snn_space *s = v->tree->space;
    const node *n = &v->tree->nodes[at];
    double least, greatest;
    reach(s, s->pre + v->input * s->dims, n, &least, &greatest);
    double highest = fall(s, least);
    if (highest < MOST_FALL) return;
    bool is_whole =
        n->right == 0 || highest - fall(s, greatest) <= ALIKE;
    double most = snn_space_chance(s, least);
    if (is_whole || most * (n->end - n->first) <= 0.5) {
        thin(v, n, most);
    } else {
        visit_node(v, at + 1);
        visit_node(v, n->right);
    }
}

typedef struct space_rows {
    snn_rows rows;
    tree tree;
} space_rows;

static int64_t space_row(const snn_rows *rows, int64_t i, int32_t *out)
{
    const space_rows *r = (const space_rows *)(const void *)rows;
    visit v = { .tree = &r->tree, .input = i, .out = out,
                .u = snn_uniforms_of_row(rows->key, i),
                .no_self = rows->no_self };
    if (rows->outputs > 0) visit_node(&v, 0);
    if (out) snn_rows_sort(out, v.n);
    return v.n;
}

/* ---- for others ---- */

double snn_space_expected(const snn_space *s)
{
    enum { MOST = 1 << 22 }; /* pairs, some 0.1 s */
    int64_t step = 1, rows = 0;
    double sum = 0;
    while (step < s->inputs && s->inputs / step > 1 &&
           (double)(s->inputs / step) * (double)s->outputs > MOST)
        step *= 2;
    for (int64_t i = step / 2; i < s->inputs; i += step, rows++)
        for (int64_t j = 0; j < s->outputs; j++)
            if (!s->no_self || i != j)
                sum += snn_space_chance(s, snn_space_distance(s, i, j));
    return rows ? sum * ((double)s->inputs / (double)rows) : 0;
}

snn_status snn_space_make(const snn_space *space, snn_fail *fail,
                          snn_pattern **out)
{
    space_rows r = {
        .rows = { .inputs = space->inputs, .outputs = space->outputs,
                  .key = space->key, .no_self = space->no_self, .cost = 200,
                  .expected = 10 * (double)space->inputs, .where = where,
                  .row = space_row },
    };
    *out = NULL;
    /* found by chance in a part of the pairs: far too many are told at once */
    const double most = 0x1p31;
    if ((double)space->inputs * (double)space->outputs > most &&
        snn_space_expected(space) > 1.5 * most)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: it makes 2^31 synapses or more", where);
    snn_status status = plant(space, fail, &r.tree);
    if (status) return status;
    status = snn_rows_make(&r.rows, fail, out);
    drop(&r.tree);
    return status;
}
