---@meta
-- Annotations of functions that make, join, save and read tensors, of random numbers
-- and of errors: what is written in C, for editors (LuaCATS) and for help.
-- luacheck: ignore

-- ---- creation ----

--- A tensor of a number, a boolean, or nested lists whose shapes fit: float32 unless told, bool
--- of booleans. ValueError: lists of one depth have different lengths.
--- ```lua
--- print(snn.tensor { { 1, 2 }, { 3, 4 } })
--- print(snn.tensor({ 1, 2 }, { dtype = "int64" }))
--- ```
---@param value number|boolean|table
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } float32,
---  of booleans bool, when absent
---@return snn.Tensor
function snn.tensor(value, options) end

--- A tensor of these sizes, all 0: float32 unless told.
--- ```lua
--- print(snn.zeros(2, 3))
--- print(snn.zeros(2, { dtype = "int64" }))
--- ```
---@param ... integer|integer[]|{ dtype?: "float32"|"float64"|"int64"|"bool" } sizes, or one list of
---  them; then options
---@return snn.Tensor
function snn.zeros(...) end
--- A tensor of these sizes, all 1: float32 unless told.
--- ```lua
--- print(snn.ones(2, 3))
--- ```
---@param ... integer|integer[]|{ dtype?: "float32"|"float64"|"int64"|"bool" } sizes, or one list of
---  them; then options
---@return snn.Tensor
function snn.ones(...) end
--- A tensor of these sizes whose elements are not defined until they are written: for one that
--- is filled at once.
--- ```lua
--- local t = snn.empty(2, 3):fill_(7)
--- print(t)
--- ```
---@param ... integer|integer[]|{ dtype?: "float32"|"float64"|"int64"|"bool" } sizes, or one list of
---  them; then options
---@return snn.Tensor
function snn.empty(...) end
--- A tensor of these sizes, all of one value; bool of a boolean, else float32 unless told.
--- ```lua
--- print(snn.full({ 2, 3 }, 7))
--- ```
---@param shape integer|integer[] sizes, a list where there are several
---@param value number|boolean
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } float32,
---  of a boolean bool, when absent
---@return snn.Tensor
function snn.full(shape, value, options) end
--- The unit matrix: 1 on the diagonal, 0 elsewhere, in n rows and m columns.
--- ```lua
--- print(snn.eye(3))
--- ```
---@param n integer rows
---@param m? integer columns, n when absent
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } float32 when absent
---@return snn.Tensor
function snn.eye(n, m, options) end
--- The numbers from `start`, 0 when absent, in steps of `step` up to `stop`, which is not among
--- them: `arange(stop)`, `arange(start, stop)` or `arange(start, stop, step)`. ValueError: the
--- step is 0.
--- ```lua
--- print(snn.arange(4))
--- print(snn.arange(1, 10, 3))
--- ```
---@param start? number
---@param stop number
---@param step? number 1 when absent, may be negative
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } float32 when absent
---@return snn.Tensor
function snn.arange(start, stop, step, options) end
--- `n` numbers at equal distances from `first` to `last`, both among them.
--- ```lua
--- print(snn.linspace(0, 1, 5))
--- ```
---@param first number
---@param last number
---@param n integer how many
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } float32 when absent
---@return snn.Tensor
function snn.linspace(first, last, n, options) end

--- A tensor of another one's shape and dtype, all 0.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.zeros_like(t))
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } that of t when absent
---@return snn.Tensor
function snn.zeros_like(t, options) end
--- A tensor of another one's shape and dtype, all 1.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.ones_like(t))
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } that of t when absent
---@return snn.Tensor
function snn.ones_like(t, options) end
--- A tensor of another one's shape and dtype whose elements are not defined until they are
--- written.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.empty_like(t).dtype)
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } that of t when absent
---@return snn.Tensor
function snn.empty_like(t, options) end
--- A tensor of another one's shape and dtype, all of one value.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.full_like(t, 7))
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param value number|boolean
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } that of t when absent
---@return snn.Tensor
function snn.full_like(t, value, options) end

