-- snn.plot: pictures of data in the terminal. The files that draw are read with the
-- first plot.
local snn, load, tools = ...

--- Pictures of data for the terminal, of braille dots and blocks, or of ASCII where the locale
--- has no others. Each function gives a snn.Plot, whose text is the picture.
--- ```lua
--- print(snn.plot.line(snn.arange(10):sin(), { width = 40, height = 10 }))
--- ```
---@class snn.plot
local plot = {}
snn.plot = plot

---A picture of data, drawn once for the terminal and the options it was made with: its
---text is the picture, so the prompt shows it and `print(p)` prints it. It does not change.
--- ```lua
--- local plot = snn.plot.hist(snn.randn(100), { width = 40, height = 10, title = "normal" })
--- print(plot)
--- ```
---@class snn.Plot
---@field text string the lines of the picture, without a newline at the end
---@field kind "raster"|"line"|"hist"|"image" how it was drawn
---@field title string the line above, or nothing
---@field width integer columns that no line is wider than
---@field height integer lines
--- of a raster: how many it shows
--- ```lua
--- print(snn.plot.raster(snn.rand(20, 5):gt(0.8)).spikes)
--- ```
---@field spikes? integer
---@field counts? snn.Tensor of a histogram: int64, how many values each bin has
---@field edges? snn.Tensor of a histogram: float64, ends of the bins, one more than these

---Options of all plots. Where the terminal is not known: 80 columns, no colours.
--- ```lua
--- local options = { width = 60, height = 12, color = false, utf8 = true, title = "currents",
---   xlabel = "ms", ylabel = "nA" }
--- print(snn.plot.line(snn.arange(5), options))
--- ```
---@class snn.PlotOptions
---@field title? string a line above the picture
---@field width? integer columns of all, 20 to 1000; the terminal's when absent
---@field height? integer lines of all at most, 10 to 1000; the terminal's, to 20
---@field xlabel? string what lies along the bottom, with its unit
---@field ylabel? string what lies along the side, with its unit
---@field utf8? boolean false: ASCII alone; by the locale when absent
---@field color? boolean by the terminal when absent

local KINDS <const> = { "raster", "line", "hist", "image" }
local kinds

local function kind(name)
  if not kinds then
    tools.plot = {}
    for _, part in ipairs { "canvas", "axes", "data", "figure" } do
      tools.plot[part] = load("snn.plot." .. part)
    end
    local loaded = {}
    for _, each in ipairs(KINDS) do loaded[each] = load("snn.plot." .. each) end
    kinds = loaded
  end
  return kinds[name]
end

--- Spikes over time: a mark for each, time in ms to the right, neuron 1 at the bottom. A
--- step k lies between (k - 1) and k step times. Where neurons or steps are more than
--- dots they share them, which is told below; a crowd is shown as shades.
---
--- ```lua
--- local encoder = snn.HomogeneousPoissonEncoder { steps = 200, step_time = 1, frequency = 40 }
--- print(snn.plot.raster(encoder(snn.rand(1, 12)), { title = "input" }))
--- ```
---
--- ValueError: `sample` is none of the batch. TypeError: an option has another type.
---@param spikes snn.Tensor|table|snn.Monitor|snn.Reducer (T, N) or (T, B, N...), any non-zero
---  element is a spike; a list of steps; a monitor or reducer: all steps that it has
---  recorded, oldest first, with its step time
---@param options? snn.PlotOptions also { step_time?: number, sample?: integer }: ms (1); which
---  sample of a batch (1)
---@return snn.Plot
function plot.raster(spikes, options) return kind "raster"(spikes, options) end

--- Values as lines, over 1, 2, ..., over time where there is a step time (value k at k step
--- times), or over x. What is not finite is a gap, told below. Several lines have their
--- colours, without colours their signs, and a legend. Of more than 1,000 values (4,000 over
--- x) a column of dots shows the least and greatest; so many in no order of x are dots alone.
---
--- ```lua
--- local v = snn.linspace(0, 12, 100):sin() * 10 - 60
--- print(snn.plot.line(v, { step_time = 0.5, ylabel = "voltage", unit = "mV" }))
--- print(snn.plot.line({ exc = v, inh = v + 5 }, { title = "two groups" }))
--- ```
---
--- ValueError: x and y differ in length, `sample` is none of the batch.
---@param y snn.Tensor|table|snn.Monitor|snn.Reducer (T); (T, K), K lines; (T, B, N...), lines
---  of one sample; series by name, or a list of them; a monitor: all steps that it has recorded
---@param x? snn.Tensor|number[] (T); may be left out before the options
---@param options? snn.PlotOptions also { step_time?: number, sample?: integer, range?: number[],
---  unit?: string }: ms; which sample (1); { low, high } of the vertical axis; of y
---@return snn.Plot
function plot.line(y, x, options) return kind "line"(y, x, options) end

--- A histogram: how many values lie in each of equal bins from the least to the greatest,
--- which is in the last bin. Whole numbers of which there are few have a bin each. Below:
--- how many values, mean, standard deviation, what is not finite or not in the range.
---
--- ```lua
--- snn.manual_seed(1)
--- print(snn.plot.hist(snn.randn(1000), { bins = 12, xlabel = "weight" }))
--- ```
---
--- ValueError: more bins than columns.
---@param x snn.Tensor|table|snn.Monitor|snn.Reducer of any shape
---@param options? snn.PlotOptions also { bins?: integer, range?: number[], unit?: string }: 20;
---  { low, high } of all bins; of x
---@return snn.Plot
function plot.hist(x, options) return kind "hist"(x, options) end

--- A matrix as square pixels, row 1 at the top, in colours or shades from the least to the
--- greatest value, told below. What is larger than the screen is averaged in blocks.
---
--- ```lua
--- local d = snn.linspace(-2, 2, 15)
--- local bump = (-(d:reshape(15, 1) ^ 2 + d:reshape(1, 15) ^ 2)):exp()
--- print(snn.plot.image(bump, { title = "receptive field" }))
--- ```
---
--- ValueError: it has not two dimensions.
---@param m snn.Tensor|number[][] (rows, columns)
---@param options? snn.PlotOptions also { range?: number[], unit?: string }: { low, high } of
---  the scale, to compare pictures; of the values
---@return snn.Plot
function plot.image(m, options) return kind "image"(m, options) end
