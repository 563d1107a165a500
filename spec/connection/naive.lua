-- Helpers of the specs of connections: their products as plain loops, and the
-- bits of a run in a process of its own.
local snn = require "snn"
local support = require "spec.support"

local naive = {}

naive.TOLERANCE = 1e-5 -- of sums of float32 in another order

---A synapse for a connection: charge 2 pC, at a step of 0.5 ms 4 nA a spike.
naive.synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 }

---A connection of this class with steps of 0.5 ms.
---@param class string
---@param args table
function naive.make(class, args)
  local all = { step_time = 0.5, synapse = naive.synapse }
  for name, value in pairs(args) do all[name] = value end
  return snn[class](all)
end

---Spikes of about this share; all and none where it is 1 and 0.
function naive.spikes(shape, density) return snn.rand(shape):lt(density) end

---The currents (B, outputs) by loops in double precision: 4 nA times the sum
---of weight(output, input) over the spikes, and the bias.
---@param spikes boolean[][]
---@param outputs integer
---@param weight fun(output: integer, input: integer): number
---@param bias? number[]
function naive.product(spikes, outputs, weight, bias)
  local out = {}
  for b, row in ipairs(spikes) do
    out[b] = {}
    for o = 1, outputs do
      local sum = 0
      for i, is_spike in ipairs(row) do
        if is_spike then sum = sum + weight(o, i) end
      end
      out[b][o] = 4 * sum + (bias and bias[o] or 0)
    end
  end
  return out
end

-- Prints all bits of a run: %s is the constructor's call, %d the threads. With
-- more spikes connections may use a dense product, whose bits depend on the
-- processor.
local SCRIPT = [[
  snn.set_num_threads(%d)
  snn.manual_seed(3)
  local synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 0.7 }
  for _, dtype in ipairs { "float32", "float64" } do
    for _, batch in ipairs { 1, 20 } do
      local c = %s
      c.weight = snn.randn(c.weight.shape, { dtype = dtype })
      c.bias = snn.randn(c.bias.shape, { dtype = dtype })
      for _, density in ipairs { 0, 0.02, 0.08 } do
        local out = c(snn.rand(c.batched_inshape):lt(density)):reshape(-1)
        local sum = 0
        for i, v in ipairs(out:totable()) do
          sum = (sum * 31 + string.unpack("i8", string.pack("d", v)) + i) %% 0x1fffffffffffff
        end
        print(dtype, batch, density, sum)
      end
    end
  end
]]

---Asserts that a run gives the same bits with any threads and instruction set.
---@param call string the connection, from synapse, batch and dtype
function naive.same_bits(call)
  local first
  for _, setting in ipairs { { 1, "v1" }, { 1, "v3" }, { 1, "v4" }, { 2, "v4" }, { 4, "v1" } } do
    local result = support.run(SCRIPT:format(setting[1], call), { SNN_ISA = setting[2] })
    if result.err ~= "" then error(result.err, 2) end
    first = first or result.out
    if #first < 100 or first ~= result.out then
      error(("%d threads, %s: other bits"):format(setting[1], setting[2]), 2)
    end
  end
end

return naive
