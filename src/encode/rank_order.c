/* RankOrderEncoder: the inputs of a sample spike one after the other, from the
   strongest to the weakest, so that all that counts is their order. Inputs of
   the same intensity spike in the order of their places. An input of intensity
   0 never spikes, and those that come behind the train do not either. */
#include "encode/models.h"
#include "encode/single.h"
#include "kernel/sort.h"
#include "tensor/dtype.h"
#include "util/interrupt.h"
#include "util/pool.h"

typedef struct rank_args {
    snn_encoder_args common;
    int64_t per_step;
} rank_args;

/* item, scratch (n); keys (n) */
static void rank(const rank_args *args, const double *x, int64_t n,
                 snn_sort_item *item, snn_sort_item *scratch, uint64_t *keys,
                 int64_t *step)
{
    snn_sort_keys(SNN_FLOAT64, x, 1, n, true, keys);
    snn_sort_number(keys, n, item);
    snn_sort(item, scratch, n);
    if (snn_interrupt_wanted()) return;
    for (int64_t i = 0; i < n; i++) {
        int64_t at = item[i].index;
        step[at] = x[at] > 0 ? i / args->per_step : SNN_NEVER;
    }
}

static snn_status steps(const void *args, const double *x, int64_t n,
                        snn_fail *fail, int64_t *step)
{
    /* no overflow: x is in memory, and these are 5 times as much */
    size_t bytes = (size_t)n * (2 * sizeof(snn_sort_item) + sizeof(uint64_t));
    snn_sort_item *item = snn_pool_take(bytes);
    if (!item) return snn_fail_memory(fail, "RankOrderEncoder", bytes);
    rank(args, x, n, item, item + n, (uint64_t *)(void *)(item + 2 * n), step);
    snn_pool_give(item);
    return snn_interrupt_check("RankOrderEncoder", fail);
}

static const snn_field fields[] = {
    SNN_ENCODER_FIELDS(rank_args),
    { .name = "per_step", .type = SNN_COUNT, SNN_AT(rank_args, per_step),
      .range = SNN_POSITIVE, .optional = true, .otherwise = 1,
      .example = "2", .other = "3",
      .doc = "how many inputs of a sample spike in a step" },
    { .name = NULL },
};

static const snn_single_law law = { .steps = steps };

const snn_encoder_model snn_encoder_rank_order = {
    .where = SNN_HERE,
    .name = "RankOrderEncoder",
    .summary = "The inputs spike one after the other, the strongest first.",
    .source = "Thorpe & Gautrais (1998), Rank order coding, Computational "
              "Neuroscience: Trends in Research, 113-118",
    .equations = "rank: how many inputs of the sample are stronger, or as strong "
                 "and before it\n"
                 "a spike in step floor(rank / per_step) + 1, from 1; none of an "
                 "intensity of 0",
    .example =
        "local encoder = snn.RankOrderEncoder { steps = 4, step_time = 1 }\n"
        "local train = encoder(snn.tensor { { 0.9, 0.5, 0.1 } })\n"
        "print(train:to(\"int64\"))",
    .fields = fields,
    .args_size = sizeof(rank_args),
    .process = &snn_single_spikes,
    .law = &law,
};
