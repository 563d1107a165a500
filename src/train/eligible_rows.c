/* The state of one side of eligibility traces as rows (tensor/state.h). Only
   loading a state sets them. */
#include <math.h>

#include "train/eligibility.h"

static snn_status read_latest(const void *self, const snn_state_row *row,
                              snn_fail *fail, snn_tensor *out)
{
    (void)row;
    return snn_eligible_value(self, fail, out);
}

static snn_status write_kept(void *self, const snn_state_row *row,
                             const snn_tensor *value, const char *where,
                             snn_fail *fail)
{
    (void)row, (void)where;
    return snn_eligible_set(self, value, fail);
}

static snn_status write_total(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    (void)row, (void)where;
    return snn_eligible_set_total(self, value, fail);
}

static snn_status read_scale(const void *self, const snn_state_row *row,
                             snn_fail *fail, snn_tensor *out)
{
    return snn_state_of_real(row, ((const snn_eligible *)self)->scale, fail, out);
}

static snn_status write_scale(void *self, const snn_state_row *row,
                              const snn_tensor *value, const char *where,
                              snn_fail *fail)
{
    double scale;
    snn_status status = snn_state_to_real(row, value, where, fail, &scale);
    if (status) return status;
    if (!(scale > 0 && isfinite(scale)))
        return snn_fail_set(fail, SNN_VALUE_ERROR,
                            "%s: '%s' must be greater than 0", where, row->name);
    ((snn_eligible *)self)->scale = scale;
    return SNN_OK;
}

static snn_status read_age(const void *self, const snn_state_row *row,
                           snn_fail *fail, snn_tensor *out)
{
    return snn_state_of_count(row, ((const snn_eligible *)self)->age, fail, out);
}

static snn_status write_age(void *self, const snn_state_row *row,
                            const snn_tensor *value, const char *where,
                            snn_fail *fail)
{
    return snn_state_to_count(row, value, where, fail,
                              &((snn_eligible *)self)->age);
}

#define KEPT(member) .is_saved = true, .is_open = true, .is_fixed = true,    \
                     .offset = offsetof(snn_eligible, member)

const snn_state_row snn_eligible_rows[] = {
    { .name = "latest", .of = SNN_OF_WEIGHT, .read = read_latest,
      .doc = "the newest values, of each sample, or nil" },
    { .name = "kept", .of = SNN_OF_WEIGHT, KEPT(kept), .write = write_kept,
      .doc = "the newest values over the scale, or nil" },
    { .name = "total", .of = SNN_OF_WEIGHT, KEPT(total), .write = write_total,
      .doc = "their sum over the batch over the scale, or nil" },
    { .name = "scale", .of = SNN_OF_ONE, .type = SNN_STATE_FLOAT64,
      .is_saved = true, .is_fixed = true, .read = read_scale,
      .write = write_scale, .doc = "what they decay by" },
    { .name = "observed", .of = SNN_OF_ONE, .type = SNN_STATE_INT64,
      .is_saved = true, .is_fixed = true, .read = read_age, .write = write_age,
      .doc = "steps recorded since the clear" },
    { .name = NULL },
};
