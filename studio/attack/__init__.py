"""MITRE ATT&CK as tables: what adversaries do, loaded from an official bundle and read by every other room."""
