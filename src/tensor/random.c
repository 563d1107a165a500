/* Parts of PART elements, each made by a kernel from the number of its first
   element. What the kernels do not make in the wanted dtype goes through a
   buffer. */
#include "tensor/random.h"

#include <float.h>

#include "kernel/convert.h"
#include "kernel/random.h"
#include "tensor/copy.h"
#include "util/interrupt.h"
#include "util/number.h"
#include "util/par.h"

/* Elements: of a part, 16 us for each ns that a number costs; of a chunk, whose
   doubles (2 kB) stay in the first cache. */
enum { PART = 1 << 14, CHUNK = 256 };

typedef struct job job;
struct job {
    snn_rng_key key;
    int64_t count;
    snn_dtype dtype;
    char *out;
    /* writes elements first .. first + n - 1, n <= PART, from `out` on */
    void (*make)(const job *j, int64_t first, int64_t n, char *out);
    double a, b;
    snn_random_real_fn *real;
    int64_t low;
    uint64_t range;
    const snn_tensor *given; /* probabilities, means: contiguous */
};

static void make_part(void *context, int64_t part)
{
    const job *j = context;
    int64_t first = part * PART;
    int64_t n = j->count - first < PART ? j->count - first : PART;
    j->make(j, first, n, j->out + first * (int64_t)snn_dtype_size(j->dtype));
}

/* `cost` in ns for an element. The output is fresh: to edit it cannot fail. */
static snn_status run_job(job *j, double cost, snn_tensor *out,
                          const char *where, snn_fail *fail)
{
    j->key = snn_rng_next();
    j->count = snn_tensor_count(out);
    j->dtype = out->dtype;
    j->out = snn_tensor_edit(out, false);
    snn_par_attempt((j->count + PART - 1) / PART, cost * (double)j->count,
                    make_part, j);
    snn_status status = snn_interrupt_check(where, fail);
    if (status) snn_tensor_clear(out);
    return status;
}

/* ---- real numbers ---- */

static void make_real(const job *j, int64_t first, int64_t n, char *out)
{
    j->real(j->key, first, n, j->a, j->b, out);
}

snn_status snn_tensor_random(snn_distribution distribution, double a, double b,
                             const snn_shape *shape, snn_dtype dtype,
                             const char *where, snn_fail *fail,
                             snn_tensor *out)
{
    snn_status status = snn_tensor_new(shape, dtype, where, fail, out);
    if (status) return status;
    bool f64 = dtype == SNN_FLOAT64;
    job j = { .make = make_real, .a = a, .b = b,
              .real = distribution == SNN_UNIFORM ? snn_random_uniform(f64)
                                                  : snn_random_normal(f64) };
    return run_job(&j, distribution == SNN_UNIFORM ? 1 : 4, out, where, fail);
}

/* ---- integers ---- */

static void make_integers(const job *j, int64_t first, int64_t n, char *out)
{
    int64_t size = (int64_t)snn_dtype_size(j->dtype);
    for (int64_t at = 0; at < n; at += CHUNK) {
        int64_t v[CHUNK], m = n - at < CHUNK ? n - at : CHUNK;
        snn_random_integers(j->key, first + at, m, j->low, j->range, v);
        snn_convert(SNN_INT64, (int)j->dtype)(m, v, 1, out + at * size, 1);
    }
}

snn_status snn_tensor_randint(int64_t low, int64_t high,
                              const snn_shape *shape, snn_dtype dtype,
                              const char *where, snn_fail *fail,
                              snn_tensor *out)
{
    snn_status status = snn_tensor_new(shape, dtype, where, fail, out);
    if (status) return status;
    job j = { .make = make_integers, .low = low,
              .range = (uint64_t)high - (uint64_t)low };
    return run_job(&j, 2, out, where, fail);
}

snn_status snn_tensor_randperm(int64_t n, snn_dtype dtype, snn_fail *fail,
                               snn_tensor *out)
{
    snn_shape shape = snn_shape_of(1, &n);
    snn_tensor numbers;
    *out = SNN_NO_TENSOR;
    snn_status status =
        snn_tensor_new(&shape, SNN_INT64, "randperm", fail, &numbers);
    if (status) return status;
    if (dtype != SNN_INT64)
        status = snn_tensor_new(&shape, dtype, "randperm", fail, out);
    if (!status) {
        snn_random_permutation(snn_rng_next(), n, 1,
                               snn_tensor_edit(&numbers, false));
        status = snn_interrupt_check("randperm", fail);
    }
    if (!status && dtype != SNN_INT64)
        status = snn_tensor_copy_into(out, &numbers, fail);
    else if (!status)
        snn_tensor_move(&numbers, out);
    if (status) snn_tensor_clear(out);
    snn_tensor_clear(&numbers);
    return status;
}

