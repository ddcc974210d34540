"""What is changed of types, fields, pipelines and dictionaries."""
