-- As much of Wireshark as a dissector needs to run under plain Lua: frames as hexadecimal come in, one a line, each with
-- its direction, and the line for the Info column goes out.

local made = {}
local anything = setmetatable({}, {
  __index = function()
    return function()
      return made
    end
  end,
})

Proto = function()
  made.proto = { fields = {} }
  return made.proto
end
ProtoField = anything
ProtoExpert = anything
Dissector = { get = function() return { call = function() end } end }
DissectorTable = { get = function() return { add = function() end } end }
wtap_encaps = {}
expert = { group = {}, severity = {} }
base = { DEC = 0, HEX = 1, UNIT_STRING = 2 }
P2P_DIR_SENT, P2P_DIR_RECV = 0, 1

local item = {}
for _, name in ipairs({ "set_generated", "set_hidden", "append_text", "add_proto_expert_info", "add", "add_le" }) do
  item[name] = function() return item end
end

local function tvb_of(data)
  local tvb = { raw = function() return data end, len = function() return #data end, tvb = function() end }
  return setmetatable(tvb, { __call = function(_, first, size)
    assert(first >= 0 and size >= 0 and first + size <= #data, "outside of the packet")
    return tvb
  end })
end

UInt64, Int64 = tonumber, tonumber
ByteArray = { new = function(data) return { tvb = function() return tvb_of(data) end } end }

dofile(arg[1])

local number = 0
for line in io.lines() do
  number = number + 1
  local way, text = line:match("^(%S+) (%x+)$")
  local data = text:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end)
  local pinfo = { number = number, visited = false, p2p_dir = tonumber(way), cols = { info = "" } }
  made.proto.dissector(tvb_of(data), pinfo, item)
  print(pinfo.cols.info)
end