/* ---- with an argument for each element ---- */

/* The arguments of elements first .. first + n - 1, n <= CHUNK, as doubles. */
static void fetch_given(const snn_tensor *given, int64_t first, int64_t n,
                        double *out)
{
    bool is_one = snn_tensor_count(given) == 1;
    const char *data = snn_tensor_data(given);
    int64_t at = is_one ? 0 : first * (int64_t)snn_dtype_size(given->dtype);
    snn_convert((int)given->dtype, SNN_FLOAT64)(n, data + at, !is_one, out, 1);
}

static void make_bernoulli(const job *j, int64_t first, int64_t n, char *out)
{
    int64_t size = (int64_t)snn_dtype_size(j->dtype);
    for (int64_t at = 0; at < n; at += CHUNK) {
        double p[CHUNK];
        uint8_t v[CHUNK];
        int64_t m = n - at < CHUNK ? n - at : CHUNK;
        fetch_given(j->given, first + at, m, p);
        snn_random_bernoulli(j->key, first + at, m, p, v);
        snn_convert(SNN_BOOL, (int)j->dtype)(m, v, 1, out + at * size, 1);
    }
}

static void make_poisson(const job *j, int64_t first, int64_t n, char *out)
{
    int64_t size = (int64_t)snn_dtype_size(j->dtype);
    for (int64_t at = 0; at < n; at += CHUNK) {
        double rate[CHUNK], v[CHUNK];
        int64_t m = n - at < CHUNK ? n - at : CHUNK;
        fetch_given(j->given, first + at, m, rate);
        snn_random_poisson(j->key, first + at, m, rate, v);
        snn_convert(SNN_FLOAT64, (int)j->dtype)(m, v, 1, out + at * size, 1);
    }
}

typedef struct given_rule {
    const char *where;
    double most; /* arguments are from 0 to it */
    const char *what;
    void (*make)(const job *j, int64_t first, int64_t n, char *out);
    double cost;
} given_rule;

static snn_status check_given(const given_rule *rule, const snn_tensor *given,
                              snn_fail *fail)
{
    int64_t count = snn_tensor_count(given);
    for (int64_t at = 0; at < count; at += CHUNK) {
        double v[CHUNK];
        int64_t m = count - at < CHUNK ? count - at : CHUNK;
        fetch_given(given, at, m, v);
        for (int64_t i = 0; i < m; i++) {
            if (v[i] >= 0 && v[i] <= rule->most) continue;
            snn_number came = given->dtype == SNN_FLOAT32 ? snn_single((float)v[i])
                                                          : snn_real(v[i]);
            return snn_fail_set(fail, SNN_VALUE_ERROR, "%s: %s, got %s",
                                rule->where, rule->what, came.text);
        }
    }
    return SNN_OK;
}

static snn_status make_given(const given_rule *rule, const snn_tensor *given,
                             const snn_shape *shape, snn_dtype dtype,
                             snn_fail *fail, snn_tensor *out)
{
    snn_tensor row; /* the arguments side by side */
    *out = SNN_NO_TENSOR;
    snn_status status = snn_tensor_contiguous(given, fail, &row);
    if (!status) status = check_given(rule, &row, fail);
    if (!status)
        status = snn_tensor_new(shape, dtype, rule->where, fail, out);
    if (!status) {
        job j = { .make = rule->make, .given = &row };
        status = run_job(&j, rule->cost, out, rule->where, fail);
    }
    snn_tensor_clear(&row);
    return status;
}

snn_status snn_tensor_bernoulli(const snn_tensor *p, const snn_shape *shape,
                                snn_dtype dtype, snn_fail *fail,
                                snn_tensor *out)
{
    static const given_rule rule = {
        "bernoulli", 1, "'p' must be from 0 to 1", make_bernoulli, 2
    };
    return make_given(&rule, p, shape, dtype, fail, out);
}

snn_status snn_tensor_poisson(const snn_tensor *rate, const snn_shape *shape,
                              snn_dtype dtype, snn_fail *fail, snn_tensor *out)
{
    static const given_rule rule = {
        "poisson", DBL_MAX, "'rate' must be finite and at least 0",
        make_poisson, 40
    };
    return make_given(&rule, rate, shape, dtype, fail, out);
}
