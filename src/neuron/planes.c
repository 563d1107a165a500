/* The model is asked for the constants of one neuron after the other, given the
   struct of arguments with that neuron's numbers in place. A plane becomes as
   long as the group at the first neuron that differs from the first one. */
#include "neuron/group.h"

#include <string.h>

#include "tensor/copy.h"
#include "util/mem.h"

typedef struct maker {
    const snn_neuron_model *model;
    int64_t n;
    bool is_f64;
    const double **value; /* of each argument that differs, (n) */
    const snn_each *each;
    int count;
    void *args;           /* of one neuron */
    double *first, *now;  /* constants */
} maker;

static size_t size_of(const maker *m)
{
    return m->is_f64 ? sizeof(double) : sizeof(float);
}

static void put(const maker *m, void *values, int64_t i, double v)
{
    if (m->is_f64)
        ((double *)values)[i] = v;
    else
        ((float *)values)[i] = (float)v;
}

/* The arguments of neuron i in place. */
static void place(const maker *m, int64_t i)
{
    for (int k = 0; k < m->count; k++)
        memcpy((char *)m->args + m->each[k].offset, m->value[k] + i,
               sizeof(double));
}

/* An array of its own for a plane, so far all as the first neuron; 0 if memory
   is short. */
static bool widen(const maker *m, snn_plane *plane, double first, int64_t i)
{
    snn_storage *own = snn_storage_new((size_t)m->n * size_of(m));
    if (!own) return false;
    void *values = own->block->data;
    for (int64_t k = 0; k < i; k++) put(m, values, k, first);
    *plane = (snn_plane){ .at = values, .stride = 1, .own = own };
    return true;
}

/* So close to 0 that rounding beside it keeps no voltage off. */
static bool is_zero(double rest) { return fabs(rest) < 0x1p-90; }

/* The constants of neuron i. Bits are compared: a threshold may be NaN. */
static bool add_neuron(maker *m, int64_t i, snn_planes *out)
{
    out->falls = out->falls || is_zero(m->now[0]);
    for (int p = 0; p < out->count; p++) {
        snn_plane *plane = &out->plane[p];
        bool differs = memcmp(&m->now[p], &m->first[p], sizeof(double)) != 0;
        if (differs && !plane->stride && !widen(m, plane, m->first[p], i))
            return false;
        if (plane->stride) put(m, (void *)(uintptr_t)plane->at, i, m->now[p]);
    }
    return true;
}

static bool add_refrac(const maker *m, int64_t i, snn_planes *out)
{
    snn_neuron_traits traits;
    m->model->traits(m->args, &traits);
    double first = out->traits.refrac_t;
    if (traits.refrac_t != first && !out->refrac_t) {
        out->refrac_t = snn_mem_alloc((size_t)m->n * sizeof(double));
        if (!out->refrac_t) return false;
        for (int64_t k = 0; k < i; k++) out->refrac_t[k] = first;
    }
    if (out->refrac_t) out->refrac_t[i] = traits.refrac_t;
    return true;
}

/* Planes that hold for all: SNN_PORTION times where others do not. */
static bool add_uniform(const maker *m, snn_planes *out)
{
    int64_t length = out->each ? SNN_PORTION : 1;
    char *bytes = snn_mem_alloc((size_t)(out->count * length) * size_of(m));
    out->uniform = bytes;
    if (!bytes) return false;
    for (int p = 0; p < out->count; p++) {
        if (out->plane[p].stride) continue;
        void *values = bytes + (size_t)(p * length) * size_of(m);
        for (int64_t i = 0; i < length; i++) put(m, values, i, m->first[p]);
        out->plane[p].at = values;
    }
    return true;
}

/* NULL in `out->plane` when memory is short. */
static bool fill(maker *m, snn_planes *out)
{
    m->model->traits(m->args, &out->traits);
    out->count = (int)(m->model->constants_size / sizeof(double));
    if (m->model->adapts)
        out->count = (int)((m->model->adapting +
                            (size_t)out->traits.adaptations *
                                sizeof(snn_neuron_adapting)) /
                           sizeof(double));
    out->plane = snn_mem_zeroed((size_t)out->count * sizeof *out->plane);
    if (!out->plane) return false;
    m->model->prepare(m->args, m->first);
    for (int64_t i = 0; m->count > 0 && i < m->n; i++) {
        place(m, i);
        m->model->prepare(m->args, m->now);
        if (!add_neuron(m, i, out) || !add_refrac(m, i, out)) return false;
    }
    out->falls = out->falls || is_zero(m->first[0]);
    for (int p = 0; p < out->count; p++)
        out->each = out->each || out->plane[p].stride;
    return add_uniform(m, out);
}

