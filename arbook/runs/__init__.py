"""Real runs, from the text of a log to a forecast; `arbook.logs` is the public face."""
