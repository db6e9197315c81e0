"""Appointments (Terminvergabe): one calendar engine for counters, rooms and halls."""
