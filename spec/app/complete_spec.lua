-- What Tab offers (lua/snn/prompt/complete.lua): a text with | where the cursor is, and
-- the candidates.
local snn = require "snn"

-- The library's function that runs its own files, an upvalue of functions that use it.
local function find_load(fn, depth)
  for i = 1, math.huge do
    local name, value = debug.getupvalue(fn, i)
    if not name then return nil end
    if name == "load" and value ~= load then return value end
    local found = type(value) == "function" and depth > 0 and find_load(value, depth - 1)
    if found then return found end
  end
end

local complete = assert(find_load(snn.save, 4))("snn.prompt.complete")

-- ------------------------------------------------------------- a session

local function refuse() error "a metamethod of the script was called" end
local HOSTILE <const> = {}
for name in ([[__index __newindex __pairs __len __tostring __call __eq __lt __le __concat __unm
  __name __close]]):gmatch "%S+" do HOSTILE[name] = refuse end

local function lif(shape, class)
  return (class or snn.LIF) { shape = shape, step_time = 1, rest_v = -60, reset_v = -65,
    thresh_v = -50, refrac_t = 2, time_constant = 20 }
end

local function network()
  local layer = snn.Layer()
  local dense = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
  dense.updater = dense:defaultupdater()
  layer:add_connection("enc", dense)
  layer:add_connection("inh", snn.LinearLateral { shape = 2, step_time = 1,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } })
  layer:add_neuron("exc", lif(2))
  local cell = layer:add_cell("enc", "exc")
  local rule = snn.STDP { lr_post = 1, lr_pre = 1, tc_post = 20, tc_pre = 20 }
  rule:register_cell("learned", cell)
  return layer, rule
end

local Own = snn.class("Own", snn.LIF)
Own.states = { u = { of = "neuron", unit = "mV", doc = "recovery", init = 0 } }
Own.__get = { asked = refuse }
function Own.settle() end

local Base = {}
Base.__index = Base
function Base.greet() end

local layer, rule = network()
local variables = {
  snn = snn, layer = layer, rule = rule, group = lif { 2, 3 }, own = lif(2, Own),
  x = snn.zeros(2, 3), row = snn.zeros(3), text = "abc", number = 5, Own = Own,
  t = { b = { ["c d"] = { e = { last = 1 } }, plain = 2, ["end"] = 3 }, { inner = 1 }, list = {} },
  object = setmetatable({ name = "n" }, Base),
  hostile = setmetatable({ inside = 1 }, HOSTILE),
  chained = setmetatable({}, { __index = setmetatable({ far = 1 }, HOSTILE) }),
  set = snn.data.set { images = snn.zeros(2, 2), labels = { 1, 2 } },
  file = io.stdout,
}
variables.t.cycle = setmetatable({}, variables.t)
variables.loop = setmetatable({}, {})
getmetatable(variables.loop).__index = variables.loop
variables.own.mine = { a = 1 }
variables.own.part = variables.group

