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
---@param args table { images=, labels=, classes= }
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

---@class snn.DataLoader
---@field set snn.DataSet
---@field batch_size integer
---@field shuffle boolean
---@field drop_last boolean
local loader_meta = { __name = "DataLoader" }

-- The pass that a batch belongs to: `for` hands the last batch back.
local passes = setmetatable({}, { __mode = "k" })

--- Hands a set out in batches: `for x, y in snn.data.loader(set, {...}) do`.
--- Each loop is a new pass from the front. A batch is a copy of its own. Called
--- by hand, `loader()` gives the next batch, and nil once at the end of a pass.
---
--- Options: `batch_size` (1), `shuffle` (false: the set's order; true: a new
--- order each pass, from snn's generator), `drop_last` (false: the last batch
--- may be smaller; true: such a one is left out).
---@param set snn.DataSet|table a set, or the arguments of snn.data.set
---@param options table|nil
---@return snn.DataLoader
function data.loader(set, options)
  if not (held[set] and held[set].class == set_meta) then
    if type(set) ~= "table" then
      fail("TypeError", "data.loader: 'set' must be a data set, got %s", tools.describe(set))
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

local function begin_pass(loader)
  local set = loader.set
  return { set = held[set], at = 1, batch_size = loader.batch_size,
    last = loader.drop_last and #set // loader.batch_size * loader.batch_size or #set,
    order = loader.shuffle and #set > 0 and snn.randperm(#set) or nil }
end

-- The pass of a call by hand, which gives no argument: a loader has one.
local function pass_by_hand(loader)
  loader.pass = loader.pass or begin_pass(loader)
  local pass = loader.pass
  if pass.at > pass.last then loader.pass = nil end
  return pass
end

local function pass_of(batch)
  return passes[batch]
    or fail("ValueError", "data.loader: it is iterated over by 'for x, y in loader do', or called "
      .. "without arguments for the next batch")
end

--- The next batch of the pass that `batch` belongs to, the first one of a new
--- pass where it is nil: what `for` calls, always with two arguments.
function loader_meta:__call(...)
  local loader = fields_of(self, loader_meta)
  local _, batch = ...
  local pass
  if select("#", ...) == 0 then
    pass = pass_by_hand(loader)
  elseif batch == nil then
    pass = begin_pass(loader)
  else
    pass = pass_of(batch)
  end
  if pass.at > pass.last then return nil end
  local first = pass.at
  local count = math.min(pass.batch_size, pass.last - first + 1)
  pass.at = first + count
  local x = batch_of(pass.set.images, pass, first, count)
  local y = batch_of(pass.set.labels, pass, first, count)
  passes[x] = pass
  return x, y
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
