"""Weight files as the frameworks write them, of small networks, and what the frameworks answer with them."""
