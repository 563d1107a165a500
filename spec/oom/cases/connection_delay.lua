local snn = require "snn"

local function read() end

local function double(shape, step_time, delay, batch, dtype)
  return snn.DoubleExponentialCurrent { shape = shape, step_time = step_time, delay = delay,
    batch_size = batch, dtype = dtype, spike_charge = 3, tc_decay = 5, tc_rise = 2 }
end

local function dense()
  return snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1, synapse = double,
    batch_size = 2, delay = 2, weight_init = snn.full({ 3, 4 }, 0.5),
    delay_init = snn.full({ 3, 4 }, 1.5) }
end

local function conv()
  return snn.Conv2D { height = 3, width = 3, channels = 1, filters = 2, kernel = 2, step_time = 1,
    synapse = snn.DeltaPlusCurrent.partialconstructor { spike_charge = 2 }, delay = 1, bias = true }
end

return {
  prepare = function()
    local conn = dense()
    conn(snn.ones(2, 4))
    return { conn = conn, spikes = snn.ones(2, 4), image = snn.ones(1, 1, 3, 3),
      delay = snn.full({ 3, 4 }, 0.5) }
  end,
  run = function(o)
    o.conn(o.spikes)
    read(o.conn.syncurrent, o.conn.synspike, o.conn.selector)
    o.conn.delay = o.delay
    o.conn(o.spikes)
    read(o.conn.synapse:pos_current_at(snn.zeros(2, 4)))
    o.conn:load_state_dict(o.conn:state_dict())
    o.conn:clear()
    local c = conv()
    c(o.image, o.image, o.image)
    read(c:like_input(c:like_synaptic(o.image)))
  end,
  check = function(o, ok)
    o.conn:clear()
    o.conn.delay = snn.full({ 3, 4 }, 1.5)
    o.conn(o.spikes)
    local out = o.conn(snn.zeros(2, 4))
    local want = 4 * 0.5 * (math.exp(-0.5 / 5) - math.exp(-0.5 / 2))
    assert(ok ~= nil and math.abs(out[1][1]) < 1e-6 or math.abs(out[1][1] - want) < 1e-5)
  end,
}
