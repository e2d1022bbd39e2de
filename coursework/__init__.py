"""Graded assignments: generate what students get, and grade what they hand in."""
