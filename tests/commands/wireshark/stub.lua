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
for _, name in ipairs({ "set_generated", "append_text", "add_proto_expert_info" }) do
  item[name] = function() end
end
item.add = function() return item end

local function tvb_of(data)
  local tvb = { raw = function() return data end, len = function() return #data end, tvb = function() end }
  return setmetatable(tvb, { __call = function(_, first, size)
    assert(first >= 0 and size >= 0 and first + size <= #data, "outside of the packet")
    return tvb
  end })
end

dofile(arg[1])

for line in io.lines() do
  local way, text = line:match("^(%S+) (%x+)$")
  local data = text:gsub("..", function(pair) return string.char(tonumber(pair, 16)) end)
  local pinfo = { p2p_dir = tonumber(way), cols = { info = "" } }
  made.proto.dissector(tvb_of(data), pinfo, item)
  print(pinfo.cols.info)
end
