"""What valid data looks like: dataset declarations, readers, and the models of the register."""
