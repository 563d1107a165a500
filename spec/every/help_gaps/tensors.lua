-- Public names of which help still lacks something; only ever shorter.
return {
  "snn.Tensor:normal_",
  "snn.Tensor:uniform_",
}
