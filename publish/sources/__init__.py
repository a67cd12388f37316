"""What the notes give a writer: works, sentences by role, figures, each word for word with where it stands."""
