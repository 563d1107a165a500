-- The files of data/ whose recorded cases are played.
return {
  "lif", "alif", "glif1", "glif2", "qif", "izhikevich", "eif", "adex", "exactneuron",
  "deltacurrent", "deltapluscurrent", "singleexponentialcurrent", "doubleexponentialcurrent",
  "lineardense", "lineardirect", "linearlateral", "conv2d",
  "layer", "layer_registry", "network", "validation",
  "accumulator", "updater", "hooks",
  "trainer_stdp", "trainer_tripletstdp", "trainer_mstdp", "trainer_mstdpet", "trainer_kernelstdp",
  "trainer_delayadjustedstdp", "trainer_delayadjustedstdpd",
  "trainer_delayadjustedkernelstdp", "trainer_delayadjustedkernelstdpd",
  "trainer_delayadjustedmstdp", "trainer_delayadjustedmstdpd", "trainer_linearhomeostasis",
  "florian", "maxrateclassifier", "reducers", "monitors",
  "functional", "neural_functional", "math", "stats", "encoders",
}
