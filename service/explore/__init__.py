"""One selection as lanes and as a network: what is in a picture, in which order, and where."""
