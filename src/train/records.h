/* What a unit's recorders have, as tensors that line up with the weight. */
#ifndef SNN_TRAIN_RECORDS_H
#define SNN_TRAIN_RECORDS_H

#include "train/trainer.h"

/* A record of the outputs, or of the inputs as they arrive, `ago` ms before,
   (B, weight..., r) in the connection's real type. There is one. */
const snn_tensor *snn_record_post(const snn_unit *unit, const char *name,
                                  double ago, snn_calc *calc);
const snn_tensor *snn_record_pre(const snn_unit *unit, const char *name,
                                 double ago, snn_calc *calc);

/* t lined up with the weight: a tensor of the outputs, of the inputs. */
const snn_tensor *snn_record_line_up(const snn_unit *unit, bool is_post,
                                     const snn_tensor *t, snn_calc *calc);

/* Terms at spikes as they are in this step (spikes.c). */
void snn_spikes_tensors(const snn_unit *unit, snn_calc *calc,
                        const snn_tensor *term[SNN_MOST_TERMS]);

#endif
