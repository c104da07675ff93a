"""The same walks judged without physics and without learning."""
