-- Data sets of users' own, MNIST from its files, batches.
local snn = require "snn"

local function assert_refused(kind, part, ...)
  local ok, err = pcall(...)
  assert.is_false(ok)
  assert.equal(kind, err.kind)
  assert.truthy(err.message:find(part, 1, true), err.message)
end

--- Five samples of two values, labels 1 2 1 2 1.
local function five()
  return snn.data.set {
    images = snn.tensor { { 1, 1 }, { 2, 2 }, { 3, 3 }, { 4, 4 }, { 5, 5 } },
    labels = { 1, 2, 1, 2, 1 },
    classes = { "odd", "even" },
  }
end

describe("data.set", function()
  it("holds what it was given", function()
    local images = snn.zeros(2, 3)
    local set = snn.data.set { images = images, labels = { 1, 2 }, classes = { "a", "b" } }
    assert.equal(images, set.images)
    assert.same({ 1, 2 }, set.labels:totable())
    assert.same({ "a", "b" }, set.classes)
  end)

  it("counts its samples", function() assert.equal(5, #five()) end)

  it("needs neither labels nor classes", function()
    local set = snn.data.set { images = snn.zeros(2, 3) }
    assert.is_nil(set.labels)
    assert.is_nil(set.classes)
  end)

  it("says what it is", function()
    assert.equal("DataSet(images of shape {5, 2}, 2 classes)", tostring(five()))
  end)

  it("refuses images that are no tensor or count nothing", function()
    assert_refused("TypeError", "'images'", snn.data.set, { images = { 1, 2 } })
    assert_refused("TypeError", "'images'", snn.data.set, {})
    assert_refused("ValueError", "'images'", snn.data.set, { images = snn.tensor(1) })
  end)

  it("refuses labels of another number, type or shape", function()
    local images = snn.zeros(2, 3)
    assert_refused("ValueError", "2 images but 3 labels", snn.data.set,
      { images = images, labels = { 1, 2, 3 } })
    assert_refused("TypeError", "'labels'", snn.data.set, { images = images, labels = 3 })
    assert_refused("ValueError", "int64", snn.data.set,
      { images = images, labels = snn.zeros(2) })
    assert_refused("ValueError", "one dimension", snn.data.set,
      { images = images, labels = { { 1 }, { 2 } } })
  end)

  it("refuses labels that do not count from 1 to the number of classes", function()
    local images = snn.zeros(2, 3)
    assert_refused("ValueError", "from 1, got 0", snn.data.set,
      { images = images, labels = { 0, 1 } })
    assert_refused("ValueError", "up to 3, there are 2", snn.data.set,
      { images = images, labels = { 1, 3 }, classes = { "a", "b" } })
  end)

  it("refuses classes that are no names", function()
    assert_refused("TypeError", "'classes'", snn.data.set,
      { images = snn.zeros(2, 3), classes = { 1, 2 } })
    assert_refused("TypeError", "'classes'", snn.data.set,
      { images = snn.zeros(2, 3), classes = 2 })
  end)

  it("names the nearest argument and field", function()
    assert_refused("TypeError", "did you mean 'labels'", snn.data.set,
      { images = snn.zeros(2, 3), lables = { 1, 2 } })
    assert_refused("AttributeError", "did you mean 'images'", function()
      return five().imags
    end)
  end)
end)

describe("DataSet:slice", function()
  it("takes both ends", function()
    local part = five():slice(2, 3)
    assert.same({ { 2, 2 }, { 3, 3 } }, part.images:totable())
    assert.same({ 2, 1 }, part.labels:totable())
    assert.same({ "odd", "even" }, part.classes)
  end)

  it("goes on to the end by default", function()
    assert.same({ 2, 1 }, five():slice(4).labels:totable())
  end)

  it("counts negative places from the end", function()
    assert.same({ { 3, 3 }, { 4, 4 } }, five():slice(-3, -2).images:totable())
  end)

  it("shares the bytes of the set", function()
    local set = five()
    set:slice(2, 3).images:fill_(9)
    assert.same({ { 1, 1 }, { 9, 9 }, { 9, 9 }, { 4, 4 }, { 5, 5 } }, set.images:totable())
  end)

  it("may be empty", function() assert.equal(0, #five():slice(3, 2)) end)

  it("refuses places outside of the set", function()
    for _, range in ipairs { { 0, 2 }, { 1, 6 }, { 7 }, { -6, 2 }, { 4, 2 } } do
      assert_refused("ValueError", "", five().slice, five(), table.unpack(range))
    end
    assert_refused("TypeError", "'first'", five().slice, five(), "a")
  end)
end)

describe("data.mnist", function()
  local dir

  before_each(function()
    dir = os.tmpname()
    os.remove(dir)
    assert(os.execute("mkdir " .. dir))
  end)

  after_each(function() os.execute("rm -rf " .. dir) end)

  local function write(name, text)
    local file <close> = assert(io.open(dir .. "/" .. name, "wb"))
    file:write(text)
  end

  --- `n` pictures of 2 x 2, all pixels of picture i are 51 i.
  local function images(n)
    local text = string.pack(">BBBBI4I4I4", 0, 0, 8, 3, n, 2, 2)
    for i = 1, n do text = text .. string.char(51 * i):rep(4) end
    return text
  end

  local function labels(...)
    return string.pack(">BBBBI4", 0, 0, 8, 1, select("#", ...)) .. string.char(...)
  end

  it("reads pixels as float32 in [0, 1]", function()
    write("train-images-idx3-ubyte", images(2))
    write("train-labels-idx1-ubyte", labels(0, 9))
    local set = snn.data.mnist(dir)
    assert.equal("float32", set.images.dtype)
    assert.same({ 2, 2, 2 }, set.images.shape)
    local fifth = snn.tensor(0.2):item() -- in float32
    assert.same({ { fifth, fifth }, { fifth, fifth } }, set.images[1]:totable())
  end)

  it("labels a digit with its number plus 1", function()
    write("train-images-idx3-ubyte", images(3))
    write("train-labels-idx1-ubyte", labels(0, 9, 4))
    local set = snn.data.mnist(dir, { train = true })
    assert.equal("int64", set.labels.dtype)
    assert.same({ 1, 10, 5 }, set.labels:totable())
    assert.equal("4", set.classes[5])
  end)

  it("reads the test set", function()
    write("t10k-images-idx3-ubyte", images(1))
    write("t10k-labels-idx1-ubyte", labels(7))
    assert.same({ 8 }, snn.data.mnist(dir, { train = false }).labels:totable())
  end)

  it("finds packed files and names with dots", function()
    write("t10k-images.idx3-ubyte", images(1))
    write("t10k-labels-idx1-ubyte", labels(7))
    assert(os.execute("gzip " .. dir .. "/*"))
    assert.equal(1, #snn.data.mnist(dir, { train = false }))
  end)

  it("takes a folder with a slash at its end", function()
    write("train-images-idx3-ubyte", images(1))
    write("train-labels-idx1-ubyte", labels(7))
    assert.equal(1, #snn.data.mnist(dir .. "/"))
  end)

  it("tells which files it looked for", function()
    assert_refused("IOError", "train-images-idx3-ubyte, train-images-idx3-ubyte.gz, "
      .. "train-images.idx3-ubyte, train-images.idx3-ubyte.gz", snn.data.mnist, dir)
    assert_refused("IOError", "/nowhere", snn.data.mnist, "/nowhere")
  end)

  it("tells that the labels are missing", function()
    write("train-images-idx3-ubyte", images(1))
    assert_refused("IOError", "train-labels-idx1-ubyte", snn.data.mnist, dir)
  end)

  it("refuses different numbers of images and labels", function()
    write("train-images-idx3-ubyte", images(2))
    write("train-labels-idx1-ubyte", labels(1, 2, 3))
    assert_refused("IOError", "2 images", snn.data.mnist, dir)
  end)

  it("refuses labels that are no digits", function()
    write("train-images-idx3-ubyte", images(2))
    write("train-labels-idx1-ubyte", labels(1, 10))
    assert_refused("IOError", "label 10", snn.data.mnist, dir)
  end)

  it("refuses files that have changed places", function()
    write("train-images-idx3-ubyte", labels(1, 2))
    write("train-labels-idx1-ubyte", images(2))
    assert_refused("IOError", "expected 3", snn.data.mnist, dir)
  end)

  it("refuses pixels that are no bytes", function()
    write("train-images-idx3-ubyte", string.pack(">BBBBI4I4I4f", 0, 0, 13, 3, 1, 1, 1, 0.5))
    write("train-labels-idx1-ubyte", labels(1))
    assert_refused("IOError", "expected unsigned bytes", snn.data.mnist, dir)
  end)

  it("passes on what is wrong with a file", function()
    write("train-images-idx3-ubyte", images(2):sub(1, -2))
    write("train-labels-idx1-ubyte", labels(1, 2))
    assert_refused("IOError", "cut short", snn.data.mnist, dir)
  end)

  it("refuses wrong arguments", function()
    assert_refused("TypeError", "'dir'", snn.data.mnist, 3)
    assert_refused("TypeError", "'train'", snn.data.mnist, dir, { train = 1 })
    assert_refused("TypeError", "did you mean 'train'", snn.data.mnist, dir, { tarin = true })
  end)
end)

describe("data.loader", function()
  --- The first value of each sample, batch by batch.
  local function batches(loader)
    local list = {}
    for x in loader do list[#list + 1] = x:select(2, 1):totable() end
    return list
  end

  local function loader(options) return snn.data.loader(five(), options) end

  it("takes the set first, and says so", function()
    require("spec.support").fails("TypeError", "data.loader: the set comes first: loader(set, { "
      .. "batch_size = ... })", snn.data.loader, { batch_size = 2 })
  end)

  context("in the set's order", function()
    it("hands out batches, the last one smaller", function()
      assert.same({ { 1, 2 }, { 3, 4 }, { 5 } }, batches(loader { batch_size = 2 }))
    end)

    it("leaves a smaller one out when told to", function()
      assert.same({ { 1, 2 }, { 3, 4 } }, batches(loader { batch_size = 2, drop_last = true }))
    end)

    it("hands out single samples by default", function()
      assert.same({ { 1 }, { 2 }, { 3 }, { 4 }, { 5 } }, batches(loader()))
    end)

    it("hands out labels with them", function()
      local list = {}
      for _, y in loader { batch_size = 3 } do list[#list + 1] = y:totable() end
      assert.same({ { 1, 2, 1 }, { 2, 1 } }, list)
    end)

    it("gives all at once where the batch is larger", function()
      assert.same({ { 1, 2, 3, 4, 5 } }, batches(loader { batch_size = math.maxinteger }))
    end)

    it("gives none of a larger batch with drop_last", function()
      assert.same({}, batches(loader { batch_size = 6, drop_last = true }))
    end)
  end)

  it("counts its batches", function()
    for size, count in pairs { 5, 3, 2, 2, 1, 1, [math.maxinteger] = 1 } do
      assert.equal(count, #loader { batch_size = size })
    end
    for size, count in pairs { 5, 2, 1, 1, 1, 0 } do
      assert.equal(count, #loader { batch_size = size, drop_last = true })
    end
  end)

  it("starts anew in each loop", function()
    local l = loader { batch_size = 2 }
    assert.same(batches(l), batches(l))
  end)

  it("starts anew after a break", function()
    local l = loader { batch_size = 2 }
    for x in l do if #x == 2 then break end end
    assert.same({ { 1, 2 }, { 3, 4 }, { 5 } }, batches(l))
  end)

  it("keeps nested loops apart", function()
    local l, list = loader { batch_size = 3 }, {}
    for x in l do
      for y in l do list[#list + 1] = { #x, #y } end
    end
    assert.same({ { 3, 3 }, { 3, 2 }, { 2, 3 }, { 2, 2 } }, list)
  end)

  it("hands out batches that are the loop's own", function()
    local set = five()
    for x in snn.data.loader(set, { batch_size = 2 }) do x:fill_(0) end
    assert.same({ 1, 2, 3, 4, 5 }, set.images:select(2, 1):totable())
  end)

  it("shows its batch size", function()
    assert.equal(2, loader { batch_size = 2 }.batch_size)
  end)

  it("takes tables of tensors and sets without labels", function()
    local l = snn.data.loader({ images = snn.zeros(4, 2) }, { batch_size = 3 })
    local sizes = {}
    for x, y in l do
      sizes[#sizes + 1] = #x
      assert.is_nil(y)
    end
    assert.same({ 3, 1 }, sizes)
  end)

  it("gives nothing of an empty set", function()
    local empty = five():slice(1, 0)
    assert.same({}, batches(snn.data.loader(empty)))
    assert.same({}, batches(snn.data.loader(empty, { shuffle = true })))
    assert.equal(0, #snn.data.loader(empty))
  end)

  context("shuffled", function()
    local function many()
      local places = snn.arange(1, 51, { dtype = "int64" })
      return snn.data.loader({ images = (places - 1):view(50, 1), labels = places },
        { batch_size = 7, shuffle = true })
    end

    local function order(l)
      local list = {}
      for x, y in l do
        for i, v in ipairs(x:select(2, 1):totable()) do
          list[#list + 1] = v
          assert.equal(v + 1, y[i])
        end
      end
      return list
    end

    it("hands out each sample once, with its label", function()
      local list, sorted = order(many()), {}
      for i = 1, 50 do sorted[i] = i - 1 end
      assert.are_not.same(sorted, list)
      table.sort(list)
      assert.same(sorted, list)
    end)

    it("shuffles anew in each pass", function()
      local l = many()
      assert.are_not.same(order(l), order(l))
    end)

    it("follows snn's seed", function()
      snn.manual_seed(5)
      local first = order(many())
      snn.manual_seed(5)
      assert.same(first, order(many()))
    end)

    it("leaves the rest out with drop_last", function()
      local l = loader { batch_size = 2, shuffle = true, drop_last = true }
      local list = batches(l)
      assert.equal(2, #list)
      assert.equal(2, #list[2])
    end)
  end)

  it("refuses wrong arguments", function()
    assert_refused("ValueError", "'batch_size'", loader, { batch_size = 0 })
    assert_refused("TypeError", "'batch_size'", loader, { batch_size = 1.5 })
    assert_refused("TypeError", "'shuffle'", loader, { shuffle = 1 })
    assert_refused("TypeError", "did you mean 'batch_size'", loader, { bach_size = 2 })
    assert_refused("TypeError", "'set'", snn.data.loader, snn.zeros(3))
    assert_refused("TypeError", "'set'", snn.data.loader)
  end)

  it("refuses to go on from what is no batch of its own", function()
    assert_refused("ValueError", "for x, y in loader do", loader(), nil, snn.zeros(1))
    assert_refused("ValueError", "for x, y in loader do", loader(), nil, 3)
  end)

  it("names the nearest field", function()
    assert_refused("AttributeError", "did you mean 'batch_size'", function()
      return loader().batchsize
    end)
  end)

  it("keeps no batch that the loop has left", function()
    local l, most = snn.data.loader({ images = snn.zeros(400, 10) }, { batch_size = 10 }), 0
    collectgarbage()
    collectgarbage()
    local before = snn._debug.live()
    for _ in l do
      collectgarbage()
      most = math.max(most, snn._debug.live() - before)
    end
    assert.is_true(most <= 8, most .. " blocks") -- 40 batches of two blocks each
  end)
end)
