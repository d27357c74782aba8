
-- Texts. A byte that is no text of its encoding, or that is not safe to show, is shown as an escape.

-- Return the bytes without those that fill them up.
local function strip(shown, raw)
  local last = #raw
  while shown.padding and byte(raw, last) == shown.padding do
    last = last - 1
  end
  return sub(raw, 1, last)
end

function SHOW.ascii(shown, raw)
  local text = gsub(strip(shown, raw), "[^ -Z%[%]^-~]", ESCAPED)
  return text, text
end

-- Return a character of one byte as it is shown.
local function plain_char(code)
  if code == 92 then
    return "\\\\"
  end
  return code >= 32 and code < 127 and char(code) or format("\\x%02x", code)
end

-- Return a code point in UTF-8.
local function utf8_of(code)
  if code < 0x80 then
    return char(code)
  elseif code < 0x800 then
    return char(0xC0 + floor(code / 64), 0x80 + code % 64)
  elseif code < 0x10000 then
    return char(0xE0 + floor(code / 4096), 0x80 + floor(code / 64) % 64, 0x80 + code % 64)
  end
  return char(0xF0 + floor(code / 262144), 0x80 + floor(code / 4096) % 64, 0x80 + floor(code / 64) % 64, 0x80 + code % 64)
end

SHOW["latin-1"] = function(shown, raw)
  local parts = {}
  for at, code in ipairs({ byte(strip(shown, raw), 1, -1) }) do
    parts[at] = code >= 128 and definition.latin[code - 127] and utf8_of(code) or plain_char(code)
  end
  local text = concat(parts)
  return text, text
end

-- Return the code point that is at a position in UTF-8, and its size in bytes; nil if there is none.
local function code_at(raw, at)
  local first = byte(raw, at)
  local size = first >= 0xF0 and first < 0xF5 and 4 or first >= 0xE0 and first < 0xF0 and 3 or first >= 0xC2 and first < 0xE0 and 2
  if not size or at + size - 1 > #raw then
    return nil
  end
  local code = first % 2 ^ (7 - size)
  for place = at + 1, at + size - 1 do
    local next_byte = byte(raw, place)
    if next_byte < 0x80 or next_byte > 0xBF then
      return nil
    end
    code = code * 64 + next_byte % 64
  end
  local is_long = size == 3 and code < 0x800 or size == 4 and code < 0x10000
  local is_known = code <= 0x10FFFF and (code < 0xD800 or code > 0xDFFF)
  return is_known and not is_long and code or nil, size
end

-- Return true if a character is safe to show. The list has the first one that is not, the next one that is, and so on.
local function is_safe(code)
  local list = definition.unsafe
  local low, high = 0, #list
  while low < high do
    local middle = floor((low + high + 1) / 2)
    if list[middle] <= code then
      low = middle
    else
      high = middle - 1
    end
  end
  return low % 2 == 0
end

SHOW["utf-8"] = function(shown, raw)
  raw = strip(shown, raw)
  local parts, at = {}, 1
  while at <= #raw do
    local code, size = code_at(raw, at)
    if code and code ~= 92 and is_safe(code) then
      parts[#parts + 1] = sub(raw, at, at + size - 1)
    else
      size = code and size or 1
      parts[#parts + 1] = gsub(sub(raw, at, at + size - 1), ".", function(one)
        return plain_char(byte(one))
      end)
    end
    at = at + size
  end
  local text = concat(parts)
  return text, text
end

-- GBK has a table for each first byte from 81 on: the code points by second byte from 40 on, four hexadecimal digits
-- each. 0000 stands for no character, FFFF for one that is not safe to show.
SHOW.gbk = function(shown, raw)
  raw = strip(shown, raw)
  local parts, at = {}, 1
  while at <= #raw do
    local first, second = byte(raw, at, at + 1)
    local row = definition.gbk[first - 128]
    local code = row and second and second >= 0x40 and tonumber(sub(row, 4 * (second - 64) + 1, 4 * (second - 64) + 4), 16)
    if code == 0xFFFF then
      parts[#parts + 1] = plain_char(first) .. format("\\x%02x", second)
      at = at + 2
    elseif code and code > 0 then
      parts[#parts + 1] = utf8_of(code)
      at = at + 2
    else
      parts[#parts + 1] = plain_char(first)
      at = at + 1
    end
  end
  local text = concat(parts)
  return text, text
end

-- Times.

-- Return year, month and day of a day since 1970, by the calendar whose year begins in March.
local function date_of(day)
  local shifted = day + 719468
  local era = floor(shifted / 146097)
  local in_era = shifted % 146097
  local year = floor((in_era - floor(in_era / 1460) + floor(in_era / 36524) - floor(in_era / 146096)) / 365)
  local in_year = in_era - (365 * year + floor(year / 4) - floor(year / 100))
  local from_march = floor((5 * in_year + 2) / 153)
  local month = from_march < 10 and from_march + 3 or from_march - 9
  local in_month = in_year - floor((153 * from_march + 2) / 5) + 1
  return era * 400 + year + (month <= 2 and 1 or 0), month, in_month
end

function SHOW.epoch(shown, raw)
  local seconds = number_of(shown, raw)
  local text
  if seconds > shown.last then
    text = decimal(shown, raw)
  else
    local in_day = seconds % 86400
    local year, month, day = date_of(floor(seconds / 86400))
    local hour, minute = floor(in_day / 3600), floor(in_day / 60) % 60
    text = format("%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, hour, minute, in_day % 60)
  end
  return text, text
end

local DAYS = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

-- Return true if there is such a day.
local function is_date(year, month, day)
  local is_leap = year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
  local days = month == 2 and is_leap and 29 or DAYS[month]
  return year >= 1 and year <= 9999 and days ~= nil and day >= 1 and day <= days
end

-- Return the number of each part of a time by its letter; nil if a byte is no BCD.
local function parts_of(shown, raw)
  local numbers, base = {}, shown.is_bcd and 100 or 256
  for at = 1, #raw do
    local letter, number = sub(shown.parts, at, at), byte(raw, at)
    if shown.is_bcd then
      if number % 16 > 9 or number >= 0xA0 then
        return nil
      end
      number = floor(number / 16) * 10 + number % 16
    end
    numbers[letter] = (numbers[letter] or 0) * base + number
  end
  if shown.base_year then
    numbers.Y = numbers.Y + shown.base_year
  end
  return numbers
end

function SHOW.time(shown, raw)
  local found = parts_of(shown, raw)
  local is_time = found
    and is_date(found.Y or 2000, found.M or 1, found.D or 1)
    and (found.h or 0) < 24
    and (found.m or 0) < 60
    and (found.s or 0) < 60
  local text = "0x" .. string.lower((gsub(spaced(raw), " ", "")))
  if is_time then
    local day, clock = {}, {}
    for _, letter in ipairs({ "Y", "M", "D" }) do
      day[#day + 1] = found[letter] and format(letter == "Y" and "%04d" or "%02d", found[letter])
    end
    for _, letter in ipairs({ "h", "m", "s" }) do
      clock[#clock + 1] = found[letter] and format("%02d", found[letter])
    end
    text = concat(day, "-") .. (#day > 0 and #clock > 0 and "T" or "") .. concat(clock, ":")
  end
  return text, text
end
