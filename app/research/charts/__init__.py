"""Charts as SVG and PNG: drawn by the service, readable without colours, in the light and in the dark."""
