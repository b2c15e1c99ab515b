-- One query, by POST or GET: the very same each time, or each time with another comment.
-- Arguments: the file with the query, `same` or `fresh`, `POST` or `GET`.
wrk.headers["Accept"] = "application/sparql-results+json"

local query, method, same, count = "", "POST", nil, 0

local function escaped(text)
  return (text:gsub("[^%w]", function(letter)
    return string.format("%%%02X", letter:byte())
  end))
end

local function form(text)
  if method == "GET" then
    return wrk.format("GET", wrk.path .. "?query=" .. escaped(text))
  end
  return wrk.format("POST", nil, nil, text)
end

function init(arguments)
  local input = assert(io.open(arguments[1], "r"))
  query = input:read("*a")
  input:close()
  method = arguments[3]
  if method == "POST" then
    wrk.headers["Content-Type"] = "application/sparql-query"
  end
  math.randomseed(os.time())
  count = math.random(1, 1e9) * 1000
  if arguments[2] == "same" then
    same = form(query)
  end
end

function request()
  if same then
    return same
  end
  count = count + 1
  return form(query .. string.format("\n#%d", count))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "refused": %d, "broken": %d, "p99": %f}\n',
    summary.requests,
    summary.duration / 1e6,
    errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(99) / 1000
  ))
end
