"""What a release contains beside its rules: one module for each file or format, and the reader that verifies them."""
