-- A liquid state machine, after Maass, Natschlaeger & Markram (2002), "Real-time
-- computing without stable states": a random recurrent network that nothing trains
-- keeps what it heard for a while, mixed in ways that no linear filter of its input
-- has. A linear read-out of its spikes, found by ridge regression, recalls what the
-- input was some letters ago and products of letters.
local snn = require "snn"
snn.arguments { about = "A liquid state machine recalls letters." }
snn.manual_seed(4)

local dt <const>, letter <const> = 1.0, 20 -- ms; the input holds a value for so long
local inputs <const>, n <const> = 100, 400 -- of them, neurons
local batch <const>, letters <const> = 20, 240 -- sequences side by side
local skipped <const>, lags <const> = 6, 5 -- letters
local ridge <const> = 100 -- spikes squared
local fast <const>, slow <const> = 5, 25 -- ms; synapses of the input, of the network

-- ---- network ----

local function sparse(share, most, sign)
  return function(w)
    return snn.bernoulli(snn.full(w.shape, share)) * snn.uniform(0, most, w.shape) * sign
  end
end
local sign = snn.rand(n):lt(0.2):where(-4, 1) -- a fifth of the neurons inhibits, strongly
local function synapse(tc)
  return snn.SingleExponentialCurrent.partialconstructor { spike_charge = tc, time_constant = tc }
end
local layer = snn.Layer()
layer:add_neuron("liquid", snn.LIF { shape = n, step_time = dt, rest_v = -65, reset_v = -65,
  thresh_v = -50, refrac_t = 3, time_constant = 30, batch_size = batch }) -- mV, ms
layer:add_connection("input", snn.LinearDense { in_shape = inputs, out_shape = n, step_time = dt,
  synapse = synapse(fast), batch_size = batch, weight_init = sparse(0.2, 3.2, 1) })
layer:add_connection("recurrent", snn.LinearDense { in_shape = n, out_shape = n, step_time = dt,
  synapse = synapse(slow), batch_size = batch, weight_init = sparse(0.1, 1.5, sign) })
function layer:wiring(current) return { liquid = current.input + current.recurrent } end

-- ---- what it does with random letters ----

local value = snn.rand(letters, batch, 1) -- each in [0, 1]
local half = snn.arange(inputs):lt(inputs / 2)
local heard, states = {}, {} -- traces of the spikes at the end of each letter
local fired = snn.zeros(batch, n)
local trace = { input = snn.zeros(batch, inputs), liquid = fired }
local keep <const>, count = math.exp(-dt / letter), 0
for k = 1, letters do
  local rate = half:where(value[k], 1 - value[k]) * 150 -- Hz; half of them are for low values
  for _ = 1, letter / dt do
    local spikes = snn.bernoulli(rate * (dt / 1000))
    fired = layer { input = spikes, recurrent = fired }.liquid
    trace.input = trace.input * keep + spikes
    trace.liquid = trace.liquid * keep + fired
    count = count + fired:sum():item()
  end
  heard[k], states[k] = trace.input, trace.liquid
end

-- ---- read-out ----

-- Weights w with the least |x w - y|^2 + ridge |w|^2: conjugate gradients on the
-- normal equations, all columns of y side by side.
local function regress(x, y)
  local xt = x:transpose(1, 2)
  local w = snn.zeros(x.shape[2], y.shape[2], { dtype = x.dtype })
  local rest = xt:matmul(y)
  local direction, size = rest, (rest * rest):sum(1, true)
  for _ = 1, 200 do
    local image = xt:matmul(x:matmul(direction)) + direction * ridge
    local step = size / (direction * image):sum(1, true)
    w, rest = w + direction * step, rest - image * step
    local smaller = (rest * rest):sum(1, true)
    if smaller:max():item() < 1e-9 then break end
    direction, size = rest + direction * (smaller / size), smaller
  end
  return w
end

-- Rows for every letter but the first ones of each sequence; a constant column.
local function rows(list)
  local x = snn.stack(list, 1):slice(1, skipped + 1, letters):flatten(1, 2):to("float64")
  return snn.cat({ x, snn.ones(#x, 1, { dtype = "float64" }) }, 2)
end

local targets = {}
for k = skipped + 1, letters do
  local columns = {}
  for lag = 0, lags do columns[lag + 1] = value[k - lag] - 0.5 end
  columns[lags + 2] = 4 * columns[1] * columns[2] -- of no linear filter
  targets[k - skipped] = snn.cat(columns, 2)
end
local y = snn.stack(targets, 1):flatten(1, 2):to("float64")

local function correlations(x)
  local train = math.floor(0.7 * letters) * batch
  local w = regress(x:slice(1, 1, train), y:slice(1, 1, train))
  local a, b = x:slice(1, train + 1, #x):matmul(w), y:slice(1, train + 1, #y)
  a, b = a - a:mean(1, true), b - b:mean(1, true)
  return (a * b):sum(1) / ((a * a):sum(1) * (b * b):sum(1)):sqrt(), a, b
end

-- ---- result: a table; wanted above found, a row of pictures for each target ----

local of_input = correlations(rows(heard))
local of_liquid, found, wanted = correlations(rows(states))
print(("neurons fire at %.1f Hz"):format(count / (batch * n * letters * letter / 1000)))
print("correlation of wanted and found, with letters not seen in training")
print("                          from input  from liquid")
for i = 1, lags + 2 do
  local name = ("letter %d ms ago"):format((i - 1) * letter)
  if i == lags + 2 then name = "product of the last two" end
  print(("%-25s %10.2f %12.2f"):format(name, of_input[i], of_liquid[i]))
end

local function strip(values) -- of the first sequence's last 60 letters: {targets, 1, 60}
  local first = values:view(-1, batch, lags + 2):slice(1, -60, -1):select(2, 1)
  return snn.rescale(first, 0, 1, { dim = 1 }):transpose(1, 2):unsqueeze(2)
end
local strips = snn.stack({ strip(wanted), strip(found) }, 2) -- {targets, 2, 1, 60}
local pictures = strips:unsqueeze(-1):expand(-1, -1, 12, 60, 10):reshape(lags + 2, 24, 600)
local ok, why = pcall(snn.save_png, "reservoir.png", pictures, { columns = 1 })
print(ok and "wanted above found: reservoir.png" or why)
