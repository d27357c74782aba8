-- EV charger links in Wireshark: a dissector for the captures that evse-sniff writes (pcapng, link type 250).
--
-- It is called for each packet of a serial line, lets Wireshark's own RTAC dissector have the first twelve bytes, and
-- takes the rest as one frame or one piece of noise, as evse-sniff's captures hold them. It works without any setting.
-- Filters: evse.command == 1, evse.status == 8, evse.l1_voltage < 210, evse.crc.bad, evse.noise.reason == "truncated".
--
-- What it does not do: it knows of no packet but the one that it looks at. Which answer belongs to which request, what
-- state the connector is in and which fault is active are told by evse-sniff, as is a capture whose packets are cut
-- anywhere. Lua 5.2 to 5.4.

local DEFINITION = { links = {}, routes = {}, kinds = {}, enumerations = {}, commands = {} }
-- @definition@

local RTAC_HEAD, RTAC_SERIAL = 12, 153
local OURS = "evse-sniff"

-- XOR of two bytes as a table: faster than a call, and the same in every version of Lua.

local XOR = {}
do
    local bits = bit32 or bit
    local bxor = bits and bits.bxor or load("return function(a, b) return a ~ b end")()
    for a = 0, 255 do
        for b = 0, 255 do
            XOR[a * 256 + b] = bxor(a, b)
        end
    end
end

-- CRC-16/MODBUS, its two bytes apart: polynomial 0x8005 reflected, begun with 0xFFFF.

local LOW, HIGH = {}, {}
for byte = 0, 255 do
    local low, high = byte, 0
    for _ = 1, 8 do
        local odd = low % 2
        low = math.floor(low / 2) + high % 2 * 128
        high = math.floor(high / 2)
        if odd == 1 then
            low, high = XOR[low * 256 + 0x01], XOR[high * 256 + 0xA0]
        end
    end
    LOW[byte], HIGH[byte] = low, high
end

local function crc16(raw, from, to)
    local low, high = 0xFF, 0xFF
    for at = from, to do
        local index = XOR[low * 256 + raw:byte(at)]
        low, high = XOR[high * 256 + LOW[index]], HIGH[index]
    end
    return high * 256 + low
end

-- Framing, by the layout of the links. Places in a string count from 1.

local function number_at(raw, from, size)
    local number = 0
    for at = from, from + size - 1 do
        number = number * 256 + raw:byte(at)
    end
    return number
end

