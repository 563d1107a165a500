/* MSTDPET: modulated plasticity of pairs that are remembered for a while.

     z_post = z_post exp(-dt / tc_eligibility)
            + x_pre / tc_eligibility at a postsynaptic spike
     z_pre  = z_pre exp(-dt / tc_eligibility)
            + x_post / tc_eligibility at a presynaptic spike
     dw = |scale signal| sgn(signal) (sgn(lr_post) z_post + sgn(lr_pre) z_pre)

   with the traces of STDP; the eligibilities z are (B, weight...) and grow with
   each step of the layer. Called as MSTDP is.

   Arguments: as STDP without `delayed`, and tc_eligibility, ms (> 0).
   Source: Florian 2007; Inferno 0.0.5. */
#include "train/pair.h"

static const snn_field fields[] = {
    SNN_PAIR_FIELDS,
    { .name = "tc_eligibility", .type = SNN_REAL,
      SNN_AT(snn_pair_args, tc_eligibility), .unit = "ms",
      .range = SNN_POSITIVE,
      .doc = "time constant of the eligibility traces" },
    SNN_MODULATED_FIELDS,
    { .name = NULL },
};

const snn_trainer_model snn_trainer_mstdpet = {
    .name = "MSTDPET",
    .summary = "Modulated plasticity with eligibility traces.",
    .source = "Florian 2007; Inferno 0.0.5",
    .doc = "dw = signal (z_post + z_pre), z a trace of what STDP would change",
    .fields = fields,
    .needs_signal = true,
    .args_size = sizeof(snn_pair_args),
    .trains = "weight",
    .watch = snn_pair_watch,
    .follows = true,
};
