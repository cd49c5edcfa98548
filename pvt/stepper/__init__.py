"""Be the scheduler: step real Python threads, find the schedule that breaks a program, prove a
repair."""
