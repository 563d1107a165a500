---@meta
-- Annotations of what is written in C, for editors (LuaCATS): tensors. Not part
-- of the library; spec/lua/meta_spec.lua holds it against what is there.
-- luacheck: ignore

---@alias snn.dtype "float32"|"float64"|"int64"|"bool"
---@alias snn.dtype_option { dtype?: snn.dtype }
---@alias snn.number number|boolean|snn.Tensor a number counts as a tensor without dimensions
---@alias snn.sizes integer|integer[] sizes, or one list of them; all >= 0, at most 8

--- Numbers in up to 8 dimensions. Indices and dimensions count from 1, negative
--- ones from the end; operations broadcast as in NumPy. Promotion: bool < int64 <
--- float32 < float64, `/` gives a float, a number never raises a float's dtype.
--- Wrong shapes and values are ValueErrors, wrong types TypeErrors.
---@class snn.Tensor
---@field shape integer[] a copy
---@field ndim integer
---@field dtype snn.dtype
---@field numel integer
---@operator add(snn.number): snn.Tensor
---@operator sub(snn.number): snn.Tensor
---@operator mul(snn.number): snn.Tensor
---@operator div(snn.number): snn.Tensor
---@operator idiv(snn.number): snn.Tensor rounded down, as NumPy's //
---@operator mod(snn.number): snn.Tensor sign of the divisor
---@operator pow(snn.number): snn.Tensor
---@operator unm: snn.Tensor
---@operator band(snn.number): snn.Tensor of bool and int64
---@operator bor(snn.number): snn.Tensor of bool and int64
---@operator bxor(snn.number): snn.Tensor of bool and int64
---@operator bnot: snn.Tensor of bool and int64
---@operator concat(any): string the text
---@operator len: integer the first dimension
---@field [integer] snn.Tensor|number|boolean|nil a view or an element; nil at #t + 1
---@field [integer[] ] snn.Tensor copies of rows
---@field [(integer[]|integer)[] ] snn.Tensor a view of ranges, one a dimension
---@field [snn.Tensor] snn.Tensor copies: what a mask chooses, or rows by number
snn.Tensor = {}

-- ---- creation ----

--- From a number, a boolean or nested lists of one shape; float32 unless given,
--- bool of booleans.
---@param value number|boolean|table
---@param options? snn.dtype_option
---@return snn.Tensor
function snn.tensor(value, options) end

---@param ... snn.sizes|snn.dtype_option sizes, then options
---@return snn.Tensor
function snn.zeros(...) end
---@return snn.Tensor
function snn.ones(...) end
--- Undefined values.
---@return snn.Tensor
function snn.empty(...) end
---@param shape snn.sizes
---@param value number|boolean
---@param options? snn.dtype_option
---@return snn.Tensor
function snn.full(shape, value, options) end
---@param n integer rows
---@param m? integer columns, n unless given
---@return snn.Tensor
function snn.eye(n, m, options) end
--- `arange(stop)`, `arange(start, stop[, step])`; stop is not among them.
---@return snn.Tensor
function snn.arange(start, stop, step, options) end
--- n numbers from first to last, both among them.
---@return snn.Tensor
function snn.linspace(first, last, n, options) end

---@param t snn.Tensor whose shape and dtype are taken
---@param options? snn.dtype_option
---@return snn.Tensor
function snn.zeros_like(t, options) end
---@return snn.Tensor
function snn.ones_like(t, options) end
---@return snn.Tensor
function snn.empty_like(t, options) end
---@return snn.Tensor
function snn.full_like(t, value, options) end

-- ---- warnings ----

---Warns of what can be done, but is likely not meant, through Lua's `warn`: each kind once for an
---object. Under `snn.warnings("error")` it is a RuntimeError.
---@param text string
---@param object? any what is warned of
---@param kind? any without one the text is the kind
function snn.warn(text, object, kind) end

---How warnings of the library and of `snn.warn` are told; returns how they were.
---@param mode? boolean|"error" true (at first): told; false: dropped; "error": a RuntimeError each
---@return boolean|"error" before
function snn.warnings(mode) end

-- ---- errors ----

---A message handler for `xpcall`: the error's text and all frames that led to it, also those of
---wirings, hooks and other functions that the engine called, which `debug.traceback` does not see.
---@param err? any
---@return string
function snn.traceback(err) end

-- ---- random numbers: functions of the seed, the call and the place alone ----

