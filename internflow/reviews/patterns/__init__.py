"""Our own rules for ast-grep, one YAML file each in a folder per language, and what finds them in a text."""
