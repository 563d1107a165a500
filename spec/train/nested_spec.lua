-- A function that a trainer's call runs (a kernel, a reduction) may call the same
-- trainer again: what a call is given is its own.
local snn = require "snn"
local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local near = require "spec.near"

local PAIR = { lr_post = 1, lr_pre = -0.5, tc_post = cells.HALF, tc_pre = cells.HALF }

-- A trainer of that class on two cells whose reduction (the batch's sum) first
-- runs `within`, once at a time; and the cells' layers after a pair of spikes.
local function nested(class, args, within)
  local is_inside, all = false, {}
  for k, v in pairs(args) do all[k] = v end
  local layer, trainer
  function all.batch_reduction(t, dim)
    if not is_inside then
      is_inside = true
      within(trainer)
      is_inside = false
    end
    return t:sum(dim)
  end
  layer, trainer = rates.pair(class, all, { batch_size = 2 })
  local other = rates.pair(class, all, { batch_size = 2 })
  trainer:register_cell("other", other.cell)
  for _, l in ipairs { layer, other } do
    cells.step(l, { { 1 }, { 1 } }, { { 0 }, { 0 } })
    cells.step(l, { { 0 }, { 0 } }, { { 1 }, { 1 } })
  end
  return trainer, layer, other
end

local function terms(layer, other) return { { rates.terms(layer) }, { rates.terms(other) } } end

-- What the calls add, one after the other, by the rule that is not nested.
local function apart(class, args, calls)
  local trainer, layer, other = nested(class, args, function() end)
  for _, call in ipairs(calls) do call(trainer) end
  return terms(layer, other)
end

-- The same with an inner call in each reduction of the outer one.
local function at_once(class, args, outer, inner)
  local count = 0
  local trainer, layer, other = nested(class, args, function(trainer)
    count = count + 1
    inner(trainer)
  end)
  outer(trainer)
  local calls = { outer }
  for i = 1, count do calls[i + 1] = inner end
  return terms(layer, other), calls
end

local function check(class, args, outer, inner)
  local got, calls = at_once(class, args, outer, inner)
  assert.truthy(#calls > 2)
  local want = apart(class, args, calls)
  for i = 1, 2 do
    for side = 1, 2 do near(want[i][side] or {}, got[i][side] or {}) end
  end
end

describe("a trainer's call within its own reduction", function()
  it("has a signal and a scale of its own", function()
    for _, class in ipairs { "MSTDP", "MSTDPET" } do
      local args = { tc_eligibility = class == "MSTDPET" and 10 or nil }
      for k, v in pairs(PAIR) do args[k] = v end
      local function outer(trainer) trainer(3, { scale = 2 }) end
      local function inner(trainer) trainer(snn.tensor { 5, -1 }, { scale = 0.5 }) end
      check(class, args, outer, inner)
    end
  end)

  it("has a target of its own", function()
    local args = { plasticity = 1, target = 0.3 }
    local function outer(trainer) trainer { target = 0.5 } end
    local function inner(trainer) trainer() end
    check("LinearHomeostasis", args, outer, inner)
  end)

  it("leaves the outer call what it was given when it fails", function()
    local function outer(trainer) trainer(3) end
    local function inner(trainer) -- adds nothing
      assert.is_false(pcall(trainer, 0 / 0))
      assert.is_false(pcall(trainer, 1, { scal = 2 }))
    end
    check("MSTDP", PAIR, outer, inner)
  end)
end)

describe("a trainer's call within its own kernel", function()
  it("adds too, with the kernels as they then are", function()
    local gain, layer, trainer = { gain = 3 }
    local function causal(t, kwargs)
      local now = kwargs.gain
      if now == 3 then
        kwargs.gain = 7
        trainer()
      end
      return t:maximum(0) * now
    end
    layer, trainer = rates.pair("KernelSTDP", {
      kernel_post = causal, kernel_post_kwargs = gain,
      kernel_pre = function(t) return t * 0 end,
    })
    rates.play(layer, "< . >")
    trainer()
    near({ { 2 * 3 + 2 * 7 } }, (rates.terms(layer)))
  end)

  it("runs by events where kernels of the library have changed to numbers", function()
    local layer, trainer
    local kwargs = { learning_rate = 2, time_constant = cells.HALF }
    local args = {
      kernel_post = snn.functional.exp_stdp_post_kernel, kernel_post_kwargs = kwargs,
      kernel_pre = snn.functional.exp_stdp_pre_kernel, kernel_pre_kwargs = kwargs,
      batch_reduction = function(t, dim)
        if kwargs.learning_rate == 2 then
          kwargs.learning_rate = 4
          trainer()
        end
        return t:sum(dim)
      end,
    }
    layer, trainer = rates.pair("KernelSTDP", args, { batch_size = 2 })
    cells.step(layer, { { 1 }, { 1 } }, { { 0 }, { 0 } })
    cells.step(layer, { { 0 }, { 0 } }, { { 1 }, { 1 } })
    trainer()
    -- two samples, half a step's decay each: at rate 2 the outer, at 4 the inner
    near({ { 2 * 2 * 0.5 + 2 * 4 * 0.5 } }, (rates.terms(layer)))
  end)
end)
