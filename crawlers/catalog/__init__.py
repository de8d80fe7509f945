"""The sources shipped with Crowsnest, as TOML."""
