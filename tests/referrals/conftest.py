"""What tests of referrals share."""
