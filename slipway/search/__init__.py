"""The search of the application: what was asked for, which model answers, what is said when something is amiss."""
