-- The events of spikes, seen through a connection: with the weights 1, 2, 3 ...
-- its current is the sum of the places of the true inputs.
local support = require "spec.support"

local SCRIPT <const> = [[
local snn = require "snn"
local x = 1
local function random()
  x = x * 48271 % 2147483647
  return x / 2147483647
end

local function connection(n, batch)
  return snn.LinearDense {
    in_shape = n, out_shape = 1, step_time = 1, batch_size = batch, dtype = "float64",
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
    weight_init = function() return snn.arange(1, n + 1, { dtype = "float64" }):reshape(1, n) end,
  }
end

local function check(n, batch, is_true)
  local c, spikes, sums = connection(n, batch), {}, {}
  for b = 1, batch do
    spikes[b], sums[b] = {}, 0
    for i = 1, n do
      spikes[b][i] = is_true(i)
      if spikes[b][i] then sums[b] = sums[b] + i end
    end
  end
  local out = c:forward(snn.tensor(spikes))
  for b = 1, batch do
    local got = out[b][1]
    if got ~= sums[b] then error(("%d inputs, row %d: %g, not %g"):format(n, b, got, sums[b])) end
  end
end

for _, n in ipairs { 1, 7, 63, 64, 65, 127, 128, 130, 784 } do
  for _, batch in ipairs { 1, 3 } do
    check(n, batch, function() return false end)
    check(n, batch, function() return random() < 0.02 end)
    check(n, batch, function() return random() < 0.5 end)
    check(n, batch, function() return true end)
    check(n, batch, function(i) return i == n end)
    -- more in one block of 64 than the scan writes at once
    check(n, batch, function(i) return i > 20 and i < 30 end)
  end
end
print "right"
]]

describe("the events of spikes", function()
  for _, isa in ipairs { "v1", "v3", "v4" } do
    it("are found on " .. isa, function()
      local result = support.run(SCRIPT, { SNN_ISA = isa })
      assert.equal("", result.err)
      assert.equal("right\n", result.out)
    end)
  end
end)
