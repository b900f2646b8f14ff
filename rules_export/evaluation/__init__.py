"""Would this event match?"""
