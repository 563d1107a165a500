-- Loops that were saved in the middle, and go on.
-- luacheck: ignore 512 (loops that are left at once)
local snn = require "snn"

local case = {}

local function make()
  local set = snn.data.set { images = snn.ones(4, 3) * 0.5, labels = { 1, 2, 1, 2 } }
  return {
    batches = snn.data.loader(set, { batch_size = 2, shuffle = true }),
    encoder = snn.HomogeneousPoissonEncoder { steps = 3, step_time = 1, frequency = 300 },
  }
end

function case.prepare()
  local file, objects, again = os.tmpname(), make(), make()
  for x in objects.batches do
    local next_step = objects.encoder:steps_of(x)
    next_step()
    snn.save(file, objects)
    break
  end
  snn.load(file, again)
  again.file = file
  return again
end

function case.run(objects)
  local count = 0
  for x in objects.batches do
    for _ in objects.encoder:steps_of(x) do
      count = count + 1
      if count == 1 then
        snn.save(objects.file, { batches = objects.batches, encoder = objects.encoder })
      end
    end
  end
  assert(count == 5)
  objects.encoder:clear()
end

function case.check(objects)
  snn.load(objects.file, make())
  os.remove(objects.file)
end

return case
