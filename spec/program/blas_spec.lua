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
