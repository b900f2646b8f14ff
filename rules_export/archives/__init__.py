"""Archives as values: packed so that equal members give equal bytes, and unpacked with care."""
