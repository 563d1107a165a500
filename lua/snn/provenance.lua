-- Where a saved file comes from: the script and its command line as they were when
-- the program started (an edit later, while the run goes on, is not what runs), the
-- machine as it is when the file is written.
local snn, _, tools = ...

---A word as a shell takes it.
local function quote(word)
  if word:find "^[%w_@%%+=:,./-]+$" then return word end
  return "'" .. word:gsub("'", "'\\''") .. "'"
end

---The words of the global `arg`, the program's name first.
local function command_line(words)
  local first, quoted = 0, {}
  while rawget(words, first - 1) ~= nil do first = first - 1 end
  for i = first, rawlen(words) do quoted[#quoted + 1] = quote(tostring(rawget(words, i))) end
  return tools.plain(table.concat(quoted, " "))
end

---What is known of the script: nothing at the prompt, where the program is the first
---word, and of a script from standard input no more than that.
local function script_of(words, digest, kind)
  if type(rawget(words, 0)) ~= "string" then return {} end
  local known = { command_line = command_line(words) }
  if rawget(words, -1) == nil then return known end
  known.script = tools.plain(rawget(words, 0))
  if digest then known["script_" .. kind] = digest end
  return known
end

local script = script_of(tools.script())

local UNUSED <const> = "not used" -- of what computes dense products, which is loaded late

---version, seed, threads, processor, instruction_set (of the engine's kernels), blas
---(what computes dense products), script, script_sha256 (or script_crc32)
---and command_line, as far as they are known.
---@return table<string, string> # a new table
function tools.provenance()
  local known = tools.machine()
  known.blas = known.blas or UNUSED
  for name, text in pairs(script) do known[name] = text end
  return known
end

---Warns where a file's dense products were computed by another kernel than here.
---@param other? string what tools.provenance has told of it
function tools.compare_blas(where, path, other)
  local here = other and other ~= UNUSED and tools.blas(true)
  if here and here ~= other then
    snn.warn(("%s: '%s' was computed with %s, here it is %s: the last bits of dense products "
      .. "may be others"):format(where, path, other, here))
  end
end
