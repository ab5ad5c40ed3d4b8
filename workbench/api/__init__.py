"""What programs ask about the API itself: who they are to it, and which codes there are."""
