-- Data sets: pictures with labels, where they come from, and how they are
-- handed out in batches. A set is a view: slices share its bytes, and a pass
-- over it copies one batch at a time.
local snn, _, tools = ...

local data = snn.data

local fail = tools.fail

local function is_tensor(value) return tools.describe(value) == "Tensor" end

--- `value`, or `default` where that is nil, if it is an integer from `least`.
local function integer(where, name, value, least, default)
  if value == nil then value = default end
  local n = math.type(value) and math.tointeger(value)
  if not n then
    fail("TypeError", "%s: '%s' must be an integer, got %s", where, name, tools.describe(value))
  end
  if n < least then
    fail("ValueError", "%s: '%s' must be at least %d, got %d", where, name, least, n)
  end
  return n
end

local function boolean(where, name, value, default)
  if value == nil then return default end
  if type(value) ~= "boolean" then
    fail("TypeError", "%s: '%s' must be true or false, got %s", where, name, tools.describe(value))
  end
  return value
end

-- What sets and loaders hold, by the empty table that stands for one: scripts
-- read it and cannot change it.
local held = setmetatable({}, { __mode = "k" })

local function new(class, fields)
  local object = setmetatable({}, class)
  held[object] = fields
  return object
end

local function fields_of(object, class)
  local fields = held[object]
  if fields and rawequal(fields.class, class) then return fields end
  fail("TypeError", "'self' must be a %s, got %s", class.__name, tools.describe(object))
end

