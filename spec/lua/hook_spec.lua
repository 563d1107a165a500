-- Hook and StateHook, and classes of scripts below them.
local snn = require "snn"
local support = require "spec.support"

local X = snn.full({ 1, 2 }, 1)

local function neuron()
  return snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -60, thresh_v = -40,
    refrac_t = 0, time_constant = 20 }
end

describe("Hook", function()
  local n

  before_each(function() n = neuron() end)

  it("runs its functions before and after each call", function()
    local seen = {}
    local hook = snn.Hook {
      prehook = function(module, args) seen[#seen + 1] = { module, args[1] } end,
      posthook = function(module, args, spikes) seen[#seen + 1] = { module, args[1], spikes } end,
    }
    n(X)
    hook:register(n)
    local out = n(X)
    assert.equal(2, #seen)
    assert.equal(n, seen[1][1])
    assert.is_true(rawequal(X, seen[1][2]))
    assert.same(out:totable(), seen[2][3]:totable())
  end)

  it("replaces arguments and results", function()
    local hook = snn.Hook {
      prehook = function(_, args) return { args[1] * 1000 } end,
      posthook = function(_, _, spikes) return spikes:to("float32") end,
    }
    hook:register(n)
    local out = n(X)
    assert.equal("float32", out.dtype)
    assert.same({ { 1, 1 } }, out:totable())
  end)

  it("runs in the modes that it is for", function()
    local count = 0
    local hook = snn.Hook { posthook = function() count = count + 1 end, train_update = false }
    hook:register(n)
    n(X)
    assert.equal(0, count)
    n:eval()
    n(X)
    assert.equal(1, count)
    assert.is_false(hook.trainexec)
    assert.is_true(hook.evalexec)
    hook.evalexec = false
    assert.is_false(hook.eval_update)
    n(X)
    assert.equal(1, count)
    support.fails("TypeError", "'trainexec' must be true or false", function()
      hook.trainexec = 1
    end)
    assert.is_false(hook.trainexec)
  end)

  it("is on one module at a time", function()
    local count, other = 0, neuron()
    local hook = snn.Hook { posthook = function() count = count + 1 end }
    assert.is_false(hook.registered)
    hook:register(n)
    hook:register(n)
    assert.is_true(hook.registered)
    support.fails("RuntimeError", "on another module", hook.register, hook, other)
    n(X)
    assert.equal(1, count)
    hook:deregister()
    hook:deregister()
    assert.is_false(hook.registered)
    hook:register(other)
    n(X)
    assert.equal(1, count)
    other(X)
    assert.equal(2, count)
  end)

  it("comes first where it is prepended", function()
    local order = ""
    n:register_forward_hook(function() order = order .. "a" end)
    snn.Hook { posthook = function() order = order .. "b" end }:register(n)
    snn.Hook { posthook = function() order = order .. "c" end,
      posthook_kwargs = { prepend = true } }:register(n)
    n(X)
    assert.equal("cab", order)
  end)

  it("runs methods of a script's class by name", function()
    local Counter = snn.class("Counter", snn.Hook)
    function Counter:init(args)
      snn.Hook.init(self, args)
      self.count = 0
    end
    function Counter:after(module, args, spikes)
      self.count = self.count + spikes:sum():item() + #args + (module == n and 100 or 0)
    end
    local counter = Counter { posthook = "after" }
    counter:register(n)
    n(X * 1000)
    assert.equal(103, counter.count)
    local lost = Counter { prehook = "before" }
    lost:register(n)
    support.fails("AttributeError", "no method 'before'", n, X)
  end)

  it("has its module not below it", function()
    local hook = snn.Hook { posthook = function() end }
    hook:register(n)
    assert.same({}, hook:state_dict())
  end)

  it("names what is wrong", function()
    support.fails("ValueError", "'prehook' and 'posthook' cannot both be absent", snn.Hook, {})
    support.fails("TypeError", "'posthook' must be a function, or the name of a method", snn.Hook,
      { posthook = 1 })
    support.fails("TypeError", "did you mean 'posthook'", snn.Hook, { posthok = print })
    support.fails("TypeError", "did you mean 'prepend'", snn.Hook,
      { posthook = print, posthook_kwargs = { prepnd = true } })
    local hook = snn.Hook { posthook = print }
    support.fails("TypeError", "'module' must be a module", hook.register, hook, 1)
    support.fails("AttributeError", "registered", function() hook.registered = true end)
  end)
end)

describe("StateHook", function()
  local n, Reset

  before_each(function()
    n = neuron()
    Reset = snn.class("Reset", snn.StateHook)
    function Reset:init(args)
      snn.StateHook.init(self, { module = args.module, as_prehook = args.as_prehook,
        train_update = args.train_update })
      self.to = args.to
    end
    function Reset:hook(module)
      module.voltage = snn.full({ 1, 2 }, self.to)
      return 1, 2
    end
  end)

  it("runs its method after each call when registered, and returns nothing", function()
    local hook = Reset { module = n, to = -55 }
    n(X)
    assert.are_not.equal(-55, n.voltage[1][1])
    hook:register()
    local out = table.pack(n(X))
    assert.equal(1, out.n)
    assert.equal(-55, n.voltage[1][1])
    hook.to = -54
    n(X)
    assert.equal(-54, n.voltage[1][1])
    hook:deregister()
    n(X)
    assert.are_not.equal(-54, n.voltage[1][1])
  end)

  it("runs before the call as a pre-hook", function()
    local hook = Reset { module = n, to = -45, as_prehook = true }
    hook:register()
    n(snn.full({ 1, 2 }, 200))
    assert.equal(-60, n.voltage[1][1])
    assert.is_true(hook.as_prehook)
    assert.equal(n, hook.module)
  end)

  it("runs when called: registered or forced, in its modes or whatever they are", function()
    local hook = Reset { module = n, to = -55, train_update = false }
    hook { force = true }
    assert.equal(-60, n.voltage[1][1])
    hook { ignore_mode = true }
    assert.equal(-60, n.voltage[1][1])
    hook { force = true, ignore_mode = true }
    assert.equal(-55, n.voltage[1][1])
    n.voltage = snn.full({ 1, 2 }, -60)
    n:eval()
    hook:register()
    hook()
    assert.equal(-55, n.voltage[1][1])
  end)

  it("is the parent of Normalization and Clamping", function()
    local clamp = snn.Clamping { module = n, attr = "voltage", max = -58 }
    assert.equal(n, clamp.module)
    n.voltage = snn.full({ 1, 2 }, -50)
    clamp:eval()
    clamp { force = true, ignore_mode = true }
    assert.equal(-58, n.voltage[1][1])
    local other = neuron()
    other.voltage = snn.full({ 1, 2 }, -50)
    clamp:hook(other)
    assert.equal(-58, other.voltage[1][1])
  end)

  it("lets a class below Clamping have a hook of its own", function()
    local count, Counting = 0, snn.class("Counting", snn.Clamping)
    function Counting:hook(module)
      count = count + 1
      return snn.Clamping.hook(self, module)
    end
    local hook = Counting { module = n, attr = "voltage", max = -59 }
    hook:register()
    n(snn.full({ 1, 2 }, 30))
    assert.equal(1, count)
    assert.equal(-59, n.voltage[1][1])
  end)

  it("says that its method is missing", function()
    local hook = snn.StateHook { module = n }
    hook:register()
    support.fails("RuntimeError", "hook must be implemented", n, X)
    support.fails("TypeError", "'module' is missing (a module)", snn.StateHook, {})
    support.fails("RuntimeError", "before init", function()
      local Half = snn.class("Half", snn.StateHook)
      function Half:init() self:register() end
      return Half()
    end)
  end)
end)

describe("an argument of a Hook", function()
  it("counts from the next call on", function()
    local module, log = snn.Module(), {}
    module.forward = function() end
    local function note(word) return function() log[#log + 1] = word end end
    local hook = snn.Hook { posthook = note "a" }
    hook:register(module)
    module:register_forward_hook(note "b")
    module()
    hook.posthook = note "c"
    module()
    hook.prehook = note "d"
    module()
    hook.posthook, hook.train_update = snn.none, false
    module()
    hook.trainexec = true
    module()
    assert.equal("a b c b d b c b d b", table.concat(log, " "))
    assert.is_true(hook.registered)
    local ok, err = pcall(function() hook.prehook = snn.none end)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
  end)
end)
