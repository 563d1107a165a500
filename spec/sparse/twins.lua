-- Random small networks with a LinearSparse beside dense twins, one LinearDense for
-- each time that a pair may come: a weight that no synapse has is 0, and held at 0
-- after each change. Of some networks all is the same in bits:
--   those whose weights are multiples of 2^-10 and stay: what arrives is exact in any
--     order;
--   whole ones, in which nothing decays and rates are powers of 2: all sums are exact,
--     those of currents and of changes too, as long as weights are such multiples.
-- The currents of others are within 1e-6 of the sum of their absolute terms (1e-13 in
-- float64), what has been learned within 4e-6 of the largest value so far.
--
--   build/snnlua spec/sparse/twins.lua FIRST LAST [SHARE [OFF]]
--
-- plays the seeds FIRST to LAST, every SHARE-th, and prints a line of each that fails
-- and one for all. With OFF the twins' weights are at first off by that, so that the
-- comparison sees something.
local snn = require "snn"
local draws = require "spec.resume.pairs".draws
local parts = require "spec.sparse.parts"

local NEAR <const> = { float32 = 4e-6, float64 = 1e-13 }
local OF_TERMS <const> = { float32 = 1e-6, float64 = 1e-13 }

local Twins = {}
Twins.__index = Twins

-- ------------------------------------------------------------- synapses by pair

-- Of each place the pair as a key, and the how-many-th of its pair it is.
local function places(connection)
  local pre, post = connection.pre:totable(), connection.post:totable()
  local list, times, most = {}, {}, 1
  for k = 1, #pre do
    local key = (post[k] - 1) * connection:insize() + pre[k]
    times[key] = (times[key] or 0) + 1
    most = math.max(most, times[key])
    list[k] = { key = key, twin = times[key] }
  end
  return list, most
end

-- Of values by place, what a twin has of them: (outputs, inputs), 0 elsewhere.
function Twins:spread(values, twin)
  local flat, list = {}, values:totable()
  for i = 1, self.inputs * self.outputs do flat[i] = 0 end
  for k, at in ipairs(self.places) do
    if at.twin == twin then flat[at.key] = list[k] end
  end
  return snn.tensor(flat, { dtype = self.dtype }):reshape(self.outputs, self.inputs)
end

