local cells = require "spec.train.cells"
local rates = require "spec.train.rates"
local fails = require("spec.support").fails
local near = cells.near

local SLOW = math.sqrt(0.5) -- what a slow trace keeps of itself in a step

local function made(words, changes)
  local args = {
    lr_post_pair = 1, lr_post_triplet = 2, lr_pre_pair = -0.5, lr_pre_triplet = 0.25,
    tc_post_fast = cells.HALF, tc_pre_fast = cells.HALF,
    tc_post_slow = 2 * cells.HALF, tc_pre_slow = 2 * cells.HALF,
  }
  for k, v in pairs(changes or {}) do args[k] = v end
  local layer, trainer = rates.pair("TripletSTDP", args)
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

  for _, case in ipairs {
    { "pairs of rate 0", { lr_post_pair = 0 } },
    { "a slow trace as fast as the fast one", { tc_post_slow = cells.HALF } },
    { "a time constant of 0", { tc_pre_fast = 0 } },
  } do
    it("refuses " .. case[1], function()
      fails("ValueError", "", function() made("", case[2]) end)
    end)
  end
end)
