"""`./imece bench`: figures of one run on one machine, each beside the floor or target it is judged by."""
