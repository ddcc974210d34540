"""Search and likeness of a workspace folder: each index is opened when it is first asked for, and closed with the store."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tuicrm.store.follower import FollowedRecords
    from tuicrm.store.indexes import Signing, Wording
    from tuicrm.store.sign_index import FolderSignIndex
    from tuicrm.store.word_index import FolderWordIndex


class Lookups:
    """The indexes that follow the records of one store."""

    def __init__(self, records: FollowedRecords) -> None:
        self._records = records
        self._lock = threading.Lock()
        self._words: FolderWordIndex | None = None
        self._signs: FolderSignIndex | None = None

    def close(self) -> None:
        """Close the indexes that were opened."""
        for index in (self._words, self._signs):
            if index is not None:
                index.close()

    def words(self, wording: Wording) -> FolderWordIndex:
        """Search. Raises IndexTrouble."""
        from tuicrm.store.word_index import FolderWordIndex

        with self._lock:
            if self._words is None:
                self._words = FolderWordIndex(self._records, wording)
            return self._words

    def signs(self, signing: Signing) -> FolderSignIndex:
        """Likeness. Raises IndexTrouble."""
        from tuicrm.store.sign_index import FolderSignIndex

        with self._lock:
            if self._signs is None:
                self._signs = FolderSignIndex(self._records, signing)
            return self._signs

    def wrong_words(self, wording: Wording, some: int) -> Iterator[tuple[str, int]]:
        """Records of which search says something else than they do."""
        from tuicrm.store.word_index import WordFilling, wrong_rows

        return wrong_rows(self._records, WordFilling(wording), some)

    def wrong_signs(self, signing: Signing, some: int) -> Iterator[tuple[str, int]]:
        """The same of likeness."""
        from tuicrm.store.sign_index import SignFilling, wrong_rows

        return wrong_rows(self._records, SignFilling(signing), some)
