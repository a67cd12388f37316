"""What rises and falls: topics and phrases counted by day against the volume of all that came in."""
