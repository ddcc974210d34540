"""Read an answer of the model product's REST interface: what it is shows in its shape, not in the file's name.

The shapes are those of the official documentation (`crm.*`, both dialects). A file holds one answer, a list of answers, or
bare rows without the `result` around them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import msgspec

from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.bbcode import plain_text
from tuicrm.exchange.bitrix.definitions import card_layout, directories, pipelines
from tuicrm.exchange.bitrix.payloads import CardLayout, Comments, Items, NotTaken, Payload, SourceComment, SourceItem
from tuicrm.exchange.bitrix.product_rows import product_rows
from tuicrm.exchange.bitrix.source_fields import custom_fields, described_fields
from tuicrm.exchange.bitrix.source_types import source_types
from tuicrm.exchange.bitrix.types import by_number, guess_type
from tuicrm.exchange.bitrix.values import as_kind, clean_record, parts_of, upper_snake
from tuicrm.i18n import N_, _

PayloadRows: TypeAlias = Sequence[Mapping[str, Any]]

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
# The old dialect says STATUS_ID and COMPANY_TYPE where the new one has one name for all types.
_OLD_CODES = {
    "lead": {"STAGE_ID": "STATUS_ID", "STAGE_SEMANTIC_ID": "STATUS_SEMANTIC_ID"},
    "quote": {"STAGE_ID": "STATUS_ID"},
    "company": {"TYPE_ID": "COMPANY_TYPE"},
}
# Codes that only these rows have → what they are, and why nothing of them is taken.
_OTHERS: tuple[tuple[frozenset[str], str, str], ...] = (
    (
        frozenset({"PROVIDER_ID", "OWNER_TYPE_ID"}),
        N_("activities"),
        N_("activities of other programs are not imported"),
    ),
    (
        frozenset({"STAGE_ID", "OWNER_ID", "CREATED_TIME"}),
        N_("stage history"),
        N_("the history of an item is not imported"),
    ),
    (frozenset({"PRODUCT_NAME", "OWNER_TYPE"}), N_("product rows"), N_("they do not say which item they belong to")),
    (frozenset({"ENTITY_TYPE_ID", "ENTITY_ID", "NAME"}), N_("company details"), N_("company details are not imported")),
    (frozenset({"PULL_TAG", "TEMPLATE_ID"}), N_("a document"), N_("documents are not imported")),
)


def read_payloads(data: bytes, name: str) -> list[Payload]:
    """What a JSON file of the model product holds, one payload an answer.

    Raises Refused when it is no JSON, holds an error instead of an answer, or has no shape that is known.
    """
    document = _decoded(data, name)
    answers = [document]
    if isinstance(document, list) and document and all(isinstance(one, dict) and "result" in one for one in document):
        answers = document
    try:
        return [_answer(one, name) for one in answers]
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        # The documented shapes are trusted inside; whatever else a file has in their place ends here.
        raise Refused(
            _("{name} looks like a Bitrix24 response, but its structure is different").format(name=name)
        ) from error


def read_layout(data: bytes, name: str) -> CardLayout:
    """The one card layout in a file, bare or as an answer; without sections where the source keeps none (null).

    Raises Refused when it is no JSON, an error instead of an answer, or no layout."""
    document = _decoded(data, name)
    _refuse_error(document, name)
    stored = document["result"] if isinstance(document, dict) and "result" in document else document
    return CardLayout("", ()) if stored is None else card_layout(stored, name)


def _decoded(data: bytes, name: str) -> object:
    try:
        return _DECODER.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(_("{name} is not valid JSON: {reason}").format(name=name, reason=error)) from error


def _refuse_error(document: object, name: str) -> None:
    if isinstance(document, dict) and "error" in document:
        reason = document.get("error_description") or document["error"]
        raise Refused(_("{name} holds an error instead of an answer: {reason}").format(name=name, reason=reason))


def _answer(document: object, name: str) -> Payload:
    _refuse_error(document, name)
    answer = document if isinstance(document, dict) and "result" in document else {"result": document}
    result, total = answer["result"], answer.get("total")
    payload = _recognise(result, name, total if isinstance(total, int) else 0)
    if payload is None:
        raise Refused(_("{name} is JSON, but not a known Bitrix24 response").format(name=name))
    return payload


def _recognise(result: object, name: str, total: int) -> Payload | None:
    if result is None and "configuration" in name:
        return CardLayout(guess_type((), name), ())
    result = _unwrap(result)
    if isinstance(result, NotTaken):
        return result
    if isinstance(result, dict) and _describes_fields(result):
        return described_fields(result, name)
    rows = [result] if isinstance(result, dict) else result
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    if not rows:
        return Items(guess_type((), name), (), total)
    return _of_rows(rows, name, total)


def _unwrap(result: object) -> object:
    """The new dialect puts rows under a name of their own: {"items": […]}, {"item": {…}}."""
    if not isinstance(result, dict):
        return result
    if "templateFields" in result:
        return NotTaken(
            _("fields of a document template"), _("documents are not imported"), len(result["templateFields"])
        )
    for key in ("items", "item", "fields", "categories", "category", "productRows", "type", "types", "document"):
        if key in result and isinstance(result[key], list | dict) and len(result) == 1:
            return result[key]
    return result


def _describes_fields(result: Mapping[str, Any]) -> bool:
    return bool(result) and all(
        isinstance(one, dict) and "type" in one and "isReadOnly" in one for one in result.values()
    )


def _of_rows(rows: PayloadRows, name: str, total: int) -> Payload | None:
    keys = set(rows[0])
    codes = {upper_snake(key) for key in keys}
    readers: tuple[tuple[bool, Callable[[], Payload]], ...] = (
        (_is_section(rows[0]), lambda: card_layout(rows, name)),
        ({"ENTITY_ID", "STATUS_ID", "NAME"} <= keys, lambda: directories(rows)),
        ({"FIELD_NAME", "USER_TYPE_ID"} <= codes, lambda: custom_fields(rows, name)),
        ({"COMMENT", "ENTITY_TYPE", "AUTHOR_ID"} <= keys, lambda: _comments(rows)),
        ({"PRODUCT_NAME", "OWNER_TYPE", "OWNER_ID", "ID"} <= codes, lambda: product_rows(rows)),
        ({"name", "sort", "entityTypeId"} <= keys, lambda: pipelines(rows)),
        ({"ENTITY_TYPE_ID", "IS_STAGES_ENABLED"} <= codes, lambda: source_types(rows)),
    )
    for fits, read in readers:
        if fits:
            return read()
    for marks, what, reason in _OTHERS:
        if marks <= codes:
            return NotTaken(_(what), _(reason), len(rows))
    if any("SEMANTIC_INFO" in row for row in rows) or keys == {"ID", "NAME"}:
        return NotTaken(_("the list of dropdowns"), _("it lists dropdowns without their values"), len(rows))
    return _items(rows, name, total) if "ID" in codes else None


def _is_section(row: Mapping[str, Any]) -> bool:
    return {"name", "title"} <= set(row) and ("elements" in row or row.get("type") == "section")


def _items(rows: PayloadRows, name: str, total: int) -> Items:
    # Lists carry only what was asked for, and every row the same: the first one tells the type.
    first = {upper_snake(key): value for key, value in rows[0].items()}
    item_type = guess_type(first, name, first)
    renamed = _OLD_CODES.get(item_type, {})
    items = []
    for row in rows:
        values = {renamed.get(code, code): value for code, value in clean_record(dict(row)).items()}
        values.pop("ENTITY_TYPE_ID", None)
        items.append(SourceItem(str(row.get("ID", row.get("id"))), values, parts_of(dict(row))))
    return Items(item_type, tuple(items), total)


def _comments(rows: PayloadRows) -> Comments:
    return Comments(tuple(_comment(row) for row in rows))


def _comment(row: Mapping[str, Any]) -> SourceComment:
    files = row.get("FILES") or {}
    names = [str(file.get("name")) for file in (files.values() if isinstance(files, dict) else files)]
    dynamic = str(row["ENTITY_TYPE"]).lower()
    return SourceComment(
        id=str(row["ID"]),
        type=by_number(dynamic.removeprefix("dynamic_")) if dynamic.startswith("dynamic_") else dynamic,
        item=str(row["ENTITY_ID"]),
        created=str(as_kind(row.get("CREATED"), "datetime") or ""),
        author=str(row.get("AUTHOR_ID") or ""),
        text=plain_text(str(row.get("COMMENT") or "")),
        files=tuple(names),
    )
