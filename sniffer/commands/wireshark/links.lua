
-- Frames among bytes. All positions below are those of Lua strings: they count from 1, and the last one is included.
-- What stands at an offset in a frame is looked for in its content: its bytes between the ends, without escapes.

local MOST_GARBAGE = definition.most_garbage
local NONE = {}
local NO_DIGIT = { upper = "[^0-9A-F]", lower = "[^0-9a-f]" }

for _, candidate in ipairs(definition.candidates) do
  candidate.route = definition.routes[candidate.route]
  candidate.either = candidate.either and definition.routes[candidate.either]
end
for _, route in ipairs(definition.routes) do
  route.link = definition.links[route.link]
end

-- Return the number at its place in the frame that begins at a position, nil if it ends after the data.
local function number_at(field, data, at)
  local first, last = at + field.at, at + field.at + field.size - 1
  return last <= #data and number_of(field, sub(data, first, last)) or nil
end

-- Return the content that is sent as these bytes with COBS; an empty one if a distance leads out of them.
local function unstuff(body)
  local parts, at = {}, 1
  while at <= #body do
    local distance = byte(body, at)
    if distance == 0 or at + distance > #body + 1 then
      return ""
    end
    parts[#parts + 1] = sub(body, at + 1, at + distance - 1)
    at = at + distance
    if distance < 255 and at <= #body then
      parts[#parts + 1] = char(0)
    end
  end
  return concat(parts)
end

-- Return the content of a frame with a delimiter before its end; an empty one if an escape in it stands for nothing.
local function unwrap_body(delimiter, raw)
  local size, opening = #delimiter.stop, delimiter.opening or ""
  local body = sub(raw, sub(raw, 1, #opening) == opening and #opening + 1 or 1)
  if sub(body, -size) == delimiter.stop then
    body = sub(body, 1, -size - 1)
  end
  if delimiter.stuffed then
    return unstuff(body)
  elseif delimiter.digits then
    return not find(body, NO_DIGIT[delimiter.digits]) and bytes_of_digits(body) or ""
  end
  if not delimiter.escape or not find(body, delimiter.escape, 1, true) then
    return body
  end
  local parts, at = {}, 1
  while at <= #body do
    local one = sub(body, at, at)
    if one == delimiter.escape then
      at = at + 1
      local meant = at <= #body and delimiter.meanings[byte(body, at)]
      if not meant then
        return ""
      end
      one = char(meant)
    end
    parts[#parts + 1] = one
    at = at + 1
  end
  return concat(parts)
end

-- Return the content of a frame with a delimiter: with the check after its end, and what that covers of the end. It is
-- empty if an escape in it stands for nothing.
local function unwrap(delimiter, raw)
  if not delimiter.bytes_after then
    return unwrap_body(delimiter, raw)
  end
  local front = sub(raw, 1, -delimiter.bytes_after - 1)
  local body = sub(front, -#delimiter.stop) == delimiter.stop and unwrap_body(delimiter, front) or ""
  local is_empty = front == (delimiter.begin or "") .. delimiter.stop
  return (is_empty or body ~= "") and body .. delimiter.covered .. sub(raw, -delimiter.bytes_after) or ""
end

-- Return true if the data ends, from a position on, within these bytes.
local function ends_within(bytes, data, at)
  local rest = sub(data, at)
  return sub(bytes, 1, #rest) == rest
end

-- Return the end of the frame that begins at a position and has digits between two other bytes; past the end of the data
-- if it does not end there. Return nil if no such frame can begin there.
local function digits_end(delimiter, data, at)
  local begin, stop = delimiter.begin, delimiter.stop
  if sub(data, at, at + #begin - 1) ~= begin then
    return ends_within(begin, data, at) and #data + 1 or nil
  end
  local first = at + #begin
  local after = find(data, NO_DIGIT[delimiter.digits], first) or #data + 1
  if sub(data, after, after + #stop - 1) ~= stop then
    return ends_within(stop, data, after) and #data + 1 or nil
  end
  return after > first and (after - first) % 2 == 0 and after + #stop - 1 or nil
end

-- Return the end of the frame that begins at a position with an escape and a byte that says so, and ends likewise; past
-- the end of the data if it does not end there. Return nil if no such frame can begin there.
local function escaped_end(delimiter, data, at)
  local begin, stop = delimiter.begin, delimiter.stop
  if sub(data, at, at + #begin - 1) ~= begin then
    return ends_within(begin, data, at) and #data + 1 or nil
  end
  local from = at + #begin
  while true do
    local found = find(data, delimiter.escape, from, true)
    if not found or found == #data then
      return #data + 1
    elseif sub(data, found + 1, found + 1) ~= delimiter.escape then
      return sub(data, found, found + #stop - 1) == stop and found + #stop - 1 or nil
    end
    from = found + 2
  end
end

-- Return the end of the frame that begins at a position and ends with a delimiter, past the end of the data if it does
-- not end there. Return nil if no byte is between two ends.
local function delimited_end(delimiter, data, at)
  if delimiter.digits then
    return digits_end(delimiter, data, at)
  elseif delimiter.begin then
    return escaped_end(delimiter, data, at)
  end
  local stop = delimiter.stop
  local is_ended = not delimiter.bytes_after and sub(data, at, at + #stop - 1) == stop
  local from = is_ended and at + #stop or at
  local found, last = find(data, stop, from, true)
  if not found then
    return #data + 1
  end
  return found > from and last or nil
end

-- Return the end of the frame of a candidate at a position, which is past the end of the data if they do not say it.
-- Return nil if no such frame can begin there.
local function frame_end(candidate, data, at)
  local route, shape = candidate.route, candidate.shape
  local link = route.link
  if shape.codes and route.command then
    local code = number_at(route.command, data, at)
    if not code then
      return #data + 1
    elseif not shape.codes[code] then
      return nil
    end
  end
  if link.delimiter then
    local last = delimited_end(link.delimiter, data, at)
    return last and last <= #data and last + (link.delimiter.bytes_after or 0) or last
  elseif not shape.length then
    return at + shape.size - 1
  end
  local length = number_at(shape.length, data, at)
  if not length then
    return #data + 1
  end
  local parts = shape.length
  length = math.floor(length / parts.below) % parts.numbers
  local size = length * parts.unit + parts.adds
  local is_length = length >= parts.least and length <= parts.most and length % parts.multiple_of == 0
  return is_length and size >= link.overhead and size <= link.longest and at + size - 1 or nil
end

-- Return true if the number that says the direction of a frame in data[at..] is one of its route's.
local function goes_there(route, data, at)
  return not route.values or route.values[number_at(route.link.direction, data, at) or -1] ~= nil
end

-- Return true if data[at..last] are a frame of this route, which has this size.
local function is_frame(route, data, at, last)
  local link = route.link
  if not link.delimiter then
    return is_right(link, data, at, last)
  end
  local content = unwrap(link.delimiter, sub(data, at, last))
  local is_whole = #content >= link.overhead and sub(content, 1, #route.head) == route.head
  return is_whole and is_right(link, content, 1, #content) and goes_there(route, content, 1)
end

-- Return the end of the frame that a candidate claims at a position; nil if it claims none, or a longer one than is
-- there.
local function claim_of(candidate, data, at)
  local route = candidate.route
  if not route.link.delimiter then
    if candidate.code_at and not candidate.shape.codes[byte(data, at + candidate.code_at) or -1] then
      return nil
    end
    local head = route.head
    if #head > 1 and sub(data, at, at + #head - 1) ~= head or not goes_there(route, data, at) then
      return nil
    end
  end
  local last = frame_end(candidate, data, at)
  return last and last <= #data and last < at + route.link.longest and last or nil
end

-- Return true if a frame without a check is followed by nothing, or by the head of another one.
local function is_followed(candidate, data, last)
  for _, head in ipairs(candidate.next_heads) do
    if sub(data, last + 1, last + #head) == head then
      return true
    end
  end
  return last == #data
end

-- Return the route of the frame in data[at..last] that these candidates claim: that of the first, or if several
-- directions do, the open one.
local function route_of(candidate, claims, data, at, last)
  local route = candidate.route
  for _, other in ipairs(candidate.either and claims or NONE) do
    local is_other = other.route ~= route and other.route.link == route.link and other.route.head == route.head
    if is_other and (not route.link.delimiter or is_frame(other.route, data, at, last)) then
      return candidate.either
    end
  end
  return route
end

-- Return the shortest frame at a position: its candidate, its route and its end. Return nil if none begins there.
local function frame_at(data, at)
  local claims, shortest = {}, {}
  for _, index in ipairs(definition.candidates_of[byte(data, at)] or NONE) do
    local candidate = definition.candidates[index]
    local last = claim_of(candidate, data, at)
    if last then
      claims[last] = claims[last] or {}
      claims[last][#claims[last] + 1] = candidate
      shortest[#shortest + 1] = last
    end
  end
  table.sort(shortest)
  for index, last in ipairs(shortest) do
    if last ~= shortest[index - 1] then
      for _, candidate in ipairs(claims[last]) do
        local is_found = is_frame(candidate.route, data, at, last)
        if is_found and (not candidate.next_heads or is_followed(candidate, data, last)) then
          return candidate, route_of(candidate, claims[last], data, at, last), last
        end
      end
    end
  end
  return nil
end

-- Return true if the beginning of a frame can be seen at a position.
local function is_opening(data, at)
  for _, opening in ipairs(definition.openings) do
    if sub(data, at, at + #opening - 1) == opening then
      return true
    end
  end
  return false
end

-- Return the end of the longest frame that bytes without a frame in them claim, past `stop` if it is longer, with its
-- candidate, and the end of the parts that say so. Return nil as the end if no frame can begin there.
local function noise_claim(data, at, stop)
  local before_stop = sub(data, 1, stop)
  local longest, claiming, header_end = nil, nil, at
  for _, index in ipairs(is_opening(data, at) and definition.candidates_of[byte(data, at)] or NONE) do
    local candidate = definition.candidates[index]
    local route = candidate.route
    local opening = route.link.delimiter and route.link.delimiter.opening or route.head
    if opening ~= "" and not candidate.next_heads and sub(data, at, at + #opening - 1) == opening then
      local last = frame_end(candidate, before_stop, at)
      local way = route.values and not route.link.delimiter and route.link.direction
      local number = way and number_at(way, before_stop, at)
      if last and way and not number then
        last = math.max(last, at + way.at + way.size - 1)
      elseif way and not route.values[number or -1] then
        last = nil
      end
      header_end = math.max(header_end, way and at + way.at + way.size - 1 or 0)
      if last and (not longest or last > longest) then
        longest, claiming = last, candidate
      end
      local length, command = candidate.shape.length, candidate.shape.codes and route.command
      header_end = math.max(header_end, length and at + length.at + length.size - 1 or 0)
      header_end = math.max(header_end, command and at + command.at + command.size - 1 or 0)
      if route.link.delimiter and route.link.delimiter.opening then
        local run_end = at - 1
        while run_end < stop and sub(data, run_end + 1, run_end + #opening) == opening do
          run_end = run_end + #opening
        end
        header_end = math.max(header_end, math.min(run_end, stop))
      end
    end
  end
  return longest, claiming, header_end
end

-- Return the end and the reason of the first piece of data[at..stop], in which no frame begins, and if its check is
-- wrong, the candidate that it is a frame of.
local function noise_at(data, at, stop)
  local last, claiming, header_end = noise_claim(data, at, stop)
  if last and last > stop then
    return stop, "truncated"
  elseif last then
    return last, "crc", claiming
  end
  last = math.min(stop, at + MOST_GARBAGE - 1)
  local before_stop = sub(data, 1, stop)
  for place = header_end + 1, last do
    if is_opening(before_stop, place) then
      return place - 1, "garbage"
    end
  end
  return last, "garbage"
end

-- The direction of frames that leave it open, on links whose sides take turns: an answer follows its request. Wireshark
-- dissects all packets in order once; what was found then stays.

local requests, found_routes = {}, {}

-- Return the command and the address that a frame has if it goes in a direction, and its time.
local function read_as(turn, direction, content, time)
  local command, key = turn.commands[direction], turn.keys[direction]
  return {
    code = command and number_at(command, content, 1) or 0,
    key = key and sub(content, key.at + 1, key.at + key.size) or "",
    time = time,
  }
end

-- Return the route with the direction that a frame has by turn. `time` is in microseconds.
local function take_turn(route, content, time)
  local link = route.link
  local turn, last, direction = link.turn, requests[link.name], route.direction
  requests[link.name] = nil
  if not direction then
    local now = read_as(turn, turn.answers, content, time)
    local is_answer = last and last.code == now.code and last.key == now.key and time - last.time <= turn.within
    direction = is_answer and turn.answers or turn.requests
  end
  if direction == turn.requests then
    requests[link.name] = read_as(turn, direction, content, time)
  end
  return definition.routes[route.ways[direction]] or route
end

-- Return the route of a frame with its direction, which the packet may say.
local function resolve_route(route, content, packet)
  if not route.link.turn then
    local index = packet.is_sent and route.outbound or packet.is_received and route.inbound
    return index and definition.routes[index] or route
  end
  packet.frames = packet.frames + 1
  local key = packet.number .. "/" .. packet.frames
  if not found_routes[key] or not packet.is_visited then
    found_routes[key] = take_turn(route, content, packet.time)
  end
  return found_routes[key]
end
