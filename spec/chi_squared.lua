-- Chi-squared tests: do counts have the distribution that they should?
local M = {}

-- Of chi-squared with k degrees of freedom: how many standard deviations of a normal number
-- the cube root lies above its mean (Wilson & Hilferty 1931).
local function deviations(x, k)
  return ((x / k) ^ (1 / 3) - (1 - 2 / (9 * k))) / math.sqrt(2 / (9 * k))
end

---Whether p > 0.001: counts against what is expected, neighbours being put together until
---at least 8 are.
function M.fits(counts, expected)
  local x, bins, count, want = 0, 0, 0, 0
  local rest = 0
  for i = 1, #expected do rest = rest + expected[i] end
  for i = 1, #expected do
    count, want, rest = count + (counts[i] or 0), want + expected[i], rest - expected[i]
    if want >= 8 and rest >= 8 or i == #expected and want > 0 then
      x, bins = x + (count - want) ^ 2 / want, bins + 1
      count, want = 0, 0
    end
  end
  assert(bins > 1, "too few counts")
  return deviations(x, bins - 1) < 3.09
end

---The same of numbers that are normal: counts, means, variances.
function M.fits_normal(counts, means, variances)
  local x, bins = 0, 0
  for i = 1, #means do
    if variances[i] > 8 then
      x, bins = x + (counts[i] - means[i]) ^ 2 / variances[i], bins + 1
    end
  end
  assert(bins > 1, "too few counts")
  return deviations(x, bins) < 3.09
end

---times * Binomial(n, p) of 0 .. n
function M.binomial(n, p, times)
  local out, log = {}, n * math.log(1 - p)
  for k = 0, n do
    out[k + 1] = times * math.exp(log)
    log = log + math.log((n - k) / (k + 1) * p / (1 - p))
  end
  return out
end

---How many elements of a list are 0, 1, ... most.
function M.histogram(list, most)
  local out = {}
  for k = 0, most do out[k + 1] = 0 end
  for _, v in ipairs(list) do out[v + 1] = (out[v + 1] or 0) + 1 end
  return out
end

return M
