"""The version of Mews, as written into what it exports."""

VERSION = "0.1.0"
