"""Widgets for exploring by hand: one small kit that every topic's explorer is built on."""
