-- Trains that go on in a resumed run where they were when it was saved: of every
-- encoder, at every kind of place. How loops find them is running_spec.lua's.
-- luacheck: ignore 512 (loops that are left at once)
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"
local fails = support.fails

local file

before_each(function()
  file = support.file()
  snn.manual_seed(3)
end)
after_each(function() os.remove(file) end)

local function intensities(dtype)
  local x = snn.rand(3, 40, { dtype = dtype })
  return x * x:gt(0.3):to(x.dtype)
end

---The steps of a train of `make` from behind step `at` on, where it is saved: as it went
---on, and as an encoder made anew goes on; and the random state after each.
local function both(make, x, at, change)
  local encoder, t = make(), 0
  local went_on, resumed = {}, {}
  for spikes in encoder:steps_of(x) do
    t = t + 1
    if t > at then went_on[#went_on + 1] = spikes end
    if change and t == 1 then change(encoder) end
    if t == at then
      snn.save(file, { encoder = encoder })
      t = at
    end
  end
  local after = snn.get_rng_state()
  snn.manual_seed(77)
  local again = make()
  if change then change(again) end
  snn.load(file, { encoder = again })
  for spikes in again:steps_of(x) do resumed[#resumed + 1] = spikes end
  assert.is_true(after:equal(snn.get_rng_state()))
  return went_on, resumed, again, encoder
end

local function same(a, b, count)
  assert.equal(count, #a)
  assert.equal(#a, #b)
  for i = 1, #a do
    assert.equal(a[i].dtype, b[i].dtype)
    assert.is_true(a[i]:equal(b[i]))
    assert.is_true(a[i]:nonzero():equal(b[i]:nonzero()))
  end
end

for _, name in ipairs(models.below(snn.Encoder)) do
  local made = models.maker(snn[name]).object
  local function make() return made { steps = 600 } end

  describe(name .. " that is resumed", function()
    for _, dtype in ipairs { "float32", "float64" } do
      it("goes on behind the steps that it gave, of " .. dtype, function()
        local x = intensities(dtype)
        for _, at in ipairs { 1, 2, 255, 256, 257, 511, 512, 513, 599, 600 } do
          local went_on, resumed = both(make, x, at)
          same(went_on, resumed, 600 - at)
        end
      end)
    end

    it("goes on with the arguments that it began with", function()
      local x = intensities "float32"
      for _, at in ipairs { 1, 300, 600 } do
        local went_on, resumed, again = both(make, x, at, function(e) e.steps, e.dt = 30, 0.5 end)
        same(went_on, resumed, 600 - at)
        local n = 0
        for _ in again:steps_of(x) do n = n + 1 end
        assert.equal(30, n)
      end
    end)

    it("goes on without elements, and without dimensions", function()
      for _, shape in ipairs { { 0, 3 }, { 2, 0 }, {} } do
        local went_on, resumed = both(make, snn.ones(shape), 7)
        same(went_on, resumed, 593)
        assert.same(shape, resumed[1].shape)
      end
    end)

    it("begins a train of its own behind that one", function()
      local x = intensities "float32"
      local _, _, again, encoder = both(make, x, 5)
      local seed = snn.get_rng_state()
      local one = encoder(x)
      snn.set_rng_state(seed)
      assert.is_true(one:equal(again(x)))
    end)
  end)
end

describe("an encoder of a script that is resumed", function()
  local Random = snn.class("Random", snn.Encoder)
  Random.states = { calls = { of = "one", type = "int64" } }
  function Random.init(self) snn.Encoder.init(self, { steps = 6, step_time = 1 }) end
  function Random:forward(x)
    self.calls = self.calls + 1
    return snn.bernoulli(x:unsqueeze(1):expand(6, 3, 40))
  end

  it("gives the steps that were left, without another call", function()
    local x = intensities "float32"
    for at = 1, 6 do
      local went_on, resumed, again = both(Random, x, at)
      same(went_on, resumed, 6 - at)
      assert.equal(1, again.calls:item())
    end
  end)

  it("keeps no steps of a loop that was left", function()
    local encoder = Random()
    for _ in encoder:steps_of(intensities "float32") do break end
    snn.save(file, { encoder = encoder })
    assert.is_nil(snn.load_safetensors(file)["encoder:train.1.rest"])
  end)
end)

describe("a place of an encoder", function()
  local x

  local function poisson(options)
    options = options or {}
    return snn.HomogeneousPoissonEncoder { steps = 10, step_time = 1, frequency = 300,
      generator = options.generator }
  end

  before_each(function() x = snn.full({ 1, 30 }, 0.5) end)

  local function count(encoder, input)
    local n = 0
    for _ in encoder:steps_of(input or x) do n = n + 1 end
    return n
  end

  local function saved_at(at, encoder)
    local t = 0
    for _ in encoder:steps_of(x) do
      t = t + 1
      if t == at then snn.save(file, { encoder = encoder }) end
    end
  end

  it("is for its intensities alone, until it is forgotten", function()
    saved_at(4, poisson())
    local again = poisson()
    snn.load(file, { encoder = again })
    local state = snn.get_rng_state()
    for _, other in ipairs {
      snn.full({ 1, 30 }, 0.25), snn.full({ 30 }, 0.5),
      snn.full({ 1, 30 }, 0.5, { dtype = "float64" }), snn.full({ 1, 31 }, 0.5),
    } do
      fails("ValueError", "of other 'intensities' than these (give it those, or forget its place "
        .. "with encoder:clear())", again.steps_of, again, other)
    end
    assert.is_true(state:equal(snn.get_rng_state()))
    assert.equal(10, #again(x)) -- a whole train is none step by step
    assert.equal(6, count(again, snn.full({ 30, 1 }, 0.5):transpose(1, 2)))
    assert.equal(10, count(again, snn.full({ 2, 3 }, 0.1)))
    snn.load(file, { encoder = again })
    again:clear()
    assert.equal(10, count(again, snn.full({ 2, 3 }, 0.1)))
  end)

  it("is there once, and is saved as long as it waits", function()
    saved_at(4, poisson())
    for _ = 1, 3 do
      local again = poisson()
      snn.load(file, { encoder = again })
      snn.save(file, { encoder = again })
    end
    local again = poisson()
    snn.load(file, { encoder = again })
    assert.same({ 6, 10 }, { count(again), count(again) })
    snn.save(file, { encoder = again })
    snn.load(file, { encoder = again })
    assert.equal(10, count(again))
  end)

  it("is that of intensities as they were when the train began", function()
    local encoder, t = poisson(), 0
    local input = x:clone()
    for _ in encoder:steps_of(input) do
      t = t + 1
      input:fill_(0.1)
      if t == 3 then snn.save(file, { encoder = encoder }) end
    end
    snn.load(file, { encoder = encoder })
    assert.equal(7, count(encoder))
  end)

  it("is none of a loop that was left, of a train that ended or that is out of scope", function()
    local function loaded(encoder)
      snn.save(file, { encoder = encoder })
      local again = poisson()
      snn.load(file, { encoder = again })
      return count(again)
    end
    local encoder = poisson()
    for _ in encoder:steps_of(x) do break end
    assert.equal(10, loaded(encoder))
    pcall(function() for _ in encoder:steps_of(x) do error "x" end end)
    assert.equal(10, loaded(encoder))
    do
      local next_step = encoder:steps_of(x)
      next_step()
    end
    assert.equal(10, loaded(encoder))
    local next_step = encoder:steps_of(x)
    while next_step() do next_step = next_step end
    assert.equal(10, loaded(encoder))
    next_step = encoder:steps_of(x)
    for _ = 1, 3 do next_step() end
    assert.equal(7, loaded(encoder))
    for _ = 4, 10 do next_step() end
    assert.equal(10, loaded(encoder))
  end)

  it("of a variable may be a global, an upvalue or a coroutine's", function()
    local encoder = poisson()
    local function resumed(save)
      save()
      local again = poisson()
      snn.load(file, { encoder = again })
      return count(again)
    end
    local function save() snn.save(file, { encoder = encoder }) end
    assert.equal(8, resumed(function()
      _G.next_step_of_spec = encoder:steps_of(x)
      for _ = 1, 2 do _G.next_step_of_spec() end
      save()
      _G.next_step_of_spec = nil
    end))
    local function stepper()
      local next_step = encoder:steps_of(x)
      return function()
        next_step()
        save()
      end
    end
    assert.equal(9, resumed(stepper()))
    assert.equal(7, resumed(function()
      local step = coroutine.wrap(function()
        for spikes in encoder:steps_of(x) do coroutine.yield(spikes) end
      end)
      for _ = 1, 3 do step() end
      save()
    end))
    assert.equal(9, resumed(function()
      local function numbered(iterate)
        local n = 0
        return function()
          n = n + 1
          local spikes = iterate()
          if spikes then return n, spikes end
        end
      end
      for _ in numbered((encoder:steps_of(x))) do
        save()
        break
      end
    end))
  end)

  it("has its own generator with it", function()
    local function make() return poisson { generator = snn.Generator { seed = 9 } } end
    local want, got, t = {}, {}, 0
    local encoder = make()
    encoder(x)
    for spikes in encoder:steps_of(x) do
      t = t + 1
      if t == 4 then snn.save(file, { encoder = encoder }) end
      if t > 4 then want[#want + 1] = spikes end
    end
    want[7] = encoder(x)
    local again = make()
    snn.load(file, { encoder = again })
    for spikes in again:steps_of(x) do got[#got + 1] = spikes end
    got[7] = again(x)
    same(want, got, 7)
    assert.is_true(encoder.generator.stream_:equal(again.generator.stream_))
  end)

  it("goes on in another process", function()
    local SCRIPT <const> = [[
      local snn = require "snn"
      local file, resumed = %q, %s
      snn.manual_seed(resumed and 8 or 4)
      local set = snn.data.set { images = snn.ones(6, 20) * 0.3 }
      local objects = {
        batches = snn.data.loader(set, { batch_size = 2, shuffle = true }),
        encoder = snn.HomogeneousPoissonEncoder { steps = 40, step_time = 1, frequency = 200 },
        n = snn.zeros(1, { dtype = "int64" }),
      }
      if resumed then snn.load(file, objects) end
      for x in objects.batches do
        for spikes in objects.encoder:steps_of(x) do
          objects.n:add_(1)
          local n = objects.n:item()
          if n > 57 then print(n, table.concat(spikes:nonzero():flatten():totable(), " ")) end
          if n == 57 and not resumed then snn.save(file, objects) end
        end
        print(table.concat(snn.rand(2):totable(), " "))
      end
    ]]
    local function run(resumed)
      local result = support.snnlua("-", { input = SCRIPT:format(file, resumed) })
      assert.equal("", result.err)
      return result.out
    end
    local whole = run(false)
    local first = whole:find("58\t", 1, true)
    assert.equal(whole:sub(first), run(true))
  end)
end)
