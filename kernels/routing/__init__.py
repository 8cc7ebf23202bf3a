"""Routers: how runoff becomes discharge."""
