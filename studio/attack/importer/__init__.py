"""From an ATT&CK release to rows: read the bytes, verify them, read the objects, replace the tables.

This package is the only place in the studio that imports mitreattack, stix2 and the embedded catalogue; all three are
slow to import, so they are imported inside the functions that need them.
"""
