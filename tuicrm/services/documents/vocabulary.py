"""All that can be named of a type's items, in our words and in the model product's (reference §9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tuicrm.domain.documents.product_values import ROW_NAMES, TAX_NAMES, TOTAL_NAMES, Told
from tuicrm.domain.documents.values import ValueKind
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.workspace import Workspace
from tuicrm.i18n import N_, _
from tuicrm.services.documents.nameable import Nameable, Route
from tuicrm.services.documents.suffixes import NAME, Suffix, Suffixes, camel, suffixes_of
from tuicrm.services.kernel.session import Session

OWN_MARK, OWN_LINK = "IS_MY_COMPANY", "MYCOMPANY_ID"
"""What the model product calls the field that marks a company as ours, and the one by which an item names ours."""

ROWS, TAXES, CLIENT, MY_COMPANY, SOURCE = "Products", "Taxes", "Client", "MyCompany", "Source"
TAX_FIELD = "TAX_VALUE"
"""What the model product calls the field with an item's tax."""

_DOCUMENT: dict[str, tuple[str, ValueKind]] = {
    "DocumentNumber": (N_("Number"), "text"),
    "DocumentTitle": (N_("Title"), "text"),
    "DocumentCreateTime": (N_("Day it is made"), "moment"),
}
_PERSON: dict[str, tuple[str, ValueKind]] = {
    "Name": (N_("Name"), "name"),
    "FirstName": (N_("First name"), "text"),
    "LastName": (N_("Last name"), "text"),
    "Email": (N_("E-mail"), "text"),
    "Department": (N_("Department"), "text"),
}
_OF_MODEL = {"FormattedName": "Name", "Name": "FirstName", "LastName": "LastName", "Email": "Email"}
"""What the model product calls the parts of a person, behind a prefix of its own (`AssignedName` is the first name alone)."""


