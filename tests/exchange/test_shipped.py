"""The shipped presets and synonyms name fields that the shipped item types have."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tuicrm.domain.schema import ItemType
from tuicrm.exchange.assemble import assemble
from tuicrm.exchange.bitrix.layout_fields import take_layout
from tuicrm.exchange.bitrix.payloads import CardLayout, Items
from tuicrm.exchange.bitrix.recognise import read_payloads
from tuicrm.exchange.bitrix.taking import take
from tuicrm.exchange.csv_reader import read_csv
from tuicrm.exchange.planning import plan
from tuicrm.exchange.presets import ColumnTarget, Preset, presets, synonyms
from tuicrm.exchange.targets import Targets
from tuicrm.files import data_folder

TYPES = {
    item_type.key: item_type
    for path in (data_folder() / "types").glob("*.json")
    for item_type in [msgspec.json.decode(path.read_bytes(), type=ItemType)]
}


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.key)
def test_every_target_of_a_preset_is_a_field(preset: Preset) -> None:
    for variant in preset.variants:
        targets = Targets(TYPES[variant.type])
        wanted = [ColumnTarget.parse(text) for text in variant.columns.values()]
        assert [str(target) for target in wanted if not targets.has(target)] == []


@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.key)
def test_links_to_clients_have_their_field(preset: Preset) -> None:
    for variant in preset.variants:
        fields = {field.key: field for field in TYPES[variant.type].fields}
        for link in variant.links:
            assert link.type in TYPES
            assert link.field == "parent" or link.type in fields[link.field].targets


def test_every_synonym_means_a_field_of_some_type() -> None:
    kinds = [Targets(item_type) for item_type in TYPES.values()]
    assert [
        str(one) for means in synonyms().values() for one in means if not any(kind.has(one) for kind in kinds)
    ] == []


SAMPLES = Path("/work/shared/samples")


def test_every_sample_that_is_there_finds_its_type_and_name() -> None:
    expected = {
        "hubspot_academy_Sample_Deal": "deal",
        "hubspot_academy_comp": "company",
        "hubspot_academy_cont": "contact",
    }
    for path in SAMPLES.glob("csv/*.csv"):
        with path.open("rb") as stream:
            sheet = read_csv(stream, path.name)
            rows = list(sheet.rows)
        maps = plan(sheet.columns, TYPES, [row.cells for row in rows[:50]])
        for start, wanted in expected.items():
            assert not path.name.startswith(start) or [one.type for one in maps] == [wanted], path
        for row in rows:
            for mapping in maps:
                if mapping.takes(row.cells):
                    item_type = TYPES[mapping.type]
                    values, problems = assemble(mapping, item_type, row.cells, {}, "EUR")
                    assert not problems, path
                    assert set(item_type.title) & set(values), path


def test_every_bitrix_sample_that_is_there_goes_into_our_fields() -> None:
    for path in SAMPLES.glob("bitrix24/*.json"):
        for payload in read_payloads(path.read_bytes(), path.name):
            if isinstance(payload, Items):
                for item in payload.items:
                    taken = take(item, TYPES[payload.type])
                    assert taken.values, path
                    assert not [
                        code for code in taken.left if code.startswith(("TITLE", "STAGE_ID", "OPPORTUNITY", "PHONE"))
                    ], path
            if isinstance(payload, CardLayout):
                taken_layout = take_layout(payload, TYPES[payload.type])
                assert len(taken_layout.sections) == len(payload.sections), path
                assert "TITLE" not in taken_layout.left, path
