"""Which room of Sources/ uses which, from the compiler's index: the inside of `tools/house`."""
