-- The order of spikes is that of intensities.
local snn = require "snn"

local function ranks(x, args)
  local all = { steps = #x[1], step_time = 1 }
  for k, v in pairs(args or {}) do all[k] = v end
  local train, out = snn.RankOrderEncoder(all)(snn.tensor(x)), {}
  for step = 1, all.steps do
    out[step] = {}
    for _, at in ipairs(train[step]:nonzero():totable()) do
      out[step][#out[step] + 1] = table.concat(at, ",")
    end
  end
  return out
end

describe("RankOrderEncoder", function()
  it("lets inputs spike from the strongest to the weakest, each once", function()
    assert.same({ { "1,3" }, { "1,1" }, { "1,4" }, { "1,2" } }, ranks { { 0.6, 0.1, 0.9, 0.3 } })
  end)

  it("lets the same intensities spike in the order of their places", function()
    assert.same({ { "1,2" }, { "1,4" }, { "1,1" }, { "1,3" } }, ranks { { 0.5, 0.7, 0.5, 0.7 } })
  end)

  it("ranks each sample alone, and no input of intensity 0", function()
    assert.same({ { "1,1", "2,3" }, { "2,2" }, {} }, ranks { { 0.2, 0, 0 }, { 0, 0.1, 1 } })
  end)

  it("ends with the train", function()
    assert.same({ { "1,3" }, { "1,1" } }, ranks({ { 0.6, 0.1, 0.9, 0.3 } }, { steps = 2 }))
  end)

  it("lets as many spike in a step as it is told", function()
    assert.same({ { "1,1", "1,3" }, { "1,2", "1,4" } },
      ranks({ { 0.6, 0.1, 0.9, 0.3 } }, { steps = 2, per_step = 2 }))
  end)

  -- Thorpe: contrast does not matter
  it("does not see a change of contrast that keeps the order", function()
    snn.manual_seed(1)
    local x = snn.rand(4, 300)
    local encoder = snn.RankOrderEncoder { steps = 300, step_time = 1 }
    assert.is_true(encoder(x):equal(encoder(x * 0.5)))
    assert.is_true(encoder(x):equal(encoder(x:sqrt())))
    assert.equal(1200, encoder(x):sum():item())
    assert.is_true(encoder(x):sum(3):eq(1):all():item())
  end)
end)