-- ---- warnings ----

---Warns of what can be done, but is likely not meant, as the library itself does: through Lua's
---`warn`, each kind once for an object. RuntimeError: `snn.warnings("error")` is on.
--- ```lua
--- local before = snn.warnings("error")
--- print(pcall(snn.warn, "a weight is negative"))
--- snn.warnings(before)
--- ```
---@param text string one line
---@param object? any what it is about; without one each kind is told once
---@param kind? any without one the text is the kind
function snn.warn(text, object, kind) end

---How warnings of the library and of `snn.warn` are told from here on: on standard error, not at
---all, or as errors. Gives how they were told before; without an argument nothing changes.
--- ```lua
--- local before = snn.warnings(false)
--- snn.warn "nobody hears of this"
--- print(snn.warnings(before)) -- as it was, and what it was in between
--- ```
---@param mode? boolean|"error" true (at first): told; false: dropped; "error": a RuntimeError each
---@return boolean|"error" before
function snn.warnings(mode) end

-- ---- errors ----

---A message handler for `xpcall`: the error's text and all frames that led to it, also those of
---wirings, hooks and other functions that the engine called, which `debug.traceback` does not see.
--- ```lua
--- print((select(2, xpcall(error, snn.traceback, "wrong"))):match "[^\n]+")
--- ```
---@param err? any
---@return string
function snn.traceback(err) end

-- ---- random numbers: functions of the seed, the call and the place alone ----

