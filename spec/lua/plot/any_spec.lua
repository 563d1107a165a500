-- Any data: what all plots hold, of random shapes, types and values, NaN and the ends of
-- the numbers among them.
local snn = require "snn"

local random = math.random
local function pick(list) return list[random(#list)] end

local function shape_of(dims)
  local shape = {}
  for d = 1, dims do shape[d] = pick { 0, 1, 2, random(10), random(50), d == 1 and 5000 or 60 } end
  return shape
end

local VALUES <const> = {
  function(shape) return snn.zeros(shape) end,
  function(shape) return snn.full(shape, random() * 10.0 ^ random(-30, 30)) end,
  function(shape) return snn.randn(shape) * 10.0 ^ random(-20, 20) + pick { 0, 1e3, -1e6 } end,
  function(shape) return snn.randint(-5, 40, shape) end,
  function(shape) return snn.randn(shape):gt(0) end,
  function(shape) return snn.randn(shape):to "float64" * 10.0 ^ random(-300, 300) end,
}

local function damaged(t)
  if t.numel == 0 or t.dtype == "bool" or t.dtype == "int64" then return t end
  local flat = t:reshape(-1)
  for _ = 1, random(5) do
    flat[random(flat.numel)] = pick { 0 / 0, 1 / 0, -1 / 0, 3e38, -3e38, t.dtype == "float64"
      and 1.7e308 or 1 }
  end
  return flat:reshape(t.shape)
end

local function data_of(kind)
  local t = pick(VALUES)(shape_of(kind == "image" and 2 or random(2)))
  if random(3) == 1 then t = damaged(t) end
  return t.ndim == 2 and random(3) == 1 and t:transpose(1, 2) or t
end

local function options_of()
  return { width = random(20, 120), height = random(10, 40), utf8 = random(2) == 1,
    color = random(3) == 1, title = ("é"):rep(random(40)), xlabel = ("x"):rep(random(150)),
    ylabel = random(2) == 1 and "" or nil }
end

---The plot's lines fit; else what does not.
local function misfit(plot, options)
  local lines = 0
  for line in (plot.text .. "\n"):gmatch "(.-)\n" do
    lines = lines + 1
    local shown = line:gsub("\27%[[%d;]*m", "")
    if utf8.len(shown) > options.width then return "too wide: " .. shown end
  end
  if lines > options.height then return "too high: " .. lines end
  return nil
end

describe("any data", function()
  for _, kind in ipairs { "raster", "line", "hist", "image" } do
    it("is drawn by plot." .. kind .. " within its size", function()
      math.randomseed(1)
      snn.manual_seed(1)
      for _ = 1, 25 do
        local t, options = data_of(kind), options_of()
        if kind == "hist" then options.bins = random(10) end
        local plot = snn.plot[kind](t, options)
        assert.is_nil(misfit(plot, options))
        if kind == "hist" then
          local finite = t.dtype:find "float" and t:isfinite():sum():item() or t.numel
          assert.equal(finite, plot.counts:sum():item())
        end
      end
    end)
  end
end)
