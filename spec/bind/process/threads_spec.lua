local snn = require "snn"

describe("set_num_threads", function()
  local before

  before_each(function() before = snn.get_num_threads() end)
  after_each(function() snn.set_num_threads(before) end)

  it("is read by get_num_threads", function()
    snn.set_num_threads(3)
    assert.equal(3, snn.get_num_threads())
  end)

  it("refuses what is out of range and keeps the number", function()
    local ok, err = pcall(snn.set_num_threads, 0)
    assert.is_false(ok)
    assert.equal("ValueError", err.kind)
    assert.equal("set_num_threads: 'n' must be from 1 to 256, got 0", err.message)
    assert.equal(before, snn.get_num_threads())
  end)

  it("refuses what is no integer", function()
    local _, err = pcall(snn.set_num_threads, "two")
    assert.equal("TypeError", err.kind)
  end)
end)
