---@meta
-- Annotations of the operations of tensors that work element by element and are written in C
-- (src/kernel/ops.h), for editors (LuaCATS) and for help.
-- luacheck: ignore

--- The negative of each element.
--- ```lua
--- print(snn.tensor({ 1, -2, 0.5 }):neg())
--- ```
---@return snn.Tensor
function snn.Tensor:neg() end
--- The distance of each element from 0.
--- ```lua
--- print(snn.tensor({ 1, -2, 0.5 }):abs())
--- ```
---@return snn.Tensor
function snn.Tensor:abs() end
--- -1, 0 or 1: on which side of 0 each element is.
--- ```lua
--- print(snn.tensor({ 3, -2, 0 }):sign())
--- ```
---@return snn.Tensor
function snn.Tensor:sign() end
--- The greatest whole number that is not above each element.
--- ```lua
--- print(snn.tensor({ 1.5, -1.5 }):floor())
--- ```
---@return snn.Tensor
function snn.Tensor:floor() end
--- The least whole number that is not below each element.
--- ```lua
--- print(snn.tensor({ 1.5, -1.5 }):ceil())
--- ```
---@return snn.Tensor
function snn.Tensor:ceil() end
--- Square roots; NaN below 0.
--- ```lua
--- print(snn.tensor({ 4, 2 }):sqrt())
--- ```
---@return snn.Tensor
function snn.Tensor:sqrt() end
--- e to the power of each element.
--- ```lua
--- print(snn.tensor({ 0, 1, -1 }):exp())
--- ```
---@return snn.Tensor
function snn.Tensor:exp() end
--- Natural logarithms; -inf at 0, NaN below.
--- ```lua
--- print(snn.tensor({ 1, 2.718281828 }):log())
--- ```
---@return snn.Tensor
function snn.Tensor:log() end
--- Hyperbolic tangents, in (-1, 1).
--- ```lua
--- print(snn.tensor({ 0, 1, -1 }):tanh())
--- ```
---@return snn.Tensor
function snn.Tensor:tanh() end
--- 1 / (1 + exp(-x)), in (0, 1).
--- ```lua
--- print(snn.tensor({ 0, 2, -2 }):sigmoid())
--- ```
---@return snn.Tensor
function snn.Tensor:sigmoid() end
--- Sines of angles in radians.
--- ```lua
--- print(snn.tensor({ 0, 1 }):sin())
--- ```
---@return snn.Tensor
function snn.Tensor:sin() end
--- Cosines of angles in radians.
--- ```lua
--- print(snn.tensor({ 0, 1 }):cos())
--- ```
---@return snn.Tensor
function snn.Tensor:cos() end
--- Tangents of angles in radians.
--- ```lua
--- print(snn.tensor({ 0, 1 }):tan())
--- ```
---@return snn.Tensor
function snn.Tensor:tan() end
--- Angles in radians whose sines these are; NaN outside of [-1, 1].
--- ```lua
--- print(snn.tensor({ 0, 1 }):asin())
--- ```
---@return snn.Tensor
function snn.Tensor:asin() end
--- Angles in radians whose cosines these are; NaN outside of [-1, 1].
--- ```lua
--- print(snn.tensor({ 0, 1 }):acos())
--- ```
---@return snn.Tensor
function snn.Tensor:acos() end
--- Angles in radians whose tangents these are.
--- ```lua
--- print(snn.tensor({ 0, 1 }):atan())
--- ```
---@return snn.Tensor
function snn.Tensor:atan() end
--- The sum with other, element by element: what `a + b` gives.
--- ```lua
--- print(snn.tensor({ 1, 2 }):add(10))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:add(other) end
--- Less other, element by element: what `a - b` gives.
--- ```lua
--- print(snn.tensor({ 1, 2 }):sub(10))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:sub(other) end
--- The product with other, element by element: what `a * b` gives.
--- ```lua
--- print(snn.tensor({ 1, 2 }):mul(10))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:mul(other) end
--- The quotient by other, element by element, a float: what `a / b` gives.
--- ```lua
--- print(snn.tensor({ 1, 2 }):div(10))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:div(other) end
--- What is left of a division by other, with the divisor's sign: what `a % b` gives.
--- ```lua
--- print(snn.tensor({ 7, -7 }):mod(3))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:mod(other) end
--- Raised to other, element by element: what `a ^ b` gives.
--- ```lua
--- print(snn.tensor({ 2, 3 }):pow(2))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:pow(other) end
--- The lesser of the two, element by element; NaN where one is.
--- ```lua
--- print(snn.tensor({ 1, 5 }):minimum(3))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:minimum(other) end
--- The greater of the two, element by element; NaN where one is.
--- ```lua
--- print(snn.tensor({ 1, 5 }):maximum(3))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:maximum(other) end
--- Is each element the same as other's? A bool tensor.
--- ```lua
--- print(snn.tensor({ 1, 2, 3 }):eq(2))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:eq(other) end
--- Does each element differ from other's? A bool tensor.
--- ```lua
--- print(snn.tensor({ 1, 2, 3 }):ne(2))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:ne(other) end
--- Is each element less than other's? A bool tensor.
--- ```lua
--- print(snn.tensor({ 1, 2, 3 }):lt(2))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:lt(other) end
--- Is each element less than other's, or the same? A bool tensor.
--- ```lua
--- print(snn.tensor({ 1, 2, 3 }):le(2))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:le(other) end
--- Is each element greater than other's? A bool tensor.
--- ```lua
--- print(snn.tensor({ 1, 2, 3 }):gt(2))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:gt(other) end
--- Is each element greater than other's, or the same? A bool tensor.
--- ```lua
--- print(snn.tensor({ 1, 2, 3 }):ge(2))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:ge(other) end
--- true where both are other than 0.
--- ```lua
--- print(snn.tensor({ true, true, false }):logical_and(snn.tensor({ true, false, false })))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:logical_and(other) end
--- true where at least one is other than 0.
--- ```lua
--- print(snn.tensor({ true, true, false }):logical_or(snn.tensor({ true, false, false })))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:logical_or(other) end
--- true where just one is other than 0.
--- ```lua
--- print(snn.tensor({ true, true, false }):logical_xor(snn.tensor({ true, false, false })))
--- ```
---@param other snn.number
---@return snn.Tensor bool
function snn.Tensor:logical_xor(other) end
--- Each bit turned round, of int64; true and false exchanged, of bool.
--- ```lua
--- print(snn.tensor({ 5, 0 }, { dtype = "int64" }):bitwise_not())
--- ```
---@return snn.Tensor
function snn.Tensor:bitwise_not() end
--- The bits that at least one has, of int64; logical of bool.
--- ```lua
--- print(snn.tensor({ 5, 8 }, { dtype = "int64" }):bitwise_or(3))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:bitwise_or(other) end
--- The bits that just one has, of int64; logical of bool.
--- ```lua
--- print(snn.tensor({ 5, 8 }, { dtype = "int64" }):bitwise_xor(3))
--- ```
---@param other snn.number
---@return snn.Tensor
function snn.Tensor:bitwise_xor(other) end
