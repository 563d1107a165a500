/* A unit with other arguments, in two steps, so that many units change or none:
   take may fail, commit may not. */
#ifndef SNN_TRAIN_SETTINGS_H
#define SNN_TRAIN_SETTINGS_H

#include "observe/snapshot.h"
#include "train/trainer.h"

typedef struct snn_unit_settings {
    void *args; /* the model's struct */
    snn_recorders recorders;
    snn_eligible_snapshot side[SNN_ELIGS];
} snn_unit_settings;

enum { SNN_SETTINGS_CLEARED }; /* kinds of warnings */

/* Works out how the unit is with `args`, the model's struct, copied. What was
   recorded stays: traces as if their amplitudes had been so all the time (of one
   that was 0 nothing is known). What means something else by the argument
   `changed` begins anew, with a warning. */
snn_status snn_unit_settings_take(const snn_unit *unit, const void *args,
                                  const char *changed, snn_told *told,
                                  snn_unit_settings *out, snn_fail *fail);
/* Both end it. The unit's recorders stay in their places. */
void snn_unit_settings_commit(snn_unit *unit, snn_unit_settings *settings);
void snn_unit_settings_drop(snn_unit_settings *settings);

#endif
