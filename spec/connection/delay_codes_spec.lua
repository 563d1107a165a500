-- Delays of a LinearSparse that are of few kinds are held as codes of these: whatever is
-- done with them, they are the numbers that were given.
local snn = require "snn"
local heard = require("spec.support").heard

local INPUTS <const>, OUTPUTS <const>, COUNT <const>, STEP <const> = 13, 17, 200, 0.5

local function on_grid(n, dtype)
  return (snn.rand({ n }, { dtype = dtype }) * 12):floor() * STEP
end
local function between(n, dtype) return snn.rand({ n }, { dtype = dtype }) * 6 end

local function make(dtype, delays)
  snn.manual_seed(2)
  local pairs_ = { pre = snn.randint(1, INPUTS, { COUNT }),
    post = snn.randint(1, OUTPUTS, { COUNT }) }
  return snn.LinearSparse { in_shape = INPUTS, out_shape = OUTPUTS, step_time = STEP, delay = 6,
    dtype = dtype, synapses = pairs_, delay_init = delays(COUNT, dtype),
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
end

-- Synapses with their delays, whatever the order.
local function listed(c)
  local list, delay = {}, c.delay
  for k = 1, c.count do
    list[k] = ("%d %d %.9g"):format(c.pre[k], c.post[k], delay[k])
  end
  table.sort(list)
  return table.concat(list, "\n")
end

local function each(f)
  for _, dtype in ipairs { "float32", "float64" } do f(dtype, make(dtype, on_grid)) end
end

describe("delays of few kinds", function()
  it("take two bytes each, others those of their type", function()
    each(function(dtype, c)
      local wide = dtype == "float64" and 8 or 4
      local others = make(dtype, between):describe().bytes
      local saved = others - c:describe().bytes
      assert.is_true(saved > COUNT * (wide - 2) - 400 and saved <= COUNT * (wide - 2))
    end)
  end)

  it("lie in the order of rows and delays, in which all is told", function()
    each(function(dtype, c)
      local delay = c.delay
      assert.equal(dtype, delay.dtype)
      for k = 2, COUNT do
        local a, b = c.pre[k - 1], c.pre[k]
        assert.is_true(a < b or a == b and delay[k - 1] <= delay[k])
      end
      c.delay = delay
      assert.is_true(c.delay:equal(delay))
      assert.is_true(c.selector:flatten():equal(delay))
    end)
  end)

  it("are a tensor of their own when they are read", function()
    each(function(_, c)
      local before, mine = c.delay, c.delay:clone()
      mine:fill_(3)
      assert.is_true(c.delay:equal(before))
      c.delay = between(COUNT)
      c.delay = before:to("float64")
      assert.is_true(c.delay:equal(before))
      c.delay = 2 + snn.zeros(COUNT)
      assert.equal(2, c.delay:max():item())
      assert.has_error(function() c.delay = before + 6 end)
      assert.equal(2, c.delay:min():item())
    end)
  end)

  it("learn, are clamped, and are saved", function()
    local path = os.tmpname()
    each(function(dtype, c)
      local before, step = c.delay:clamp(0, 4), 0.25 * on_grid(COUNT, dtype)
      local fresh = make(dtype, between)
      c.delay, c.updater = before, c:defaultupdater()
      c:update() -- nothing
      assert.is_true(c.delay:equal(before))
      c.updater.delay = { step }
      c:update()
      assert.is_true(c.delay:equal(before + step))
      c.delay, c.updater = before, nil
      local clamp = snn.Clamping { module = c, attr = "delay", min = 1, max = 4 }
      clamp { force = true, ignore_mode = true }
      assert.is_true(c.delay:equal(before:clamp(1, 4)))
      snn.save(path, { c = c })
      snn.load(path, { c = fresh })
      assert.is_true(fresh.delay:equal(c.delay))
      assert.equal(listed(c), listed(fresh))
    end)
    os.remove(path)
  end)

  it("go back with a snapshot", function()
    each(function(_, c)
      local layer = snn.Serial { connection = c,
        neuron = snn.ExactNeuron { shape = OUTPUTS, step_time = STEP, rest_v = -60, thresh_v = -50,
          dtype = c.dtype } }
      local before, was = c.delay, layer:snapshot()
      c.delay = between(COUNT, c.dtype)
      layer:restore(was)
      assert.is_true(c.delay:equal(before))
      local later = layer:snapshot()
      c.delay = snn.zeros(COUNT)
      layer:restore(later)
      assert.is_true(c.delay:equal(before))
    end)
  end)

  it("stay with their synapses when these come and go", function()
    each(function(_, c)
      c.weight = snn.rand(COUNT)
      local keep, left = c.weight:ge(0.5), {}
      for k = 1, COUNT do
        if keep[k] then
          left[#left + 1] = ("%d %d %.9g"):format(c.pre[k], c.post[k],
            c.delay[k])
        end
      end
      heard(function() c:prune { below = 0.5 } end)
      table.sort(left)
      assert.equal(table.concat(left, "\n"), listed(c))
      c:add(3, 4, 1, 5.5)
      left[#left + 1] = "3 4 5.5"
      table.sort(left)
      assert.equal(table.concat(left, "\n"), listed(c))
    end)
  end)
end)
