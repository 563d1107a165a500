-- Which recorded cases are played: a file of data/, then the names of its
-- cases where not all are ("x*": all that begin with x; "!x": not x).
return {
  { "lif" },
  { "alif" },
  { "exactneuron" },
  { "deltacurrent", "undelayed*" },
  { "lineardense", "plain", "delay_zero" },
  { "lineardirect", "plain" },
  { "linearlateral", "plain" },
  { "accumulator" },
  { "updater", "weight_only", "bounds" },
  { "functional", "bound_*" },
  { "layer", "dense_lif", "two_neuron_groups" },
  { "layer_registry", "layer", "serial", "trainer" },
  { "trainer_stdp", "!delayed_false_with_delays", "!delayed_true", "!direct_delayed_true",
    "!conv2d" },
  { "network", "stdp_normalization_alif" },
  { "hooks" },
  { "maxrateclassifier" },
  { "encoders", "homogeneouspoissonencoder*" },
}
