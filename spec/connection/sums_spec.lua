-- Currents that decay are kept as weighted sums at the outputs: what a connection
-- gives is what the product of all currents gives, by other steps.
local snn = require "snn"
local support = require "spec.support"

local MODELS <const> = {
  single = { "SingleExponentialCurrent", { spike_charge = 3, time_constant = 5 } },
  double = { "DoubleExponentialCurrent", { spike_charge = 3, tc_decay = 12, tc_rise = 2 } },
  alpha = { "AlphaCurrent", { spike_charge = 3, time_constant = 4 } },
  depressing = { "TsodyksMarkram", { spike_charge = 3, time_constant = 5, tc_recovery = 100,
    tc_facilitation = 30, utilization = 0.4 } },
}

local INPUTS <const>, OUTPUTS <const>, BATCH <const> = 40, 11, 3

-- Weights are multiples of 2^-10: their sums are exact.
local function weights(seed)
  snn.manual_seed(seed)
  return (snn.rand { OUTPUTS, INPUTS } * 1024):floor() / 1024
end

local function dense(model, options)
  local args = { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 0.5, batch_size = BATCH,
    synapse = snn[MODELS[model][1]].partialconstructor(MODELS[model][2]) }
  for key, value in pairs(options or {}) do args[key] = value end
  local connection = (args.class or snn.LinearDense)(args)
  connection.weight = weights(1):to(connection.weight.dtype)
  return connection
end

-- Inputs of each step: none, few, many, and values.
local function inputs(count, dtype)
  snn.manual_seed(7)
  local list = {}
  for t = 1, count do
    local share = ({ 0, 0, 0.05, 0.9 })[t % 4 + 1]
    list[t] = snn.rand { BATCH, INPUTS }:lt(share)
    if t % 7 == 0 then list[t] = snn.randn { BATCH, INPUTS }:to(dtype or "float32") end
  end
  return list
end

local function run(connection, list, each)
  local out = {}
  for t, x in ipairs(list) do
    out[t] = connection(x):clone()
    if each then each(connection, t, out[t]) end
  end
  return snn.stack(out)
end

local function by_product(make, ...)
  snn._debug.sums(false)
  local ok, result = pcall(run, make(), ...)
  snn._debug.sums(true)
  assert(ok, result)
  return result
end

local function close(a, b, tolerance)
  assert.is_true(a:allclose(b, 0, tolerance or 2e-5))
end

local function same(a, b) assert.is_true(a:equal(b)) end

