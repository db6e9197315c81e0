"""The notice as a letter: rendered as PDF, and checked before anyone may release it."""
