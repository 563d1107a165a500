---@meta
-- Annotations of what is written in C, for editors (LuaCATS): methods of layers, cells,
-- updaters and trainers; and examples of monitors.
-- luacheck: ignore

--- Data sets and batches of them.
--- ```lua
--- for x, y in snn.data.loader({ images = snn.rand(4, 2), labels = { 1, 2, 1, 2 } }) do
---   print(x.shape[1], y:item())
--- end
--- ```
---@class snn.data
snn.data = {}

--- A value that takes an option away where nil means that it stays as it is.
--- ```lua
--- local connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- connection.updater = connection:defaultupdater()
--- connection.updater.weight:upperbound("bound_upper_sharp", 1)
--- connection.updater.weight:upperbound(snn.none)
--- print(connection.updater.weight:update(connection.weight))
--- ```
snn.none = nil

--- One step of the connections that `inputs` names and the neurons that wiring
--- returns. A forward that fails leaves them as they were.
--- ```lua
--- -- as snn.Layer:
--- for _ = 1, 5 do layer { enc = snn.ones(1, 3):gt(0) } end
--- print(layer.neurons.out.voltage)
--- ```
---@param inputs table<string, snn.Tensor|snn.Tensor[]>
---@param options? { connection_kwargs?: table, neuron_kwargs?: table,
---  capture_intermediate?: boolean } other keys reach wiring
---@return table<string, snn.Tensor> spikes, table<string, snn.Tensor>? currents
function snn.Layer:forward(inputs, options) end
--- Applies and clears the updaters of all connections.
--- ```lua
--- -- as snn.Layer:
--- local connection = layer.connections.enc
--- connection.updater = connection:defaultupdater()
--- connection.updater.weight.pos = snn.ones(2, 3)
--- local before = connection.weight:clone()
--- layer:update()
--- print(connection.weight - before)
--- ```
---@param options? { clear?: boolean }
function snn.Layer:update(options) end

--- RuntimeError: a cell runs in its layer.
--- Not to be called: a cell runs in its layer. RuntimeError: always.
--- ```lua
--- -- as snn.Cell:
--- print(pcall(cell))
--- ```
function snn.Cell:forward() end