class Vocabulary:
    """All that can be named of a type's items, whoever asks. `lists` are the names of the lists."""

    def __init__(self, session: Session, type_key: str) -> None:
        self._session = session
        self._tables: dict[str, Suffixes] = {}
        self._behind: dict[str, list[str]] = {}
        self.type = session.workspace.type(type_key)
        self.names: dict[str, list[Nameable]] = {}
        self.also: dict[str, str] = {}
        self.lists: dict[str, Nameable] = {}
        for one in self._all():
            self.names.setdefault(one.name, []).append(one)
        self._name_others()

    def find(self, name: str) -> Sequence[Nameable]:
        """What a name, ours or the model product's, may stand for: the first that has a value counts. () for an unknown one."""
        return self.names.get(name) or self.names.get(self.also.get(name, "")) or ()

    def suffixes(self, type_key: str) -> Suffixes:
        """What items of a type are asked for by."""
        if type_key not in self._tables:
            workspace = self._session.workspace
            self._tables[type_key] = suffixes_of(workspace.type(type_key), workspace.fields(type_key))
        return self._tables[type_key]

    # -- canonical names -----------------------------------------------------------------------------------------------
    def _all(self) -> Iterator[Nameable]:
        session, item_type = self._session, self.type
        fields = session.workspace.fields(item_type.key)
        for name, (label, kind) in _DOCUMENT.items():
            yield Nameable(name, _(label), _("Document"), kind, route="document", suffix=name)
        yield from self._of("item", "", [item_type.key], session.label(item_type.label))
        for field in fields.values():
            if field.traits.names_people and not field.many:
                yield from self._person(field)
        yield from self._clients(fields)
        for field in fields.values():
            if field.traits.names_items and not field.traits.holds_rows and field.source != OWN_LINK:
                yield from self._linked(field)
        if own := own_type(session.workspace):
            yield from self._of("own", MY_COMPANY, [own.key], _("Our company"))
        came_from = came_from_fields(session.workspace, item_type)
        makers = dict.fromkeys(target for field in came_from for target in field.targets)
        group = _("What it came from")
        yield from self._of("source", SOURCE, self._living(makers), group, [field.key for field in came_from])
        yield from self._sold(fields)

    def _of(
        self, route: Route, prefix: str, types: Iterable[str], group: str, through: Sequence[str] = ()
    ) -> Iterator[Nameable]:
        """What stands behind a prefix, of whichever of the types the item is; `through` are the fields that name it."""
        via = through[0] if route in ("link", "list") else ""
        ways = tuple(f"{self.type.key}.{key}" for key in through)
        found: dict[str, tuple[Suffix, list[str]]] = {}
        for type_key in types:
            self._behind.setdefault(prefix, []).append(type_key)
            for name, suffix in self.suffixes(type_key).of.items():
                before, sources = found.get(name, (suffix, []))
                # What is a name in one of them is printed as one: it may have a form.
                either = suffix if suffix.kind == "name" else before
                found[name] = either, [*sources, *self._sources(type_key, suffix)]
        in_list = prefix if route == "list" else ""
        for name, (suffix, sources) in found.items():
            label = self._session.label(suffix.label) if suffix.field else _(str(suffix.label))
            shown = "Name" if prefix == CLIENT and name == NAME else name
            yield Nameable(prefix + shown, label, group, suffix.kind, tuple(sources), in_list, route, via, name, ways)

    def _sources(self, type_key: str, suffix: Suffix) -> list[str]:
        workspace = self._session.workspace
        if suffix.field:
            field = workspace.fields(type_key)[suffix.field]
            return [f"{type_key}.{field.derived.partition('.')[0] or field.key}"]
        is_name = self.suffixes(type_key).of.get(NAME) is suffix
        return [f"{type_key}.{key}" for key in workspace.type(type_key).title] if is_name else []

    def _person(self, field: Field) -> Iterator[Nameable]:
        prefix, group = self._prefix(field), self._session.label(field.label)
        for part, (label, kind) in _PERSON.items():
            source = (f"{self.type.key}.{field.key}",)
            yield Nameable(prefix + part, _(label), group, kind, source, "", "person", field.key, part)

    def _clients(self, fields: dict[str, Field]) -> Iterator[Nameable]:
        through = client_fields(self._session.workspace, self.type)
        targets = dict.fromkeys(key for name in through for key in fields[name].targets)
        own = [self.type.key] if self.type.reached else []
        yield from self._of(
            "client", CLIENT, self._living({**targets, **dict.fromkeys(own)}), _("Client"), () if own else through
        )

    def _linked(self, field: Field) -> Iterator[Nameable]:
        """Each item that a field names; of several the list, and of several clients the first as well."""
        prefix, group, targets = self._prefix(field), self._session.label(field.label), self._living(field.targets)
        if not field.many:
            yield from self._of("link", prefix, targets, group, [field.key])
            return
        if field.key in self.type.client:
            for target in targets:
                label = self._session.label(self._session.workspace.type(target).label)
                yield from self._of("link", camel(target), [target], label, [field.key])
        source = (f"{self.type.key}.{field.key}",)
        self.lists[prefix] = Nameable(prefix, group, group, "text", source, prefix, "list", field.key, NAME)
        yield Nameable(
            f"{prefix}Index", _("Number of the row"), group, "number", source, prefix, "list", field.key, "Index"
        )
        yield from self._of("list", prefix, targets, group, [field.key])

    def _sold(self, fields: dict[str, Field]) -> Iterator[Nameable]:
        """Rows, taxes and sums; of a type without rows, the sums that its amount gives."""
        key, amount = self.type.key, self.type.amount
        rows = (f"{key}.{PRODUCTS}",) if self.type.products and PRODUCTS in fields else ()
        worth = (*((f"{key}.{amount}",) if amount else ()), *rows)
        if rows:
            self.lists[ROWS] = Nameable(
                ROWS, _("Product rows"), _("Product rows"), "text", rows, ROWS, "rows", "", "ProductName"
            )
            self.lists[TAXES] = Nameable(TAXES, _("Taxes"), _("Taxes"), "text", rows, TAXES, "taxes", "", "TaxRate")
            yield from self._told(ROW_NAMES, ROWS, "rows", _("Product rows"), rows)
            yield from self._catalogue(fields[PRODUCTS], rows)
            yield from self._told(TAX_NAMES, TAXES, "taxes", _("Taxes"), rows)
        if worth:
            tax = next((f"{key}.{field.key}" for field in fields.values() if field.source == TAX_FIELD), "")
            for one in self._told(TOTAL_NAMES, "", "totals", _("Totals"), worth):
                is_taxed = tax and one.suffix in ("TotalTax", "TotalBeforeTax", "TotalRaw")
                yield Nameable(
                    one.name,
                    one.label,
                    one.group,
                    one.kind,
                    (*worth, tax) if is_taxed else worth,
                    "",
                    "totals",
                    "",
                    one.suffix,
                )

    @staticmethod
    def _told(
        told: Mapping[str, Told], prefix: str, route: Route, group: str, sources: tuple[str, ...]
    ) -> Iterator[Nameable]:
        for name, one in told.items():
            yield Nameable(prefix + name, _(one.label), group, one.kind, sources, prefix, route, "", name)

    def _catalogue(self, field: Field, rows: tuple[str, ...]) -> Iterator[Nameable]:
        """What the catalogue says of a row's product, where the row itself does not say it."""
        group = _("Product rows")
        for one in self._of("catalogue", f"{ROWS}Product", self._living(field.targets), group):
            if one.name.removeprefix(ROWS) not in ROW_NAMES:
                sources = (*rows, *one.sources)
                yield Nameable(one.name, one.label, group, one.kind, sources, ROWS, "catalogue", "", one.suffix)

    def _living(self, targets: Iterable[str]) -> list[str]:
        return [key for key in targets if key in self._session.workspace.types]

    def _prefix(self, field: Field) -> str:
        """The name of the item's own field."""
        table = self.suffixes(self.type.key).of
        return next(name for name, one in table.items() if one.field == field.key)

    # -- other names ---------------------------------------------------------------------------------------------------
    def _name_others(self) -> None:
        for other, name in self._others():
            if other not in self.names and name in self.names:
                self.also.setdefault(other, name)

    def _others(self) -> Iterator[tuple[str, str]]:
        """Other names and what they stand for; the first that speaks of one counts."""
        yield from self.suffixes(self.type.key).also.items()
        yield f"{CLIENT}{NAME}", f"{CLIENT}Name"
        for told, prefix in ((ROW_NAMES, ROWS), (TAX_NAMES, TAXES), (TOTAL_NAMES, "")):
            yield from ((prefix + other, prefix + name) for name, one in told.items() for other in one.also)
        for found in list(self.names.values()):
            for one in found:
                if one.route == "person":
                    yield from self._other_people(one)
        for prefix, types in self._behind.items():
            for type_key in types:
                yield from ((prefix + other, prefix + name) for other, name in self.suffixes(type_key).also.items())

    def _other_people(self, one: Nameable) -> Iterator[tuple[str, str]]:
        field = self._session.workspace.fields(self.type.key)[one.via]
        prefix = one.name.removesuffix(one.suffix)
        if one.suffix == "Name":
            yield f"{prefix}FormattedName", one.name
        if field.source.endswith("_BY_ID"):
            model = camel(field.source.removesuffix("_BY_ID"))
            yield model, prefix
            yield from ((model + other, one.name) for other, part in _OF_MODEL.items() if part == one.suffix)


def client_fields(workspace: Workspace, item_type: ItemType) -> list[str]:
    """The fields that name an item's client, the company first; [] for what is a client itself, and so its own."""
    sold = (one for one in workspace.types.values() if not one.reached)
    is_client = any(item_type.key in workspace.fields(one.key)[key].targets for one in sold for key in one.client)
    return [] if is_client else list(item_type.client)


def own_type(workspace: Workspace) -> ItemType | None:
    """The type of which some items are ourselves: that with the field which says so."""
    return next((one for one in workspace.types.values() if own_mark(workspace, one.key)), None)


def own_mark(workspace: Workspace, type_key: str) -> str:
    """The key of the field that marks an item of the type as ours; "" where it has no such field."""
    return next((field.key for field in workspace.fields(type_key).values() if field.source == OWN_MARK), "")


def came_from_fields(workspace: Workspace, item_type: ItemType) -> list[Field]:
    """The item fields that may name what an item was made from: items of types that create such items."""
    makers = {one.key for one in workspace.types.values() if any(item_type.key in way.targets for way in one.creates)}
    return [
        field
        for field in workspace.fields(item_type.key).values()
        if field.traits.names_items
        and not field.many
        and field.key not in item_type.client
        and makers & set(field.targets)
    ]
