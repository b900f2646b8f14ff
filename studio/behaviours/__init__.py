"""What attackers do, per ATT&CK technique, as data: clauses, sample events, look-alikes, emulation."""