local function link_of(raw)
    for _, link in ipairs(DEFINITION.links) do
        for _, head in ipairs(link.heads) do
            if raw:sub(1, #head) == head then
                return link
            end
        end
    end
end

-- How many bytes the frame that begins here has: nil where its length does not stand here, 0 where it can have none.
local function size_of(link, raw)
    if link.length_at + link.length_size > #raw then
        return nil
    end
    local payload = number_at(raw, link.length_at + 1, link.length_size) - link.counted
    return payload < 0 and 0 or payload + link.payload_at + 2
end

-- The link of a frame that is whole and intact; else nothing, and why it is noise.
local function framed(raw)
    local link = link_of(raw)
    if not link then
        return nil, "garbage"
    end
    local size = size_of(link, raw)
    if size == 0 then
        return nil, "garbage"
    end
    if not size or size > #raw then
        return nil, "truncated", link
    end
    if size < #raw then
        return nil, "garbage"
    end
    if crc16(raw, link.checked_from + 1, size - 2) ~= number_at(raw, size - 1, 2) then
        return nil, "crc", link
    end
    return link
end

-- Commands: which one a frame is, and where its fields stand.

local function decode_uneven(plans, raw, payload_at, stop)
    local command = plans.varying
    if not command and #plans == 1 then
        command = plans[1]
    end
    if not command then
        return nil, {}
    end
    local spans, at = {}, payload_at + 1
    for index, field in ipairs(command.fields) do
        local last
        if field.size == "rest" then
            last = stop
        elseif field.size == "to zero" then
            last = (raw:find("\0", at, true) or stop + 1) - 1
            last = math.min(last, stop)
        else
            last = at + field.size - 1
        end
        if last > stop then
            break
        end
        spans[index] = { at, last }
        at = last + 1
    end
    return command, spans
end

local function even_spans(command, payload_at)
    local spans, at = {}, payload_at + 1
    for index, field in ipairs(command.fields) do
        spans[index] = { at, at + field.size - 1 }
        at = at + field.size
    end
    return spans
end

local PLANS = {}
for _, route in ipairs(DEFINITION.routes) do
    PLANS[route.name] = {}
end
for _, command in ipairs(DEFINITION.commands) do
    for _, route in ipairs(command.routes) do
        local plans = PLANS[route][command.code] or { sizes = {} }
        PLANS[route][command.code] = plans
        if command.size then
            if not plans.sizes[command.size] then
                plans.sizes[command.size] = { command, even_spans(command, command.payload_at) }
                plans[#plans + 1] = command
            end
        elseif not plans.varying then
            plans.varying = command
            plans[#plans + 1] = command
        end
    end
end

-- Fields of Wireshark.

local evse = Proto("evse", "EV charger link")
local base_fields = {
    link = ProtoField.string("evse.link", "Link"),
    direction = ProtoField.string("evse.direction", "Direction"),
    seq = ProtoField.uint16("evse.seq", "Sequence", base.HEX),
    command = ProtoField.uint16("evse.command", "Command", base.HEX),
    name = ProtoField.string("evse.name", "Name"),
    length = ProtoField.uint16("evse.length", "Payload length"),
    payload = ProtoField.bytes("evse.payload", "Payload"),
    undefined = ProtoField.bytes("evse.undefined", "Not in the definition"),
    crc = ProtoField.uint16("evse.crc", "CRC", base.HEX),
    status = ProtoField.uint8("evse.crc.status", "CRC status", base.DEC, { [0] = "bad", [1] = "good" }),
    raw = ProtoField.bytes("evse.raw", "Bytes"),
    noise = ProtoField.bytes("evse.noise", "Noise"),
    reason = ProtoField.string("evse.noise.reason", "Reason"),
}
local all_fields = {}
for _, field in pairs(base_fields) do
    all_fields[#all_fields + 1] = field
end
local makers = {
    number = {
        ProtoField.uint8,
        ProtoField.uint16,
        ProtoField.uint24,
        ProtoField.uint32,
        ProtoField.uint64,
        ProtoField.uint64,
    },
    bytes = ProtoField.bytes,
    text = ProtoField.string,
    share = ProtoField.double,
}
local made = {}
for key, kind in pairs(DEFINITION.kinds) do
    if kind.form == "number" then
        local names = kind.names and DEFINITION.enumerations[kind.names]
        made[key] = makers.number[kind.size](kind.filter, kind.label, kind.is_hex and base.HEX or base.DEC, names)
    else
        made[key] = makers[kind.form](kind.filter, kind.label)
    end
    all_fields[#all_fields + 1] = made[key]
end
evse.fields = all_fields
local bad_crc = ProtoExpert.new("evse.crc.bad", "The CRC is wrong", expert.group.CHECKSUM, expert.severity.ERROR)
evse.experts = { bad_crc }

local function escaped(text)
    text = text:gsub("\0+$", "")
    return (text:gsub("[\0-\31\92\127-\255]", function(char)
        local known = { ["\\"] = "\\\\", ["\n"] = "\\n", ["\r"] = "\\r", ["\t"] = "\\t" }
        return known[char] or string.format("\\x%02x", char:byte())
    end))
end

-- What people read of a field: its value in words.
local function text_of(field, kind, raw, first, last)
    if kind.form == "text" then
        return escaped(raw:sub(first, last))
    end
    if kind.form == "bytes" then
        return (raw:sub(first, last):gsub(".", function(char)
            return string.format("%02X ", char:byte())
        end):gsub(" $", ""))
    end
    local number = number_at(raw, first, last - first + 1)
    if kind.names then
        local name = DEFINITION.enumerations[kind.names][number]
        return name or string.format("%s %d (unknown)", field.label, number)
    end
    if kind.is_hex then
        return string.format("0x%0" .. 2 * (last - first + 1) .. "X", number)
    end
    local unit = field.unit and " " .. field.unit or ""
    if field.divisor then
        return string.format("%." .. field.decimals .. "f", number / field.divisor) .. unit
    end
    return string.format("%d", number) .. unit
end

local function add_field(tree, tvb, raw, field, first, last)
    local kind = DEFINITION.kinds[field.kind]
    local range = tvb(first - 1, last - first + 1)
    local item
    if kind.form == "share" then
        item = tree:add(made[field.kind], range, number_at(raw, first, last - first + 1) / field.divisor)
        item:set_text(kind.label .. ": " .. text_of(field, kind, raw, first, last))
    elseif kind.form == "text" then
        item = tree:add(made[field.kind], range, escaped(raw:sub(first, last)))
    else
        item = tree:add(made[field.kind], range)
        if field.unit then
            item:append_text(" " .. field.unit)
        end
    end
    if field.known ~= "" then
        item:append_text("  [" .. field.known .. "]")
    end
end

local function summary_of(command, raw, spans)
    local told = {}
    for index, part in ipairs(command.summary) do
        if type(part) == "string" then
            told[index] = part
        else
            local field, span = command.fields[part], spans[part]
            told[index] = span and text_of(field, DEFINITION.kinds[field.kind], raw, span[1], span[2]) or "?"
        end
    end
    return table.concat(told)
end

local P2P_SENT, P2P_RECEIVED = 0, 1

local function route_of(link, raw, pinfo)
    local head = raw:sub(1, link.head_size)
    local unknown
    for _, route in ipairs(DEFINITION.routes) do
        if route.link == link.name and route.head == head then
            if not route.direction then
                unknown = route
            elseif not route.shares_head or pinfo.p2p_dir == (route.is_outbound and P2P_SENT or P2P_RECEIVED) then
                return route
            end
        end
    end
    return unknown
end

local function dissect_frame(link, raw, tvb, pinfo, tree)
    local route = route_of(link, raw, pinfo)
    local code = number_at(raw, link.command_at + 1, link.command_size)
    local plans, stop = PLANS[route.name][code], #raw - 2
    local command, spans = nil, {}
    if plans then
        local even = plans.sizes[stop - link.payload_at]
        if even then
            command, spans = even[1], even[2]
        else
            command, spans = decode_uneven(plans, raw, link.payload_at, stop)
        end
    end
    local name = command and command.name or string.format("command %0" .. 2 * link.command_size .. "X (unknown)", code)
    local direction = route.direction or (command and command.direction)

    tree:add(base_fields.link, tvb(0, link.head_size), link.name)
    if direction then
        tree:add(base_fields.direction, tvb(0, link.head_size), direction)
    end
    tree:add(base_fields.seq, tvb(link.sequence_at, 2))
    tree:add(base_fields.command, tvb(link.command_at, link.command_size))
    tree:add(base_fields.name, tvb(link.command_at, link.command_size), name)
    tree:add(base_fields.length, tvb(link.length_at, link.length_size), stop - link.payload_at)
    local at = link.payload_at + 1
    if stop >= at then
        local inside = tree:add(base_fields.payload, tvb(at - 1, stop - at + 1))
        for index, span in ipairs(spans) do
            if span[2] >= span[1] then
                add_field(inside, tvb, raw, command.fields[index], span[1], span[2])
            end
            at = span[2] + 1
        end
        if at <= stop then
            inside:add(base_fields.undefined, tvb(at - 1, stop - at + 1))
        end
    end
    tree:add(base_fields.crc, tvb(stop, 2))
    tree:add(base_fields.status, tvb(stop, 2), 1):set_generated()
    tree:add(base_fields.raw, tvb()):set_generated()

    local told = ""
    if not command then
        told = raw:sub(link.payload_at + 1, stop):gsub(".", function(char)
            return string.format(" %02X", char:byte())
        end)
    elseif #command.summary > 0 then
        told = " " .. summary_of(command, raw, spans)
    end
    pinfo.cols.info = (direction and direction .. "  " or "") .. name .. ":" .. told
    tree:append_text(", " .. name)
end

local function dissect_noise(link, reason, raw, tvb, pinfo, tree)
    tree:add(base_fields.noise, tvb())
    tree:add(base_fields.reason, tvb(), reason):set_generated()
    if reason == "crc" then
        tree:add(base_fields.crc, tvb(#raw - 2, 2))
        tree:add(base_fields.status, tvb(#raw - 2, 2), 0):set_generated()
        tree:add_proto_expert_info(bad_crc)
    end
    pinfo.cols.info = "noise: " .. reason .. ", " .. #raw .. (#raw == 1 and " byte" or " bytes")
    tree:append_text(", noise: " .. reason)
end

local rtac = Dissector.get("rtacser")
local description_of, comment_of = Field.new("frame.interface_description"), Field.new("frame.comment")

function evse.dissector(tvb, pinfo, tree)
    local described = description_of()
    if tvb:reported_len() < RTAC_HEAD or (described and tostring(described):sub(1, #OURS) ~= OURS) then
        return rtac:call(tvb, pinfo, tree)
    end
    rtac:call(tvb(0, RTAC_HEAD):tvb(), pinfo, tree)
    pinfo.cols.protocol = "EVSE"
    local size = tvb:len() - RTAC_HEAD
    if size <= 0 then
        local comment = comment_of()
        pinfo.cols.info = comment and tostring(comment) or "no bytes"
        return tvb:len()
    end
    local inner = tvb(RTAC_HEAD):tvb()
    local raw = inner:raw()
    local link, reason, meant = framed(raw)
    local item = tree:add(evse, inner())
    if link then
        dissect_frame(link, raw, inner, pinfo, item)
    else
        dissect_noise(meant, reason, raw, inner, pinfo, item)
    end
    return tvb:len()
end

DissectorTable.get("wtap_encap"):add(RTAC_SERIAL, evse)
