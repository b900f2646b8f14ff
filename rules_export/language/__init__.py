"""The condition language of Falco: text, tree, and back."""
