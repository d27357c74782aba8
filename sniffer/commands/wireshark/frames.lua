
-- Frames and noise in the tree and in the Info column.

local function add_payload(tree, data, first, last, entries, covered, problem, tvb)
  for _, entry in ipairs(entries) do
    if entry.last >= entry.first then
      add_field(entry.field, tree, tvb(entry.first - 1, entry.last - entry.first + 1), entry.raw)
    end
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

-- Add a check that is sent as digits.
local function add_text_check(tree, proto, check, range, text)
  local digits = sub(text, #check.mark + 1)
  if check.size > 4 then
    return tree:add(proto, range, UInt64.fromhex(digits))
  end
  local bytes = gsub(digits, "..", function(pair)
    return char(tonumber(pair, 16))
  end)
  return tree:add(proto, range, number_of(check, bytes))
end

local function add_crc(tree, tvb, data, link, last, status)
  local check = link.check
  if check.size == 0 then
    return
  end
  local size = check.mark and #check.mark + 2 * check.size or check.size
  local range = tvb(last - link.ending, size)
  local proto = own["crc_of_" .. format("%d", check.size)]
  local item
  if check.mark then
    item = add_text_check(tree, proto, check, range, sub(data, last - link.ending + 1, last - link.ending + size))
  else
    item = check.little and tree:add_le(proto, range) or tree:add(proto, range)
  end
  tree:add(own.crc_status, range, status):set_generated()
  if status == CRC_BAD then
    item:add_proto_expert_info(crc_bad)
  end
end

-- Return bytes less a number that was added to each of them.
local function subtract(bytes, number)
  return (gsub(bytes, ".", function(one)
    return char((byte(one) - number) % 256)
  end))
end

-- Return the content of the frame in data[at..last], where it begins and ends, and its bytes for the tree. A frame with
-- escapes or a coded payload has a tab of its own for what they stand for.
local function content_of(link, tvb, data, at, last)
  if link.added then
    local first, stop = at + link.payload_at, last - link.trailer
    local payload = subtract(sub(data, first, stop), link.added)
    local content = sub(data, at, first - 1) .. payload .. sub(data, stop + 1, last)
    return content, 1, #content, ByteArray.new(content, true):tvb("Decoded frame")
  elseif not link.delimiter then
    return data, at, last, tvb
  end
  local raw, stop, opening = sub(data, at, last), link.delimiter.bytes_after and "" or link.delimiter.stop, link.delimiter.opening or ""
  local content = unwrap(link.delimiter, raw)
  local first = sub(raw, 1, #opening) == opening and at + #opening or at
  if not link.delimiter.stuffed and first + #content - 1 == last - #stop then
    return data, first, last - #stop, tvb
  end
  return content, 1, #content, ByteArray.new(content, true):tvb(link.delimiter.digits and "Decoded frame" or "Frame without escapes")
end

-- Add an intact frame to the tree, and return its line for the Info column if one is needed.
local function dissect_frame(outer_tvb, outer_data, from, to, candidate, route, root, needs_line, packet)
  local link, shape = route.link, candidate.shape
  local data, at, last, tvb = content_of(link, outer_tvb, outer_data, from, to)
  route = resolve_route(route, sub(data, at, last), packet)
  local first, payload_end = at + link.payload_at, last - link.trailer
  local size = payload_end - first + 1
  local code = route.command and number_at(route.command, data, at) or 0
  local commands_of_code = route.commands[code]
  local command = commands_of_code and definition.commands[commands_of_code.by_size[size] or commands_of_code.other]
  local entries, covered, problem = read_payload(command, data, at, first, payload_end)
  local name = command and command.name or format(link.unknown, code)
  local direction = route.direction or (command and command.direction)

  local tree = root:add(evse, outer_tvb(from - 1, to - from + 1))
  local head_range = tvb(at - 1, math.max(1, #route.head))
  local command_range = route.command and tvb(at - 1 + route.command.at, route.command.size) or head_range
  tree:add(own.link, head_range, link.name):set_generated()
  if direction then
    tree:add(own.direction, head_range, direction):set_generated()
  end
  for _, part in ipairs({ "sequence", "address" }) do
    local number = link[part] or route[part]
    if number then
      add_number(tree, part, number, tvb, at)
    end
  end
  if route.command then
    add_number(tree, "command", route.command, tvb, at)
  end
  tree:add(command and command.proto_name or names.none, command_range, name):set_generated()
  local length = shape.length
  tree:add(own.length, length and tvb(at - 1 + length.at, length.size) or head_range, size)
  if size > 0 then
    tree:add(own.payload, tvb(first - 1, size))
  end
  add_payload(tree, data, first, payload_end, entries, covered, problem, tvb)
  add_crc(tree, tvb, data, link, last, CRC_GOOD)
  tree:add(own.raw, outer_tvb(from - 1, to - from + 1))

  if needs_line then
    local unchecked = link.unchecked and "  [no check]" or ""
    return name .. ": " .. summary_of(command, data, first, payload_end, entries, covered, problem) .. unchecked
  end
end

local function dissect_noise(tvb, data, at, last, reason, claiming, root, needs_line)
  local range = tvb(at - 1, last - at + 1)
  local tree = root:add(evse, range)
  tree:add(own.reason, range, reason):set_generated()
  local link = claiming and claiming.route.link
  if link and not link.delimiter and not link.check.mark and last - at + 1 >= link.trailer then
    add_crc(tree, tvb, data, link, last, CRC_BAD)
  elseif link then
    tree:add(own.crc_status, range, CRC_BAD):set_generated():add_proto_expert_info(crc_bad)
  end
  tree:add(own.raw, range)
  if needs_line then
    local size = last - at + 1
    local shown = spaced(sub(data, at, math.min(last, at + SHOWN_NOISE - 1)))
    local more = size > SHOWN_NOISE and " …" or ""
    return "noise " .. reason .. ": " .. format("%d", size) .. (size == 1 and " byte: " or " bytes: ") .. shown .. more
  end
end

-- Add the noise in data[at..stop] to the tree, in its pieces, and their lines to those of the packet.
local function add_noise(tvb, data, at, stop, root, needs_line, lines)
  while at <= stop do
    local last, reason, claiming = noise_at(data, at, stop)
    lines[#lines + 1] = dissect_noise(tvb, data, at, last, reason, claiming, root, needs_line)
    at = last + 1
  end
end

-- Add all frames and all noise of a packet to the tree, and return their lines.
local function dissect_packet(tvb, data, at, root, needs_line, packet)
  local returned, lines = at, {}
  while at <= #data do
    local candidate, route, last = frame_at(data, at)
    if candidate then
      add_noise(tvb, data, returned, at - 1, root, needs_line, lines)
      lines[#lines + 1] = dissect_frame(tvb, data, at, last, candidate, route, root, needs_line, packet)
      returned = last + 1
    end
    at = candidate and returned or at + 1
  end
  add_noise(tvb, data, returned, #data, root, needs_line, lines)
  return lines
end

local rtacser = Dissector.get("rtacser")

function evse.init()
  requests, found_routes = {}, {}
end

function evse.dissector(tvb, pinfo, root)
  if tvb:len() <= RTAC_HEAD_SIZE then
    rtacser:call(tvb, pinfo, root)
    return
  end
  local data = tvb:raw()
  local packet = {
    number = pinfo.number,
    is_visited = pinfo.visited,
    is_sent = pinfo.p2p_dir == P2P_DIR_SENT or byte(data, RTAC_EVENT_AT + 1) == RTAC_SENT,
    is_received = pinfo.p2p_dir == P2P_DIR_RECV,
    time = number_of(BIG_ENDIAN, sub(data, 1, 4)) * 1000000 + number_of(BIG_ENDIAN, sub(data, 5, 8)),
    frames = 0,
  }
  rtacser:call(tvb(0, RTAC_HEAD_SIZE):tvb(), pinfo, root)

  local info = pinfo.cols.info
  local needs_line = tostring(info) ~= NO_COLUMN
  local lines = dissect_packet(tvb, data, RTAC_HEAD_SIZE + 1, root, needs_line, packet)
  if needs_line then
    pinfo.cols.protocol = "EVSE"
    pinfo.cols.info = concat(lines, "; ")
  end
end

DissectorTable.get("wtap_encap"):add(wtap_encaps.RTAC_SERIAL, evse)
