local snn = require "snn"

return {
  run = function()
    snn.zeros(2, 3)
    snn.full({ 2, 2 }, 1.5, { dtype = "float64" })
    snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "int64" })
    snn.arange(1, 5)
    snn.linspace(0, 1, 5)
    snn.eye(3)
    snn.ones_like(snn.tensor { true, false })
  end,
  check = function()
    assert(snn.tensor({ 1, 2, 3 }):sum():item() == 6)
  end,
}
