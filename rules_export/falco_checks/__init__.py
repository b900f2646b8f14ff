"""What Falco says of a condition before it loads a rule: errors, warnings, and which releases and plugins it needs."""
