"""A figure's picture: plotly's stored figure drawn as inline SVG, for pages that have no script."""
