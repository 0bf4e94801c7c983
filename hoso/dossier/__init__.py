"""Procedures, owners, dossiers, components, reuse, custody and deadlines."""
