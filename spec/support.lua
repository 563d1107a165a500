-- Helpers of specs that start processes. The Makefile names the program under
-- test in SNN_PROGRAM and the folder of the module in SNN_CPATH; the latter is
-- empty where a stock interpreter cannot load it (sanitised builds).
local support = {}

local function env(name, otherwise)
  local value = os.getenv(name)
  return value and value ~= "" and value or otherwise
end

support.program = env("SNN_PROGRAM", "build/snnlua")
-- package.cpath for a stock lua5.4, or nil where there is none
support.cpath = os.getenv("SNN_CPATH") ~= "" and env("SNN_CPATH", "build/?.so") or nil

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  return text
end

---Runs `fn` with warnings as errors: like pcall.
---@param fn function
function support.strictly(fn, ...)
  local snn = require "snn"
  local mode = snn.warnings()
  snn.warnings("error")
  local result = table.pack(pcall(fn, ...))
  snn.warnings(mode)
  return table.unpack(result, 1, result.n)
end

---A word for the shell.
---@param word string
---@return string
function support.quote(word) return "'" .. word:gsub("'", "'\\''") .. "'" end

---A name for a file that may be written; the caller removes it.
---@param text? string what to write there first
---@return string path
function support.file(text)
  local path = os.tmpname()
  local file = assert(io.open(path, "wb"))
  file:write(text or "")
  file:close()
  return path
end

---Runs a shell command and gives all it did.
---@param command string
---@param options? { input?: string, env?: table<string, string> }
---@return { code: integer, out: string, err: string }
function support.shell(command, options)
  options = options or {}
  local input, out, err = support.file(options.input), support.file(), support.file()
  local words = {}
  for name, value in pairs(options.env or {}) do
    words[#words + 1] = name .. "=" .. support.quote(value)
  end
  words[#words + 1] = ("sh -c %s <%s >%s 2>%s"):format(support.quote(command), input, out, err)
  local _, how, code = os.execute(table.concat(words, " "))
  local result = { code = how == "exit" and code or 128 + code, out = read(out), err = read(err) }
  for _, path in ipairs { input, out, err } do os.remove(path) end
  return result
end

---Runs the program with these arguments (a string for the shell).
---@param arguments string
---@param options? { input?: string, env?: table<string, string> }
function support.snnlua(arguments, options)
  return support.shell(support.quote(support.program) .. " " .. arguments, options)
end

---Runs a script in a process of its own, in the program.
---@param script string its text
---@param environment? table<string, string>
function support.run(script, environment)
  return support.snnlua("-", { input = script, env = environment })
end

---Raises unless a script succeeds and prints the same on each instruction set and
---with 1, 2 and 4 threads.
---@param script string its text, with a %d for the number of threads
---@return string printed
function support.same_bits(script)
  local first
  for _, isa in ipairs { "v1", "v3", "v4" } do
    for _, threads in ipairs { 1, 2, 4 } do
      local result = support.run(script:format(threads), { SNN_ISA = isa })
      first = first or result.out
      if result.code ~= 0 or result.err ~= "" or result.out ~= first then
        error(("on %s with %d threads: code %d, %s"):format(isa, threads, result.code,
          result.err ~= "" and result.err or "other bits"), 2)
      end
    end
  end
  return first
end

---Runs a script in a stock lua5.4 that finds the module; nil where none can.
---@param script string its text
---@param environment? table<string, string>
function support.stock(script, environment)
  if not support.cpath then return nil end
  local all = { LUA_CPATH = support.cpath .. ";;" }
  for name, value in pairs(environment or {}) do all[name] = value end
  return support.shell("lua5.4 -", { input = script, env = all })
end

---Runs fn(...) and gives the warnings that it told, then its results.
---@param fn function
---@return string[] texts, any ...
function support.heard(fn, ...)
  local snn = require "snn"
  local texts, tell, mode = {}, warn, snn.warnings(true)
  _G.warn = function(...) texts[#texts + 1] = table.concat { ... } end
  local results = table.pack(pcall(fn, ...))
  _G.warn = tell
  snn.warnings(mode)
  if not results[1] then error(results[2], 0) end
  return texts, table.unpack(results, 2, results.n)
end

---Asserts that fn(...) raises an error of this kind whose message holds text.
---@param kind string
---@param text string
---@param fn function
function support.fails(kind, text, fn, ...)
  local ok, err = pcall(fn, ...)
  if ok then error("no error came", 2) end
  if type(err) ~= "table" or err.kind ~= kind or not err.message:find(text, 1, true) then
    error(("expected %s '%s', got %s"):format(kind, text, tostring(err)), 2)
  end
end

return support
