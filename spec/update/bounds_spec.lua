-- The functions snn.functional.bound_*.
local snn = require "snn"
local near = require "spec.near"
local f = snn.functional

local function kind_of(fn, ...)
  local ok, err = pcall(fn, ...)
  assert.is_false(ok)
  return err.kind, err.message
end

-- By hand for a parameter of 0.75, limits 1 and 0.25, an update of 2: room is
-- 0.25 above and 0.5 below.
local BY_HAND = {
  { "power", { power = 2 }, 0.125, 0.5 },
  { "power", { power = 0.5 }, 1, 2 * math.sqrt(0.5) },
  { "power", { power = 1 }, 0.5, 1 },
  { "scaled_power", { power = 2, range = 0.5 }, 0.5, 2 },
  { "multiplicative", nil, 0.5, 1 },
  { "scaled_multiplicative", { range = 0.25 }, 2, 4 },
  { "sharp", nil, 2, 2 },
}

for _, dtype in ipairs { "float32", "float64" } do
  describe("the bounds in " .. dtype, function()
    local function tensor(v) return snn.tensor(v, { dtype = dtype }) end

    for _, case in ipairs(BY_HAND) do
      local law, options, upper, lower = table.unpack(case)
      it(("scale an update by the %s law"):format(law), function()
        local param, update = tensor { 0.75, 0.75 }, tensor { 2, 0 }
        local above = f["bound_upper_" .. law](param, update, 1, options)
        local below = f["bound_lower_" .. law](param, update, 0.25, options)
        near(tensor { upper, 0 }, above)
        near(tensor { lower, 0 }, below)
        assert.equal(dtype, above.dtype)
      end)
    end

    it("subtract the lower side from the upper one", function()
      local param, pos, neg = tensor { 0.75 }, tensor { 2 }, tensor { 1 }
      near(tensor { 0.5 - 0.5 }, f.bound_multiplicative(param, pos, neg, 1, 0.25))
      near(tensor { 2 - 1 }, f.bound_sharp(param, pos, neg, 1, 0.25))
      near(tensor { 2 / 3 - 2 / 3 }, f.bound_scaled_multiplicative(param, pos, neg, 1, 0.25))
      local powers = { upper_power = 2, lower_power = 3 }
      near(tensor { 2 * 0.25 ^ 2 - 0.5 ^ 3 }, f.bound_power(param, pos, neg, 1, 0.25, powers))
      near(tensor { 2 / 9 - 8 / 27 }, f.bound_scaled_power(param, pos, neg, 1, 0.25, powers))
    end)

    it("let a side without its limit pass", function()
      local param, pos, neg = tensor { 0.75 }, tensor { 2 }, tensor { 1 }
      near(tensor { 0.5 - 1 }, f.bound_multiplicative(param, pos, neg, 1, nil))
      near(tensor { 2 - 0.5 }, f.bound_multiplicative(param, pos, neg, nil, 0.25))
      near(tensor { 1 }, f.bound_scaled_multiplicative(param, pos, neg))
    end)

    it("drop updates at and beyond a sharp limit", function()
      local param, update = tensor { 0, 1, -0.25, 1.25 }, tensor { 1, 2, 3, 4 }
      near(tensor { 1, 0, 3, 0 }, f.bound_upper_sharp(param, update, 1))
      near(tensor { 0, 2, 0, 4 }, f.bound_lower_sharp(param, update, 0))
    end)

    it("keep NaN in its element, and none where there is no update", function()
      local nan = 0 / 0
      local param = tensor { nan, nan, 2, 2, 0.5 }
      local update = tensor { 1, 0, 1, 0, 1 }
      local got = f.bound_upper_power(param, update, 1, { power = 0.5 }):totable()
      assert.truthy(got[1] ~= got[1])
      assert.same({ 0, 0, 0 }, { table.unpack(got, 2, 4) })
      near(tensor { math.sqrt(0.5) }, tensor { got[5] })
      local sharp = f.bound_upper_sharp(param, update, 1):totable()
      assert.truthy(sharp[1] ~= sharp[1])
      assert.same({ 0, 0, 0, 1 }, { table.unpack(sharp, 2) })
    end)
  end)
end

