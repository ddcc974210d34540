"""Types, fields, pipelines and layouts that an import brings."""
