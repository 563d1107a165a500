-- Currents that are held more finely than they are read, graded inputs, and
-- delays that were moved out.
local snn = require "snn"

local function read() end

local function learned()
  local c = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1, delay = 2,
    synapse = snn.SingleExponentialCurrent.partialconstructor {
      spike_charge = 2, time_constant = 5 } }
  c.updater = c:defaultupdater()
  return c
end

return {
  prepare = function()
    local double = snn.DoubleExponentialCurrent { shape = 3, step_time = 1, delay = 2,
      spike_charge = 3, tc_decay = 5, tc_rise = 2 }
    double(snn.ones(1, 3))
    return { double = double, plain = snn.DeltaCurrent { shape = 3, step_time = 1,
      spike_charge = 3, graded = true }, learned = learned(), input = snn.tensor { { 1, 0.5, 0 } },
      was = double.current:totable(), value = snn.full({ 1, 3 }, 2), far = snn.full({ 2, 3 }, 7) }
  end,
  run = function(o)
    snn.warnings(false)
    o.double.pos_current = o.value
    o.double.neg_current = o.value
    o.double(o.input)
    read(o.double.pos_current, o.double:neg_current_at(o.value))
    o.plain(o.input)
    o.plain.current = o.value
    o.learned.updater.delay.pos = o.far
    o.learned:update()
    o.learned(o.input)
    read(o.learned.selector, o.learned.syncurrent, o.learned.synspike)
  end,
  check = function(o, ok)
    snn.warnings(true)
    assert(not ok or o.double.pos_current[1][3] > 1)
    o.double:clear()
    o.double(snn.ones(1, 3))
    assert(math.abs(o.double(snn.zeros(1, 3))[1][1] - (math.exp(-0.2) - math.exp(-0.5))) < 1e-6)
    o.plain(o.input)
    assert(o.plain.current[1][2] == 1.5)
  end,
}
