"""What a payment is: money, orders, links, offers and their rules. Standard library only."""
