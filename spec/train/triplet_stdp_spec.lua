local cells = require "spec.train.cells"
local rates = require "spec.readout.rates"
local fails = require("spec.support").fails
local near = require "spec.near"

local SLOW = math.sqrt(0.5) -- what a slow trace keeps of itself in a step

local function with(changes)
  local args = {
    lr_post_pair = 1, lr_post_triplet = 2, lr_pre_pair = -0.5, lr_pre_triplet = 0.25,
    tc_post_fast = cells.HALF, tc_pre_fast = cells.HALF,
    tc_post_slow = 2 * cells.HALF, tc_pre_slow = 2 * cells.HALF,
  }
  for k, v in pairs(changes or {}) do args[k] = v end
  return args
end

local function made(words, changes)
  local layer, trainer = rates.pair("TripletSTDP", with(changes))
  rates.play(layer, words)
  return layer, trainer
end

local function terms_after(words, changes)
  local layer, trainer = made(words, changes)
  trainer()
  return rates.terms(layer)
end

describe("TripletSTDP", function()
  it("is STDP for pairs", function()
    near({ { 0.5 } }, (terms_after "< >"))
  end)

  it("adds triplets post-pre-post", function()
    -- 0.5 of the pair, 0.5 * 2 * SLOW of the triplet
    near({ { 0.5 + SLOW } }, (terms_after "> < >"))
  end)

  it("adds triplets pre-post-pre", function()
    -- the fast trace of the neuron is 0.5 / 2, the slow one of the input 0.5 SLOW
    local _, neg = terms_after "< > <"
    near({ { 0.25 + 0.25 * 0.5 * SLOW } }, neg)
  end)

  it("does not count a spike as a triplet with itself", function()
    local pos, neg = terms_after "<>"
    near({ { 1 } }, pos)
    near({ { 0.5 } }, neg)
  end)

  it("sets traces with trace_mode nearest", function()
    -- 0.5 of the pair with the last input, 0.5 * 2 * SLOW^2 of the triplet
    near({ { 1 } }, (terms_after("> > < < >", { trace_mode = "nearest" })))
  end)

  it("takes the sides from the rates of pairs alone", function()
    local pos, neg = terms_after("> < >", { lr_post_pair = -1, lr_pre_pair = 0.5,
      lr_post_triplet = -2 })
    near({ { 0 } }, pos)
    near({ { 0.5 + SLOW } }, neg)
  end)

  it("has its monitors", function()
    local _, trainer = made "<>"
    local names = {}
    for _, name in trainer:named_monitors() do names[#names + 1] = name end
    assert.same({ "trace_post_fast", "trace_post_slow", "spike_post", "trace_pre_fast",
      "trace_pre_slow", "spike_pre" }, names)
  end)

  it("takes triplets of rate 0", function()
    near({ { 0.5 } }, (terms_after("> < >", { lr_post_triplet = 0 })))
  end)

  it("takes pairs of rate 0: only triplets are there", function()
    -- 0.5 of the fast trace, 2 SLOW of the triplet; a pair alone does nothing
    near({ { SLOW } }, (terms_after("> < >", { lr_post_pair = 0 })))
    near({ { 0 } }, (terms_after("< >", { lr_post_pair = 0 })))
    local _, neg = terms_after("< > <", { lr_pre_pair = 0, lr_pre_triplet = -0.25 })
    near({ { 0.25 * 0.5 * SLOW } }, neg)
  end)

  it("has traces of the triplets' rate and of 1 then", function()
    local _, trainer = made("<> .", { lr_post_pair = 0 })
    near({ { 2 * 0.5 } }, trainer:get_monitor("cell", "trace_pre_fast"):peek())
    near({ { SLOW } }, trainer:get_monitor("cell", "trace_post_slow"):peek())
  end)

  it("takes the sign of triplets where pairs have none", function()
    local pos, neg = terms_after("> < >", { lr_post_pair = 0, lr_post_triplet = -2 })
    assert.is_nil(pos)
    near({ { SLOW } }, neg)
  end)

  it("has neither term where both rates are 0", function()
    local pos, neg = terms_after("> < > <>", { lr_post_pair = 0, lr_post_triplet = 0,
      lr_pre_pair = 0, lr_pre_triplet = 0 })
    near({ { 0 } }, pos)
    assert.is_nil(neg)
  end)

  it("has pairs of the smallest rate beside triplets", function()
    for _, dtype in ipairs { "float32", "float64" } do
      for _, rate in ipairs { 1e-40, -1e-300, 5e-324 } do
        local layer, trainer = rates.pair("TripletSTDP", with { lr_post_pair = rate },
          { dtype = dtype })
        rates.play(layer, "> < >")
        trainer()
        local pos, neg = rates.terms(layer)
        near({ { SLOW } }, rate > 0 and pos or neg)
      end
    end
  end)

  -- Pairs of the input and, 10 ms later, the neuron, 60 at 50 Hz, as in Sjoestroem,
  -- Turrigiano & Nelson (2001); the minimal model of Pfister & Gerstner (2006) for
  -- the visual cortex, table 4 (all spikes interact), in which lr_post_pair is 0.
  context("given the minimal model of Pfister & Gerstner", function()
    local PAIRS <const>, EVERY <const>, LATER <const> = 60, 20, 10 -- ms
    local MINIMAL <const> = { lr_post_pair = 0, lr_post_triplet = 6.5e-3, lr_pre_pair = -7.1e-3,
      lr_pre_triplet = 0, tc_pre_fast = 16.8, tc_post_fast = 33.7, tc_post_slow = 114,
      tc_pre_slow = 1000 }

    -- The published sum: at each spike of the neuron r1 o2 A3+, at one of the input
    -- o1 A2-, the traces sums of exponentials of the times since the spikes before.
    local function published(lag)
      local function trace(n, ago, tc)
        local sum = 0
        for k = 0, n - 1 do sum = sum + math.exp(-(ago + k * EVERY) / tc) end
        return sum
      end
      local change = 0
      for n = 1, PAIRS do
        change = change - 7.1e-3 * trace(n - 1, EVERY - LATER, 33.7)
          + 6.5e-3 * trace(n, LATER, 16.8) * trace(n - 1, EVERY, 114) * math.exp(lag / 114)
      end
      return change
    end

    local function change(dt, changes)
      local args = with(changes)
      for k, v in pairs(MINIMAL) do args[k] = v end
      local layer, trainer = rates.pair("TripletSTDP", args, { step_time = dt, dtype = "float64" })
      for step = 0, PAIRS * EVERY / dt - 1 do
        local ms = step * dt % EVERY
        cells.step(layer, { { ms == 0 and 1 or 0 } }, { { ms == LATER and 1 or 0 } })
        trainer()
        layer:update()
      end
      return layer.connection.weight[1][1]
    end

    it("is the published one with slow_interp_mode expdecay, whatever the step", function()
      for _, dt in ipairs { 0.5, 1, 2 } do
        assert.near(published(0), change(dt, { slow_interp_mode = "expdecay" }), 1e-12)
      end
    end)

    it("reads slow traces of a step before as they were then, by default", function()
      for _, dt in ipairs { 0.5, 2 } do
        assert.near(published(dt), change(dt), 1e-12)
        assert.near(published(dt), change(dt, { slow_interp_mode = "previous" }), 1e-12)
      end
    end)

    it("is the same where a function reduces the batch", function()
      local function mean(t, dim) return t:mean(dim) end
      assert.near(published(0), change(0.5, { slow_interp_mode = "expdecay",
        batch_reduction = mean }), 1e-12)
    end)
  end)

  for _, case in ipairs {
    { "a slow trace as fast as the fast one", { tc_post_slow = cells.HALF } },
    { "a time constant of 0", { tc_pre_fast = 0 } },
    { "another reading of slow traces", { slow_interp_mode = "linear" } },
  } do
    it("refuses " .. case[1], function()
      fails("ValueError", "", function() made("", case[2]) end)
    end)
  end
end)
