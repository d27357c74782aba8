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

for _, link in pairs(definition.links) do
  link.proto_command = own["command_of_" .. format("%d", link.command_size)]
end

local HEAD_OF = {}
for _, head in ipairs(definition.heads) do
  head.link = definition.links[head.link]
  HEAD_OF[byte(head.bytes)] = head
end

-- All positions below are those of Lua strings: they count from 1, and the last one is included. They are positions in
-- the whole packet, so tvb(position - 1, size) is the same place.

-- Return the head at a position and the end of its frame, which is past the end of the data if the frame is truncated.
-- Return nil if no frame can begin there.
local function frame_at(data, at)
  local head = HEAD_OF[byte(data, at)]
  if not head or (head.size > 1 and sub(data, at, at + head.size - 1) ~= head.bytes) then
    return nil
  end
  local link = head.link
  local length_at = at + link.length_at
  local length_end = length_at + link.length_size - 1
  if length_end > #data then
    return head, length_end
  end
  local size = number(data, length_at, length_end) + link.adds
  if size < link.overhead then
    return nil
  end
  return head, at + size - 1
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

local function add_crc(tree, tvb, last, status)
  local range = tvb(last - CRC_SIZE, CRC_SIZE)
  local item = tree:add(own.crc, range)
  tree:add(own.crc_status, range, status):set_generated()
  if status == CRC_BAD then
    item:add_proto_expert_info(crc_bad)
  end
end

-- Add an intact frame to the tree, and return its line for the Info column if one is needed.
local function dissect_frame(tvb, data, at, last, head, route, root, needs_line)
  local link = head.link
  local first, payload_end = at + link.payload_at, last - CRC_SIZE
  local size = payload_end - first + 1
  local code = number(data, at + link.command_at, at + link.command_at + link.command_size - 1)
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
  local command_range = tvb(at - 1 + link.command_at, link.command_size)
  tree:add(own.link, head_range, link.name):set_generated()
  if direction then
    tree:add(own.direction, head_range, direction):set_generated()
  end
  tree:add(own.sequence, tvb(at - 1 + link.sequence_at, 2))
  tree:add(link.proto_command, command_range)
  tree:add(command and command.proto_name or names.none, command_range, name):set_generated()
  tree:add(own.length, tvb(at - 1 + link.length_at, link.length_size), size)
  if size > 0 then
    tree:add(own.payload, tvb(first - 1, size))
  end
  add_payload(tree, command, data, first, payload_end, ends, covered, problem, tvb)
  add_crc(tree, tvb, last, CRC_GOOD)
  tree:add(own.raw, tvb(at - 1, last - at + 1))

  if needs_line then
    return name .. ": " .. summary_of(command, data, first, payload_end, ends, problem, tvb)
  end
end

local function dissect_noise(tvb, data, at, last, reason, root, needs_line)
  local range = tvb(at - 1, last - at + 1)
  local tree = root:add(evse, range)
  tree:add(own.reason, range, reason):set_generated()
  if reason == "crc" then
    add_crc(tree, tvb, last, CRC_BAD)
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
  local head, last = frame_at(data, at)
  if not head then
    return #data, dissect_noise(tvb, data, at, #data, "garbage", root, needs_line)
  end
  if last > #data then
    return #data, dissect_noise(tvb, data, at, #data, "truncated", root, needs_line)
  end
  local high, low = crc16(data, at + head.link.checked_from, last - CRC_SIZE)
  if high ~= byte(data, last - 1) or low ~= byte(data, last) then
    return last, dissect_noise(tvb, data, at, last, "crc", root, needs_line)
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
