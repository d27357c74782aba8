
-- The fields of one payload. What is found is a list of entries in the order of the payload, each with its field, the
-- positions of its first and last byte in the content of the frame, and its bytes. A field may have none.

local READ = {}

-- Return a reading of the payload in data[first..last]. `at` is the next byte, `stop` the last one that may be read.
local function start_reading(command, data, frame_at, first, last)
  return {
    fields = command.fields,
    data = data,
    frame_at = frame_at,
    at = first,
    stop = last,
    entries = {},
    by_index = {},
    taken = {},
  }
end

local function add_entry(reading, index, first, last, raw)
  local field = reading.fields[index]
  if field.shown.swapped then
    raw = swap_words(raw)
  end
  local entry = { field = field, first = first, last = last, raw = raw }
  reading.entries[#reading.entries + 1] = entry
  reading.by_index[index] = entry
  reading.taken[field.name] = true
end

-- Return the number of an earlier field; 0 if it is not there.
local function earlier_number(reading, index)
  local entry = reading.by_index[index]
  return entry and number_of(entry.field.shown, entry.raw) or 0
end

-- Return the count or size that an earlier field holds: its number as it is shown, at least 0.
local function earlier_amount(reading, index)
  local shown = reading.fields[index].shown
  local steps = (earlier_number(reading, index) - (shown.zero or 0)) * (shown.multiplier or 1)
  return math.max(0, floor(steps / (shown.divisor or 1)))
end

local function fail(reading, problem)
  reading.problem = problem
  return false
end

-- Return the last byte of a field of this size that begins at the next byte.
local function end_of_field(reading, size)
  if size == "rest" then
    return reading.stop
  elseif size == "to zero" then
    local zero = find(reading.data, "\0", reading.at, true)
    return zero and zero <= reading.stop and zero - 1 or reading.stop
  end
  return reading.at + size - 1
end

-- Return true if all of these parts could be read.
local function read_parts(reading, parts)
  for _, part in ipairs(parts) do
    if not READ[part.kind](reading, part) then
      return false
    end
  end
  return true
end

function READ.field(reading, part)
  local field = reading.fields[part.index]
  local last = end_of_field(reading, part.size_from and earlier_amount(reading, part.size_from) or field.size)
  local behind = 0
  if part.ending then
    local found = find(reading.data, part.ending, reading.at, true)
    reading.is_divided = found and found + #part.ending - 1 <= reading.stop
    behind = reading.is_divided and #part.ending or 0
    last = reading.is_divided and found - 1 or part.divides and reading.stop or reading.stop + 1
  end
  if last > reading.stop then
    return fail(reading, field.name .. " is not whole")
  elseif reading.taken[field.name] then
    return fail(reading, field.name .. " is there twice")
  end
  add_entry(reading, part.index, reading.at, last, sub(reading.data, reading.at, last))
  reading.at = last + behind + 1
  return true
end

-- A number before the payload.
function READ.frame(reading, part)
  local first = reading.frame_at + part.at
  local last = first + reading.fields[part.index].size - 1
  add_entry(reading, part.index, first, last, sub(reading.data, first, last))
  return true
end

-- Return the bits from `lowest` on of bytes with the high one first, as bytes of the same order.
local function bits_of(bytes, lowest, width)
  local parts, size = {}, #bytes
  for place = 0, width - 1, 8 do
    local from = size - floor((lowest + place) / 8)
    local shift = (lowest + place) % 8
    local low, high = byte(bytes, from), from > 1 and byte(bytes, from - 1) or 0
    local value = floor(low / 2 ^ shift) + high % 2 ^ shift * 2 ^ (8 - shift)
    parts[#parts + 1] = char(value % 2 ^ math.min(8, width - place))
  end
  return reverse(concat(parts))
end

function READ.bits(reading, part)
  local last = reading.at + part.size - 1
  if last > reading.stop then
    return fail(reading, part.name .. " is not whole")
  end
  local bytes = ordered(part, sub(reading.data, reading.at, last))
  for _, place in ipairs(part.places) do
    add_entry(reading, place[1], reading.at, last, bits_of(bytes, place[2], place[3]))
  end
  reading.at = last + 1
  return true
end

-- Read so many items; those up to the end if the count is nil. After bytes that divide items stands one more.
local function read_items(reading, part, count)
  local index, is_divided = 0, false
  while count and index < count or not count and (is_divided or reading.at <= reading.stop) do
    if index == #part.items then
      return fail(reading, part.name .. " has more than " .. format("%d", index) .. " items")
    end
    local before = reading.at
    if not read_parts(reading, part.items[index + 1]) then
      return false
    elseif not count and reading.at == before and not part.between then
      return fail(reading, part.name .. " has an item without bytes")
    end
    is_divided = part.between and reading.is_divided
    index = index + 1
  end
  return true
end

function READ.list(reading, part)
  local count = part.count_from and earlier_amount(reading, part.count_from) or part.count
  if not part.bytes_from and not part.bytes_after then
    return read_items(reading, part, count)
  end
  local whole = reading.stop
  if part.bytes_from then
    reading.stop = reading.at + earlier_amount(reading, part.bytes_from) - 1
  else
    reading.stop = math.max(reading.at - 1, whole - part.bytes_after)
  end
  if reading.stop > whole then
    reading.stop = whole
    return fail(reading, part.name .. " is not whole")
  end
  local fits = read_items(reading, part, count)
  local rest = reading.stop - reading.at + 1
  reading.stop = whole
  if fits and rest > 0 then
    return fail(reading, part.name .. " has " .. format("%d", rest) .. " more bytes than its items")
  end
  return fits
end

function READ.switch(reading, part)
  local entry = reading.by_index[part.on]
  local value = part.by_text and (entry and entry.raw or 0) or earlier_number(reading, part.on)
  local parts = part.cases[part.case_of[value] or 0] or part.otherwise
  if not parts and reading.at > reading.stop then
    reading.is_divided = false
    return true
  elseif not parts then
    local field = reading.fields[part.on]
    local shown = part.by_text and field.shown.show(field.shown, value) or format("%d", value)
    return fail(reading, "nothing is known of " .. field.name .. " " .. shown)
  end
  return read_parts(reading, parts)
end

function READ.optional(reading, part)
  return reading.at > reading.stop or read_parts(reading, part.parts)
end

-- Read the fields of a payload that is a row of fields, as far as they are whole.
local function read_row(reading)
  for index, field in ipairs(reading.fields) do
    local last = end_of_field(reading, field.size)
    if last > reading.stop then
      return
    end
    add_entry(reading, index, reading.at, last, sub(reading.data, reading.at, last))
    reading.at = last + 1
  end
end

-- Return what is wrong with the size of a payload, nil if nothing is.
local function problem_of(command, reading, size)
  local shown_size = format("%d", size) .. (size == 1 and " byte" or " bytes")
  if reading.problem then
    return "payload has " .. shown_size .. ": " .. reading.problem
  end
  local missing = {}
  for index = #reading.entries + 1, command.parts and 0 or #command.fields do
    missing[#missing + 1] = command.fields[index].name
  end
  if size == command.size or (not command.size and #missing == 0) then
    return nil
  end
  local differs = command.size and ", not " .. format("%d", command.size) or ""
  local lacks = #missing > 0 and ", without " .. concat(missing, ", ") or ""
  return "payload has " .. shown_size .. differs .. lacks
end

-- Return the entries of a payload, the last byte of them, and what is wrong with it.
local function read_payload(command, data, frame_at, first, last)
  if not command then
    return {}, first - 1, nil
  end
  local reading = start_reading(command, data, frame_at, first, last)
  if command.parts then
    read_parts(reading, command.parts)
  else
    read_row(reading)
  end
  local covered = command.parts and reading.at - 1 or first - 1
  for _, entry in ipairs(reading.entries) do
    covered = math.max(covered, entry.last)
  end
  return reading.entries, covered, problem_of(command, reading, last - first + 1)
end

-- The summary.

local function text_of(entry)
  return (entry.field.shown.show(entry.field.shown, entry.raw))
end

-- Return true if a bit is set, or a number in bits is not 0.
local function is_set(value)
  return value ~= 0 and not find(tostring(value), "^0x0+$")
end

-- Return a list or bits as a whole. The items of a list are joined by commas, those of several fields by semicolons. Of
-- bits, those that are set and the numbers that are not 0 are shown.
local function group_text(entries, prefix)
  local texts, before = {}, nil
  local kind
  for _, entry in ipairs(entries) do
    local name = entry.field.name
    if sub(name, 1, #prefix) == prefix then
      local key = sub(name, #prefix + 1)
      kind = kind or find(key, "^%d+$") and "values" or find(key, "^%d+%.") and "items" or "bits"
      local text, value = entry.field.shown.show(entry.field.shown, entry.raw)
      if kind == "values" then
        texts[#texts + 1] = text
      elseif kind == "bits" then
        texts[#texts + 1] = is_set(value) and (value == 1 and key or key .. " " .. text) or nil
      else
        local item = gsub(key, "%..*", "")
        if item == before then
          texts[#texts] = texts[#texts] .. " " .. text
        else
          texts[#texts + 1], before = text, item
        end
      end
    end
  end
  return #texts > 0 and concat(texts, kind == "items" and "; " or ", ") or "none"
end

-- Return the text of a field or group that the summary of a command with parts names; "-" for a field that is not there.
local function named_text(entries, part)
  for _, entry in ipairs(entries) do
    if entry.field.name == part.name then
      return text_of(entry)
    end
  end
  return part.is_field and "-" or group_text(entries, part.name .. ".")
end

local function summary_of(command, data, first, last, entries, covered, problem)
  local parts = {}
  if not command then
    return first > last and "no payload" or spaced(sub(data, first, last))
  end
  if not problem then
    for index, part in ipairs(command.summary) do
      if type(part) == "number" then
        parts[index] = text_of(entries[part])
      else
        parts[index] = type(part) == "table" and named_text(entries, part) or part
      end
    end
    return concat(parts)
  end
  for index, entry in ipairs(entries) do
    parts[index] = entry.field.name .. " " .. text_of(entry)
  end
  if covered < last then
    parts[#parts + 1] = "undefined " .. spaced(sub(data, covered + 1, last))
  end
  return (#parts > 0 and concat(parts, ", ") .. "; " or "") .. problem
end
