-- Delays outside of 0 .. the synapse's longest: refused where they are assigned,
-- told once and read at the nearer end where learning has moved them.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"
local fails, heard, strictly = support.fails, support.heard, support.strictly

local function synapse() return snn.SingleExponentialCurrent.partialconstructor {
  spike_charge = 2, time_constant = 3 } end

local function make(name, changes)
  local args = { step_time = 0.5, delay = 2, synapse = synapse() }
  for key, value in pairs(changes or {}) do args[key] = value end
  snn.manual_seed(4)
  local c = models.maker(snn[name]).object(args)
  c.updater = c:defaultupdater()
  return c
end

-- Delays of 1 ms, one element of which is another number.
local function place(c)
  local at = c.delay.shape
  if #at > 1 then at[1] = 1 end -- not on a diagonal
  return at
end
local function delays(c, value)
  local t = snn.ones(c.delay.shape, { dtype = c.dtype })
  local at, row = place(c), t
  for d = 1, #at - 1 do row = row[at[d]] end
  row[at[#at]] = value
  return t
end

local function spikes(c, step)
  return snn.full(c.batched_inshape, step % 3 == 1 and 1 or 0):gt(0)
end

---What learning does: the delays become `wanted` by an update.
local function learn(c, wanted)
  c.updater.delay = { wanted - c.delay }
  c:update()
end

for _, name in ipairs(models.below(snn.Connection)) do
  local at = place(make(name))
  local index = "(" .. table.concat(at, ", ") .. (#at == 1 and ",)" or ")")

  describe("delays of " .. name .. " that are assigned", function()
    for _, wrong in ipairs { -1e-6, -3, 2.01, 100, 1 / 0, -1 / 0, 0 / 0 } do
      it(("must not be %s, and stay as they were"):format(wrong), function()
        for _, dtype in ipairs { "float32", "float64" } do
          local c = make(name, { dtype = dtype })
          c.delay = delays(c, 1.5)
          local before = c.delay:totable()
          fails("ValueError", "index " .. index, function() c.delay = delays(c, wrong) end)
          fails("ValueError", "longest, 2 ms", function() c.delay = delays(c, wrong) end)
          assert.same(before, c.delay:totable())
        end
      end)
    end

    it("are refused from delay_init as well", function()
      local good = delays(make(name), 2)
      assert.equal(2, make(name, { delay_init = good }).delay:max():item())
      local bad = delays(make(name), 2.5)
      fails("ValueError", "index " .. index, make, name, { delay_init = bad })
      fails("ValueError", "index", make, name, { delay_init = function(t) return t - 1 end })
    end)

    it("may be the longest one in float32, and 0", function()
      for _, longest in ipairs { 0.3, 0.7, 12.6 } do
        local c = make(name, { step_time = 0.1, delay = longest })
        c.delay = snn.full(c.delay.shape, longest)
        c.delay = snn.zeros(c.delay.shape)
      end
    end)

    it("have a longest of 0 where delays are none", function()
      local c = make(name, { delay = 0 })
      c.delay = snn.zeros(c.delay.shape)
      fails("ValueError", "longest, 0 ms", function() c.delay = delays(c, 1) end)
      assert.is_nil(make(name, { delay = false }).delay)
    end)

    it("forbid a synapse that is too short for them", function()
      local c = make(name)
      c.delay = delays(c, 1.5)
      local function of(delay) return synapse()(c.synapse.shape, 0.5, delay, 1) end
      local before = c.synapse
      c.delay = delays(c, 1.75)
      fails("ValueError", "index " .. index, function() c.synapse = of(1.5) end)
      assert.equal(before, c.synapse)
      c.synapse = of(3)
      assert.equal(3, c.delayedby)
    end)
  end)

  describe("delays of " .. name .. " that learning moves out", function()
    for _, moved in ipairs { -1, 5, 0 / 0 } do
      it(("to %s are told once"):format(moved), function()
        local c = make(name)
        c.delay = delays(c, 1)
        local texts = heard(function()
          for step = 1, 6 do
            learn(c, delays(c, moved))
            c(spikes(c, step))
          end
        end)
        assert.equal(1, #texts)
        for _, part in ipairs { name, "index " .. index, "snn.Clamping" } do
          assert.truthy(texts[1]:find(part, 1, true), texts[1])
        end
      end)
    end

    it("are read at the nearer end", function()
      for moved, as in pairs { [-1] = 0, [5] = 2 } do
        local c, clamped = make(name), make(name)
        heard(function() learn(c, delays(c, moved)) end)
        assert.equal(moved, c.delay:abs():amax():item() * (moved < 0 and -1 or 1))
        clamped.delay = delays(c, as)
        for step = 1, 9 do
          assert.same(clamped(spikes(c, step)):totable(), c(spikes(c, step)):totable())
          for _, field in ipairs { "selector", "syncurrent", "synspike" } do
            assert.is_true(c[field]:equal(clamped[field]), field)
          end
        end
      end
    end)

    it("come back untold by a Clamping of the connection or of its updater", function()
      for _, of in ipairs { "connection", "updater", "prehook", "tensor" } do
        local c = make(name)
        snn.Clamping { module = of == "updater" and c.updater or c, min = 0,
          max = of == "tensor" and snn.full(c.delay.shape, 2) or 2,
          attr = of == "updater" and "parent.delay" or "delay", as_prehook = of == "prehook",
        }:register()
        local function run()
          for step = 1, 6 do
            c(spikes(c, step))
            learn(c, delays(c, step % 2 == 0 and -1 or 5))
          end
          c(spikes(c, 7))
        end
        assert.same({}, heard(run))
        assert(strictly(run))
        assert.is_false(c.delay:lt(0):any():item())
      end
    end)

    it("are told where a Clamping has gone", function()
      local c = make(name)
      local clamping = snn.Clamping { module = c, attr = "delay", min = 0, max = 2 }
      clamping:register()
      c(spikes(c, 1))
      learn(c, delays(c, 5))
      clamping:deregister()
      assert.equal(1, #heard(function()
        for step = 1, 3 do
          learn(c, delays(c, -1))
          c(spikes(c, step))
        end
      end))
    end)

    it("fail the step that reads them where warnings are errors", function()
      local c = make(name)
      local before = models.state(c.synapse)
      assert(strictly(learn, c, delays(c, 5)))
      for _ = 1, 2 do
        local ok, err = strictly(c, spikes(c, 1))
        assert.same({ false, "RuntimeError" }, { ok, err.kind })
        assert.same(before, models.state(c.synapse))
      end
      c.delay = delays(c, 2)
      assert(strictly(c, spikes(c, 1)))
    end)

    it("are part of the state all the same", function()
      local c, other = make(name), make(name)
      heard(function() learn(c, delays(c, 5)) end)
      other:load_state_dict(c:state_dict())
      assert.same(c.delay:totable(), other.delay:totable())
      assert.equal(1, #heard(function() other(spikes(c, 1)) end))
    end)

    it("are told when the synapse has become too short", function()
      local c = make(name)
      c.delay = delays(c, 2)
      c.synapse.delay = 1
      local texts = heard(function() for step = 1, 3 do c(spikes(c, step)) end end)
      assert.equal(1, #texts)
      assert.truthy(texts[1]:find("outside of 0 to 1 ms", 1, true), texts[1])
    end)

    it("are told when a Normalization moves them", function()
      local c = make(name)
      c.delay = delays(c, 2)
      snn.Normalization { module = c, attr = "delay", order = 1,
        scale = 1000 * c.delay.numel }:register()
      local texts = heard(function() for step = 1, 3 do c(spikes(c, step)) end end)
      assert.equal(1, #texts)
    end)
  end)
end

describe("a warning of delays", function()
  it("has the name that a layer knows the connection by", function()
    local layer = snn.Layer { wiring = function() return {} end }
    local c = layer:add_connection("enc", make("LinearDense"))
    local texts = heard(function()
      for step = 1, 4 do
        layer { enc = spikes(c, step) }
        c.updater.delay = { nil, snn.full(c.delay.shape, 1) }
        layer:update()
      end
    end)
    assert.equal(1, #texts)
    assert.matches("enc: the delay at index %(1, 1%)", texts[1])
  end)

  it("does not come of elements that an update has not touched", function()
    local c = make("LinearDense", { in_shape = 70, out_shape = 5 })
    c.delay = snn.full({ 5, 70 }, 1.5)
    assert(strictly(function()
      for step = 1, 5 do
        c.updater.delay = { snn.full({ 5, 70 }, 0.1) }
        c:update()
        c(spikes(c, step))
      end
    end))
    assert.near(2, c.delay:max():item(), 1e-6)
  end)
end)

describe("initial values of what is not there", function()
  local classes = {
    LinearDense = { in_shape = 2, out_shape = 2 },
    LinearSparse = { in_shape = 2, out_shape = 2, synapses = { pre = { 1, 2 }, post = { 2, 2 } } },
    Conv2D = { height = 3, width = 3, channels = 1, filters = 1, kernel = 2 },
  }
  for name, sizes in pairs(classes) do
    local function made(more)
      local args = { step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
      for k, v in pairs(sizes) do args[k] = v end
      for k, v in pairs(more) do args[k] = v end
      return snn[name](args)
    end

    it("are told, or a number says the longest delay, of " .. name, function()
      local c = made { delay_init = 1.5 }
      assert.equal(1.5, c.delayedby)
      assert.is_true(c.delay:eq(1.5):all():item())
      assert.is_nil(made({ delay_init = 0 }).delay)
      local function is_refused(text, args)
        fails("ValueError", text, made, args)
      end
      is_refused("'delay_init' is of delays, and there are none", { delay_init = snn.zeros(2, 2) })
      is_refused("'delay_init' is of delays", { delay_init = function(d) return d end })
      is_refused("'bias_init' is of a bias, and there is none", { bias_init = 1 })
      assert.is_nil(made({ bias = false, bias_init = 1 }).bias)
    end)
  end
end)
