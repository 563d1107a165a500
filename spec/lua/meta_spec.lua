-- lua/meta/ describes to editors what is written in C. These specs hold it
-- against the library: every name that it describes is there, and every
-- function that is there is described, here or beside its source in Lua.
local snn = require "snn"

local function sources(folder)
  local text = {}
  for path in io.popen("ls " .. folder .. "/*.lua"):lines() do
    local file <close> = assert(io.open(path))
    text[#text + 1] = file:read("a")
  end
  return table.concat(text, "\n")
end

local meta = sources "lua/meta"

-- The class above, nil for what is no class of modules.
local function parent(class)
  local mt = type(class) == "table" and getmetatable(class)
  return type(mt) == "table" and mt.parent or nil
end

local function is_class(t)
  return t == snn.Module or (parent(t) and is_class(parent(t))) or false
end

-- The methods of tensors and the fields of a class, by asking for them.
local function has(path)
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
      return path:find "%.bound_" ~= nil -- made from descriptors
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
