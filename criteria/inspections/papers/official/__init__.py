"""The papers of inspections in the form of NĐ 30/2020/NĐ-CP, from the records.

`reading.py` reads what papers of a round are written from, `words_*.py` word each kind, `blocks.py`
puts the words into the form of a Word file, `lacking.py` says what a paper lacks.
"""
