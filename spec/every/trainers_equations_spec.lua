-- The equations of every rule, as they are written, against what the engine does:
-- spikes of two sides that make pairs either way, triplets and pairs within a step.
local snn = require "snn"
local models = require "spec.every.models"
local cells = require "spec.train.cells"
local equations = require "spec.train.equations"
local rates = require "spec.readout.rates"
local trainers = require "spec.every.trainers"

-- "<" an input spike, ">" one of the neuron
local SPIKES <const> = { "<", ".", ">", ".", ".", ">", ".", "<", "<>", ".", ">", "<", "<", "." }
local SENT_AGO <const>, DT <const> = 2, 0.5 -- steps, ms
local CHANGE <const> = { weight = "dw", bias = "db", delay = "dd" }
local SIGNALS <const>, SCALE <const> = { 1.5, -0.75, 2 }, -0.5

local FUNCTIONS <const> = {
  exp = math.exp, nan = 0 / 0,
  sgn = function(x) return x > 0 and 1 or x < 0 and -1 or 0 end,
  known = function(x) return x == x and x or 0 end,
  -- the kernels of trainers.VALUES
  kernel_post = function(t) return t >= 0 and 0.2 * math.exp(-t / 10) or 0 end,
  kernel_pre = function(t) return t < 0 and -0.1 * math.exp(t / 15) or 0 end,
}

---The words that an argument may be, or nil.
local function words_of(argument)
  return argument.name ~= "batch_reduction" and argument.choices
end

