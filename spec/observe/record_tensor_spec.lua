local snn = require "snn"
local near = require "spec.near"

describe("RecordTensor", function()
  it("keeps tensors in their dtype", function()
    for _, dtype in ipairs { "bool", "int64", "float32", "float64" } do
      local record = snn.RecordTensor { step_time = 1, duration = 2 }
      record:push(snn.ones(2, { dtype = dtype }))
      assert.equal(dtype, record:peek().dtype)
      assert.equal(dtype, record:dump().dtype)
    end
  end)

  it("reads as fill before the first", function()
    local record = snn.RecordTensor { step_time = 1, duration = 3, fill = -7 }
    record:push(snn.tensor { 1 })
    near({ 1, -7, -7 }, record:dump())
    near({ -7 }, record:view(2))
  end)

  it("reads as the nearer step between two, of two as near the older", function()
    local record = snn.RecordTensor { step_time = 1, duration = 2 }
    record:push(snn.tensor { 1 })
    record:push(snn.tensor { 2 })
    near({ 2 }, record:view(0.4))
    near({ 1 }, record:view(0.5))
    near({ 1 }, record:view(0.6))
  end)

  it("says how many steps it keeps, and of what shape", function()
    local record = snn.RecordTensor { step_time = 0.5, duration = 2.2 }
    assert.equal(5, record.recordsz)
    assert.is_nil(record.shape)
    record.inclusive = true
    assert.equal(6, record.recordsz)
    record.duration = 0
    assert.equal(1, record.recordsz)
    record:push(snn.zeros(2, 3))
    assert.same({ 2, 3 }, record.shape)
  end)
end)