-- Of the twins' values those that synapses have, by place.
function Twins:gathered(name)
  local flat, out = {}, {}
  for i, twin in ipairs(self.twins) do flat[i] = twin[name]:flatten():totable() end
  for k, at in ipairs(self.places) do out[k] = flat[at.twin][at.key] end
  return snn.tensor(out, { dtype = self.dtype }):reshape(#out)
end

function Twins:mask()
  for i, twin in ipairs(self.twins) do
    self.masks[i] = self:spread(snn.ones(#self.places), i)
    twin.weight = twin.weight * self.masks[i]
  end
end

-- ------------------------------------------------------------- making

local DELAYS <const> = { "none", "none", "shared", "grid", "grid", "between", "ends" }

-- The longest delay, and what makes the first ones.
local function delays(net)
  local rng, kind, longest = net.rng, net.delay_kind, parts.pick(net.rng, { 1, 3, 12 })
  if kind == "none" then return nil, nil end
  if kind == "shared" then return longest, longest - (rng(2) - 1) * net.dt end
  return longest, function(d)
    local t = snn.rand(d.shape, { dtype = d.dtype })
    if kind == "grid" then return (t * (longest / net.dt + 0.99)):floor() * net.dt end
    if kind == "ends" then return t:gt(0.5):to(d.dtype) * longest end
    return t * longest
  end
end

-- Weights of 11 binary digits: their sums are exact in any order.
local function coarse(t) return (t * 1024):round() / 1024 end

local function common(net)
  return {
    step_time = net.dt, dtype = net.dtype, batch_size = net.batch, delay = net.longest,
    delay_init = net.first_delay, synapse = net.synapse, bias = net.biased,
    in_shape = net.in_shape, out_shape = net.out_shape,
  }
end

local function make_sparse(net)
  local args = common(net)
  args.synapses = parts.connector(net.rng, net.inputs, net.outputs)
  args.weight_init = function(w) return coarse(snn.rand(w.shape, { dtype = w.dtype }) * 2 - 0.7) end
  args.bias_init = args.bias and function(b) return coarse(b + 0.25) end or nil
  return snn.LinearSparse(args)
end

local function make_twin(net, i)
  local args = common(net)
  args.weight_init = net:spread(net.sparse.weight + net.off, i)
  if args.delay and net.delay_kind ~= "shared" then
    args.delay_init = net:spread(net.sparse.delay, i)
  end
  args.bias = args.bias and i == 1
  args.bias_init = args.bias and net.sparse.bias or nil
  return snn.LinearDense(args)
end

local function new_neuron(net)
  local args = { shape = net.out_shape, step_time = net.dt, batch_size = net.batch,
    dtype = net.dtype, rest_v = -60, thresh_v = -50 }
  if net.stays then
    args.reset_v, args.refrac_t, args.time_constant = -65, 2, 20
    return snn.LIF(args)
  end
  return snn.ExactNeuron(args)
end

-- A layer of some connections into one group of neurons.
local function new_layer(net, connections)
  local layer = snn.Layer { wiring = function(_, inputs)
    local sum = inputs.c1
    for i = 2, #connections do sum = sum + inputs["c" .. i] end
    return { out = sum }
  end }
  for i, connection in ipairs(connections) do layer:add_connection("c" .. i, connection) end
  layer:add_neuron("out", new_neuron(net))
  local cells = {}
  for i in ipairs(connections) do cells[i] = layer:add_cell("c" .. i, "out") end
  return layer, cells
end

local function learning(net, sparse_cells, twin_cells)
  net.rules, net.twin_rules = {}, {}
  if net.stays or net.rng(5) == 1 then return end
  local connections = { net.sparse, table.unpack(net.twins) }
  parts.bound(net.rng, connections)
  local cells = { sparse_cells[1], table.unpack(twin_cells) }
  for _ = 1, net.rng(2) do
    local name = parts.pick(net.rng, parts.RULES)
    if net.delay_kind == "none" and name:find "^Delay" then name = "STDP" end
    net.told[#net.told + 1] = name
    if name == "LinearHomeostasis" then net.is_exact = false end -- rates are rounded
    local list = parts.trainers(net.rng, name, cells, net.is_whole)
    list[1].name = name
    net.rules[#net.rules + 1] = list[1]
    for i = 2, #list do net.twin_rules[#net.twin_rules + 1] = list[i] end
  end
  if net.delay_kind ~= "none" then
    for _, connection in ipairs(connections) do
      snn.Clamping { module = connection, attr = "delay", min = 0,
        max = connection.delayedby }:register()
    end
  end
  parts.hooks(net.rng, net.sparse, net.twins)
end

local GRIDS <const> = { [1] = { 1, 1 }, [4] = { 2, 2 }, [5] = { 1, 5 }, [9] = { 3, 3 },
  [30] = { 5, 6 }, [64] = { 8, 8 } }

local function sizes(net)
  local rng = net.rng
  net.inputs, net.outputs = parts.pick(rng, { 1, 4, 9, 30, 64 }), parts.pick(rng, { 1, 5, 9, 30 })
  local is_grid = rng(2) == 1
  net.in_shape = is_grid and GRIDS[net.inputs] or { net.inputs }
  net.out_shape = is_grid and GRIDS[net.outputs] or { net.outputs }
  net.dtype, net.dt = parts.pick(rng, { "float32", "float64" }), parts.pick(rng, { 1, 0.5 })
  net.batch, net.biased = parts.pick(rng, { 1, 1, 4 }), rng(4) == 1
  net.rate = parts.pick(rng, { 0.02, 0.1, 0.4 })
  net.is_graded = rng(6) == 1
  net.kind, net.delay_kind = parts.pick(rng, { "stays", "whole", "near" }), parts.pick(rng, DELAYS)
  net.is_whole = net.kind == "whole"
end

-- The twins: as many as any pair has synapses, and one more for those that are added.
local function make_twins(net)
  local most
  net.places, most = places(net.sparse)
  net.twins = {}
  for i = 1, most + 1 do net.twins[i] = make_twin(net, i) end
  return most
end

---@param seed integer
---@param off? number what the twins' weights are off by
function Twins.build(seed, off)
  local net = setmetatable({ seed = seed, rng = draws(seed), masks = {}, told = {},
    off = off or 0 }, Twins)
  snn.manual_seed(seed)
  sizes(net)
  local synapse = parts.pick(net.rng, net.is_whole and parts.WHOLE_SYNAPSES or parts.SYNAPSES)
  net.synapse = parts.synapse(net.rng, synapse, net.is_whole)
  net.longest, net.first_delay = delays(net)
  net.sparse = make_sparse(net)
  local most = make_twins(net)
  net.forgets = synapse:find "^Delta" ~= nil
  -- What decays is rounded in each twin, by Tsodyks and Markram's in each input.
  net.stays = net.kind == "stays" and
    (net.forgets or most == 1 and synapse ~= "TsodyksMarkram")
  net.is_exact = net.stays or net.is_whole
  table.move({ net.dtype, ("%d to %d, %d synapses"):format(net.inputs, net.outputs, #net.places),
    "dt " .. net.dt, "batch " .. net.batch, "delays " .. net.delay_kind, synapse,
    net.stays and "stays" or net.is_whole and "whole" or "near" }, 1, 7, 1, net.told)
  local cells, twin_cells
  net.layer, cells = new_layer(net, { net.sparse })
  net.twin_layer, twin_cells = new_layer(net, net.twins)
  learning(net, cells, twin_cells)
  net:mask()
  return net
end

-- ------------------------------------------------------------- comparing

local function equal(a, b) return a:equal(b) end

-- Within the rounding of sums whose terms are as large as the largest value so far.
function Twins:near(name, a, b)
  if a.numel == 0 then return true end
  local most = math.max(self.most[name] or 1e-3, b:abs():max():item())
  self.most[name] = most
  return (a - b):abs():max():item() <= NEAR[self.dtype] * most
end

-- The absolute terms of the twins' currents, added up, (batch, outputs).
function Twins:terms()
  local sum = snn.zeros({ self.batch, self.outputs }, { dtype = self.dtype })
  for _, twin in ipairs(self.twins) do
    local current = twin.syncurrent:abs()
    if current.ndim == 3 then -- of delays: (batch, inputs, outputs)
      sum = sum + (current * twin.weight:abs():transpose(1, 2)):sum(2)
    else
      sum = sum + current:matmul(twin.weight:abs():transpose(1, 2))
    end
    if twin.bias then sum = sum + twin.bias:abs() end
  end
  return sum
end

function Twins:near_terms(a, b)
  if a.numel == 0 then return true end
  local off = (a - b):abs():reshape(self.batch, self.outputs)
  return (off - self:terms() * OF_TERMS[self.dtype]):max():item() <= 1e-30
end

function Twins:compare(name, a, b)
  local is_same
  if self.is_exact or a.dtype == "bool" then is_same = equal(a, b)
  elseif name == "current" then is_same = self:near_terms(a, b)
  else is_same = self:near(name, a, b) end
  if is_same then return end
  local wrong = a:ne(b):flatten():nonzero()
  local at = wrong.numel > 0 and wrong[1]:item() or 0
  error(("%s in step %d (%s): %d wrong, the first at %d: sparse %s, dense %s"):format(name,
    self.step_count, self.last, #wrong, at, at > 0 and a:flatten()[at] or a,
    at > 0 and b:flatten()[at] or b), 0)
end

-- Of others than multiples of 2^-10 what arrives is rounded.
local function is_coarse(t) return coarse(t):equal(t) end

function Twins:look_at_weights()
  if not self.is_exact then return end
  self.is_exact = is_coarse(self.sparse.weight)
    and (not self.biased or is_coarse(self.sparse.bias))
  if not self.is_exact then self.told[#self.told + 1] = "rounded at step " .. self.step_count end
end

function Twins:compare_all(out, other)
  self:compare("output", out.out, other.out)
  self:compare("voltage", self.layer.neurons.out.voltage, self.twin_layer.neurons.out.voltage)
  self:compare("weight", self.sparse.weight, self:gathered "weight")
  if self.delay_kind ~= "none" then
    self:compare("delay", self.sparse.delay, self:gathered "delay")
  end
  if self.biased then self:compare("bias", self.sparse.bias, self.twins[1].bias) end
  self:look_at_weights()
end

-- ------------------------------------------------------------- what happens between steps

local EVENTS = {}

function EVENTS.weight(net)
  local new = coarse(snn.rand(net.sparse.count, { dtype = net.dtype }) - 0.3)
  net.sparse.weight = new
  for i, twin in ipairs(net.twins) do twin.weight = net:spread(new, i) end
end

-- A weight of one synapse, written in a copy.
function EVENTS.one(net)
  if net.sparse.count == 0 then return end
  local new = net.sparse.weight:clone()
  new[net.rng(net.sparse.count)] = 0.375
  net.sparse.weight = new
  for i, twin in ipairs(net.twins) do twin.weight = net:spread(new, i) end
end

function EVENTS.delay(net)
  if net.delay_kind == "none" then return end
  local new = snn.rand(net.sparse.count, { dtype = net.dtype }) * net.sparse.delayedby
  if net.rng(2) == 1 then new = (new / net.dt):floor() * net.dt end
  net.sparse.delay = new
  for i, twin in ipairs(net.twins) do twin.delay = net:spread(new, i) end
end

function EVENTS.clear(net)
  net.layer:clear()
  net.twin_layer:clear()
end

function EVENTS.batch(net)
  net.batch = parts.pick(net.rng, { 1, 2, 4 })
  for _, layer in ipairs { net.layer, net.twin_layer } do
    for _, neuron in layer:named_neurons() do neuron.batchsz = net.batch end
    for _, connection in layer:named_connections() do connection.batchsz = net.batch end
  end
  for _, list in ipairs { net.rules, net.twin_rules } do
    for _, rule in ipairs(list) do rule.trainer:clear() end
  end
end

function EVENTS.dt(net)
  net.dt = parts.pick(net.rng, { 1, 0.5, 2 })
  net.layer.dt, net.twin_layer.dt = net.dt, net.dt
end

function EVENTS.threads(net) snn.set_num_threads(parts.pick(net.rng, { 1, 2, 4 })) end

-- A step that fails changes nothing; hooks that ran did.
function EVENTS.fail(net)
  local input = snn.ones({ net.batch, table.unpack(net.in_shape) }, { dtype = "bool" })
  for layer, count in pairs { [net.layer] = 1, [net.twin_layer] = #net.twins } do
    local before, inputs = layer.wiring, {}
    for i = 1, count do inputs["c" .. i] = input end
    layer.wiring = function() error("a wiring", 0) end
    local ok, err = pcall(layer.forward, layer, inputs)
    assert(not ok and err == "a wiring", err)
    layer.wiring = before
  end
end

-- Applies what waits: weights that no synapse has stay 0.
function Twins:update()
  if #self.rules == 0 then return end
  self.layer:update()
  self.twin_layer:update()
  for i, twin in ipairs(self.twins) do twin.weight = twin.weight * self.masks[i] end
end

-- Synapses by pair: { at, weight, delay }, at: those of places for which keep(k) says so.
local function by_pair(net, list, keep)
  local out = {}
  local weight = net.sparse.weight:totable()
  local delay = net.delay_kind ~= "none" and net.sparse.delay:totable() or {}
  for k, at in ipairs(list) do
    out[at.key] = out[at.key] or {}
    if keep(k) then table.insert(out[at.key], { at = at, weight = weight[k], delay = delay[k] }) end
  end
  return out
end

-- Those that are there now are those that were kept, in any order of memory.
local function matched(net, kept)
  local now, list = {}, places(net.sparse)
  local found = by_pair(net, list, function() return true end)
  for k, at in ipairs(list) do
    local one = table.remove(found[at.key], 1)
    for i, old in ipairs(kept[at.key] or {}) do
      if old.weight == one.weight and old.delay == one.delay then
        now[k] = table.remove(kept[at.key], i).at
        break
      end
    end
    assert(now[k], "another synapse than one of those that were left")
  end
  for _, rest in pairs(kept) do assert(#rest == 0, "a synapse is missing") end
  return now
end

-- What stays has its weight, delay and state; the twins' other weights become 0.
function EVENTS.prune(net)
  local limit = net.rng(4) / 8
  net:update()
  local stays = net.sparse.weight:abs():ge(limit):totable()
  local kept = by_pair(net, net.places, function(k) return stays[k] end)
  net.sparse:prune { below = limit }
  net.places = matched(net, kept)
  net:mask()
end

-- Pairs of which some twin has no synapse yet, at most so many, in any order.
local function free_pairs(net, most)
  local taken, pre, post = {}, {}, {}
  for _, at in ipairs(net.places) do taken[at.key] = math.max(taken[at.key] or 0, at.twin) end
  for _ = 1, most do
    local i, j = net.rng(net.inputs), net.rng(net.outputs)
    local key = (j - 1) * net.inputs + i
    if (taken[key] or 0) < #net.twins then
      taken[key] = (taken[key] or 0) + 1
      pre[#pre + 1], post[#post + 1] = i, j
    end
  end
  return pre, post
end

-- Rules that keep something for each synapse begin it anew for those that are added, which
-- the twins' have had all along.
local HAS_NO_STATE <const> = { STDP = true, TripletSTDP = true, StableSTDP = true,
  StableTripletSTDP = true, VogelsSTDP = true, KernelSTDP = true, own = true }

local function may_add(net)
  for _, rule in ipairs(net.rules) do
    if net.delay_kind ~= "none" or not HAS_NO_STATE[rule.name] then return false end
  end
  return true
end

local function whole(list) return snn.tensor(list, { dtype = "int64" }):reshape(#list) end

-- Added ones are behind those that there are of their pair, with the weight and the delay
-- that they were given.
function EVENTS.add(net)
  if not may_add(net) then return end
  net:update()
  local before = by_pair(net, net.places, function() return true end)
  local pre, post = free_pairs(net, 6)
  local weight = coarse(snn.rand(#pre, { dtype = net.dtype }) - 0.3)
  local delay = net.delay_kind ~= "none"
    and (snn.rand(#pre, { dtype = net.dtype }) * net.longest / net.dt):floor() * net.dt or nil
  assert(net.sparse:add(whole(pre), whole(post), weight, delay) == #net.places + #pre)
  local weights, times = weight:totable(), delay and delay:totable() or {}
  for k = 1, #pre do
    local key = (post[k] - 1) * net.inputs + pre[k]
    local list = before[key] or {}
    local most = 0
    for _, one in ipairs(list) do most = math.max(most, one.at.twin) end
    table.insert(list, { at = { key = key, twin = most + 1 }, weight = weights[k],
      delay = times[k] })
    before[key] = list
  end
  net.places = matched(net, before)
  for i, twin in ipairs(net.twins) do
    twin.weight = net:spread(net.sparse.weight, i)
    if delay then twin.delay = net:spread(net.sparse.delay, i) end
  end
  net:mask()
end

local function trainers_of(net)
  local list = {}
  for i, rule in ipairs(net.rules) do list[i] = rule.trainer end
  return list
end

-- Loads what was saved into a network that has changed since: cleared, with other weights
-- and sometimes with other pairs.
function EVENTS.save(net)
  local path = os.tmpname()
  net:update()
  local state = net.layer:state_dict()
  local all = { layer = net.layer, rules = trainers_of(net) }
  snn.save(path, all)
  net.layer:clear()
  if net.rng(2) == 1 then
    net.sparse:prune { below = 0.25 }
    net.sparse:add({ net.rng(net.inputs), 1 }, net.rng(net.outputs), 0.5)
  end
  EVENTS.threads(net)
  snn.load(path, all)
  os.remove(path)
  for name, tensor in pairs(net.layer:state_dict()) do
    assert(tensor:equal(state[name]), "not as it was saved: " .. name)
  end
end

-- Decaying sums are worked out anew after these, in any order of their terms.
local SUMS_ANEW <const> = { weight = true, one = true, delay = true, dt = true, prune = true,
  add = true }

local NAMES <const> = { "weight", "one", "delay", "clear", "batch", "dt", "threads", "fail",
  "prune", "add", "add", "save" }

-- ------------------------------------------------------------- the run

function Twins:happens(name)
  if self.stays and not self.forgets and SUMS_ANEW[name] then name = "threads" end
  self.last = name
  EVENTS[name](self)
end

local function train(rules, signal)
  for _, rule in ipairs(rules) do
    if rule.is_modulated then rule.trainer(signal) else rule.trainer() end
  end
end

-- Spikes, of some networks graded ones now and then.
function Twins:draw()
  local spikes = snn.rand(self.batch, table.unpack(self.in_shape)):lt(self.rate)
  if self.stays or not self.is_graded or self.rng(2) == 1 then return spikes end
  local value = snn.rand(spikes.shape)
  return spikes:to(self.dtype) * (self.is_whole and (value * 4):ceil() / 4 or value)
end

function Twins:step(dense_inputs)
  local post
  local spikes = self:draw()
  if not self.stays then post = snn.rand(self.batch, table.unpack(self.out_shape)):lt(0.15) end
  local options = post and { neuron_kwargs = { out = { override = post } },
    capture_intermediate = true } or { capture_intermediate = true }
  for i in ipairs(self.twins) do dense_inputs["c" .. i] = spikes end
  local out, currents = self.layer({ c1 = spikes }, options)
  local other, terms = self.twin_layer(dense_inputs, options)
  local sum = terms.c1
  for i = 2, #self.twins do sum = sum + terms["c" .. i] end
  self:compare("current", currents.c1, sum)
  return out, other
end

-- What a sparse connection tells of itself, and what it hands to rules.
function Twins:check_told()
  local sparse, counts = self.sparse, snn.zeros(self.outputs, self.inputs)
  local sum
  for i in ipairs(self.twins) do
    counts = counts + self:spread(snn.ones(#self.places), i):to "float32"
    local one = self:spread(sparse.weight, i)
    sum = sum and sum + one or one
  end
  self:compare("to_dense", sparse:to_dense(), sum)
  local n = sparse.count
  assert(n == #self.places, "count")
  assert(equal(sparse.in_degree, counts:sum(2):to "int64"), "in_degree")
  assert(equal(sparse.out_degree, counts:sum(1):to "int64"), "out_degree")
  local x = snn.rand(self.batch, self.inputs, { dtype = self.dtype })
  local y = snn.rand(self.batch, self.outputs, { dtype = self.dtype })
  local post = sparse:postsyn_receptive(y)
  assert(equal(post, y:index_select(2, sparse.post):unsqueeze(-1)), "postsyn_receptive")
  if self.delay_kind ~= "none" then return end
  local pre = sparse:presyn_receptive(x)
  assert(equal(pre, x:index_select(2, sparse.pre):unsqueeze(-1)), "presyn_receptive")
end

function Twins:run()
  self.most, self.last = {}, "at first"
  local every = self.rng(3)
  for step = 1, 10 + self.rng(12) do
    self.step_count = step
    if step > 2 and self.rng(6) == 1 then
      self:happens(parts.pick(self.rng, NAMES))
    end
    local out, other = self:step {}
    local signal = (snn.rand(self.batch) * 8):floor() / 8 - 0.5
    train(self.rules, signal)
    train(self.twin_rules, signal)
    if step % every == 0 then self:update() end
    self:compare_all(out, other)
  end
  if pcall(function() return self.sparse.to_dense end) then self:check_told() end
end

-- ------------------------------------------------------------- all of them

---@return string? what went wrong
local function play(seed, off)
  snn.set_num_threads(seed % 3 == 0 and 4 or seed % 3)
  local net
  local ok, err = xpcall(function()
    net = Twins.build(seed, off)
    net:run()
  end, function(e) return type(e) == "string" and e or debug.traceback(tostring(e)) end)
  if ok then return nil end
  return ("seed %d: %s\n  (%s)"):format(seed, err, net and table.concat(net.told, ", ") or "unmade")
end

local function all(first, last, share, off)
  warn "@off"
  local failed = 0
  for seed = first, last, share do
    local told = play(seed, off)
    if told then
      failed = failed + 1
      print(told)
    end
  end
  print(("%d networks, %d failed"):format((last - first) // share + 1, failed))
  return failed == 0
end

local function number(i, otherwise)
  return math.tointeger(arg[i]) or otherwise or error("the seeds are missing", 0)
end

os.exit(all(number(1), number(2), number(3, 1), tonumber(arg[4])))
