-- What saves, resumes and keeps in memory, as scripts call it. The rest of it is read
-- when one of these functions is called first: most scripts start without.
local snn, load, tools = ...

local FILES <const> = { "saved_engine", "monitor_saved", "gather", "trainer_saved", "restore",
  "save", "checkpoint", "snapshot" }

tools.taken = {} -- by: the path of the checkpoint that has taken --resume

local is_read = false

local function saving()
  if is_read then return tools end
  for _, name in ipairs(FILES) do load("snn." .. name) end
  is_read = true
  return tools
end

tools.saving = saving

--- Writes all that makes up these objects into one safetensors file: what modules,
--- trainers, updaters, monitors, encoders, loaders, hooks keep, their arguments and
--- modes, tensors, Lua values in nested tables, and always the random state. Names in the
--- file are the script's paths: objects = { net = layer } gives
--- `net.connections.enc.weight`. The file takes the place of an older one when it is
--- whole and on the disk.
---
--- An iterator is not saved, its object is: after snn.load the first loop over a loaded
--- loader and the first steps_of of a loaded encoder go on where they were.
---
--- TypeError: something cannot be saved (a function, a coroutine). IOError: the file
--- cannot be written; an older one is untouched.
--- ```lua
--- local path = os.tmpname()
--- snn.save(path, { w = snn.ones(2) })
--- local objects = { w = snn.zeros(2) }
--- snn.load(path, objects)
--- print(objects.w)
--- os.remove(path)
--- ```
---@param path string
---@param objects table<string, any>|snn.Module
---@param options? { metadata?: table<string, string>, keep?: integer } strings of the
---  script's; how many good files stay, 1 by default: this one, then path.1 (the one before), ...
function snn.save(path, objects, options) return saving().save(path, objects, options) end

--- Puts what snn.save has written into objects that the same script has made anew; it
--- makes none. Names, classes, shapes, types must be those of the file: all that is
--- missing, unexpected or different is told in one ValueError. On an error nothing has
--- changed. Arguments (learning rates, thresholds) that differ are taken from the file,
--- with a warning, unless `settings` says whose hold.
---
--- IOError: the file cannot be read, is damaged (the tensor is named), was not written by
--- snn.save, or by a newer version.
--- ```lua
--- local path = os.tmpname()
--- snn.save(path, { w = snn.ones(2) }, { metadata = { note = "first" } })
--- print(snn.load(path, { w = snn.zeros(2) }).note)
--- os.remove(path)
--- ```
---@param path string
---@param objects table<string, any>|snn.Module as they were given to snn.save
---@param options? { settings?: "file"|"script" }
---@return table<string, string> metadata the script's strings
function snn.load(path, objects, options) return saving().load(path, objects, options) end

--- Saves `objects`, a table as snn.save takes it, to `path` every `every`-th call (1) of
--- what it returns; the last `keep` files (1) stay. Where the program was started with
--- `--resume FILE`, or `resume` is a path, the objects are first put back as FILE has
--- them, and `step` is its count; `resume = false`: never. Of several checkpoints in a
--- script one can take --resume; the others say what they do by `resume`.
---
---     local c = snn.checkpoint { path = "run.safetensors", every = 100,
---       objects = { layer = layer, trainer = trainer, loader = loader } }
---     for i = c.step + 1, 10000 do … c() end
---
--- ```lua
--- local path = os.tmpname()
--- local step = snn.checkpoint { path = path, every = 2, resume = false,
---   objects = { w = snn.ones(2) } }
--- for _ = 1, 4 do step() end
--- print(step.step)
--- os.remove(path)
--- ```
---@param options { path: string, objects: table|snn.Module, every?: integer, keep?: integer,
---  resume?: string|false, metadata?: table<string, string>, settings?: "file"|"script" } the
---  last two: those of snn.save and of snn.load
---@return snn.Checkpoint
function snn.checkpoint(options) return saving().checkpoint(options) end

---Warns of a --resume that no checkpoint has taken: at the end of the program.
function tools.check_resumed()
  if tools.resume and not tools.taken.by then
    snn.warn("--resume: no snn.checkpoint of the script has taken it")
  end
end

--- What these objects are now, in memory: all that snn.save would write, the random state
--- too. `snapshot:restore()` puts it back.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local before = snn.snapshot { group = neuron }
--- neuron(snn.full({ 1, 1 }, 5))
--- before:restore()
--- print(neuron.voltage)
--- ```
---@param objects table<string, any>|snn.Module
---@return snn.Snapshot
function snn.snapshot(objects) return saving().snapshot(objects) end

--- What the layer is now, with all below it and the random state, in memory: shares the
--- bytes of tensors, so that it is cheap. To try a branch: `local s = layer:snapshot()`,
--- then `layer:restore(s)`.
--- ```lua
--- -- as snn.Layer:
--- local snapshot = layer:snapshot()
--- layer { enc = snn.ones(1, 3):gt(0) }
--- snapshot:restore()
--- print(layer.time)
--- ```
---@return snn.Snapshot
function snn.Layer:snapshot()
  tools.check_object(self, snn.Layer, "snapshot", "self")
  return saving().snapshot(self)
end

--- Puts the layer back to the snapshot, which can be used again; on an error nothing has
--- changed. ValueError: it is one of other objects, or the layer has other members now.
--- ```lua
--- -- as snn.Layer:
--- local snapshot = layer:snapshot()
--- layer { enc = snn.ones(1, 3):gt(0) }
--- layer:restore(snapshot)
--- print(layer.neurons.out.voltage)
--- ```
---@param snapshot snn.Snapshot that layer:snapshot has given
function snn.Layer:restore(snapshot)
  tools.check_object(self, snn.Layer, "restore", "self")
  saving().restore_layer(self, snapshot)
end
