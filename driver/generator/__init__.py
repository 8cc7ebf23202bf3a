"""The embedded weather generator."""
