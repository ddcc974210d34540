"""`tuicrm sms parts`: for people and for programs."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_parts_are_told(crm: Crm) -> None:
    assert crm("sms", "parts", "Ciao").out == "1 part, GSM-7, 156 characters left\n"
    dear = crm("sms", "parts", "-", stdin="“" + "a" * 70 + "\n")
    assert dear.out == "2 parts, UCS-2, 63 characters left\n"
    assert dear.err.endswith("instead of 153: “\n")
    told = crm("sms", "parts", "a" * 161, "--json").json
    assert (told["alphabet"], [len(part) for part in told["parts"]], told["left"]) == ("GSM-7", [153, 8], 145)
