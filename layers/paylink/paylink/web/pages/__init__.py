"""The pages that a buyer reads: complete without scripts, in five languages, nothing in them unescaped."""