describe("weighted sums at outputs", function()
  local list = inputs(60)
  after_each(function() snn._debug.sums(true) end)

  it("are those of the formula", function()
    local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
      dtype = "float64", synapse = snn.SingleExponentialCurrent.partialconstructor {
        spike_charge = 6, time_constant = 2 } }
    connection.weight = snn.tensor({ { 2, -5 } }, { dtype = "float64" })
    local none, first = snn.tensor { { false, false } }, snn.tensor { { true, false } }
    local d = math.exp(-0.5)
    local both = snn.tensor { { true, true } }
    for _, case in ipairs { { first, 6 }, { none, 6 * d }, { none, 6 * d ^ 2 },
      { both, 6 * d ^ 3 - 9 }, { none, 6 * d ^ 4 - 9 * d } } do
      assert.near(case[2], connection(case[1]):item(), 1e-12)
    end
    connection.weight = snn.tensor({ { 1, 1 } }, { dtype = "float64" })
    assert.near((3 * d ^ 3 + 3) * d ^ 2 + 3 * d ^ 2, connection(none):item(), 1e-12)
  end)

  for model in pairs(MODELS) do
    it("are those of the product: " .. model, function()
      for _, options in ipairs { {}, { bias = true }, { dtype = "float64" },
        { class = snn.LinearLateral, shape = INPUTS, in_shape = false } } do
        local function make()
          if not options.class then return dense(model, options) end
          local connection = snn.LinearLateral { shape = INPUTS, step_time = 0.5,
            batch_size = BATCH,
            synapse = snn[MODELS[model][1]].partialconstructor(MODELS[model][2]) }
          snn.manual_seed(3)
          connection.weight = snn.rand { INPUTS, INPUTS }
          return connection
        end
        close(run(make(), list), by_product(make, list), 1e-4)
      end
    end)

    it("hold after anything is assigned: " .. model, function()
      local function change(connection, t)
        local synapse = connection.synapse
        if t == 10 then connection.weight = weights(2) end
        if t == 20 then -- what the newest step is
          local state = synapse:state_dict()
          state.current_ = state.current_ * 2
          synapse:load_state_dict(state)
        end
        if t == 30 then synapse.spike_charge = 5 end
        if t == 35 and model ~= "double" then synapse.time_constant = 9 end
        if t == 40 then connection.dt = 0.25 end
        if t == 45 then synapse:clear() end
      end
      local function make() return dense(model) end
      close(run(make(), list, change), by_product(make, list, change), 1e-4)
    end)

    it("have the bits of a run that was not read, with any threads: " .. model, function()
      local expected = run(dense(model), list)
      same(expected, run(dense(model), list, function(connection)
        return connection.syncurrent, connection.synapse.current_, connection:state_dict()
      end))
      for _, threads in ipairs { 1, 2, 4 } do
        snn.set_num_threads(threads)
        same(expected, run(dense(model), list))
      end
      snn.set_num_threads(2)
    end)

    it("go on in bits from a saved state that is changed at once: " .. model, function()
      local changes = {
        function(connection) connection.synapse.spike_charge = 5 end,
        function(connection)
          if model == "single" then connection.synapse.current = connection.synapse.current end
        end,
        function(connection) connection.synapse.current_ = connection.synapse.current_ end,
        function(connection) connection.synapse.spike_ = connection.synapse.spike_ end,
        function(connection) connection.synapse.spike = connection.synapse.spike end,
        function(connection) connection.dt = 0.25 end,
        function(connection) connection.synapse:clear() end,
        function(connection) connection.weight = connection.weight end,
      }
      local some, rest = table.move(list, 1, 10, 1, {}), table.move(list, 11, 20, 1, {})
      for _, change in ipairs(changes) do
        local one, other = dense(model), dense(model)
        run(one, some)
        other:load_state_dict(one:state_dict())
        change(one)
        change(other)
        same(run(one, rest), run(other, rest))
        same(one.synapse.trail, other.synapse.trail)
      end
    end)

    it("go on in bits from a saved state: " .. model, function()
      local one, other, state = dense(model), dense(model)
      local expected = run(one, list, function(connection, t)
        if t == 30 then state = connection:state_dict() end
      end)
      other:load_state_dict(state)
      local rest = table.move(list, 31, #list, 1, {})
      same(expected[{ { 31, #list } }], run(other, rest))
    end)
  end

  describe("with delays", function()
    local KINDS <const> = {
      shared = { delay = 4, delay_init = 1.5 },
      grid = { delay = 4, delay_init = function(d) return (d * 8):floor() / 2 end },
      between = { delay = 4, delay_init = function(d) return d * 4 end },
    }
    local CASES <const> = {}
    for kind, options in pairs(KINDS) do
      for _, class in ipairs { "LinearDense", "LinearSparse" } do
        CASES[kind .. ", " .. class] = function(model)
          local args = { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 0.5,
            batch_size = BATCH,
            synapse = snn[MODELS[model][1]].partialconstructor(MODELS[model][2]) }
          snn.manual_seed(5)
          for key, value in pairs(options) do args[key] = value end
          if class == "LinearSparse" then
            local pre, post = {}, {}
            for i = 1, INPUTS do
              for j = 1, OUTPUTS do
                if (i * 7 + j * j) % 3 == 0 then pre[#pre + 1], post[#post + 1] = i, j end
              end
            end
            args.synapses = { pre = snn.tensor(pre), post = snn.tensor(post) }
          end
          local connection = snn[class](args)
          snn.manual_seed(6)
          connection.weight = (snn.rand(connection.weight.shape) * 1024):floor() / 1024
          return connection
        end
      end
    end

    for name, make in pairs(CASES) do
      it("are those of the product: " .. name, function()
        for model in pairs(MODELS) do
          local function new() return make(model) end
          local function change(connection, t)
            if t == 20 then connection.weight = connection.weight * 0.5 end
            if t == 30 then connection.delay = connection.delay * 0.5 end
            if t == 45 then connection.synapse:clear() end
          end
          close(run(new(), list, change), by_product(new, list, change), 1e-4)
          local spikes = {}
          for t, x in ipairs(list) do spikes[t] = x:ne(0) end
          close(run(new(), spikes, change), by_product(new, spikes, change), 1e-4)
        end
      end)

      it("have the bits of a run that was not read, or was saved: " .. name, function()
        for _, model in ipairs { "single", "alpha" } do
          for _, inputs_of in ipairs { list, "spikes" } do
            local given = {}
            for t, x in ipairs(list) do given[t] = inputs_of == list and x or x:ne(0) end
            local state
            local expected = run(make(model), given)
            local read = run(make(model), given, function(connection, t)
              if t == 31 then state = connection:state_dict() end
              return connection.synapse.current_, connection.syncurrent
            end)
            same(expected, read)
            local other = make(model)
            other:load_state_dict(state)
            same(expected[{ { 32, #list } }], run(other, table.move(given, 32, #given, 1, {})))
          end
        end
      end)
    end
  end)

  it("go on in bits from a saved state where a hook finds nothing to clamp", function()
    local function make()
      local connection = dense("single")
      local hook = snn.Clamping { module = connection, attr = "weight", min = -1, max = 2 }
      hook:register()
      return connection, hook
    end
    local one, hook = make()
    run(one, list)
    local other, another = make()
    other:load_state_dict(one:state_dict())
    same(run(one, list), run(other, list))
    same(one.sums, other.sums)
    hook:deregister()
    another:deregister()
  end)

  it("have the synapse's currents to be read", function()
    local connection = dense "double"
    run(connection, list, function(_, t, out)
      local want = connection.syncurrent:matmul(connection.weight:transpose())
      close(out, want, 1e-4)
      assert.is_true(t > 0)
    end)
  end)

  it("are as before when a step fails", function()
    local connection, list2 = dense "single", inputs(20)
    local expected = run(dense "single", list2)
    local layer = snn.Layer { wiring = function() error "no" end }
    layer:add_connection("c", connection)
    layer:add_neuron("n", snn.LIF { shape = OUTPUTS, step_time = 0.5, batch_size = BATCH,
      rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2, time_constant = 20 })
    layer:add_cell("c", "n")
    run(connection, table.move(list2, 1, 10, 1, {}))
    local state = connection:state_dict()
    for _ = 1, 3 do assert.is_false(pcall(layer, { c = list2[11] })) end
    for name, value in pairs(connection:state_dict()) do same(state[name], value) end
    same(expected[{ { 11, 20 } }], run(connection, table.move(list2, 11, 20, 1, {})))
  end)

  it("leave a step whose currents were shown by a later one, which failed, whole", function()
    local Reads = snn.class("Reads", snn.Layer)
    local connection = snn.LinearDense { in_shape = 4, out_shape = 3, step_time = 1, delay = 3,
      delay_init = 2, synapse = snn.SingleExponentialCurrent.partialconstructor {
        spike_charge = 2, time_constant = 5 } }
    local layer = Reads()
    local fails = false
    function layer.wiring(_, currents)
      if fails then
        local _ = connection.synapse.current_
        error "no"
      end
      return { n = currents.c }
    end
    layer:add_connection("c", connection)
    layer:add_neuron("n", snn.LIF { shape = 3, step_time = 1, rest_v = -60, reset_v = -65,
      thresh_v = -50, refrac_t = 3, time_constant = 20 })
    local spikes = snn.tensor { { true, false, true, false } }
    layer { c = spikes }
    layer { c = spikes }
    local wanted = snn.copy(connection.synapse).current_fine
    fails = true
    assert.is_false((pcall(layer, { c = spikes })))
    assert.is_true(connection.synapse.current_fine:eq(wanted):all():item())
    assert.is_true((connection.synapse.current:to "float64" - wanted):abs():max():item() < 1e-6)
  end)

  it("are summed anew while a weight is infinite", function()
    local function change(connection, t)
      local w = weights(1)
      w[{ 2, 3 }] = t < 30 and 1 / 0 or 1
      connection.weight = w
    end
    local function make() return dense "single" end
    local got, want = run(make(), list, change), by_product(make, list, change)
    same(got:isfinite(), want:isfinite())
    close(got[{ { 35, 60 } }], want[{ { 35, 60 } }])
  end)

  it("are no state of what keeps no sums", function()
    local delta = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
    delta(snn.tensor { { true, false } })
    assert.is_nil(delta.sums)
    assert.is_nil(delta.synapse.trail)
    local connection = dense "single"
    connection(list[1])
    assert.is_truthy(connection.sums)
    assert.same({ 2, BATCH, INPUTS }, connection.synapse.trail.shape)
    support.fails("AttributeError", "sums", function() connection.sums = connection.sums end)
  end)
end)
