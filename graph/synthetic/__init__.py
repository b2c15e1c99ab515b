"""An invented landscape in the shape of the real one, of any size, the same for the same seed."""
