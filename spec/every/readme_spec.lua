-- What README.md shows and names is there and runs.
local snn = require "snn"
local models = require "spec.every.models"
local support = require "spec.support"

local function read(path)
  local file <close> = assert(io.open(path, "rb"))
  return file:read("a")
end

local README <const> = read("README.md")

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

describe("README.md", function()
  it("has a tour that runs", function()
    local tour = assert(README:match("```lua\n(.-)```"))
    local result = support.snnlua("-", { input = tour })
    assert.equal("", result.err)
    assert.equal(0, result.code)
    assert.is_truthy(result.out:find("shape={1, 3}", 1, true))
  end)

  -- What the program answers to lines that are typed, errors among it; tabs as terminals show.
  local function typed(lines)
    local run = support.shell(support.quote(support.program) .. " -i 2>&1", { input = lines })
    return (run.out:gsub("^[^\n]*\n", "", 1):gsub("\t", "        "):gsub("%s*snn> %s*$", ""))
  end

  it("has a tour that can be typed line by line", function()
    local out = typed(assert(README:match("```lua\n(.-)```")))
    assert.is_nil(out:find("stack traceback", 1, true), out)
    assert.truthy(out:find("shape={1, 3}", 1, true), out)
  end)

  it("has a session at the prompt as it is", function()
    local session = assert(README:match("\n(    snn> lif = .-\n)\n")):gsub("    ([^\n]*\n)", "%1")
    local inputs, answers = {}, {}
    for line in session:gmatch "([^\n]*)\n" do
      local prompt, input = line:match "^(snn> )(.*)$"
      if not prompt then prompt, input = line:match "^(  %.%. )(.*)$" end
      inputs[#inputs + 1] = input
      answers[#answers + 1] = prompt or line .. "\n"
    end
    local lines = table.concat(inputs, "\n") .. "\n"
    assert.equal((table.concat(answers):gsub("%s+$", "")), (typed(lines):gsub(" +\n", "\n")))
  end)

  it("names files and folders that exist or are built", function()
    local missing = {}
    for path in README:gmatch("`([%w_.]+/[%w_./]*)`") do
      local is_there = path:find("my_") or path:find("^build/") or exists(path)
      if not is_there then missing[#missing + 1] = path end
    end
    assert.same({}, missing)
  end)

  it("lists every example and every model", function()
    local missing = {}
    for path in io.popen("ls examples/*.lua"):lines() do
      local name = "`" .. path:match("[^/]+$") .. "`"
      if not README:find(name, 1, true) then missing[#missing + 1] = name end
    end
    for _, parent in ipairs { "Neuron", "Synapse", "Connection", "Encoder" } do
      for _, model in ipairs(models.below(snn[parent])) do
        if not README:find("`" .. model .. "`", 1, true) then missing[#missing + 1] = model end
      end
    end
    assert.same({}, missing)
  end)

  it("adds a neuron by a diff that fits and compiles", function()
    local diff = assert(README:match("```diff\n(.-)```"))
    local list = diff:match("list%.h\n@@[^\n]+\n(.-)%-%-%- ")
    for line in list:gmatch("[^\n]+") do
      local is_there = read("src/neuron/list.h"):find(line:sub(2), 1, true) ~= nil
      assert.equal(line:sub(1, 1) == " ", is_there, line)
    end
    local model = diff:match("pif%.c\n@@[^\n]+\n(.-)%-%-%- "):gsub("%f[^\n\0]%+", "")
    local folder = os.tmpname()
    os.remove(folder)
    os.execute("mkdir -p " .. folder .. "/neuron")
    local file <close> = assert(io.open(folder .. "/neuron/pif.c", "w"))
    file:write(model):flush()
    local result = support.shell(("cc -std=c11 -Wall -Wextra -Werror -fsyntax-only -Isrc -I%s %s")
      :format(folder, folder .. "/neuron/pif.c"))
    os.execute("rm -r " .. folder)
    assert.equal("", result.err)
  end)

  it("quotes the terms of a rule as they are", function()
    local terms = assert(README:match("```c\n(static const snn_term.-)```"))
    assert.truthy(read("src/train/vogels_stdp.c"):find(terms, 1, true))
  end)

  it("names targets that the Makefile has", function()
    local makefile, missing = read("Makefile"), {}
    for target in README:gmatch("make (%l+)") do
      if not ("\n" .. makefile):find("\n" .. target .. ":", 1, true) then
        missing[#missing + 1] = target
      end
    end
    assert.same({}, missing)
  end)

  it("speaks of no path of one machine", function()
    assert.is_nil(README:gsub("/dev/null", ""):find("[%s`('\"]/%l+/"))
  end)
end)

-- Its paths are below src/, src/bind/ or the top; a bare name is one of some folder's.
describe("src/README.md", function()
  local text = read("src/README.md")

  local function lines_of(command)
    local out = {}
    for line in io.popen(command):lines() do out[#out + 1] = line end
    return out
  end

  it("names files that exist", function()
    local names, missing = {}, {}
    for _, path in ipairs(lines_of("find src lua spec -type f")) do
      names[path:match("[^/]+$")] = true
    end
    for path in text:gmatch("[%w_/.]+%.[chl]u?a?%f[^%w_]") do
      local is_there = names[path] or path:find("^build/") or path == "script.lua"
        or path:find("NAME")
      for _, below in ipairs { "", "src/", "src/bind/" } do
        is_there = is_there or exists(below .. path)
      end
      if not is_there then missing[#missing + 1] = path end
    end
    assert.same({}, missing)
  end)

  it("names functions that exist", function()
    local sources = table.concat(lines_of("cat src/*/*.[ch] src/bind/*/*.[ch]"), "\n")
    local missing = {}
    for name in text:gmatch("%f[%w_]snn_[%w_]+") do
      if not sources:find("%f[%w_]" .. name .. "%f[^%w_]") then missing[#missing + 1] = name end
    end
    assert.same({}, missing)
  end)
end)
