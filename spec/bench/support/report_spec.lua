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