describe("the bounds", function()
  local param, update = snn.tensor { { 0.25, 0.5 }, { 0.75, 1 } }, snn.ones(2, 2)

  it("take tensors as limits, which broadcast", function()
    local got = f.bound_upper_multiplicative(param, update, snn.tensor { 1, 2 })
    near(snn.tensor { { 0.75, 1.5 }, { 0.25, 1 } }, got)
    local full = f.bound_scaled_multiplicative(param, update, update, snn.tensor { 1, 2 }, 0)
    near(snn.tensor { { 0.5, 0.5 }, { -0.5, 0 } }, full)
  end)

  it("broadcast their tensors", function()
    near(snn.tensor { { 0.75, 1 }, { 0.25, 0 } },
      f.bound_upper_multiplicative(param, snn.tensor { 1, 2 }, 1))
  end)

  it("give the higher real dtype", function()
    local double = snn.ones({ 2, 2 }, { dtype = "float64" })
    assert.equal("float64", f.bound_upper_sharp(param, double, 1).dtype)
    local whole = snn.tensor({ 1, 2 }, { dtype = "int64" })
    assert.equal("float32", f.bound_upper_sharp(whole, whole, 3).dtype)
  end)

  it("read views", function()
    near(f.bound_upper_power(param:transpose(1, 2):clone(), update, 1, { power = 3 }),
      f.bound_upper_power(param:transpose(1, 2), update, 1, { power = 3 }))
  end)

  it("leave their operands as they are", function()
    f.bound_power(param, update, update, 1, 0, { upper_power = 3, lower_power = 3 })
    near(snn.tensor { { 0.25, 0.5 }, { 0.75, 1 } }, param)
    near(snn.ones(2, 2), update)
  end)

  it("take empty tensors", function()
    local none = snn.zeros(0, 3)
    assert.same({ 0, 3 }, f.bound_multiplicative(none, none, none, 1, 0).shape)
  end)

  it("refuse what they cannot use, by name", function()
    local kind, text = kind_of(f.bound_upper_power, param, update, 1, { powr = 2 })
    assert.equal("TypeError", kind)
    assert.truthy(text:find("bound_upper_power: unknown argument 'powr' (did you mean 'power'?)",
      1, true))
    kind, text = kind_of(f.bound_upper_power, param, update, 1)
    assert.equal("TypeError", kind)
    assert.truthy(text:find("'power' is missing", 1, true))
    kind, text = kind_of(f.bound_upper_sharp, param, update)
    assert.equal("TypeError", kind)
    assert.truthy(text:find("'limit' is missing", 1, true))
    kind, text = kind_of(f.bound_upper_sharp, param, 1, 1)
    assert.equal("TypeError", kind)
    assert.truthy(text:find("'update' must be a tensor, got number 1", 1, true))
    assert.equal("ValueError",
      kind_of(f.bound_upper_scaled_multiplicative, param, update, 1, { range = 0 }))
    assert.equal("ValueError", kind_of(f.bound_upper_sharp, param, snn.ones(3), 1))
    kind, text = kind_of(f.bound_scaled_multiplicative, param, update, update, 1, nil)
    assert.equal("ValueError", kind)
    assert.truthy(text:find("'min' is missing", 1, true))
  end)

  it("refuse limits that are no numbers, by name and index", function()
    local function refused(want, fn, ...)
      local kind, text = kind_of(fn, ...)
      assert.equal("ValueError", kind)
      assert.truthy(text:find(want, 1, true), text)
    end
    local nan, limits = 0 / 0, snn.tensor { { 1, 2 }, { 3, 1 / 0 } }
    refused("bound_upper_sharp: 'limit' must be a number, got", f.bound_upper_sharp, param,
      update, nan)
    refused("bound_upper_power: 'limit' must be finite, got inf", f.bound_upper_power, param,
      update, 1 / 0, { power = 2 })
    refused("bound_multiplicative: 'min' must be finite, got -inf", f.bound_multiplicative, param,
      update, update, 1, -1 / 0)
    refused("'max' must be finite, got inf at index (2, 2)", f.bound_multiplicative, param,
      update, update, limits, 0)
    refused("upperbound: 'max' must be finite, got inf", function(limit)
      local acc = snn.Accumulator()
      acc:upperbound(f.bound_upper_multiplicative, limit)
    end, 1 / 0)
    near(update, f.bound_upper_sharp(param, update, 1 / 0))
    near(update, f.bound_upper_sharp(param, update, limits))
  end)

  it("refuse a range that is none", function()
    local kind, text = kind_of(f.bound_scaled_multiplicative, param, update, update, 1, 1)
    assert.equal("ValueError", kind)
    assert.truthy(text:find("'max' must be greater than 'min' for a scaled bound, got 1 and 1",
      1, true), text)
    kind, text = kind_of(f.bound_scaled_power, param, update, update, snn.tensor { 1, 2 }, 2,
      { upper_power = 1, lower_power = 1 })
    assert.equal("ValueError", kind)
    assert.truthy(text:find("at index (1,) it is -1 more", 1, true), text)
  end)
end)
