"""The fields of digital signatures in a PDF: who signed, and when by the clock of that person's device.

Names and times are read and nothing is verified: neither the certificates nor that the file is as it
was signed.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Any

import pypdf
from cryptography import x509
from cryptography.hazmat.primitives.serialization.pkcs7 import load_der_pkcs7_certificates

from archiveportal.opening.readers.storable import storable

MOST_FIELDS, DEEPEST, LONGEST_NAME = 2000, 20, 200
MOST_SIGNATURES = 20
#: what lies outside is no time of a signature, and a time zone could lead it out of the calendar
FIRST_YEAR, LAST_YEAR = 1990, 2200
#: "D:20260302091500+07'00'" (ISO 32000-1, 7.9.4); the hour and what follows may be missing
MOMENT = re.compile(r"D:(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?(Z|[+-]\d{2}'?\d{2})?")


def signatures_of(reader: pypdf.PdfReader) -> list[dict[str, str]]:
    """Return name and time of each signature, blank where the PDF does not say them."""
    found = []
    for field in _fields(reader):
        value = _value(field)
        if value is not None:
            found.append({"name": _name(value)[:LONGEST_NAME], "signed_at": _moment(value)})
        if len(found) == MOST_SIGNATURES:
            break
    return found


def _fields(reader: pypdf.PdfReader) -> Iterator[Any]:
    """Yield the fields of signatures; broken ones are left out, and a tree that goes round in circles ends."""
    waiting, seen = [(_form_fields(reader), 0)], 0
    while waiting:
        fields, depth = waiting.pop()
        for each in fields:
            seen += 1
            if seen > MOST_FIELDS:
                return
            field = _object(each)
            if isinstance(field, dict):
                if field.get("/FT") == "/Sig":
                    yield field
                kids = _object(field.get("/Kids"))
                if isinstance(kids, list) and depth < DEEPEST:
                    waiting.append((kids, depth + 1))


def _form_fields(reader: pypdf.PdfReader) -> list[Any]:
    try:
        form = _object(_object(reader.trailer["/Root"]).get("/AcroForm"))
    except (KeyError, AttributeError):
        return []
    fields = _object(form.get("/Fields")) if isinstance(form, dict) else None
    return fields if isinstance(fields, list) else []


def _object(value: Any) -> Any:
    """Return what a reference leads to, None where that cannot be read."""
    try:
        return value.get_object() if hasattr(value, "get_object") else value
    # Whatever a broken object brings the library to raise.
    except Exception:
        return None


def _value(field: dict[str, Any]) -> dict[str, Any] | None:
    """Return the signature in a field; None where nobody signed there yet."""
    value = _object(field.get("/V"))
    return value if isinstance(value, dict) and "/Contents" in value else None


def _name(value: dict[str, Any]) -> str:
    """Return who signed: by the certificate, else as the signature names itself."""
    try:
        certificates = load_der_pkcs7_certificates(_der(bytes(_object(value["/Contents"]))))
    # Whatever broken bytes bring the library to raise.
    except Exception:
        certificates = []
    issuers = {each.issuer for each in certificates}
    own = next((each for each in certificates if each.subject not in issuers), None) or next(iter(certificates), None)
    names = own.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME) if own is not None else []
    name = str(names[0].value if names else _object(value.get("/Name")) or "")
    return " ".join(storable(name).split())


def _der(content: bytes) -> bytes:
    """Return the message without the noughts that fill up its place in the file."""
    size = content[1]
    if size < 0x80:
        return content[: 2 + size]
    places = size & 0x7F
    return content[: 2 + places + int.from_bytes(content[2 : 2 + places], "big")]


def _moment(value: dict[str, Any]) -> str:
    """Return the time as "2026-03-02T09:15:00+07:00", "" where there is none that can be read."""
    match = MOMENT.match(str(_object(value.get("/M")) or ""))
    if match is None or not FIRST_YEAR <= int(match[1]) <= LAST_YEAR:
        return ""
    year, month, day, hour, minute, second, zone = match.groups()
    offset = (zone or "").replace("'", "").replace("Z", "+0000")
    text = f"{year}{month}{day}{hour or '00'}{minute or '00'}{second or '00'}{offset}"
    try:
        return datetime.datetime.strptime(text, "%Y%m%d%H%M%S%z" if offset else "%Y%m%d%H%M%S").isoformat()
    except ValueError:
        return ""
