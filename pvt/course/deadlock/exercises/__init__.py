"""The exercises of chapter 05, one file each: an ordinary program around the learner's function,
searched."""
