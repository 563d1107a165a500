/* The spikes of a train are sorted by their steps, in a step by their places;
   each step takes the next of them. */
#include "encode/single.h"

#include <string.h>

#include "kernel/sort.h"
#include "tensor/spikes.h"
#include "util/interrupt.h"
#include "util/pool.h"

typedef struct single {
    snn_train train;
    int64_t count, next;    /* spikes, and the first that has not come */
    snn_sort_item *spike;   /* (count): a step and a place, behind the struct */
} single;

/* ---- steps ---- */

/* Behind the last spike of the step to come. */
static int64_t end_of(const single *s)
{
    int64_t end = s->next;
    while (end < s->count && s->spike[end].key == (uint64_t)s->train.step) end++;
    return end;
}

static void write_bytes(const single *s, int64_t end, uint8_t *bytes)
{
    memset(bytes, 0, (size_t)s->train.elements);
    for (int64_t i = s->next; i < end; i++) bytes[s->spike[i].index] = 1;
}

static void go_on(single *s, int64_t end)
{
    s->next = end;
    s->train.step++;
}

static void single_write(snn_train *train, void *out)
{
    single *s = (single *)train;
    int64_t end = end_of(s);
    write_bytes(s, end, out);
    go_on(s, end);
}

static void list(const single *s, snn_events *events)
{
    int64_t row = 0;
    events->offset[0] = 0;
    for (int64_t i = 0; i < events->count; i++) {
        int64_t at = s->spike[s->next + i].index;
        while (row < at / events->columns)
            events->offset[++row] = (int32_t)i;
        events->index[i] = (int32_t)(at % events->columns);
    }
    while (row < events->rows) events->offset[++row] = (int32_t)events->count;
}

static snn_status single_next(snn_train *train, snn_fail *fail,
                              snn_tensor *out)
{
    single *s = (single *)train;
    snn_status status =
        snn_tensor_new(&train->shape, SNN_BOOL, train->model->name, fail, out);
    if (status) return status;
    int64_t end = end_of(s);
    write_bytes(s, end, snn_tensor_edit(out, false));
    snn_events *events = snn_spikes_room(out, end - s->next);
    if (events) list(s, events);
    go_on(s, end);
    return SNN_OK;
}

static void single_skip(snn_train *train, int64_t step)
{
    single *s = (single *)train;
    while (s->next < s->count && s->spike[s->next].key < (uint64_t)step)
        s->next++;
    train->step = step;
}

/* ---- beginning ---- */

/* Of all samples; step (elements). */
static snn_status steps_of(const snn_train *train, const void *args,
                           const double *x, snn_fail *fail, int64_t *step)
{
    const snn_single_law *law = train->model->law;
    for (int64_t i = 0; i < train->elements; i += train->columns) {
        snn_status status =
            law->steps(args, x + i, train->columns, fail, step + i);
        if (status) return status;
    }
    return SNN_OK;
}

/* Takes those that come within the train, in order. */
static void sort_spikes(single *s, const int64_t *step, snn_sort_item *scratch)
{
    for (int64_t i = 0; i < s->train.elements; i++)
        if (step[i] >= 0 && step[i] < s->train.steps)
            s->spike[s->count++] = (snn_sort_item){ .key = (uint64_t)step[i],
                                                    .index = i };
    snn_sort(s->spike, scratch, s->count);
}

static snn_status begin(single *s, const void *args, const double *x,
                        snn_fail *fail)
{
    /* no overflow: as many float64 are in memory, and both are a few of them */
    size_t n = (size_t)s->train.elements;
    size_t bytes = n * (sizeof(snn_sort_item) + sizeof(int64_t));
    const char *name = s->train.model->name;
    snn_sort_item *scratch = snn_pool_take(bytes);
    if (!scratch) return snn_fail_memory(fail, name, bytes);
    int64_t *step = (int64_t *)(void *)(scratch + n);
    snn_status status = steps_of(&s->train, args, x, fail, step);
    if (!status) {
        sort_spikes(s, step, scratch);
        status = snn_interrupt_check(name, fail);
    }
    snn_pool_give(scratch);
    return status;
}

static void single_free(snn_train *train)
{
    snn_pool_give(train);
}

static snn_status single_begin(const snn_encoder_model *model, const void *args,
                               const snn_tensor *intensities, snn_dtype given,
                               snn_fail *fail, snn_train **out)
{
    (void)given;
    snn_train train = snn_train_of(model, args, intensities);
    train.bytes =
        sizeof(single) + (size_t)train.elements * sizeof(snn_sort_item);
    single *s = snn_pool_take(train.bytes);
    if (!s) return snn_fail_memory(fail, model->name, train.bytes);
    *s = (single){ .train = train, .spike = (snn_sort_item *)(void *)(s + 1) };
    snn_status status = begin(s, args, snn_tensor_f64(intensities), fail);
    if (status)
        single_free(&s->train);
    else
        *out = &s->train;
    return status;
}

const snn_encoder_process snn_single_spikes = {
    .begin = single_begin,
    .next = single_next,
    .write = single_write,
    .skip = single_skip,
    .free = single_free,
};
