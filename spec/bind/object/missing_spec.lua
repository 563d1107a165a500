-- Functions that want several arguments, by position or as options, tell at
-- once which of them are missing.
local snn = require "snn"
local fails = require("spec.support").fails

local x <const> = snn.zeros(2, 3)
local F <const> = snn.functional

-- function, what it gets, its first missing argument, the others
local CASES <const> = {
  { snn.normal, {}, "mean", "'std', 'shape'" },
  { snn.normal, { 0 }, "std", "'shape'" },
  { snn.uniform, {}, "low", "'high', 'shape'" },
  { snn.randint, { 1 }, "high", "'shape'" },
  { snn.full, {}, "shape", "'value'" },
  { snn.linspace, { 1 }, "last", "'steps'" },
  { snn.save_npy, {}, "path", "'tensor'" },
  { snn.normalize, {}, "data", "'order'" },
  { snn.isi, {}, "spikes", "'step_time'" },
  { snn.victor_purpura_pair_dist, {}, "t0", "'t1', 'cost'" },
  { x.narrow, { x }, "dim", "'start', 'length'" },
  { x.gather, { x }, "dim", "'index'" },
  { x.scatter_add_, { x, 1 }, "index", "'source'" },
  { x.where, { x }, "a", "'b'" },
  { F.bound_upper_power, {}, "param", "'update', 'limit'" },
  { F.bound_sharp, { x }, "pos", "'neg'" },
  { F.interp_linear, {}, "prev", "'next', 'sample_at', 'step_time'" },
  { F.interp_expdecay, { x, nil, 1, n = 3 }, "next", "'step_time'" },
  { F.extrap_nearest, { x }, "sample_at", "'prev', 'next', 'step_time'" },
  { F.adaptive_currents_linear, { x }, "voltages", "'spikes'" },
  { F.voltage_integration_linear, {}, "masked_inputs", "'voltages'" },
}

describe("arguments by position", function()
  for i, case in ipairs(CASES) do
    it(("are told all when they are missing, %d: %s"):format(i, case[4]), function()
      local wanted = ("'%s' must be [^()]*, got n[%%l ]* %%(missing too: %s%%)$")
        :format(case[3], case[4])
      local good, err = pcall(case[1], table.unpack(case[2], 1, case[2].n or #case[2]))
      assert.is_false(good)
      assert.equal("TypeError", err.kind)
      assert.truthy(err:match(wanted), tostring(err))
    end)
  end

  it("are not spoken of where they are there", function()
    local _, err = pcall(F.interp_linear, nil, x, 1, 1)
    assert.equal("interp_linear: 'prev' must be a tensor, got nil", err.message)
    _, err = pcall(snn.normal, "0")
    assert.equal("normal: 'mean' must be a number, got string '0'", err.message)
  end)
end)

describe("options that must be there", function()
  it("are told all when they are missing, with units", function()
    fails("TypeError", "exp_trace_nearest: 4 arguments are missing: 'step_time' (ms; length of a "
      .. "step), 'time_constant' (ms; of the decay), 'amplitude' (of a match), 'target' (what "
      .. "counts)", snn.trace.exp_trace_nearest, x, nil, {})
    fails("TypeError", "voltage_integration_linear: 4 arguments are missing: 'step_time' (ms",
      F.voltage_integration_linear, x, x)
    fails("TypeError", "exp_stdp_post_kernel: 2 arguments are missing", F.exp_stdp_post_kernel, x)
    fails("TypeError", "holt_linear_smoothing: 2 arguments are missing: 'alpha' (0 to 1;",
      snn.holt_linear_smoothing, x)
    fails("TypeError", "Normal.pdf: 2 arguments are missing: 'loc' (a number or a tensor), 'scale'",
      snn.stats.Normal.pdf, x)
  end)
end)

describe("a method that got no argument at all", function()
  it("says so, and how it is called", function()
    local reducer = snn.PassthroughReducer { step_time = 1 }
    for _, name in ipairs { "peek", "dump", "clear" } do
      fails("TypeError", ("%s: 'self' must be a Reducer, got n"):format(name), reducer[name])
    end
    fails("TypeError", "clear: 'self' must be an Accumulator, got no value (call it as "
      .. "accumulator:clear(...))", snn.Accumulator().clear)
    fails("TypeError", "add: 'self' must be a tensor, got number 3 (call it as x:add(...))",
      x.add, 3)
    fails("TypeError", "(call it as x:eq(...))", x.eq, 3)
  end)
end)

describe("a module in a field", function()
  it("that is called as a method is told so", function()
    local c = snn.LinearDense { in_shape = 2, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    c.updater = c:defaultupdater()
    for _, name in ipairs { "synapse", "updater" } do
      local call = load("local c = ... c:" .. name .. "()")
      fails("TypeError", ("'%s' is a field, not a method"):format(name), call, c)
    end
    fails("TypeError", "'spikes' must be a tensor, got LinearDense", function()
      local synapse = c.synapse
      synapse(c)
    end)
  end)
end)

describe("a list where a tensor is wanted", function()
  it("is told of in lists, tables and results too", function()
    local advice = " (snn.tensor{...} makes one of a list)"
    fails("TypeError", "element 1 of 'list' must be a tensor, got table" .. advice, snn.cat,
      { { 1 } })
    fails("TypeError", "'a' must be a tensor, got table" .. advice, snn.save_safetensors,
      "/dev/null", { a = { 1 } })
    fails("TypeError", "got table" .. advice, snn.Clamping,
      { module = snn.Module(), attr = "weight", min = { 1 } })
    local reducer = snn.EventReducer { step_time = 1, criterion = function() return { 1 } end }
    fails("TypeError", "the criterion must return a tensor, got table" .. advice, reducer, x)
  end)
end)
