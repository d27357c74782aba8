
-- The values of fields. Their bytes come as the frame has them; a field in bits has bytes of its own, the high one first.

local LARGEST_EXACT = 2 ^ 53
local BIG_ENDIAN = {}

-- Return the bytes of a number with the high byte first.
local function ordered(shown, raw)
  return shown.little and reverse(raw) or raw
end

-- Return the words of two bytes in the reverse order.
local function swap_words(raw)
  local words = {}
  for at = #raw - 1, 1, -2 do
    words[#words + 1] = sub(raw, at, at + 1)
  end
  return concat(words)
end

-- Return a number of any size. Above six bytes its last digits may be wrong, but no name has so large a number.
local function number_of(shown, raw)
  local value, size = 0.0, #raw -- whole numbers of Lua 5.3 and later would overflow
  if shown.little then
    for at = size, 1, -1 do
      value = value * 256 + byte(raw, at)
    end
  else
    for at = 1, size do
      value = value * 256 + byte(raw, at)
    end
  end
  if shown.signed or shown.magnitude then
    local half = 256 ^ size / 2
    if value >= half then
      return shown.signed and value - 2 * half or half - value
    end
  end
  return value
end

-- Return high * 2^32 + low as its decimal digits. A Lua number holds it only up to 2^53.
local function digits_of(high, low)
  local rest = high * 967296 + low
  local top = high * 4294 + floor(rest / 1000000)
  return top > 0 and format("%d%06d", top, rest % 1000000) or format("%d", rest)
end

-- Return a number of seven or eight bytes in decimal, exactly.
local function long_decimal(shown, raw)
  local bytes = ordered(shown, raw)
  local high, low = number_of(BIG_ENDIAN, sub(bytes, 1, -5)), number_of(BIG_ENDIAN, sub(bytes, -4))
  local half = 256 ^ (#bytes - 4) / 2
  if not (shown.signed or shown.magnitude) or high < half then
    return digits_of(high, low)
  end
  if shown.magnitude then
    high = high - half
  else
    high, low = 2 * half - 1 - high, 2 ^ 32 - low
    if low == 2 ^ 32 then
      high, low = high + 1, 0
    end
  end
  local digits = digits_of(high, low)
  return digits == "0" and digits or "-" .. digits
end

-- Return a number in decimal, exactly, after its zero is taken off and it is multiplied.
local function decimal(shown, raw)
  if #raw > 6 then
    return long_decimal(shown, raw)
  end
  local number, multiplier = number_of(shown, raw) - (shown.zero or 0), shown.multiplier or 1
  local product = number * multiplier
  if product > -LARGEST_EXACT and product < LARGEST_EXACT then
    return format("%d", product)
  end
  local size = math.abs(number)
  local low = size % 1000000 * math.abs(multiplier)
  local high = floor(size / 1000000) * math.abs(multiplier) + floor(low / 1000000)
  return (product < 0 and "-" or "") .. format("%d%06d", high, low % 1000000)
end

local function hex_of(shown, raw)
  return (gsub(spaced(ordered(shown, raw)), " ", ""))
end

-- Return a number with a divisor. Zero is never negative here.
local function scale(shown, number)
  return (number - (shown.zero or 0)) * (shown.multiplier or 1) / shown.divisor + 0
end

-- Each function returns the text for people, the value, and if that is a whole number, its decimal digits.
local SHOW = {}

function SHOW.number(shown, raw)
  local digits = decimal(shown, raw)
  if shown.magnitude and digits == "0" and byte(ordered(shown, raw)) >= 128 then
    return "-0.0" .. shown.unit, 0, digits
  end
  return digits .. shown.unit, tonumber(digits), digits
end

function SHOW.scaled(shown, raw)
  local value = scale(shown, number_of(shown, raw))
  local text = format(shown.format, value)
  if shown.magnitude and value == 0 and byte(ordered(shown, raw)) >= 128 then
    text = "-" .. text
  end
  return text .. shown.unit, value
end

function SHOW.named(shown, raw)
  local name, digits = shown.names[number_of(shown, raw)], decimal(shown, raw)
  if name then
    return name, name, digits
  end
  local value = digits .. " (unknown)"
  return shown.of .. " " .. value, value, digits
end

function SHOW.error(shown, raw)
  local digits, number = decimal(shown, raw), number_of(shown, raw)
  return number == 0 and shown.none or shown.names[number] or digits, number, digits
end

function SHOW.hex(shown, raw)
  local text = "0x" .. sub(hex_of(shown, raw), -shown.digits)
  return text, text, decimal(shown, raw)
end

-- Return a number in BCD; a text if it has other digits.
function SHOW.bcd(shown, raw)
  local digits = hex_of(shown, raw)
  if find(digits, "%D") then
    return "0x" .. digits .. " (no BCD)", "0x" .. digits
  end
  if shown.divisor then
    local value = scale(shown, tonumber(digits))
    return format(shown.format, value) .. shown.unit, value
  end
  if #digits <= 12 then
    digits = format("%d", (tonumber(digits) - (shown.zero or 0)) * (shown.multiplier or 1))
  else
    digits = gsub(digits, "^0+(%d)", "%1")
  end
  return digits .. shown.unit, tonumber(digits), digits
end

-- Return the digits of a number in BCD without the zeros before it; nil if it has others than decimal ones.
local function bcd_digits(shown, raw)
  local digits = hex_of(shown, raw)
  return not find(digits, "%D") and gsub(digits, "^0+(%d)", "%1") or nil
end

SHOW["bcd named"] = function(shown, raw)
  local digits = bcd_digits(shown, raw)
  if not digits then
    return SHOW.bcd(shown, raw)
  end
  local name = shown.names[tonumber(digits)]
  local value = name or digits .. " (unknown)"
  return name or shown.of .. " " .. value, value, digits
end

SHOW["bcd error"] = function(shown, raw)
  local digits = bcd_digits(shown, raw)
  if not digits then
    return SHOW.bcd(shown, raw)
  end
  local number = tonumber(digits)
  return number == 0 and shown.none or shown.names[number] or digits, number, digits
end

function SHOW.digits(shown, raw)
  local digits = hex_of(shown, raw)
  if find(digits, "%D") then
    return "0x" .. digits .. " (no BCD)", "0x" .. digits
  end
  return digits, digits
end

-- Return the parts of a number that is sent as text: its sign, and its digits before and after the point. Nil if it is
-- none, or has more than 15 digits. A number to the base 16 has no sign and no point, and at most 12 digits.
local function split_decimal(shown, raw)
  if shown.base then
    local _, _, digits = find(raw, "^ *(%x+) *$")
    if not digits then
      _, _, digits = find(raw, "^ *0x(%x+) *$")
    end
    if not digits or #digits > 12 then
      return nil
    end
    return "", format("%.0f", tonumber(digits, 16)), ""
  end
  local _, _, sign, whole, point, part = find(raw, "^ *([+-]?)(%d*)(%.?)(%d*) *$")
  local size = sign and #whole + #part or 0
  if size == 0 or size > 15 or point == "" and part ~= "" then
    return nil
  end
  return sign, whole, part
end

function SHOW.decimal(shown, raw)
  local sign, whole, part = split_decimal(shown, raw)
  if not sign then
    local text = SHOW.ascii({ padding = 0 }, raw)
    return find(text, "[^ ]") and text .. " (no number)" or "-", text
  end
  local value = tonumber(whole .. part) * 1.0
  value = (sign == "-" and -value or value) * (shown.multiplier or 1) / ((shown.divisor or 1) * 10.0 ^ #part)
  if shown.divisor then
    return format("%.15g", value) .. shown.unit, value
  end
  local text = gsub("0" .. whole, "^0+(%d)", "%1") .. (part ~= "" and "." .. part or "")
  return (sign == "-" and "-" or "") .. text .. shown.unit, value
end

-- Return the name of a whole number that is sent as text; any other text is as of one without names.
SHOW["decimal named"] = function(shown, raw)
  local text, value = SHOW.decimal(shown, raw)
  if type(value) == "string" or find(text, ".", 1, true) then
    return text, type(value) == "string" and value or text
  end
  local number = text == "-0" and "0" or text
  local name = shown.names[tonumber(number)]
  value = name or number .. " (unknown)"
  return name or shown.of .. " " .. value, value
end

SHOW["decimal error"] = function(shown, raw)
  local text, value = SHOW.decimal(shown, raw)
  if type(value) == "string" then
    return text, value
  end
  local whole = value < 0 and -floor(-value) or floor(value)
  return whole == 0 and shown.none or shown.names[whole] or text, value
end

-- The sizes in bits of the fraction of a number with a floating point, what its exponent is less, and the largest one.
local FLOATS = {
  [4] = { bits = 23, bias = 150, infinite = 255 },
  [8] = { bits = 52, bias = 1075, infinite = 2047 },
}

-- Return the parts of a number with a floating point: its sign, exponent and fraction.
local function split_float(form, bytes)
  local exponent_bits = 8 * #bytes - 1 - form.bits
  local low = 2 ^ (16 - 1 - exponent_bits)
  local head = number_of(BIG_ENDIAN, sub(bytes, 1, 2))
  local fraction = head % low * 256 ^ (#bytes - 2) + number_of(BIG_ENDIAN, sub(bytes, 3))
  return head >= 32768 and -1 or 1, floor(head % 32768 / low), fraction
end

-- Return true if a number is rounded to the one of this exponent and fraction, from which it differs by so much.
local function rounds_to(form, exponent, fraction, excess)
  if form.bits == 52 then
    return excess == 0
  end
  local half = 2 ^ (math.max(exponent, 1) - form.bias - 1)
  local limit = excess < 0 and fraction == 0 and exponent > 1 and half / 2 or half
  return math.abs(excess) < limit or math.abs(excess) == limit and fraction % 2 == 0
end

-- Return a number with a floating point, with as few digits as stand for its bytes only; a text if it is none.
function SHOW.float(shown, raw)
  local form = FLOATS[#raw]
  local sign, exponent, fraction = split_float(form, ordered(shown, raw))
  if exponent == form.infinite then
    local name = fraction > 0 and "NaN" or sign < 0 and "-Infinity" or "Infinity"
    if fraction > 0 and (sign < 0 or fraction ~= 2 ^ (form.bits - 1)) then
      name = name .. " 0x" .. hex_of(shown, raw)
    end
    return name, name
  end
  local mantissa = exponent > 0 and fraction + 2 ^ form.bits or fraction
  local number = sign * mantissa * 2 ^ (math.max(exponent, 1) - form.bias)
  local multiplier, divisor = shown.multiplier or 1, shown.divisor or 1
  local text, value
  local digits = #raw == 4 and 6 or 15
  repeat
    text = format("%." .. format("%d", digits) .. "g", number * multiplier / divisor)
    value = tonumber(text) * 1.0
    digits = digits + 1
  until rounds_to(form, exponent, fraction, sign * (value * divisor / multiplier - number)) or digits > 18
  if find(text, "e+", 1, true) and math.abs(value) < 1e16 then
    text = format("%.0f", value)
  end
  return text .. shown.unit, value
end

function SHOW.bytes(_, raw)
  return spaced(raw), raw
end
