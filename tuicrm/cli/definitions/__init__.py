"""Commands for item types, their fields, pipelines, stages, dictionaries and numbers."""
