"""What rules mean, everywhere: each rule by each way in which an item comes to be, changes, moves, or is told of."""
