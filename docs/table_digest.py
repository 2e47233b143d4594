#!/usr/bin/env python3
"""Computes the table digest of a CSV, TSV or JSON Lines file, as datasets.md specifies it.

Written from the specification, with nothing but the standard library, for anyone who wants to check a digest without
Slipway. It keeps the whole table in memory.

    python3 table_digest.py data.csv
"""
import datetime
import hashlib
import json
import math
import re
import struct
import sys

INTEGER = re.compile(r"-?(0|[1-9][0-9]*)\Z")
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?\Z")
WORD = re.compile(r"(nan|[+-]?(inf|infinity))\Z", re.IGNORECASE | re.ASCII)
TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}(?::?[0-9]{2})?)?)?\Z")
TYPES = ["boolean", "integer", "float", "date", "datetime", "timestamp", "text", "json"]


class Plain(str):
    """A cell of CSV: text without a type."""


class Digits(str):
    """A JSON number, as it is written."""


# --- reading ---

def decode(content):
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if content.startswith(mark):
            return content[len(mark):].decode(encoding)
    return content.decode("utf-8")


def read_delimited(text, separator):
    rows, row, position = [], [], 0
    while position < len(text):
        if text[position] == '"':
            cell, position = [], position + 1
            while True:
                quote = text.index('"', position)
                cell.append(text[position:quote])
                position = quote + 1
                if text[position:position + 1] != '"':
                    break
                cell.append('"')
                position += 1
            row.append(Plain("".join(cell)))
        else:
            end = position
            while end < len(text) and text[end] not in (separator, "\r", "\n"):
                end += 1
            row.append(Plain(text[position:end]) if end > position else None)
            position = end
        if text[position:position + 1] == separator:
            position += 1
            if position == len(text) or text[position] in "\r\n":
                row.append(None)
            else:
                continue
        if text[position:position + 2] == "\r\n":
            position += 2
        else:
            assert position == len(text) or text[position] in "\r\n", "text after a closing quote"
            position += 1
        rows.append(row)
        row = []
    names = ["" if name is None else str(name) for name in rows[0]]
    rows = [row for row in rows[1:] if len(names) == 1 or row != [None]]
    assert all(len(row) == len(names) for row in rows), "a row with too many or too few cells"
    assert len(set(names)) == len(names), "two columns of one name"
    return names, rows


def read_json_lines(text):
    def unique(pairs):
        assert len(dict(pairs)) == len(pairs), "a key appears twice"
        return dict(pairs)

    rows = [json.loads(line, parse_int=Digits, parse_float=Digits, object_pairs_hook=unique)
            for line in text.split("\n") if line.strip(" \t\r")]
    # Code points sort as their UTF-8 does.
    names = sorted({name for row in rows for name in row})
    return names, [[row.get(name) for name in names] for row in rows]


# --- values ---

def number(text):
    if not NUMBER.match(text) or (INTEGER.match(text) and len(text.lstrip("-")) > 38):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def instant(text):
    """Answers the types that fit, and (seconds since the year 1, nanoseconds)."""
    match = TIME.match(text)
    if not match:
        return set(), None
    year, month, day, hour, minute, second, fraction, zone = match.groups()
    try:
        moment = datetime.datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        return set(), None
    nanoseconds = int((fraction or "").ljust(9, "0"))
    if hour is None:
        return {"date", "datetime"}, (moment, nanoseconds)
    if zone is None:
        return {"datetime"}, (moment, nanoseconds)
    if zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        if int(digits[:2]) > 23 or int(digits[2:]) > 59:
            return set(), None
        offset = datetime.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        try:
            moment = moment + offset if zone[0] == "-" else moment - offset
        except OverflowError:
            return set(), None
    return {"timestamp"}, (moment, nanoseconds)


def fits(cell):
    if isinstance(cell, Plain):
        if WORD.match(cell):
            return {"float", "text"}
        if number(cell) is not None:
            return {"integer", "float", "text"} if INTEGER.match(cell) else {"float", "text"}
        if cell.lower() in ("true", "false") and cell.isascii():
            return {"boolean", "text"}
        return instant(cell)[0] | {"text"}
    if isinstance(cell, Digits):
        if number(cell) is None:
            return {"json"}
        return {"integer", "float", "json"} if INTEGER.match(cell) else {"float", "json"}
    if isinstance(cell, bool):
        return {"boolean", "json"}
    if isinstance(cell, str):
        return instant(cell)[0] | {"text", "json"}
    return {"json"}


# --- canonical bytes ---

def scientific(value):
    if value == 0:
        return "0e0"
    mantissa, _, exponent = repr(abs(value)).partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    power = int(exponent or 0) - len(fraction) + len(digits) - len(digits.rstrip("0"))
    return ("-" if value < 0 else "") + digits.rstrip("0") + "e" + str(power)


def json_text(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Digits):
        if INTEGER.match(value):
            return "0" if value == "-0" else str(value)
        return scientific(float(value))
    if isinstance(value, str):
        escapes = {'"': '\\"', "\\": "\\\\"}
        return '"' + "".join(escapes.get(c) or (c if c >= " " else "\\u%04x" % ord(c)) for c in value) + '"'
    if isinstance(value, list):
        return "[" + ",".join(json_text(item) for item in value) + "]"
    return "{" + ",".join(json_text(key) + ":" + json_text(value[key]) for key in sorted(value)) + "}"


def time_text(kind, cell):
    moment, nanoseconds = instant(cell)[1]
    text = "%04d-%02d-%02d" % (moment.year, moment.month, moment.day)
    if kind == "date":
        return text
    text += "T%02d:%02d:%02d" % (moment.hour, moment.minute, moment.second)
    if nanoseconds:
        text += (".%09d" % nanoseconds).rstrip("0")
    return text + ("Z" if kind == "timestamp" else "")


def canonical(kind, cell):
    if kind == "float":
        value = float(cell)
        return b"\x7f\xf8\0\0\0\0\0\0" if math.isnan(value) else struct.pack(">d", value + 0.0)
    if kind == "boolean":
        text = str(cell).lower()
    elif kind == "integer":
        text = "0" if cell == "-0" else cell
    elif kind in ("date", "datetime", "timestamp"):
        text = time_text(kind, cell)
    elif kind == "json":
        text = json_text(cell)
    else:
        text = cell
    return text.encode("utf-8")


# --- digests ---

def column(cells):
    values = [cell for cell in cells if cell is not None]
    remaining = set(TYPES)
    for cell in values:
        remaining &= fits(cell)
    kind = next(kind for kind in TYPES if kind in remaining) if values else "empty"
    digest = hashlib.sha256()
    for cell in cells:
        if cell is None:
            digest.update(b"\0")
        else:
            value = canonical(kind, cell)
            digest.update(b"\1" + struct.pack(">I", len(value)) + value)
    return kind, digest.digest()


def table_digest(path):
    with open(path, "rb") as file:
        text = decode(file.read())
    lower = path.lower()
    if lower.endswith((".jsonl", ".ndjson")):
        names, rows = read_json_lines(text)
    else:
        names, rows = read_delimited(text, "\t" if lower.endswith((".tsv", ".tab")) else ",")
    digest = hashlib.sha256(b"slipway-table-1\n" + struct.pack(">QI", len(rows), len(names)))
    for index, name in enumerate(names):
        kind, cells = column([row[index] for row in rows])
        for part in (name.encode("utf-8"), kind.encode("ascii")):
            digest.update(struct.pack(">I", len(part)) + part)
        digest.update(cells)
    return digest.hexdigest()


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        print(table_digest(argument) + "  " + argument)