--- Lets objects of the class have these methods and fields, and no others.
local function close_class(class, methods, names)
  local known, is_field = table.move(names, 1, #names, 1, {}), {}
  for _, name in ipairs(names) do is_field[name] = true end
  for name in pairs(methods) do known[#known + 1] = name end
  table.sort(known)
  class.__names = known
  function class:__index(key)
    if is_field[key] then return fields_of(self, class)[key] end
    if methods[key] then return methods[key] end
    local near = type(key) == "string" and tools.nearest(key, known)
    fail("AttributeError", "%s has no field '%s'%s", class.__name, tools.text(key),
      near and (" (did you mean '%s'?)"):format(near) or "")
  end
  function class.__newindex(_, key)
    fail("AttributeError", "%s: '%s' cannot be set", class.__name, tools.text(key))
  end
end

-- ------------------------------------------------------------------ set

--- Pictures, or other samples, with their labels; slices share its bytes.
--- ```lua
--- local set = snn.data.set { images = snn.rand(4, 2, 2), labels = { 1, 2, 1, 2 },
---   classes = { "left", "right" } }
--- print(#set, set.classes[2])
--- ```
---@class snn.DataSet
---@field images any tensor, its first dimension counts the samples
---@field labels any int64 tensor of classes from 1, or nil
---@field classes string[]|nil names of the classes
local Set = {}
local set_meta = { __name = "DataSet" }

local function as_labels(labels)
  if type(labels) == "table" then labels = snn.tensor(labels, { dtype = "int64" }) end
  if not is_tensor(labels) then
    tools.wrong_argument("data.set", "labels", "a tensor or a list", labels)
  end
  if labels.dtype ~= "int64" or labels.ndim ~= 1 then
    fail("ValueError", "data.set: 'labels' must be an int64 tensor of one dimension, got %s of %d",
      labels.dtype, labels.ndim)
  end
  return labels
end

local function check_classes(classes, labels)
  if type(classes) ~= "table" then
    fail("TypeError", "data.set: 'classes' must be a list of names, got %s",
      tools.describe(classes))
  end
  for i = 1, #classes do
    if type(classes[i]) ~= "string" then
      fail("TypeError", "data.set: 'classes' must be a list of names, got %s in it",
        tools.describe(classes[i]))
    end
  end
  local most = labels and #labels > 0 and labels:max():item() or 0
  if most > #classes then
    fail("ValueError", "data.set: 'labels' go up to %d, there are %d classes", most, #classes)
  end
end

local function make_set(images, labels, classes)
  return new(set_meta, { class = set_meta, images = images, labels = labels, classes = classes })
end

--- A data set of your own: `images` is any tensor whose first dimension counts
--- the samples, `labels` (may be absent) an int64 tensor or a list of classes
--- from 1, `classes` (may be absent) their names.
--- ```lua
--- local set = snn.data.set { images = snn.rand(4, 2, 2), labels = { 1, 2, 1, 2 } }
--- print(#set, set.labels)
--- ```
---@param args { images: snn.Tensor, labels?: snn.Tensor|integer[], classes?: string[] }
---@return snn.DataSet
function data.set(args)
  args = tools.options("data.set", args, { "images", "labels", "classes" })
  local images, labels, classes = args.images, args.labels, args.classes
  if not is_tensor(images) then
    tools.wrong_argument("data.set", "images", "a tensor", images)
  end
  if images.ndim == 0 then
    fail("ValueError", "data.set: 'images' must have a dimension that counts them")
  end
  if labels ~= nil then
    labels = as_labels(labels)
    if #labels ~= #images then
      fail("ValueError", "data.set: %d images but %d labels", #images, #labels)
    end
    if #labels > 0 and labels:min():item() < 1 then
      fail("ValueError", "data.set: 'labels' count from 1, got %d", labels:min():item())
    end
  end
  if classes ~= nil then check_classes(classes, labels) end
  return make_set(images, labels, classes)
end

--- The samples from `first` to `last` (both included; negative ones count from
--- the end; by default all that follow). The slice shares this set's bytes.
--- ```lua
--- -- as snn.DataSet:
--- print(set:slice(2, 3).labels)
--- ```
---@param first integer
---@param last integer|nil
---@return snn.DataSet
function Set:slice(first, last)
  local set = fields_of(self, set_meta)
  local n = #set.images
  first = integer("slice", "first", first, -n)
  last = integer("slice", "last", last, -n, n)
  if first < 0 then first = n + 1 + first end
  if last < 0 then last = n + 1 + last end
  if first < 1 or last > n or last < first - 1 then
    fail("ValueError", "slice: samples %d to %d, the set has 1 to %d", first, last, n)
  end
  local count = last - first + 1
  local labels = set.labels and set.labels:narrow(1, first, count)
  return make_set(set.images:narrow(1, first, count), labels, set.classes)
end

close_class(set_meta, Set, { "images", "labels", "classes" })
function set_meta:__len() return #fields_of(self, set_meta).images end

function set_meta:__tostring()
  local set = fields_of(self, set_meta)
  local sizes = table.concat(set.images.shape, ", ")
  local classes = set.classes and (", %d classes"):format(#set.classes) or ""
  return ("DataSet(images of shape {%s}%s)"):format(sizes, classes)
end

-- -------------------------------------------------------------- sources

local DIGITS = { "0", "1", "2", "3", "4", "5", "6", "7", "8", "9" }

local function digits() return table.move(DIGITS, 1, #DIGITS, 1, {}) end

--- Digits drawn by rule, for a first network without any file: 28 x 28
--- pictures in [0, 1], each class equally often, in random order.
---
--- Options: `n` pictures (1000), `seed` (0), `jitter` from 0 (all alike) to 4
--- (1: a tidy hand; 3: as hard to learn as MNIST), `noise` of the pixels (0.02,
--- a standard deviation), `digits`, a list of those to draw (all). The pictures
--- depend on nothing else, and the first of them not on `n`.
---@param options table|nil
---@return snn.DataSet
function data.glyphs(options)
  local images, labels = tools.draw_glyphs(options)
  return make_set(images, labels, digits())
end

--- The path of the file of MNIST that begins with `stem`.
local function find_file(dir, stem, kind)
  local tried = {}
  for _, separator in ipairs { "-", "." } do
    for _, ending in ipairs { "", ".gz" } do
      local name = stem .. separator .. kind .. ending
      local file = io.open(dir .. "/" .. name, "rb")
      if file then
        file:close()
        return dir .. "/" .. name
      end
      tried[#tried + 1] = name
    end
  end
  fail("IOError", "data.mnist: '%s' has none of the files %s", dir, table.concat(tried, ", "))
end

local function check_mnist(images, images_path, labels, labels_path)
  if images.ndim ~= 3 or labels.ndim ~= 1 then
    local wrong, path = images, images_path
    if images.ndim == 3 then wrong, path = labels, labels_path end
    fail("IOError", "data.mnist: '%s' has %d dimensions, expected %d", path, wrong.ndim,
      wrong == images and 3 or 1)
  end
  if #images ~= #labels then
    fail("IOError", "data.mnist: %d images in '%s' but %d labels in '%s'", #images, images_path,
      #labels, labels_path)
  end
  if #labels == 0 then return end
  local least, most = labels:min():item(), labels:max():item()
  if least < 0 or most > 9 then
    fail("IOError", "data.mnist: '%s' has the label %d, expected 0 to 9", labels_path,
      least < 0 and least or most)
  end
end

--- MNIST, or a set in its form, from the IDX files in a folder, plain or
--- packed (.gz): its training set, or its test set with `train = false`.
--- ```lua
--- print(pcall(snn.data.mnist, "no/such/folder"))
--- ```
---@param dir string
---@param options? { train?: boolean, max_ratio?: number } true; that of snn.data.idx
---@return snn.DataSet
function data.mnist(dir, options)
  if type(dir) ~= "string" then
    fail("TypeError", "data.mnist: 'dir' must be a string, got %s", tools.describe(dir))
  end
  options = tools.options("data.mnist", options, { "train", "max_ratio" })
  local stem = boolean("data.mnist", "train", options.train, true) and "train" or "t10k"
  local images_path = find_file(dir, stem .. "-images", "idx3-ubyte")
  local labels_path = find_file(dir, stem .. "-labels", "idx1-ubyte")
  local limit = { max_ratio = options.max_ratio }
  local labels = tools.read_idx("data.mnist", labels_path, limit)
  local images = tools.read_pixels("data.mnist", images_path, limit)
  check_mnist(images, images_path, labels, labels_path)
  return make_set(images, labels + 1, digits())
end

-- --------------------------------------------------------------- loader

--- Hands out a set in batches: one loop over it is one pass.
--- ```lua
--- local loader = snn.data.loader({ images = snn.rand(5, 2), labels = { 1, 2, 1, 2, 1 } },
---   { batch_size = 2, shuffle = false })
--- for x, y in loader do print(#x, #y) end
--- ```
---@class snn.DataLoader
---@field set snn.DataSet what it hands out
---@field batch_size integer samples in a batch
---@field shuffle boolean a new order in each pass
---@field drop_last boolean a smaller batch at the end is left out
local loader_meta = { __name = "DataLoader" }

-- The pass that a batch belongs to: `for` hands the last batch back, and holds it
-- while it goes on.
local passes = setmetatable({}, { __mode = "k" })
tools.is_looped(function(value)
  local pass = passes[value]
  return pass and not pass.by_hand and pass or nil
end)

--- Hands a set out in batches: `for x, y in snn.data.loader(set, {...}) do`.
--- Each loop is a new pass from the front. A batch is a copy of its own. Called
--- by hand, `loader()` gives the next batch, and nil once at the end of a pass.
---
--- snn.save keeps where a loader is, not an iterator: after snn.load the first loop
--- over it goes on behind the batch that it handed out last, in the same order, if
--- snn.save was called from within such a loop, also by way of snn.progress and in a
--- coroutine. Behind the last batch there is none left, and the loop ends at once.
--- Where an encoder's `steps_of`, or another loop over a loader, was going on in the
--- body of the loop, that batch is handed out again. When no loop was going on the
--- next one is a new pass. `loader()` goes on with its own pass.
---
--- Options: `batch_size` (1), `shuffle` (false: the set's order; true: a new
--- order each pass, from snn's generator), `drop_last` (false: the last batch
--- may be smaller; true: such a one is left out).
--- ```lua
--- local set = snn.data.set { images = snn.rand(5, 2), labels = { 1, 2, 1, 2, 1 } }
--- for x, y in snn.data.loader(set, { batch_size = 2, drop_last = true }) do
---   print(x.shape[1], y)
--- end
--- ```
---@param set snn.DataSet|table a set, or the arguments of snn.data.set
---@param options? { batch_size?: integer, shuffle?: boolean, drop_last?: boolean }
---@return snn.DataLoader
function data.loader(set, options)
  if not (held[set] and held[set].class == set_meta) then
    if type(set) ~= "table" then
      fail("TypeError", "data.loader: 'set' must be a data set, got %s", tools.describe(set))
    elseif set[1] ~= nil then
      fail("TypeError", "data.loader: 'set' must be a data set, got a list; "
        .. "snn.data.set{ images = tensor } makes one")
    elseif options == nil and set.images == nil and next(set) ~= nil then
      fail("TypeError", "data.loader: the set comes first: loader(set, { batch_size = ... })")
    end
    set = data.set(set)
  end
  options = tools.options("data.loader", options, { "batch_size", "shuffle", "drop_last" })
  return new(loader_meta, {
    class = loader_meta,
    set = set,
    batch_size = integer("data.loader", "batch_size", options.batch_size, 1, 1),
    shuffle = boolean("data.loader", "shuffle", options.shuffle, false),
    drop_last = boolean("data.loader", "drop_last", options.drop_last, false),
  })
end

local function batch_of(t, pass, first, count)
  if not t then return nil end
  if pass.order then return t:index_select(1, pass.order:narrow(1, first, count)) end
  return t:narrow(1, first, count):clone()
end

local function last_of(loader)
  local n, size = #loader.set, loader.batch_size
  return loader.drop_last and n // size * size or n
end

-- At a place that was loaded: { at, order }.
local function pass_at(loader, place)
  local tick = tools.tick()
  return { of = loader, set = held[loader.set], batch_size = loader.batch_size,
    last = last_of(loader), at = place.at, order = place.order, begun = tick, latest = tick }
end

local function begin_pass(loader)
  local n = #loader.set
  return pass_at(loader, { at = 1, order = loader.shuffle and n > 0 and snn.randperm(n) or nil })
end

-- The pass of a call by hand, which gives no argument: a loader has one.
local function pass_by_hand(loader)
  if not loader.pass then
    loader.pass = begin_pass(loader)
    loader.pass.by_hand = true
  end
  local pass = loader.pass
  if pass.at > pass.last then loader.pass = nil end
  return pass
end

local function pass_of(batch)
  return passes[batch]
    or fail("ValueError", "data.loader: it is iterated over by 'for x, y in loader do', or called "
      .. "without arguments for the next batch")
end

-- The next batch of the pass, nil behind the last.
local function hand_out(pass)
  if pass.at > pass.last then return nil end
  local first = pass.at
  local count = math.min(pass.batch_size, pass.last - first + 1)
  local x = batch_of(pass.set.images, pass, first, count)
  local y = batch_of(pass.set.labels, pass, first, count)
  passes[x] = pass
  pass.at, pass.latest = first + count, tools.tick()
  return x, y
end

-- The first batch of a `for` that begins: at the next of the places that were loaded,
-- or of a new pass.
local function first_batch(loader)
  local place = loader.places
  if not place then return hand_out(begin_pass(loader)) end
  local x, y = hand_out(pass_at(loader, place))
  loader.places = place.next
  return x, y
end

--- The next batch of the pass that `batch` belongs to, the first one of a new
--- pass where it is nil: what `for` calls, always with two arguments.
function loader_meta:__call(...)
  local loader = fields_of(self, loader_meta)
  local _, batch = ...
  if select("#", ...) == 0 then return hand_out(pass_by_hand(loader)) end
  if batch == nil then return first_batch(loader) end
  return hand_out(pass_of(batch))
end

--- The number of batches in a pass.
function loader_meta:__len()
  local loader = fields_of(self, loader_meta)
  local n = #loader.set
  local rest = not loader.drop_last and n % loader.batch_size > 0
  return n // loader.batch_size + (rest and 1 or 0)
end

close_class(loader_meta, {},
  { "set", "batch_size", "shuffle", "drop_last" })

function loader_meta:__tostring()
  local loader = fields_of(self, loader_meta)
  local order = loader.shuffle and ", shuffled" or ""
  return ("DataLoader(%d batches of %d%s)"):format(#self, loader.batch_size, order)
end

-- ---------------------------------------------------------------- saved

-- A set is data and no state: files tell it from others, and do not hold it.
local function about_set(set)
  local images, labels = set.images, set.labels
  return { samples = #images, images = ("%s {%s}"):format(images.dtype,
    table.concat(images.shape, ", ")), labels = labels and tools.hash(labels) or nil }
end

local function check_set(set, values)
  local now = about_set(set)
  if values.samples ~= now.samples then
    return ("its set has %d samples, %s were saved"):format(now.samples,
      tostring(values.samples))
  elseif values.images ~= now.images then
    return ("its set has images %s, %s were saved"):format(now.images, tostring(values.images))
  elseif values.labels ~= now.labels then
    return "its set has other labels than the one that was saved"
  end
end

tools.saves(set_meta, {
  save = function(set) return about_set(held[set]) end,
  load = function(set, values)
    local text = check_set(held[set], values)
    if text then fail("ValueError", "DataSet: %s", text) end
  end,
  check = function(set, values) return check_set(held[set], values) end,
})

local SETTINGS <const> = { "batch_size", "shuffle", "drop_last" }

-- Names of places: "hand" is the pass of calls by hand, "loop.1" that of the outermost
-- loop that goes on, "loop.2" one within it.
local function place_of(values, name)
  local at, order = values[name .. ".at"], values[name .. ".order"]
  if at ~= nil or order ~= nil then return { at = at, order = order } end
end

-- All places, in this order: loops, then that by hand under its name.
local function places_of(values)
  local list = { hand = place_of(values, "hand") }
  repeat list[#list + 1] = place_of(values, "loop." .. #list + 1)
  until not values[("loop.%d.at"):format(#list + 1)]
  return list
end

local function is_order(order, n)
  if not is_tensor(order) or order.dtype ~= "int64" or order.ndim ~= 1 or #order ~= n then
    return false
  end
  return order:sort():equal(snn.arange(1, n + 1, { dtype = "int64" }))
end

local function check_at(loader, place)
  local at, last, size = math.tointeger(place.at), last_of(loader), loader.batch_size
  local is_good = at and at >= 1 and at <= last + 1 and (at == last + 1 or (at - 1) % size == 0)
  if not is_good then
    return ("its place cannot be sample %s of %d"):format(tostring(place.at), last)
  end
  local n = #loader.set
  local is_shuffled = loader.shuffle and n > 0
  if is_shuffled and not is_order(place.order, n) or not is_shuffled and place.order then
    return "its order is none of its samples"
  end
end

local function check_loader(object, values)
  local loader = held[object]
  for _, name in ipairs(SETTINGS) do
    if values[name] ~= loader[name] then
      return ("its %s is %s, %s was saved"):format(name, tostring(loader[name]),
        tostring(values[name]))
    end
  end
  local text = check_set(held[loader.set], values)
  if text then return text end
  local list = places_of(values)
  if list.hand then text = check_at(loader, list.hand) end
  for _, place in ipairs(list) do text = text or check_at(loader, place) end
  return text
end

-- Where a pass goes on; with `again` the batch that it gave last comes again.
local function place_now(pass, again)
  local at = pass.at
  if again and at > 1 then at = (at - 2) // pass.batch_size * pass.batch_size + 1 end
  return { at = at, order = pass.order, in_loop = pass.in_loop }
end

-- Of the loops that go on.
local function places_now(loader, running)
  local list = {}
  for _, pass in ipairs(running) do
    if pass.of == loader then list[#list + 1] = place_now(pass, pass.again) end
  end
  return list
end

local function load_loader(object, values)
  local text = check_loader(object, values)
  if text then fail("ValueError", "DataLoader: %s", text) end
  local loader, list = held[object], places_of(values)
  loader.places = tools.waiting(list, places_now(loader, tools.running()), { "at", "order" })
  loader.pass = list.hand and pass_at(loader, list.hand)
  if loader.pass then loader.pass.by_hand = true end
end

-- Loops that go on, then places that were loaded and have not been taken up yet.
local function save_loader(object)
  local loader, running = held[object], tools.running()
  local values, list = about_set(held[loader.set]), places_now(loader, running)
  for _, name in ipairs(SETTINGS) do values[name] = loader[name] end
  local place, hand = loader.places, loader.pass
  while place do
    list[#list + 1], place = place, place.next
  end
  list.hand = hand and place_now(hand, tools.is_within(running, hand.latest))
  for i, one in next, list do
    local name = i == "hand" and i or "loop." .. i
    values[name .. ".at"], values[name .. ".order"] = one.at, one.order
  end
  return values
end

tools.saves(loader_meta, {
  save = save_loader,
  load = load_loader,
  check = check_loader,
  keep = function(object, list) list[#list + 1] = held[object] end,
})
