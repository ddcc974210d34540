"""Imports: files of other programs become items, in one run that is one undo.

`running.py` is the way in: files are opened and recognised (`files.py`), definitions among them prepared (`definitions.py`), then
every table is read row by row, companies before those who name them; a row is known or new (`keys.py`), its texts become keys
(`values.py`), its links refs (`linking.py`), and it is written (`writing.py`). What came of it all is in the report
(`domain/importing.py`).
"""
