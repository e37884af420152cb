"""The random histories and their independent check of the gate."""
