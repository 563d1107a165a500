-- Functions and methods take as many arguments as their annotations say, and
-- refuse one more before they look at any.
local snn = require "snn"
local models = require "spec.every.models"
local fails = require("spec.support").fails

local function sources()
  local text = {}
  for path in io.popen("ls lua/meta/*.lua lua/snn/*.lua lua/snn/*/*.lua"):lines() do
    local file <close> = assert(io.open(path))
    text[#text + 1] = "\n" .. file:read("a")
  end
  return table.concat(text, "\n")
end

local TEXT <const> = sources()

-- Functions of any number of arguments, or that the library itself calls with all
-- that it has.
local ANY <const> = {}
for name in ([[
  progress
  Connection.defaultupdater Connection.forward Connection.updatesome Synapse.forward
  Updater.forward Reducer.forward Reducer.fold RecordReducer.add_record RecordReducer.forward
  FoldReducer.forward CellTrainer.forward Serial.forward RecurrentSerial.forward Cell.forward
  Layer.wiring Serial.wiring Biclique.wiring RecurrentSerial.wiring
  Reducer.interpolate EligibilityTraceReducer.fold EligibilityTraceReducer.interpolate
  Module.extra_repr StateHook.hook Normalization.hook Clamping.hook
  functional.exp_stdp_post_kernel functional.exp_stdp_pre_kernel
  Tensor.expand Tensor.flip Tensor.permute Tensor.reshape Tensor.view
]]):gmatch "%S+" do ANY[name] = true end
for _, name in ipairs { "Serial", "Biclique", "RecurrentSerial" } do
  for _, what in ipairs { "connection", "neuron", "cell" } do -- which cannot be done
    ANY[name .. ".add_" .. what], ANY[name .. ".del_" .. what] = true, true
  end
  ANY[name .. ".connect"], ANY[name .. ".disconnect"] = true, true
end

-- Rules: one forward of C for all.
local RULES <const> = models.below(snn.IndependentCellTrainer)
for _, name in ipairs(RULES) do ANY[name .. ".forward"] = true end

-- Functions that look for options behind their sizes: a call without.
local ONES <const> = snn.ones(2)
local CREATE <const> = {
  zeros = { 2 }, ones = { 2 }, empty = { { 2 } }, rand = { 2, 3 }, randn = { 2 }, tensor = { 1 },
  full = { 2, 1 }, eye = { 2 }, arange = { 3 }, linspace = { 1, 2, 3 }, uniform = { 0, 1, 2 },
  normal = { 0, 1, 2, 3 }, randint = { 0, 3, 2 }, randperm = { 3 }, bernoulli = { 0.5, 2 },
  poisson = { ONES }, zeros_like = { ONES }, ones_like = { ONES }, empty_like = { ONES },
  full_like = { ONES, 1 },
  rand_like = { ONES }, randn_like = { ONES }, randint_like = { ONES, 0, 3 },
}
for name in pairs(CREATE) do ANY[name] = true end

-- How many arguments the annotation of `path` names, without self; nil: there is none.
local function annotated(path)
  local pattern = path:gsub("^Tensor%.", "snn.Tensor."):gsub("%.([%w_]+)$", "[.:]%1")
  for _, before in ipairs { "\nfunction snn%.", "\nfunction " } do
    local text = TEXT:match(before .. pattern:gsub("^snn%.", "") .. "(%b())")
    if text then
      local count = 0
      for word in text:gmatch "[%w_.]+" do
        count = word == "..." and math.huge or count + 1
      end
      return count
    end
  end
end

-- { path, function, is a method } of all that scripts may call.
local function callables()
  local list = {}
  local function add(name, t, is_class)
    for key, value in pairs(t) do
      local path = name == "" and key or name .. "." .. key
      local is_public = key ~= "init" and not tostring(key):find "^_" and not ANY[path]
      if type(value) == "function" and is_public then
        list[#list + 1] = { path, value, is_class and key ~= "partialconstructor" }
      elseif type(value) == "table" and name ~= "_debug" and key ~= "_debug" then
        local meta = getmetatable(value)
        if meta and meta.__call then
          if value ~= t then add(key, value, true) end
        elseif not is_class then
          add(path, value)
        end
      end
    end
  end
  add("", snn)
  local _, methods = debug.getupvalue(debug.getmetatable(snn.ones(1)).__index, 1)
  add("Tensor", methods, true)
  table.sort(list, function(a, b) return a[1] < b[1] end)
  return list
end

-- Calls with `count` arguments and one more: its message; nil when it does not say
-- that this one is too many.
local function refusal(callable, count)
  local args = {}
  for i = 1, count + 1 do args[i] = snn.none end
  if callable[3] then table.insert(args, 1, snn.none) end
  local ok, err = pcall(callable[2], table.unpack(args))
  return not ok and tostring(err):match "userdata is an argument too many.*"
end

-- How many arguments a function takes: the fewest of which one more is too many.
local function taken(callable)
  for count = 0, 10 do
    local text = refusal(callable, count)
    if text then
      assert.truthy(text:find("(it takes " .. (count > 0 and "at most " or "") .. count .. ")", 1,
        true), callable[1] .. ": " .. text)
      return count
    end
  end
end

describe("an argument too many", function()
  for _, callable in ipairs(callables()) do
    local path = callable[1]
    it("is refused by " .. path, function()
      local count = taken(callable)
      assert.truthy(count, path .. ": tell in src/bind/object/surplus.c how many it takes")
      local want = annotated(path)
      if path:find "^functional" then count = math.min(count, want or count) end -- one signature
      if want then assert.equal(want, count) end
    end)
  end

  it("is refused by constructors", function()
    for name, class in pairs(snn) do
      local meta = type(class) == "table" and getmetatable(class)
      if meta and meta.__call then
        local function made() return class({}, 2) end
        local _, err = pcall(made)
        assert.equal("TypeError", err.kind)
        local is_base = err.message:find "cannot be made" or name == "SpikeRecorder" -- takes 3
        assert.truthy(is_base or err.message:find("an argument too many (it takes", 1, true), name)
      end
    end
    for _, name in ipairs { "Module", "Accumulator", "CellTrainer", "MonitorPool" } do
      fails("TypeError", name .. ": table is an argument too many (it takes 0)", snn[name], {})
    end
  end)

  for _, name in ipairs(RULES) do
    it("is refused by a call of " .. name, function()
      fails("TypeError", " is an argument too many (it takes ", models.maker(snn[name]).object(),
        1, {}, "x")
    end)
  end

  for name, args in pairs(CREATE) do
    it("is refused by " .. name .. ", behind its options", function()
      local given = table.move(args, 1, #args, 1, {})
      given[#given + 1] = {}
      assert.is_not_nil(snn[name](table.unpack(given)))
      given[#given + 1] = 5
      fails("TypeError", name .. ": number 5 is an argument too many", snn[name],
        table.unpack(given))
    end)
  end

  it("is none when it is nil", function()
    assert.equal(2, snn.zeros(2, nil, nil).numel)
    assert.equal(2, snn.ones(2):sum(1, false, nil, nil):item())
    assert.is_nil(snn.Layer():clear(nil, nil))
  end)

  it("is told with what the function was called, also behind options", function()
    fails("TypeError", "add: number 5 is an argument too many", snn.ones(1).add, snn.ones(1), 1, 5)
    fails("TypeError", "bound_sharp: number 7 is an argument too many (it takes at most 6)",
      snn.functional.bound_sharp, snn.ones(1), snn.ones(1), snn.ones(1), 1, 0, {}, 7)
  end)
end)
