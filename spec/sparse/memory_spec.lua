-- What a sparse network takes, in a process of its own: memory grows with the synapses,
-- not with inputs x outputs. `make bench BENCH=sparse_memory` tells bytes a synapse.
local support = require "spec.support"

-- Sanitised programs take other memory.
local is_plain <const> = support.cpath ~= nil

local HEAD <const> = [[
  local function peak()
    local file <close> = io.open "/proc/self/status"
    return file and tonumber(file:read("a"):match "VmHWM:%s*(%d+)") / 1024
  end
]]

describe("a sparse network of 200,000 neurons and a million synapses", function()
  it("is made, trained a step, saved and pruned in 200 MB", function()
    local result = support.run(HEAD .. [[
      local N <const>, COUNT <const> = 200000, 1000000
      local connection = snn.LinearSparse { in_shape = N, out_shape = N, step_time = 1,
        synapses = snn.connect.fixed_total { n = COUNT }, weight_init = { "uniform", 0.5, 1 },
        synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 1,
          time_constant = 5 } }
      connection.updater = connection:defaultupdater()
      local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
        shape = N, step_time = 1, rest_v = -60, thresh_v = -50 } }
      local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.01, tc_post = 20, tc_pre = 20 }
      trainer:register_cell("cell", layer.cell)
      local before = connection.weight
      for _ = 1, 2 do
        layer:forward(snn.rand(1, N):lt(0.1),
          { neuron_kwargs = { override = snn.rand(1, N):lt(0.1) } })
        trainer()
        layer:update()
      end
      print("trained", before:equal(connection.weight) == false)
      before = nil
      local path = os.tmpname()
      snn.save(path, { layer = layer, trainer = trainer })
      os.remove(path)
      local left = connection.weight:ge(0.75):sum():item()
      connection:prune { below = 0.75 }
      print("pruned", connection.count == left and left > 0 and left < COUNT)
      layer:forward(snn.rand(1, N):lt(0.1))
      io.stderr:write(peak() or 0)
    ]])
    assert.equal("trained\ttrue\npruned\ttrue\n", result.out)
    assert.equal(0, result.code)
    if is_plain then assert.is_true(tonumber(result.err) < 200, result.err .. " MB") end
  end)
end)
