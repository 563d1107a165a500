-- Module: children, modes, hooks, state; on small modules of scripts.
local snn = require "snn"
local fails = require("spec.support").fails

--- A module that scales what it is given.
local Scale = snn.class("Scale", snn.Module)
function Scale:init(factor)
  snn.Module.init(self)
  self.factor = snn.tensor { factor }
end
function Scale:forward(x) return x * self.factor[1] end

--- Two of them, one after the other.
local Pair = snn.class("Pair", snn.Module)
function Pair:init(a, b)
  snn.Module.init(self)
  self.first = Scale(a)
  self.second = Scale(b)
end
function Pair:forward(x) return self.second(self.first(x)) end

local function names(module)
  local out = {}
  for name in module:named_modules() do out[#out + 1] = name end
  return out
end

describe("a module's children", function()
  it("are the fields that hold modules, in the order they came", function()
    local pair = Pair(2, 3)
    pair.a = Scale(1)
    assert.same({ "", "first", "second", "a" }, names(pair))
    pair.first = nil
    pair.first = Scale(5)
    assert.same({ "", "second", "a", "first" }, names(pair))
    pair.second = 7
    assert.same({ "", "a", "first" }, names(pair))
  end)

  it("are named by paths, each once", function()
    local outer = snn.Module()
    outer.inner = Pair(2, 3)
    outer.again = outer.inner.second
    assert.same({ "", "inner", "inner.first", "inner.second" }, names(outer))
    for name, module in outer:named_modules() do
      if name == "inner.second" then assert.equal(outer.again, module) end
    end
  end)

  it("may lead back", function()
    local pair = Pair(2, 3)
    pair.first.parent = pair
    assert.same({ "", "first", "second" }, names(pair))
    pair:eval()
    assert.is_false(pair.second.training)
  end)

  it("do not lie in tables", function()
    local module = snn.Module()
    module.list = { Scale(1) }
    assert.same({ "" }, names(module))
  end)

  it("are reached by apply, before the module itself", function()
    local pair, seen = Pair(2, 3), {}
    assert.equal(pair, pair:apply(function(m) seen[#seen + 1] = m end))
    assert.equal(3, #seen)
    assert.equal(pair, seen[3])
  end)

  it("may be told by a method, which must tell modules", function()
    local module, list = snn.Module(), nil
    module.children = function() return list end
    list = { { "x", Scale(1) } }
    assert.same({ "", "x" }, names(module))
    for _, wrong in ipairs { 3, { 3 }, { { "x" } }, { { 1, Scale(1) } } } do
      list = wrong
      fails("TypeError", "children: ", module.train, module)
    end
  end)
end)

describe("a module's mode", function()
  it("is training at first, and set for all below", function()
    local pair = Pair(2, 3)
    assert.is_true(pair.training)
    assert.equal(pair, pair:eval())
    assert.same({ false, false, false },
      { pair.training, pair.first.training, pair.second.training })
    assert.equal(pair, pair:train())
    assert.is_true(pair.first.training)
    pair.first:eval()
    assert.same({ true, false, true },
      { pair.training, pair.first.training, pair.second.training })
    pair:train(false)
    assert.is_false(pair.second.training)
  end)

  it("is set by train and eval only", function()
    local module = snn.Module()
    fails("AttributeError", "'training' cannot be set", function() module.training = false end)
    fails("TypeError", "'mode' must be true or false, got number 1", module.train, module, 1)
    fails("TypeError", "'self' must be a Module", module.train, {})
    assert.is_true(module.training)
  end)
end)

describe("a module's hooks", function()
  local module, order
  before_each(function()
    module, order = Scale(2), {}
  end)

  local function note(word, value)
    return function() order[#order + 1] = word return value end
  end

  it("run around a call, in the order of registration", function()
    module:register_forward_hook(note "after 1")
    module:register_forward_pre_hook(note "before 1")
    module:register_forward_pre_hook(note "before 2")
    module:register_forward_hook(note "after 2")
    assert.equal(6, module(3))
    assert.same({ "before 1", "before 2", "after 1", "after 2" }, order)
  end)

  it("run first with prepend", function()
    module:register_forward_hook(note "1")
    module:register_forward_hook(note "2", { prepend = true })
    module(3)
    assert.same({ "2", "1" }, order)
  end)

  it("do not run with forward", function()
    module:register_forward_hook(note "after")
    module:forward(3)
    assert.same({}, order)
  end)

  it("see the module, the arguments, the results", function()
    local seen
    module:register_forward_hook(function(...) seen = table.pack(...) end)
    module(3, nil, "x")
    assert.equal(module, seen[1])
    assert.same({ 3, nil, "x", n = 3 }, seen[2])
    assert.equal(6, seen[3])
    assert.equal(3, seen.n)
  end)

  it("may replace the arguments", function()
    module:register_forward_pre_hook(function(_, args) return { args[1] + 1 } end)
    module:register_forward_pre_hook(function(_, args) return { args[1] * 10 } end)
    assert.equal(80, module(3))
  end)

  it("may replace the results, one by many", function()
    module:register_forward_hook(function(_, _, x) return x + 1, "more" end)
    module:register_forward_hook(function(_, _, x, more) return x * 2, more, "still" end)
    assert.same({ 14, "more", "still" }, { module(3) })
  end)

  it("may replace the results by false", function()
    module:register_forward_hook(function() return false end)
    assert.is_false(module(3))
  end)

  it("keep nils among arguments and results", function()
    module.forward = function(_, a, b, c) return c, nil, b, a, nil end
    module:register_forward_hook(note "after")
    module:register_forward_pre_hook(note "before")
    local results = table.pack(module(1, nil, 3))
    assert.same({ 3, nil, nil, 1, nil, n = 5 }, results)
  end)

  it("before that return neither nil nor a list are an error", function()
    module:register_forward_pre_hook(note("before", 3))
    fails("TypeError", "a list of arguments or nil, got number 3", module, 3)
  end)

  it("pass on their errors", function()
    local handle = module:register_forward_pre_hook(function() error("mine", 0) end)
    assert.has_error(function() module(3) end, "mine")
    handle:remove()
    assert.equal(6, module(3))
  end)

  it("are removed by their handle, twice at will", function()
    local one = module:register_forward_hook(note "1")
    local two = module:register_forward_hook(note "2")
    one:remove()
    one:remove()
    module(3)
    two:remove()
    module(3)
    assert.same({ "2" }, order)
  end)

  it("may remove themselves and others during the call, of which all run", function()
    local handles = {}
    for i = 1, 3 do
      handles[i] = module:register_forward_hook(function()
        order[#order + 1] = i
        for k = 1, 3 do handles[k]:remove() end
      end)
    end
    module(3)
    module(3)
    assert.same({ 1, 2, 3 }, order)
  end)

  it("that are added during the call run from the next on", function()
    local added
    module:register_forward_hook(function()
      order[#order + 1] = "first"
      added = added or module:register_forward_hook(note "added")
    end)
    module(3)
    assert.same({ "first" }, order)
    module(3)
    assert.same({ "first", "first", "added" }, order)
  end)

  it("may call the module", function()
    local depth = 0
    module:register_forward_hook(function()
      depth = depth + 1
      if depth < 5 then module(3) end
    end)
    module(3)
    assert.equal(5, depth)
  end)

  it("take at most 200 arguments", function()
    module:register_forward_pre_hook(function() return { n = 201 } end)
    fails("ValueError", "returned 201 arguments, at most 200", module, 3)
  end)

  it("are functions", function()
    fails("TypeError", "register_forward_hook: 'fn' must be a function, got nil",
      module.register_forward_hook, module)
    fails("TypeError", "register_forward_pre_hook: 'fn' must be a function",
      module.register_forward_pre_hook, module, "fn")
    fails("TypeError", "unknown option 'first'", module.register_forward_hook, module, print,
      { first = true })
  end)

  it("do not keep their module alive", function()
    local weak = setmetatable({ Scale(2) }, { __mode = "v" })
    weak[1]:register_forward_hook(print)
    collectgarbage()
    collectgarbage()
    assert.is_nil(weak[1])
  end)
end)

describe("a module's state", function()
  local function values(state)
    local out = {}
    for path, tensor in pairs(state) do out[path] = tensor:totable() end
    return out
  end

  it("is its tensors and those below, by paths", function()
    local pair = Pair(2, 3)
    pair.scale = snn.ones(2)
    pair.number = 3
    assert.same({ ["first.factor"] = { 2 }, ["second.factor"] = { 3 }, scale = { 1, 1 } },
      values(pair:state_dict()))
  end)

  it("is taken over by a twin", function()
    local one, other = Pair(2, 3), Pair(4, 5)
    other:load_state_dict(one:state_dict())
    assert.same(values(one:state_dict()), values(other:state_dict()))
    assert.equal(6, other(1))
  end)

  it("is copied there", function()
    local one, other = Pair(2, 3), Pair(4, 5)
    local state = { ["first.factor"] = snn.tensor { 7 }, ["second.factor"] = snn.tensor { 8 } }
    other:load_state_dict(state)
    state["first.factor"]:fill_(0)
    assert.equal(56, other(1))
    other:load_state_dict(one:state_dict())
    other.first.factor = snn.tensor { 9 }
    assert.same({ 2 }, one.first.factor:totable())
  end)

  it("must agree in names and shapes, else nothing changes", function()
    local pair = Pair(2, 3)
    local before = values(pair:state_dict())
    local function state(changes)
      local out = { ["first.factor"] = snn.tensor { 7 }, ["second.factor"] = snn.tensor { 8 } }
      for k, v in pairs(changes) do out[k] = v or nil end
      return out
    end
    fails("ValueError", "load_state_dict: 'second.factor' is missing", pair.load_state_dict, pair,
      { ["first.factor"] = snn.tensor { 7 } })
    fails("ValueError", "'third' is not part of this module", pair.load_state_dict, pair,
      state { third = snn.ones(1) })
    fails("ValueError", "'second.factor' has shape {2}, this module wants {1}",
      pair.load_state_dict, pair, state { ["second.factor"] = snn.ones(2) })
    fails("TypeError", "'first.factor' must be a tensor, got number 3", pair.load_state_dict, pair,
      state { ["first.factor"] = 3 })
    fails("TypeError", "'state' must be a table", pair.load_state_dict, pair, snn.ones(1))
    fails("TypeError", "'state' must be a table", pair.load_state_dict, pair)
    assert.same(before, values(pair:state_dict()))
  end)

  it("must agree in types, and is told how", function()
    local pair = Pair(2, 3)
    local state = pair:state_dict()
    state["second.factor"] = state["second.factor"]:to("float64") + 1
    fails("ValueError", "load_state_dict: 'second.factor' is float64, this module wants float32: "
      .. "state[\"second.factor\"]:to(\"float32\")", pair.load_state_dict, pair, state)
    assert.equal(6, pair(1))
    state["second.factor"] = state["second.factor"]:to("float32")
    pair:load_state_dict(state)
    assert.equal(8, pair(1))
  end)

  it("is taken as far as it agrees with strict = false, and the rest told", function()
    local pair = Pair(2, 3)
    local missing, unexpected, misshapen = pair:load_state_dict({
      ["first.factor"] = snn.tensor { 7 }, other = snn.ones(1), ["another.one"] = snn.ones(1),
    }, { strict = false })
    assert.same({ "second.factor" }, missing)
    assert.same({ "another.one", "other" }, unexpected)
    assert.same({}, misshapen)
    assert.equal(21, pair(1))
    missing, unexpected, misshapen = pair:load_state_dict({
      ["first.factor"] = snn.tensor { 1, 2 },
      ["second.factor"] = snn.tensor({ 1 }, { dtype = "float64" }),
    }, { strict = false })
    assert.same({ {}, {}, { "first.factor", "second.factor" } }, { missing, unexpected, misshapen })
    assert.equal(21, pair(1))
    assert.same({ {}, {}, {} }, { pair:load_state_dict(pair:state_dict()) })
    fails("TypeError", "'second.factor' must be a tensor", pair.load_state_dict, pair,
      { ["first.factor"] = snn.tensor { 1 }, ["second.factor"] = 3 }, { strict = false })
    assert.equal(21, pair(1))
    fails("TypeError", "'strict' must be true or false", pair.load_state_dict, pair,
      pair:state_dict(), { strict = 1 })
  end)

  it("of another batch size gives its parameters", function()
    local function made(batch)
      local size = { step_time = 1, batch_size = batch }
      return snn.Serial {
        connection = snn.LinearDense { in_shape = 3, out_shape = 2, bias = true, step_time = 1,
          batch_size = batch,
          synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } },
        neuron = snn.LIF { shape = 2, step_time = size.step_time, batch_size = batch, rest_v = -60,
          reset_v = -65, thresh_v = -50, refrac_t = 2, time_constant = 20 } }
    end
    local one, other = made(1), made(4)
    fails("ValueError", "(of another batch size: set batchsz, or load the rest with { strict = "
      .. "false })", other.load_state_dict, other, one:state_dict())
    local missing, unexpected, misshapen = other:load_state_dict(one:state_dict(),
      { strict = false })
    assert.same({ {}, {} }, { missing, unexpected })
    assert.is_true(#misshapen > 0)
    for _, name in ipairs(misshapen) do assert.is_nil(name:find "weight" or name:find "bias") end
    assert.is_true(one.connection.weight == other.connection.weight)
    assert.is_true(one.connection.bias == other.connection.bias)
    assert.equal(4, other.batchsz)
  end)
end)

describe("a script's class", function()
  it("hands its arguments to init", function()
    local Any, seen = snn.class("Any", snn.Module), nil
    function Any:init(...)
      snn.Module.init(self)
      seen = table.pack(...)
    end
    Any(1, nil, "x", nil)
    assert.same({ 1, nil, "x", nil, n = 4 }, seen)
  end)

  it("inherits methods, and init", function()
    local Child = snn.class("Child", Scale)
    assert.equal(10, Child(5)(2))
    function Child:forward(x) return Scale.forward(self, x) + 1 end
    assert.equal(11, Child(5)(2))
    local Grandchild = snn.class("Grandchild", Child)
    assert.equal(11, Grandchild(5)(2))
    function Child:late() return "late" end
    assert.equal("late", Grandchild(5):late())
  end)

  it("is below Module without a parent", function()
    local Own = snn.class "Own"
    assert.is_true(Own().training)
  end)

  it("is of no use before init has called its parent's", function()
    local Early = snn.class("Early", snn.LIF)
    local tries
    function Early:init(args)
      tries = {
        function() return self.voltage end, function() self.mine = 1 end,
        function() return self:train() end, function() return self(snn.ones(1, 2)) end,
        function() return self.nothing end,
      }
      for _, try in ipairs(tries) do fails("RuntimeError", "", try) end
      snn.LIF.init(self, args)
    end
    local neuron = Early {
      shape = 2, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50, refrac_t = 2,
      time_constant = 20,
    }
    assert.equal(5, #tries)
    assert.equal(-60, neuron.voltage[1][1])
  end)

  it("must call its parent's init", function()
    local Never = snn.class("Never", snn.LIF)
    function Never:init() end
    fails("RuntimeError", "init has not called the init of its parent", Never)
  end)

  it("calls it once", function()
    local Twice = snn.class("Twice", snn.Module)
    function Twice:init()
      snn.Module.init(self)
      snn.Module.init(self)
    end
    fails("RuntimeError", "called twice", Twice)
    local scale = Scale(2)
    fails("RuntimeError", "called twice", Scale.init, scale, 3)
    assert.equal(6, scale(3))
  end)

  it("cannot call that of another", function()
    local Wrong = snn.class("Wrong", snn.LIF)
    function Wrong:init() snn.Module.init(self) end
    fails("RuntimeError", "needs the init of that", Wrong)
    function Wrong:init(args) snn.LinearDense.init(self, args) end
    fails("TypeError", "'self' must be a Connection, got Wrong", Wrong, {})
  end)

  it("that fails in init leaves no object", function()
    local Failing, leaked = snn.class("Failing", snn.Module), nil
    function Failing:init()
      leaked = self
      error("mine", 0)
    end
    assert.has_error(function() Failing() end, "mine")
    fails("RuntimeError", "", function() return leaked.training end)
    fails("RuntimeError", "", function() leaked() end)
    assert.truthy(tostring(leaked):find("^Failing"))
  end)

  it("may yield in its forward", function()
    local Own = snn.class "Own"
    function Own:forward(n)
      for i = 1, n do coroutine.yield(i) end
      return "done", n
    end
    local co = coroutine.wrap(function(...) return Own()(...) end)
    assert.same({ 1, 2 }, { co(2), co() })
    assert.same({ "done", 2 }, { co() })
  end)

  it("has nil for what it does not have, and an error without a forward", function()
    local Own = snn.class "Own"
    local own = Own()
    assert.is_nil(own.nothing)
    fails("RuntimeError", "forward must be implemented", own)
  end)

  it("may read and show as it likes", function()
    local Own = snn.class "Own"
    Own.__tostring = function() return "mine" end
    Own.__get = { double = function(self) return 2 * self.single end }
    local own = Own()
    own.single = 4
    assert.equal("mine", tostring(own))
    assert.equal(8, own.double)
    fails("AttributeError", "'double' cannot be set", function() own.double = 1 end)
  end)

  it("needs a name and a class as parent", function()
    fails("TypeError", "'name' must be a string", snn.class)
    fails("TypeError", "'parent' must be a class, got table", snn.class, "Own", {})
    fails("TypeError", "'parent' must be a class, got string 'LIF'", snn.class, "Own", "LIF")
    fails("TypeError", "'parent' must be a class", snn.class, "Own", Scale(1))
  end)
end)
