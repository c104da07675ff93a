"""Sets of prepared training trials, sharded on disk: built from recordings, learned from."""
