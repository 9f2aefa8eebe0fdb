"""What a chat model adds to a published interview: tags, a gist of each passage, the story of the job."""
