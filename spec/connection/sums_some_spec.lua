-- Steps in which few outputs are met write their sums in place
-- (src/connection/sums_some.c): the bits are those of steps that write all.
local snn = require "snn"

local INPUTS <const>, OUTPUTS <const>, EACH <const>, BATCH <const> = 60, 900, 3, 2

-- Weights are multiples of 2^-10, so that sums of them have no rounding; every third pair is there
-- once more.
local function pairs_of(seed)
  snn.manual_seed(seed)
  local pre, post = {}, {}
  local drawn = (snn.rand(INPUTS * EACH) * OUTPUTS):floor():totable()
  for i = 1, INPUTS do
    for k = 1, EACH do
      pre[#pre + 1], post[#post + 1] = i, drawn[(i - 1) * EACH + k] // 1 + 1 | 0
    end
    if i % 3 == 0 then pre[#pre + 1], post[#post + 1] = i, post[#post] end
  end
  return { pre = snn.tensor(pre), post = snn.tensor(post) }
end

local function options_of(options)
  local args = { in_shape = INPUTS, out_shape = OUTPUTS, step_time = 0.5, batch_size = BATCH,
    synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 3,
      time_constant = 5 } }
  for key, value in pairs(options or {}) do args[key] = value end
  return args
end

local function sparse(options)
  local args = options_of(options)
  args.synapses = pairs_of(1)
  local connection = snn.LinearSparse(args)
  snn.manual_seed(2)
  connection.weight = (snn.rand(connection.weight.shape) * 1024 - 512):floor() / 1024
  return connection
end

-- The same synapses as a matrix, which writes all sums in a step.
local function matrix(options, like)
  local args = options_of(options)
  local connection = snn.LinearDense(args)
  connection.weight = like:to_dense()
  if args.bias then connection.bias = like.bias end
  return connection
end

-- The first step is silent: sums begin as products of currents, which have rounding.
local function inputs(count)
  snn.manual_seed(7)
  local list = {}
  for t = 1, count do
    local share = ({ 0, 0.03, 0.1, t % 8 == 4 and 1 or 0.05 })[(t - 1) % 4 + 1]
    list[t] = snn.rand { BATCH, INPUTS }:lt(share)
  end
  return list
end

local function run(connection, list, each)
  local out = {}
  for t, x in ipairs(list) do
    out[t] = connection(x):clone()
    if each then each(connection, t) end
  end
  return snn.stack(out)
end

local function same(a, b) assert.is_true(a:equal(b)) end

describe("sums at some outputs", function()
  local list = inputs(60)

  for name, options in pairs { plain = {}, float64 = { dtype = "float64" }, bias = { bias = true },
    delay = { delay = 4, delay_init = 1.5 }, long = { step_time = 40 },
    weak = { synapse = snn.SingleExponentialCurrent.partialconstructor { spike_charge = 1,
      time_constant = 0.01 } } } do
    it("have the bits of a matrix: " .. name, function()
      local connection = sparse(options)
      local expected = run(matrix(options, connection), list)
      same(expected, run(connection, list))
      for _, threads in ipairs { 1, 4, 2 } do
        snn.set_num_threads(threads)
        same(expected, run(sparse(options), list))
      end
    end)
  end

  it("have the bits of a run that was read, saved, kept and went back", function()
    local expected = run(sparse(), list)
    same(expected, run(sparse(), list, function(connection)
      return connection:state_dict(), connection.sums, connection.syncurrent
    end))
    local one = sparse()
    run(one, table.move(list, 1, 30, 1, {}))
    local state, sums = one:state_dict(), one.sums
    local rest = table.move(list, 31, 60, 1, {})
    local other = sparse()
    other:load_state_dict(state)
    same(sums, other.sums)
    same(expected[{ { 31, 60 } }], run(other, rest))
    same(expected[{ { 31, 60 } }], run(snn.copy(one), rest))
    same(expected[{ { 31, 60 } }], run(one, rest))
  end)

  -- A layer whose wiring fails when it is told to.
  local function layer_of()
    local layer = snn.Layer()
    function layer.wiring(_, currents)
      if layer.fails then error "no" end
      return { n = currents.c }
    end
    layer:add_connection("c", sparse())
    layer:add_neuron("n", snn.LIF { shape = OUTPUTS, step_time = 0.5, batch_size = BATCH,
      rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2, time_constant = 20 })
    layer:add_cell("c", "n")
    return layer
  end

  it("are as before when a step fails, and in what was kept of them", function()
    local layer, plain = layer_of(), sparse()
    local image, kept
    for t, x in ipairs(list) do
      local before = layer.connections.c.sums
      layer.fails = true
      for _ = 1, t % 3 do assert.is_false((pcall(layer, { c = list[t % 60 + 1] }))) end
      if t % 2 == 0 then assert.is_true(before:equal(layer.connections.c.sums)) end
      layer.fails = false
      if t == 30 then image, kept = layer:snapshot(), layer.connections.c.sums:clone() end
      layer { c = x }
      plain(x)
      same(plain.sums, layer.connections.c.sums)
    end
    layer:restore(image)
    same(kept, layer.connections.c.sums)
    local again = sparse()
    run(again, table.move(list, 1, 29, 1, {}))
    for t = 30, 60 do
      layer { c = list[t] }
      again(list[t])
      same(again.sums, layer.connections.c.sums)
    end
    same(plain.sums, again.sums)
  end)

  it("are summed anew where a weight is infinite, and kept again", function()
    local connection = sparse()
    local function change(_, t)
      local w = connection.weight:clone()
      w[3] = t < 20 and 1 / 0 or 0.5
      if t == 5 or t == 20 then connection.weight = w end
    end
    local got = run(connection, list, change)
    assert.is_true(got[{ { 1, 5 } }]:isfinite():all():item())
    assert.is_false(got[{ { 6, 20 } }]:isfinite():all():item())
    assert.is_true(got[{ { 40, 60 } }]:isfinite():all():item())
    assert.is_truthy(connection.sums)
  end)
end)
