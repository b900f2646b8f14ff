"""Tables that the catalogue is made of."""