--- Fixes all randomness from here on.
---@param seed integer
function snn.manual_seed(seed) end
--- Where the random numbers are: an int64 tensor of shape {2}, the seed and how many
--- draws there were since (the bits of two unsigned numbers). snn.save keeps it by
--- itself; that of a snn.Generator is its own.
---@return snn.Tensor state
function snn.get_rng_state() end
--- Goes on from there: the same draws follow as after `snn.get_rng_state()` gave it.
---@param state snn.Tensor int64 {2}
function snn.set_rng_state(state) end
--- Uniform in [0, 1).
---@param ... snn.sizes|snn.dtype_option
---@return snn.Tensor
function snn.rand(...) end
--- Standard normal.
---@return snn.Tensor
function snn.randn(...) end
--- Uniform in [low, high).
---@return snn.Tensor
function snn.uniform(low, high, shape, options) end
---@return snn.Tensor
function snn.normal(mean, std, shape, options) end
--- int64 in [low, high).
---@return snn.Tensor
function snn.randint(low, high, shape, options) end
--- The numbers 1 .. n in random order, int64.
---@return snn.Tensor
function snn.randperm(n) end
--- true with the probability of each element, bool.
---@param probability snn.Tensor in [0, 1]
---@return snn.Tensor
function snn.bernoulli(probability) end
--- Poisson numbers of the rate of each element.
---@param rate snn.Tensor >= 0
---@return snn.Tensor
function snn.poisson(rate) end
---@return snn.Tensor
function snn.rand_like(t, options) end
---@return snn.Tensor
function snn.randn_like(t, options) end
---@return snn.Tensor
function snn.randint_like(t, low, high, options) end

-- ---- joining, norms, files ----

--- Along a dimension that is there (1 unless given).
---@param list snn.Tensor[]
---@param dim? integer
---@return snn.Tensor
function snn.cat(list, dim) end
--- Along a new dimension (1 unless given).
---@return snn.Tensor
function snn.stack(list, dim) end
--- scale * data / max(norm, epsilon), the norm over `dim` (all unless given).
---@param data snn.Tensor
---@param order number 1, 2, math.huge, ...
---@param options? { scale?: number, dim?: integer|integer[], epsilon?: number }
---@return snn.Tensor
function snn.normalize(data, order, options) end
--- NumPy's .npy; IOError. An existing file stays whole when writing fails.
---@param path string
---@param t snn.Tensor
function snn.save_npy(path, t) end
--- A file of a monitor is read up to its last whole row; that, and bytes behind
--- an array, is a warning where it is not the end. `max_ratio` (100): of unpacked
--- bytes to those of a packed file, at most, where they are more than 64 MiB.
---@param path string
---@param options? { all?: boolean, max_ratio?: number } all: the list of all arrays
---@return snn.Tensor|snn.Tensor[]
function snn.load_npy(path, options) end
--- Members that are no tensors (text, records, objects, ...) are skipped.
---@param path string
---@param names? string[] the members to read; absent: all
---@param options? { max_ratio?: number }
---@return table<string, snn.Tensor> tensors by name
---@return string[] skipped names
function snn.load_npz(path, names, options) end
--- The tensors of a file; integers of any width become int64, F16 and BF16
--- float32; those of unknown dtypes are skipped. IOError for a file that is none,
--- tells of what is not there or does not fit its checksums.
---@param path string
---@return table<string, snn.Tensor> tensors by name
---@return table<string, string>? metadata
---@return string[] skipped names
function snn.load_safetensors(path) end
--- The file is replaced whole or, with an IOError, not at all. It has checksums, in
--- metadata whose names begin with "snnlua.": yours may not.
---@param path string
---@param tensors table<string, snn.Tensor> by name, for example a state_dict
---@param options? { metadata?: table<string, string> }
function snn.save_safetensors(path, tensors, options) end
--- A grey picture of (h, w), or a grid of (n, h, w).
---@param path string
---@param t snn.Tensor
---@param options? { min?: number, max?: number, columns?: integer }
function snn.save_png(path, t, options) end

-- ---- views: share the elements ----

