"""Who a mail may go to, and by which ways a client is reached: only as far as the person sees it."""

from __future__ import annotations

from tests.conftest import OpenAs
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts
from tuicrm.services.messages.correspondents import correspondents, looked_for
from tuicrm.services.messages.senders import SENDERS
from tuicrm.services.messages.taking_in import MailTaking, TakingIn
from tuicrm.services.messages.ways import KINDS, ways

D1 = Ref("deal", 1)


def contact(session: Session, name: str, *addresses: str, **more: object) -> Ref:
    points = [{"value": one, "type": "work"} for one in addresses]
    return items.add(session, "contact", {"last_name": name, "email": points, **more}).ref


def test_the_client_comes_first_then_whom_it_was_written_with(seeded: Session) -> None:
    accounts.add_channel(seeded, "Mail", "smtp", {"address": "anna@ours.example", "host": "localhost"})
    maria = contact(seeded, "Rossi", "maria@r.example", "m@home.example")
    contact(seeded, "Ro[/]ssini", "x@rossini.example")
    items.edit(seeded, D1, {"contacts": [str(maria)]})
    taking = MailTaking(on=(D1,), private=False)
    TakingIn(seeded, taking).one(mail(sender="Z <z@z.example>", to="anna@ours.example, MARIA@r.example"))
    found = [one.address for one in correspondents(seeded, D1)]
    assert found == ["maria@r.example", "m@home.example", "z@z.example"]
    assert sorted(one.address for one in looked_for(seeded, "rossi")) == [
        "m@home.example",
        "maria@r.example",
        "x@rossini.example",
    ]
    assert [one.address for one in looked_for(seeded, "x@ross")] == ["x@rossini.example"]
    assert looked_for(seeded, " ") == []


def test_a_way_says_what_it_lacks(seeded: Session, open_as: OpenAs) -> None:
    def lacking(session: Session, ref: Ref) -> dict[str, str]:
        return {one.key: one.why for one in ways(session, ref)}

    nobody = items.add(seeded, "lead", {"title": "Nobody"}).ref
    assert lacking(seeded, nobody) == {
        "mail": "no channel yet",
        "call": "no phone number",
        "sms": "no phone number",
        "whatsapp": "no phone number",
        "telegram": "no phone number",
    }
    maria = contact(seeded, "Rossi", phone=[{"value": "+39 06 1234567", "type": "work"}])
    accounts.add_channel(seeded, "Mail", "smtp", {"address": "anna@ours.example", "host": "localhost"})
    assert lacking(seeded, maria) == {"mail": "", "call": "", "sms": "no channel yet", "whatsapp": "", "telegram": ""}
    assert [one.key for one in ways(open_as("luca"), maria) if one.lacks_channel] == ["mail", "sms"]


def test_a_way_goes_by_the_channels_that_send_it() -> None:
    for way in ("mail", "sms"):
        assert set(KINDS[way]) >= {kind for kind, one in SENDERS.items() if one.sends == way}
