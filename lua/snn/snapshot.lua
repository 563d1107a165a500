-- Snapshots in memory: what snn.save would write, kept without a file, to try a branch
-- and to come back. They share the bytes of tensors until one side writes. Of layers
-- whose parts are all the library's an image is taken (src/bind/object/image.c), which
-- becomes names and values only when it is gone back to.
local snn, _, tools = ...

local fail = tools.fail
local join = tools.paths.join

--- What objects were at some moment, in memory.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local snapshot = snn.snapshot { group = neuron }
--- neuron(snn.full({ 1, 1 }, 5))
--- snapshot:restore()
--- print(neuron.voltage)
--- ```
---@class snn.Snapshot
local Snapshot = {}
local meta = { __name = "Snapshot", __metatable = false, __index = Snapshot }

-- What a snapshot holds, by the empty table that stands for one.
local held = setmetatable({}, { __mode = "k" })

local function new(state)
  local snapshot = setmetatable({}, meta)
  held[snapshot] = state
  return snapshot
end

-- ------------------------------------------------------------- as saved

-- Tensors of the script may be written to in place: they are kept as they are now.
local function take_job(objects)
  local job = tools.gather("snapshot", objects)
  for path, t in next, job.tensors do
    if tools.can_overwrite(t) then job.tensors[path] = t:clone() end
  end
  return { objects = objects, job = job }
end

-- ------------------------------------------------------------- as an image

local savers_by_name = {} -- of classes in C

-- What says of the object more than its states and arguments.
local function savers_of(object)
  local savers = {}
  for _, way in ipairs(tools.jobs.ways_of(object)) do savers[#savers + 1] = way.save end
  return savers
end

---nil: the layer holds more than an image does.
local function take_image(layer)
  local objects, names = tools.layer_objects(layer)
  local image, hidden = objects and tools.image(objects), {}
  if not image then return end
  for i = 1, #objects do
    local savers = savers_by_name[names[i]]
    if not savers then
      savers = savers_of(objects[i])
      savers_by_name[names[i]] = savers
    end
    if savers[1] then hidden[i] = savers[1](objects[i]) end
    for k = 2, #savers do
      for name, value in next, savers[k](objects[i]) do hidden[i][name] = value end
    end
  end
  return { objects = layer, list = objects, image = image, hidden = hidden,
    random = snn.get_rng_state() }
end

local function add_arguments(job, node, arguments)
  for _, setting in ipairs(node.settings) do
    local value = arguments[setting.name]
    -- functions stay the script's, as in a file
    if type(value) == "function" then value = setting.value end
    if value ~= nil and value ~= snn.none then
      tools.jobs.gather(job, join(node.path, "." .. setting.name), value)
    end
  end
end

-- Adds object i of the image, as gather would have then.
local function add_object(job, state, i, node)
  local path, states, training = node.path, tools.image_states(state.image, i)
  job.notes["class." .. path] = node.class
  tools.jobs.put(job, join(path, ".training"), training)
  for name, value in next, states do tools.jobs.put(job, join(path, "." .. name), value, true) end
  for name, value in next, state.hidden[i] or {} do
    tools.jobs.put(job, path .. ":" .. name, value)
  end
  add_arguments(job, node, tools.image_arguments(state.image, i))
end

local function job_of_image(state, to)
  local job, index_of = tools.jobs.new("restore"), {}
  for i, object in ipairs(state.list) do index_of[object] = i end
  for _, node in ipairs(to.nodes) do
    local i = index_of[node.object]
    if not i then
      fail("ValueError", "restore: '%s' was not there when the snapshot was taken", node.path)
    end
    index_of[node.object] = nil
    add_object(job, state, i, node)
  end
  local gone = next(index_of)
  if gone then
    fail("ValueError", "restore: the %s of the snapshot is not there any more",
      tools.describe(gone))
  end
  job.tensors[":random_state"] = state.random
  return job
end

-- ------------------------------------------------------------- both

local function state_of(snapshot, where, name)
  local state = held[snapshot]
  if not state then tools.wrong_argument(where, name, "a snapshot", snapshot) end
  return state
end

local function restore(state)
  local to = tools.gather("restore", state.objects)
  local from = state.job or job_of_image(state, to)
  return tools.put_back("restore", "the snapshot", from, to, "file")
end

--- Puts the objects back to what they were when it was taken, as often as wanted; on an
--- error nothing has changed. ValueError: they have other members or shapes now.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local snapshot = snn.snapshot { group = neuron }
--- neuron(snn.full({ 1, 1 }, 5))
--- snapshot:restore()
--- print(neuron.voltage)
--- ```
function Snapshot:restore()
  return restore(state_of(self, "restore", "self"))
end

function meta:__tostring()
  local state = held[self]
  return ("Snapshot(%s)"):format(tools.describe(state.objects))
end

---What snn.snapshot does.
function tools.snapshot(objects)
  local is_layer = tools.is_instance(objects, snn.Layer)
  return new(is_layer and take_image(objects) or take_job(objects))
end

---What layer:restore does.
function tools.restore_layer(layer, snapshot)
  local state = state_of(snapshot, "restore", "snapshot")
  if state.objects ~= layer then
    fail("ValueError", "restore: the snapshot is not one of this layer; use snapshot:restore()")
  end
  return restore(state)
end
