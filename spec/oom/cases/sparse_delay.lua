-- Delays of a LinearSparse as codes and as numbers, spikes on their way, rows that are
-- sorted, and back.
local snn = require "snn"

local pairs_ = { pre = snn.tensor { 1, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 4, 2, 2 },
  post = snn.tensor { 1, 2, 3, 1, 2, 2, 1, 1, 3, 3, 2, 1, 1, 2, 3, 3, 1, 3 } }
local COUNT <const> = 18

local function sparse(delays)
  return snn.LinearSparse { in_shape = 4, out_shape = 3, step_time = 1, delay = 8, batch_size = 2,
    synapses = pairs_, weight_init = snn.full({ COUNT }, 0.5), delay_init = delays,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
end

local function few() return snn.arange(1, COUNT + 1) % 2 * 3 end

local function steps(c, spikes)
  local sum = c(spikes)
  for _ = 1, 9 do sum = sum + c(snn.zeros(2, 4)) end
  return sum
end

local function same(a, b) assert(a:allclose(b)) end

return {
  prepare = function()
    local conn = sparse(few():to("float32"))
    return { conn = conn, spikes = snn.ones(2, 4), was = conn.delay, pre = conn.pre,
      want = steps(conn, snn.ones(2, 4)), other = conn.delay + snn.arange(1, COUNT + 1) / 16 }
  end,
  run = function(o)
    local made = sparse(few():to("float32"))
    same(steps(made, o.spikes), o.want)
    made.delay = o.other
    same(steps(made, o.spikes), o.want)
    made.delay = few()
    made:add(1, 1, 1, 2)
    made:prune { below = 0.4 }
    o.conn(o.spikes)
    o.conn.delay = o.other
    o.conn(o.spikes)
  end,
  check = function(o, ok)
    same(o.conn.delay, ok and o.other or o.conn.delay)
    assert(o.conn.delay:equal(o.was) or o.conn.delay:equal(o.other))
    assert(o.conn.pre:equal(o.pre))
    o.conn:clear()
    o.conn.delay = o.was
    same(steps(o.conn, o.spikes), o.want)
  end,
}
