"""A zero byte in an address or a parameter is a bad request on PostgreSQL, and nothing on SQLite: never a fault."""

import re
from itertools import chain
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

#: how views and lists read a parameter
_READ = re.compile(r"GET\.(?:get|getlist)\(\s*\"([\w-]+)\"|GET\[\"([\w-]+)\"\]")


def parameters() -> set[str]:
    """Return the names of the parameters that the portal reads by themselves."""
    apps = [Path(settings.BASE_DIR) / name for name in ("archiveportal", "wards", "criteria", "training", "reports")]
    files = chain.from_iterable(app.rglob("*.py") for app in apps)
    found = chain.from_iterable(_READ.findall(file.read_text(encoding="utf-8")) for file in files)
    return {first or second for first, second in found}


def addresses(patterns, before: str = ""):
    """Yield the addresses that need no key, and with a zero byte those that have a text for one."""
    for each in patterns:
        path = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, path)
        elif isinstance(each, URLPattern) and "(" not in path:
            path = re.sub(r"<str:\w+>", "a%00b", path)
            if "<" not in path:
                yield f"/{path}"


@pytest.mark.parametrize("person", ["approver", "administrator"])
def test_no_page_breaks(cast, sign_in, person):
    names, found = sorted(parameters()), sorted(set(addresses(get_resolver().url_patterns)))
    assert len(names) > 20, names
    assert len(found) > 40, found
    client = sign_in(getattr(cast, person))
    client.raise_request_exception = False
    asked = [f"{address}?" + "&".join(f"{name}=%00" for name in names) for address in found]
    assert [address for address in asked if client.get(address).status_code >= 500] == []


def test_each_parameter_that_is_a_key_is_looked_up_as_it_is(cast, sign_in):
    client = sign_in(cast.approver)
    client.raise_request_exception = False
    for address in (
        "/dot-kiem-tra/mo/?chep",
        "/kien-nghi/?round",
        "/dao-tao/de-an/them/?sao",
        "/bao-cao/theo-dia-gioi/?dot",
    ):
        assert client.get(f"{address}=%00").status_code < 500, address
