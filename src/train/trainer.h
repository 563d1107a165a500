/* Trainers: the generic part. A trainer turns what its recorders keep of a
   cell into terms of the updater of the cell's connection. A model (stdp.c,
   ...) is one file that ends in a descriptor, snn_trainer_model; list.h names
   them all. A unit is one trainer on one cell. */
#ifndef SNN_TRAIN_TRAINER_H
#define SNN_TRAIN_TRAINER_H

#include "layer/cell.h"
#include "observe/recorder.h"
#include "update/accumulator.h"
#include "util/batch.h"
#include "util/field.h"

/* The arguments that all models have; a model's struct begins with it. */
typedef struct snn_trainer_args {
    snn_batch_reduction batch_reduction;
} snn_trainer_args;

#define SNN_TRAINER_FIELDS                                                    \
    { .name = "batch_reduction", .type = SNN_OTHER, .optional = true,         \
      .choices = SNN_BATCH_CHOICES,                                           \
      .doc = "a name, or a function (tensor, dim)" }

typedef struct snn_unit snn_unit;

typedef struct snn_trainer_model {
    const char *name;
    const char *summary;
    const char *source;
    const char *doc;
    const snn_field *fields;
    size_t args_size;
    const char *trains; /* the parameter: "weight" */
    /* sets up the recorders of a new unit */
    void (*watch)(snn_unit *unit);
    /* adds the terms of the recorded step; the batch reduction is the mean or
       the sum, all recorders have data; on failure nothing is added */
    snn_status (*step)(const snn_unit *unit, snn_accumulator *acc,
                       snn_fail *fail);
} snn_trainer_model;

struct snn_unit {
    const snn_trainer_model *model;
    void *args;           /* the model's struct, with the cell's overrides */
    const snn_cell *cell; /* borrowed */
    snn_watch watch;
};

/* `args` is the model's struct, copied. */
snn_status snn_unit_new(const snn_trainer_model *model, const void *args,
                        const snn_cell *cell, snn_fail *fail, snn_unit **out);
void snn_unit_free(snn_unit *unit); /* NULL is fine */

/* RuntimeError before the cell has made a step. */
snn_status snn_unit_check(const snn_unit *unit, snn_fail *fail);

/* ---- for models ---- */

/* Another recorder of the unit's watch. */
void snn_unit_record(snn_unit *unit, const char *name, bool is_pre,
                     snn_recorder_kind kind, double time_constant,
                     double amplitude);
const snn_tensor *snn_unit_latest(const snn_unit *unit, const char *name);
/* What a sample's update is multiplied with: 1 / B for the mean. */
double snn_unit_scale(const snn_unit *unit);

/* All models. */
#define TRAINER(name) extern const snn_trainer_model snn_trainer_##name;
#include "train/list.h"
#undef TRAINER

#endif