---@return snn.Tensor
function snn.Tensor:select(dim, index) end
---@return snn.Tensor
function snn.Tensor:narrow(dim, first, length) end
--- Indices first .. last, both among them.
---@return snn.Tensor
function snn.Tensor:slice(dim, first, last) end
---@param ... snn.sizes one may be -1
---@return snn.Tensor
function snn.Tensor:view(...) end
--- The same, a copy where the strides ask for one.
---@return snn.Tensor
function snn.Tensor:reshape(...) end
---@return snn.Tensor
function snn.Tensor:transpose(a, b) end
---@return snn.Tensor
function snn.Tensor:permute(...) end
---@return snn.Tensor
function snn.Tensor:expand(...) end
---@return snn.Tensor
function snn.Tensor:squeeze(dim) end
---@return snn.Tensor
function snn.Tensor:unsqueeze(dim) end
---@return snn.Tensor
function snn.Tensor:flatten(first, last) end
--- A list of views of `size` indices each, the last of what is left, or of the
--- sizes of a list.
---@param size integer|integer[]
---@param dim? integer 1 unless given
---@return snn.Tensor[]
function snn.Tensor:split(size, dim) end
--- A list of at most `n` views of equal size, but for the last.
---@return snn.Tensor[]
function snn.Tensor:chunk(n, dim) end
---@return snn.Tensor
function snn.Tensor:contiguous() end
---@return snn.Tensor
function snn.Tensor:clone() end

-- ---- elements; a trailing _ is in place ----

