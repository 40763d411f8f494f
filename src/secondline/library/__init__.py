"""The files under knowledge/ read, checked and digested into one Library object."""
