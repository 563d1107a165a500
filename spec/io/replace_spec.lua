local folder = require "spec.io.folder"
local lfs = require "lfs"
local snn = require "snn"
local support = require "spec.support"
local fails = support.fails

local dir, path

before_each(function()
  dir = folder.make()
  path = dir .. "/a.npy"
end)
after_each(function() folder.remove(dir) end)

local function save(x, to) snn.save_npy(to or path, snn.tensor(x)) end
local function load(from) return snn.load_npy(from or path):item() end

describe("a file that is written anew", function()
  it("stays alone in its folder", function()
    save(1)
    save(2)
    assert.equal(2, load())
    assert.same({ "a.npy" }, folder.names(dir))
  end)

  it("keeps its mode and its links", function()
    save(1)
    os.execute("chmod 640 " .. path)
    lfs.link("a.npy", dir .. "/link", true)
    save(2, dir .. "/link")
    assert.equal("rw-r-----", lfs.attributes(path, "permissions"))
    assert.equal("link", lfs.symlinkattributes(dir .. "/link", "mode"))
    assert.equal(2, load())
  end)

  it("is made where a symlink points", function()
    local other = folder.make()
    lfs.link("b", dir .. "/a", true)
    lfs.link(other .. "/c", dir .. "/b", true)
    save(3, dir .. "/a")
    assert.equal(3, load(other .. "/c"))
    assert.same({ "a", "b" }, folder.names(dir))
    assert.equal("link", lfs.symlinkattributes(dir .. "/a", "mode"))
    lfs.link("self", dir .. "/self", true)
    fails("IOError", "cannot write", save, 1, dir .. "/self")
    folder.remove(other)
  end)

  it("may have no name", function()
    local command = support.quote(support.program)
      .. [[ -e 'snn.save_npy("/dev/stdout", snn.tensor { 5 })']]
    local run = support.shell(command .. " | cat")
    assert.equal("", run.err)
    assert.equal("\x93NUMPY", run.out:sub(1, 6))
    local file = support.shell(command .. " > " .. path)
    assert.equal("", file.err)
    assert.equal(5, load())
    assert.same({ "a.npy" }, folder.names(dir))
  end)

  it("takes away what killed processes left beside it, and nothing else", function()
    local dead = support.shell("sh -c 'echo $$'").out:match "%d+"
    local living = io.popen("echo $$; exec sleep 20")
    local pid = living:read "l"
    local stays = { "a.npy", "a.npy." .. pid .. "-0.new", "a.npy.1x-0.new", "a.npyx." .. dead
      .. "-0.new", "b.npy." .. dead .. "-0.new", "a.npy." .. dead .. "-0.news", "a.npy.-0.new" }
    for i = 2, #stays do folder.write(dir .. "/" .. stays[i], "x") end
    for _, ending in ipairs { "-0.new", "-17.new", "-3.old" } do
      folder.write(path .. "." .. dead .. ending, "x")
    end
    save(1)
    os.execute("kill " .. pid)
    living:close()
    table.sort(stays)
    assert.same(stays, folder.names(dir))
  end)
end)

describe("the last files that stay", function()
  local tools, file

  before_each(function()
    tools = folder.tools()
    file = dir .. "/run"
  end)

  local function write(x, keep) tools.write_saved("save", file, { x = snn.tensor(x) }, {}, keep) end

  ---What is in the files, by their names' ends.
  local function content()
    local found = {}
    for _, name in ipairs(folder.names(dir)) do
      local t = tools.read_saved("load", dir .. "/" .. name)
      found[#found + 1] = name .. "=" .. t.x:item()
    end
    return table.concat(found, " ")
  end

  it("have numbers that grow with age", function()
    for i = 1, 5 do write(i, 3) end
    assert.equal("run=5.0 run.1=4.0 run.2=3.0", content())
    write(6, 1)
    assert.equal("run=6.0 run.1=4.0 run.2=3.0", content())
  end)

  it("are not lost where a save was killed between their moves", function()
    for i = 1, 4 do write(i, 4) end
    os.rename(file .. ".1", file .. ".2") -- killed in its midst
    write(5, 4)
    assert.equal("run=5.0 run.1=4.0 run.2=3.0 run.3=1.0", content())
    os.remove(file .. ".1")
    lfs.link(file, file .. ".1") -- killed right before its end
    write(6, 4)
    assert.equal("run=6.0 run.1=5.0 run.2=3.0 run.3=1.0", content())
  end)

  it("are an integer from 1 on", function()
    fails("ValueError", "save: 'keep'", write, 1, 0)
    fails("TypeError", "save: 'keep'", write, 1, "x")
  end)
end)
