-- What a saved file tells of the process that wrote it.
local support = require "spec.support"

-- Prints what the library knows of itself, a line each; its tools are in the registry
-- when it is open.
local SCRIPT <const> = [[
  %s
  local _ = snn.Error
  for _, tools in pairs(debug.getregistry()) do
    if type(tools) == "table" and rawget(tools, "provenance") then
      %s
      for name, text in pairs(tools.provenance()) do print(name .. "=" .. text) end
    end
  end]]

local function text(before, between) return SCRIPT:format(before or "", between or "") end

local function known_of(printed)
  local known = {}
  for name, value in printed:gmatch "([%w_]+)=([^\n]*)" do known[name] = value end
  return known
end

-- Runs the text as a script of a file, with arguments and options for the shell.
local function known(script, options, arguments, environment)
  local path = support.file(script)
  local run = support.snnlua(("%s %s %s"):format(options or "", path, arguments or ""),
    { env = environment })
  assert.same({ 0, "" }, { run.code, run.err })
  local found = known_of(run.out)
  found.path, found.text = path, script
  os.remove(path)
  return found
end

describe("provenance", function()
  it("tells version, seed and threads", function()
    local found = known(text(), "--seed -3 --threads 2")
    local version = support.snnlua("--version").out:match "^snnlua ([%d.]+)"
    assert.same({ version, "-3", "2" }, { found.version, found.seed, found.threads })
  end)

  it("tells the seed that the script set last", function()
    assert.equal("7", known(text "snn.manual_seed(7)", "--seed 3").seed)
  end)

  it("tells the instruction set that is used", function()
    assert.equal("v1", known(text(), "", "", { SNN_ISA = "v1" }).instruction_set)
  end)

  it("tells the processor as the system does", function()
    local file = io.open("/proc/cpuinfo")
    local name = file and file:read("a"):match "model name%s*: ([^\n]*)"
    if file then file:close() end
    assert.equal(name, known(text()).processor)
  end)

  it("tells the words of the command line as a shell takes them", function()
    local found = known(text(), "--seed=5", [['a b' "it's" x=1 ''%]])
    local line = found.command_line:gsub("^.-(%-%-seed)", "%1"):gsub(found.path, "SCRIPT")
    assert.equal([[--seed=5 SCRIPT 'a b' 'it'\''s' x=1 %]], line)
  end)

  it("escapes what is no UTF-8", function()
    local found = known(text(), "", [["$(printf '\377\033')"]])
    assert.truthy(found.command_line:find([['\xFF\x1B']], 1, true))
    assert.truthy(utf8.len(found.command_line))
  end)

  it("tells the script, and its digest as it was at the start", function()
    local found = known(text [[local file = io.open(arg[0], "a") file:write " " file:close()
      arg = nil]])
    local path = support.file(found.text)
    local sum = support.shell("sha256sum < " .. path).out:match "%x+"
    os.remove(path)
    assert.equal(found.path, found.script)
    if found.script_sha256 then
      assert.equal(sum, found.script_sha256)
    else
      assert.truthy(found.script_crc32:find "^%x%x%x%x%x%x%x%x$")
    end
  end)

  it("leaves a script that comes from a pipe to run", function()
    local found = known_of(support.snnlua("/dev/stdin", { input = text() }).out)
    assert.equal("/dev/stdin", found.script)
    local piped = support.shell(("cat | %s /dev/stdin"):format(support.quote(support.program)),
      { input = text() })
    assert.same({ 0, nil }, { piped.code, known_of(piped.out).script_sha256 })
  end)

  it("knows no script where there is none", function()
    assert.is_nil(known_of(support.snnlua("-e " .. support.quote(text())).out).script)
    assert.equal("-", known_of(support.run(text()).out).script)
  end)

  it("names OpenBLAS and its kernel once it has computed a product", function()
    assert.equal("not used", known(text()).blas)
    local product = text("local a = snn.ones(40, 40) a:matmul(a)")
    assert.truthy(known(product).blas:find "^OpenBLAS [%d.]+ %a+")
  end)

  it("names the kernel of another run when it is asked to load it", function()
    local found = known(text("", "print('here=' .. tools.blas(true))"))
    assert.equal(found.here, found.blas)
  end)

  it("is the same under a stock interpreter", function()
    if not support.cpath then return end
    local path = support.file("snn = require 'snn' " .. text())
    local run = support.shell(("LUA_CPATH=%s lua5.4 -W %s a"):format(
      support.quote(support.cpath .. ";;"), path))
    os.remove(path)
    local found = known_of(run.out)
    assert.same({ path, "lua5.4 -W " .. path .. " a" }, { found.script, found.command_line })
  end)
end)

-- OpenBLAS has kernels of several processors in it, of which the environment chooses.
describe("a file that was computed with another kernel of OpenBLAS", function()
  local path

  before_each(function() path = support.file() end)
  after_each(function() os.remove(path) end)

  local SAVE <const> = "local a = snn.ones(40, 40) a:matmul(a) snn.save('%s', { x = a })"
  local LOAD <const> = "%s snn.load('%s', { x = snn.zeros(40, 40) }) print 'loaded'"

  local function run(script, kernel)
    return support.run(script, { OPENBLAS_CORETYPE = kernel })
  end

  local function load(before, kernel) return run(LOAD:format(before, path), kernel) end

  local function has_kernels()
    local print_kernel = text("local a = snn.ones(40, 40) a:matmul(a)")
    local function kernel(name) return known_of(run(print_kernel, name).out).blas end
    return kernel "Haswell" ~= kernel "Nehalem"
  end

  it("loads with one warning", function()
    if not has_kernels() then return end
    assert.equal("", run(SAVE:format(path), "Haswell").err)
    local result = load("", "Nehalem")
    assert.equal("loaded\n", result.out)
    assert.truthy(result.err:find("^Lua warning: [^\n]*load: '" .. path .. "' was computed with "
      .. "OpenBLAS [%d.]+ Haswell, here it is OpenBLAS [%d.]+ Nehalem: the last bits of dense "
      .. "products may be others\n$"))
  end)

  it("is refused where warnings are errors", function()
    if not has_kernels() then return end
    run(SAVE:format(path), "Haswell")
    assert.equal(1, load("snn.warnings 'error'", "Nehalem").code)
  end)

  it("loads silently with the same kernel, or without dense products", function()
    run(SAVE:format(path))
    assert.same({ "", "loaded\n" }, { load("").err, load("").out })
    run(("snn.save('%s', { x = snn.ones(40, 40) })"):format(path), "Haswell")
    assert.equal("", load("", "Nehalem").err)
  end)
end)
