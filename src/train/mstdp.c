/* MSTDP: pair-based plasticity that is modulated by a signal, a reward.

     dw = |scale signal| sgn(signal) (lr_post x_pre at a postsynaptic spike
                                     + lr_pre x_post at a presynaptic spike)

   with the traces of STDP. `trainer(signal, { scale = 1 })`: the signal is a
   number, or a tensor (B) with one for each sample. Its sign decides with that
   of the learning rate whether a term goes to the updater's pos or neg; the
   batch is reduced after that, over the samples that have the sign.

   Arguments: as STDP. Source: Florian 2007; Inferno 0.0.5. */
#include "train/pair.h"

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    SNN_LEARNED_DELAY_FIELD(snn_pair_args),
    SNN_MODULATED_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_mstdp = {
    .name = "MSTDP",
    .summary = "Pair-based plasticity, modulated by a signal.",
    .source = "Florian 2007; Inferno 0.0.5",
    .doc = "dw = signal (lr_post x_pre at a post spike + lr_pre x_post at a pre spike)",
    .fields = fields,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .watch = snn_pair_watch,
};
