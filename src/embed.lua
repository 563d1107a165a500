-- Writes a C file that holds the Lua sources named on the command line, so
-- that program and module need no Lua file at run time. The name of a chunk
-- is its path below lua/ without ".lua", with dots: "snn.class".

local function bytes(text)
  local out = {}
  for i = 1, #text, 20 do
    local line = {}
    for k = i, math.min(i + 19, #text) do
      line[#line + 1] = string.unpack("b", text, k) -- as C's signed char
    end
    out[#out + 1] = table.concat(line, ",")
  end
  return table.concat(out, ",\n")
end

local names = {}
print('#include "bind/embedded.h"\n')
for i, path in ipairs(arg) do
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  names[i] = { name = path:gsub("^.*lua/", "", 1):gsub("%.lua$", ""):gsub("/", "."), size = #text }
  print(("static const char chunk_%d[] = {\n%s\n};\n"):format(i, bytes(text .. "\0")))
end
print("const snn_chunk snn_chunks[] = {")
for i, chunk in ipairs(names) do
  print(('    { "%s", chunk_%d, %d },'):format(chunk.name, i, chunk.size))
end
print("    { 0, 0, 0 },\n};")
