-- The presentation of payload fields: `text` is for the Info column, `add` for the tree. Both are built once.

local function named(field, data, first, last, tvb)
  local name = field.names[number_of(field, data, first, last)]
  return name or field.of .. " " .. decimal(field, data, first, last, tvb) .. " (unknown)"
end

local TEXT = {
  number = function(field, data, first, last, tvb)
    return decimal(field, data, first, last, tvb) .. field.unit
  end,
  scaled = function(field, data, first, last)
    return format(field.format, number_of(field, data, first, last) / field.divisor) .. field.unit
  end,
  named = named,
  hex = function(field, data, first, last)
    local bytes = sub(data, first, last)
    return "0x" .. gsub(spaced(field.little and bytes:reverse() or bytes), " ", "")
  end,
  text = function(_, data, first, last)
    return escaped(sub(data, first, last))
  end,
  bytes = function(_, data, first, last)
    return spaced(sub(data, first, last))
  end,
}

local function add_plain(field, tree, range)
  if field.little then
    tree:add_le(field.proto, range)
  else
    tree:add(field.proto, range)
  end
end

local ADD = {
  number = function(field, tree, range, _, first, last, tvb)
    if field.multiplier then
      tree:add(field.proto, range, exact_number_of(field, first, last, tvb))
    else
      add_plain(field, tree, range)
    end
  end,
  named = add_plain,
  hex = add_plain,
  bytes = add_plain,
  scaled = function(field, tree, range, data, first, last)
    tree:add(field.proto, range, number_of(field, data, first, last) / field.divisor)
  end,
  text = function(field, tree, range, data, first, last)
    tree:add(field.proto, range, escaped(sub(data, first, last)))
  end,
}

for _, command in ipairs(definition.commands) do
  command.proto_name = names[command.mark]
  for _, field in ipairs(command.fields) do
    field.proto = proto_fields[field.proto]
    field.text, field.add = TEXT[field.kind], ADD[field.kind]
    field.names = field.names and definition.names[field.names]
  end
end

