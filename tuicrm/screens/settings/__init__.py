"""How a workspace is set up: types, fields, pipelines, dictionaries, views, tabs."""
