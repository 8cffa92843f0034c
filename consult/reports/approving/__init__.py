"""From a frozen edition to a published one: a second director, and named readers before the day."""