local HEADS_OF, NO_HEADS = {}, {}
for _, head in ipairs(definition.heads) do
  head.link = definition.links[head.link]
  local first = byte(head.bytes)
  HEADS_OF[first] = HEADS_OF[first] or {}
  HEADS_OF[first][#HEADS_OF[first] + 1] = head
end

-- All positions below are those of Lua strings: they count from 1, and the last one is included. They are positions in
-- the whole packet, so tvb(position - 1, size) is the same place.

-- Return the number at its place in the frame that begins at a position, nil if it ends after the data.
local function number_at(field, data, at)
  local first, last = at + field.at, at + field.at + field.size - 1
  return last <= #data and number_of(field, data, first, last) or nil
end

-- Return the end of a frame of one shape, which is past the end of the data if that does not say it. Return nil if no
-- frame of this shape can begin here.
local function shape_end(head, shape, data, at)
  if shape.codes and head.command then
    local code = number_at(head.command, data, at)
    if not code then
      return #data + 1
    elseif not shape.codes[code] then
      return nil
    end
  end
  if not shape.length then
    return at + shape.size - 1
  end
  local length = number_at(shape.length, data, at)
  if not length then
    return #data + 1
  end
  local size = length * shape.unit + shape.adds
  local is_length = length >= shape.least and length <= shape.most and length % shape.multiple_of == 0
  return is_length and size >= head.link.overhead and size <= shape.longest and at + size - 1 or nil
end

-- Return the head at a position, the end of its frame, and true if the frame is right. Of several that are right, that
-- is the shortest; if none is, the longest. The end is past that of the data if the frame is truncated. Return nil if
-- no frame can begin there.
local function frame_at(data, at)
  local best, best_last, best_right
  for _, head in ipairs(HEADS_OF[byte(data, at)] or NO_HEADS) do
    if head.size == 1 or sub(data, at, at + head.size - 1) == head.bytes then
      for _, shape in ipairs(head.shapes) do
        local last = shape_end(head, shape, data, at)
        local right = last and last <= #data and is_right(head.link, data, at, last)
        if head.link.unchecked and last and last ~= #data then
          -- Only another frame behind it would make it one, and our captures have one frame in a packet.
          last, right = nil, false
        end
        local is_better = right and (not best_right or last < best_last)
          or last and not best_right and (not best or last > best_last)
        if is_better then
          best, best_last, best_right = head, last, right
        end
      end
    end
  end
  return best, best_last, best_right
end

-- Return the end of each field that is complete, and the end of the last one.
local function field_ends(command, data, first, last)
  local ends, at = {}, first
  for index, field in ipairs(command.fields) do
    local stop
    if field.size == "rest" then
      stop = last
    elseif field.size == "to zero" then
      local zero = find(data, "\0", at, true)
      stop = zero and zero <= last and zero - 1 or last
    else
      stop = at + field.size - 1
    end
    if stop > last then
      break
    end
    ends[index] = stop
    at = stop + 1
  end
  return ends, at - 1
end

-- Return what is wrong with the size of a payload, nil if nothing is.
local function problem_of(command, ends, size)
  local missing = {}
  for index = #ends + 1, #command.fields do
    missing[#missing + 1] = command.fields[index].name
  end
  if size == command.size or (not command.size and #missing == 0) then
    return nil
  end
  local differs = command.size and ", not " .. format("%d", command.size) or ""
  local lacks = #missing > 0 and ", without " .. concat(missing, ", ") or ""
  return "payload has " .. format("%d", size) .. " bytes" .. differs .. lacks
end

local function field_text(command, index, data, first, ends, tvb)
  local field = command.fields[index]
  return field.text(field, data, index == 1 and first or ends[index - 1] + 1, ends[index], tvb)
end

local function summary_of(command, data, first, last, ends, problem, tvb)
  local parts = {}
  if not command then
    return first > last and "no payload" or spaced(sub(data, first, last))
  end
  if not problem then
    for index, part in ipairs(command.summary) do
      parts[index] = type(part) == "number" and field_text(command, part, data, first, ends, tvb) or part
    end
    return concat(parts)
  end
  for index = 1, #ends do
    parts[index] = command.fields[index].name .. " " .. field_text(command, index, data, first, ends, tvb)
  end
  local covered = #ends > 0 and ends[#ends] or first - 1
  if covered < last then
    parts[#parts + 1] = "undefined " .. spaced(sub(data, covered + 1, last))
  end
  return (#parts > 0 and concat(parts, ", ") .. "; " or "") .. problem
end

local function add_payload(tree, command, data, first, last, ends, covered, problem, tvb)
  local at = first
  for index, stop in ipairs(ends) do
    local field = command.fields[index]
    if stop >= at then
      field.add(field, tree, tvb(at - 1, stop - at + 1), data, at, stop, tvb)
    end
    at = stop + 1
  end
  if covered < last then
    tree:add(own.undefined, tvb(covered, last - covered))
  end
  if problem then
    tree:add(own.problem, tvb(first - 1, last - first + 1), problem):add_proto_expert_info(payload_bad, problem)
  end
end

local function add_number(tree, name, field, tvb, at)
  local range, proto = tvb(at - 1 + field.at, field.size), own[name .. "_of_" .. format("%d", field.size)]
  return field.little and tree:add_le(proto, range) or tree:add(proto, range)
end

local function add_crc(tree, tvb, link, last, status)
  local check = link.check
  if check.size == 0 then
    return
  end
  local range = tvb(last - link.trailer, check.size)
  local proto = own["crc_of_" .. format("%d", check.size)]
  local item = check.little and tree:add_le(proto, range) or tree:add(proto, range)
  tree:add(own.crc_status, range, status):set_generated()
  if status == CRC_BAD then
    item:add_proto_expert_info(crc_bad)
  end
end

-- Add an intact frame to the tree, and return its line for the Info column if one is needed.
local function dissect_frame(tvb, data, at, last, head, route, root, needs_line)
  local link = head.link
  local first, payload_end = at + link.payload_at, last - link.trailer
  local size = payload_end - first + 1
  local code = head.command and number_at(head.command, data, at) or 0
  local commands_of_code = route.commands[code]
  local command = commands_of_code and definition.commands[commands_of_code.by_size[size] or commands_of_code.other]
  local ends, covered, problem = {}, first - 1, nil
  if command then
    ends, covered = field_ends(command, data, first, payload_end)
    problem = problem_of(command, ends, size)
  end
  local name = command and command.name or format(link.unknown, code)
  local direction = route.direction or (command and command.direction)

  local tree = root:add(evse, tvb(at - 1, last - at + 1))
  local head_range = tvb(at - 1, head.size)
  local command_range = head.command and tvb(at - 1 + head.command.at, head.command.size) or head_range
  tree:add(own.link, head_range, link.name):set_generated()
  if direction then
    tree:add(own.direction, head_range, direction):set_generated()
  end
  if link.sequence then
    add_number(tree, "sequence", link.sequence, tvb, at)
  end
  if head.command then
    add_number(tree, "command", head.command, tvb, at)
  end
  tree:add(command and command.proto_name or names.none, command_range, name):set_generated()
  local length = head.shapes[1].length
  tree:add(own.length, length and tvb(at - 1 + length.at, length.size) or head_range, size)
  if size > 0 then
    tree:add(own.payload, tvb(first - 1, size))
  end
  add_payload(tree, command, data, first, payload_end, ends, covered, problem, tvb)
  add_crc(tree, tvb, link, last, CRC_GOOD)
  tree:add(own.raw, tvb(at - 1, last - at + 1))

  if needs_line then
    local unchecked = link.unchecked and "  [no check]" or ""
    return name .. ": " .. summary_of(command, data, first, payload_end, ends, problem, tvb) .. unchecked
  end
end

local function dissect_noise(tvb, data, at, last, reason, root, needs_line, link)
  local range = tvb(at - 1, last - at + 1)
  local tree = root:add(evse, range)
  tree:add(own.reason, range, reason):set_generated()
  if reason == "crc" then
    add_crc(tree, tvb, link, last, CRC_BAD)
  end
  tree:add(own.raw, range)
  if needs_line then
    local size = last - at + 1
    local shown = spaced(sub(data, at, math.min(last, at + SHOWN_NOISE - 1)))
    local more = size > SHOWN_NOISE and " …" or ""
    return "noise " .. reason .. ": " .. format("%d", size) .. (size == 1 and " byte: " or " bytes: ") .. shown .. more
  end
end

-- Add the frame or noise at a position to the tree, and return its end and its line.
local function dissect_piece(tvb, data, at, sent, received, root, needs_line)
  local head, last, right = frame_at(data, at)
  if not head then
    return #data, dissect_noise(tvb, data, at, #data, "garbage", root, needs_line)
  end
  if last > #data then
    return #data, dissect_noise(tvb, data, at, #data, "truncated", root, needs_line)
  end
  if not right then
    return last, dissect_noise(tvb, data, at, last, "crc", root, needs_line, head.link)
  end
  local route = definition.routes[sent and head.outbound or received and head.inbound or head.unknown]
  return last, dissect_frame(tvb, data, at, last, head, route, root, needs_line)
end

local rtacser = Dissector.get("rtacser")

function evse.dissector(tvb, pinfo, root)
  local size = tvb:len()
  if size <= RTAC_HEAD_SIZE then
    rtacser:call(tvb, pinfo, root)
    return
  end
  local data = tvb:raw()
  local packet_direction = pinfo.p2p_dir
  local sent = packet_direction == P2P_DIR_SENT or byte(data, RTAC_EVENT_AT + 1) == RTAC_SENT
  rtacser:call(tvb(0, RTAC_HEAD_SIZE):tvb(), pinfo, root)

  local info = pinfo.cols.info
  local needs_line = tostring(info) ~= NO_COLUMN
  local at, lines = RTAC_HEAD_SIZE + 1, {}
  while at <= #data do
    local last, line = dissect_piece(tvb, data, at, sent, packet_direction == P2P_DIR_RECV, root, needs_line)
    at, lines[#lines + 1] = last + 1, line
  end
  if needs_line then
    pinfo.cols.protocol = "EVSE"
    pinfo.cols.info = concat(lines, "; ")
  end
end

DissectorTable.get("wtap_encap"):add(wtap_encaps.RTAC_SERIAL, evse)
