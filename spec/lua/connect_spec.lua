local snn = require "snn"
local support = require "spec.support"

local connect = snn.connect

local function text(connector, inputs, outputs)
  local pre, post = connector:pairs(inputs, outputs)
  pre, post = pre:totable(), post:totable()
  for k = 1, #pre do pre[k] = pre[k] .. "-" .. post[k] end
  return table.concat(pre, " ")
end

describe("a union", function()
  it("has the pairs of both, once", function()
    local a = connect.pairs { pre = { 1, 2 }, post = { 1, 3 } }
    local b = connect.pairs { pre = { 2, 2, 3 }, post = { 3, 1, 2 } }
    assert.equal("1-1 2-1 2-3 3-2", text(a + b, 3, 3))
  end)

  it("has a pair as often as the one that has it more often", function()
    local a = connect.pairs { pre = { 1, 1, 2 }, post = { 2, 2, 1 } }
    local b = connect.pairs { pre = { 1, 2, 2 }, post = { 2, 1, 1 } }
    assert.equal("1-2 1-2 2-1 2-1", text(a + b, 2, 2))
  end)

  it("expects what two independent ones have", function()
    local half = connect.bernoulli { p = 0.5 }
    assert.equal(75, (half + half):expected(10, 10))
  end)

  it("refuses other things", function()
    support.fails("TypeError", "'b' must be a connector", function()
      return connect.one_to_one() + 1
    end)
    support.fails("TypeError", "'other' must be a connector", function()
      connect.one_to_one():without {}
    end)
  end)
end)

describe("without", function()
  it("takes all pairs of the other away", function()
    local many = connect.pairs { pre = { 1, 1, 1, 2 }, post = { 1, 2, 2, 2 } }
    local few = connect.pairs { pre = { 1, 2 }, post = { 2, 1 } }
    assert.equal("1-1 2-2", text(many:without(few), 2, 2))
    assert.equal(90, connect.all_to_all():without(connect.one_to_one()):expected(10, 10))
  end)
end)

