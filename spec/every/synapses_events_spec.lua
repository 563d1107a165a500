-- Every synapse in every connection, with every kind of delay: a step is made of what
-- arrives in it, never of all inputs or all weights, and gives what the product of
-- all stored currents gives, within 1e-6 of the sum of its terms' magnitudes.
local snn = require "snn"
local models = require "spec.every.models"
local heard = require("spec.support").heard

local STEPS <const>, LONGEST <const> = 24, 3
local BOUND <const> = { float32 = 1e-6, float64 = 1e-12 }
local SIZES <const> = {
  LinearDense = { in_shape = 23, out_shape = 9 },
  LinearSparse = { in_shape = 23, out_shape = 9 },
  LinearLateral = { shape = 17 },
  LinearDirect = { shape = 17 },
  Conv2D = { height = 6, width = 5, channels = 1, filters = 2, kernel = 3, padding = 1 },
}

-- The delays, ms, of steps of 1 ms, and what else the synapse is given.
local KINDS <const> = {
  none = {},
  shared = { init = 2 },
  ["shared between steps"] = { init = 1.4 },
  grid = { init = function(d) return (d * LONGEST):round() end },
  previous = { init = function(d) return d * LONGEST end, mode = "previous" },
  nearest = { init = function(d) return d * LONGEST end, mode = "nearest" },
}

local function synapse_of(name, kind)
  local own = models.arguments(snn[name])
  own.shape, own.step_time = nil, nil
  local mode = models.has(snn[name], "interp_mode") and "interp_mode" or "spike_interp_mode"
  if kind.mode then own[mode] = kind.mode end
  return snn[name].partialconstructor(own)
end

local function make(class, name, kind, dtype)
  local args = { step_time = 1, batch_size = 2, dtype = dtype, bias = true,
    synapse = synapse_of(name, kind), delay = kind.init and LONGEST or nil, delay_init = kind.init }
  for k, v in pairs(SIZES[class] or {}) do args[k] = v end
  snn.manual_seed(6)
  local connection = snn[class](models.arguments(snn[class], args))
  connection.weight = snn.rand(connection.weight.shape, { dtype = dtype }) - 0.4
  return connection
end

-- The currents of all steps; with `is_abs` of the weights' magnitudes.
local function run(class, name, kind, dtype, is_graded, is_abs)
  local connection, out = make(class, name, kind, dtype), {}
  if is_abs then
    connection.weight = connection.weight:abs()
    connection.bias = connection.bias:abs()
  end
  for step = 1, STEPS do
    snn.manual_seed(70 + step)
    local input = snn.rand(connection.batched_inshape):lt(step % 5 == 0 and 0 or 0.06)
    if is_graded then input = input:to(dtype) * snn.rand(input.shape, { dtype = dtype }) end
    out[step] = connection(input):flatten()
  end
  return snn.cat(out, 1)
end

-- Of all currents.
local function old(...)
  snn._debug.sums(false)
  snn._debug.arrivals(false)
  local ok, _, result = pcall(heard, run, ...)
  snn._debug.sums(true)
  snn._debug.arrivals(true)
  assert(ok, _)
  return result
end

local function check(class, name, kind, dtype, is_graded)
  local before = snn._debug.wholes()
  local _, new = heard(run, class, name, kind, dtype, is_graded)
  assert.are.equal(0, snn._debug.wholes() - before, "products of all inputs or weights")
  local want = old(class, name, kind, dtype, is_graded)
  local terms = old(class, name, kind, dtype, is_graded, true)
  assert.is_true(terms:max():item() > 0)
  local off = (new - want):abs() - terms * BOUND[dtype]
  assert.is_true(off:max():item() <= 0, tostring(off:max():item()))
end

-- All steps again, with a step of a layer that fails before some, and a save at one.
local function resumed(class, name, kind)
  local c, out, path = make(class, name, kind, "float32"), {}, os.tmpname()
  for step = 1, STEPS do
    if step % 4 == 2 then
      local layer = snn.Layer { wiring = function() error "no" end }
      layer:add_connection("c", c)
      layer:add_neuron("n", snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60,
        thresh_v = -50, batch_size = 2 })
      assert.is_false(pcall(layer, { c = snn.rand(c.batched_inshape):lt(0.3) }))
    end
    if step == 11 then
      snn.save(path, { c = c })
      c = make(class, name, kind, "float32")
      snn.load(path, { c = c })
    end
    snn.manual_seed(70 + step)
    out[step] = c(snn.rand(c.batched_inshape):lt(step % 5 == 0 and 0 or 0.06)):flatten()
  end
  os.remove(path)
  return snn.cat(out, 1)
end

for _, name in ipairs(models.below(snn.Synapse)) do
  describe(name .. " by events", function()
    for _, class in ipairs(models.below(snn.Connection)) do
      it("is what all of its currents are in " .. class, function()
        for what, kind in pairs(KINDS) do
          for i, dtype in ipairs { "float32", "float64" } do
            local ok, message = pcall(check, class, name, kind, dtype, i == 2)
            assert(ok, ("%s, %s: %s"):format(what, dtype, message))
            if models.has(snn[name], "graded") then
              check(class, name, kind, dtype, i == 1)
            end
          end
        end
      end)

      it("goes on in the same bits after failed steps and a save in " .. class, function()
        for _, what in ipairs { "none", "grid", "previous" } do
          local _, plain = heard(run, class, name, KINDS[what], "float32")
          local _, again = heard(resumed, class, name, KINDS[what])
          assert.is_true(again:equal(plain), what)
        end
      end)
    end
  end)
end
