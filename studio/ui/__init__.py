"""The shared look: request types, form renderer, template tags, middleware, error pages. Knows no other room."""
