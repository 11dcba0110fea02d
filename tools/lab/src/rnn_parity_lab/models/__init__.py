"""Models as people write them, in every framework, of which some fixtures are recordings."""