-- An archive of NumPy, stored: members are lists of whole numbers by name.
local function npz(members)
  local body, index, count = "", "", 0
  for name, list in pairs(members) do
    local dict = ("{'descr': '<i8', 'fortran_order': False, 'shape': (%d,), }\n"):format(#list)
    local data = "\x93NUMPY\1\0" .. string.pack("<s2", dict)
      .. string.pack("<" .. ("i8"):rep(#list), table.unpack(list))
    local sum = 0xffffffff
    for i = 1, #data do
      sum = sum ~ data:byte(i)
      for _ = 1, 8 do sum = (sum >> 1) ~ (0xedb88320 & -(sum & 1)) end
    end
    local common = string.pack("<I2I2I2I2I4I4I4I2I2", 0, 0, 0, 0, sum ~ 0xffffffff, #data, #data,
      #name + 4, 0)
    index = index .. "PK\1\2" .. string.pack("<I2I2", 45, 45) .. common
      .. string.pack("<I2I2I2I4I4", 0, 0, 0, 0, #body) .. name .. ".npy"
    body, count = body .. "PK\3\4" .. string.pack("<I2", 45) .. common .. name .. ".npy" .. data,
      count + 1
  end
  return body .. index .. "PK\5\6"
    .. string.pack("<I2I2I2I2I4I4I2", 0, 0, count, count, #index, #body, 0)
end

describe("pairs", function()
  local function of_text(lines, name)
    local path = support.file(lines)
    local moved = path .. (name or ".csv")
    os.rename(path, moved)
    local result = table.pack(pcall(function() return text(connect.pairs(moved), 9, 9) end))
    os.remove(moved)
    if not result[1] then error(result[2], 0) end
    return result[2]
  end

  it("takes lists and tensors, in any order", function()
    assert.equal("1-2 1-4 3-2", text(connect.pairs { pre = { 3, 1, 1 }, post = { 2, 4, 2 } }, 3, 4))
    local t = snn.tensor({ 2, 1 }, { dtype = "float32" })
    assert.equal("1-1 2-2", text(connect.pairs { pre = t, post = t }, 2, 2))
    assert.equal("", text(connect.pairs { pre = {}, post = {} }, 2, 2))
  end)

  it("counts from 0 where that is said", function()
    assert.equal("1-2", text(connect.pairs { pre = { 0 }, post = { 1 }, base = 0 }, 2, 2))
    support.fails("ValueError", "has the number 0, they count from 1 (base = 0", connect.pairs,
      { pre = { 0 }, post = { 1 } })
  end)

  it("reads texts of two columns, with titles or without", function()
    assert.equal("1-2 3-4", of_text "1,2\n3,4\n")
    assert.equal("1-2 3-4", of_text "pre,post\n1,2\n\n3,4")
    assert.equal("1-2 3-4", of_text "source ; target\r\n3;4\r\n1;2\r\n")
    assert.equal("1-2 3-4", of_text "# made by hand\n1 2\n3\t4\n")
    assert.equal("2-1 4-3", of_text '"weight","post","pre"\n0.5,1,2\n0.5,3,4\n')
    assert.equal("2-1 4-3", of_text "target,source\n1,2\n3,4\n")
  end)

  it("reads texts of other systems", function()
    assert.equal("1-2 3-4", of_text "\xEF\xBB\xBF1,2\n3,4\n")
    assert.equal("1-2 3-4", of_text "\xEF\xBB\xBFpre,post\r\n1,2\r\n3,4")
    assert.equal("1-2 3-4", of_text "pre,post\r1,2\r3,4\r")
  end)

  it("tells the line that is none", function()
    local function is_wrong(line, got, lines)
      support.fails("ValueError", ("line %d: wanted are two integers, got '%s'"):format(line, got),
        of_text, lines)
    end
    is_wrong(2, "3, x", "1,2\n3,x\n")
    is_wrong(1, "1, 2, 3", "1,2,3\n")
    is_wrong(1, "1, 2.5", "1,2.5\n")
    support.fails("IOError", "No such file", connect.pairs, "no_such_file.csv")
    support.fails("IOError", "irectory", connect.pairs, "spec")
    for _ = 1, 20 do -- always the same side
      support.fails("ValueError", "'pre' has the number 0", connect.pairs,
        { pre = { 0 }, post = { 0 } })
    end
  end)

  it("reads archives of NumPy", function()
    assert.equal("1-1 2-1", of_text(npz { pre = { 2, 1 }, post = { 1, 1 } }, ".npz"))
    support.fails("ValueError", "no array 'post', it has 'pre', 'target'", of_text,
      npz { pre = { 1 }, target = { 1 } }, ".NPZ")
  end)

  it("refuses what are no pairs", function()
    support.fails("ValueError", "'pre' must be from 1 to 2, element 2 is 3", function()
      connect.pairs { pre = { 1, 3 }, post = { 1, 1 } }:pairs(2, 2)
    end)
    support.fails("ValueError", "'pre' has 2 elements, 'post' 1", connect.pairs,
      { pre = { 1, 3 }, post = { 1 } })
    support.fails("ValueError", "element 1 is 1.5", connect.pairs, { pre = { 1.5 }, post = { 1 } })
    support.fails("TypeError", "'post' is missing (numbers of outputs)", connect.pairs,
      { pre = { 1 } })
    support.fails("TypeError", "'pre' must be of integers, got a bool tensor", connect.pairs,
      { pre = snn.tensor { true }, post = { 1 } })
    support.fails("ValueError", "either 'file' or", connect.pairs, { pre = { 1 }, file = "x.csv" })
  end)
end)

describe("a mask", function()
  it("has the shape of weights", function()
    local mask = snn.tensor { { 0.5, 0, -1 }, { 0, 0, 1 } }
    assert.equal("1-1 3-1 3-2", text(connect.mask(mask), 3, 2))
    assert.equal(3, connect.mask(mask):expected(3, 2))
    support.fails("ValueError", "the mask has shape {2, 3}, wanted is {3, 2}", function()
      connect.mask(mask):pairs(2, 3)
    end)
    support.fails("ValueError", "two dimensions", connect.mask, snn.ones(3))
  end)

  it("is as it was when it was given", function()
    local mask = snn.ones(1, 1)
    local connector = connect.mask(mask)
    mask:fill_(0)
    assert.equal("1-1", text(connector, 1, 1))
  end)
end)

describe("a connector", function()
  it("tells its text, its kind and arguments", function()
    local c = connect.bernoulli { p = 0.1, self = false }
    assert.equal("snn.connect.bernoulli { p = 0.1, self = false }", tostring(c))
    assert.equal("bernoulli", c.kind)
    assert.equal(0.1, c.p)
    assert.equal("(snn.connect.one_to_one {} + snn.connect.mask { mask = tensor{1, 2} })"
      .. ":without(snn.connect.one_to_one {})", tostring((connect.one_to_one()
      + connect.mask(snn.ones(1, 2))):without(connect.one_to_one())))
  end)

  it("does not change", function()
    local c = connect.bernoulli { p = 0.1 }
    support.fails("AttributeError", "'p' cannot be set", function() c.p = 1 end)
    support.fails("AttributeError", "no field 'slef' (did you mean 'self'?)", function()
      return c.slef
    end)
  end)

  it("tells its memory before it is drawn", function()
    local c = connect.fixed_total { n = 1000 }
    assert.equal(8 * 1000 + 8 * 101, c:bytes(100, 50))
    assert.equal(20 * 1000 + 8 * 101 + 8 * 51, c:bytes({ 10, 10 }, 50, { trained = true,
      delay = true }))
    assert.equal(12 * 1000 + 8 * 101, c:bytes(100, 50, { dtype = "float64" }))
  end)

  it("knows what arguments are called elsewhere", function()
    support.fails("TypeError", "unknown argument 'prob' (here: 'p')", connect.bernoulli,
      { prob = 0.1 })
    support.fails("TypeError", "unknown argument 'allow_autapses' (here: 'self')",
      connect.fixed_in_degree, { n = 1, allow_autapses = false })
    support.fails("TypeError", "unknown argument 'indegree' (here: 'n')", connect.fixed_in_degree,
      { indegree = 1 })
    support.fails("TypeError", "arguments have names: { p = ... }", connect.bernoulli, { 0.1 })
    local function made(synapses)
      return snn.LinearSparse { in_shape = 1, out_shape = 1, step_time = 1, synapses = synapses,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
    end
    support.fails("TypeError", "functions of snn.connect give: snn.connect.mask(t), got Tensor",
      made, snn.ones(1, 1))
    support.fails("TypeError", "snn.connect.pairs(file), got string", made, "p.csv")
  end)

  it("refuses sizes that are none", function()
    local c = connect.bernoulli { p = 0.1 }
    support.fails("TypeError", "'inputs' must be an integer or a list", c.pairs, c, "3", 3)
    support.fails("ValueError", "'outputs' must have sizes from 0", c.pairs, c, 3, -1)
    support.fails("ValueError", "2^31 elements", c.pairs, c, 3, { 1 << 16, 1 << 16 })
    support.fails("TypeError", "'self' must be a Connector", c.pairs, {}, 3, 3)
  end)

  it("checks its arguments", function()
    support.fails("ValueError", "'p' must be a number from 0 to 1, got 1.5", connect.bernoulli,
      { p = 1.5 })
    support.fails("ValueError", "'p' must be a number from 0 to 1", connect.bernoulli,
      { p = 0 / 0 })
    support.fails("TypeError", "'p' is missing (probability of a pair)", connect.bernoulli)
    support.fails("TypeError", "unknown argument 'slef' (did you mean 'self'?)",
      connect.all_to_all, { slef = true })
    support.fails("TypeError", "'self' must be true or false", connect.all_to_all, { self = 0 })
    support.fails("TypeError", "'n' must be an integer", connect.fixed_total, { n = 1.5 })
    support.fails("ValueError", "'n' must be an integer of at least 0, got -1", connect.fixed_total,
      { n = -1 })
    support.fails("ValueError", "'k' must be an even integer", connect.small_world,
      { k = 3, p = 0 })
    support.fails("TypeError", "in one table of names, got number 0.1", connect.bernoulli, 0.1)
    support.fails("TypeError", "'sigma' is missing (width of the kernel)", connect.distance,
      { kernel = "gaussian" })
    support.fails("TypeError", "'radius' is missing (of the disc)", connect.distance,
      { kernel = "disc" })
    support.fails("ValueError", "did you mean 'gaussian'", connect.distance,
      { kernel = "gausian", sigma = 1 })
    support.fails("ValueError", "'sigma' is of the kernels", connect.distance,
      { kernel = "disc", radius = 1, sigma = 1 })
    support.fails("TypeError", "a function of (i, j)", connect.where, 1)
  end)
end)
