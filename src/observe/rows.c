/* The state of reducers as rows (tensor/state.h), also of those within recorders:
   `offset` says where in the object the reducer lies. */
#include "observe/recorders.h"
#include "tensor/copy.h"

static const snn_reducer *of(const void *self, const snn_state_row *row)
{
    return (const void *)((const char *)self + row->offset);
}

static snn_reducer *in(void *self, const snn_state_row *row)
{
    return (void *)((char *)self + row->offset);
}

static const snn_tensor *peek_latest(const void *self, const snn_state_row *row)
{
    return snn_reducer_latest(of(self, row));
}

static snn_status read_stored(const void *self, const snn_state_row *row,
                              snn_fail *fail, snn_tensor *out)
{
    *out = SNN_NO_TENSOR;
    if (!snn_reducer_latest(of(self, row))) return SNN_OK;
    return snn_reducer_stored(of(self, row), fail, out);
}

static snn_status write_stored(void *self, const snn_state_row *row,
                               const snn_tensor *value, const char *where,
                               snn_fail *fail)
{
    (void)where;
    return snn_reducer_restore(in(self, row), value, fail);
}

static snn_status write_recorded(void *self, const snn_state_row *row,
                                 const snn_tensor *value, const char *where,
                                 snn_fail *fail)
{
    (void)row, (void)where;
    return snn_recorder_restore(self, value, fail);
}

static const snn_tensor *peek_fine(const void *self, const snn_state_row *row)
{
    return snn_reducer_fine(of(self, row));
}

static snn_status write_fine(void *self, const snn_state_row *row,
                             const snn_tensor *value, const char *where,
                             snn_fail *fail)
{
    (void)where;
    return snn_reducer_set_fine(in(self, row), value, fail);
}

static snn_status read_observed(const void *self, const snn_state_row *row,
                                snn_fail *fail, snn_tensor *out)
{
    return snn_state_of_count(row, of(self, row)->age, fail, out);
}

static snn_status write_observed(void *self, const snn_state_row *row,
                                 const snn_tensor *value, const char *where,
                                 snn_fail *fail)
{
    return snn_state_to_count(row, value, where, fail, &in(self, row)->age);
}

#define ROWS(place, write_data)                                              \
    { .name = "latest", .of = SNN_OF_OBSERVED, .type = SNN_STATE_OTHER,      \
      .offset = place, .peek = peek_latest,                                  \
      .doc = "the newest state, or nil" },                                   \
    { .name = "data", .of = SNN_OF_RECORD, .type = SNN_STATE_OTHER,          \
      .is_saved = true, .is_open = true, .offset = place,                    \
      .read = read_stored, .write = write_data,                              \
      .doc = "the states that are there, newest first, or nil" },            \
    { .name = "fine", .of = SNN_OF_OBSERVED, .type = SNN_STATE_OTHER,        \
      .is_saved = true, .is_open = true, .offset = place,                    \
      .peek = peek_fine, .write = write_fine,                                \
      .doc = "what rounding left of the newest state, of times the steps, or "  \
             "nil" },                                                        \
    { .name = "observed", .of = SNN_OF_ONE, .type = SNN_STATE_INT64,         \
      .is_saved = true, .offset = place, .read = read_observed,              \
      .write = write_observed, .doc = "observations since the clear" },      \
    { .name = NULL }

const snn_state_row snn_reducer_rows[] = { ROWS(0, write_stored) };
const snn_state_row snn_recorder_rows[] = {
    ROWS(offsetof(snn_recorder, reducer), write_recorded)
};
