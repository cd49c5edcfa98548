"""What experiments are built from, one noun a file: crews of workers, pipes, crashes, ceilings, pools."""
