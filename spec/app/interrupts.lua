-- A network that learns at the prompt, for interrupts_spec.lua: record.train() goes on until it
-- is interrupted, and looks first whether the last interrupt has left the state after a
-- whole number of calls, those that a run without interrupts has gone through.
local snn = require "snn"

snn.set_num_threads(1)
local CALLS <const> = 600

local function make()
  snn.manual_seed(3)
  local net = snn.Layer { wiring = function(_, c) return { out = c.enc } end }
  local enc = net:add_connection("enc", snn.LinearDense {
    in_shape = 300, out_shape = 200, step_time = 1, batch_size = 4,
    synapse = snn.DeltaCurrent.partialconstructor { spike_charge = 20 },
  })
  enc.updater = enc:defaultupdater()
  net:add_neuron("out", snn.LIF {
    shape = 200, step_time = 1, batch_size = 4, rest_v = -60, reset_v = -65, thresh_v = -59,
    refrac_t = 3, time_constant = 20, resistance = 1,
  })
  local stdp = snn.STDP { lr_post = 1e-3, lr_pre = -1e-3, tc_post = 20, tc_pre = 20 }
  stdp:register_cell("cell", net:add_cell("enc", "out"))
  return net, stdp
end

local inputs = {}
for i = 1, 7 do inputs[i] = { enc = snn.rand(4, 300):lt(0.1) } end

-- What waits for the update.
local function terms(net)
  local accumulator = net.connections.enc.updater.weight
  return accumulator.pos, accumulator.neg
end

-- A number that tells tensors apart.
local function number(t)
  if not t then return "none" end
  t = t:to "float64":flatten()
  return ("%a"):format(t:dot((t + snn.arange(#t, { dtype = "float64" })):sin()):item())
end

-- The k-th call of a run.
local function call(net, stdp, k)
  if k % 3 == 1 then
    net(inputs[k // 3 % 7 + 1])
  elseif k % 3 == 2 then
    stdp()
    local _ = terms(net) -- which settles them, as `text` does
  else
    net:update()
  end
end

local function text(net, stdp)
  local pos, neg = terms(net)
  local parts = { number(pos), number(neg) }
  for _, module in ipairs { net, stdp } do
    for name, value in pairs(module:state_dict()) do
      local is_tensor = type(value) == "userdata"
      parts[#parts + 1] = name .. " " .. (is_tensor and number(value) or tostring(value))
    end
  end
  table.sort(parts)
  return table.concat(parts, "\n")
end

local net, stdp = make()
local wanted = { [0] = text(net, stdp) }
for k = 1, CALLS do
  call(net, stdp, k)
  wanted[k] = text(net, stdp)
end
net, stdp = make()

local k, running = 0, false
local record = { rounds = 0, faults = 0 }

function record.train()
  if running then
    local now = text(net, stdp)
    if now == wanted[k + 1] then k = k + 1 -- the call had returned
    elseif now ~= wanted[k] then record.faults = record.faults + 1 end
    running, record.rounds = false, record.rounds + 1
  end
  if k > CALLS - 200 then
    net, stdp = make()
    k = 0
  end
  running = true
  while k < CALLS do
    call(net, stdp, k + 1)
    k = k + 1
  end
  while true do end
end

rawset(_G, "record", record)
