---@meta
-- Annotations of tensors' reductions, which are written in C, for editors (LuaCATS) and for help.
-- luacheck: ignore

-- ---- reductions: over all elements without dim ----

--- All elements added up, or along dimensions; int64 of bool.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:sum(1))
--- ```
---@param dim? integer|integer[]
---@param keepdim? boolean
---@return snn.Tensor int64 of bool and int64
function snn.Tensor:sum(dim, keepdim) end
--- The average of all elements, or along a dimension; of floats.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:mean(1))
--- ```
---@return snn.Tensor
function snn.Tensor:mean(dim, keepdim) end
--- The product of all elements, or along a dimension.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:prod(2))
--- ```
---@return snn.Tensor
function snn.Tensor:prod(dim, keepdim) end
--- With a dim also the indices.
--- The least element; with a dim those along it, and where they are.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:min(1))
--- ```
---@return snn.Tensor values, snn.Tensor? indices
function snn.Tensor:min(dim, keepdim) end
--- The greatest element; with a dim those along it, and where they are.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:max(2))
--- ```
---@return snn.Tensor values, snn.Tensor? indices
function snn.Tensor:max(dim, keepdim) end
--- The least elements along a dimension, or of all, without places.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:amin(1))
--- ```
---@return snn.Tensor
function snn.Tensor:amin(dim, keepdim) end
--- The greatest elements along a dimension, or of all, without places.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:amax(1))
--- ```
---@return snn.Tensor
function snn.Tensor:amax(dim, keepdim) end
--- Where the least element is, from 1, along a dimension or of all; the first of equal ones.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:argmin(2))
--- ```
---@return snn.Tensor int64
function snn.Tensor:argmin(dim, keepdim) end
--- Where the greatest element is, from 1, along a dimension or of all; the first of equal ones.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:argmax(2))
--- ```
---@return snn.Tensor int64
function snn.Tensor:argmax(dim, keepdim) end
--- Is any element true, or other than 0; along a dimension, or of all?
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gt(5):any(1))
--- ```
---@return snn.Tensor bool
function snn.Tensor:any(dim, keepdim) end
--- Are all elements true, or other than 0; along a dimension, or of all?
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:gt(0):all())
--- ```
---@return snn.Tensor bool
function snn.Tensor:all(dim, keepdim) end
--- The p-th root of the sum of the p-th powers; of all elements, or along dimensions.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:norm(2))
--- ```
---@param p number 1, 2, math.huge, ...
---@return snn.Tensor
function snn.Tensor:norm(p, dim, keepdim) end
--- Unbiased.
--- The standard deviation, of which the square is the unbiased variance.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:std())
--- ```
---@return snn.Tensor
function snn.Tensor:std(dim, keepdim) end
--- Unbiased.
--- The variance, divided by one less than there are elements.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:var())
--- ```
---@return snn.Tensor
function snn.Tensor:var(dim, keepdim) end
--- The lower one of two; with a dim also the indices.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:median())
--- ```
---@return snn.Tensor values, snn.Tensor? indices
function snn.Tensor:median(dim, keepdim) end
--- The element at rank q (n - 1) of the sorted ones, q in [0, 1], between two by interpolation.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:quantile(0.5, 2))
--- ```
---@param options? { interpolation?: "linear"|"lower"|"higher"|"nearest"|"midpoint" }
---@return snn.Tensor
function snn.Tensor:quantile(q, dim, keepdim, options) end
--- Sums of all elements up to each along a dimension.
--- ```lua
--- local t = snn.tensor { { 1, 2, 3 }, { 4, 5, 6 } }
--- print(t:cumsum(2))
--- ```
---@return snn.Tensor
function snn.Tensor:cumsum(dim) end
