-- `snnlua inspect`: what a safetensors file holds.
local files = require "spec.io.folder"
local snn = require "snn"
local support = require "spec.support"

local function has_json()
  local path = support.file()
  snn.save_safetensors(path, {})
  local run = support.snnlua("inspect " .. path)
  os.remove(path)
  return run.code == 0
end

describe("snnlua inspect", function()
  if not has_json() then return end
  local path

  local function inspect(words, options)
    return support.snnlua("inspect " .. words, options)
  end

  -- A file of these tensors and metadata, inspected.
  local function shown(tensors, metadata, words)
    snn.save_safetensors(path, tensors, { metadata = metadata })
    local run = inspect(path .. " " .. (words or ""))
    assert.same({ 0, "" }, { run.code, run.err })
    return run.out
  end

  -- A file with this header, of so many bytes of tensors.
  local function write(header, bytes)
    local file = assert(io.open(path, "wb"))
    file:write(("<I8"):pack(#header), header, ("\0"):rep(bytes))
    file:close()
  end

  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  it("shows names, types, shapes and sizes in a table, in the order of names", function()
    local out = shown { ["net.weight"] = snn.zeros(784, 100),
      b = snn.zeros(3, { dtype = "int64" }) }
    local lines = {}
    for line in out:gmatch "[^\n]+" do lines[#lines + 1] = line end
    assert.truthy(lines[1]:find(path .. ": 2 tensors, ", 1, true))
    assert.same({
      "name        type     shape        bytes",
      "b           int64    {3}             24",
      "net.weight  float32  {784, 100}  313600  306.2 KiB",
    }, { table.unpack(lines, 2) })
  end)

  it("shows the value of a tensor without dimensions", function()
    local out = shown { step = snn.tensor(3, { dtype = "int64" }), on = snn.tensor(true),
      rate = snn.tensor(0.1), none = snn.tensor(0 / 0) }
    assert.truthy(out:find("step +int64 +{} +8 +3\n"))
    assert.truthy(out:find("on +bool +{} +1 +true\n"))
    assert.truthy(out:find("none +float32 +{} +4 +nan\n"))
  end)

  it("shows metadata by name", function()
    assert.truthy(shown({}, { note = "first try", by = "me" }):find(
      "\nmetadata\n  by    me\n  note  first try\n", 1, true))
  end)

  it("shows no control bytes", function()
    local out = shown({ ["a\nb"] = snn.zeros(1) }, { x = "\27[31m" })
    assert.truthy(out:find("a\\nb  float32", 1, true))
    assert.truthy(out:find("x  \\x1B[31m", 1, true))
  end)

  it("shows names of any length whole", function()
    local name = ("layer."):rep(500) .. "weight"
    assert.truthy(shown({ [name] = snn.zeros(2) }):find("\n" .. name .. "  float32", 1, true))
  end)

  it("shows types of other programs as the file has them", function()
    write('{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]},'
      .. '"b":{"dtype":"BF16","shape":[2],"data_offsets":[4,8]}}', 8)
    local out = inspect(path).out
    assert.truthy(out:find("a +F8_E4M3 +%? +4\n"))
    assert.truthy(out:find("b +bfloat16 +{2} +4\n"))
  end)

  it("shows what the library says of a file under plain names", function()
    files.tools().write_saved("save", path, {}, { ["snnlua.about.seed"] = "7",
      ["snnlua.class.net"] = "Layer", ["snnlua.text.mode"] = "fast", ["snnlua.table.log"] = "x",
      ["snnlua.format"] = "1" }, 1)
    local out = inspect(path).out
    assert.truthy(out:find("\nstrings\n  mode  fast\n", 1, true))
    assert.truthy(out:find("\nobjects\n  net  Layer\n", 1, true))
    assert.truthy(out:find("\nwritten by\n  format  1\n  seed    7\n", 1, true))
    assert.is_nil(out:find("log", 1, true))
  end)

  it("prints one JSON object with --json", function()
    local out = shown({ ["a.b"] = snn.zeros(2, 3), n = snn.tensor(2.5) }, { note = 'say "x"' },
      "--json")
    local flat = out:gsub("%s+", "")
    assert.truthy(flat:find('"a.b":{"bytes":24,"dtype":"F32","shape":[2,3]}', 1, true))
    assert.truthy(flat:find('"n":{"bytes":4,"dtype":"F32","shape":[],"value":2.5}', 1, true))
    assert.truthy(flat:find('"metadata":{"note":"say\\"x\\""}', 1, true))
  end)

  it("prints thousands of tensors, also to who reads the first line only", function()
    local many = {}
    for i = 1, 5000 do many["tensor" .. i] = snn.zeros(1) end
    local _, lines = shown(many):gsub("\n", "")
    assert.equal(5003, lines)
    local run = support.shell(("%s inspect %s | head -n 1"):format(
      support.quote(support.program), path))
    assert.same({ "", 0 }, { run.err, run.code })
    assert.truthy(run.out:find "5000 tensors")
  end)

  it("refuses a file that is cut short, with exit code 1 and nothing printed", function()
    shown { a = snn.zeros(1000) }
    local file = assert(io.open(path, "rb"))
    local text = file:read(2000)
    file:close()
    file = assert(io.open(path, "wb"))
    file:write(text)
    file:close()
    local run = inspect(path)
    assert.same({ 1, "" }, { run.code, run.out })
    assert.truthy(run.err:find("snnlua: inspect: '" .. path .. "' is cut short", 1, true))
  end)

  it("tells that the checksums are right, or refuses the tensor where one is not", function()
    assert.truthy(shown({ net = snn.zeros(10) }):find("bytes, checksums verified\n", 1, true))
    local file = assert(io.open(path, "r+b"))
    file:seek("end", -7)
    file:write "\1"
    file:close()
    local run = inspect(path)
    assert.same({ 1, "" }, { run.code, run.out })
    assert.truthy(run.err:find("snnlua: inspect: '" .. path .. "': tensor 'net' ", 1, true))
    write('{"a":{"dtype":"BOOL","shape":[4],"data_offsets":[0,4]}}', 4)
    assert.truthy(inspect(path).out:find(", no checksums\n", 1, true))
  end)

  it("refuses what is no safetensors file, or not there", function()
    for _, name in ipairs { "README.md", path .. ".gone", "/tmp" } do
      local run = inspect(name)
      assert.same({ 1, "" }, { run.code, run.out })
      assert.truthy(run.err:find("^snnlua: inspect: "))
    end
  end)

  it("tells with exit code 1 that its output has no room", function()
    shown { a = snn.zeros(2) }
    local run = inspect(path .. " >/dev/full")
    assert.same({ 1, "snnlua: inspect: cannot print it all\n" }, { run.code, run.err })
  end)

  it("tells how it is used, with exit code 2 where that was wrong", function()
    local wrong = {
      [""] = "needs a file",
      ["a b"] = "takes one file, got also 'b'",
      ["--jsn a"] = "there is no option '--jsn'",
    }
    for words, message in pairs(wrong) do
      local run = inspect(words)
      assert.equal(2, run.code)
      assert.truthy(run.err:find("snnlua: inspect: " .. message .. "\nusage: ", 1, true))
    end
    assert.truthy(inspect("--help").out:find "^usage: snnlua inspect")
  end)

  it("is no script: one of that name runs by ./inspect, or behind --", function()
    local folder = os.tmpname()
    os.remove(folder)
    local run = support.shell(([[mkdir %s && cd %s && echo 'print "script"' > inspect
      %s ./inspect; %s -- inspect; rm -r %s]]):format(folder, folder, "$PROGRAM", "$PROGRAM",
      folder), { env = { PROGRAM = support.shell("realpath " ..
        support.quote(support.program)).out:gsub("\n", "") .. "" } })
    assert.equal("script\nscript\n", run.out)
  end)
end)
