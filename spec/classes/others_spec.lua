-- Scripts' own encoders, reducers and monitors.
local snn = require "snn"
local own = require "spec.classes.own"
local fails = own.fails

describe("a script's class of encoders", function()
  local Every = snn.class("Every", snn.Encoder)
  Every.states = { calls = { of = "one", type = "int64" } }
  function Every.init(self, args)
    snn.Encoder.init(self, { steps = args.steps, step_time = 1 })
    self.every = args.every
  end
  function Every:forward(x)
    self.calls = self.calls + 1
    local steps = snn.arange(self.steps):reshape(self.steps, 1, 1)
    return (steps % self.every):eq(0):logical_and(x:gt(0):unsqueeze(1))
  end

  it("gives trains, whole and step by step", function()
    local encoder = Every { steps = 6, every = 3 }
    local x = snn.tensor { { 1, 0 }, { 0, 1 } }
    local train, n = encoder(x), 0
    assert.same({ 6, 2, 2 }, train.shape)
    for spikes in encoder:steps_of(x) do
      n = n + 1
      assert.is_true(spikes == train[n])
    end
    assert.equal(6, n)
    assert.same({ 6, 1, 6, 2 }, { encoder.steps, encoder.dt, encoder.duration,
      encoder.calls:item() })
    assert.equal(encoder.steps, 6)
  end)

  it("refuses another train", function()
    local encoder = Every { steps = 6, every = 3 }
    encoder.forward = function(self, x)
      self.calls = 5
      return x
    end
    fails(function() encoder(snn.ones(1, 2)) end, "ValueError",
      "Every: forward must return a train, a tensor of shape {6, 1, 2}, got a tensor of shape")
    assert.equal(0, encoder.calls:item())
    fails(function() encoder:steps_of(snn.ones(1, 2)) end, "ValueError", "forward must return")
    fails(function() snn.Encoder { steps = 1, step_time = 1 } end, "TypeError", "cannot be made")
    fails(function() snn.Encoder.forward(encoder, snn.ones(1, 2)) end, "RuntimeError",
      "forward must be implemented")
  end)
end)

describe("a script's class of reducers", function()
  local Largest = snn.class("Largest", snn.Reducer)
  Largest.states = { seen = { of = "one", type = "int64" } }
  function Largest:forward(value)
    self.seen = self.seen + 1
    local latest = self.latest
    self:push(latest and latest:maximum(value) or value)
  end

  it("keeps the states that it pushes", function()
    local reducer = Largest { step_time = 1, duration = 2 }
    for _, v in ipairs { 1, 3, 2 } do reducer(snn.tensor { v, 4 - v }) end
    assert.same({ { 3, 3 }, { 3, 3 } }, reducer:dump():totable())
    assert.same({ 3, 3 }, reducer:peek():totable())
    assert.same({ 3, 3 }, reducer:view(1):totable())
    assert.equal(3, reducer.seen:item())
    local other = Largest { step_time = 1, duration = 2 }
    other:load_state_dict(reducer:state_dict())
    assert.is_true(other:dump() == reducer:dump())
    reducer:clear()
    assert.is_nil(reducer:peek())
    assert.equal(0, reducer.seen:item())
  end)

  it("serves monitors and goes back with a call that fails", function()
    local exc = own.Leaky { shape = 2 }
    local monitor = snn.StateMonitor { module = exc, attr = "voltage",
      reducer = Largest { step_time = 1 } }
    monitor:register()
    exc(snn.tensor { { 100, 0 } })
    exc(snn.tensor { { 0, 0 } })
    assert.is_true(monitor:peek()[1][1] > -58)
    local reducer = Largest { step_time = 1 }
    fails(function() reducer(snn.zeros(2), reducer(snn.zeros(3))) end, "ValueError", "shape")
    assert.equal(1, reducer.seen:item())
  end)
end)

describe("a script's class of monitors", function()
  it("has its own partialconstructor", function()
    local Named = snn.class("Named", snn.StateMonitor)
    function Named.kind() return "named" end
    local exc = own.Leaky { shape = 2 }
    local make = Named.partialconstructor { reducer = snn.PassthroughReducer { step_time = 1 } }
    assert.equal("named", make("voltage", exc).kind())
    local plain = snn.StateMonitor.partialconstructor {
      reducer = snn.PassthroughReducer { step_time = 1 } }
    fails(function() return plain("voltage", exc).kind() end, "AttributeError", "kind")
  end)
end)

describe("states of a class", function()
  it("are of fold reducers, trainers and hooks too", function()
    local Sum = snn.class("Sum", snn.FoldReducer)
    Sum.states = { seen = { of = "one", type = "int64" } }
    function Sum:fold(value, state)
      self.seen = self.seen + 1
      return state and state + value or value
    end
    function Sum.interpolate(_, prev) return prev end
    local sum = Sum { step_time = 1 }
    sum(snn.ones(2))
    sum(snn.ones(2))
    assert.same({ 2, 2 }, sum:peek():totable())

    local Calls = snn.class("Calls", snn.CellTrainer)
    Calls.states = { calls = { of = "one" } }
    function Calls:forward() self.calls = self.calls + 1 end
    local trainer = Calls()
    trainer()
    assert.equal(1, trainer:state_dict().calls:item())
    trainer:clear()

    local Seen = snn.class("Seen", snn.StateHook)
    Seen.states = { seen = { of = "one" } }
    function Seen:hook() self.seen = self.seen + 1 end
    local exc = own.Leaky { shape = 2 }
    local hook = Seen { module = exc }
    hook:register()
    exc(snn.zeros(1, 2))
    assert.same({ 2, 0, 1 }, { sum.seen:item(), trainer.calls:item(), hook.seen:item() })
  end)
end)
