-- Written by evse-sniff: change its definition instead, and write it anew.
--
-- A dissector for captures of EV chargers' serial links (pcapng, link type 250: RTAC serial), one frame or one piece
-- of noise in each packet. It needs no flag: put it into Wireshark's folder for personal Lua plugins. It runs on Lua
-- 5.2 to 5.4.
--
-- Filters: evse.link, evse.direction, evse.sequence, evse.command, evse.name, evse.length, evse.payload, evse.raw,
-- evse.crc, evse.crc.status, evse.crc.bad, evse.problem, evse.payload.bad, evse.noise.reason, evse.undefined, and
-- evse.NAME for each field of the definition. Where fields of one name are of different types, the later ones are
-- evse.NAME.number, .number64, .scaled, .text or .bytes; one with the name of a filter above is evse.field.NAME, and
-- letters that a filter cannot have are written by their number: evse.gr_xf6_sse. A name or a value that is a guess is
-- marked [assumed] or [inferred].
--
-- What evse-sniff shows and this does not:
-- * What follows from more than one frame: faults with their history, boots and boot loops, answers, retransmissions,
--   contradictions and moves between statuses. A code has the meanings that the error table gives to it alone.
-- * What a line of a text log says, and notes: they are comments of their packets.
-- * A frame that is cut over packets, and one behind noise in the same packet: captures of ours have neither.
-- * That a frame stands in a log line of the other link, where evse-sniff takes it as noise.
-- * Numbers with a divisor to more than 15 digits. Fields that have no bytes are left out.
-- While it is loaded it takes all captures of this link type, also those of other serial lines.

local definition = {} -- THE DEFINITION

local RTAC_HEAD_SIZE = 12
local RTAC_EVENT_AT = 8
local RTAC_SENT = 1
local CRC_SIZE = 2
local CRC_INITIAL = 0xFF
local SHOWN_NOISE = definition.shown_noise
local CRC_BAD, CRC_GOOD = 0, 1
local NO_COLUMN = "(info)" -- what Wireshark gives for the text of a column that nobody asked for

local byte, find, format, gsub, sub = string.byte, string.find, string.format, string.gsub, string.sub
local concat = table.concat

-- CRC-16 without operators on bits, which Lua 5.2 lacks, and without the library for them, which 5.4 lacks: both halves
-- of the CRC are looked up. XOR has a row of 256 for each first operand.

local XOR = { [0] = 0 }
for a = 0, 255 do
  for b = 0, 255 do
    local low_a, low_b = a % 2, b % 2
    XOR[a * 256 + b] = 2 * XOR[(a - low_a) / 2 * 256 + (b - low_b) / 2] + (low_a + low_b) % 2
  end
end

local CRC_LOW, CRC_HIGH = {}, {}
for index = 0, 255 do
  local entry = definition.crc_table[index + 1]
  CRC_LOW[index] = entry % 256
  CRC_HIGH[index] = (entry - entry % 256) / 256
end

-- The two halves of the CRC of data[first..last], the high one first, as they travel.
local function crc16(data, first, last)
  local low, high = CRC_INITIAL, CRC_INITIAL
  for at = first, last do
    local index = XOR[low * 256 + byte(data, at)]
    low, high = XOR[high * 256 + CRC_LOW[index]], CRC_HIGH[index]
  end
  return high, low
end

-- Bytes as people read them.

local HEX, ESCAPED = {}, {}
for code = 0, 255 do
  local char = string.char(code)
  HEX[char] = format("%02X ", code)
  ESCAPED[char] = format("\\x%02x", code)
end
ESCAPED["\\"], ESCAPED["\t"], ESCAPED["\n"], ESCAPED["\r"] = "\\\\", "\\t", "\\n", "\\r"

local function spaced(bytes)
  return sub(gsub(bytes, ".", HEX), 1, -2)
end

local function escaped(bytes)
  local last = #bytes
  while byte(bytes, last) == 0 do
    last = last - 1
  end
  return (gsub(sub(bytes, 1, last), "[^ -Z%[%]^-~]", ESCAPED))
end

-- More than six bytes are a number of which the last digits may differ: no name is that far up.
local function number(data, first, last)
  local value = byte(data, first)
  for at = first + 1, last do
    value = value * 256 + byte(data, at)
  end
  return value
