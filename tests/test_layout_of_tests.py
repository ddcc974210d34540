"""Tests mirror the source: where a test lies and what it is called says what it is of. What is told across modules is a story."""

from __future__ import annotations

import ast
from pathlib import Path

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent

STORIES = {
    "": (
        "catches dead_weight docstrings every_kind front guide imports insides item_types_page kind_tables layout_of_tests locale "
        "long_inputs man_page names packaging plain_words readme recording rooms soak ssh tools together together_still type_words"
    ),
    "cli": (
        "comments folders full_device full_disks hostile hostile_workspace import import_cases import_controls import_values "
        "interrupts names offered oneself pipes plain_terminals products served smart_day smoke start terminal_bytes tinydb"
    ),
    "cli/completing": "commands shells",
    "cli/items": "series",
    "documents/docx": "hostile",
    "domain/kinds": "kinds",
    "exchange": "hostile shipped writers",
    "render": "bars high_contrast whole",
    "rules": "access_matrix client_sums messages out_of_sight required visible",
    "screens": (
        "everyday_jobs full_disks hostile_card hostile_workspace keys_at_random mouse pasting replaced rights shaping signals "
        "smart_day typing"
    ),
    "services": ("clock demo_content full_disks pipelines_at_once second_store settings_undo user_folders waits"),
    "services/calendar": "bookings_together sync_mishaps",
    "services/conversion": "making_together",
    "services/documents": "making_together item_values_seen",
    "services/kernel": "bookings_of_fields bookings_of_series",
    "services/layouts": "layouts_together",
    "services/importing": "hostile_files of_others own_json presets round_trip unseen written_meanwhile",
    "store": (
        "column_values conformance conformance_orders conformance_questions disks faults former hostile_folder preparing "
        "processes restored snapshot_blocks strange_folders taken_back"
    ),
    "widgets": "small_dialogs",
}
"""What goes through several modules, by folder: faults, hostile values, several people at once, whole days of work."""


def _is_of_a_module(folder: str, name: str) -> bool:
    beside = [ROOT / "tuicrm" / folder, ROOT / folder]
    return any((place / f"{name}.py").exists() or (place / name / "__init__.py").exists() for place in beside)


def test_each_test_is_of_a_module_or_tells_a_story() -> None:
    told = {f"{folder}/{name}" for folder, names in STORIES.items() for name in names.split()}
    there = {
        f"{path.parent.relative_to(TESTS).as_posix().removeprefix('.')}/{path.stem.removeprefix('test_')}"
        for path in TESTS.rglob("test_*.py")
    }
    strangers = {one for one in there - told if not _is_of_a_module(*one.rsplit("/", 1))}
    assert not strangers, "of no module of that name: move it beside the source, or list it as a story"
    assert not told - there, "stories that are gone"


def test_each_story_says_what_it_tells() -> None:
    for folder, names in STORIES.items():
        for name in names.split():
            path = TESTS / folder / f"test_{name}.py"
            assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), path
