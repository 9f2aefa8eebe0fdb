"""The pages: server-rendered, whole without scripts, in three languages; `docs/web.md` tells how one is made."""
