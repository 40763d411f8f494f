"""Figures as files: SVG, PNG, PDF, Vega-Lite and the table of their numbers, from one spec."""
