"""The words and arrows by which programs name the direction of bytes, or the port that they came from."""

import re

from sniffer.base.late_pattern import compile_late

_RECEIVED = (
    r"rxd?|rcvd?|recv|recd|received?|reception|incoming|ins?|input|read|irp_mj_read|empfangen|re[cç]ue?s?|recibid[oa]s?"
    r"|recebid[oa]s?|ricevut[oaie]|ontvangen|odebran[oey]|přijato|mottat|mottatt|mottagen|при[её]м|принято|получено"
    r"|接收|收|受信|수신"
)
"""Words for received bytes, in the languages of terminal programs."""

_SENT = (
    r"txd?|sent|send|sending|transmit(?:ted)?|xmit|outgoing|outs?|output|written|write|wrote|irp_mj_write|gesendet"
    r"|envoy[eé]e?s?|enviad[oa]s?|inviat[oaie]|verzonden|wysłan[oey]|odesláno|sendt|skickad|передача|передано"
    r"|отправлено|发送|发|送信|송신"
)
"""Words for sent bytes."""

ARROW = compile_late(r"<=+|=+>|<-+|-+>|<{1,3}(?!Buffer)|>{1,3}|[←→]")
WORD = compile_late(
    r"(?P<pair>[A-Za-z]\w{0,15}(?:-+>|=+>|→)(?![0-9A-F]{2}\s)[A-Za-z]\w{0,15}(?!\w)"
    r"|[A-Za-z]\w{0,15} (?:-+>|=+>|→) [A-Za-z]\w{0,15}(?=\s?[:\]|]))"
    r"|(?P<port>COM\d{1,3}|/dev/[\w./-]{1,60}|tty\w{1,16}|uart-\d{1,2})(?!\w)"
    r"|(?P<way>[rt]x[-_ ]?data|[rt]x[-_](?:task|buf(?:fer)?)|(?:term|tcp)(?=\s{1,3}[0-9a-f]{2}\s)"
    rf"|{_RECEIVED}|{_SENT}|master|slave|host|device|request|response|req|resp?|rsp|answer|reply"
    r"|[RSTIO](?=[:>\]|\t]|\[\d)|[AB](?=:\s)|(?<=\.\d{3})[AB](?=\s)|[RW](?=\s?[:>\]|]|\t))(?![\w-])",
    re.IGNORECASE,
)
_ARROW_IN = ("<", "\u2190")
_IS_RECEIVED = compile_late(rf"(?:{_RECEIVED}|[rt]x[-_ ]?(?:data|task|buf(?:fer)?))", re.IGNORECASE)


def is_received(channel: str) -> bool | None:
    """Return True if a channel names received bytes, and False for any other word; None for a port or an arrow that
    does not say it.
    """
    *_, word = channel.split() or [""]
    if ARROW.fullmatch(word):
        return word.startswith(_ARROW_IN) if word[0] != word[-1] or len(set(word)) == 1 else None
    return _IS_RECEIVED.fullmatch(word) is not None


def names_port(channel: str) -> bool:
    """Return True if a channel is the name of a port, with an arrow or without, and nothing else."""
    port, *others = channel.split() or [""]
    found = WORD.fullmatch(port)
    return found is not None and found.lastgroup == "port" and all(map(ARROW.fullmatch, others))
