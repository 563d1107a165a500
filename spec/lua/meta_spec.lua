-- lua/meta/ describes to editors what is written in C. These specs hold it
-- against the library: every name that it describes is there, and everything
-- that is there is described, here or beside its source in Lua. Classes and
-- the README's list of models are as `make meta` writes them.
local snn = require "snn"

local function sources(folder)
  local text = {}
  for path in io.popen("ls " .. folder .. "/*.lua"):lines() do
    local file <close> = assert(io.open(path))
    text[#text + 1] = file:read("a")
  end
  return table.concat(text, "\n")
end

local meta = sources "lua/meta" .. sources "lua/meta/classes"

-- The class above, nil for what is no class of modules.
local function parent(class)
  local mt = type(class) == "table" and getmetatable(class)
  return type(mt) == "table" and mt.parent or nil
end

local function is_class(t)
  return t == snn.Module or (parent(t) and is_class(parent(t))) or false
end

-- Has any class below it? A family's methods may be those of its models.
local function has_below(name, key)
  for _, class in pairs(snn) do
    if parent(class) and rawequal(parent(class), snn[name]) then
      if rawget(class, key) ~= nil then return true end
    end
  end
  return false
end

-- The methods of tensors and the fields of a class, by asking for them.
local function has(path)
  local owner, method = path:match "^(%u%w+)[.:]([%w_]+)$"
  if owner and owner ~= "Tensor" and is_class(snn[owner]) and has_below(owner, method) then
    return true
  end
  local at = snn
  if path:match "^Tensor[.:]" then at, path = snn.zeros(1), path:gsub("^Tensor[.:]", "") end
  for key in path:gmatch "[%w_]+" do
    local ok, value = pcall(function() return at[key] end)
    if not ok or value == nil then return false end
    at = value
  end
  return true
end

describe("the annotations for editors", function()
  it("describe only what is there", function()
    local missing = {}
    for path in meta:gmatch "\nfunction snn%.([%w_.:]+)" do
      if not has(path) then missing[#missing + 1] = path end
    end
    for class in meta:gmatch "%-%-%-@class snn%.(%w+)" do
      if class ~= "Tensor" and snn[class] == nil then missing[#missing + 1] = class end
    end
    assert.same({}, missing)
  end)

  it("describe every class", function()
    local all, missing = meta .. sources "lua/snn", {}
    for name, class in pairs(snn) do
      if is_class(class) and not all:find("%-%-%-@class snn%." .. name .. "%f[%W]") then
        missing[#missing + 1] = name
      end
    end
    table.sort(missing)
    assert.same({}, missing)
  end)

  it("describe every method that is written in C", function()
    local missing = {}
    local function is_described(class, key)
      while class do
        for name, other in pairs(snn) do
          local text = ("function snn%%.%s[.:]%s%%("):format(name, key)
          if rawequal(other, class) and meta:find(text) then return true end
        end
        class = parent(class)
      end
    end
    for name, class in pairs(snn) do
      for key, value in pairs(is_class(class) and class or {}) do
        local is_c = type(value) == "function" and debug.getinfo(value, "S").what == "C"
        if is_c then -- behind what counts its arguments (src/bind/object/surplus.c)
          local _, inner = debug.getupvalue(value, 1)
          is_c = type(inner) ~= "function" or debug.getinfo(inner, "S").what == "C"
        end
        if is_c and key ~= "init" and not key:find "^__" and not is_described(class, key) then
          missing[#missing + 1] = name .. "." .. key
        end
      end
    end
    table.sort(missing)
    assert.same({}, missing)
  end)

  it("describe every function of the library", function()
    local all, missing = meta .. sources "lua/snn", {}
    local function is_described(path)
      for _, name in ipairs { path, (path:gsub("^snn%.", "")) } do
        if all:find("function " .. name:gsub("%p", "%%%0") .. "%f[^%w_]") then return true end
      end
      return false
    end
    local function visit(name, t)
      for key, value in pairs(t) do
        local path = name .. key
        if type(value) == "function" and not is_described(path) then
          missing[#missing + 1] = path
        end
      end
    end
    visit("snn.", snn)
    visit("snn.data.", snn.data)
    visit("snn.functional.", snn.functional)
    table.sort(missing)
    assert.same({}, missing)
  end)
end)

-- ------------------------------------------------------------- what is generated

describe("what `make meta` writes", function()
  local generator = dofile "src/meta.lua"

  it("is as it would write it now", function()
    for path, text in pairs(generator.files()) do
      local file = io.open(path)
      local now = file and file:read("a")
      if file then file:close() end
      assert.is_true(now == text, path .. " is not as `make meta` would write it")
    end
  end)

  it("is all that there is in its folder", function()
    local files = generator.files()
    for path in io.popen("ls lua/meta/classes/*"):lines() do
      assert.is_true(files[path] ~= nil, path)
    end
  end)
end)

-- ------------------------------------------------------------- all names

-- class -> { above = list, names = set } of all annotations. A class in lua/snn is
-- called by its name, or by that of a local.
local function described()
  local classes, aliases, now = {}, {}, nil
  local function class(name)
    classes[name] = classes[name] or { above = {}, names = {} }
    return classes[name]
  end
  for line in (meta .. "\n" .. sources "lua/snn"):gmatch "[^\n]*" do
    local name, above = line:match "^%-%-%-@class snn%.([%w_.]+)(.*)"
    if name then
      now = class(name)
      for parent_name in above:gmatch "snn%.([%w_.]+)" do table.insert(now.above, parent_name) end
    elseif now and line:find "^%-%-%-@field" then
      now.names[line:match "@field (%S+)":gsub("%?$", "")] = true
    end
    local alias, of = line:match "^local (%w+) = snn%.(%w+)$"
    if alias then aliases[alias] = of end
    local owner, method = line:match "^function ([%w_.]+)[.:]([%w_]+)%("
    owner = owner and owner:gsub("^snn%.", "")
    if owner then class(aliases[owner] or owner).names[method] = true end
  end
  return classes
end

describe("the annotations", function()
  local classes = described()

  local function has_name(class, name, seen)
    local at = classes[class]
    if not at or seen[class] then return false end
    seen[class] = true
    if at.names[name] then return true end
    for _, above in ipairs(at.above) do
      if has_name(above, name, seen) then return true end
    end
    return false
  end

  local function names_of(class)
    local names = {}
    for _, list in ipairs { rawget(class, "arguments") or {}, rawget(class, "state") or {},
      snn._debug.fields(class) } do
      for _, entry in ipairs(list) do names[#names + 1] = entry.name end
    end
    for name in next, rawget(class, "__get") or {} do names[#names + 1] = name end
    for name, value in next, class do
      if type(value) == "function" and name ~= "init" and not name:find "^__" then
        names[#names + 1] = name
      end
    end
    return names
  end

  it("miss no argument, state, field or method of any class", function()
    local missing, count = {}, 0
    for name, class in pairs(snn) do
      if is_class(class) then
        for _, key in ipairs(names_of(class)) do
          count = count + 1
          if not has_name(name, key, {}) then missing[#missing + 1] = name .. "." .. key end
        end
      end
    end
    table.sort(missing)
    print(("%d names of classes, missing in lua/meta: %d"):format(count, #missing))
    assert.same({}, missing)
  end)
end)
