-- The README's lines of Python read what snn.save and snn.checkpoint write.
local snn = require "snn"
local support = require "spec.support"

-- Alone with the system's modules: without -I a file `re.py` beside the script, in a
-- folder that all programs share, would stand for the module of that name.
local PYTHON <const> = "/usr/bin/python3 -I "

local has_numpy = support.shell(PYTHON .. "-c 'import numpy'").code == 0

local function lines_of_readme()
  local file = assert(io.open("README.md"))
  local text = file:read("a"):match "\n```python\n(.-)```\n"
  file:close()
  return text
end

describe("the lines of Python in the README", function()
  it("are ten or so", function()
    local _, count = lines_of_readme():gsub("%S[^\n]*\n", "")
    assert.is_true(count <= 11)
  end)

  if not has_numpy then
    pending "read a checkpoint: there is no python3-numpy here"
    return
  end

  local path
  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  -- What Python prints with the file's tensors in x and its texts in `texts`.
  local function python(code)
    local script = support.file(("%s\nx, texts = load(%q)\n%s"):format(lines_of_readme(), path,
      (code:gsub("\n      ", "\n"):gsub("^ +", ""))))
    local run = support.shell(PYTHON .. script)
    os.remove(script)
    assert.same({ 0, "" }, { run.code, run.err })
    return run.out
  end

  it("read a checkpoint: parameters, states, numbers, lists and texts", function()
    local connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
      synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 100 },
      weight_init = function() return snn.tensor { { 1, 2, 3 }, { 4, 5, 6.5 } } end }
    local neuron = snn.LIF { shape = 2, step_time = 1, rest_v = -60, reset_v = -65,
      thresh_v = -50, refrac_t = 3, time_constant = 20, dtype = "float64" }
    local c = snn.checkpoint { path = path, metadata = { note = "é" }, objects = {
      enc = connection, n = neuron, on = true, best = 0.1, epoch = 3, log = { 1, 2, 5 },
      ["two words"] = "x", deep = { { w = snn.zeros(0, 2) } } } }
    c()
    assert.equal([==[
enc.weight float32 [[1.0, 2.0, 3.0], [4.0, 5.0, 6.5]]
n.voltage float64 [[-60.0, -60.0]]
n.spike bool [[False, False]]
on bool True
best float64 0.1
epoch int64 3
log int64 [1, 2, 5]
:random_state int64 [0, 0]
(0, 2)
LinearDense x é 1
]==], (python [==[
      for name in "enc.weight n.voltage n.spike on best epoch log :random_state".split():
       print(name, x[name].dtype, x[name].tolist() if name[0] != ":" else [0, 0])
      print(x["deep[1].w"].shape)
      print(texts["snnlua.class.enc"], texts["snnlua.text.[\"two words\"]"], texts["note"],
            texts["snnlua.checkpoint.step"])
    ]==]))
  end)

  it("find the checksums right", function()
    snn.save(path, { w = snn.rand(5, 3), n = 7 })
    assert.equal("True\n", python(([==[
      import zlib
      data = open(%q, "rb").read()
      begin = 8 + struct.unpack("<Q", data[:8])[0]
      own = texts["snnlua.crc32"]
      print(all(zlib.crc32(t.tobytes()) == int(texts["snnlua.crc32." + name], 16)
        for name, t in x.items())
        and zlib.crc32(data[8:begin].replace(own.encode(), b"00000000", 1)) == int(own, 16))
    ]==]):format(path)))
  end)
end)
