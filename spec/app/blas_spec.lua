-- OpenBLAS is loaded with the first dense product.
local support = require "spec.support"

-- Runs the program where the library cannot be loaded.
local function run_without(code)
  local folder = os.tmpname()
  os.remove(folder)
  os.execute("mkdir " .. folder)
  local file = assert(io.open(folder .. "/libopenblas.so.0", "w"))
  file:write("no library")
  file:close()
  local result = support.snnlua("-e " .. support.quote(code),
    { env = { LD_LIBRARY_PATH = folder } })
  os.execute("rm -r " .. folder)
  return result
end

describe("without OpenBLAS", function()
  it("a product is an error that says what is missing", function()
    local result = run_without [[
      local a = snn.ones(3, 3)
      local good, why = pcall(a.matmul, a, a)
      print(good, why.kind, why.message:match "matmul: a dense product needs OpenBLAS" ~= nil)]]
    assert.equal("false\tRuntimeError\ttrue\n", result.out)
  end)

  it("a dense step is one too, and changes nothing", function()
    local result = run_without [[
      local conn = snn.LinearDense { in_shape = 4, out_shape = 4, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
      local good, why = pcall(conn, snn.ones(1, 4, { dtype = "bool" }))
      print(good, why.kind, conn.synapse.spike:sum():item())]]
    assert.equal("false\tRuntimeError\t0\n", result.out)
  end)

  it("all that is driven by events works", function()
    local result = run_without [[
      local conn = snn.LinearDense { in_shape = 4, out_shape = 2, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 },
        weight_init = function(w) return snn.ones(w.shape) end }
      print(conn(snn.tensor { { true, false, false, false } }):sum():item())]]
    assert.same({ "", "2.0\n" }, { result.err, result.out })
  end)
end)

-- OpenBLAS itself asks for memory without end where there is none, so that a
-- fault here is a process that `timeout` ends (124). In KiB; a sanitised program
-- needs terabytes of addresses for itself.
describe("in few addresses", function()
  if not support.cpath then return end

  local function limited(kib, code, command)
    local result = support.shell(("ulimit -v %d; timeout 60 %s -e %s"):format(kib,
      command or support.quote(support.program), support.quote(code)))
    assert.same({ 0, "" }, { result.code, result.err })
    return result.out
  end

  local MULTIPLY <const> = [[
    local snn = require "snn"
    local a = snn.ones(200, 200)
    local function multiply(threads)
      snn.set_num_threads(threads)
      local ok, e = pcall(function() return a:matmul(a):sum():item() end)
      print(ok, ok and e or e.kind .. ": " .. e.message:match "matmul: not enough memory")
    end
  ]]
  local REFUSED <const> = "false\tRuntimeError: matmul: not enough memory\n"

  it("the first product is an error, in the program and as a module", function()
    local module = ("LUA_CPATH=%s lua5.4"):format(support.quote(support.cpath .. ";;"))
    for _, threads in ipairs { 1, 2, 4 } do
      local code = MULTIPLY .. ("multiply(%d) multiply(%d)"):format(threads, threads)
      assert.equal(REFUSED:rep(2), limited(160000, code))
      assert.equal(REFUSED:rep(2), limited(160000, code, "env " .. module))
    end
  end)

  it("more threads are one, and fewer work", function()
    local code = MULTIPLY .. "multiply(64) multiply(1) multiply(64) multiply(1)"
    assert.equal((REFUSED .. "true\t8000000.0\n"):rep(2), limited(600000, code))
  end)

  it("a dense step is an error that changes nothing", function()
    assert.equal("false\tRuntimeError\t0\n", limited(160000, [[
      local conn = snn.LinearDense { in_shape = 4, out_shape = 4, step_time = 1,
        synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 1 } }
      local good, why = pcall(conn, snn.ones(1, 4, { dtype = "bool" }))
      print(good, why.kind, conn.synapse.spike:sum():item())]]))
  end)
end)
