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
--- ```lua
--- local tensor = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(tensor[2], tensor * 10, tensor:sum(1))
--- ```
---@class snn.Tensor
---@field shape integer[] a copy
---@field ndim integer how many dimensions there are
---@field dtype snn.dtype of the elements: float32, float64, int64 or bool
---@field numel integer how many elements there are
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

-- ---- views: share the elements ----

--- A view at one index of a dimension, which is gone in it.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:select(1, 2))
--- ```
---@return snn.Tensor
function snn.Tensor:select(dim, index) end
--- A view of `length` indices of a dimension, from `first` on.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:narrow(2, 2, 2))
--- ```
---@return snn.Tensor
function snn.Tensor:narrow(dim, first, length) end
--- Indices first .. last, both among them.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:slice(2, 1, 2))
--- ```
---@return snn.Tensor
function snn.Tensor:slice(dim, first, last) end
--- The same memory by other sizes. ValueError: the strides do not allow it.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:view(6))
--- ```
---@param ... snn.sizes one may be -1
---@return snn.Tensor
function snn.Tensor:view(...) end
--- The same, a copy where the strides ask for one.
--- A tensor of other sizes and the same elements in order.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:reshape(3, 2))
--- ```
---@return snn.Tensor
function snn.Tensor:reshape(...) end
--- A view with two dimensions exchanged.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:transpose(1, 2))
--- ```
---@return snn.Tensor
function snn.Tensor:transpose(a, b) end
--- A view with the dimensions in another order.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:permute(2, 1))
--- ```
---@return snn.Tensor
function snn.Tensor:permute(...) end
--- A view in which dimensions of size 1 are as large as asked for; no memory is taken.
--- ```lua
--- local t = snn.tensor { { 1, 2 } }
--- print(t:expand(3, 2))
--- ```
---@return snn.Tensor
function snn.Tensor:expand(...) end
--- A view without the dimension, or all, of size 1.
--- ```lua
--- local t = snn.tensor { { 1, 2 } }
--- print(t:squeeze(1))
--- ```
---@return snn.Tensor
function snn.Tensor:squeeze(dim) end
--- A view with a new dimension of size 1 at that place.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:unsqueeze(1).ndim)
--- ```
---@return snn.Tensor
function snn.Tensor:unsqueeze(dim) end
--- Dimensions first to last as one, all unless given.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:flatten())
--- ```
---@return snn.Tensor
function snn.Tensor:flatten(first, last) end
--- A list of views of `size` indices each, the last of what is left, or of the
--- sizes of a list.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(#t:split(2, 2))
--- ```
---@param size integer|integer[]
---@param dim? integer 1 unless given
---@return snn.Tensor[]
function snn.Tensor:split(size, dim) end
--- A list of at most `n` views of equal size, but for the last.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(#t:chunk(2, 2))
--- ```
---@return snn.Tensor[]
function snn.Tensor:chunk(n, dim) end
--- The tensor itself where its elements lie in order in memory, else a copy of which that is true.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:transpose(1, 2):contiguous())
--- ```
---@return snn.Tensor
function snn.Tensor:contiguous() end
--- A copy that shares nothing with the tensor.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:clone():add_(1), t)
--- ```
---@return snn.Tensor
function snn.Tensor:clone() end

-- ---- elements; a trailing _ is in place ----

--- Rounded down: a == (a // b) * b + a % b.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:floor_divide(4))
--- ```
---@return snn.Tensor
function snn.Tensor:floor_divide(other) end
--- exp(x) - 1, exact near 0.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:expm1())
--- ```
---@return snn.Tensor
function snn.Tensor:expm1() end
--- log(1 + x), exact near 0.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:log1p())
--- ```
---@return snn.Tensor
function snn.Tensor:log1p() end
--- The error function.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:erf())
--- ```
---@return snn.Tensor
function snn.Tensor:erf() end
--- 1 - erf(x), exact where that is near 0.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:erfc())
--- ```
---@return snn.Tensor
function snn.Tensor:erfc() end
--- log |Gamma(x)|
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:lgamma())
--- ```
---@return snn.Tensor
function snn.Tensor:lgamma() end
--- The regularised upper incomplete gamma function Q(self, x), self and x >= 0.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gammaincc(2))
--- ```
---@param x snn.number
---@return snn.Tensor
function snn.Tensor:gammaincc(x) end
--- log Q(self, x), right where Q is too near 0 or 1 for its dtype.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:log_gammaincc(2))
--- ```
---@param x snn.number
---@return snn.Tensor
function snn.Tensor:log_gammaincc(x) end
--- log(rate^self exp(-rate) / Gamma(self + 1)): of whole numbers the logarithm of
--- their probability in the Poisson distribution.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:log_poisson(2))
--- ```
---@param rate snn.number
---@return snn.Tensor
function snn.Tensor:log_poisson(rate) end
--- log P(Z <= self) of the standard normal distribution.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:log_ndtr())
--- ```
---@return snn.Tensor
function snn.Tensor:log_ndtr() end
--- Half to even.
--- ```lua
--- local t = snn.tensor { 0.5, 1.5, 2.4 }
--- print(t:round())
--- ```
---@return snn.Tensor
function snn.Tensor:round() end
--- nil: no limit on that side.
--- Each element moved into [low, high].
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:clamp(2, 5))
--- ```
---@return snn.Tensor
function snn.Tensor:clamp(low, high) end
--- `condition:where(a, b)`: of a where true, else of b.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gt(3):where(t, 0))
--- ```
---@return snn.Tensor
function snn.Tensor:where(a, b) end
--- true where an element is false, or 0.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gt(2):logical_not())
--- ```
---@return snn.Tensor bool
function snn.Tensor:logical_not() end
--- Logical of bool, bit by bit of int64; a TypeError of real numbers.
--- ```lua
--- local t = snn.tensor({ 5, 6 }, { dtype = "int64" })
--- print(t:bitwise_and(3))
--- ```
---@return snn.Tensor
function snn.Tensor:bitwise_and(other) end
--- true where an element is not a number.
--- ```lua
--- local t = snn.tensor { 1, math.huge, 0 / 0 }
--- print(t:isnan())
--- ```
---@return snn.Tensor bool
function snn.Tensor:isnan() end
--- true where an element is inf or -inf.
--- ```lua
--- local t = snn.tensor { 1, math.huge, 0 / 0 }
--- print(t:isinf())
--- ```
---@return snn.Tensor bool
function snn.Tensor:isinf() end
--- true where an element is neither infinite nor NaN.
--- ```lua
--- local t = snn.tensor { 1, math.huge, 0 / 0 }
--- print(t:isfinite())
--- ```
---@return snn.Tensor bool
function snn.Tensor:isfinite() end
--- A copy with `value` where the mask is true.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:masked_fill(t:gt(3), 0))
--- ```
---@return snn.Tensor
function snn.Tensor:masked_fill(mask, value) end
--- In place; a tensor read from a module's field cannot be: RuntimeError.
--- ```lua
--- local t = snn.tensor { 1, 2, 3 }
--- print(t:fill_(7))
--- ```
---@return snn.Tensor self
function snn.Tensor:fill_(value) end
--- Uniform random numbers in [low, high) in the place of all elements.
--- ```lua
--- print(snn.zeros(3):uniform_(0, 10))
--- ```
---@param low? number 0 unless given
---@param high? number 1 unless given
---@return snn.Tensor self
function snn.Tensor:uniform_(low, high) end
--- Normal random numbers of that mean and standard deviation in the place of all elements.
--- ```lua
--- print(snn.zeros(3):normal_(-65, 2))
--- ```
---@param mean? number 0 unless given
---@param std? number 1 unless given
---@return snn.Tensor self
function snn.Tensor:normal_(mean, std) end
--- Takes the values of another, which broadcasts, into its own memory.
--- ```lua
--- local t = snn.tensor { 1, 2, 3 }
--- print(t:copy_(snn.tensor { 7, 8, 9 }))
--- ```
---@return snn.Tensor self
function snn.Tensor:copy_(other) end
--- Makes all elements 0 in their own memory.
--- ```lua
--- local t = snn.tensor { 1, 2, 3 }
--- print(t:zero_())
--- ```
---@return snn.Tensor self
function snn.Tensor:zero_() end
---@return snn.Tensor self
function snn.Tensor:add_(other) end
---@return snn.Tensor self
function snn.Tensor:mul_(other) end
---@return snn.Tensor self
function snn.Tensor:clamp_(low, high) end

-- ---- linear algebra, choosing, order ----

--- Of one, two or more dimensions, the ones in front broadcast.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:matmul(t:transpose(1, 2)))
--- ```
---@return snn.Tensor
function snn.Tensor:matmul(other) end
--- The product of a matrix with a row of numbers, one for each of its columns.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:mv(snn.tensor { 1, 0, 1 }))
--- ```
---@return snn.Tensor
function snn.Tensor:mv(vector) end
--- The sum of products with another row of as many elements.
--- ```lua
--- local t = snn.tensor { 1, 2, 3 }
--- print(t:dot(t))
--- ```
---@return snn.Tensor
function snn.Tensor:dot(other) end
--- The matrix of the products of each element with each of other's.
--- ```lua
--- local t = snn.tensor { 1, 2 }
--- print(t:outer(snn.tensor { 10, 100 }))
--- ```
---@return snn.Tensor
function snn.Tensor:outer(other) end
--- Copies of the slices of a dimension that `index`, a row of int64, names.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:index_select(2, snn.tensor({ 3, 1 }, { dtype = "int64" })))
--- ```
---@param index snn.Tensor of whole numbers, as in gather and scatter_add_
---@return snn.Tensor
function snn.Tensor:index_select(dim, index) end
--- The elements where the mask is true, in one dimension.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:masked_select(t:gt(3)))
--- ```
---@param mask snn.Tensor
---@return snn.Tensor
function snn.Tensor:masked_select(mask) end
--- Along a dimension the elements at the places of `index`, int64 from 1; of its shape.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gather(2, snn.tensor({ { 3 }, { 1 } }, { dtype = "int64" })))
--- ```
---@return snn.Tensor
function snn.Tensor:gather(dim, index) end
--- Adds each element of `source` at the place along the dimension that `index` has for it.
--- ```lua
--- local t = snn.tensor { 1, 2, 3 }
--- print(t:scatter_add_(1, snn.tensor({ 1, 1 }, { dtype = "int64" }), snn.tensor { 10, 20 }))
--- ```
---@return snn.Tensor self
function snn.Tensor:scatter_add_(dim, index, source) end
--- The places of all elements other than 0: a row of int64 indices for each.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gt(4):nonzero())
--- ```
---@return snn.Tensor int64 (n, ndim)
function snn.Tensor:nonzero() end
--- The elements in order along a dimension, and where they were; from the greatest if `descending`.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:sort(2, true))
--- ```
---@return snn.Tensor values, snn.Tensor indices
function snn.Tensor:sort(dim, descending) end
--- The k greatest elements along a dimension, or the least, and where they are.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:topk(2, 2))
--- ```
---@return snn.Tensor values, snn.Tensor indices
function snn.Tensor:topk(k, dim, largest) end
--- The distinct elements in order; where each element went (indices, of self's
--- shape) and how many there are, if asked for.
--- ```lua
--- local t = snn.tensor { 3, 1, 3 }
--- print(t:unique())
--- ```
---@param options? { inverse?: boolean, counts?: boolean }
---@return snn.Tensor values, snn.Tensor? inverse_or_counts, snn.Tensor? counts
function snn.Tensor:unique(options) end
--- Counts of 1 .. max.
--- ```lua
--- local t = snn.tensor({ 1, 3, 3 }, { dtype = "int64" })
--- print(t:bincount())
--- ```
---@param options? { minlength?: integer }
---@return snn.Tensor int64
function snn.Tensor:bincount(options) end

-- ---- elements in other places ----

--- Backwards along the dimensions, all unless given.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:flip(2))
--- ```
---@param ... integer|integer[]
---@return snn.Tensor
function snn.Tensor:flip(...) end
--- `shift` places on and round the end; without a dim as if all were in one row.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:roll(1, 2))
--- ```
---@param shift integer|integer[]
---@param dim? integer|integer[]
---@return snn.Tensor
function snn.Tensor:roll(shift, dim) end
--- Differences of neighbours, n times over; of bool, where it changes.
--- ```lua
--- local t = snn.tensor { 1, 4, 9 }
--- print(t:diff())
--- ```
---@param n? integer 1 unless given
---@param dim? integer the last unless given
---@return snn.Tensor
function snn.Tensor:diff(n, dim) end
--- Of a row the matrix with it on diagonal k, of a matrix that diagonal, a copy.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:diag())
--- ```
---@param k? integer
---@return snn.Tensor
function snn.Tensor:diag(k) end
--- Zeros above diagonal k of the last two dimensions.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:tril())
--- ```
---@param k? integer
---@return snn.Tensor
function snn.Tensor:tril(k) end
--- Zeros below diagonal k.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:triu())
--- ```
---@return snn.Tensor
function snn.Tensor:triu(k) end
---@return snn.Tensor self
function snn.Tensor:tril_(k) end
---@return snn.Tensor self
function snn.Tensor:triu_(k) end

-- ---- out of tensors ----

--- The size of a dimension; without it the shape.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:size(2))
--- ```
---@param dim? integer
---@return integer|integer[]
function snn.Tensor:size(dim) end

--- The only element.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:sum():item())
--- ```
---@return number|boolean
function snn.Tensor:item() end
--- A nested list of Lua numbers or booleans; of a tensor without dimensions its value.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:totable()[2][3])
--- ```
---@return table|number|boolean nested lists
function snn.Tensor:totable() end
--- The same values in another dtype; the tensor itself where it has that one.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:to("int64"))
--- ```
---@param dtype snn.dtype
---@return snn.Tensor
function snn.Tensor:to(dtype) end
--- Dtype, shape and values: what `a == b` asks.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:equal(t:clone()))
--- ```
---@return boolean
function snn.Tensor:equal(other) end
--- Are all elements near those of other: within atol + rtol times other's?
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:allclose(t + 1e-9))
--- ```
---@return boolean
function snn.Tensor:allclose(other, rtol, atol) end
