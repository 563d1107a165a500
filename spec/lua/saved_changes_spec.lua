-- A run in which all that watches is changed in any order (registered, cleared, given other
-- arguments, modes, step times, batch sizes), saved anywhere and loaded: it goes on as the
-- one that went on.
local folder = require "spec.io.folder"
local live = require "spec.every.live"
local snn = require "snn"
local state = require "spec.atomic.state"

local SEEDS <const>, STEPS <const> = 40, 20

local function network()
  local net = snn.Serial {
    connection = snn.LinearDense { in_shape = 3, out_shape = 4, step_time = 1, batch_size = 2,
      delay = 2, synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 60 },
      weight_init = function(w) return snn.rand(w.shape) end },
    neuron = snn.LIF { shape = 4, step_time = 1, rest_v = -60, reset_v = -65, thresh_v = -50,
      refrac_t = 2, time_constant = 20, batch_size = 2 } }
  net.connection.updater = net.connection:defaultupdater()
  return net
end

local function monitors(net, rows)
  local function of(kind, args) return snn[kind .. "Monitor"](args) end
  return {
    of("State", { module = net.neuron, attr = "voltage", every = 3, last = 4 }),
    of("Difference", { module = net.neuron, attr = "voltage", budget = 1e6, eval_update = false }),
    of("Output", { module = net, attr = "connection", last = 3,
      filter = function(x) return x:sum():item() > 50 end }),
    of("Input", { module = net.cell, attr = "neuron",
      reducer = snn.PassthroughReducer { step_time = 1, duration = 3 } }),
    of("State", { module = net.cell, attr = "postspike", every = 2, budget = 1e6,
      as_prehook = true }),
    of("MultiState", { module = net.cell, attr = "neuron", subattrs = { "voltage" }, last = 6 }),
    of("State", { module = net.neuron, attr = "voltage", file = rows, every = 2 }),
  }
end

local function hooks(net)
  local list = {
    snn.Normalization { module = net, attr = "connection.weight", order = 1, scale = 2, dim = 2 },
    snn.Clamping { module = net, attr = "connection.weight", min = 0.05, max = 0.7 },
    snn.Clamping { module = net.connection, attr = "weight", max = 0.6, as_prehook = true },
    snn.Hook { posthook = function(m) m.connection.weight = m.connection.weight * 1.02 end },
  }
  list[4]:register(net)
  return list
end

local function build(rows)
  local net, pool = network(), snn.MonitorPool()
  local trainer = snn.STDP { lr_post = 0.1, lr_pre = -0.1, tc_post = 20, tc_pre = 20 }
  trainer:register_cell("cell", net.cell)
  local w = { net = net, trainer = trainer, pool = pool, monitors = monitors(net, rows),
    hooks = hooks(net) }
  local last = snn.StateMonitor.partialconstructor { last = 2 }
  pool:add_observed("exc", net.neuron)
  w.monitors[#w.monitors + 1] = pool:add_monitor("exc", "one", "voltage", last)
  pool:add_monitor("exc", "again", "voltage", last)
  w.monitors[#w.monitors + 1] = trainer:add_monitor("cell", "rate", "neuron.voltage",
    snn.StateMonitor.partialconstructor { last = 5, every = 2,
      reducer = snn.EMAReducer { step_time = 1, alpha = 0.3, duration = 2 } })
  return w
end

-- ------------------------------------------------------------- changes

local function toggle(hook, module)
  if hook.registered then return hook:deregister() end
  return hook:register(module)
end

local function step(w)
  w.net(snn.rand(w.net.batchsz, 3):lt(0.5))
  w.trainer()
  if math.random() < 0.4 then w.net:update() end
end

local CHANGES <const> = {
  step, step, step, step, step, step, step, step,
  function(_, monitor) toggle(monitor) end,
  function(_, monitor) monitor.every = math.random(6) end,
  function(_, monitor) monitor.last = math.random(6) end,
  function(_, monitor) monitor:clear { keepshape = math.random() < 0.5 } end,
  function(_, monitor)
    monitor.train_update, monitor.eval_update = math.random() < 0.7, math.random() < 0.7
  end,
  function(_, monitor) monitor:forward { force = math.random() < 0.5 } end,
  function(w) w.net:train(math.random() < 0.5) end,
  function(w) w.pool:train(math.random() < 0.5) end,
  function(w, _, hook) toggle(hook, hook == w.hooks[4] and w.net or nil) end,
  function(w) w.net.dt = ({ 0.25, 0.5, 1 })[math.random(3)] end,
  function(w) w.net.batchsz = math.random(3) end,
}

-- What cannot be (a log of another batch size, say) is told, and nothing has changed.
local function change(w, n)
  for _ = 1, n do
    local monitor, hook = w.monitors[math.random(#w.monitors)], w.hooks[math.random(#w.hooks)]
    local ok, err = pcall(CHANGES[math.random(#CHANGES)], w, monitor, hook)
    if not ok and not err.kind then error(err, 0) end
  end
end

local function seen(w, rows)
  local world = { net = w.net, trainer = w.trainer, pool = w.pool }
  for i, monitor in ipairs(w.monitors) do world["monitor" .. i] = monitor end
  local out = state.of(world)
  for i, hook in ipairs(w.hooks) do out["hook " .. i] = tostring(hook.registered) end
  local ok, all = pcall(snn.load_npy, rows)
  out.rows = ok and state.bits(all) or "none"
  return out
end

-- ------------------------------------------------------------- a run

local function resumed(seed)
  local saved, rows = folder.name(), folder.name()
  math.randomseed(seed)
  snn.manual_seed(seed)
  local a = build(rows)
  change(a, math.random(30))
  snn.save(saved, a)
  math.randomseed(seed + 1)
  change(a, STEPS)
  local wanted = seen(a, rows)
  snn.manual_seed(seed + 2)
  local b = build(rows)
  snn.load(saved, b, { settings = "file" })
  math.randomseed(seed + 1)
  change(b, STEPS)
  local differ = state.differences(wanted, seen(b, rows))
  os.remove(saved)
  os.remove(rows)
  return differ
end

describe("what watches, changed in any order", function()
  it("goes on where it was saved", function()
    for seed = 1, SEEDS do
      local differ = live.quietly(resumed, seed)
      if differ then error(("seed %d: %s"):format(seed, table.concat(differ, ", "))) end
    end
  end)
end)