local session = { env = {}, own = { apropos = {} } }
function session.names()
  local names = {}
  for name in pairs(variables) do names[#names + 1] = name end
  table.sort(names)
  return names
end
function session.get(_, name)
  if name == "apropos" then return print end
  return variables[name]
end

---@return string[] texts, table[] candidates, string done the text with the first of them
local function candidates(marked)
  local cursor = assert(marked:find("|", 1, true))
  local text = marked:sub(1, cursor - 1) .. marked:sub(cursor + 1)
  local from, list = complete(session, text, cursor)
  local texts = {}
  for i, entry in ipairs(list) do texts[i] = entry.text end
  local first = list[1] and list[1].text .. (list[1].tail or "") or ""
  return texts, list, text:sub(1, from - 1) .. first .. text:sub(cursor)
end

local function same(cases)
  for _, case in ipairs(cases) do
    local texts = candidates(case[1])
    assert.are.equal(table.concat(case, "  ", 2), table.concat(texts, "  "), case[1])
  end
end

---The candidates have the words behind "+" and none of those behind "-".
local function has(cases)
  for _, case in ipairs(cases) do
    local found = {}
    for _, text in ipairs((candidates(case[1]))) do found[text] = true end
    for i = 2, #case do
      local sign, word = case[i]:match "^([+-])(.+)$"
      assert.are.equal(sign == "+", found[word] or false, case[1] .. " " .. word)
    end
  end
end

-- ------------------------------------------------------------- the cases

describe("completion", function()
  it("offers variables, globals, the prompt's names and keywords", function()
    same {
      { "laye|", "layer" }, { "snn.manual_s|", "manual_seed" }, { "apro|", "apropos" },
      { "print(colle|", "collectgarbage" }, { "x = numb|", "number" }, { "repe|", "repeat" },
      { "local v = func|", "function" }, { "if hosti|", "hostile" }, { "LAYE|", "layer" },
    }
    has {
      { "|", "+layer", "+print", "+while", "+local", "+apropos", "-and", "-_G" },
      { "x = |", "+layer", "+not", "+function", "-while", "-local" },
      { "if x |", "+then", "+and" }, { "_|", "+_G", "+_VERSION" },
    }
  end)

  it("offers fields through tables and metatables", function()
    same {
      { "t.b[\"c d\"].e.|", "last" }, { "t.b[ 'c d' ].|", "e" }, { "t[1].|", "inner" },
      { "object.|", "greet", "name" }, { "object:|", "greet" }, { "t.b.pl|", "plain" },
      { "string.fo|", "format" }, { "(t).b.pl|", "plain" }, { "t[number].|" },
      { "chained.|", "far" }, { "loop.|" }, { "number.|" }, { "nothing.at.all|" },
    }
  end)

  it("writes keys that are no names in brackets", function()
    same {
      { "t.b.|", ".plain", '["c d"]', '["end"]' }, { "t.b.c|", '["c d"]' },
      { 't.b["|', "c d", "end", "plain" }, { "t.b['c|", "c d" },
    }
    assert.are.equal('t.b["c d"]', select(3, candidates "t.b.c|"))
    assert.are.equal('t.b["c d"]', select(3, candidates 't.b["c|'))
    assert.are.equal('t.b["c d"].e', select(3, candidates 't.b["c|"].e'))
  end)

  it("offers fields of objects behind a dot and methods behind a colon", function()
    same {
      { "group.thresh|", "thresh_v" }, { "group:to|", "to" }, { "group.clea|" },
      { "own.u|", "u" }, { "own.mine.|", "a" }, { "own:settl|", "settle" },
      { "own.part.volt|", "voltage", "voltage_remainder" }, { "own.u:bool|" },
      { "own.voltage:clamp|", "clamp", "clamp_" }, { "own.ask|", "asked" },
      { "own.asked.|" }, { "x.|", "dtype", "ndim", "numel", "shape" }, { "x:argma|", "argmax" },
      { "x[1]:argma|", "argmax" }, { "row[1]:argma|" }, { "x.dtype:uppe|", "upper" },
      { "set.|", "images", "labels", "slice" }, { "set.images:argma|", "argmax" },
      { "file:see|", "seek" }, { "snn.LIF.summ|", "summary" },
    }
    has { { "group.|", "+voltage", "+shape", "+resistance", "-clear" },
      { "group:|", "+clear", "+with", "+train", "-voltage" } }
  end)

  it("offers what layers and trainers have registered", function()
    same {
      { "layer.connections.|", "enc", "inh" }, { "layer.neurons.|", "exc" },
      { "layer.cells.|", "enc" }, { "layer.cells.enc.|", "exc" },
      { "layer.cells.enc.exc.neuron.thr|", "thresh_v" }, { "layer.connections.no.|" },
      { "layer.connections.enc.synapse.spike_c|", "spike_charge" },
      { "layer.connections.enc.updater.weight.p|", "pos" },
      { 'layer:get_connection("|', "enc", "inh" }, { "layer:add_cell('inh', '|", "exc" },
      { "rule:get_cell('|", "learned" }, { "layer { e|", "enc" }, { "layer({ enc = x, |", "inh" },
    }
  end)

  it("knows strings, and objects of a class that is called", function()
    same {
      { '("x"):uppe|', "upper" }, { "text:uppe|", "upper" },
      { "snn.LIF{ shape = 2 }:state_d|", "state_dict" }, { "snn.LIF{}.volt|", "voltage",
        "voltage_remainder" }, { "Own{}:settl|", "settle" }, { "group:with{}:state_d|",
        "state_dict" }, { 'require("string").fo|', "format" }, { "f().|" }, { "f{}.|" },
      { "t.b().|" }, { "({}).|" },
    }
  end)
end)

describe("completion of options", function()
  it("shows unit and meaning, required ones first", function()
    local _, list = candidates "snn.LIF{ th|"
    assert.are.same({ { text = "thresh_v", about = "mV  voltage at which the neuron spikes",
      tail = " = " } }, list)
    assert.are.equal("shape  step_time  rest_v  reset_v  thresh_v  refrac_t  time_constant  "
      .. "batch_size  dtype  refrac_input  resistance",
      table.concat(candidates "snn.LIF{ |", "  "))
  end)

  it("offers none twice, before and behind the cursor", function()
    same {
      { "snn.LIF{ shape = 3, s|, step_time = 1 }" }, { "snn.LIF{ shape = 3, r| }", "rest_v",
        "reset_v", "refrac_t", "refrac_input", "resistance" },
      { "snn.LIF{ re|set_v = 1, rest_v = 2 }", "reset_v", "refrac_t", "refrac_input",
        "resistance" },
    }
    assert.are.equal("snn.LIF{ thresh_v = 3 }", select(3, candidates "snn.LIF{ thr| = 3 }"))
  end)

  it("finds the call around it", function()
    same {
      { 'layer:add_neuron("exc", snn.LIF{ shape = 3, th|', "thresh_v" },
      { "local n = 5\nlocal g = snn.LIF {\n  shape = n,\n  step_time = 1,\n  th|\n}",
        "thresh_v" },
      { "snn.LIF({ th|", "thresh_v" }, { "snn.LIF{ shape = { th|" },
      { "snn.LIF{ shape = f(1, { 2 }), th|", "thresh_v" }, { "group:with { th|", "thresh_v" },
      { "snn.DeltaCurrent.partialconstructor { spike_c|", "spike_charge" },
      { "snn.DeltaCurrent.partialconstructor { step|" }, { "Own{ th|", "thresh_v" },
      { "rule:register_cell('a', c, { lr_p|", "lr_post", "lr_pre" },
      { "rule:set('learned', { lr_p|", "lr_post", "lr_pre" },
      { "snn.LIF{ shape = function() thr|" },
    }
  end)

  it("knows what annotations say of functions", function()
    same {
      { "layer:clear { |", "submodules", "keep_adaptations" }, { "group:clear { |",
        "keep_adaptations" }, { "snn.save('p', {}, { k|", "keep" },
      { "snn.load('p', {}, { settings = '|", "file", "script" },
      { "snn.data.loader(set, { sh|", "shuffle" }, { "x:to('float|", "float32", "float64" },
      { "snn.zeros(2, 3, { d|", "dtype" }, { "snn.full(2, 1, { dtype = 'in|", "int64" },
      { "x:quantile(0.5, 1, false, { i|", "interpolation" }, { "rule:update { cl|", "clear" },
    }
    same {
      { "layer:get_connection(|", '"enc"', '"inh"' }, { "layer:add_cell('enc', |", '"exc"' },
      { "snn.zeros(3):argma|", "argmax" }, { "local z = snn.rand(2)\nz:argma|", "argmax" },
      { "x:clamp(0, 1):argma|", "argmax" }, { "layer:get_connection('enc').biase|", "biased" },
      { "snn.manual_seed(|", "" },
    }
    has { { "print(|", "+layer" }, { "f(|", "+layer" } }
    local _, list = candidates "snn.manual_see|"
    assert.is_truthy(list[1].about:find("(seed)", 1, true))
    _, list = candidates "x:clamp|"
    assert.is_truthy(list[2].about:find("(low, high)", 1, true)) -- of clamp_
    _, list = candidates "layer:add_cel|"
    assert.is_truthy(list[1].about:find("(connection, neuron)", 1, true))
  end)

  it("offers the words that a value may be", function()
    same {
      { 'snn.LIF{ dtype = "|', "float32", "float64" }, { "snn.LIF{ dtype = 'float6|", "float64" },
      { "snn.LIF{ dtype = |", '"float32"', '"float64"' },
      { 'snn.DeltaCurrent{ interp_mode = "|', "previous", "nearest" },
      { "snn.LIF{ refrac_input = |", "true", "false" }, { "snn.LIF{ shape = numb|", "number" },
    }
    local done = 'snn.LIF{ dtype = "float64"'
    assert.are.equal(done, select(3, candidates 'snn.LIF{ dtype = "float6|'))
    assert.are.equal(done, select(3, candidates 'snn.LIF{ dtype = "float6|"'))
  end)
end)

describe("completion in a text", function()
  it("is of the place of the cursor", function()
    same {
      { "print(laye|, number)", "layer" }, { "group.thr|esh_v = 3", "thresh_v" },
      { "a = 1\nb = 2\nc = 3\nfor i = 1, 3 do\n  group:reg|\nend",
        "register_forward_hook", "register_forward_pre_hook" },
    }
    local _, list = candidates "prin|t(3)"
    assert.is_nil(list[1].tail)
  end)

  it("is silent in comments, numbers, long texts and new names", function()
    for _, text in ipairs { "-- lay|", "x = 1 --[[ lay|", "x = 1 --[[ a ]] -- lay|", "x = 0x1f|",
      "3e|", "local lay|", "local a, lay|", "for lay|", "function(lay|", "function f(a, lay|",
      "goto lay|", "::lay|", "local function lay|", "x = [[\nlay|" } do
      assert.are.same({}, (candidates(text)), text)
    end
    same { { "--[[ a ]] laye|", "layer" }, { "-- a\nlaye|", "layer" }, { "local v <|", "close",
      "const" } }
  end)

  it("knows what locals hide", function()
    same {
      { "function f(layer) layer.|" }, { "function f(layer) end layer.connections.|", "enc",
        "inh" },
      { "for layer in pairs(t) do layer.|" }, { "for _, v in pairs(layer.connections.|", "enc",
        "inh" },
      { "local layer = f() layer.|" }, { "local g = snn.LIF{}\ng.thr|", "thresh_v" },
      { "fresh = snn.LIF{} fresh.thr|", "thresh_v" }, { "fresh = 1 fres|", "fresh" },
      { "layer = f()\nlayer.|" }, { "if x then layer = f() layer.| end" },
      { "f{ layer = 1, layer.connections.|", "enc", "inh" },
      { "local t = t.b t.pl|", "plain" }, { "local t = t.b.pl|", "plain" },
      { "function layer:wiring(inputs) inputs.|" },
      { "function layer:wiring(inputs) self.connections.|", "enc", "inh" },
      { "function Own:extra() self:settl|", "settle" },
      { "do local layer = 5 end layer.connections.|", "enc", "inh" },
      { "local function helper() end hel|", "helper" }, { "function f(argument) argu|",
        "argument" },
    }
  end)

  it("breaks no string, however it is cut", function()
    local text = [[local a = snn.LIF { shape = { 2, 3 }, dtype = "float32" } -- all
      function a.b:c(d, ...) for i, v in pairs(t.b["c d"]) do if #v ~= 3 then goto out end end
      repeat local q <const> = a.b:c("x\"y", [==[ z ]==]) until q ::out:: return ("x"):rep(3) end]]
    for cursor = 1, #text + 1 do
      for _, given in ipairs { text, text:sub(1, cursor - 1), text:sub(cursor) } do
        local from, list = complete(session, given, math.min(cursor, #given + 1))
        assert.is_true(from >= 1 and from <= cursor and type(list) == "table")
      end
    end
  end)
end)

describe("completion of files and modules", function()
  local folder, home = nil, os.getenv
  setup(function()
    folder = os.tmpname()
    os.remove(folder)
    os.execute(("mkdir -p '%s/sub dir' '%s/pack/inner' && cd '%s' && touch a.npy 'b c.npy' .hidden "
      .. "'quote\"d' pack/one.lua pack/inner/init.lua 'sub dir/deep.npy'"):format(folder, folder,
      folder))
  end)
  teardown(function()
    os.execute(("rm -r '%s'"):format(folder))
    os.getenv = home -- luacheck: ignore
  end)

  it("offers them in strings", function()
    same {
      { ("snn.load_npy '%s/|"):format(folder), "a.npy", "b c.npy", "pack/", 'quote"d', "sub dir/" },
      { ('snn.load_npy "%s/|'):format(folder), "a.npy", "b c.npy", "pack/", "sub dir/" },
      { ('io.open("%s/sub dir/d|'):format(folder), "deep.npy" },
      { ('io.open("%s/.h|'):format(folder), ".hidden" }, { 'io.open("no/such/folder/|' },
      { 'dofile "spec/app/complete_sp|', "complete_spec.lua" },
    }
    local open = ('f("%s/a|'):format(folder)
    assert.are.equal(('f("%s/a.npy"'):format(folder), select(3, candidates(open)))
  end)

  it("offers modules to require", function()
    local path = package.path
    package.path = folder .. "/?.lua;" .. folder .. "/?/init.lua"
    package.preload["spec_preloaded"] = function() end
    finally(function() package.path, package.preload["spec_preloaded"] = path, nil end)
    same {
      { 'require "sn|', "snn" }, { "require('spec_prel|", "spec_preloaded" },
      { 'require "pac|', "pack.", "package" }, { 'require "pack.|', "pack.inner", "pack.one" },
    }
  end)
end)

describe("completion of commands", function()
  local own <const> = {
    zoom = { usage = ":zoom expr", summary = "looks closer", complete = "expression" },
    fetch = { usage = ":fetch path", summary = "takes a file", complete = "file" },
    rest = { usage = ":rest", summary = "takes nothing" },
  }
  setup(function()
    for name, row in pairs(own) do
      row.run = print
      snn.commands[name] = row
    end
  end)
  teardown(function()
    for name in pairs(own) do snn.commands[name] = nil end
  end)

  it("offers their names with what they do", function()
    local _, list = candidates ":zo|"
    assert.are.same({ { text = "zoom", about = "looks closer", tail = " " } }, list)
    same { { ":|", "fetch", "rest", "zoom" }, { "  :fe|", "fetch" }, { ":help fe|", "fetch" } }
  end)

  it("offers what they take, and names to ask for", function()
    same {
      { ":zoom laye|", "layer" }, { ":zoom group.thr|", "thresh_v" }, { ":rest laye|" },
      { ":fetch spec/app/complete_sp|", "complete_spec.lua" }, { ":none laye|" },
      { "?snn.manual_s|", "manual_seed" }, { "??laye|", "layer" },
      { ":!cat spec/app/complete_sp|", "complete_spec.lua" },
    }
  end)
end)

describe("completion leaves all as it is", function()
  it("calls no metamethod of a script", function()
    same {
      { "hostile.|", "inside" }, { "hostile.other.|" }, { "hostile:|" }, { "hostile[1].|" },
      { "hostile.inside.|" }, { "hostile { apro|", "apropos" }, { "hostile().|" },
    }
  end)

  it("takes no list of a script's for one of the library's", function()
    local Sly = snn.class("Sly", snn.LIF)
    Sly.state, Sly.arguments = setmetatable({}, HOSTILE), setmetatable({}, HOSTILE)
    local Odd = snn.class("Odd", Sly)
    Odd.state = { 5, setmetatable({}, HOSTILE) }
    variables.Sly, variables.Odd = Sly, Odd
    variables.sly = setmetatable({}, { __index = coroutine.wrap(refuse), __names = { "a" },
      __pairs = coroutine.wrap(refuse) })
    same { { "Sly{}.thresh|", "thresh_v" }, { "Odd{}.thresh|", "thresh_v" },
      { "Sly{ th|", "thresh_v" }, { "sly.|" },
      { "sly.a.|" } }
    variables.Sly, variables.Odd, variables.sly = nil, nil, nil
  end)

  it("looks at so many keys of large tables", function()
    local large, list = {}, {}
    for i = 1, 200000 do
      large["k" .. i] = i
      list[i] = i
    end
    list.name = 1
    variables.large, variables.list = large, list
    assert.is_true(#candidates "large.|" <= 2000)
    same { { "list.|", "name" } }
    variables.large, variables.list = nil, nil
  end)

  it("is quick", function()
    local start = os.clock()
    for _ = 1, 20 do complete(session, "snn.", 5) end
    assert.is_true((os.clock() - start) / 20 < 0.02) -- 1 ms; with sanitizers more
  end)
end)
