-- The shape of the sources: floors, sizes, names, what belongs to a model.
local support = require "spec.support"

-- ---- the files ----

local function lines_of(command)
  local pipe = assert(io.popen(command .. " 2>/dev/null"))
  local lines = {}
  for line in pipe:lines() do lines[#lines + 1] = line end
  pipe:close()
  return lines
end

local function read(path)
  local file = io.open(path, "rb")
  if not file then return nil end
  local text = file:read("a")
  file:close()
  return text
end

---What git knows or would add; without git, what is there.
local function all_files()
  local found = lines_of("git ls-files --cached --others --exclude-standard")
  if #found == 0 then found = lines_of("find . -type f -printf '%P\\n' | grep -v ^build/") end
  local files = {}
  for _, path in ipairs(found) do
    local text = read(path)
    if text then files[#files + 1] = { path = path, text = text } end
  end
  return files
end

local FILES = all_files()

---The files below one of these folders whose names end so.
local function files(folders, endings)
  local chosen = {}
  for _, file in ipairs(FILES) do
    local folder, ending = file.path:match("^(%w+)/"), file.path:match("%.(%w+)$")
    if folder and folders:find(folder, 1, true) and ending and endings:find(ending, 1, true)
      and not file.path:find("^spec/golden/data/") then
      chosen[#chosen + 1] = file
    end
  end
  return chosen
end

local function lines(text) return (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") end

local function none(faults) assert.equal("", table.concat(faults, "\n")) end

-- ---- the floors ----

local MODELS = "synapse neuron connection encode observe"
-- folder -> what it may include besides itself
local BELOW = {
  util = "",
  kernel = "util",
  formula = "util kernel",
  tensor = "util kernel formula",
  update = "util kernel formula tensor",
  connect = "util update",
  synapse = "util kernel formula tensor update",
  neuron = "util kernel formula tensor update",
  encode = "util kernel formula tensor update",
  observe = "util kernel formula tensor update",
  connection = "util kernel formula tensor update synapse",
  layer = "util kernel formula tensor update " .. MODELS,
  train = "util kernel formula tensor update layer " .. MODELS,
  readout = "util kernel formula tensor",
  io = "util kernel formula tensor",
}
local KNOW_LUA = { bind = true, app = true }

-- wing of bind/ -> the wings that it may include besides itself: what is translated
-- piece by piece never sees the network; the first three make up one floor
local WINGS = {
  lua = "object tensor",
  object = "lua tensor",
  tensor = "lua object",
  models = "lua object tensor learning", -- a connection has an updater
  learning = "lua object tensor models network",
  network = "lua object tensor models learning",
  io = "lua object tensor models",
  process = "lua object",
}

-- Files that include one another, X.c and X.h as one, and why: all that there may be.
local INSIDE = "the second header is the inside of the first: for that folder alone"
local CIRCLES = {
  ["observe/fine observe/reducer"] = INSIDE,
  ["synapse/self synapse/synapse synapse/trail"] = INSIDE,
  ["connection/connection connection/product connection/sums "
    .. "connection/sums_arrive connection/targets"] = INSIDE,
  ["update/accumulator update/self"] = INSIDE,
  ["neuron/group neuron/model neuron/neuron neuron/planes"] = INSIDE,
  ["util/fail util/interrupt"] = "what was given up for an interrupt looks like memory that is "
    .. "short",
  ["util/mem util/pool"] = "memory that is short takes back what the pool keeps idle",
  ["layer/cell layer/registry"] = "a layer that loses a member ends its cells, a cell that is "
    .. "freed leaves its layer",
  ["bind/lua/args bind/lua/tools bind/object/assign bind/object/atomic bind/object/declared "
    .. "bind/object/instance bind/object/object bind/object/rows bind/object/scripted "
    .. "bind/object/self bind/tensor/tensor"] = "the error of an argument tells that a method was "
    .. "called with a dot, which objects and tensors know; states are tensors",
}

local function may_include(folder, other)
  if folder == other or KNOW_LUA[folder] then return true end
  return (" " .. assert(BELOW[folder], folder .. " has no floor") .. " "):find(
    " " .. other .. " ", 1, true) ~= nil
end

-- file below src/ without its ending -> what it includes, the same way
local function includes()
  local graph = {}
  for _, file in ipairs(files("src", "c h")) do
    local node = file.path:match("^src/(.+)%.[ch]$")
    graph[node] = graph[node] or {}
    for path in file.text:gsub("/%*.-%*/", ""):gmatch('#include "([%w_/]+)%.[ch]"') do
      if path ~= node then graph[node][path] = true end
    end
  end
  return graph
end

-- Those that can be reached from one another, as one text each: by Tarjan (1972).
local function circles(graph)
  local number, low, stack, waits, count, found = {}, {}, {}, {}, 0, {}
  local function close(node)
    local members = {}
    repeat
      local last = table.remove(stack)
      waits[last] = nil
      members[#members + 1] = last
    until last == node
    table.sort(members)
    if #members > 1 then found[table.concat(members, " ")] = true end
  end
  local function visit(node)
    count = count + 1
    number[node], low[node], waits[node] = count, count, true
    stack[#stack + 1] = node
    for other in pairs(graph[node] or {}) do
      if not number[other] then
        visit(other)
        low[node] = math.min(low[node], low[other])
      elseif waits[other] then
        low[node] = math.min(low[node], number[other])
      end
    end
    if low[node] == number[node] then close(node) end
  end
  for node in pairs(graph) do
    if not number[node] then visit(node) end
  end
  return found
end

describe("the sources", function()
  it("include downward only", function()
    local faults = {}
    for _, file in ipairs(files("src", "c h")) do
      local folder = file.path:match("^src/(%w+)/")
      for other in file.text:gmatch('#include "(%w+)/') do
        if not may_include(folder, other) then
          faults[#faults + 1] = file.path .. " includes " .. other .. "/"
        end
      end
    end
    none(faults)
  end)

  it("include in bind/ the wings that they may", function()
    local faults = {}
    for _, file in ipairs(files("src", "c h")) do
      local wing = file.path:match("^src/bind/(%w+)/")
      for other in file.text:gmatch('#include "bind/(%w+)/') do
        local allowed = " " .. assert(not wing and "" or WINGS[wing], wing) .. " "
        if wing and wing ~= other and not allowed:find(" " .. other .. " ", 1, true) then
          faults[#faults + 1] = file.path .. " includes bind/" .. other .. "/"
        end
      end
    end
    none(faults)
  end)

  it("include one another in the circles that are declared, and in no other", function()
    local found = circles(includes())
    for members, why in pairs(CIRCLES) do
      assert.is_true(found[members] ~= nil, "no such circle any more: " .. members)
      assert.is_true(#why > 0)
    end
    for members in pairs(found) do assert.is_true(CIRCLES[members] ~= nil, members) end
  end)

  it("know Lua in bind/ and in the program only", function()
    local faults = {}
    for _, file in ipairs(files("src", "c h")) do
      local folder = file.path:match("^src/(%w+)/")
      if folder and not KNOW_LUA[folder] and file.text:find('#include [<"]l[ua][ua][%a]*%.h') then
        faults[#faults + 1] = file.path
      end
    end
    none(faults)
  end)

  it("neither exit, nor abort, nor print below bind/", function()
    local faults = {}
    for _, file in ipairs(files("src", "c h")) do
      local folder = file.path:match("^src/(%w+)/")
      for _, name in ipairs { "exit(", "abort(", "printf(", "puts(", "stdout", "stderr" } do
        if folder and not KNOW_LUA[folder]
          and file.text:find("%f[%w_]" .. name:gsub("%(", "%%(")) then
          faults[#faults + 1] = file.path .. " has " .. name
        end
      end
    end
    none(faults)
  end)

  it("leave the text of reals to util/number, which has a point in every locale", function()
    local faults = {}
    for _, file in ipairs(files("src", "c h inc")) do
      if file.path ~= "src/util/number.c" then
        for line in lines(file.text) do
          for text in line:gmatch '"[^"]*"' do
            if text:gsub("%%%%", ""):find "%%[-+ #0-9.*]*[Ll]?[aAeEfFgG]" then
              faults[#faults + 1] = file.path .. ": " .. text
            end
          end
        end
      end
    end
    for _, file in ipairs(files("lua", "lua")) do
      for line in lines(file.text) do
        if line:find '%%[-+ #0-9.]*[aAeEfFgG]%f[^%w][^"]*"%)?:format' then
          faults[#faults + 1] = file.path .. ": " .. line
        end
      end
    end
    none(faults)
  end)

  it("have at most 600 lines a file, an example 120", function()
    local faults = {}
    for _, file in ipairs(files("src lua spec examples", "c h lua inc sh")) do
      local _, count = file.text:gsub("\n", "")
      if count > (file.path:find("^examples/") and 120 or 600) then
        faults[#faults + 1] = file.path .. " has " .. count
      end
    end
    none(faults)
  end)

  it("have at most 60 lines a function", function()
    local faults = {}
    for _, file in ipairs(files("src lua examples", "c h lua")) do
      local is_c, start, number = not file.path:find("%.lua$"), nil, 0
      for line in lines(file.text) do
        number = number + 1
        if is_c and line == "{" or not is_c and line:find("^[%w ]*function[ (]") then
          start = number
        elseif start and line:find(is_c and "^}" or "^end") then
          if number - start - 1 > 60 then faults[#faults + 1] = file.path .. ":" .. start end
          start = nil
        end
      end
    end
    none(faults)
  end)

  it("have at most 100 columns", function()
    local faults = {}
    for _, file in ipairs(files("src lua spec examples", "c h lua inc sh")) do
      local number = 0
      for line in lines(file.text) do
        number = number + 1
        -- names of generated annotations are as long as they are
        local is_free = file.path:find("^lua/meta/classes/")
        if (utf8.len(line) or #line) > 100 and not is_free then
          faults[#faults + 1] = file.path .. ":" .. number
        end
      end
    end
    none(faults)
  end)

  it("round to a float by snn_single_of where a double comes back (util/single.h)", function()
    local faults = {}
    for _, file in ipairs(files("src", "c h")) do
      if file.path ~= "src/util/single.h" and file.text:find("(double)(float)", 1, true) then
        faults[#faults + 1] = file.path
      end
    end
    none(faults)
  end)

  it("say at the top what they are", function()
    local faults = {}
    for _, file in ipairs(files("src lua examples", "c h lua")) do
      if not file.text:find(file.path:find("%.lua$") and "^%-%-" or "^/%*")
        and not file.text:find("^#!") then
        faults[#faults + 1] = file.path
      end
    end
    none(faults)
  end)

  it("carry no marks of unfinished work", function()
    local faults = {}
    for _, file in ipairs(FILES) do
      for _, mark in ipairs { "TO" .. "DO", "FIX" .. "ME", "XX" .. "X", "HA" .. "CK" } do
        if not file.path:find("^spec/golden/data/")
          and file.text:find("%f[%w]" .. mark .. "%f[%W]") then
          faults[#faults + 1] = file.path .. " has a " .. mark
        end
      end
    end
    none(faults)
  end)

  it("begin the name of every function of a header with snn_", function()
    local faults = {}
    for _, file in ipairs(files("src", "h")) do
      for line in lines(file.text) do
        local name = (line:match("^(%a[%w_ *]*)%(") or ""):match("[%w_]+$")
        local is_list = name and name:find("^[%u_]+$")
        if name and not is_list and not name:lower():find("^snn_")
          and not line:find("^typedef") then
          faults[#faults + 1] = file.path .. ": " .. name
        end
      end
    end
    none(faults)
  end)
end)

describe("a model", function()
  -- the names in src/FOLDER/list.h: the first argument of each line's macro
  local function models()
    local found = {}
    for folder in (MODELS .. " train"):gmatch("%a+") do
      local list = read("src/" .. folder .. "/list.h") or ""
      for name in list:gsub("/%*.-%*/", ""):gmatch("%f[^\n\0]%u[%u_]*%(([%w_]+)") do
        found[#found + 1] = folder .. "/" .. name
      end
    end
    return found
  end

  it("is one file that opens with its description and ends in a described descriptor", function()
    local faults = {}
    for _, name in ipairs(models()) do
      local text = read("src/" .. name .. ".c")
      if not text or not text:find("^/%*") or not text:find('%.summary = "') then
        faults[#faults + 1] = "src/" .. name .. ".c"
      end
    end
    none(faults)
  end)

  it("has a spec", function()
    local faults = {}
    for _, name in ipairs(models()) do
      local path = "spec/" .. name .. "_spec.lua"
      if not read(path) then faults[#faults + 1] = path end
    end
    none(faults)
  end)
end)

describe("the project", function()
  it("has only the agreed files at the top", function()
    local agreed, faults = {}, {}
    for name in ("src lua examples spec Makefile README.md LICENSE CHANGELOG.md"):gmatch("%S+") do
      agreed[name] = true
    end
    for _, file in ipairs(FILES) do
      local top = file.path:match("^[^/]+")
      if not agreed[top] and not top:find("^%.") and not top:find("%.rockspec$") then
        faults[#faults + 1] = file.path
      end
    end
    none(faults)
  end)

  it("has one version", function()
    local version = read("src/util/version.h"):match('SNN_VERSION "([%d.]+)"')
    local rockspec = read("snnlua-" .. version .. "-1.rockspec")
    assert.equal(version .. "-1", rockspec:match('version = "([%d.-]+)"'))
  end)

  it("ships its products without symbols, which lie beside them", function()
    if not read(support.program .. ".debug") then return pending("symbols are inside") end
    local function sections(path)
      return table.concat(lines_of("readelf -SW " .. support.quote(path)), "\n")
    end
    local debug, shipped = sections(support.program .. ".debug"), sections(support.program)
    if not debug:find(".debug_info", 1, true) then -- by the caller's own OPT
      assert.truthy(read("Makefile"):find("\nOPT%s+%?= [^\n]*%-g"))
      return pending("made without -g")
    end
    assert.truthy(shipped:find(".gnu_debuglink", 1, true))
    assert.falsy(shipped:find(".debug_info", 1, true))
  end)

  it("exports luaopen_snn alone from the module", function()
    if not support.cpath then return pending("no module in a sanitised build") end
    local names = lines_of("nm -D --defined-only " .. support.cpath:gsub("%?", "snn"))
    assert.equal(1, #names)
    assert.truthy(names[1]:find(" T luaopen_snn$"))
  end)
end)
