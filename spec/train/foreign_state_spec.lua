-- A trainer that has the state of a trainer of other cells.
local snn = require "snn"
local cells = require "spec.train.cells"
local raises = require("spec.support").fails

local PAIR <const> = { lr_post = 1, lr_pre = -1, tc_post = 20, tc_pre = 20 }
local RULES <const> = {
  STDP = PAIR,
  MSTDP = PAIR,
  TripletSTDP = { lr_post_pair = 1, lr_post_triplet = 1, lr_pre_pair = -1, lr_pre_triplet = -1,
    tc_post_fast = 10, tc_post_slow = 20, tc_pre_fast = 10, tc_pre_slow = 20 },
}

local function made(rule, inputs, outputs, dtype)
  local layer = cells.serial("LinearDense", { in_shape = inputs, out_shape = outputs,
    batch_size = 2, dtype = dtype })
  local trainer = snn[rule](RULES[rule])
  trainer:register_cell("cell", layer.cell)
  local function step() cells.step(layer, snn.ones(2, inputs), snn.ones(2, outputs)) end
  step()
  return layer, trainer, step
end

for rule in pairs(RULES) do
  describe(rule .. " with the state", function()
    local reward = rule:find "^MSTDP" and 1 or nil
    for name, size in pairs { inputs = { 300, 5 }, outputs = { 4, 300 } } do
      it("of other " .. name .. " refuses a call before the next step", function()
        local layer, trainer, step = made(rule, 4, 5)
        local _, other = made(rule, size[1], size[2])
        trainer:load_state_dict(other:state_dict())
        raises("RuntimeError", "the layer must make a step first", trainer, reward)
        assert.is_nil(layer.updater.weight.pos)
        step()
        trainer(reward)
        layer:update()
        assert.is_true(layer.connection.weight:isfinite():all():item())
      end)
    end

    for _, dtypes in ipairs { { "float32", "float64" }, { "float64", "float32" } } do
      it(("of %s goes on in %s"):format(dtypes[2], dtypes[1]), function()
        local layer, trainer, step = made(rule, 40, 50, dtypes[1])
        local _, other = made(rule, 40, 50, dtypes[2])
        local twin, want, twin_step = made(rule, 40, 50, dtypes[1])
        trainer:clear()
        trainer:load_state_dict(other:state_dict())
        step()
        twin_step()
        trainer(reward)
        want(reward)
        assert.is_true(layer.updater.weight.pos:allclose(twin.updater.weight.pos, 1e-5, 1e-6))
        assert.equal("bool", trainer:get_monitor("cell", "spike_post"):peek().dtype)
      end)
    end
  end)
end
