"""Publishing: what stands around the pages. Browser bundle, Python runtime, policy, host files."""
