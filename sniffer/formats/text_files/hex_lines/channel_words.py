"""The words and arrows by which programs name the direction of bytes, or the port that they came from."""

import re

from sniffer.base.late_pattern import compile_late

ARROW = compile_late(r"<=+|=+>|<-+|-+>|<{1,3}(?!Buffer)|>{1,3}|[←→]")
WORD = compile_late(
    r"(?P<pair>[A-Za-z]\w{0,15}(?:-+>|=+>|→)(?![0-9A-F]{2}\s)[A-Za-z]\w{0,15}(?!\w)"
    r"|[A-Za-z]\w{0,15} (?:-+>|=+>|→) [A-Za-z]\w{0,15}(?=\s?[:\]|]))"
    r"|(?P<port>COM\d{1,3}|/dev/[\w./-]{1,60}|tty\w{1,16}|uart-\d{1,2})(?!\w)"
    r"|(?P<way>[rt]x[-_ ]?data|[rt]x[-_](?:task|buf(?:fer)?)|(?:term|tcp)(?=\s{1,3}[0-9a-f]{2}\s)"
    r"|rxd?|txd?|rcvd?|recv|recd|received?|reception|sent|send|sending|transmit(?:ted)?"
    r"|xmit|incoming|outgoing|ins?|outs?|input|output|read|written|write|wrote|master|slave|host|device|request|response"
    r"|req|resp?|rsp|answer|reply|irp_mj_read|irp_mj_write|empfangen|gesendet|re[cç]u|envoy[eé]|recibido|enviado|ricevuto|inviato|при[её]м|передача"
    r"|接收|发送|收|发|受信|送信|[RSTIO](?=[:>\]|])|[AB](?=:\s)|[RW](?=\s?[:>\]|]))(?![\w-])",
    re.IGNORECASE,
)
