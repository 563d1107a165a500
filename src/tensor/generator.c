/* The state of a generator as tensors: two whole numbers. */
#include "tensor/generator.h"

#include "tensor/create.h"

/* The number that a row is of. */
static uint64_t *number_of(const snn_generator *g, const snn_state_row *row)
{
    return (uint64_t *)(void *)((char *)(uintptr_t)g + row->offset);
}

static snn_status read_number(const void *self, const snn_state_row *row,
                              snn_fail *fail, snn_tensor *out)
{
    snn_shape one = snn_shape_of(0, NULL);
    snn_status status = snn_tensor_new(&one, SNN_INT64, row->name, fail, out);
    if (status == SNN_OK)
        *(int64_t *)snn_tensor_edit(out, false) =
            (int64_t)*number_of(self, row);
    return status;
}

static snn_status write_number(void *self, const snn_state_row *row,
                               const snn_tensor *value, const char *where,
                               snn_fail *fail)
{
    snn_generator *g = self;
    if (value->dtype != SNN_INT64 || value->shape.ndim != 0)
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: '%s' must be an int64 tensor without "
                            "dimensions",
                            where, row->name);
    *number_of(g, row) = (uint64_t)*snn_tensor_i64(value);
    g->args.seed = (int64_t)g->key.seed;
    return SNN_OK;
}

const snn_field snn_generator_fields[] = {
    { .name = "seed", .type = SNN_COUNT, SNN_AT(snn_generator_args, seed),
      .optional = true, .example = "1", .other = "2",
      .doc = "generators of the same seed give the same numbers" },
    { .name = NULL },
};

const snn_state_row snn_generator_state[] = {
    { .name = "seed_", .of = SNN_OF_ONE, .type = SNN_STATE_INT64,
      .doc = "the seed", .is_saved = true,
      .offset = offsetof(snn_generator, key.seed), .read = read_number,
      .write = write_number },
    { .name = "stream_", .of = SNN_OF_ONE, .type = SNN_STATE_INT64,
      .doc = "how many draws it has been asked for", .is_saved = true,
      .offset = offsetof(snn_generator, key.stream), .read = read_number,
      .write = write_number },
    { .name = NULL },
};
