local snn = require "snn"

return {
  prepare = function() snn.manual_seed(1) end,
  run = function()
    snn.rand(3)
    snn.normal(0, 1, { 2, 2 }, { dtype = "float64" })
    snn.randint(1, 7, 4)
    snn.randperm(5, { dtype = "float32" })
    snn.bernoulli(0.5, 3)
    snn.poisson(snn.tensor { { 1, 20 } }:transpose(1, 2))
    snn.zeros(2):uniform_(1, 2)
    snn.set_rng_state(snn.get_rng_state())
    snn.set_rng_state(snn.tensor({ { 1, 5 }, { 0, 5 } }, { dtype = "int64" }):select(2, 1))
  end,
  check = function() assert(snn.rand(3):lt(1):all():item()) end,
}
