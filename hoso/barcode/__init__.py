"""Codes and their check digits, drawing and reading them, sheets and slips."""
