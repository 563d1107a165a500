-- What README.md shows and names is there and runs.
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

  it("names files and folders that exist or are built", function()
    local missing = {}
    for path in README:gmatch("`([%w_.]+/[%w_./]*)`") do
      local is_there = path:find("my_") or path:find("^build/") or exists(path)
      if not is_there then missing[#missing + 1] = path end
    end
    assert.same({}, missing)
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
    assert.is_nil(README:find("[%s`('\"]/%l+/"))
  end)
end)
