-- What a call takes by name, for complete.lua: keys of its table with unit and meaning,
-- and the words that a value may be. From the lists of arguments that classes have, the
-- names that layers and trainers have registered, and annotations.
local snn, load, tools = ...

local path = load "snn.prompt.complete_path"
local values = path.values

local options = {}
local annotated -- is read when it is first asked

local gmatch = string.gmatch
local next, pcall, type = next, pcall, type

-- ------------------------------------------------------------- keys

-- A synapse that a connection makes is given these by the connection.
local BY_CONNECTION <const> = { shape = true, step_time = true, delay = true, batch_size = true,
  dtype = true }

-- Method -> the number of the argument that holds arguments of the object's class,
-- and whether those are left out that cannot be assigned.
local OF_CLASS <const> = { with = { 1 }, set = { 2, true }, register_cell = { 3, true } }

local function without(list, is_left_out)
  local out = {}
  for i = 1, list and #list or 0 do
    if not is_left_out(list[i]) then out[#out + 1] = list[i] end
  end
  return out
end

local function is_fixed(argument) return argument.fixed end

local function of_method(call, thing)
  local class, how = values.class_of(thing), OF_CLASS[call.node.key]
  if not class or not how or how[1] ~= call.place then return nil end
  local is_rule = path.is_below(class, snn.CellTrainer)
  if how[2] and not is_rule then return nil end
  return without(values.arguments(class), how[2] and is_fixed or function() return false end)
end

-- Of a layer that is called: the connections that take inputs.
local function of_layer(thing)
  local object = thing.value
  local class = values.class_of(thing)
  if thing.class or not class or not path.is_below(class, snn.Layer) then return nil end
  for _, fixed in next, { snn.Serial, snn.RecurrentSerial, snn.Biclique } do
    if path.is_below(class, fixed) then return nil end
  end
  local list = {}
  for i, name in next, tools.layer_names(object, "connection", "complete") do
    list[i] = { name = name, doc = "input of the connection", optional = true }
  end
  return list
end

local function of_field(names, node)
  local of = node.key == "partialconstructor" and names:thing(node.of)
  if not of or not values.is_class(of.value) then return nil end
  return without(values.arguments(of.value), function(a) return BY_CONNECTION[a.name] end)
end

-- By the lists of classes and registries.
local function of_lists(names, call)
  local node = call.node
  if node.kind == "method" then
    local object = names:thing(node.of)
    if object and node.key == "forward" and call.place == 1 then return of_layer(object) end
    return object and of_method(call, object)
  end
  local found = node.kind == "field" and of_field(names, node)
  if found then return found end
  local thing = call.place == 1 and names:thing(node)
  if not thing then return nil end
  if values.is_class(thing.value) then return values.arguments(thing.value, true) end
  return of_layer(thing)
end

-- By what is written of functions: "of", "words" or "tell" of complete_annotated.lua.
local function by_annotations(what, ...)
  annotated = annotated or load "snn.prompt.complete_annotated"
  return annotated[what](...)
end

---How what a call calls is called, and what it does, or nil.
function options.usage(names, call)
  local ok, text = pcall(by_annotations, "usage", names, call)
  return ok and text or nil
end

---Tells of the functions among a thing's members how they are called, and what they do.
function options.tell(thing, list) pcall(by_annotations, "tell", thing, list) end

---What a call takes in the table at that place: a list of arguments, or nil.
---@param names table from path.names
---@param call table from path.call_around
---@return table[]?
function options.of(names, call)
  local list = of_lists(names, call)
  if list then return list end
  local ok, written = pcall(by_annotations, "of", names, call)
  return ok and written or nil
end

---The keys that stand in the table that opens at token `open` of all of the text, without
---the one that begins at byte `at`.
function options.given(list, open, at)
  local given, depth = {}, 0
  for i = open, list.n do
    local kind, word = list.kind[i], list.word[i]
    if kind == "operator" and (word == "{" or word == "(" or word == "[") then depth = depth + 1 end
    if kind == "operator" and (word == "}" or word == ")" or word == "]") then depth = depth - 1 end
    if depth == 0 then break end
    local is_key = depth == 1 and kind == "name" and list.word[i + 1] == "="
    if is_key and list.first[i] ~= at then given[word] = true end
  end
  return given
end

---Those that begin with the prefix and are not given, the required first.
---@return table[] candidates
function options.keys(list, given, prefix)
  local out = {}
  for round = 1, 2 do
    for i = 1, #list do
      local a = list[i]
      local is_wanted = (round == 2) == (a.optional and true or false) and not given[a.name]
        and values.begins(a.name, prefix)
      if is_wanted then
        out[#out + 1] = { text = a.name, about = values.about(a), tail = " = " }
      end
    end
  end
  return out
end

-- ------------------------------------------------------------- values

---The words that an argument may be, as a list; empty where it is none of words.
---@param list table[]
---@param name string
function options.words(list, name)
  local out = {}
  for i = 1, #list do
    local a = list[i]
    if a.name == name then
      local choices = type(a.choices) == "string" and a.choices
        or a.type == "string" and name == "dtype" and "float32 float64" or ""
      for word in gmatch(choices, "%S+") do out[#out + 1] = word end
    end
  end
  return out
end

---Is an argument true or false?
function options.is_flag(list, name)
  for i = 1, #list do
    if list[i].name == name then return list[i].type == "boolean" end
  end
end

-- ------------------------------------------------------------- registered names

local function of_connections(layer) return tools.layer_names(layer, "connection", "complete") end
local function of_neurons(layer) return tools.layer_names(layer, "neuron", "complete") end
local function of_units(trainer) return tools.links(trainer).unit_names end

-- Class, method -> what its strings name.
local REGISTERED <const> = {
  [snn.Layer] = {
    get_connection = { of_connections }, del_connection = { of_connections },
    get_neuron = { of_neurons }, del_neuron = { of_neurons },
    add_cell = { of_connections, of_neurons }, get_cell = { of_connections, of_neurons },
    del_cell = { of_connections, of_neurons },
  },
  [snn.CellTrainer] = {
    get_cell = { of_units }, del_cell = { of_units }, get_unit = { of_units },
    set = { of_units }, add_monitor = { of_units }, get_monitor = { of_units },
    del_monitor = { of_units }, named_monitors_of = { of_units },
  },
}

-- By what layers and trainers have registered.
local function registered(names, call)
  local node = call.node
  local thing = node.kind == "method" and names:thing(node.of)
  local class = thing and not thing.class and values.class_of(thing)
  for above, methods in next, class and REGISTERED or {} do
    local lists = path.is_below(class, above) and methods[node.key]
    if lists and lists[call.place] then return lists[call.place](thing.value) end
  end
end

---What the string at this place of a call can be, as a list of words, or nil.
---@param names table from path.names
---@param call table from path.call_around
---@return string[]?
function options.strings(names, call)
  if call.open then return nil end
  local found = registered(names, call)
  if found then return found end
  local ok, written = pcall(by_annotations, "words", names, call)
  return ok and written or nil
end

return options
