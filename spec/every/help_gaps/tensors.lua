-- Public names of which help still lacks something; only ever shorter.
return {
  "snn.Tensor:normal_",
  "snn.Tensor:uniform_",
  "snn.functional.adaptive_currents_linear",
  "snn.functional.adaptive_thresholds_constant_spike",
  "snn.functional.adaptive_thresholds_linear_spike",
  "snn.functional.adaptive_thresholds_linear_voltage",
  "snn.repl",
}
