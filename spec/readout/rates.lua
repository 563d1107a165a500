-- Steps for the specs of trainers by numbers: one input, one output, traces that
-- halve each step.
local snn = require "snn"
local cells = require "spec.train.cells"

local rates = {}

---A layer of one weight, 0, trained by that class.
function rates.pair(class, args, changes)
  local options = { in_shape = 1, out_shape = 1 }
  for k, v in pairs(changes or {}) do options[k] = v end
  local layer = cells.serial("LinearDense", options)
  local trainer = snn[class](args)
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

local function spikes(word, mark) return { { word:find(mark, 1, true) and 1 or 0 } } end

---Steps in words: "<" an input spike, ">" one of the neuron, "." none.
function rates.play(layer, words)
  for word in words:gmatch "%S+" do
    cells.step(layer, spikes(word, "<"), spikes(word, ">"))
  end
end

---pos and neg of a parameter's accumulator as nested lists, which is cleared.
function rates.terms(layer, param)
  local accumulator = layer.updater[param or "weight"]
  local pos, neg = accumulator.pos, accumulator.neg
  accumulator:clear()
  return pos and pos:totable(), neg and neg:totable()
end

return rates
