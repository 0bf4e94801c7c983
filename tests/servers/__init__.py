"""Real servers that tests speak to: private, on loopback, gone with the test run."""