/* The values as contiguous doubles. */
static snn_status read_values(maker *m, snn_tensor *whole, snn_fail *fail)
{
    for (int k = 0; k < m->count; k++) {
        snn_status status =
            snn_tensor_to(&m->each[k].value, SNN_FLOAT64, fail, &whole[k]);
        if (status) return status;
        m->value[k] = snn_tensor_data(&whole[k]);
    }
    if (m->n > 0) place(m, 0);
    return SNN_OK;
}

static snn_status make(maker *m, snn_fail *fail, snn_planes *out)
{
    const snn_neuron_model *model = m->model;
    size_t bytes = model->args_size + 2 * model->constants_size;
    snn_tensor *whole =
        snn_mem_zeroed(((size_t)m->count + 1) * sizeof *whole);
    m->value = snn_mem_zeroed(((size_t)m->count + 1) * sizeof *m->value);
    char *scratch = snn_mem_zeroed(bytes);
    snn_status status = SNN_OK;
    if (!whole || !m->value || !scratch) {
        status = snn_fail_memory(fail, model->name, bytes);
    } else {
        memcpy(scratch, m->args, model->args_size);
        m->args = scratch;
        m->first = (double *)(void *)(scratch + model->args_size);
        m->now = m->first + model->constants_size / sizeof(double);
        status = read_values(m, whole, fail);
        if (!status && !fill(m, out))
            status = snn_fail_memory(fail, model->name,
                                     (size_t)m->n * sizeof(double));
    }
    for (int k = 0; whole && k < m->count; k++) snn_tensor_clear(&whole[k]);
    snn_mem_free(whole);
    snn_mem_free(m->value);
    snn_mem_free(scratch);
    return status;
}

snn_status snn_planes_make(const snn_neuron_model *model, const void *args,
                           const snn_each *each, int count,
                           snn_fail *fail, snn_planes *out)
{
    const snn_neuron_args *group = args;
    maker m = { .model = model, .n = snn_shape_count(&group->shape),
                .is_f64 = group->dtype == SNN_FLOAT64, .each = each,
                .count = count, .args = (void *)(uintptr_t)args };
    *out = (snn_planes){ .count = 0 };
    snn_status status = make(&m, fail, out);
    if (status) snn_planes_free(out);
    return status;
}

void snn_planes_free(snn_planes *planes)
{
    for (int p = 0; planes->plane && p < planes->count; p++)
        snn_storage_drop(planes->plane[p].own);
    snn_mem_free(planes->plane);
    snn_mem_free(planes->uniform);
    snn_mem_free(planes->refrac_t);
    *planes = (snn_planes){ .count = 0 };
}

double snn_planes_longest(const snn_planes *planes, int64_t n)
{
    double longest = planes->traits.refrac_t;
    for (int64_t i = 0; planes->refrac_t && i < n; i++)
        if (planes->refrac_t[i] > longest) longest = planes->refrac_t[i];
    return longest;
}

static double first_of(const snn_planes *planes, size_t place, bool is_f64)
{
    const void *at = planes->plane[place / sizeof(double)].at;
    return is_f64 ? *(const double *)at : (double)*(const float *)at;
}

snn_status snn_neuron_current_per_mv(const snn_neuron *neuron, snn_fail *fail,
                                     double *out)
{
    const snn_neuron_model *model = neuron->model;
    const snn_planes *planes = &neuron->planes;
    const size_t place[2] = { model->resistance, model->gone };
    bool is_f64 = snn_neuron_args_of(neuron)->dtype == SNN_FLOAT64;
    double per_current = 1;
    if (!model->resistance)
        return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                            "'spike_voltage' has no meaning for %s, whose voltage "
                            "does not jump by an input: give 'spike_charge'",
                            model->name);
    for (int k = 0; k < 2; k++) {
        if (planes->plane[place[k] / sizeof(double)].stride)
            return snn_fail_set(fail, SNN_RUNTIME_ERROR,
                                "'spike_voltage' wants neurons of one "
                                "'%s' and 'resistance', and those of this "
                                "%s differ: give 'spike_charge'",
                                model->time_constant, model->name);
        per_current *= first_of(planes, place[k], is_f64);
    }
    *out = 1 / per_current;
    return SNN_OK;
}

double snn_planes_least(const snn_planes *planes, size_t place, int64_t n,
                        bool is_f64)
{
    const snn_plane *plane = &planes->plane[place / sizeof(double)];
    double least = INFINITY;
    for (int64_t i = 0; i < (plane->stride ? n : 1); i++) {
        double v = is_f64 ? ((const double *)plane->at)[i]
                          : (double)((const float *)plane->at)[i];
        if (v < least) least = v;
    }
    return least;
}