end

-- tvb has the bytes as Wireshark has them, and with them numbers of up to eight bytes.
local function decimal(data, first, last, tvb)
  if last - first < 6 then
    return format("%d", number(data, first, last))
  end
  return tostring(tvb(first - 1, last - first + 1):uint64())
end

-- The protocol with its fields, made of the definition's table. A field of the definition is made once for each way in
-- which it is shown; Wireshark joins those of one filter name.

local evse = Proto("evse", "EVSE charger link")

local function base_of(field)
  return field.unit and base.DEC + base.UNIT_STRING or field.hex and base.HEX or base.DEC
end

local MAKE = {
  double = function(field)
    return ProtoField.double(field.filter, field.label, field.about)
  end,
  string = function(field)
    return ProtoField.string(field.filter, field.label, base.ASCII, field.about)
  end,
  bytes = function(field)
    return ProtoField.bytes(field.filter, field.label, base.NONE, field.about)
  end,
}
for _, kind in ipairs({ "uint8", "uint16", "uint24", "uint32", "uint64" }) do
  MAKE[kind] = function(field)
    local values = field.unit and { " " .. field.unit } or field.values
    return ProtoField[kind](field.filter, field.label, base_of(field), values, nil, field.about)
  end
end

local proto_fields = {}
for index, field in ipairs(definition.proto_fields) do
  proto_fields[index] = MAKE[field.type](field)
end

local own = {
  link = ProtoField.string("evse.link", "link"),
  direction = ProtoField.string("evse.direction", "direction"),
  sequence = ProtoField.uint16("evse.sequence", "sequence", base.HEX),
  command_of_1 = ProtoField.uint8("evse.command", "command", base.HEX),
  command_of_2 = ProtoField.uint16("evse.command", "command", base.HEX),
  length = ProtoField.uint16("evse.length", "length of payload"),
  payload = ProtoField.bytes("evse.payload", "payload"),
  undefined = ProtoField.bytes("evse.undefined", "undefined"),
  problem = ProtoField.string("evse.problem", "problem"),
  crc = ProtoField.uint16("evse.crc", "CRC", base.HEX),
  crc_status = ProtoField.uint8("evse.crc.status", "CRC status", base.DEC, { [CRC_BAD] = "Bad", [CRC_GOOD] = "Good" }),
  raw = ProtoField.bytes("evse.raw", "raw"),
  reason = ProtoField.string("evse.noise.reason", "noise"),
}
local names = {}
for mark, label in pairs(definition.name_labels) do
  names[mark] = ProtoField.string("evse.name", label)
end

