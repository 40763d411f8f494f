"""The criterion language: grammar, typed tree, Kleene evaluation, explanation."""
