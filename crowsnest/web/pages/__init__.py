"""The pages, one module each; every module adds its routes with `register(app, context, view)`."""
