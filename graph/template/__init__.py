"""The template: a process that holds a release and forks the workers that answer from it."""