---Each way to choose a word for every argument that has choices, a flag for `delayed`.
local function ways(class)
  local list = { {} }
  for _, argument in ipairs(class.arguments) do
    local values = {}
    if argument.name == "delayed" then values = { false, true } end
    for word in (words_of(argument) or ""):gmatch "%S+" do values[#values + 1] = word end
    local longer = {}
    for _, way in ipairs(list) do
      for _, value in ipairs(values) do
        local copy = { [argument.name] = value }
        for k, v in pairs(way) do copy[k] = v end
        longer[#longer + 1] = copy
      end
    end
    if #values > 0 then list = longer end
  end
  return list
end

local function text_of(way)
  local words = {}
  for name, value in pairs(way) do words[#words + 1] = name .. " = " .. tostring(value) end
  table.sort(words)
  return table.concat(words, ", ")
end

---What the names in the equations stand for.
local function given_by(class, args, delay)
  local given = { dt = DT, delay = delay, scale = SCALE }
  for name, value in pairs(FUNCTIONS) do given[name] = value end
  for _, argument in ipairs(class.arguments) do
    local value = args[argument.name]
    if value == nil then value = argument.default end
    if given[argument.name] == nil then given[argument.name] = value end
    for word in (words_of(argument) or ""):gmatch "%S+" do given[word] = word end
  end
  return given
end

local function is_near(want, got, dtype)
  local relative = dtype == "float64" and 1e-12 or 2e-5
  return want ~= want and got ~= got
    or math.abs(want - got) <= relative * (1e-7 + math.abs(want))
end

local function check(what, step, want, got, dtype)
  if not is_near(want, got, dtype) then
    error(("%s in step %d: the equations have %.9g, the engine %.9g"):format(what, step, want, got))
  end
end

local SIZES <const> = {
  LinearDense = { in_shape = 1, out_shape = 1 },
  Conv2D = { height = 1, width = 3, channels = 1, filters = 1, kernel = 1 },
}

-- A layer of one weight and bias that are trained.
local function made(name, args, delay, dtype, connection_class)
  local options = { step_time = DT, dtype = dtype, delay = delay > 0 and 4 or nil, bias = true }
  for k, v in pairs(SIZES[connection_class]) do options[k] = v end
  local layer = cells.serial(connection_class, options)
  local connection, trainer = layer.connection, snn[name](args)
  if delay > 0 then
    connection.delay = snn.full(connection.delay.shape, delay, { dtype = dtype })
  end
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

---Makes the steps on both sides and compares the change of each, and what the
---equations and the monitors both have a name for.
---@param options? { text: string, class: string } in place of the equations, LinearDense
---@return number largest change seen
local function compare(name, changes, delay, dtype, options)
  options = options or {}
  local class, steps, largest = snn[name], delay / DT, 0
  local args = trainers.maker(class).arguments(changes)
  local layer, trainer = made(name, args, delay, dtype, options.class or "LinearDense")
  local connection = layer.connection
  local param = args.param or trainers.trained_by(name)
  local rule = equations.run(options.text or class.equations, given_by(class, args, delay))
  -- all places of a weight see the same
  local places = class.equations:find "are added up" and #snn.zeros(connection.inshape):flatten()
    or 1
  for i in ipairs(SPIKES) do
    local function at(k, mark) return (SPIKES[k] or "."):find(mark, 1, true) and 1 or 0 end
    cells.step(layer, snn.full(connection.batched_inshape, at(i, "<")),
      snn.full(connection.batched_outshape, at(i, ">")))
    local signal = SIGNALS[i % #SIGNALS + 1]
    if trainers.is_modulated(name) then trainer(signal, { scale = SCALE }) else trainer() end
    local pos, neg = rates.terms(layer, param)
    rule.step { s_pre = at(i - steps, "<"), sent_pre = at(i, "<"), s_post = at(i, ">") }
    rule.call { signal = signal }
    local want = places * rule.values[CHANGE[param]]
    local function number(t) return type(t) == "table" and number(t[1]) or t or 0 end
    check(CHANGE[param], i, want, number(pos) - number(neg), dtype)
    for _, monitor_name, monitor in trainer:named_monitors() do
      local value = rule.values[monitor_name]
      -- with `delayed` they have what is sent
      local ago = args.delayed and monitor_name:find "_pre" and delay or 0
      -- eligibilities are of weights
      local of = monitor_name:find "^elig" and places or 1
      if value then check(monitor_name, i, of * value, monitor:view(ago):flatten()[1], dtype) end
    end
    largest = math.max(largest, math.abs(want))
  end
  return largest
end

for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
  local class = snn[name]
  local sum = trainers.is_modulated(name)
  local in_lua = function(t, dim) return sum and t:sum(dim) or t:mean(dim) end
  -- rules of delays and those that take delays off need some
  local delays = trainers.needs_delays(name) and { SENT_AGO * DT }
    or { 0, SENT_AGO * DT }

  describe("the equations of " .. name, function()
    for _, way in ipairs(ways(class)) do
      for _, delay in ipairs(delays) do
        if delay > 0 or way.param ~= "delay" then
          it(("are what it does: delays of %g ms %s"):format(delay, text_of(way)), function()
            for _, dtype in ipairs { "float32", "float64" } do
              way.batch_reduction = nil
              assert.is_true(compare(name, way, delay, dtype) > 0)
              way.batch_reduction = in_lua
              assert.is_true(compare(name, way, delay, dtype) > 0)
            end
          end)
        end
      end
    end
  end)
end

describe("the equations of every rule", function()
  it("tell what places of Conv2D that share a weight do together", function()
    for _, name in ipairs(models.below(snn.IndependentCellTrainer)) do
      for _, dtype in ipairs { "float32", "float64" } do
        local with_bias = name == "LinearHomeostasis" and { param = "bias" } or {}
        for _, way in ipairs { {}, with_bias } do
          assert.is_true(compare(name, way, SENT_AGO * DT, dtype, { class = "Conv2D" }) > 0)
        end
      end
    end
  end)
end)

describe("the equations of TripletSTDP", function()
  it("hold where a rate of pairs or of triplets is 0, or of another sign", function()
    for _, rate in ipairs { "lr_post_pair", "lr_post_triplet", "lr_pre_pair", "lr_pre_triplet" } do
      for _, value in ipairs { 0, -0.3, 1e-9 } do
        for _, dtype in ipairs { "float32", "float64" } do
          compare("TripletSTDP", { [rate] = value }, 0, dtype)
        end
      end
    end
  end)
end)

describe("equations of rules, read by a spec", function()
  it("are not met by a text that lacks a factor", function()
    local text, count = snn.MSTDPET.equations:gsub("trace_pre s_post / tc_eligibility",
      "trace_pre s_post")
    assert.equal(1, count)
    local ok, err = pcall(compare, "MSTDPET", {}, 0, "float32", { text = text })
    assert.is_false(ok)
    assert.is_truthy(tostring(err):find("dw in step 3", 1, true))
  end)

  local function value_of(text, given)
    return equations.run("each step\n  x = " .. text, given or {}), given
  end

  it("are done from the top, with values of the step before", function()
    local rule = equations.run("each step\n  a = b + 1\n  b = 2 a", {})
    rule.step()
    rule.step()
    assert.same({ a = 3, b = 6 }, rule.values) -- 1, 2; then 2 + 1, 6
  end)

  for text, want in pairs {
    ["2 a (a + 1) / 4"] = 6, ["-|a - 5| / 2"] = -1, ["3 [a = 3] + [a < 3] f(a)"] = 3,
    ["f(2) at a >= 3 and a, else 7"] = 2, ["nan [a < 1]"] = 0, ["1 - a [a = 3]"] = -2,
  } do
    it("multiply, divide and choose: " .. text, function()
      local rule = value_of(text, { a = 3, nan = 0 / 0, f = function(x) return x end })
      rule.step()
      assert.equal(want, rule.values.x)
    end)
  end

  it("fail where a name is not told", function()
    local rule = value_of "3 tau"
    assert.is_false(pcall(rule.step))
  end)
end)
