"""From a sentence to a Query, and from a Query to hits that say why."""
