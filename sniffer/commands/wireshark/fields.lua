
-- The protocol with its fields, from the table of the definition. A field is declared once for each form in which it is
-- shown; Wireshark joins the declarations of one filter name.

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
local WHOLE = { "uint8", "uint16", "uint24", "uint32", "uint64", "int8", "int16", "int24", "int32", "int64" }
for _, kind in ipairs(WHOLE) do
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
  length = ProtoField.uint16("evse.length", "length of payload"),
  payload = ProtoField.bytes("evse.payload", "payload"),
  undefined = ProtoField.bytes("evse.undefined", "undefined"),
  problem = ProtoField.string("evse.problem", "problem"),
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
-- A filter is compared with the field of its name that was declared last: for the widest one, no number is too large.
local LABELS = { sequence = "sequence", address = "address", command = "command", crc = "CRC" }
for name, sizes in pairs(definition.sizes) do
  for _, size in ipairs(sizes) do
    local kind = size > 4 and "uint64" or "uint" .. format("%d", 8 * size)
    local field = ProtoField[kind]("evse." .. name, LABELS[name], base.HEX)
    own[name .. "_of_" .. format("%d", size)] = field
    all[#all + 1] = field
  end
end
evse.fields = all

local crc_bad = ProtoExpert.new("evse.crc.bad", "CRC is wrong", expert.group.CHECKSUM, expert.severity.ERROR)
local payload_bad =
  ProtoExpert.new("evse.payload.bad", "payload has another size", expert.group.MALFORMED, expert.severity.WARN)
evse.experts = { crc_bad, payload_bad }

-- The fields of a payload in the tree.

local function add_plain(field, tree, range)
  if field.shown.little then
    tree:add_le(field.proto, range)
  else
    tree:add(field.proto, range)
  end
end

-- Add a field whose value is computed: a text that a number may be instead, a number with a divisor, or a whole one.
local function add_value(field, proto, text_proto, tree, range, raw)
  local _, value, digits = field.shown.show(field.shown, raw)
  if type(value) == "string" and not digits and text_proto then
    return tree:add(text_proto, range, value)
  end
  if digits then
    value = field.wide and field.wide(digits) or tonumber(digits)
  end
  return tree:add(proto, range, value)
end

local function add_field(field, tree, range, raw)
  if field.shown.is_plain then
    add_plain(field, tree, range)
  else
    add_value(field, field.proto, field.text_proto, tree, range, raw)
  end
  if field.any_proto then
    add_value(field, field.any_proto, field.any_text_proto, tree, range, raw):set_hidden(true)
  end
end

for _, shown in ipairs(definition.presentations) do
  shown.show = SHOW[shown.kind]
  shown.names = shown.names and definition.names[shown.names]
end

local WIDE = { uint64 = UInt64, int64 = Int64 }

for _, command in ipairs(definition.commands) do
  command.proto_name = names[command.mark]
  for _, field in ipairs(command.fields) do
    field.wide = WIDE[definition.proto_fields[field.proto].type]
    field.proto, field.any_proto = proto_fields[field.proto], proto_fields[field.any_proto]
    field.text_proto, field.any_text_proto = proto_fields[field.text_proto], proto_fields[field.any_text_proto]
    field.shown = definition.presentations[field.shown]
  end
end
