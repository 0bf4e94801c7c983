"""What a running service tells about itself: context of its log lines, tally of its work, spans."""
