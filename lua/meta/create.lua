---@meta
-- Annotations of functions that make, join, save and read tensors, of random numbers
-- and of errors: what is written in C, for editors (LuaCATS) and for help.
-- luacheck: ignore

-- ---- creation ----

--- From a number, a boolean or nested lists of one shape; float32 unless given,
--- bool of booleans.
--- ```lua
--- print(snn.tensor { { 1, 2 }, { 3, 4 } })
--- ```
---@param value number|boolean|table
---@param options? snn.dtype_option
---@return snn.Tensor
function snn.tensor(value, options) end

--- All 0, of these sizes.
--- ```lua
--- print(snn.zeros(2, 3))
--- ```
---@param ... snn.sizes|snn.dtype_option sizes, then options
---@return snn.Tensor
function snn.zeros(...) end
--- All 1, of these sizes.
--- ```lua
--- print(snn.ones(2, 3))
--- ```
---@return snn.Tensor
function snn.ones(...) end
--- Undefined values.
--- ```lua
--- print(snn.empty(2, 3).shape[2])
--- ```
---@return snn.Tensor
function snn.empty(...) end
--- All of one value.
--- ```lua
--- print(snn.full({ 2, 3 }, 7))
--- ```
---@param shape snn.sizes
---@param value number|boolean
---@param options? snn.dtype_option
---@return snn.Tensor
function snn.full(shape, value, options) end
--- 1 on the diagonal, 0 elsewhere.
--- ```lua
--- print(snn.eye(3))
--- ```
---@param n integer rows
---@param m? integer columns, n unless given
---@return snn.Tensor
function snn.eye(n, m, options) end
--- `arange(stop)`, `arange(start, stop[, step])`; stop is not among them.
--- ```lua
--- print(snn.arange(1, 10, 2))
--- ```
---@return snn.Tensor
function snn.arange(start, stop, step, options) end
--- n numbers from first to last, both among them.
--- ```lua
--- print(snn.linspace(0, 1, 5))
--- ```
---@return snn.Tensor
function snn.linspace(first, last, n, options) end

--- All 0, of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.zeros_like(t))
--- ```
---@param t snn.Tensor whose shape and dtype are taken
---@param options? snn.dtype_option
---@return snn.Tensor
function snn.zeros_like(t, options) end
--- All 1, of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.ones_like(t))
--- ```
---@return snn.Tensor
function snn.ones_like(t, options) end
--- Undefined values, of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.empty_like(t).dtype)
--- ```
---@return snn.Tensor
function snn.empty_like(t, options) end
--- All of one value, of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.full_like(t, 7))
--- ```
---@return snn.Tensor
function snn.full_like(t, value, options) end

-- ---- warnings ----

---Warns of what can be done, but is likely not meant, through Lua's `warn`: each kind once for an
---object. Under `snn.warnings("error")` it is a RuntimeError.
--- ```lua
--- local before = snn.warnings("error")
--- print(pcall(snn.warn, "a weight is negative"))
--- snn.warnings(before)
--- ```
---@param text string
---@param object? any what is warned of
---@param kind? any without one the text is the kind
function snn.warn(text, object, kind) end

---How warnings of the library and of `snn.warn` are told; returns how they were.
--- ```lua
--- local before = snn.warnings("error")
--- print(pcall(snn.warn, "this is odd"))
--- snn.warnings(before)
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

--- Fixes all randomness from here on.
--- ```lua
--- snn.manual_seed(7)
--- print(snn.rand(2))
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
--- Uniform in [0, 1).
--- ```lua
--- print(snn.rand(2, 2))
--- ```
---@param ... snn.sizes|snn.dtype_option
---@return snn.Tensor
function snn.rand(...) end
--- Standard normal.
--- ```lua
--- print(snn.randn(2, 2))
--- ```
---@return snn.Tensor
function snn.randn(...) end
--- Uniform in [low, high).
--- ```lua
--- print(snn.uniform(-1, 1, { 3 }))
--- ```
---@return snn.Tensor
function snn.uniform(low, high, shape, options) end
--- Normally distributed about mean, with that standard deviation.
--- ```lua
--- print(snn.normal(10, 2, { 3 }))
--- ```
---@return snn.Tensor
function snn.normal(mean, std, shape, options) end
--- int64 in [low, high).
--- ```lua
--- print(snn.randint(1, 7, { 5 }))
--- ```
---@return snn.Tensor
function snn.randint(low, high, shape, options) end
--- The numbers 1 .. n in random order, int64.
--- ```lua
--- print(snn.randperm(5))
--- ```
---@return snn.Tensor
function snn.randperm(n) end
--- true with the probability of each element, bool.
--- ```lua
--- print(snn.bernoulli(snn.tensor { 0, 0.5, 1 }))
--- ```
---@param probability snn.Tensor in [0, 1]
---@return snn.Tensor
function snn.bernoulli(probability) end
--- Poisson numbers of the rate of each element.
--- ```lua
--- print(snn.poisson(snn.tensor { 0, 5, 50 }))
--- ```
---@param rate snn.Tensor >= 0
---@return snn.Tensor
function snn.poisson(rate) end
--- Uniform in [0, 1), of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.rand_like(t))
--- ```
---@return snn.Tensor
function snn.rand_like(t, options) end
--- Standard normal, of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.randn_like(t))
--- ```
---@return snn.Tensor
function snn.randn_like(t, options) end
--- Whole numbers in [low, high), of the shape and the dtype of another.
--- ```lua
--- local t = snn.tensor({ { 1, 2 }, { 3, 4 } }, { dtype = "float64" })
--- print(snn.randint_like(t, 1, 7))
--- ```
---@return snn.Tensor
function snn.randint_like(t, low, high, options) end

