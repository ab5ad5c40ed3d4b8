"""The API of referrals."""
