-- Every synapse in every connection: delays of whole steps are the same as several
-- connections without delays, each with the weights of one delay, read so many steps
-- later.
local snn = require "snn"
local models = require "spec.every.models"

local BATCH, STEPS, LONGEST = 2, 12, 3

-- A connection of the class whose synapse is of the other, with fixed weights.
local function make(class, synapse, changes)
  local own = models.arguments(snn[synapse])
  own.shape, own.step_time = nil, nil
  local args = { batch_size = BATCH, synapse = snn[synapse].partialconstructor(own) }
  for name, value in pairs(changes or {}) do args[name] = value end
  snn.manual_seed(6)
  local connection = snn[class](models.arguments(snn[class], args))
  connection.weight = snn.rand(connection.weight.shape, { dtype = connection.dtype }) - 0.3
  return connection
end

local function spikes(connection, step)
  snn.manual_seed(50 + step)
  return snn.rand(connection.batched_inshape):lt(0.3)
end

-- The currents of undelayed connections, by delay and step.
local function by_delay(class, synapse, delays, dtype)
  local out = {}
  for delay = 0, LONGEST do
    local connection = make(class, synapse, { dtype = dtype })
    connection.weight = connection.weight * delays:eq(delay):to(dtype)
    out[delay] = {}
    for step = 1, STEPS do out[delay][step] = connection(spikes(connection, step)) end
  end
  return out
end

local function check(class, synapse, dtype)
  local connection = make(class, synapse, { delay = LONGEST, dtype = dtype })
  snn.manual_seed(9)
  local delays = (snn.rand(connection.delay.shape) * (LONGEST + 1)):floor():to(dtype)
  connection.delay = delays
  local parts, seen = by_delay(class, synapse, delays, dtype), 0
  for step = 1, STEPS do
    local want = snn.zeros(connection.batched_outshape, { dtype = dtype })
    for delay = 0, LONGEST do
      local part = parts[delay][step - delay]
      if part then want = want + part end
    end
    local got = connection(spikes(connection, step))
    assert.is_true(got:allclose(want, 1e-4, 1e-5), ("step %d: %s, %s"):format(step, got, want))
    seen = seen + want:abs():sum():item()
  end
  assert.is_true(seen > 0)
end

for _, synapse in ipairs(models.below(snn.Synapse)) do
  describe(synapse .. " with delays", function()
    for _, class in ipairs(models.below(snn.Connection)) do
      for _, dtype in ipairs { "float32", "float64" } do
        it(("is the same late in %s, %s"):format(class, dtype), function()
          check(class, synapse, dtype)
        end)
      end
    end
  end)
end
