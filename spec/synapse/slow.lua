-- A current that decays: right over many steps, with an end, and exact when it is
-- carried over. The specs of synapses whose currents do call it with
--   args(tau)    which arguments make it decay by `tau` alone
--   height(tau)  what follows a charge of 1 after `t` ms, up to exp(-t / tau)
local assert = require "luassert"
local snn = require "snn"
local models = require "spec.every.models"

local ONE, NONE = snn.ones(1, 1):gt(0), snn.zeros(1, 1):gt(0)
local STEPS = 200000

local function make_by(law, name, tau, changes)
  local args = law.args(tau)
  args.shape, args.step_time, args.spike_charge = 1, 1, 1
  for key, value in pairs(changes or {}) do args[key] = value end
  return snn[name](args)
end

---@param name string of the class
---@param law { args: fun(tau: number): table, height: fun(tau: number): number }
---@return table<string, function> claims for `it`
return function(name, law)
  local claims = {}
  local function make(...) return make_by(law, ...) end
  local function it(text, claim) claims[text] = claim end

  for _, tau in ipairs { 1e7, 1e8 } do
    for _, dt in ipairs { 0.1, 1 } do
      it(("decays by %g ms in 200,000 steps of %g ms"):format(tau, dt), function()
        local synapse = make(name, tau, { step_time = dt })
        synapse(ONE)
        for _ = 1, STEPS do synapse(NONE) end
        local gone = 1 - synapse.current:item() / law.height(tau)
        local want = 1 - math.exp(-STEPS * dt / tau)
        assert.near(want, gone, 0.01 * want + 1.2e-7) -- float32 holds no more
      end)
    end
  end

  it("ends: below the smallest normal number it is 0", function()
    for dtype, least in pairs { float32 = 2 ^ -126, float64 = 2 ^ -1022 } do
      local synapse, seen = make(name, 2, { dtype = dtype }), {}
      synapse(ONE)
      for step = 1, 1600 do
        seen[step] = synapse(NONE):item()
        assert.is_true(seen[step] == 0 or seen[step] >= least)
      end
      assert.is_true(seen[100] > 0)
      assert.equal(0, seen[1600])
      for path, tensor in pairs(synapse:state_dict()) do
        local is_current = path:find "^current_" or path:find "^rise_"
        if is_current then assert.equal(0, tensor:to("float64"):abs():max():item(), path) end
      end
    end
  end)

  it("keeps a subnormal number that is assigned or loaded until it decays", function()
    local synapse = make(name, 1e8)
    local state = synapse:state_dict()
    state.current_ = snn.full({ 1, 1, 1 }, 1e-41)
    synapse:load_state_dict(state)
    assert.near(1e-41, synapse.current:item(), 1e-44)
    assert.equal(0, synapse(NONE):item())
  end)

  it("resumes from its state in the same bits, however fine", function()
    for _, dtype in ipairs { "float32", "float64" } do
      local one = make(name, 1e7, { dtype = dtype, delay = 2 })
      local other = make(name, 1e7, { dtype = dtype, delay = 2 })
      one(ONE)
      for _ = 1, 501 do one(NONE) end
      other:load_state_dict(one:state_dict())
      for step = 1, 3000 do
        local is = step == 1500
        local a, b = one(is and ONE or NONE), other(is and ONE or NONE)
        assert.equal(a:item(), b:item())
      end
      local a, b = one:state_dict(), other:state_dict()
      for path, tensor in pairs(a) do assert.is_true(tensor:equal(b[path]), path) end
    end
  end)

  it("goes on from a state without the fine part as from what is read", function()
    local one, other = make(name, 30), make(name, 30)
    for _ = 1, 5 do one(ONE) end
    local state = one:state_dict()
    for path in pairs(state) do
      if path:find "_fine$" then state[path] = nil end
    end
    other:load_state_dict(state)
    assert.equal(one.current:item(), other.current:item())
    assert.near(one(NONE):item(), other(NONE):item(), 1e-7)
  end)

  it("takes a current that does not belong to the fine part as it is", function()
    local synapse = make(name, 30)
    for _ = 1, 5 do synapse(ONE) end
    local state = synapse:state_dict()
    state.current_ = snn.zeros(1, 1, 1)
    if state.rise_ then state.rise_ = snn.zeros(1, 1, 1) end
    synapse:load_state_dict(state)
    assert.equal(0, synapse(NONE):item())
  end)

  it("is taken back whole when a step fails", function()
    local layer = snn.Layer { wiring = function() error("no") end }
    local connection = layer:add_connection("c", snn.LinearDirect { shape = 1, step_time = 1,
      synapse = function() return make(name, 1e7) end })
    connection.synapse(ONE)
    for _ = 1, 10 do connection.synapse(NONE) end
    local before = models.state(connection.synapse)
    assert.is_false(pcall(layer.forward, layer, { c = ONE }))
    assert.same(before, models.state(connection.synapse))
  end)

  return claims
end