--- Fixes all randomness from here on: the same draws in the same order give the same numbers,
--- on any number of threads. Without it a program begins with the seed 0, or that of its option
--- --seed.
--- ```lua
--- snn.manual_seed(7)
--- local first = snn.rand(3)
--- snn.manual_seed(7)
--- print(first:equal(snn.rand(3)))
--- ```
---@param seed integer
function snn.manual_seed(seed) end
--- Where the random numbers are: an int64 tensor of shape {2}, the seed and how many
--- draws there were since (the bits of two unsigned numbers). snn.save keeps it by
--- itself; that of a snn.Generator is its own.
--- ```lua
--- print(snn.get_rng_state())
--- ```
---@return snn.Tensor state
function snn.get_rng_state() end
--- Goes on from there: the same draws follow as after `snn.get_rng_state()` gave it.
--- ```lua
--- local state = snn.get_rng_state()
--- local first = snn.rand(2)
--- snn.set_rng_state(state)
--- print(first:equal(snn.rand(2)))
--- ```
---@param state snn.Tensor int64 {2}
function snn.set_rng_state(state) end
--- Random numbers in [0, 1), all as likely, of these sizes.
--- ```lua
--- print(snn.rand(2, 2))
--- ```
---@param ... integer|integer[]|{ dtype?: "float32"|"float64" } sizes, or one list of them; then
---  options
---@return snn.Tensor
function snn.rand(...) end
--- Random numbers of the standard normal distribution, of mean 0 and standard deviation 1, of
--- these sizes.
--- ```lua
--- print(snn.randn(2, 2))
--- ```
---@param ... integer|integer[]|{ dtype?: "float32"|"float64" } sizes, or one list of them; then
---  options
---@return snn.Tensor
function snn.randn(...) end
--- Random numbers in [low, high), all as likely: of initial weights, for example. ValueError:
--- high is below low.
--- ```lua
--- print(snn.uniform(-1, 1, { 3 }))
--- ```
---@param low number
---@param high number
---@param shape integer|integer[] sizes, a list where there are several
---@param options? { dtype?: "float32"|"float64" } float32 when absent
---@return snn.Tensor
function snn.uniform(low, high, shape, options) end
--- Normally distributed random numbers of that mean and standard deviation. ValueError: std is
--- negative.
--- ```lua
--- print(snn.normal(10, 2, { 3 }))
--- ```
---@param mean number
---@param std number >= 0
---@param shape integer|integer[] sizes, a list where there are several
---@param options? { dtype?: "float32"|"float64" } float32 when absent
---@return snn.Tensor
function snn.normal(mean, std, shape, options) end
--- Random whole numbers from `low` to below `high`, all as likely; int64 unless told.
--- ValueError: low is not below high.
--- ```lua
--- print(snn.randint(1, 7, { 5 }))
--- ```
---@param low integer
---@param high integer is not among them
---@param shape integer|integer[] sizes, a list where there are several
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } int64 when absent
---@return snn.Tensor
function snn.randint(low, high, shape, options) end
--- The numbers 1 .. n in random order, int64: to shuffle samples, `data[order]` takes a list of
--- rows.
--- ```lua
--- local order = snn.randperm(5)
--- print(order, snn.tensor { 10, 20, 30, 40, 50 }[order])
--- ```
---@param n integer
---@return snn.Tensor
function snn.randperm(n) end
--- true with the probability of each element, as a bool tensor of that shape: a step of
--- independent spikes. ValueError: one is not from 0 to 1.
--- ```lua
--- print(snn.bernoulli(snn.tensor { 0, 0.5, 1 }))
--- ```
---@param probability snn.Tensor from 0 to 1
---@return snn.Tensor
function snn.bernoulli(probability) end
--- Random numbers of events, Poisson distributed, whose expected number is each element's.
--- ValueError: one is negative or not finite.
--- ```lua
--- print(snn.poisson(snn.tensor { 0, 5, 50 }))
--- ```
---@param rate snn.Tensor expected numbers, >= 0
---@return snn.Tensor
function snn.poisson(rate) end
--- Random numbers in [0, 1) of another tensor's shape and dtype.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.rand_like(t))
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param options? { dtype?: "float32"|"float64" } that of t when absent
---@return snn.Tensor
function snn.rand_like(t, options) end
--- Standard normal random numbers of another tensor's shape and dtype.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.randn_like(t))
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param options? { dtype?: "float32"|"float64" } that of t when absent
---@return snn.Tensor
function snn.randn_like(t, options) end
--- Random whole numbers from `low` to below `high`, of another tensor's shape and dtype.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.randint_like(t, 1, 7))
--- ```
---@param t snn.Tensor whose shape, and dtype unless told, is taken
---@param low integer
---@param high integer is not among them
---@param options? { dtype?: "float32"|"float64"|"int64"|"bool" } that of t when absent
---@return snn.Tensor
function snn.randint_like(t, low, high, options) end

-- ---- joining, norms, files ----

--- Joins tensors along a dimension that they have, 1 unless told: {2, 3} and {4, 3} give {6,
--- 3}. ValueError: their other sizes differ.
--- ```lua
--- print(snn.cat { snn.ones(1, 2), snn.zeros(2, 2) })
--- ```
---@param list snn.Tensor[]
---@param dim? integer from 1, negative ones from the end
---@return snn.Tensor
function snn.cat(list, dim) end
--- Joins tensors of one shape along a new dimension, the first unless told: two of {3} give {2,
--- 3}. ValueError: their shapes differ.
--- ```lua
--- print(snn.stack { snn.ones(3), snn.zeros(3) })
--- print(snn.stack({ snn.ones(3), snn.zeros(3) }, 2).shape[1])
--- ```
---@param list snn.Tensor[]
---@param dim? integer where the new one is, from 1; negative ones from the end
---@return snn.Tensor
function snn.stack(list, dim) end
--- Scales a tensor so that its norm is `scale`: of the input weights of each neuron, for
--- example.
---
---     scale * data / max(norm, epsilon)
--- ```lua
--- local weight = snn.tensor { { 1, 3 }, { 2, 2 } } -- (out, in)
--- print(snn.normalize(weight, 1, { dim = 2, scale = 2 }))
--- ```
---@param data snn.Tensor
---@param order number of the norm: 1 (sum of magnitudes), 2, math.huge (the largest), ...
---@param options? { scale?: number, dim?: integer|integer[], epsilon?: number } scale 1 and epsilon
---  1e-12 when absent; the norm is along dim, of all elements when absent
---@return snn.Tensor
function snn.normalize(data, order, options) end
--- Writes a tensor as NumPy's .npy, which `numpy.load` reads. IOError: it cannot be written; an
--- existing file then stays whole.
--- ```lua
--- local path = os.tmpname()
--- snn.save_npy(path, snn.ones(2))
--- print(snn.load_npy(path))
--- os.remove(path)
--- ```
---@param path string
---@param t snn.Tensor
function snn.save_npy(path, t) end
--- The tensor in a file of NumPy, .npy.
---
--- A file that a monitor writes is read up to its last whole row; that, and bytes behind an
--- array, is a warning where it is not the end. IOError: it cannot be read or is damaged.
--- ```lua
--- local path = os.tmpname()
--- snn.save_npy(path, snn.arange(3))
--- print(snn.load_npy(path))
--- os.remove(path)
--- ```
---@param path string
---@param options? { all?: boolean, max_ratio?: number } all: the list of all arrays in the file;
---  max_ratio, 100: of unpacked bytes to those of a packed file, at most, above 64 MiB
---@return snn.Tensor|snn.Tensor[]
function snn.load_npy(path, options) end
--- The tensors in an archive of NumPy, .npz, by name. Members that are no tensors (text,
--- records, objects, ...) are skipped, and told. IOError: it cannot be read or is damaged.
--- ```lua
--- print(pcall(snn.load_npz, "no_such_file.npz"))
--- ```
---@param path string
---@param names? string[] the members to read; absent: all
---@param options? { max_ratio?: number }
---@return table<string, snn.Tensor> tensors by name
---@return string[] skipped names
function snn.load_npz(path, names, options) end
--- The tensors in a safetensors file by name, its metadata, and what was skipped for its dtype.
--- Integers of any width become int64, F16 and BF16 float32. IOError: the file is none, is cut
--- off, or does not fit its checksums.
--- ```lua
--- local path = os.tmpname()
--- snn.save_safetensors(path, { w = snn.eye(2) })
--- local tensors = snn.load_safetensors(path)
--- print(tensors.w)
--- os.remove(path)
--- ```
---@param path string
---@return table<string, snn.Tensor> tensors by name
---@return table<string, string>? metadata
---@return string[] skipped names
function snn.load_safetensors(path) end
--- Writes tensors by name as a safetensors file, which Python reads too; with checksums, in
--- metadata whose names begin with "snnlua.": yours may not. IOError: it cannot be written; an
--- existing file then stays whole.
--- ```lua
--- local path = os.tmpname()
--- snn.save_safetensors(path, { w = snn.ones(2) }, { metadata = { run = "3" } })
--- local tensors, metadata = snn.load_safetensors(path)
--- print(tensors.w, metadata.run)
--- os.remove(path)
--- ```
---@param path string
---@param tensors table<string, snn.Tensor> by name, for example a state_dict
---@param options? { metadata?: table<string, string> }
function snn.save_safetensors(path, tensors, options) end
--- Writes a grey picture (PNG) of a tensor (h, w), or a grid of those of (n, h, w): of weights
--- as receptive fields, for example. NaN is black. ValueError: another shape, or no pixel.
--- IOError: it cannot be written; an existing file then stays whole.
--- ```lua
--- local path = os.tmpname()
--- snn.save_png(path, snn.eye(8))
--- local file = io.open(path, "rb")
--- print(file:read(4):sub(2))
--- file:close()
--- os.remove(path)
--- ```
---@param path string
---@param t snn.Tensor
---@param options? { min?: number, max?: number, columns?: integer } min and max: the values of
---  black and white, those of t when absent; columns of the grid, near square when absent
function snn.save_png(path, t, options) end
