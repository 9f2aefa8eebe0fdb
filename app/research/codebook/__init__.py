"""The codebook and the taggings of a study: changed by people, reviewed, compared, and grown from what nobody named."""
