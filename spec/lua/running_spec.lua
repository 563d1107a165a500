-- Loops that go on in a resumed run where they were when it was saved: of loaders, of
-- trains, one within the other. A script here is a function that makes its objects,
-- hands them to `ready`, and notes each step of its loops; it is saved at each of them
-- in turn, and the one that is made anew and loaded must note what the first did
-- from there on.
-- luacheck: ignore 512 (loops that are left at once)
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local file

before_each(function() file = support.file() end)
after_each(function() os.remove(file) end)

local function five()
  return snn.data.set { images = snn.arange(1, 11):reshape(5, 2) / 10, labels = { 1, 2, 1, 2, 1 } }
end

local function loader(options) return snn.data.loader(five(), options) end

local SHUFFLED <const> = { batch_size = 2, shuffle = true }

local function poisson(options)
  options = options or {}
  return snn.HomogeneousPoissonEncoder { steps = options.steps or 4, step_time = 1,
    frequency = 400, generator = options.generator }
end

local function text(t) return table.concat(t:to("float64"):flatten():totable(), " ") end

-- What the script notes; at note number `stop` it is saved. With `resumed` it begins with
-- another seed and loads the file.
local function run(script, stop, resumed)
  local notes, objects = {}, nil
  local function ready(made)
    objects = made
    if resumed then snn.load(file, made) end
  end
  local function note(...)
    local parts = table.pack(...)
    for i = 1, parts.n do
      parts[i] = type(parts[i]) == "userdata" and text(parts[i]) or tostring(parts[i])
    end
    notes[#notes + 1] = table.concat(parts, " | ")
    if #notes == stop then snn.save(file, objects) end
  end
  snn.manual_seed(resumed and 99 or 5)
  script(ready, note)
  return notes
end

---Resumed at every note the script goes on as it did.
local function resumes(script, least)
  local whole = run(script)
  assert.is_true(#whole >= (least or 6), "the script notes too little")
  for stop = 1, #whole do
    assert.same(whole, run(script, stop)) -- to save changes nothing
    local want = table.move(whole, stop + 1, #whole, 1, {})
    assert.same(want, run(script, nil, true), "saved at note " .. stop)
  end
end

describe("a loader that is resumed", function()
  for name, options in pairs {
    ["in order"] = { batch_size = 2 }, ["shuffled"] = SHUFFLED,
    ["without the rest"] = { batch_size = 2, shuffle = true, drop_last = true },
    ["in one batch"] = { batch_size = 9, shuffle = true },
  } do
    it("goes on in a pass, " .. name .. ", and then in the next", function()
      resumes(function(ready, note)
        local batches = loader(options)
        local n = snn.tensor({ 0 }, { dtype = "int64" })
        ready { batches = batches, n = n }
        while n[1] < 3 do -- passes that have ended
          for x, y in batches do note(x, y) end
          n[1] = n[1] + 1
        end
      end, 3)
    end)
  end

  it("ends at once where its last batch was handed out", function()
    local batches = loader(SHUFFLED)
    local n = 0
    for _ in batches do
      n = n + 1
      if n == 3 then snn.save(file, { batches = batches }) end
    end
    local again = loader(SHUFFLED)
    snn.load(file, { batches = again })
    for _ in again do error("a batch") end
    n = 0
    for _ in again do n = n + 1 end
    assert.equal(3, n)
  end)

  it("begins anew when no loop goes on", function()
    for _, before in ipairs {
      function() end,
      function(batches) for _ in batches do break end end,
      function(batches) for _ in batches do end end,
      function(batches) pcall(function() for _ in batches do error("x") end end) end,
      function(batches)
        (function() for _ in batches do return end end)()
      end,
    } do
      local batches = loader(SHUFFLED)
      before(batches)
      snn.save(file, { batches = batches })
      local want = {}
      for x in batches do want[#want + 1] = text(x) end
      local again, got = loader(SHUFFLED), {}
      snn.load(file, { batches = again })
      for x in again do got[#got + 1] = text(x) end
      assert.equal(3, #got)
      assert.same(want, got)
    end
  end)

  it("goes on once", function()
    local batches = loader { batch_size = 2 }
    for _ in batches do
      snn.save(file, { batches = batches })
      break
    end
    snn.load(file, { batches = batches })
    local counts = {}
    for i = 1, 2 do
      counts[i] = 0
      for _ in batches do counts[i] = counts[i] + 1 end
    end
    assert.same({ 2, 3 }, counts)
  end)

  it("keeps its place also when it is saved before it goes on", function()
    local batches = loader(SHUFFLED)
    local want = {}
    for x in batches do
      want[#want + 1] = text(x)
      if #want == 1 then snn.save(file, { batches = batches }) end
    end
    for _ = 1, 2 do
      batches = loader(SHUFFLED)
      snn.load(file, { batches = batches })
      snn.save(file, { batches = batches })
    end
    local got = { want[1] }
    for x in batches do got[#got + 1] = text(x) end
    assert.same(want, got)
  end)

  it("goes on by hand", function()
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      local n = snn.tensor({ 0 }, { dtype = "int64" })
      ready { batches = batches, n = n }
      while n[1] < 9 do
        local x, y = batches()
        n[1] = n[1] + 1
        note(x or "end", y)
      end
    end)
  end)

  it("goes on by hand and in a loop apart", function()
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      for x in batches do
        local by_hand = batches()
        note(x, by_hand)
      end
    end, 3)
  end)

  it("goes on below snn.progress", function()
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      for x, y in snn.progress(batches) do note(x, y) end
    end, 3)
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      local bar <close> = snn.progress(batches)
      for x, y in bar do
        bar:set("y", y[1])
        note(x, y)
      end
    end, 3)
    resumes(function(ready, note)
      local encoder = poisson()
      ready { encoder = encoder }
      for spikes in snn.progress(encoder:steps_of(snn.ones(1, 3))) do note(spikes) end
    end, 4)
  end)

  it("goes on where the calls are deep", function()
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      local function within(n, ...)
        if n == 0 then return note(...) end
        local ok, err = pcall(within, n - 1, ...)
        assert(ok, err)
      end
      for x, y in batches do within(8, x, y) end
    end, 3)
  end)
end)

describe("loops in coroutines that are resumed", function()
  it("go on in the one that saves", function()
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      coroutine.wrap(function()
        for x, y in batches do note(x, y) end
      end)()
    end, 3)
  end)

  it("go on in those that resumed it", function()
    resumes(function(ready, note)
      local outer, inner = loader(SHUFFLED), loader(SHUFFLED)
      ready { outer = outer, inner = inner }
      local function third(a) for b in inner do note(a, b) end end
      coroutine.wrap(function()
        for a in outer do
          local co = coroutine.create(function()
            local ok, err = coroutine.resume(coroutine.create(third), a)
            assert(ok, err)
          end)
          assert(coroutine.resume(co))
        end
      end)()
    end)
  end)

  it("go on in one that hands out", function()
    resumes(function(ready, note)
      local batches, encoder = loader(SHUFFLED), poisson()
      ready { batches = batches, encoder = encoder }
      local steps = coroutine.wrap(function()
        for x, y in batches do
          for spikes in encoder:steps_of(x) do coroutine.yield(x, y, spikes) end
        end
      end)
      for x, y, spikes in steps do note(x, y, spikes) end
    end)
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      local next_batch = coroutine.wrap(function()
        for x in batches do coroutine.yield(x) end
      end)
      local x = next_batch()
      while x do
        note(x)
        x = next_batch()
      end
    end, 3)
  end)
end)

describe("loops one in the other that are resumed", function()
  it("go on in the middle of a sample", function()
    resumes(function(ready, note)
      local batches, encoder = loader(SHUFFLED), poisson()
      ready { batches = batches, encoder = encoder }
      for x, y in batches do
        for spikes in encoder:steps_of(x) do note(x, y, spikes) end
        note("sample", y, snn.rand(2))
      end
    end)
  end)

  it("go on in the middle of a sample by hand", function()
    resumes(function(ready, note)
      local batches, encoder = loader(SHUFFLED), poisson()
      ready { batches = batches, encoder = encoder }
      local x = batches()
      while x do
        local next_step = encoder:steps_of(x)
        local spikes = next_step()
        while spikes do
          note(x, spikes)
          spikes = next_step()
          if not spikes then break end
        end
        x = batches()
      end
    end)
  end)

  it("go on in two loaders", function()
    resumes(function(ready, note)
      local outer, inner = loader(SHUFFLED), loader { shuffle = true }
      ready { outer = outer, inner = inner }
      for a in outer do
        for b in inner do note(a, b) end
        note("outer", a)
      end
    end)
  end)

  it("go on in one loader", function()
    resumes(function(ready, note)
      local batches = loader(SHUFFLED)
      ready { batches = batches }
      for a in batches do
        for b in batches do note(a, b) end
        note("outer", a)
      end
    end)
  end)

  it("go on in two trains of an encoder", function()
    resumes(function(ready, note)
      local encoder = poisson { generator = snn.Generator { seed = 2 } }
      local x = snn.full({ 1, 3 }, 0.5)
      ready { encoder = encoder }
      for a in encoder:steps_of(x) do
        for b in encoder:steps_of(x) do note(a, b) end
        note("outer", a)
      end
    end)
  end)

  it("go on side by side", function()
    resumes(function(ready, note)
      local one, other = poisson(), poisson { generator = snn.Generator { seed = 2 } }
      local batches = loader(SHUFFLED)
      ready { one = one, other = other, batches = batches }
      for x in batches do
        local next_other = other:steps_of(x)
        for a in one:steps_of(x) do note(a, next_other()) end
      end
    end)
  end)

  it("hand out the next batch where no train goes on", function()
    local batches, encoder = loader { batch_size = 1 }, poisson()
    local objects = { batches = batches, encoder = encoder }
    local function first_after(save)
      local n = 0
      for x in batches do
        n = n + 1
        if n == 2 then
          save(x)
          break
        end
      end
      snn.load(file, objects)
      encoder:clear()
      for x in batches do return math.floor(x:amin():item() * 10 + 0.5) end
    end
    local function save() snn.save(file, objects) end
    assert.equal(5, first_after(save))
    assert.equal(5, first_after(function(x)
      for _ in encoder:steps_of(x) do break end
      save()
    end))
    assert.equal(5, first_after(function(x)
      local next_step = encoder:steps_of(x)
      while next_step() do next_step() end
      save()
    end))
    assert.equal(5, first_after(function(x)
      encoder(x)
      save()
    end))
    assert.equal(3, first_after(function(x) for _ in encoder:steps_of(x) do save() end end))
    assert.equal(3, first_after(function(x)
      local next_step = encoder:steps_of(x)
      next_step()
      save()
    end))
  end)
end)

describe("a snapshot that is taken and restored in one body", function()
  it("leaves the loops as they go on", function()
    local function script(branch)
      snn.manual_seed(4)
      local batches, encoder = loader(SHUFFLED), poisson()
      local objects, seen = { batches = batches, encoder = encoder }, {}
      for _ = 1, 2 do
        for x in batches do
          for spikes in encoder:steps_of(x) do
            branch(objects, x)
            seen[#seen + 1] = text(x) .. " | " .. text(spikes)
          end
        end
      end
      return seen
    end
    local want = script(function() end)
    assert.equal(2 * 3 * 4, #want)
    assert.same(want, script(function(objects, x)
      local snapshot = snn.snapshot(objects)
      for _ in objects.encoder:steps_of(x) do snn.rand(1) end
      for _ in objects.batches do break end
      snapshot:restore()
    end))
  end)
end)

describe("snn.load of loops that go on", function()
  -- What the objects keep, as a file has it.
  local function kept(objects)
    local path, lines = support.file(), {}
    snn.save(path, objects)
    for name, t in pairs(snn.load_safetensors(path)) do
      lines[#lines + 1] = name .. " " .. text(t)
    end
    os.remove(path)
    table.sort(lines)
    return table.concat(lines, "\n")
  end

  local function make(frequency)
    local objects = { batches = loader(SHUFFLED), encoder = poisson() }
    objects.encoder.frequency = frequency
    return objects
  end

  it("changes nothing where it fails, at any instruction", function()
    local objects = make(200)
    for x in objects.batches do
      objects.batches()
      local next_step = objects.encoder:steps_of(x)
      next_step()
      snn.save(file, objects)
      break
    end
    local again = make(100)
    again.batches()
    local failed, k, total, ok = 0, 1, 0, nil
    debug.sethook(function() total = total + 1 end, "", 1)
    snn.load(file, make(300), { settings = "file" })
    debug.sethook()
    local before, after = kept(again), nil
    local function stop() -- in the library's own code
      if debug.getinfo(2, "S").source:find("[snn]", 1, true) then error "stopped" end
    end
    while not ok do
      debug.sethook(stop, "", k)
      ok = pcall(snn.load, file, again, { settings = "file" })
      debug.sethook()
      after = kept(again)
      if not ok then
        failed = failed + 1
        if before ~= after then error("changed at instruction " .. k) end
      end
      k = k + (k < total - 1200 and 301 or 29) -- what is changed comes last
    end
    assert.is_true(failed > 60)
    assert.is_true(before ~= after)
    assert.equal(200, again.encoder.frequency)
  end)
end)

describe("snn.load of a loader", function()
  local function saved(options)
    local batches = loader(options)
    for _ in batches do
      batches()
      snn.save(file, { batches = batches })
      return
    end
  end

  it("tells settings and sets that differ, before anything has changed", function()
    saved(SHUFFLED)
    local other = loader { batch_size = 3 }
    other()
    fails("ValueError", "'batches': its batch_size is 3, 2 was saved", snn.load, file,
      { batches = other })
    assert.same({ 7, 8, 9, 10 }, (other() * 10):round():flatten():totable())
    fails("ValueError", "its shuffle is false, true was saved", snn.load, file,
      { batches = loader { batch_size = 2 } })
    fails("ValueError", "its drop_last is true, false was saved", snn.load, file,
      { batches = loader { batch_size = 2, shuffle = true, drop_last = true } })
    local function over(set) return { batches = snn.data.loader(set, SHUFFLED) } end
    local images, labels = five().images, { 1, 2, 1, 2, 1 }
    fails("ValueError", "its set has 4 samples, 5 were saved", snn.load, file,
      over(five():slice(1, 4)))
    fails("ValueError", "its set has images float32 {5, 1, 2}, float32 {5, 2} were saved",
      snn.load, file, over { images = images:reshape(5, 1, 2), labels = labels })
    fails("ValueError", "its set has other labels than the one that was saved", snn.load, file,
      over { images = images, labels = { 1, 2, 2, 2, 1 } })
    fails("ValueError", "its set has other labels", snn.load, file, over { images = images })
  end)

  it("takes loaders that have no batches", function()
    local function none()
      return { batches = snn.data.loader(five():slice(1, 0), SHUFFLED),
        rest = loader { batch_size = 9, drop_last = true } }
    end
    local objects = none()
    assert.is_nil(objects.batches())
    assert.is_nil(objects.rest())
    snn.save(file, objects)
    local again = none()
    snn.load(file, again)
    for _ in again.batches do error "a batch" end
    for _ in again.rest do error "a batch" end
  end)

  it("is of its set alone, too", function()
    snn.save(file, { set = five() })
    snn.load(file, { set = five() })
    fails("ValueError", "'set': its set has 2 samples, 5 were saved", snn.load, file,
      { set = five():slice(1, 2) })
  end)
end)
