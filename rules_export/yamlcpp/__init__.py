"""Rules files as YAML, read as yaml-cpp reads them: bytes to tokens to nodes, with its marks and complaints."""