--- Rounded down: a == (a // b) * b + a % b.
---@return snn.Tensor
function snn.Tensor:floor_divide(other) end
--- exp(x) - 1, exact near 0.
---@return snn.Tensor
function snn.Tensor:expm1() end
--- log(1 + x), exact near 0.
---@return snn.Tensor
function snn.Tensor:log1p() end
--- The error function.
---@return snn.Tensor
function snn.Tensor:erf() end
--- 1 - erf(x), exact where that is near 0.
---@return snn.Tensor
function snn.Tensor:erfc() end
--- log |Gamma(x)|
---@return snn.Tensor
function snn.Tensor:lgamma() end
--- The regularised upper incomplete gamma function Q(self, x), self and x >= 0.
---@param x snn.number
---@return snn.Tensor
function snn.Tensor:gammaincc(x) end
--- log Q(self, x), right where Q is too near 0 or 1 for its dtype.
---@param x snn.number
---@return snn.Tensor
function snn.Tensor:log_gammaincc(x) end
--- log(rate^self exp(-rate) / Gamma(self + 1)): of whole numbers the logarithm of
--- their probability in the Poisson distribution.
---@param rate snn.number
---@return snn.Tensor
function snn.Tensor:log_poisson(rate) end
--- log P(Z <= self) of the standard normal distribution.
---@return snn.Tensor
function snn.Tensor:log_ndtr() end
--- Half to even.
---@return snn.Tensor
function snn.Tensor:round() end
--- nil: no limit on that side.
---@return snn.Tensor
function snn.Tensor:clamp(low, high) end
--- `condition:where(a, b)`: of a where true, else of b.
---@return snn.Tensor
function snn.Tensor:where(a, b) end
---@return snn.Tensor bool
function snn.Tensor:logical_not() end
--- Logical of bool, bit by bit of int64; a TypeError of real numbers.
---@return snn.Tensor
function snn.Tensor:bitwise_and(other) end
---@return snn.Tensor bool
function snn.Tensor:isnan() end
---@return snn.Tensor bool
function snn.Tensor:isinf() end
---@return snn.Tensor bool
function snn.Tensor:isfinite() end
---@return snn.Tensor
function snn.Tensor:masked_fill(mask, value) end
--- In place; a tensor read from a module's field cannot be: RuntimeError.
---@return snn.Tensor self
function snn.Tensor:fill_(value) end
---@return snn.Tensor self
function snn.Tensor:copy_(other) end
---@return snn.Tensor self
function snn.Tensor:zero_() end
---@return snn.Tensor self
function snn.Tensor:add_(other) end
---@return snn.Tensor self
function snn.Tensor:mul_(other) end
---@return snn.Tensor self
function snn.Tensor:clamp_(low, high) end

-- ---- reductions: over all elements without dim ----

---@param dim? integer|integer[]
---@param keepdim? boolean
---@return snn.Tensor int64 of bool and int64
function snn.Tensor:sum(dim, keepdim) end
---@return snn.Tensor
function snn.Tensor:mean(dim, keepdim) end
---@return snn.Tensor
function snn.Tensor:prod(dim, keepdim) end
--- With a dim also the indices.
---@return snn.Tensor values, snn.Tensor? indices
function snn.Tensor:min(dim, keepdim) end
---@return snn.Tensor values, snn.Tensor? indices
function snn.Tensor:max(dim, keepdim) end
---@return snn.Tensor
function snn.Tensor:amin(dim, keepdim) end
---@return snn.Tensor
function snn.Tensor:amax(dim, keepdim) end
---@return snn.Tensor int64
function snn.Tensor:argmin(dim, keepdim) end
---@return snn.Tensor int64
function snn.Tensor:argmax(dim, keepdim) end
---@return snn.Tensor bool
function snn.Tensor:any(dim, keepdim) end
---@return snn.Tensor bool
function snn.Tensor:all(dim, keepdim) end
---@param p number 1, 2, math.huge, ...
---@return snn.Tensor
function snn.Tensor:norm(p, dim, keepdim) end
--- Unbiased.
---@return snn.Tensor
function snn.Tensor:std(dim, keepdim) end
--- Unbiased.
---@return snn.Tensor
function snn.Tensor:var(dim, keepdim) end
--- The lower one of two; with a dim also the indices.
---@return snn.Tensor values, snn.Tensor? indices
function snn.Tensor:median(dim, keepdim) end
---@param options? { interpolation?: "linear"|"lower"|"higher"|"nearest"|"midpoint" }
---@return snn.Tensor
function snn.Tensor:quantile(q, dim, keepdim, options) end
---@return snn.Tensor
function snn.Tensor:cumsum(dim) end

-- ---- linear algebra, choosing, order ----

--- Of one, two or more dimensions, the ones in front broadcast.
---@return snn.Tensor
function snn.Tensor:matmul(other) end
---@return snn.Tensor
function snn.Tensor:mv(vector) end
---@return snn.Tensor
function snn.Tensor:dot(other) end
---@return snn.Tensor
function snn.Tensor:outer(other) end
---@param index snn.Tensor of whole numbers, as in gather and scatter_add_
---@return snn.Tensor
function snn.Tensor:index_select(dim, index) end
--- The elements where the mask is true, in one dimension.
---@param mask snn.Tensor
---@return snn.Tensor
function snn.Tensor:masked_select(mask) end
---@return snn.Tensor
function snn.Tensor:gather(dim, index) end
---@return snn.Tensor self
function snn.Tensor:scatter_add_(dim, index, source) end
---@return snn.Tensor int64 (n, ndim)
function snn.Tensor:nonzero() end
---@return snn.Tensor values, snn.Tensor indices
function snn.Tensor:sort(dim, descending) end
---@return snn.Tensor values, snn.Tensor indices
function snn.Tensor:topk(k, dim, largest) end
--- The distinct elements in order; where each element went (indices, of self's
--- shape) and how many there are, if asked for.
---@param options? { inverse?: boolean, counts?: boolean }
---@return snn.Tensor values, snn.Tensor? inverse_or_counts, snn.Tensor? counts
function snn.Tensor:unique(options) end
--- Counts of 1 .. max.
---@param options? { minlength?: integer }
---@return snn.Tensor int64
function snn.Tensor:bincount(options) end

-- ---- elements in other places ----

--- Backwards along the dimensions, all unless given.
---@param ... integer|integer[]
---@return snn.Tensor
function snn.Tensor:flip(...) end
--- `shift` places on and round the end; without a dim as if all were in one row.
---@param shift integer|integer[]
---@param dim? integer|integer[]
---@return snn.Tensor
function snn.Tensor:roll(shift, dim) end
--- Differences of neighbours, n times over; of bool, where it changes.
---@param n? integer 1 unless given
---@param dim? integer the last unless given
---@return snn.Tensor
function snn.Tensor:diff(n, dim) end
--- Of a row the matrix with it on diagonal k, of a matrix that diagonal, a copy.
---@param k? integer
---@return snn.Tensor
function snn.Tensor:diag(k) end
--- Zeros above diagonal k of the last two dimensions.
---@param k? integer
---@return snn.Tensor
function snn.Tensor:tril(k) end
--- Zeros below diagonal k.
---@return snn.Tensor
function snn.Tensor:triu(k) end
---@return snn.Tensor self
function snn.Tensor:tril_(k) end
---@return snn.Tensor self
function snn.Tensor:triu_(k) end

-- ---- out of tensors ----

--- The size of a dimension; without it the shape.
---@param dim? integer
---@return integer|integer[]
function snn.Tensor:size(dim) end

--- The only element.
---@return number|boolean
function snn.Tensor:item() end
---@return table|number|boolean nested lists
function snn.Tensor:totable() end
---@param dtype snn.dtype
---@return snn.Tensor
function snn.Tensor:to(dtype) end
--- Dtype, shape and values: what `a == b` asks.
---@return boolean
function snn.Tensor:equal(other) end
---@return boolean
function snn.Tensor:allclose(other, rtol, atol) end