-- ---- joining, norms, files ----

--- Along a dimension that is there (1 unless given).
--- ```lua
--- print(snn.cat({ snn.ones(1, 2), snn.zeros(1, 2) }, 1))
--- ```
---@param list snn.Tensor[]
---@param dim? integer
---@return snn.Tensor
function snn.cat(list, dim) end
--- Along a new dimension (1 unless given).
--- ```lua
--- print(snn.stack { snn.ones(2), snn.zeros(2) })
--- ```
---@return snn.Tensor
function snn.stack(list, dim) end
--- scale * data / max(norm, epsilon), the norm over `dim` (all unless given).
--- ```lua
--- print(snn.normalize(snn.tensor { 1, 3 }, 1, { scale = 2 }))
--- ```
---@param data snn.Tensor
---@param order number 1, 2, math.huge, ...
---@param options? { scale?: number, dim?: integer|integer[], epsilon?: number }
---@return snn.Tensor
function snn.normalize(data, order, options) end
--- NumPy's .npy; IOError. An existing file stays whole when writing fails.
--- ```lua
--- local path = os.tmpname()
--- snn.save_npy(path, snn.ones(2))
--- print(snn.load_npy(path))
--- os.remove(path)
--- ```
---@param path string
---@param t snn.Tensor
function snn.save_npy(path, t) end
--- A file of a monitor is read up to its last whole row; that, and bytes behind
--- an array, is a warning where it is not the end. `max_ratio` (100): of unpacked
--- bytes to those of a packed file, at most, where they are more than 64 MiB.
--- ```lua
--- local path = os.tmpname()
--- snn.save_npy(path, snn.arange(3))
--- print(snn.load_npy(path))
--- os.remove(path)
--- ```
---@param path string
---@param options? { all?: boolean, max_ratio?: number } all: the list of all arrays
---@return snn.Tensor|snn.Tensor[]
function snn.load_npy(path, options) end
--- Members that are no tensors (text, records, objects, ...) are skipped.
--- ```lua
--- print(pcall(snn.load_npz, "no_such_file.npz"))
--- ```
---@param path string
---@param names? string[] the members to read; absent: all
---@param options? { max_ratio?: number }
---@return table<string, snn.Tensor> tensors by name
---@return string[] skipped names
function snn.load_npz(path, names, options) end
--- The tensors of a file; integers of any width become int64, F16 and BF16
--- float32; those of unknown dtypes are skipped. IOError for a file that is none,
--- tells of what is not there or does not fit its checksums.
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
--- The file is replaced whole or, with an IOError, not at all. It has checksums, in
--- metadata whose names begin with "snnlua.": yours may not.
--- ```lua
--- local path = os.tmpname()
--- snn.save_safetensors(path, { w = snn.ones(2) })
--- print(snn.load_safetensors(path).w)
--- os.remove(path)
--- ```
---@param path string
---@param tensors table<string, snn.Tensor> by name, for example a state_dict
---@param options? { metadata?: table<string, string> }
function snn.save_safetensors(path, tensors, options) end
--- A grey picture of (h, w), or a grid of (n, h, w).
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
---@param options? { min?: number, max?: number, columns?: integer }
function snn.save_png(path, t, options) end
