"""Verbatim for AI clients that speak the Model Context Protocol: tools that read, over HTTP and over stdio."""
