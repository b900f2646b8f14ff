"""Notices in the app: what somebody else did that concerns a person, until they have seen it."""