local all = {}
for _, group in ipairs({ proto_fields, own, names }) do
  for _, field in pairs(group) do
    all[#all + 1] = field
  end
end
evse.fields = all

local crc_bad = ProtoExpert.new("evse.crc.bad", "CRC is wrong", expert.group.CHECKSUM, expert.severity.ERROR)
local payload_bad =
  ProtoExpert.new("evse.payload.bad", "payload has another size", expert.group.MALFORMED, expert.severity.WARN)
evse.experts = { crc_bad, payload_bad }

-- How the fields of a payload are shown: `text` for the Info column, `add` for the tree. Both are made once.

local function named(field, data, first, last, tvb)
  return field.names[number(data, first, last)] or field.of .. " " .. decimal(data, first, last, tvb) .. " (unknown)"
end

local TEXT = {
  number = function(field, data, first, last, tvb)
    return decimal(data, first, last, tvb) .. field.unit
  end,
  scaled = function(field, data, first, last)
    return format(field.format, number(data, first, last) / field.divisor) .. field.unit
  end,
  named = named,
  hex = function(_, data, first, last)
    return "0x" .. gsub(spaced(sub(data, first, last)), " ", "")
  end,
  text = function(_, data, first, last)
    return escaped(sub(data, first, last))
  end,
  bytes = function(_, data, first, last)
    return spaced(sub(data, first, last))
  end,
}

local function add_plain(field, tree, range)
  tree:add(field.proto, range)
end

local ADD = {
  number = add_plain,
  named = add_plain,
  hex = add_plain,
  bytes = add_plain,
  scaled = function(field, tree, range, data, first, last)
    tree:add(field.proto, range, number(data, first, last) / field.divisor)
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

-- Positions in what follows are those of Lua strings: from 1, and the last one is meant too. All are positions in the
-- whole packet, so that tvb(position - 1, size) is the same place.

-- The head that stands at a position and where its frame would end, past the data where that ends before; nil where no
-- frame can begin there.
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
  local payload = number(data, length_at, length_end) - link.counted
  if payload < 0 then
    return nil
  end
  return head, at + payload + link.overhead - 1
end

-- Where each field of a payload ends, as far as the fields are there whole; and where the payload ends that they cover.
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

-- What is wrong with a payload's size; nil where nothing is.
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
      field.add(field, tree, tvb(at - 1, stop - at + 1), data, at, stop)
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

-- One intact frame into the tree; gives its line for the Info column, where one is wanted.
local function dissect_frame(tvb, data, at, last, head, way, root, wants_line)
  local link = head.link
  local first, payload_end = at + link.payload_at, last - CRC_SIZE
  local size = payload_end - first + 1
  local code = number(data, at + link.command_at, at + link.command_at + link.command_size - 1)
  local plans = way.commands[code]
  local command = plans and definition.commands[plans.by_size[size] or plans.other]
  local ends, covered, problem = {}, first - 1, nil
  if command then
    ends, covered = field_ends(command, data, first, payload_end)
    problem = problem_of(command, ends, size)
  end
  local name = command and command.name or format(link.unknown, code)
  local direction = way.direction or (command and command.direction)

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

  if wants_line then
    return name .. ": " .. summary_of(command, data, first, payload_end, ends, problem, tvb)
  end
end

local function dissect_noise(tvb, data, at, last, reason, root, wants_line)
  local range = tvb(at - 1, last - at + 1)
  local tree = root:add(evse, range)
  tree:add(own.reason, range, reason):set_generated()
  if reason == "crc" then
    add_crc(tree, tvb, last, CRC_BAD)
  end
  tree:add(own.raw, range)
  if wants_line then
    local size = last - at + 1
    local shown = spaced(sub(data, at, math.min(last, at + SHOWN_NOISE - 1)))
    local more = size > SHOWN_NOISE and " …" or ""
    return "noise " .. reason .. ": " .. format("%d", size) .. (size == 1 and " byte: " or " bytes: ") .. shown .. more
  end
end

-- What begins at a position: gives where it ends, and its line.
local function dissect_piece(tvb, data, at, sent, received, root, wants_line)
  local head, last = frame_at(data, at)
  if not head then
    return #data, dissect_noise(tvb, data, at, #data, "garbage", root, wants_line)
  end
  if last > #data then
    return #data, dissect_noise(tvb, data, at, #data, "truncated", root, wants_line)
  end
  local high, low = crc16(data, at + head.link.checked_from, last - CRC_SIZE)
  if high ~= byte(data, last - 1) or low ~= byte(data, last) then
    return last, dissect_noise(tvb, data, at, last, "crc", root, wants_line)
  end
  local way = definition.ways[sent and head.outbound or received and head.inbound or head.unknown]
  return last, dissect_frame(tvb, data, at, last, head, way, root, wants_line)
end

local rtacser = Dissector.get("rtacser")

function evse.dissector(tvb, pinfo, root)
  local size = tvb:len()
  if size <= RTAC_HEAD_SIZE then
    rtacser:call(tvb, pinfo, root)
    return
  end
  local data = tvb:raw()
  local way = pinfo.p2p_dir
  local sent = way == P2P_DIR_SENT or byte(data, RTAC_EVENT_AT + 1) == RTAC_SENT
  rtacser:call(tvb(0, RTAC_HEAD_SIZE):tvb(), pinfo, root)

  local info = pinfo.cols.info
  local wants_line = tostring(info) ~= NO_COLUMN
  local at, lines = RTAC_HEAD_SIZE + 1, {}
  while at <= #data do
    local last, line = dissect_piece(tvb, data, at, sent, way == P2P_DIR_RECV, root, wants_line)
    at, lines[#lines + 1] = last + 1, line
  end
  if wants_line then
    pinfo.cols.protocol = "EVSE"
    pinfo.cols.info = concat(lines, "; ")
  end
end

DissectorTable.get("wtap_encap"):add(wtap_encaps.RTAC_SERIAL, evse)