--- The accumulators of a connection's parameters, by their names.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 3, out_shape = 2, step_time = 1,
---   bias = true, delay = 3, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- local updater = connection:defaultupdater()
--- connection.updater = updater
--- print(table.concat(updater.names, ", "))
--- ```
---@class snn.Updater
snn.Updater = {}
--- Applies the gathered updates of all parameters, or of those named.
--- ```lua
--- -- as snn.Updater:
--- updater.bias.pos = snn.ones(2)
--- connection.bias = snn.zeros(2)
--- updater()
--- print(connection.bias)
--- ```
---@param ... string
function snn.Updater:forward(...) end
--- Drops what all its accumulators have gathered; nothing is applied.
--- ```lua
--- -- as snn.Updater:
--- updater.bias.pos = snn.ones(2)
--- updater:clear()
--- print(updater.bias:update(connection.bias))
--- ```
function snn.Updater:clear() end

--- Gathers terms of one parameter, those that raise it and those that lower it, until the
--- updater applies their difference.
--- ```lua
--- local connection = snn.LinearDirect { shape = 2, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 2 } }
--- connection.updater = connection:defaultupdater()
--- connection.weight = snn.ones(2)
--- local accumulator = connection.updater.weight
--- accumulator.pos = snn.tensor { 0.5, 0.25 }
--- accumulator.neg = snn.tensor { 0.1, 0.1 }
--- print(accumulator:update(connection.weight))
--- ```
---@class snn.Accumulator
snn.Accumulator = {}
--- The parameter with what was gathered added, bounds and reduction applied; what was
--- gathered stays.
--- ```lua
--- -- as snn.Accumulator:
--- print(accumulator(connection.weight))
--- ```
---@param param snn.Tensor
---@return snn.Tensor the parameter, updated
function snn.Accumulator:forward(param) end
--- What was gathered, as one change; nil when there is nothing.
--- ```lua
--- -- as snn.Accumulator:
--- print(accumulator:update(connection.weight))
--- ```
---@param param snn.Tensor
---@return snn.Tensor? the change
function snn.Accumulator:update(param) end
--- Drops what was gathered.
--- ```lua
--- -- as snn.Accumulator:
--- accumulator:clear()
--- print(accumulator:update(connection.weight))
--- ```
function snn.Accumulator:clear() end
--- How several terms become one: by their sum unless told.
--- ```lua
--- -- as snn.Accumulator:
--- accumulator:reduction("mean")
--- accumulator.pos = snn.tensor { 1, 1 }
--- print(accumulator:update(connection.weight))
--- ```
---@param fn "sum"|"mean"|"max"|"min"|function|userdata snn.none: the sum
function snn.Accumulator:reduction(fn) end
--- Scales what raises the parameter by how near it is to `max`.
--- ```lua
--- -- as snn.Accumulator:
--- accumulator:upperbound("bound_upper_multiplicative", 2)
--- print(accumulator:update(connection.weight))
--- ```
---@param fn function|string|userdata of snn.functional, by name too, or (param, update, limit,
--- kwargs); snn.none removes it
function snn.Accumulator:upperbound(fn, max, kwargs) end
--- Scales what lowers the parameter by how near it is to `min`.
--- ```lua
--- -- as snn.Accumulator:
--- accumulator:lowerbound("bound_lower_multiplicative", 0)
--- print(accumulator:update(connection.weight))
--- ```
function snn.Accumulator:lowerbound(fn, min, kwargs) end
--- Scales both sides by how near the parameter is to `max` and `min`.
--- ```lua
--- -- as snn.Accumulator:
--- accumulator:fullbound("bound_multiplicative", 2, 0)
--- print(accumulator:update(connection.weight))
--- ```
---@param fn function|string|userdata the same, or (param, pos, neg, max, min, kwargs) -> tensor
function snn.Accumulator:fullbound(fn, max, min, kwargs) end

--- The base of rules that treat each cell by itself. Adds to the updaters of its
--- cells; RuntimeError before the first step.
--- ```lua
--- local layer = snn.Serial { connection = snn.LinearDense { in_shape = 2, out_shape = 1,
---   step_time = 1, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } },
---   neuron = snn.ExactNeuron { shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- layer.connection.updater = layer.connection:defaultupdater()
--- local trainer = snn.STDP { lr_post = 0.01, lr_pre = -0.004, tc_post = 20, tc_pre = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- trainer()
--- print(layer.connection.updater.weight:update(layer.connection.weight))
--- ```
---@class snn.IndependentCellTrainer: snn.CellTrainer
snn.IndependentCellTrainer = {}
--- Adds to the updaters of all cells what this step asks for.
--- ```lua
--- -- as snn.IndependentCellTrainer:
--- trainer:forward()
--- print(layer.connection.updater.weight:update(layer.connection.weight))
--- ```
function snn.IndependentCellTrainer:forward() end
--- Changes what a cell has in place of the trainer's arguments.
--- ```lua
--- -- as snn.IndependentCellTrainer:
--- trainer:set("cell", { lr_post = 0.5 })
--- print(trainer:get_unit("cell").state.lr_post)
--- ```
---@param name string of the cell
---@param changes table
function snn.IndependentCellTrainer:set(name, changes) end
--- Trains a cell under a name, with overrides in place of the trainer's arguments.
--- ```lua
--- -- as snn.IndependentCellTrainer:
--- trainer:del_cell("cell")
--- trainer:register_cell("again", layer.cell, { tc_pre = 5 })
--- print(trainer:get_unit("again").state.tc_pre)
--- ```
---@param name string not taken: ValueError
---@param cell snn.Cell
---@param overrides? table
---@return table unit { cell, state, monitors }
function snn.IndependentCellTrainer:register_cell(name, cell, overrides) end
--- What register_cell does, under the name that trainers of scripts have for it.
--- ```lua
--- -- as snn.IndependentCellTrainer:
--- trainer:del_cell("cell")
--- print(trainer:add_cell("again", layer.cell).cell == layer.cell)
--- ```
---@param name string
---@param cell snn.Cell
---@param overrides? table
---@return table unit
function snn.IndependentCellTrainer:add_cell(name, cell, overrides) end

--- Adds what the pairs of this step ask for, scaled by a reward signal.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.MSTDP { lr_post = 0.01, lr_pre = -0.004, tc_post = 20, tc_pre = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(-1) -- punished
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.MSTDP:forward(signal, options) end
--- Adds eligibility times the reward signal: what was eligible decays meanwhile.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.MSTDPET { lr_post = 0.01, lr_pre = -0.004, tc_post = 20,
---   tc_pre = 20, tc_eligibility = 50 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(1) -- rewarded
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.MSTDPET:forward(signal, options) end
--- Adds to weights what the adjusted times ask for, scaled by a reward signal.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1, delay = 3,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.DelayAdjustedMSTDP { lr_pos = 0.01, lr_neg = -0.004, tc_pos = 20,
---   tc_neg = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(-1) -- punished
--- print(connection.updater.weight:update(connection.weight))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.DelayAdjustedMSTDP:forward(signal, options) end
--- Adds to delays what the adjusted times ask for, scaled by a reward signal.
--- RuntimeError before the first step.
--- ```lua
--- local connection = snn.LinearDense { in_shape = 2, out_shape = 1, step_time = 1, delay = 3,
---   synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 } }
--- connection.updater = connection:defaultupdater()
--- local layer = snn.Serial { connection = connection, neuron = snn.ExactNeuron {
---   shape = 1, step_time = 1, rest_v = -60, thresh_v = -59 } }
--- local trainer = snn.DelayAdjustedMSTDPD { lr_pos = 0.01, lr_neg = -0.004, tc_pos = 20,
---   tc_neg = 20 }
--- trainer:register_cell("cell", layer.cell)
--- layer(snn.tensor { { true, false } })
--- layer(snn.tensor { { true, true } })
--- trainer(-1) -- punished
--- print(connection.updater.delay:update(connection.delay))
--- ```
---@param signal number|snn.Tensor for all samples, or (B) one for each
---@param options? { scale: number } 1: its absolute value counts
function snn.DelayAdjustedMSTDPD:forward(signal, options) end

--- Watches a module and hands what it sees to a reducer, at each call of the module.
--- ```lua
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.StateMonitor { module = neuron, attr = "voltage",
---   reducer = snn.PassthroughReducer { step_time = 1, duration = 2 } }
--- for current = 1, 3 do neuron(snn.full({ 1, 2 }, current)) end
--- print(monitor:dump())
--- ```
---@class snn.Monitor
snn.Monitor = {}
--- ```lua
--- local path = os.tmpname()
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- local monitor = snn.StateMonitor { module = neuron, attr = "voltage", file = path }
--- neuron(snn.ones(1, 2))
--- monitor:flush()
--- print(snn.load_npy(path))
--- os.remove(path)
--- ```
function snn.Monitor:flush() end
--- ```lua
--- -- as snn.Monitor:
--- monitor:deregister()
--- print(monitor.registered)
--- ```
function snn.Monitor:deregister() end

--- Makes a monitor of this class once its attribute and its module are known.
--- ```lua
--- local make = snn.StateMonitor.partialconstructor {
---   reducer = snn.PassthroughReducer { step_time = 1 } }
--- local neuron = snn.ExactNeuron { shape = 2, step_time = 1, rest_v = -60, thresh_v = -50 }
--- print(make("voltage", neuron).attr)
--- ```
---@param args table the other arguments
---@return fun(attr: string?, module: snn.Module): snn.Monitor
function snn.Monitor.partialconstructor(args) end
