local ok, report = pcall(require, "spec.bench.support.report")

describe("the report of benchmarks", function()
  if not ok then pending("needs lua-dkjson") return end

  it("tells times in a fitting unit", function()
    assert.equal("2.50 ns", report.time(2.5e-9))
    assert.equal("33.3 µs", report.time(33.333e-6))
    assert.equal("148 ms", report.time(0.1483))
  end)

  it("replaces what stands between the marks and nothing else", function()
    local marks = "<!-- make bench-report: begin -->%s<!-- make bench-report: end -->"
    local page = "before\n" .. marks:format("\nold\n") .. "\nafter\n"
    assert.equal("before\n" .. marks:format("\nnew\n") .. "\nafter\n", report.put(page, "new\n"))
  end)

  it("replaces the table of steps alone where there are lines of these alone", function()
    local file <close> = assert(io.open("README.md", "rb"))
    local page, lines = file:read "a", {}
    for _, kind in ipairs { "sparse", "dense" } do
      for _, synapse in ipairs { "delta", "exponential" } do
        for power = 3, 6 do
          for i, share in ipairs { 0, 0.001, 0.01, 0.1, 1, 0.01, 0.01, 0.01 } do
            lines[#lines + 1] = { workload = "step", case = "", threads = 1, median = 12e-6,
              sizes = { kind = kind, synapse = synapse, neurons = math.tointeger(10 ^ power),
                share = share, delay = ({ 1, 20, 200 })[i - 5] or 0 } }
          end
        end
      end
    end
    local new = report.update(page, lines)
    local from = page:find("\nWhat a step of a connection costs", 1, true)
    assert.equal(page:sub(1, from), new:sub(1, from))
    local rest = page:sub(page:find("<!-- make bench-report: end", from, true), -1)
    assert.equal(rest, new:sub(-#rest))
    assert.truthy(new:find("\n| sparse, delta | 10^3 |" .. (" 12 |"):rep(8) .. "\n", 1, true))
    assert.equal(select(2, new:gsub("What a step of a connection costs", "")), 1)
  end)

  it("refuses a page without marks", function()
    assert.has_error(function() report.put("a page", "new") end, "no marks for the table")
  end)

  it("names the benchmark whose line is missing", function()
    assert.has_error(function() report.text {} end,
      "no line of 'quickstart', '^training': run `make bench BENCH=quickstart`")
  end)
end)

describe("README.md", function()
  it("holds the report's table", function()
    local file <close> = assert(io.open("README.md", "rb"))
    local page = file:read("a")
    assert.is_truthy(page:find("bench%-report: begin %-%->.-| What | Size | Time | Beside |.-" ..
      "bench%-report: end %-%->"))
  end)
end)
