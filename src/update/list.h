/* The laws by which updates are bounded (formula/bound.h): each gives three
   functions of snn.functional, bound_upper_NAME, bound_lower_NAME and
   bound_NAME, which takes both limits. */
BOUND(power, .kind = SNN_BOUND_POWER,
      .summary = "Scales updates with a power of the distance to the limit.",
      .equation = "(max - param)^power pos, (param - min)^power neg",
      .source = "Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23")
BOUND(scaled_power, .kind = SNN_BOUND_POWER, .is_scaled = true,
      .summary = "The same with the distance as a part of the range.",
      .equation = "((max - param) / range)^power pos, "
                  "((param - min) / range)^power neg",
      .source = "Guetig, Aharonov, Rotter, Sompolinsky (2003), J Neurosci 23")
BOUND(multiplicative, .kind = SNN_BOUND_LINEAR,
      .summary = "Scales updates with the distance to the limit (soft bound).",
      .equation = "(max - param) pos, (param - min) neg",
      .source = "van Rossum, Bi, Turrigiano (2000), J Neurosci 20")
BOUND(scaled_multiplicative, .kind = SNN_BOUND_LINEAR, .is_scaled = true,
      .summary = "The same with the distance as a part of the range.",
      .equation = "(max - param) / range pos, (param - min) / range neg",
      .source = "van Rossum, Bi, Turrigiano (2000), J Neurosci 20")
BOUND(sharp, .kind = SNN_BOUND_SHARP,
      .summary = "Drops updates at and beyond the limit (hard bound).",
      .equation = "pos where param < max, neg where param > min",
      .source = "Song, Miller, Abbott (2000), Nat Neurosci 3")
