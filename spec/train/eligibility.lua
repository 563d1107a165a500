-- Helpers of the specs of eligibility traces: layers that learn by them, and
-- their law, written down in tensors of float64.
local snn = require "snn"
local cells = require "spec.train.cells"

local eligibility = {}

eligibility.PAIR = { lr_post = 0.2, lr_pre = -0.1, tc_post = 10, tc_pre = 15, tc_eligibility = 20 }

eligibility.SIZES = {
  LinearDense = { in_shape = { 7, 11 }, out_shape = { 13 } },
  LinearDirect = { shape = { 3, 5 } },
  LinearLateral = { shape = { 19 } },
  Conv2D = { height = 5, width = 6, channels = 2, filters = 3, kernel = 3 },
}

local function with(args, more)
  local out = {}
  for k, v in pairs(args) do out[k] = v end
  for k, v in pairs(more or {}) do out[k] = v end
  return out
end

---A layer and its trainer.
function eligibility.made(class, batch, changes, of_connection)
  local args = with(eligibility.SIZES[class], { batch_size = batch })
  local layer = cells.serial(class, with(args, of_connection))
  local trainer = snn.MSTDPET(with(eligibility.PAIR, changes))
  trainer:register_cell("cell", layer.cell)
  return layer, trainer
end

function eligibility.monitor(trainer, name) return trainer:get_monitor("cell", name) end
function eligibility.peek(trainer, name) return eligibility.monitor(trainer, name):peek() end

---Steps with random spikes; `each` is called after each of them.
function eligibility.play(layer, steps, each)
  local connection = layer.connection
  local function draw(shape) return snn.rand(connection.batchsz, table.unpack(shape)):lt(0.3) end
  for i = 1, steps do
    cells.step(layer, draw(connection.inshape), draw(connection.outshape))
    if each then each(i) end
  end
end

-- ------------------------------------------------------------- the law

---What a step adds to the two, from what the other recorders have.
function eligibility.pairs_of(layer, trainer)
  local connection = layer.connection
  local function pre(name)
    return connection:presyn_receptive(eligibility.peek(trainer, name):to "float64")
  end
  local function post(name)
    return connection:postsyn_receptive(eligibility.peek(trainer, name):to "float64")
  end
  return { elig_post = (pre "trace_pre" * post "spike_post"):sum(-1),
    elig_pre = (post "trace_post" * pre "spike_pre"):sum(-1) }
end

---A function to call after each step, and the table of what both are then.
function eligibility.law(layer, trainer, tc)
  local z = {}
  return function()
    for name, seen in pairs(eligibility.pairs_of(layer, trainer)) do
      z[name] = seen / tc + (z[name] and z[name] * math.exp(-layer.connection.dt / tc) or 0)
    end
  end, z
end

---Asserts that what is remembered is near that.
function eligibility.assert_law(trainer, z, rtol)
  for name, want in pairs(z) do
    local got = eligibility.peek(trainer, name):to "float64"
    assert(got:allclose(want, rtol, rtol * 1e-3), name)
  end
end

---Terms of the two sides: a value of the signal for each sample.
function eligibility.terms_of(z, signal, args, reduction)
  local list = { {}, {} }
  for _, part in ipairs { { z.elig_post, args.lr_post }, { z.elig_pre, args.lr_pre } } do
    for b, s in ipairs(signal) do
      local side = (part[2] >= 0) == (s >= 0) and 1 or 2
      table.insert(list[side], part[1]:select(1, b) * math.abs(s))
    end
  end
  local out = {}
  for side, parts in ipairs(list) do
    local sum
    for _, t in ipairs(parts) do sum = sum and sum + t or t end
    if sum and reduction == "mean" then sum = sum / #parts end
    out[side] = sum
  end
  return out[1], out[2]
end

---Asserts that a term is near that, or there is none.
function eligibility.assert_term(want, got)
  if want then
    assert(got:to("float64"):allclose(want, 1e-5, 1e-7), "another term")
  else
    assert(got == nil, "a term too many")
  end
end

return eligibility
