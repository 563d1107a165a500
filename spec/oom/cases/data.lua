-- Files, drawn digits, batches, pictures in short memory.
local snn = require "snn"

local function write(path, text)
  local file <close> = assert(io.open(path, "wb"))
  file:write(text)
end

local case = {}

function case.prepare()
  local path = os.tmpname()
  write(path, string.pack(">BBBBI4I4", 0, 0, 8, 2, 2, 3) .. "\1\2\3\4\5\6")
  assert(os.execute("gzip -f " .. path))
  write(path, "as before")
  return { idx = path .. ".gz", png = path }
end

function case.run(objects)
  snn.data.idx(objects.idx)
  local set = snn.data.glyphs { n = 12 }
  for x in snn.data.loader(set:slice(1, 8), { batch_size = 5 }) do
    snn.save_png(objects.png, x)
  end
end

function case.check(objects, ok)
  local file <close> = assert(io.open(objects.png, "rb"))
  local text = file:read("a")
  assert(text:find("^\137PNG") or not ok and text == "as before", "the file is not whole")
  assert(snn.data.idx(objects.idx):select(1, 2):totable()[3] == 6)
  local pipe <close> = assert(io.popen("ls " .. objects.png .. "*"))
  local names = pipe:read("a")
  assert(names == objects.png .. "\n" .. objects.idx .. "\n", "a file is left: " .. names)
  os.remove(objects.png)
  os.remove(objects.idx)
end

return case
