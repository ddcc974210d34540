"""Whether a workspace is as it says."""
