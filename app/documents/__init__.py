"""Documents from outside: what a file is, the text that it holds, and how a page of the web is fetched."""
