"""The pages: server-rendered, readable without scripts."""
