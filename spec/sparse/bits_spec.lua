-- What a LinearSparse gives is what its dense twin with a mask gives, in all bits and from
-- the first step on: weights are multiples of 2^-10, charges and time constants are not.
local snn = require "snn"

local INPUTS <const>, OUTPUTS <const> = 20, 15

local SYNAPSES <const> = {
  DeltaCurrent = { spike_charge = 7.7 },
  SingleExponentialCurrent = { spike_charge = 31.3, time_constant = 7 },
  DoubleExponentialCurrent = { spike_charge = 31.3, tc_decay = 7, tc_rise = 1.9 },
  AlphaCurrent = { spike_charge = 31.3, time_constant = 3 },
}

local DELAYS <const> = { "none", "shared", "grid", "alike" }

local function new_delays(kind, dtype)
  local random = snn.rand(OUTPUTS, INPUTS, { dtype = dtype })
  if kind == "grid" then return (random * 6.99):floor() end
  if kind == "alike" then return random * 0 + 3 end
end

-- A connection of each kind with the same weights and delays.
local function twins(job)
  snn.manual_seed(job.seed)
  local mask = snn.rand(OUTPUTS, INPUTS):lt(job.share)
  local weight = ((snn.rand(OUTPUTS, INPUTS, { dtype = job.dtype }) - 0.3) * 1024):round() / 1024
    * mask:to(job.dtype)
  local delay = new_delays(job.delays, job.dtype)
  local args = { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 1, dtype = job.dtype,
    batch_size = 2, delay = job.delays ~= "none" and 6 or nil,
    delay_init = job.delays == "shared" and 3 or nil,
    synapse = snn[job.synapse].partialconstructor(SYNAPSES[job.synapse]) }
  local dense = snn.LinearDense(args)
  args.synapses = snn.connect.mask(mask)
  local sparse = snn.LinearSparse(args)
  local places = (sparse.post - 1) * INPUTS + sparse.pre
  dense.weight, sparse.weight = weight, weight:flatten():index_select(1, places)
  if delay then
    dense.delay, sparse.delay = delay, delay:flatten():index_select(1, places)
  end
  return sparse, dense
end

local function assert_same(job, cleared_at)
  local sparse, dense = twins(job)
  for step = 1, 30 do
    if step == cleared_at then
      sparse:clear()
      dense:clear()
    end
    local spikes = snn.rand(2, INPUTS):lt(step % 9 == 0 and 0 or job.rate)
    assert.is_true(sparse(spikes):equal(dense(spikes)),
      ("%s, delays %s, %s, seed %d, step %d"):format(job.synapse, job.delays, job.dtype, job.seed,
        step))
  end
end

for synapse in pairs(SYNAPSES) do
  describe("a LinearSparse with " .. synapse, function()
    for _, dtype in ipairs { "float32", "float64" } do
      it("is its dense twin in bits, in " .. dtype, function()
        local seed = 0
        for _, delays in ipairs(DELAYS) do
          for _, rate in ipairs { 0.03, 0.3, 0.7 } do
            for _, share in ipairs { 0.02, 0.3 } do
              seed = seed + 1
              assert_same({ synapse = synapse, dtype = dtype, delays = delays, rate = rate,
                share = share, seed = seed }, seed % 2 == 0 and 20 or nil)
            end
          end
        end
      end)
    end
  end)
end
