-- Writes a C file that holds the Lua sources named on the command line, so
-- that program and module need no Lua file at run time: each as text and as
-- code compiled by this Lua, which is read several times faster and of use
-- only to a Lua that is built alike. Annotations (lua/meta/) are never run: text
-- alone, which help reads. The name of a chunk is its path below lua/ without
-- ".lua", with dots: "snn.class".

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

local function array(name, text)
  print(("static const char %s[] = {\n%s\n};\n"):format(name, bytes(text .. "\0")))
end

local chunks = {}
print('#include "bind/lua/embedded.h"\n')
for i, path in ipairs(arg) do
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  local name = path:gsub("^.*lua/", "", 1):gsub("%.lua$", ""):gsub("/", ".")
  local code = name:find "^meta%." and "" or string.dump(assert(load(text, "=[snn] " .. name)))
  array("text_" .. i, text)
  array("code_" .. i, code)
  chunks[i] = ('    { "%s", { code_%d, %d }, { text_%d, %d } },'):format(name, i, #code, i, #text)
end
print("const snn_chunk snn_chunks[] = {")
print(table.concat(chunks, "\n"))
print("    { 0, { 0, 0 }, { 0, 0 } },\n};")
