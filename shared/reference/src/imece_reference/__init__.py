"""Reference data of Imece: places, items, units, sectors, groups, organisation kinds, minimum standards.

Pure standard library. Every list is read once from the CSV files of this package and never changes while a
process runs. Lists carry an edition or a status; `data/SOURCES.md` says where each one comes from.
"""
