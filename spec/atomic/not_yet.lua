-- Calls that still leave half of their work (walk.lua); ".method" is that of each
-- trainer. It is to become empty.
local names = {
  "LinearHomeostasis.forward",
  ".update",
  "CellTrainer.del_monitor",
  "CellTrainer.update",
  "Layer.add_cell",
  "Layer.add_connection",
  "Layer.add_neuron",
  "Layer.del_cell",
  "Layer.del_connection",
  "Layer.del_neuron",
  "Layer.forward",
  "Layer.forward as a call",
  "MSTDPET.forward by sample",
  "RecurrentSerial.forward",
  "RecurrentSerial.forward as a call",
  "Serial.forward",
  "Serial.forward as a call",
}

local out = {}
for _, name in ipairs(names) do out[name] = true end
return out
