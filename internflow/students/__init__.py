"""Students: their accounts and repositories, and which student this laptop belongs to."""
